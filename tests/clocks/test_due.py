"""Due dates: a table counted apart from this code, hours, pauses, receipt after hours."""
# ruff: noqa: DTZ001 (times without a zone are part of what is tested)

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.engine.clocks import china_calendar, due, is_working, weekday_calendar

CN = china_calendar()
ZONE = ZoneInfo("Asia/Shanghai")

# received, working days, due, why: days of Monday to Friday that rest; weekend days that work
COUNTED_APART = [
    ("2019-01-25", 5, "2019-02-01", "Friday: only weekends between"),
    ("2019-01-31", 20, "2019-03-05", "Thursday: rest 02-04 to 02-08; work 02-02 to 02-03"),
    ("2019-04-30", 3, "2019-05-07", "Tuesday: rest 05-01 to 05-03; work 05-05"),
    ("2019-04-30", 15, "2019-05-23", "Tuesday: rest 05-01 to 05-03; work 05-05"),
    ("2019-09-27", 20, "2019-10-30", "Friday: rest 10-01 to 10-07; work 09-29, 10-12"),
    ("2019-12-25", 7, "2020-01-06", "Wednesday: rest 01-01"),
    ("2020-01-17", 15, "2020-02-14", "Friday: rest 01-24 to 01-31; work 01-19"),
    ("2020-01-23", 5, "2020-02-07", "Thursday: rest 01-24 to 01-31"),
    ("2020-01-20", 20, "2020-02-25", "Monday: rest 01-24 to 01-31"),
    ("2020-04-24", 7, "2020-05-07", "Friday: rest 05-01 to 05-05; work 04-26"),
    ("2020-09-21", 20, "2020-10-23", "Monday: rest 10-01 to 10-08; work 09-27, 10-10"),
    ("2020-06-24", 2, "2020-06-29", "Wednesday: rest 06-25 to 06-26; work 06-28"),
    ("2021-02-05", 5, "2021-02-18", "Friday: rest 02-11 to 02-17; work 02-07"),
    ("2021-02-10", 20, "2021-03-16", "Wednesday: rest 02-11 to 02-17; work 02-20"),
    ("2021-04-23", 7, "2021-05-06", "Friday: rest 05-03 to 05-05; work 04-25"),
    ("2021-09-17", 15, "2021-10-14", "Friday: rest 09-20 to 09-21, 10-01 to 10-07; work 09-18, 09-26, 10-09"),
    ("2021-09-24", 20, "2021-10-27", "Friday: rest 10-01 to 10-07; work 09-26, 10-09"),
    ("2021-12-31", 5, "2022-01-10", "Friday: rest 01-03"),
    ("2022-01-28", 20, "2022-03-02", "Friday: rest 01-31 to 02-04; work 01-29 to 01-30"),
    ("2022-01-28", 1, "2022-01-29", "Friday: work 01-29"),
    ("2022-04-01", 5, "2022-04-11", "Friday: rest 04-04 to 04-05; work 04-02"),
    ("2022-04-22", 15, "2022-05-16", "Friday: rest 05-02 to 05-04; work 04-24, 05-07"),
    ("2022-09-09", 20, "2022-10-13", "Friday: rest 09-12, 10-03 to 10-07; work 10-08 to 10-09"),
    ("2022-09-30", 7, "2022-10-14", "Friday: rest 10-03 to 10-07; work 10-08 to 10-09"),
    ("2023-01-20", 20, "2023-02-22", "Friday: rest 01-23 to 01-27; work 01-28 to 01-29"),
    ("2023-01-19", 5, "2023-01-31", "Thursday: rest 01-23 to 01-27; work 01-28 to 01-29"),
    ("2023-04-21", 5, "2023-04-27", "Friday: work 04-23"),
    ("2023-04-28", 20, "2023-05-30", "Friday: rest 05-01 to 05-03; work 05-06"),
    ("2023-06-16", 15, "2023-07-10", "Friday: rest 06-22 to 06-23; work 06-25"),
    ("2023-09-28", 7, "2023-10-13", "Thursday: rest 09-29 to 10-06; work 10-07 to 10-08"),
    ("2023-09-26", 20, "2023-10-30", "Tuesday: rest 09-29 to 10-06; work 10-07 to 10-08"),
    ("2023-12-29", 1, "2024-01-02", "Friday: rest 01-01"),
    ("2024-02-02", 20, "2024-03-06", "Friday: rest 02-12 to 02-16; work 02-04, 02-18"),
    ("2024-02-09", 7, "2024-02-26", "Friday: rest 02-12 to 02-16; work 02-18"),
    ("2024-04-03", 5, "2024-04-11", "Wednesday: rest 04-04 to 04-05; work 04-07"),
    ("2024-04-26", 5, "2024-05-07", "Friday: rest 05-01 to 05-03; work 04-28"),
    ("2024-05-06", 20, "2024-05-31", "Monday: work 05-11"),
    ("2024-09-13", 15, "2024-10-11", "Friday: rest 09-16 to 09-17, 10-01 to 10-07; work 09-14, 09-29"),
    ("2024-09-27", 20, "2024-10-30", "Friday: rest 10-01 to 10-07; work 09-29, 10-12"),
    ("2024-12-31", 1, "2025-01-02", "Tuesday: rest 01-01"),
    ("2025-01-24", 20, "2025-02-27", "Friday: rest 01-28 to 02-04; work 01-26, 02-08"),
    ("2025-01-27", 7, "2025-02-12", "Monday: rest 01-28 to 02-04; work 02-08"),
    ("2025-04-03", 1, "2025-04-07", "Thursday: rest 04-04"),
    ("2025-04-25", 5, "2025-05-06", "Friday: rest 05-01 to 05-05; work 04-27"),
    ("2025-05-30", 3, "2025-06-05", "Friday: rest 06-02"),
    ("2025-09-26", 20, "2025-10-30", "Friday: rest 10-01 to 10-08; work 09-28, 10-11"),
    ("2025-09-30", 7, "2025-10-16", "Tuesday: rest 10-01 to 10-08; work 10-11"),
    ("2025-12-31", 3, "2026-01-06", "Wednesday: rest 01-01 to 01-02; work 01-04"),
    ("2025-12-31", 20, "2026-01-29", "Wednesday: rest 01-01 to 01-02; work 01-04"),
    ("2026-01-01", 1, "2026-01-04", "Thursday: rest 01-02; work 01-04"),
    ("2026-02-09", 20, "2026-03-13", "Monday: rest 02-16 to 02-23; work 02-14, 02-28"),
    ("2026-02-13", 1, "2026-02-14", "Friday: work 02-14"),
    ("2026-02-14", 7, "2026-03-03", "Saturday: rest 02-16 to 02-23; work 02-28"),
    ("2026-02-27", 1, "2026-02-28", "Friday: work 02-28"),
    ("2026-04-03", 5, "2026-04-13", "Friday: rest 04-06"),
    ("2026-04-30", 3, "2026-05-08", "Thursday: rest 05-01 to 05-05"),
    ("2026-05-08", 1, "2026-05-09", "Friday: work 05-09"),
    ("2026-06-18", 2, "2026-06-23", "Thursday: rest 06-19"),
    ("2026-09-16", 20, "2026-10-20", "Wednesday: rest 09-25, 10-01 to 10-07; work 09-20, 10-10"),
    ("2026-09-18", 1, "2026-09-20", "Friday: work 09-20"),
    ("2026-09-24", 5, "2026-10-09", "Thursday: rest 09-25, 10-01 to 10-07"),
    ("2026-09-30", 7, "2026-10-15", "Wednesday: rest 10-01 to 10-07; work 10-10"),
    ("2026-10-09", 1, "2026-10-10", "Friday: work 10-10"),
    ("2026-11-20", 7, "2026-12-01", "Friday: only weekends between"),
    ("2026-11-23", 20, "2026-12-21", "Monday: only weekends between"),
    ("2026-03-02", 15, "2026-03-23", "Monday: only weekends between"),
    ("2026-07-01", 20, "2026-07-29", "Wednesday: only weekends between"),
    ("2026-08-14", 13, "2026-09-02", "Friday: only weekends between"),
]


