"""Silence against a source's own rhythm: a table of pauses, each with the reason why it is one or none."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.collect.silence import is_silent, missed, rhythm_of, shares

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = date(2026, 10, 26)  # a Monday; four weeks to Sunday 22 November
DAYS = 28
LEAST = timedelta(hours=12)
OFFICE = (9, 10, 11, 14, 15, 16, 17)
EVENING = (19, 20, 21, 22)


def is_off(day: date) -> bool:
    return day.weekday() >= 5


def hours(per_day: list[int], at: tuple[int, ...]) -> dict[datetime, int]:
    """Items of each day, dealt out over the hours AT."""
    found: dict[datetime, int] = {}
    for n, count in enumerate(per_day):
        for k in range(count):
            hour = datetime.combine(FIRST + timedelta(days=n), datetime.min.time()) + timedelta(hours=at[k % len(at)])
            found[hour] = found.get(hour, 0) + 1
    return found


def local(day: int, hour: int) -> datetime:
    """A moment of November 2026."""
    return datetime(2026, 11, day, hour, tzinfo=ZONE)


WEEK = [5, 4, 6, 5, 5, 0, 0]
WHOLE_DAY = tuple(range(0, 24, 2))


@pytest.mark.parametrize(
    ("counts", "at", "last", "now", "silent", "reason"),
    [
        ([5] * 28, OFFICE, local(22, 17), local(23, 4), False, "under the least of hours"),
        ([5] * 28, OFFICE, local(22, 17), local(23, 8), False, "a night, as every night"),
        ([5] * 28, OFFICE, local(22, 9), local(22, 22), True, "a whole working day missing, and nothing comes at night anyway"),
        ([60] * 28, WHOLE_DAY, local(22, 20), local(23, 9), True, "comes at all hours: thirty missing"),
        ([1] * 28, OFFICE, local(22, 9), local(23, 15), False, "one a day may be late"),
        ([1] * 28, OFFICE, local(18, 9), local(23, 9), True, "one a day, five days missing"),
        (WEEK * 4, OFFICE, local(20, 17), local(23, 10), False, "a weekend like every weekend"),
        (WEEK * 4, OFFICE, local(20, 17), local(24, 10), True, "a weekend and a Monday"),
        ([0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0], OFFICE, local(11, 9), local(22, 9), False, "seldom writes"),
        ([0, 1, 0, 1, 0, 0, 1] * 4, OFFICE, local(22, 9), local(29, 9), False, "three a week, a week missing"),
        ([0, 1, 0, 1, 0, 0, 1] * 4, OFFICE, local(20, 9), local(30, 9), True, "three a week, ten days missing"),
        ([8, 8, 8, 0, 0, 0, 0] * 4, OFFICE, local(18, 17), local(23, 12), False, "writes in bursts: longer pauses were seen"),
        ([9, 9], OFFICE, local(1, 9), local(23, 9), False, "too little history"),
        ([0] * 28, OFFICE, local(1, 9), local(23, 9), False, "never yielded"),
        ([5] * 20 + [0] * 8, OFFICE, local(14, 17), local(23, 9), True, "the silence itself is not counted as its habit"),
        ([20] * 28, EVENING, local(22, 22), local(23, 18), False, "an evening source by day"),
        ([20] * 28, EVENING, local(21, 22), local(22, 23), True, "an evening source that missed its evening"),
    ],
)
def test_silence(counts: list[int], at: tuple[int, ...], last: datetime, now: datetime, silent: bool, reason: str) -> None:
    rhythm = rhythm_of(hours(counts, at), FIRST, DAYS, is_off)
    assert is_silent(rhythm, last, now, ZONE, is_off, least=LEAST) is silent, reason


def test_a_source_that_never_yielded_is_not_silent() -> None:
    rhythm = rhythm_of(hours([5] * 28, OFFICE), FIRST, DAYS, is_off)
    assert not is_silent(rhythm, None, local(23, 9), ZONE, is_off, least=LEAST)


def test_a_week_misses_what_a_week_brings() -> None:
    rhythm = rhythm_of(hours(WEEK * 4, OFFICE), FIRST, DAYS, is_off)
    assert rhythm is not None
    assert missed(rhythm, local(9, 0), local(16, 0), ZONE, is_off) == pytest.approx(sum(WEEK), rel=0.02)
    assert missed(rhythm, local(14, 0), local(16, 0), ZONE, is_off) == 0  # a weekend


@given(st.lists(st.integers(0, 500), min_size=24, max_size=24))
def test_the_shares_of_a_day_are_a_whole(by_hour: list[int]) -> None:
    assert sum(shares(by_hour)) == pytest.approx(1)
    assert min(shares(by_hour)) > 0
