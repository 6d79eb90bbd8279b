"""The calendar of working days: announced lists, own days and notices over them, an estimate for years not announced."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise

import msgspec
from msgspec import Struct

from groundswell.engine.clocks.holiday_names import holiday_code

MONDAY_TO_FRIDAY = frozenset(range(5))
EVERY_DAY = frozenset(range(7))
OFFICE_HOURS = ((510, 720), (840, 1050))  # minutes of the day: 08:30–12:00, 14:00–17:30
LAST_YEAR = 9998  # the last year of which every day has a morrow
LONGEST_REST = 400  # days without a working day after which a calendar is taken to have none


class Override(Struct, frozen=True):
    """What a list says of one day, against Monday to Friday."""

    is_working: bool
    name: str = ""  # a code of holiday_names, or what the list calls it
    source: str = ""  # which list: a notice's number, a package, a unit


class Calendar(Struct, frozen=True):
    """Which days work, and from when to when. Looked up by ``day_of``; changed by ``with_days`` and ``with_notice``."""

    overrides: Mapping[date, Override]
    announced: frozenset[int]  # years whose list is known; the others are estimated, and provisional
    source: str = ""
    country: str = ""  # whose holidays estimate the other years; "" estimates by weekdays alone
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY  # 0 is Monday
    office: tuple[tuple[int, int], ...] = OFFICE_HOURS

    @property
    def known_until(self) -> int:
        """The last year of the unbroken run of announced ones; 0 where none is."""
        year = min(self.announced, default=0)
        while year + 1 in self.announced:
            year += 1
        return year


class Day(Struct, frozen=True):
    """One day as clocks see it."""

    date: date
    is_working: bool
    code: str  # working_day | make_up_day | weekend | holiday
    name: str = ""  # which holiday: a code of holiday_names, or the list's own word
    provisional: bool = False  # its year was not announced
    source: str = ""


@functools.cache
def china_calendar() -> Calendar:
    """The State Council's lists as the package ``chinesecalendar`` carries them; other years by the estimate of ``holidays``."""
    from chinese_calendar.constants import holidays, workdays

    source = "chinesecalendar"
    overrides = {day: Override(False, holiday_code(name), source) for day, name in holidays.items()}
    overrides |= {day: Override(True, holiday_code(name), source) for day, name in workdays.items()}
    years = {day.year for day in holidays}
    return Calendar(overrides=overrides, announced=frozenset(years), source=source, country="CN")


def weekday_calendar() -> Calendar:
    """Monday to Friday and nothing else: for bodies that enter their own days. Never provisional."""
    return Calendar(overrides={}, announced=frozenset(range(1, LAST_YEAR + 1)), source="weekdays")


def with_days(calendar: Calendar, days: Mapping[date, Override]) -> Calendar:
    """CALENDAR with DAYS over it: what the body or a unit decided for itself. The years stay as announced as they were."""
    return msgspec.structs.replace(calendar, overrides={**calendar.overrides, **days})


def with_notice(calendar: Calendar, year: int, days: Mapping[date, Override]) -> Calendar:
    """CALENDAR with the notice for YEAR: its DAYS replace what was listed for that year, which is announced from now on.

    Days of the years beside it that the notice names (a make-up Saturday in the last December) count too.
    """
    kept = {day: each for day, each in calendar.overrides.items() if day.year != year}
    return msgspec.structs.replace(calendar, overrides={**kept, **days}, announced=calendar.announced | {year})


def for_unit(calendar: Calendar, *, weekdays: Iterable[int] | None = None, office: str = "", rests_on_holidays: bool = True) -> Calendar:
    """CALENDAR as a unit keeps it: its own weekdays (0 is Monday) and OFFICE hours ("08:30-12:00 14:00-17:30").

    A unit that does not rest on holidays (a hospital, a control room) works on its weekdays always, and nothing is provisional.
    """
    changed = msgspec.structs.replace(
        calendar,
        weekdays=calendar.weekdays if weekdays is None else frozenset(weekdays),
        office=read_office_hours(office) if office else calendar.office,
    )
    if rests_on_holidays:
        return changed
    return msgspec.structs.replace(changed, overrides={}, announced=weekday_calendar().announced, country="")


def day_of(calendar: Calendar, day: date) -> Day:
    """What DAY is: own days and announced lists first, then the estimate where its year is not announced, then the weekday."""
    announced = day.year in calendar.announced
    override = calendar.overrides.get(day)
    if override is None and not announced:
        override = estimated_days(calendar.country, day.year).get(day)
    usual = day.weekday() in calendar.weekdays
    working = usual if override is None else override.is_working
    code = ("working_day" if usual else "make_up_day") if working else ("holiday" if usual or _has_name(override) else "weekend")
    name, source = (override.name, override.source) if override else ("", "")
    return Day(day, working, code, name, not announced, source)


def is_working(calendar: Calendar, day: date) -> bool:
    """Does DAY count as a working day?"""
    return day_of(calendar, day).is_working


def next_working_day(calendar: Calendar, day: date) -> date:
    """The first working day after DAY. Raises ValueError where the calendar has none."""
    for ahead in range(1, LONGEST_REST):
        if is_working(calendar, day + timedelta(days=ahead)):
            return day + timedelta(days=ahead)
    raise ValueError(f"The calendar has no working day within {LONGEST_REST} days of {day}. Check its weekdays.")


@functools.lru_cache(maxsize=256)
def estimated_days(country: str, year: int) -> Mapping[date, Override]:
    """What ``holidays`` expects of YEAR in COUNTRY (two letters): rest on weekdays, work on weekend days; empty where it knows nothing."""
    if not country:
        return {}
    import holidays

    try:
        found = holidays.country_holidays(country, years=year, language="en_US")
    except (NotImplementedError, KeyError):
        return {}
    source = "holidays"
    overrides = {day: Override(False, holiday_code(name), source) for day, name in found.items() if day.year == year}
    return overrides | {day: Override(True, "", source) for day in found.weekend_workdays if day.year == year}


def read_office_hours(text: str) -> tuple[tuple[int, int], ...]:
    """ "08:30-12:00 14:00-17:30" as minutes of the day; 24:00 ends a day. Raises ValueError saying which piece is wrong."""
    spans = tuple(_span(piece) for piece in text.replace("–", "-").replace(",", " ").split())
    if not spans:
        raise ValueError("No office hours are given. Write them as 08:30-12:00 14:00-17:30.")
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise ValueError(f"The office hours {text} overlap or are out of order.")
    return spans


def _span(piece: str) -> tuple[int, int]:
    try:
        (from_hour, from_minute), (to_hour, to_minute) = (map(int, end.split(":")) for end in piece.split("-"))
    except ValueError as error:
        raise ValueError(f"“{piece}” is no span of office hours. Write it as 08:30-12:00.") from error
    first, last = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if not (0 <= first < last <= 24 * 60 and from_minute < 60 and to_minute < 60 and from_minute >= 0 and to_minute >= 0):
        raise ValueError(f"“{piece}” does not lie within one day, or ends before it begins.")
    return first, last


def _has_name(override: Override | None) -> bool:
    return override is not None and bool(override.name)
