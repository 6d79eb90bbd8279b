"""A few seconds of what ``make fuzz`` does for hours, always with the same cases; and cases that were bad once."""

from __future__ import annotations

import pytest

from tools.fuzz import case, run, targets

TARGETS = targets()
ONCE_BAD = [("pages", 314), ("pages", 589), ("pages", 758), ("dates", 45132), ("feeds", 16955), ("feeds", 10010790), ("feeds", 20005243), ("texts", 10000562)]


@pytest.mark.parametrize("name", TARGETS)
def test_broken_input_raises_only_what_is_said(name: str) -> None:
    assert run(name, TARGETS[name], seconds=20, most=60) > 0


@pytest.mark.parametrize(("name", "number"), ONCE_BAD)
def test_once_bad(name: str, number: int) -> None:
    case(TARGETS[name], number)
