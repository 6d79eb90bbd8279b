"""When something is due, and the sum that leads there: day by day, or span by span where hours count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from groundswell.engine.clocks.working_days import LAST_YEAR, LONGEST_REST, Calendar, day_of, next_working_day

Pause: TypeAlias = tuple[date | datetime, date | datetime]
Interval: TypeAlias = tuple[datetime, datetime]

DAYS = ("working_day", "calendar_day")
LEAVING = "before_leaving"  # working days, but due when the office closes
SECONDS = {"working_hour": 3600, "hour": 3600, "minute": 60}  # of the units that count time
UNITS = (*DAYS, LEAVING, *SECONDS)
DAY_ZERO = ("received", "counts_as_received")
MOST = 100_000  # of any unit; more is a slip of the pen
ONE_DAY = timedelta(days=1)


class Step(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the sum: a day, or in units of hours a span of one."""

    date: date  # in the body's zone
    counted: bool
    code: str  # received | after_hours | counts_as_received | working_day | make_up_day | weekend | holiday | paused | calendar_day | hours
    name: str = ""  # which holiday, or whose make-up day
    total: float = 0  # of the unit, this line included
    provisional: bool = False
    start: datetime | None = None  # only where hours count, UTC
    end: datetime | None = None


class Due(Struct, frozen=True, kw_only=True):
    """A due date (units of days) or moment (units of hours, before leaving work), with its sum."""

    at: datetime | date
    provisional: bool  # a day in the sum lies in a year whose list was not announced
    why: tuple[Step, ...]


def due(
    received: datetime | date,
    n: float,
    unit: str,
    pauses: Sequence[Pause] = (),
    *,
    calendar: Calendar,
    zone: ZoneInfo,
    next_day_after_hours: bool = False,
) -> Due:
    """N of UNIT after RECEIVED, with the sum.

    The day of receipt is day zero. A pause stops the clock from its first to its last day, both not counted; where hours
    count and the pause has times, from moment to moment. Times without a zone are in ZONE. With ``next_day_after_hours``,
    receipt after the office closed or on a day of rest counts as receipt on the next working day, at its opening. Before leaving work
    (下班前) is the closing of the office on the Nth working day; receipt after hours always counts as the next working day there.
    Raises ValueError where the unit is unknown, N is none, or a pause ends before it begins.
    """
    check(n, unit)
    if unit in DAYS:
        return _last_of(day_steps(received, unit, pauses, calendar, zone, next_day_after_hours), n)
    if unit == LEAVING:
        found = _last_of(day_steps(received, "working_day", pauses, calendar, zone, next_day_after_hours=True), n)
        return replace(found, at=_office_span(local_day(found.at, zone), calendar.office[-1], zone)[1])
    return _moment_of(hour_steps(received, unit, pauses, calendar, zone, next_day_after_hours), n, unit)


def check(n: float, unit: str) -> None:
    """Raises ValueError where N of UNIT means nothing."""
    if unit not in UNITS:
        raise ValueError(f"“{unit}” is no unit of time limits. Use one of: {', '.join(UNITS)}.")
    if isinstance(n, bool) or not isinstance(n, int | float) or not 0 <= n <= MOST:
        raise ValueError(f"n is {n!r}; it must be a number from 0 to {MOST:,}.")
    if unit in (*DAYS, LEAVING) and n != int(n):
        raise ValueError(f"n is {n!r}; days are counted whole.")


# ---------------------------------------------------------------- days


def day_steps(
    received: datetime | date, unit: str, pauses: Sequence[Pause], calendar: Calendar, zone: ZoneInfo, next_day_after_hours: bool = False
) -> Iterator[Step]:
    """Day zero and every day after it, without end; ``total`` says which day of the limit it is."""
    spans = [_days_of(pause, zone) for pause in pauses]
    day = local_day(received, zone)
    opening = _next_opening(received, calendar, zone) if next_day_after_hours else None
    if opening is None:
        yield Step(date=day, counted=False, code="received")
    else:
        yield Step(date=day, counted=False, code="after_hours", provisional=day_of(calendar, day).provisional)
        while (day := day + ONE_DAY) < opening.date():
            yield _day_step(day, "working_day", (), calendar, 0)
        yield Step(date=day, counted=False, code="counts_as_received", provisional=day_of(calendar, day).provisional)
    total, rested = 0, 0
    while rested < LONGEST_REST:
        day = _morrow(day)
        step = _day_step(day, unit, spans, calendar, total)
        total += step.counted
        rested = 0 if step.counted or step.code == "paused" else rested + 1
        yield step
    raise ValueError(f"The calendar has no working day for more than a year before {day}. Check its weekdays.")


def _day_step(day: date, unit: str, spans: Iterable[tuple[date, date]], calendar: Calendar, total: int) -> Step:
    if any(first <= day <= last for first, last in spans):
        return Step(date=day, counted=False, code="paused", total=total)
    if unit == "calendar_day":
        return Step(date=day, counted=True, code="calendar_day", total=total + 1)
    found = day_of(calendar, day)
    counts = found.is_working
    return Step(date=day, counted=counts, code=found.code, name=found.name, total=total + counts, provisional=found.provisional)


def _last_of(steps: Iterator[Step], n: float) -> Due:
    why: list[Step] = []
    running = False
    for step in steps:
        why.append(step)
        running = running or step.code in DAY_ZERO
        if running and step.total >= n:
            break
    return Due(at=why[-1].date, provisional=any(step.provisional for step in why), why=tuple(why))


# ---------------------------------------------------------------- hours