@pytest.mark.parametrize(("received", "n", "expected", "why"), COUNTED_APART)
def test_working_days(received: str, n: int, expected: str, why: str) -> None:
    found = due(date.fromisoformat(received), n, "working_day", calendar=CN, zone=ZONE)
    assert found.at == date.fromisoformat(expected), why
    assert not found.provisional


# received, n, unit, pauses, after hours counts as the next day, due, why
CASES = [
    ("2026-11-20T16:30", 4, "working_hour", [], False, "2026-11-23T11:30", "one hour on Friday, three on Monday"),
    ("2026-11-23T11:00", 2, "working_hour", [], False, "2026-11-23T15:00", "noon does not count"),
    ("2026-11-23T12:30", 1, "working_hour", [], False, "2026-11-23T15:00", "received at noon: from 14:00"),
    ("2026-11-23T08:30", 3.5, "working_hour", [], False, "2026-11-23T12:00", "ends with the morning, not after noon"),
    ("2026-11-23T20:00", 7, "working_hour", [], False, "2026-11-24T17:30", "a whole office day"),
    ("2026-02-13T16:00", 8, "working_hour", [], False, "2026-02-14T17:00", "the make-up Saturday has office hours"),
    ("2026-11-23T16:06", 48, "hour", [], False, "2026-11-25T16:06", "hours of the wall"),
    ("2026-11-20T16:06", 24, "hour", [], False, "2026-11-21T16:06", "on a Saturday too"),
    ("2026-11-20T16:06", 24, "hour", [("2026-11-21", "2026-11-22")], False, "2026-11-23T16:06", "two days stopped"),
    (
        "2026-11-20T16:00",
        24,
        "hour",
        [("2026-11-20T18:00", "2026-11-20T21:30")],
        False,
        "2026-11-21T19:30",
        "stopped from moment to moment",
    ),
    (
        "2026-11-20T16:00",
        1,
        "hour",
        [("2026-11-20T10:00", "2026-11-20T12:00")],
        False,
        "2026-11-20T17:00",
        "a pause before receipt is nothing",
    ),
    ("2026-11-23T16:06", 15, "minute", [], False, "2026-11-23T16:21", "minutes"),
    ("2026-11-23T19:00", 1, "hour", [], True, "2026-11-24T09:30", "after hours: from the next opening"),
    ("2026-11-23", 10, "calendar_day", [], False, "2026-12-03", "every day counts"),
    ("2026-11-23", 10, "calendar_day", [("2026-11-25", "2026-11-27")], False, "2026-12-06", "three days stopped"),
    (
        "2026-11-23",
        10,
        "calendar_day",
        [("2026-11-25", "2026-11-27"), ("2026-11-26", "2026-11-28")],
        False,
        "2026-12-07",
        "overlapping pauses count once",
    ),
    ("2026-11-20", 7, "working_day", [("2026-11-24", "2026-11-26")], False, "2026-12-04", "three working days stopped"),
    ("2026-11-20", 7, "working_day", [("2026-11-28", "2026-11-29")], False, "2026-12-01", "a weekend stopped moves nothing"),
    ("2026-11-20", 7, "working_day", [("2026-12-01", "2026-12-01")], False, "2026-12-02", "a pause on the last day"),
    ("2026-11-20", 7, "working_day", [("2026-12-02", "2026-12-09")], False, "2026-12-01", "a pause after it is too late"),
    ("2026-11-20", 7, "working_day", [("2026-11-18", "2026-11-20")], False, "2026-12-01", "up to day zero: moves nothing"),
    ("2026-11-20T09:00", 0, "working_day", [], False, "2026-11-20", "the same day"),
    ("2026-11-21T09:00", 0, "working_day", [], False, "2026-11-21", "day zero is the day of receipt, a Saturday too"),
    ("2026-11-21T09:00", 1, "working_day", [], False, "2026-11-23", "received on Saturday"),
    ("2026-11-21T09:00", 1, "working_day", [], True, "2026-11-24", "counts as received on Monday"),
    ("2026-11-21T09:00", 0, "working_day", [], True, "2026-11-23", "counts as received on Monday, due then"),
    ("2026-11-20T17:30", 1, "working_day", [], True, "2026-11-23", "at closing time is in time"),
    ("2026-11-20T17:31", 1, "working_day", [], True, "2026-11-24", "a minute later is not"),
    ("2026-11-20T17:31", 1, "working_day", [], False, "2026-11-23", "only where the rule says so"),
    ("2026-11-20T06:00", 1, "working_day", [], True, "2026-11-23", "before opening is the same day"),
    ("2026-11-20T13:00", 1, "working_day", [], True, "2026-11-23", "noon is the same day"),
    ("2026-02-13T18:00", 1, "working_day", [], True, "2026-02-24", "the next working day is the make-up Saturday"),
    ("2026-11-20T16:30+00:00", 1, "working_day", [], False, "2026-11-23", "already Saturday here"),
    ("2026-11-19T16:30+00:00", 1, "working_day", [], False, "2026-11-23", "already Friday here"),
]


