"""Three people and an issue of the daily brief, for the tests of bulletins' screens. Django is imported late: it is not set up yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from groundswell.desk.accounts.models import User
    from groundswell.desk.bulletins.models import Issue, IssueItem

    Person = Callable[..., User]


@pytest.fixture
def edits(person: Person) -> User:
    return person("editor", name="李敏", name_en="Li Min")


@pytest.fixture
def reviews(person: Person) -> User:
    return person("editor", name="周建国", name_en="Zhou Jianguo")


@pytest.fixture
def signs(person: Person) -> User:
    return person("leader", name="刘明", name_en="Liu Ming")


@pytest.fixture
def issue(edits: User) -> Issue:
    """The daily brief of today with one piece about the water."""
    from groundswell.desk.bulletins.models import Issue, Series
    from groundswell.desk.spine.actions import found, perform
    from groundswell.desk.spine.ports import today
    from tests.desk.county import water_story

    made = found("issue.open", edits, {"series": Series.objects.get(pk="brief"), "day": today()})
    perform("issue.pick", edits, made, {"story": water_story()})
    return Issue.objects.get(pk=made.pk)


@pytest.fixture
def piece(issue: Issue) -> IssueItem:
    return issue.pieces.get()
