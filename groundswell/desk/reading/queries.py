"""The reads behind the reading book: a day by time, by person, as a table to print; what waits on Today and beside its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may
from groundswell.desk.bulletins.queries import in_key_period
from groundswell.desk.reading import book
from groundswell.desk.reading.book import Slot, Standing
from groundswell.desk.sources.models import Reading, ReadingDuty, Source
from groundswell.desk.spine.ports import today, zone
from groundswell.desk.spine.queue import Button, Waiting, queue_source
from groundswell.desk.spine.shell import Count, counter, named

OPEN = (Standing.DUE, Standing.LATE)
NAMES = 3  # sources that a queue entry names


@dataclass(frozen=True)
class Hour:
    """The slots of one time of the day."""

    at: datetime
    slots: list[Slot]

    @property
    def open(self) -> int:
        return sum(slot.is_open for slot in self.slots)

    @property
    def late(self) -> int:
        return sum(slot.standing is Standing.LATE for slot in self.slots)

    @property
    def missed(self) -> int:
        return sum(slot.standing is Standing.MISSED for slot in self.slots)

    @property
    def read(self) -> int:
        return sum(slot.reading is not None for slot in self.slots)

    @property
    def is_current(self) -> bool:
        return self.open > 0

    @property
    def is_coming(self) -> bool:
        return all(slot.standing is Standing.COMING for slot in self.slots)


@dataclass(frozen=True)
class Day:
    """One day of the book."""

    day: date
    hours: list[Hour]
    beyond: list[Reading] = field(default_factory=list)  # readings that no plan asked for
    in_key_period: bool = False

    @property
    def slots(self) -> list[Slot]:
        return [slot for hour in self.hours for slot in hour.slots]

    def count(self, *standings: Standing) -> int:
        return sum(slot.standing in standings for slot in self.slots)

    @property
    def planned(self) -> int:
        return len(self.slots)

    @property
    def read(self) -> int:
        return self.count(Standing.DONE, Standing.DONE_LATE)

    @property
    def open(self) -> int:
        return self.count(*OPEN)

    @property
    def late(self) -> int:
        return self.count(Standing.LATE)

    @property
    def missed(self) -> int:
        return self.count(Standing.MISSED)

    @property
    def count_late(self) -> int:
        return self.count(Standing.DONE_LATE)

    @property
    def found(self) -> int:
        return sum(slot.reading.found for slot in self.slots if slot.reading) + sum(row.found for row in self.beyond)


def day_of(day: date, user: User | None = None) -> Day:
    """DAY of the book, everybody's or USER's (indexes duty_present; source, -at)."""
    slots = book.plan_of(day, user, readers=True)
    hours = [Hour(at, list(rows)) for at, rows in groupby(slots, key=lambda slot: slot.at)]
    return Day(day, hours, _beyond(day, slots, user), in_key_period(day))


def _beyond(day: date, slots: Sequence[Slot], user: User | None) -> list[Reading]:
    """Readings of DAY that answer no slot: second looks, and sources without a plan."""
    start, end = book.bounds(day)
    answered = {slot.reading.pk for slot in slots if slot.reading}
    rows = Reading.objects.filter(at__gte=start, at__lt=end).exclude(pk__in=answered).select_related("source", "reader")
    if user is not None:
        rows = rows.filter(reader=user)
    return list(rows.order_by("at", "id"))


def strip_of(source: Source, moment: datetime) -> list[str]:
    """24 cells of SOURCE's last day: "" read in that hour, "z" not."""
    since = (moment - timedelta(hours=23)).replace(minute=0, second=0, microsecond=0)
    times = Reading.objects.filter(source=source, at__gte=since).values_list("at", flat=True)
    hours = {at.replace(minute=0, second=0, microsecond=0) for at in times}
    return ["" if since + timedelta(hours=n) in hours else "z" for n in range(24)]


@dataclass(frozen=True)
class Planned:
    """A source with its present duties."""

    source: Source
    duties: list[ReadingDuty]


def plan() -> list[Planned]:
    """All sources that people read, with who reads them when; those that nobody reads first."""
    rows = Source.objects.filter(kind="manual").exclude(state="retired").order_by("sort_key", "id")
    duties: dict[int, list[ReadingDuty]] = {}
    for duty in ReadingDuty.objects.filter(until=None).select_related("reader", "source").order_by("id"):
        duties.setdefault(duty.source_id, []).append(duty)
    found = [Planned(row, duties.get(row.pk, [])) for row in rows if row.state == "active" or row.pk in duties]
    return sorted(found, key=lambda each: (bool(each.duties), each.source.quiet_is_normal))


