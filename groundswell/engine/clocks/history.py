"""How a clock stands, computed from what happened to it.

Nothing is added up and kept, so that a changed rule or calendar gives one right answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from groundswell.engine.clocks.due import DAYS, LEAVING, Due, Interval, Pause, Step, due, local_day, moment_of
from groundswell.engine.clocks.rules import Rule
from groundswell.engine.clocks.working_days import Calendar

EventKind = Literal["start", "pause", "resume", "extend", "meet", "cancel"]
DAY = timedelta(days=1)


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened to a clock."""

    kind: EventKind
    at: datetime
    n: float = 0  # extend: by so much of the rule's unit
    until: datetime | date | None = None  # extend: or to this day or moment, whatever the sum says
    note: str = ""  # why, for the sum on the screen


class ClockState(Struct, frozen=True, kw_only=True):
    """A clock at one moment."""

    state: Literal["running", "paused", "met", "cancelled"]
    started_at: datetime
    due: datetime | date  # while paused: as it would be if the pause ended now
    ends_at: datetime  # the moment after which it is late: a due day's end in the body's zone, in UTC
    provisional: bool
    paused: bool
    met_at: datetime | None
    is_overdue: bool  # late and not met, or met late; never once cancelled in time
    fraction_left: float  # 1 at the start, 0 when due, in counted time; where it was met or cancelled, as it stood then
    warn_at: datetime | None  # when only the rule's ``warn`` part is left; None while it stands paused before that
    late: timedelta  # wall time past ``ends_at``; zero in time
    why: tuple[Step, ...]


class _Course(Struct, frozen=True, kw_only=True):
    """The events of the last start, sorted out."""

    started_at: datetime
    pauses: tuple[tuple[datetime, datetime | None], ...]  # the last may be open
    added: float
    until: datetime | date | None
    met_at: datetime | None
    cancelled_at: datetime | None


def clock_state(rule: Rule, events: Sequence[Event], now: datetime, calendar: Calendar, zone: ZoneInfo) -> ClockState:
    """The clock of RULE after EVENTS, in any order, as it stands at NOW; what happens later than NOW is not seen.

    The last start counts: it begins the limit anew. A resume's day is the last day of its pause (days), a pause is exact where
    hours count. Raises ValueError where there is no start, or an event cannot follow the one before it.
    """
    course = _course([event for event in events if event.at <= now])
    stopped_at = course.met_at or course.cancelled_at
    seen = min(stopped_at or now, now)
    paused = bool(course.pauses) and course.pauses[-1][1] is None and stopped_at is None
    found = _due_of(rule, course, seen, calendar, zone)
    ends_at = _end_of(found.at, zone)
    if paused and course.pauses[-1][0] > ends_at:
        paused = False  # it was late before it was paused
    late_at = course.pauses[-1][0] if paused else seen
    spans = _counted_spans(found.why, rule.unit, ends_at, zone) or [(min(course.started_at, ends_at), ends_at)]  # the same day
    return ClockState(
        state="met" if course.met_at else "cancelled" if course.cancelled_at else "paused" if paused else "running",
        started_at=course.started_at,
        due=found.at,
        ends_at=ends_at,
        provisional=found.provisional,
        paused=paused,
        met_at=course.met_at,
        is_overdue=late_at > ends_at,
        fraction_left=_fraction_left(spans, seen, ends_at),
        warn_at=None if paused else _warn_at(rule, spans, ends_at),
        late=max(timedelta(0), late_at - ends_at),
        why=found.why,
    )


# ---------------------------------------------------------------- what happened


def _course(events: Sequence[Event]) -> _Course:
    """EVENTS from the last start on, each against the one before it. Raises ValueError."""
    ordered = sorted(events, key=lambda event: event.at)
    starts = [at for at, event in enumerate(ordered) if event.kind == "start"]
    if not starts:
        raise ValueError("The clock never started: its history holds no start before this moment.")
    begin = ordered[starts[-1]]
    pauses: list[tuple[datetime, datetime | None]] = []
    added, until = 0.0, None
    ended: dict[str, datetime] = {}
    for event in ordered[starts[-1] + 1 :]:
        is_open = bool(pauses) and pauses[-1][1] is None
        if event.kind in ("pause", "resume") and is_open == (event.kind == "pause"):
            raise ValueError(f"A {event.kind} at {event.at.isoformat()} cannot follow: the clock was {'paused' if is_open else 'running'}.")
        if event.kind == "pause":
            pauses.append((event.at, None))
        elif event.kind == "resume":
            pauses[-1] = (pauses[-1][0], event.at)
        elif event.kind == "extend":
            added, until = added + event.n, event.until or until
        else:
            ended.setdefault(event.kind, event.at)
    met_at, cancelled_at = ended.get("meet"), ended.get("cancel")
    if met_at and cancelled_at:  # the first one ends it
        met_at, cancelled_at = (met_at, None) if met_at <= cancelled_at else (None, cancelled_at)
    return _Course(started_at=begin.at, pauses=tuple(pauses), added=added, until=until, met_at=met_at, cancelled_at=cancelled_at)


def _due_of(rule: Rule, course: _Course, seen: datetime, calendar: Calendar, zone: ZoneInfo) -> Due:
    pauses: list[Pause] = [(first, last or max(first, seen)) for first, last in course.pauses if first <= seen]
    n = rule.n + course.added
    found = due(course.started_at, n, rule.unit, pauses, calendar=calendar, zone=zone, next_day_after_hours=rule.next_day_after_hours)
    if course.until is None:
        return found
    last = Step(date=local_day(course.until, zone), counted=False, code="extended_to")
    return Due(at=course.until, provisional=False, why=(*found.why, last))


# ---------------------------------------------------------------- how much is left


def _end_of(at: datetime | date, zone: ZoneInfo) -> datetime:
    """The moment after which something due AT is late: a day lasts until midnight."""
    return moment_of(at if isinstance(at, datetime) else at + DAY, zone)


def _fraction_left(spans: Sequence[Interval], seen: datetime, ends_at: datetime) -> float:
    whole = sum((last - first).total_seconds() for first, last in spans)
    left = sum((last - max(first, seen)).total_seconds() for first, last in spans if last > seen)
    return round(left / whole, 6) if whole else float(seen < ends_at)


def _warn_at(rule: Rule, spans: Sequence[Interval], ends_at: datetime) -> datetime:
    """The moment when ``rule.warn`` of the counted time is left, walking back from the end."""
    wanted = rule.warn * sum((last - first).total_seconds() for first, last in spans)
    for first, last in reversed(spans):
        length = (last - first).total_seconds()
        if length >= wanted:
            return last - timedelta(seconds=round(wanted))
        wanted -= length
    return ends_at


def _counted_spans(why: Sequence[Step], unit: str, ends_at: datetime, zone: ZoneInfo) -> list[Interval]:
    """The counted time, in order: whole days, or spans of hours; after an extension to a day, wall time to its end as well."""
    if unit in (*DAYS, LEAVING):
        days = [step.date for step in why if step.counted]
        spans = [(_midnight(day, zone), min(_midnight(day + DAY, zone), ends_at)) for day in days]
    else:
        spans = [(step.start, step.end) for step in why if step.counted and step.start and step.end]
    if why[-1].code == "extended_to":
        spans = [(first, min(last, ends_at)) for first, last in spans if first < ends_at]
        reached = spans[-1][1] if spans else ends_at
        spans += [(reached, ends_at)] if reached < ends_at else []
    return spans


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
