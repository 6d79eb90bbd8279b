"""Adaptive polling, back-off, the budget of a host, and the alarm for silence, each as a table with its reason."""

from __future__ import annotations

import os
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.collect.budget import MemoryBudget
from groundswell.collect.schedule import next_interval

from .conftest import NOON

MINUTES = timedelta(minutes=1)
BOUNDS = {"minimum": 5 * MINUTES, "maximum": 1440 * MINUTES, "usual": 60 * MINUTES}


@pytest.mark.parametrize(
    ("yielded", "duplicates", "minutes", "reason"),
    [
        (20, 0, 15, "the whole window is new: entries were missed"),
        (1, 0, 60, "one entry in all says nothing"),
        (12, 8, 30, "more than half is new: too slow"),
        (5, 15, 60, "a quarter is new: right"),
        (2, 18, 60, "a tenth is new: right"),
        (1, 19, 75, "nearly all is old: a little slower"),
        (0, 20, 84, "all is old"),
        (0, 0, 90, "not changed at all"),
    ],
)
def test_the_interval_follows_the_share_of_known_entries(yielded: int, duplicates: int, minutes: int, reason: str) -> None:
    assert next_interval(60 * MINUTES, yielded=yielded, duplicates=duplicates, failures=0, **BOUNDS) == minutes * MINUTES, reason


@pytest.mark.parametrize(("failures", "minutes"), [(1, 60), (4, 60), (5, 80), (6, 160), (9, 1280), (10, 1440), (40, 1440)])
def test_failures_lengthen_the_wait_and_never_shorten_it(failures: int, minutes: int) -> None:
    assert next_interval(60 * MINUTES, yielded=0, duplicates=0, failures=failures, **BOUNDS) == minutes * MINUTES


def test_a_new_source_starts_with_the_usual_interval() -> None:
    assert next_interval(timedelta(0), yielded=9, duplicates=0, failures=0, **BOUNDS) == 60 * MINUTES


@given(st.integers(0, 10**6), st.integers(0, 500), st.integers(0, 500), st.integers(0, 100))
def test_the_interval_stays_within_its_bounds(seconds: int, yielded: int, duplicates: int, failures: int) -> None:
    got = next_interval(timedelta(seconds=seconds), yielded=yielded, duplicates=duplicates, failures=failures, **BOUNDS)
    assert BOUNDS["minimum"] <= got <= BOUNDS["maximum"]


def test_it_settles_where_a_part_of_the_window_is_new() -> None:
    """A feed of 20 entries with one new entry every 10 minutes: asked every 20 to 150 minutes in the end."""
    interval = timedelta(0)
    for _ in range(50):
        new = min(int(interval / (10 * MINUTES)), 20)
        interval = next_interval(interval, yielded=new, duplicates=20 - new, failures=0, **BOUNDS)
    assert 20 * MINUTES <= interval <= 150 * MINUTES


def test_turns_at_a_host_come_one_after_another() -> None:
    budget = MemoryBudget(horizon=timedelta(seconds=30))
    delay = timedelta(seconds=10)

    def turn(host: str, now: datetime = NOON) -> float | None:
        begins = budget.reserve(host, delay, now)
        return None if begins is None else (begins - NOON).total_seconds()

    assert [turn("a:80") for _ in range(5)] == [0, 10, 20, 30, None]
    assert turn("a:80") is None, "a turn that was refused is not taken"
    assert turn("a:443") == 0, "ports have budgets of their own"
    assert turn("a:80", NOON + timedelta(seconds=60)) == 60


def test_a_hold_keeps_everybody_away_and_is_never_shortened() -> None:
    budget = MemoryBudget(horizon=timedelta(hours=2))
    budget.hold("a:80", NOON + timedelta(hours=1))
    budget.hold("a:80", NOON + timedelta(minutes=1))
    assert budget.reserve("a:80", timedelta(0), NOON) == NOON + timedelta(hours=1)


class YieldingDict(dict[str, datetime]):
    """Lets the other threads run between reading and writing, so that a missing lock shows."""

    def get(self, key: str, default: Any = None) -> Any:
        value = super().get(key, default)
        os.sched_yield()
        return value


def test_no_two_threads_get_the_same_turn() -> None:
    budget = MemoryBudget(horizon=timedelta(days=1))
    budget.free_at = YieldingDict()
    turns: list[datetime | None] = []

    def work() -> None:
        for _ in range(200):
            turns.append(budget.reserve("a:80", timedelta(seconds=1), NOON))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(turns)) == len(turns) == 1600