def hour_steps(
    received: datetime | date, unit: str, pauses: Sequence[Pause], calendar: Calendar, zone: ZoneInfo, next_day_after_hours: bool = False
) -> Iterator[Step]:
    """The spans in which the clock ran or stood, from RECEIVED on, without end; ``total`` in UNIT."""
    begin = moment_of(received, zone)
    stopped = [_interval_of(pause, zone) for pause in pauses]
    opening = _next_opening(received, calendar, zone) if next_day_after_hours else None
    if opening is not None:
        provisional = any(day_of(calendar, each).provisional for each in (local_day(received, zone), opening.date()))
        yield Step(date=local_day(received, zone), counted=False, code="after_hours", provisional=provisional)
        begin = opening.astimezone(UTC)
    day, total, rested = local_day(begin, zone), 0.0, 0
    while rested < LONGEST_REST:
        for step in _spans_of(day, unit, begin, stopped, calendar, zone):
            if step.counted and step.start and step.end:
                total += (step.end - step.start).total_seconds() / SECONDS[unit]
            rested = 0 if step.counted or step.code == "paused" else rested + 1
            yield replace(step, total=total)
        day = _morrow(day)
    raise ValueError(f"The calendar has no working day for more than a year before {day}. Check its weekdays.")


def _spans_of(day: date, unit: str, begin: datetime, stopped: Sequence[Interval], calendar: Calendar, zone: ZoneInfo) -> Iterator[Step]:
    """What of DAY lies after BEGIN: spans that count, spans that are paused, or one line that says why nothing counts."""
    office, provisional = [(0, 24 * 60)], False
    if unit == "working_hour":
        found = day_of(calendar, day)
        provisional = found.provisional
        if not found.is_working:
            yield Step(date=day, counted=False, code=found.code, name=found.name, provisional=provisional)
            return
        office = list(calendar.office)
    spans = [(max(first, begin), last) for first, last in (_office_span(day, each, zone) for each in office) if last > begin]
    if not spans:
        yield Step(date=day, counted=False, code="after_hours", provisional=provisional)
    for span in spans:
        for start, end, runs in _cut(span, stopped):
            yield Step(date=day, counted=runs, code="hours" if runs else "paused", provisional=provisional, start=start, end=end)


def _cut(span: Interval, stopped: Sequence[Interval]) -> Iterator[tuple[datetime, datetime, bool]]:
    """SPAN in pieces, in order: (start, end, does the clock run)."""
    at, end = span
    edges = sorted({end, *(edge for pause in stopped for edge in pause if at < edge < end)})
    for edge in edges:
        yield at, edge, not any(first <= at < last for first, last in stopped)
        at = edge


def _moment_of(steps: Iterator[Step], n: float, unit: str) -> Due:
    why: list[Step] = []
    for step in steps:
        if step.counted and step.start and step.total >= n:
            before = why[-1].total if why else 0.0
            at = step.start + timedelta(seconds=round((n - before) * SECONDS[unit], 6))
            why.append(replace(step, total=n, end=at))
            break
        why.append(step)
    return Due(at=why[-1].end or why[-1].date, provisional=any(step.provisional for step in why), why=tuple(why))


# ---------------------------------------------------------------- moments and days


def moment_of(stamp: datetime | date, zone: ZoneInfo) -> datetime:
    """STAMP in UTC; without a zone it is in ZONE, a bare day begins at midnight there. Raises ValueError at the ends of time."""
    if not 1 < stamp.year <= LAST_YEAR:
        raise ValueError(f"{stamp} lies outside the years 2 to {LAST_YEAR}.")
    if not isinstance(stamp, datetime):
        stamp = datetime.combine(stamp, time(), zone)
    return (stamp if stamp.tzinfo else stamp.replace(tzinfo=zone)).astimezone(UTC)


def local_day(stamp: datetime | date, zone: ZoneInfo) -> date:
    """The day of STAMP in ZONE."""
    moment = moment_of(stamp, zone)
    return moment.astimezone(zone).date() if isinstance(stamp, datetime) else stamp


def _next_opening(received: datetime | date, calendar: Calendar, zone: ZoneInfo) -> datetime | None:
    """When the office opens again, where it had closed for the day when RECEIVED came; None where that came in time, as a bare day does."""
    day = local_day(received, zone)
    works = day_of(calendar, day).is_working
    closing = _office_span(day, calendar.office[-1], zone)[1]
    if works and (not isinstance(received, datetime) or moment_of(received, zone) <= closing):
        return None
    return _office_span(next_working_day(calendar, day), calendar.office[0], zone)[0].astimezone(zone)


def _office_span(day: date, minutes: tuple[int, int], zone: ZoneInfo) -> Interval:
    first, last = (datetime.combine(day, time(), zone) + timedelta(minutes=each) for each in minutes)
    return first.astimezone(UTC), last.astimezone(UTC)


def _days_of(pause: Pause, zone: ZoneInfo) -> tuple[date, date]:
    first, last = local_day(pause[0], zone), local_day(pause[1], zone)
    if last < first:
        raise ValueError(f"The pause from {first} ends before it begins, on {last}.")
    return first, last


def _interval_of(pause: Pause, zone: ZoneInfo) -> Interval:
    _days_of(pause, zone)
    last = pause[1] if isinstance(pause[1], datetime) else _morrow(pause[1])
    first, end = moment_of(pause[0], zone), moment_of(last, zone)
    if end < first:
        raise ValueError(f"The pause from {pause[0]} ends before it begins, at {pause[1]}.")
    return first, end


def _morrow(day: date) -> date:
    if day.year > LAST_YEAR:
        raise ValueError(f"The due date lies beyond the year {LAST_YEAR}. Check n and the pauses.")
    return day + ONE_DAY
