"""The body's calendar of working days: the list that came with the program, notices pasted in, days entered by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.desk.spine.models import CalendarDay
from groundswell.desk.spine.once import once_a_page
from groundswell.engine.clocks.holiday_names import holiday_code
from groundswell.engine.clocks.working_days import Calendar, Override, china_calendar, day_of, with_days, with_notice

HAND, NOTICE = "hand", "notice"  # where a day came from, when it bears no notice's number
SOURCES: dict[str, str | Promise] = {HAND: _("by hand"), NOTICE: _("notice without a number")}
HOLIDAYS: dict[str, str | Promise] = {
    "new_year": _("New Year"),
    "spring_festival": _("Spring Festival"),
    "tomb_sweeping": _("Tomb-Sweeping Day"),
    "labour_day": _("Labour Day"),
    "dragon_boat": _("Dragon Boat Festival"),
    "mid_autumn": _("Mid-Autumn Festival"),
    "national_day": _("National Day"),
    "victory_day": _("Victory Day"),
}


@once_a_page
def body_calendar() -> Calendar:
    """The calendar that clocks count by, as of now (one small query).

    A notice for a year that the program does not know makes that year announced; on a known year its days lie over the list.
    Days by hand lie over everything and announce nothing.
    """
    rows = list(CalendarDay.objects.all())
    calendar = china_calendar()
    noticed = [row for row in rows if row.source != HAND]
    for year in sorted(_years(noticed) - calendar.announced):
        calendar = with_notice(calendar, year, _overrides(row for row in noticed if row.day.year == year))
    return with_days(calendar, _overrides(rows))


def working_days() -> Callable[[date], bool]:
    """Whether a day works by the body's calendar as of now; the calendar is read once."""
    calendar = body_calendar()
    known: dict[date, bool] = {}

    def is_working(day: date) -> bool:
        if day not in known:
            known[day] = day_of(calendar, day).is_working
        return known[day]

    return is_working


def _years(rows: Iterable[CalendarDay]) -> set[int]:
    """The years that ROWS of notices are about; a December alone belongs to the notice of the year after it."""
    return {row.day.year for row in rows if row.day.month < 12}


def _overrides(rows: Iterable[CalendarDay]) -> dict[date, Override]:
    return {row.day: Override(row.is_working, holiday_code(row.name), row.source) for row in rows}


def holiday_words(name: str) -> str:
    """A holiday in the reader's language; NAME is a code, two joined by "+", or what a list calls it."""
    codes = holiday_code(name).split("+") if name else []
    return " · ".join(str(HOLIDAYS.get(code, code)) for code in codes)


def source_words(source: str) -> str:
    return str(SOURCES.get(source, source))
