"""What is asked twice on one page is read once; what is done in between is never missed."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from groundswell.desk.spine.once import PageMemory, once_a_page


@pytest.mark.parametrize(("method", "asked"), [("get", 3), ("head", 3), ("post", 4)])
def test_once_a_page_and_only_while_reading(method: str, asked: int) -> None:
    answers: list[int] = []

    @once_a_page
    def question(n: int, *, whole: bool = False) -> int:
        answers.append(n)
        return n + whole

    def page(request: Any) -> HttpResponse:
        assert [question(1), question(1), question(2), question(1, whole=True)] == [1, 1, 2, 2]
        return HttpResponse()

    PageMemory(page)(getattr(RequestFactory(), method)("/desk/"))
    assert len(answers) == asked
    PageMemory(page)(getattr(RequestFactory(), method)("/desk/"))  # the next page asks anew
    assert len(answers) == 2 * asked
    question(1)
    question(1)  # a job of the worker is no page
    assert len(answers) == 2 * asked + 2


def test_a_page_that_fails_leaves_nothing_behind() -> None:
    answers: list[int] = []

    @once_a_page
    def question() -> None:
        answers.append(1)

    def page(request: Any) -> HttpResponse:
        question()
        raise ValueError

    with pytest.raises(ValueError):
        PageMemory(page)(RequestFactory().get("/desk/"))
    question()
    assert len(answers) == 2