@pytest.mark.parametrize(("received", "n", "unit", "pauses", "next_day", "expected", "why"), CASES)
def test_cases(received: str, n: float, unit: str, pauses: list[tuple[str, str]], next_day: bool, expected: str, why: str) -> None:
    found = due(
        _stamp(received), n, unit, [(_stamp(a), _stamp(b)) for a, b in pauses], calendar=CN, zone=ZONE, next_day_after_hours=next_day
    )
    written = found.at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") if isinstance(found.at, datetime) else str(found.at)
    assert written == expected, why


def test_the_sum_says_why_day_by_day() -> None:
    found = due(date(2026, 2, 9), 20, "working_day", [(date(2026, 3, 3), date(2026, 3, 4))], calendar=CN, zone=ZONE)
    assert found.at == date(2026, 3, 17)
    lines = {step.date: step for step in found.why}
    assert lines[date(2026, 2, 9)].code == "received"
    assert (lines[date(2026, 2, 14)].code, lines[date(2026, 2, 14)].counted) == ("make_up_day", True)
    assert (lines[date(2026, 2, 17)].code, lines[date(2026, 2, 17)].name) == ("holiday", "spring_festival")
    assert lines[date(2026, 3, 1)].code == "weekend"
    assert lines[date(2026, 3, 4)].code == "paused"
    assert [step.total for step in found.why if step.counted] == list(range(1, 21))


