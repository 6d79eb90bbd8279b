"""Clocks computed from their history; the dated table of limits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.engine.clocks import RULES, UNITS, ClockState, Event, Override, Rule, china_calendar, clock_state, rule_on, with_notice

CN = china_calendar()
ZONE = ZoneInfo("Asia/Shanghai")
SEVEN = Rule(code="message.complain", n=7, unit="working_day")
TWO_DAYS = Rule(code="opinion.respond", n=48, unit="hour")
TODAY = Rule(code="hotline.urgent", n=0, unit="calendar_day")
LEAVING = Rule(code="x", n=0, unit="before_leaving")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def state(rule: Rule, events: str, now: str, **more: object) -> ClockState:
    """EVENTS as "start 2026-11-20T10:00; pause …"."""
    read = [
        Event(kind=kind, at=at(moment), **more if kind == "extend" else {}) for kind, moment in (each.split() for each in events.split(";"))
    ]
    return clock_state(rule, read, at(now), CN, ZONE)


# rule, events, now, state, due, overdue, why
CASES = [
    (SEVEN, "start 2026-11-20T10:00", "2026-11-20T10:00", "running", "2026-12-01", False, "just begun"),
    (SEVEN, "start 2026-11-20T10:00", "2026-12-01T23:59", "running", "2026-12-01", False, "the due day lasts until midnight"),
    (SEVEN, "start 2026-11-20T10:00", "2026-12-02T00:01", "running", "2026-12-01", True, "a minute past it"),
    (
        SEVEN,
        "start 2026-11-20T10:00;pause 2026-11-24T09:00;resume 2026-11-26T16:00",
        "2026-11-30T09:00",
        "running",
        "2026-12-04",
        False,
        "three days",
    ),
    (
        SEVEN,
        "start 2026-11-20T10:00;pause 2026-11-24T09:00",
        "2026-11-26T09:00",
        "paused",
        "2026-12-04",
        False,
        "still paused: as if it ended today",
    ),
    (SEVEN, "start 2026-11-20T10:00;pause 2026-11-24T09:00", "2027-03-26T09:00", "paused", None, False, "never late while paused"),
    (
        SEVEN,
        "start 2026-11-20T10:00;pause 2026-12-03T09:00",
        "2026-12-09T09:00",
        "running",
        "2026-12-01",
        True,
        "a pause heals no lateness",
    ),
    (SEVEN, "start 2026-11-20T10:00;meet 2026-11-27T10:00", "2026-12-09T09:00", "met", "2026-12-01", False, "met in time"),
    (SEVEN, "start 2026-11-20T10:00;meet 2026-12-02T10:00", "2026-12-09T09:00", "met", "2026-12-01", True, "met late"),
    (SEVEN, "start 2026-11-20T10:00;cancel 2026-11-21T10:00", "2026-12-09T09:00", "cancelled", "2026-12-01", False, "no longer asked"),
    (
        SEVEN,
        "start 2026-11-20T10:00;meet 2026-12-09T10:00",
        "2026-12-02T09:00",
        "running",
        "2026-12-01",
        True,
        "what comes later is not seen",
    ),
    (
        SEVEN,
        "start 2026-11-13T10:00;meet 2026-11-16T10:00;start 2026-11-20T10:00",
        "2026-11-23T09:00",
        "running",
        "2026-12-01",
        False,
        "begun anew",
    ),
    (SEVEN, "meet 2026-11-27T10:00;start 2026-11-20T10:00", "2026-11-28T09:00", "met", "2026-12-01", False, "events in any order"),
    (TWO_DAYS, "start 2026-11-23T16:06", "2026-11-25T16:06", "running", "2026-11-25T16:06", False, "to the minute"),
    (TWO_DAYS, "start 2026-11-23T16:06", "2026-11-25T16:07", "running", "2026-11-25T16:06", True, "past it"),
    (
        TWO_DAYS,
        "start 2026-11-23T16:00;pause 2026-11-23T18:00;resume 2026-11-23T21:00",
        "2026-11-24T00:00",
        "running",
        "2026-11-25T19:00",
        False,
        "three hours",
    ),
]


@pytest.mark.parametrize(("rule", "events", "now", "named", "expected", "late", "why"), CASES)
def test_clocks(rule: Rule, events: str, now: str, named: str, expected: str | None, late: bool, why: str) -> None:
    found = state(rule, events, now)
    assert (found.state, found.is_overdue, found.paused) == (named, late, named == "paused"), why
    if expected:
        assert found.due == (at(expected) if "T" in expected else date.fromisoformat(expected)), why
    assert (found.late > timedelta(0)) == late


def test_what_is_left_and_when_to_warn() -> None:
    assert state(SEVEN, "start 2026-11-20T10:00", "2026-11-22T10:00").fraction_left == 1, "a weekend uses nothing up"
    assert state(SEVEN, "start 2026-11-20T10:00", "2026-11-23T12:00").fraction_left == pytest.approx(6.5 / 7)
    assert state(SEVEN, "start 2026-11-20T10:00", "2026-12-05T12:00").fraction_left == 0
    assert state(TWO_DAYS, "start 2026-11-23T16:00", "2026-11-24T16:00").fraction_left == 0.5
    assert state(TWO_DAYS, "start 2026-11-23T16:00", "2026-11-24T16:00").warn_at == at("2026-11-25T04:00")
    warned = state(SEVEN, "start 2026-11-20T10:00", "2026-11-23T12:00").warn_at
    assert warned == at("2026-11-30T06:00"), "a quarter of seven days is 1.75 before midnight of 12-01"
    paused = state(SEVEN, "start 2026-11-20T10:00;pause 2026-11-24T09:00", "2026-11-27T09:00")
    assert (paused.warn_at, paused.fraction_left) == (None, pytest.approx(6 / 7))


def test_what_is_due_the_same_day_is_warned_of_too() -> None:
    today = state(TODAY, "start 2026-11-23T12:00", "2026-11-23T18:00")
    assert (today.fraction_left, today.warn_at) == (0.5, at("2026-11-23T21:00"))
    leaving = state(LEAVING, "start 2026-11-23T15:30", "2026-11-23T17:31")
    assert (leaving.warn_at, leaving.is_overdue, leaving.late) == (at("2026-11-23T17:00"), True, timedelta(minutes=1))
    late = state(LEAVING, "start 2026-11-20T18:00", "2026-11-23T09:00")
    assert (late.due, late.is_overdue) == (at("2026-11-23T17:30"), False)


def test_extension_by_the_rules_unit_and_to_a_day() -> None:
    events = "start 2026-11-20T10:00;extend 2026-11-25T10:00"
    assert state(SEVEN, events, "2026-11-26T09:00", n=3).due == date(2026, 12, 4)
    to_a_day = state(SEVEN, events, "2026-11-26T09:00", until=date(2026, 12, 18))
    assert (to_a_day.due, to_a_day.why[-1].code, to_a_day.is_overdue) == (date(2026, 12, 18), "extended_to", False)
    assert 0 < to_a_day.fraction_left < 1
    assert state(SEVEN, events, "2026-12-18T09:00", until=date(2026, 12, 18)).fraction_left > 0
    assert state(SEVEN, events, "2026-11-24T09:00", n=3).due == date(2026, 12, 1), "not yet extended then"


def test_a_new_notice_moves_a_clock_that_runs() -> None:
    rule, start = Rule(code="disclosure.answer", n=20, unit="working_day"), [Event(kind="start", at=at("2026-12-04T10:00"))]
    before = clock_state(rule, start, at("2026-12-05T10:00"), CN, ZONE)
    notice = {date(2027, 1, day): Override(False, "new_year", "a notice") for day in (1, 2, 3, 4)}
    after = clock_state(rule, start, at("2026-12-05T10:00"), with_notice(CN, 2027, notice), ZONE)
    assert (before.due, before.provisional, after.due, after.provisional) == (date(2027, 1, 4), True, date(2027, 1, 5), False)


@pytest.mark.parametrize("events", ["meet 2026-11-20T10:00", "start 2026-11-20T10:00;resume 2026-11-21T10:00", "start 2026-11-28T10:00",
                                    "start 2026-11-20T10:00;pause 2026-11-21T10:00;pause 2026-11-22T10:00"])  # fmt: skip
def test_impossible_histories_are_refused(events: str) -> None:
    with pytest.raises(ValueError, match="clock"):
        state(SEVEN, events, "2026-11-23T10:00")


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 60 * 24 * 30),
    st.integers(0, 60 * 24 * 30),
    st.sampled_from([SEVEN, TWO_DAYS, Rule(code="x", n=9, unit="working_hour"), TODAY, LEAVING]),
)
def test_time_only_uses_up_and_lateness_agrees_with_what_is_left(one: int, other: int, rule: Rule) -> None:
    start = at("2026-09-16T10:00")
    seen = [clock_state(rule, [Event(kind="start", at=start)], start + timedelta(minutes=each), CN, ZONE) for each in sorted((one, other))]
    assert seen[0].fraction_left >= seen[1].fraction_left
    for found, minutes in zip(seen, sorted((one, other)), strict=True):
        assert 0 <= found.fraction_left <= 1
        assert not found.is_overdue or found.fraction_left == 0
        warned = found.warn_at is not None and start + timedelta(minutes=minutes) >= found.warn_at
        assert warned == (found.fraction_left <= rule.warn + 1e-4) or abs(found.fraction_left - rule.warn) < 1e-4


def test_limits_have_dates() -> None:
    assert (rule_on("disclosure.answer", date(2019, 5, 14)).n, rule_on("disclosure.answer", date(2019, 5, 15)).n) == (15, 20)
    assert (rule_on("opinion.respond", date(2026, 11, 23)).n, rule_on("opinion.conference", date(2026, 11, 23)).n) == (48, 24)
    with pytest.raises(LookupError, match="2008-05-01"):
        rule_on("disclosure.answer", date(2007, 1, 1))
    with pytest.raises(LookupError, match="none"):
        rule_on("no.such", date(2007, 1, 1))


def test_limits_are_well_formed() -> None:
    for rule in RULES:
        assert rule.unit in UNITS
        assert rule.source
        assert rule.source == "local" or rule.since
        overlapping = [each for each in RULES if each.code == rule.code and each != rule and _overlap(each, rule)]
        assert not overlapping, rule.code


def _overlap(one: Rule, other: Rule) -> bool:
    return (one.since or date.min) <= (other.until or date.max) and (other.since or date.min) <= (one.until or date.max)