def unplanned() -> int:
    """How many sources only people can read and nobody is to read."""
    return book.sources_without_reader().count()


def last_readings(sources: Sequence[int]) -> dict[int, Reading]:
    """The newest reading of each source (index source, -at)."""
    rows = Reading.objects.filter(source__in=sources).order_by("source_id", "-at", "-id").distinct("source_id").select_related("reader")
    return {row.source_id: row for row in rows}


def rows_of(day: Day) -> list[tuple[Slot | None, Reading | None]]:
    """What prints of a day: every slot in its order, then what was read beyond the plan."""
    planned: list[tuple[Slot | None, Reading | None]] = [(slot, slot.reading) for slot in day.slots]
    return planned + [(None, row) for row in day.beyond]


# ---------------------------------------------------------------- Today and the rail


@counter("reading")
def open_readings(user: User) -> Count | None:
    """Readings that fall to USER now; with a warning colour where one is late."""
    slots = [slot for slot in book.plan_of(today(), user) if slot.is_open] if may(user, "source.reading") else []
    if not slots:
        return None
    return Count(str(len(slots)), "warn" if any(slot.standing is Standing.LATE for slot in slots) else "")


@queue_source
def readings_not_made(user: User, moment: datetime) -> list[Waiting]:
    """One entry for each planned time that is late, and one for what was missed and not made up for since."""
    if not may(user, "source.reading"):
        return []
    unread = _unread(user)
    late = sorted((slot for slots in unread.values() for slot in slots if slot.standing is Standing.LATE), key=lambda slot: slot.at)
    hours = [Hour(at, list(rows)) for at, rows in groupby(late, key=lambda slot: slot.at)]
    waiting = [_late(hour, sum(len(unread[slot.source.pk]) - 1 for slot in hour.slots)) for hour in hours]
    told = {slot.source.pk for slot in late}
    missed = [slots[0] for pk, slots in unread.items() if pk not in told and slots[0].standing is Standing.MISSED]
    return waiting + ([_missed(missed)] if missed else [])


def _unread(user: User) -> dict[int, list[Slot]]:
    """Source → its planned times of yesterday and today that came since it was last read, the oldest first."""
    slots = book.plan_of(today() - timedelta(days=1), user) + book.plan_of(today(), user)
    come = [slot for slot in slots if slot.standing is not Standing.COMING]
    last = last_readings([slot.source.pk for slot in come])
    found: dict[int, list[Slot]] = {}
    for slot in come:
        reading = last.get(slot.source.pk)
        if slot.reading is None and (reading is None or reading.at < slot.at):
            found.setdefault(slot.source.pk, []).append(slot)
    return found


def _late(hour: Hour, missed: int) -> Waiting:
    count, at = len(hour.slots), hour.at.astimezone(zone())
    why = _("Not read yet: %(names)s.") % {"names": _names(hour.slots)}
    if missed:
        why += " " + ngettext("%(n)s earlier time was missed too.", "%(n)s earlier times were missed too.", missed) % {"n": missed}
    return Waiting(
        key=f"reading:{at:%Y-%m-%d:%H:%M}",
        kind="reading",
        kind_words=_("Reading"),
        title=ngettext("%(n)s source to read, planned for %(time)s", "%(n)s sources to read, planned for %(time)s", count)
        % {"n": count, "time": f"{at:%H:%M}"},
        url="/desk/reading/#now",
        why=why,
        button=Button(_("To the reading book"), "/desk/reading/#now"),
        due_at=hour.slots[0].late_at,
        limit=book.late(),
    )


def _missed(slots: Sequence[Slot]) -> Waiting:
    count, first = len(slots), min(slot.at for slot in slots).astimezone(zone())
    return Waiting(
        key=f"reading:{first:%Y-%m-%d:%H:%M}:missed",
        kind="reading",
        kind_words=_("Reading"),
        title=ngettext("%(n)s source missed its reading", "%(n)s sources missed their reading", count) % {"n": count},
        url="/desk/reading/#now",
        why=_("Planned for %(time)s and not read since: %(names)s.") % {"time": f"{first:%m-%d %H:%M}", "names": _names(slots)},
        button=Button(_("To the reading book"), "/desk/reading/#now"),
    )


def _names(slots: Sequence[Slot]) -> str:
    names = list(dict.fromkeys(named(slot.source) for slot in slots))
    shown = _(", ").join(names[:NAMES])
    return shown if len(names) <= NAMES else _("%(names)s and %(n)s more") % {"names": shown, "n": len(names) - NAMES}