def test_beyond_the_announced_years_it_is_provisional() -> None:
    found = due(date(2026, 12, 4), 20, "working_day", calendar=CN, zone=ZONE)
    assert (found.at, found.provisional) == (date(2027, 1, 4), True)
    assert {step.date for step in found.why if step.provisional} == {date(2027, 1, day) for day in (1, 2, 3, 4)}
    assert not due(date(2026, 12, 4), 40, "calendar_day", calendar=CN, zone=ZONE).provisional, "the list does not matter here"


@pytest.mark.parametrize(
    ("n", "unit", "pauses", "words"),
    [
        (5, "workday", [], "no unit"),
        (-1, "working_day", [], "from 0"),
        (2.5, "working_day", [], "whole"),
        (float("nan"), "hour", [], "from 0"),
        (True, "hour", [], "number"),
        (10**9, "working_day", [], "from 0"),
        (5, "working_day", [(date(2026, 3, 5), date(2026, 3, 4))], "before it begins"),
        (5, "hour", [(date(2026, 3, 5), date(2026, 3, 4))], "before it begins"),
        (5, "working_day", [(date(2026, 3, 5), date(9998, 12, 31))], "beyond"),
    ],
)
def test_what_means_nothing_is_refused(n: float, unit: str, pauses: list[tuple[date, date]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        due(date(2026, 3, 2), n, unit, pauses, calendar=CN, zone=ZONE)


# ---------------------------------------------------------------- properties

days = st.dates(date(2004, 1, 2), date(2026, 10, 1))
moments = st.datetimes(datetime(2019, 1, 1), datetime(2026, 11, 1)).map(lambda moment: moment.replace(second=0, microsecond=0))
limits = st.integers(0, 40)
pauses_of_days = st.lists(st.tuples(days, st.integers(0, 20)).map(lambda pair: (pair[0], pair[0] + timedelta(days=pair[1]))), max_size=3)
units = st.sampled_from(["working_day", "calendar_day", "before_leaving", "working_hour", "hour"])
QUICK = settings(max_examples=120, deadline=None)


@QUICK
@given(days, limits, pauses_of_days)
def test_the_due_day_counts_and_the_sum_adds_up(received: date, n: int, pauses: list[tuple[date, date]]) -> None:
    found = due(received, n, "working_day", pauses, calendar=CN, zone=ZONE)
    expected = [day for day in _through(received + timedelta(days=1), found.at) if is_working(CN, day) and not _in(pauses, day)]
    assert [step.date for step in found.why if step.counted] == expected
    assert len(expected) == n
    assert [step.date for step in found.why] == list(_through(received, found.at)), "every day stands in the sum once"
    assert n == 0 or expected[-1] == found.at


@QUICK
@given(moments, moments, units, limits, pauses_of_days)
def test_later_receipt_is_never_due_earlier(one: datetime, other: datetime, unit: str, n: int, pauses: list[tuple[date, date]]) -> None:
    first, last = sorted((one, other))
    assert _at(due(first, n, unit, pauses, calendar=CN, zone=ZONE).at) <= _at(due(last, n, unit, pauses, calendar=CN, zone=ZONE).at)


@QUICK
@given(moments, units, limits, limits, pauses_of_days)
def test_more_time_and_more_pauses_are_never_due_earlier(
    received: datetime, unit: str, n: int, more: int, pauses: list[tuple[date, date]]
) -> None:
    bare = _at(due(received, n, unit, calendar=CN, zone=ZONE).at)
    assert bare <= _at(due(received, n + more, unit, calendar=CN, zone=ZONE).at)
    assert bare <= _at(due(received, n, unit, pauses, calendar=CN, zone=ZONE).at)


@QUICK
@given(moments, st.integers(1, 60), st.sampled_from(["working_hour", "hour"]), pauses_of_days)
def test_hours_add_up(received: datetime, n: int, unit: str, pauses: list[tuple[date, date]]) -> None:
    found = due(received, n, unit, pauses, calendar=CN, zone=ZONE)
    counted = [step for step in found.why if step.counted]
    assert sum((step.end - step.start).total_seconds() for step in counted) == pytest.approx(n * 3600)
    assert counted[-1].end == found.at
    assert not any(_in(pauses, step.date) for step in counted)
    assert all(earlier.end <= later.start for earlier, later in pairwise(counted))


@QUICK
@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2026, 11, 1)),
    st.integers(1, 100),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Shanghai"]),
)
def test_hours_are_real_hours_where_the_clocks_change(received: datetime, n: int, name: str) -> None:
    zone = ZoneInfo(name)
    start = received.replace(tzinfo=zone)
    assert due(received, n, "hour", calendar=weekday_calendar(), zone=zone).at.timestamp() == pytest.approx(start.timestamp() + n * 3600)


@QUICK
@given(days, limits)
def test_time_of_day_does_not_matter_in_days(received: date, n: int) -> None:
    late = datetime(received.year, received.month, received.day, 23, 59)
    assert due(received, n, "working_day", calendar=CN, zone=ZONE).at == due(late, n, "working_day", calendar=CN, zone=ZONE).at


def _stamp(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _at(at: date | datetime) -> datetime:
    return at.astimezone(ZONE) if isinstance(at, datetime) else datetime(at.year, at.month, at.day, tzinfo=ZONE)


def _through(first: date, last: date) -> list[date]:
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


def _in(pauses: list[tuple[date, date]], day: date) -> bool:
    return any(first <= day <= last for first, last in pauses)
