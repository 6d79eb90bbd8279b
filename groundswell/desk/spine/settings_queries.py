"""What the settings' screens read: parts with their rows, search over all of them, the year's calendar."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.spine.models import CalendarDay, Preference
from groundswell.desk.spine.palette import matches
from groundswell.desk.spine.preferences import PARTS, SPECS, Spec
from groundswell.desk.spine.settings_calendar import body_calendar, holiday_words, source_words
from groundswell.engine.clocks.working_days import Calendar, day_of

Words = str | Promise
CALENDAR = "calendar"
# (what, how long, how it ends) for what no setting changes; the settings of the part "retention" stand above it on the screen.
KEPT: tuple[tuple[Words, Words, Words], ...] = (
    (gettext_lazy("Evidence of a story in the raw archive"), gettext_lazy("as long as the story's file"), ""),
    (gettext_lazy("Stories, cases, bulletins, releases, disclosures"), gettext_lazy("10 years"), gettext_lazy("with certificate")),
    (gettext_lazy("A citizen's contact data"), gettext_lazy("1 year after closing"), gettext_lazy("the message stays without them")),
    (gettext_lazy("Audit chain"), gettext_lazy("10 years"), gettext_lazy("its payloads are hashed, so a purge does not break it")),
)


@dataclass(frozen=True)
class Row:
    """One setting as it stands."""

    spec: Spec
    value: Any
    changed: Preference | None

    @property
    def is_default(self) -> bool:
        return bool(self.value == self.spec.default)

    @property
    def default_words(self) -> str:
        return words_of(self.spec, self.spec.default)

    @property
    def value_words(self) -> str:
        return words_of(self.spec, self.value)


def words_of(spec: Spec, value: Any) -> str:
    """A value as people read it; a secret only says whether there is one."""
    if spec.kind == "secret":
        return _("set") if value else _("none")
    if spec.kind == "bool":
        return _("yes") if value else _("no")
    if spec.kind == "choice":
        return str(dict(spec.choices).get(value, value))
    if isinstance(value, list):
        return "、".join(map(str, value)) or _("none")
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{text} {spec.unit}".strip() if text else _("empty")


def rows_of(part: str) -> list[Row]:
    """The settings of PART with their last change."""
    return list(_rows([spec for spec in SPECS.values() if spec.part == part]))


def rows_that_match(text: str) -> list[Row]:
    """The settings whose words or key hold TEXT (pinyin and initials too), in the table's order."""
    found = [
        spec
        for spec in SPECS.values()
        if spec.part in PARTS and matches(text, str(spec.label), str(spec.hint), spec.key, str(PARTS[spec.part]))
    ]
    return list(_rows(found))


def _rows(specs: list[Spec]) -> Iterator[Row]:
    changed = Preference.objects.select_related("changed_by").in_bulk([spec.key for spec in specs])
    for spec in specs:
        row = changed.get(spec.key)
        yield Row(spec, row.value if row else spec.default, row)


@dataclass(frozen=True)
class PartLink:
    """A part of the settings in the list of parts."""

    code: str
    words: Words
    settings: int
    differ: int


def parts() -> list[PartLink]:
    """The parts that hold settings, and how many of each differ from the default; the calendar comes last."""
    values = dict(Preference.objects.values_list("key", "value"))
    total = Counter(spec.part for spec in SPECS.values())
    differ = Counter(spec.part for spec in SPECS.values() if values.get(spec.key, spec.default) != spec.default)
    links = [PartLink(code, words, total[code], differ[code]) for code, words in PARTS.items() if total[code]]
    return [*links, PartLink(CALENDAR, gettext_lazy("Working days"), 0, CalendarDay.objects.count())]


# ---------------------------------------------------------------- the calendar


@dataclass(frozen=True)
class Day:
    """One day: does it work, does that differ from Monday to Friday, which holiday, who says so."""

    day: date
    is_working: bool
    name: str
    announced: bool  # somebody entered it here

    @property
    def differs(self) -> bool:
        return self.is_working != (self.day.weekday() < 5)

    @property
    def css(self) -> str:
        marks = (("rest", not self.is_working), ("odd", self.differs), ("own", self.announced))
        return " ".join(word for word, holds in marks if holds)


@dataclass(frozen=True)
class Entered:
    """A day that somebody entered, as the list shows it."""

    day: date
    is_working: bool
    name: str
    source: str


@dataclass(frozen=True)
class Year:
    """A year of the calendar: twelve months of weeks, and whether its list of holidays was announced."""

    year: int
    months: list[tuple[date, list[list[Day | None]]]]
    entered: list[Entered]
    is_provisional: bool
    working_days: int


def year_calendar(year: int) -> Year:
    """The calendar of YEAR as clocks count it."""
    book = body_calendar()
    rows = list(CalendarDay.objects.filter(day__year=year).order_by("day"))
    own = {row.day for row in rows}
    months, working = [], 0
    for month in range(1, 13):
        weeks = [
            [_day(book, day, day in own) if day.month == month else None for day in week]
            for week in calendar.Calendar(firstweekday=0).monthdatescalendar(year, month)
        ]
        working += sum(day.is_working for week in weeks for day in week if day)
        months.append((date(year, month, 1), weeks))
    entered = [Entered(row.day, row.is_working, holiday_words(row.name), source_words(row.source)) for row in rows]
    return Year(year, months, entered, year not in book.announced, working)


def day_entered(day: date) -> Day:
    """One day of the calendar."""
    return _day(body_calendar(), day, CalendarDay.objects.filter(day=day).exists())


def _day(book: Calendar, day: date, entered: bool) -> Day:
    seen = day_of(book, day)
    return Day(day, seen.is_working, holiday_words(seen.name), entered)
