"""A few seconds of what ``make fuzz`` does for hours, always with the same cases; and cases that were bad once."""

from __future__ import annotations

import time

import pytest

from groundswell.engine.read import read_page
from tools.fuzz import case, run, targets

TARGETS = targets()
ONCE_BAD = [("pages", 314), ("pages", 589), ("pages", 758), ("dates", 45132), ("feeds", 16955), ("feeds", 10010790), ("feeds", 20005243), ("texts", 10000562), ("pages", 10082041), ("pages", 60005730), ("pages", 80022221), ("pages", 70047474), ("pages", 57333)]  # fmt: skip

LONG = {  # would take minutes, did anything take the square of the length
    "drawings that are not closed": "<svg " * 300_000,
    "comments that are not closed": "<code><!--" * 200_000,
    "hidden parts between words": "<p>" + "<iframe></iframe>x" * 250_000,
    "lines beside an endless title": "<title>" + "标题很长" * 500_000 + "</title>" + "<p>别的一行字在这里</p>" * 19_000,
    "blocks in deep frames": "<div>" * 250 + "<p>一行字在这里。</p>" * 20_000,
    "links in deep frames": "<div><p>字</p>" * 250 + "<a href=/x>ab</a>" * 9_000,
    "links side by side": "".join(f'<a href="/x{number}">标题标题标题{number}</a><br>' for number in range(4_000)),
}


@pytest.mark.parametrize("name", TARGETS)
def test_broken_input_raises_only_what_is_said(name: str) -> None:
    assert run(name, TARGETS[name], seconds=20, most=60) > 0


@pytest.mark.parametrize(("name", "number"), ONCE_BAD)
def test_once_bad(name: str, number: int) -> None:
    case(TARGETS[name], number)


@pytest.mark.parametrize("name", LONG)
def test_long_pages_take_no_square(name: str) -> None:
    body = LONG[name].encode()
    began = time.process_time()
    read_page(body, url="http://a.example/x")
    assert time.process_time() - began < 10
