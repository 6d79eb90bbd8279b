"""The reading book: the times of a day's plan, which of them were answered by a reading, and what is due, late or missed.

A reading answers the latest planned time of its source that had come when it was made, half an hour beforehand included.
What was not answered until the next time came is missed and stays so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import roles_of
from groundswell.desk.bulletins.queries import in_key_period
from groundswell.desk.sources.models import Reading, ReadingDuty, Source
from groundswell.desk.spine.once import once_a_page
from groundswell.desk.spine.ports import now, zone
from groundswell.desk.spine.preferences import preference, setting
from groundswell.desk.spine.settings_calendar import body_calendar
from groundswell.engine.clocks.working_days import is_working

ON_DUTY = frozenset({"duty", "editor"})  # roles that count as "whoever is on duty", until a roster says who it is
setting(
    "reading.early_minutes",
    part="collect",
    label=_("A reading counts for the next planned time from"),
    default=30,
    kind="int",
    unit=_("minutes before it"),
    minimum=0,
    maximum=240,
)
setting(
    "reading.late_minutes",
    part="collect",
    label=_("A planned reading is late after"),
    default=45,
    kind="int",
    unit=_("minutes"),
    minimum=5,
    maximum=480,
)


class Standing(StrEnum):
    """How a planned time stands."""

    COMING = "coming"
    DUE = "due"
    LATE = "late"
    MISSED = "missed"
    DONE = "done"
    DONE_LATE = "done_late"


@dataclass(frozen=True)
class Slot:
    """One source at one time of a day's plan."""

    source: Source
    at: datetime
    closes: datetime  # when the next time of the source opens, or the day ends
    reader: User | None  # None: whoever is on duty
    standing: Standing
    reading: Reading | None = None

    @property
    def is_open(self) -> bool:
        return self.standing in (Standing.DUE, Standing.LATE)

    @property
    def late_at(self) -> datetime:
        return self.at + late()


def early() -> timedelta:
    return timedelta(minutes=int(preference("reading.early_minutes")))


def late() -> timedelta:
    return timedelta(minutes=int(preference("reading.late_minutes")))


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of DAY in the body's zone, and of the day after it."""
    return datetime.combine(day, time(0), zone()), datetime.combine(day + timedelta(days=1), time(0), zone())


def plan_of(day: date, user: User | None = None, *, readers: bool = False) -> list[Slot]:
    """The slots of DAY in the order of their times, with what became of each; those that fall to USER where one is given.

    READERS: whoever read is wanted too, not only when (every page of the desk counts the open slots).
    """
    slots = _plan(day, readers)
    return list(slots) if user is None else [slot for slot in slots if falls_to(slot, user)]


@once_a_page
def _plan(day: date, readers: bool) -> list[Slot]:
    start, end = bounds(day)
    duties = ReadingDuty.objects.filter(Q(since=None) | Q(since__lt=end), Q(until=None) | Q(until__gt=start))
    duties = duties.filter(source__state__in=("active", "proposed"), source__kind="manual").select_related("source", "reader")
    times = _times(duties, day)
    readings = _readings(day, [source for source, _ in times], readers)
    slots = [slot for pk, rows in _by_source(times) for slot in _of_one(rows, readings.get(pk, []), end)]
    return sorted(slots, key=lambda slot: (slot.at, slot.source.sort_key, slot.source.pk))


def falls_to(slot: Slot, user: User) -> bool:
    """Is it USER who should read it: by name, or as one of those on duty?"""
    return slot.reader.pk == user.pk if slot.reader else bool(roles_of(user) & ON_DUTY)


def _times(duties: Iterable[ReadingDuty], day: date) -> list[tuple[int, tuple[datetime, ReadingDuty]]]:
    """(source, (time, duty)) of DAY: each duty at its times, on its days, while it held."""
    key, works = in_key_period(day), is_working(body_calendar(), day)
    found = []
    for duty in duties:
        if duty.days == (ReadingDuty.Days.REST if works else ReadingDuty.Days.WORKING):
            continue
        for text in duty.times_on(key):
            at = datetime.combine(day, time.fromisoformat(text), zone())
            if (duty.since is None or duty.since <= at) and (duty.until is None or at < duty.until):
                found.append((duty.source_id, (at, duty)))
    return found


def _by_source(times: list[tuple[int, tuple[datetime, ReadingDuty]]]) -> list[tuple[int, list[tuple[datetime, ReadingDuty]]]]:
    grouped: dict[int, dict[datetime, ReadingDuty]] = {}
    for source, (at, duty) in times:
        grouped.setdefault(source, {})[at] = duty
    return [(source, sorted(rows.items())) for source, rows in grouped.items()]


def _readings(day: date, sources: Sequence[int], readers: bool) -> dict[int, list[Reading]]:
    start, end = bounds(day)
    rows = Reading.objects.filter(source__in=set(sources), at__gte=start - early(), at__lt=end).order_by("at", "id")
    rows = rows.select_related("reader") if readers else rows.only("source_id", "at")
    found: dict[int, list[Reading]] = {}
    for row in rows:
        found.setdefault(row.source_id, []).append(row)
    return found


def _of_one(rows: list[tuple[datetime, ReadingDuty]], readings: list[Reading], end: datetime) -> list[Slot]:
    """The slots of one source: each has a window until the next one's opens; the first reading in it answers it."""
    moment, lead = now(), early()
    slots = []
    for place, (at, duty) in enumerate(rows):
        opens, closes = at - lead, rows[place + 1][0] - lead if place + 1 < len(rows) else end
        answer = next((row for row in readings if opens <= row.at < closes), None)
        slots.append(Slot(duty.source, at, closes, duty.reader, _standing(at, closes, answer, moment), answer))
    return slots


def _standing(at: datetime, closes: datetime, answer: Reading | None, moment: datetime) -> Standing:
    if answer is not None:
        return Standing.DONE if answer.at <= at + late() else Standing.DONE_LATE
    if moment < at - early():
        return Standing.COMING
    if moment >= closes:
        return Standing.MISSED
    return Standing.DUE if moment <= at + late() else Standing.LATE


def planned_for(source: Source, at: datetime) -> datetime | None:
    """The planned time that a reading of SOURCE at AT answers; None outside the plan."""
    day = at.astimezone(zone()).date()
    slots = [slot for slot in plan_of(day) if slot.source.pk == source.pk]
    return next((slot.at for slot in reversed(slots) if slot.at - early() <= at < slot.closes), None)


# ---------------------------------------------------------------- what was found


def note_found(user: User, source: Source, at: datetime) -> int:
    """SOURCE was read by USER and something was found: the running reading counts one more, or a new one begins. Returns its id."""
    planned = planned_for(source, at)
    running = _running(user, source, at, planned)
    if running is None:
        return Reading.objects.create(source=source, reader=user, at=at, planned_at=planned, found=1).pk
    Reading.objects.filter(pk=running.pk).update(found=F("found") + 1)
    return running.pk


def _running(user: User, source: Source, at: datetime, planned: datetime | None) -> Reading | None:
    rows = Reading.objects.filter(source=source, reader=user, at__lte=at, at__gt=at - timedelta(hours=1))
    return rows.filter(planned_at=planned).order_by("-at").first()


def forget_found(pk: int) -> None:
    """What was found was taken back: the reading stays, with one fewer."""
    Reading.objects.filter(pk=pk, found__gt=0).update(found=F("found") - 1)


# ---------------------------------------------------------------- sources and their readers


def gaps(since: datetime, until: datetime) -> dict[int, list[tuple[datetime, datetime]]]:
    """Source → the stretches in which it should have been read and was not: from a planned time's lateness to its next reading."""
    days = (until.astimezone(zone()).date() - since.astimezone(zone()).date()).days
    slots = [slot for n in range(days + 1) for slot in plan_of(since.astimezone(zone()).date() + timedelta(days=n))]
    unread = [slot for slot in slots if slot.reading is None and slot.standing in (Standing.MISSED, Standing.LATE)]
    rows = Reading.objects.filter(source__in={slot.source.pk for slot in unread}, at__gte=since - timedelta(days=1), at__lte=until)
    readings: dict[int, list[datetime]] = {}
    for source, at in rows.order_by("at").values_list("source_id", "at"):
        readings.setdefault(source, []).append(at)
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    for slot in unread:
        end = next((at for at in readings.get(slot.source.pk, []) if at > slot.at), until)
        found.setdefault(slot.source.pk, []).append((slot.late_at, end))
    return found


def hours_with_gaps(since: datetime, until: datetime) -> set[tuple[int, datetime]]:
    """(source, hour) that lie in a gap of the reading book."""
    hours = [since + timedelta(hours=n) for n in range(int((until - since) / timedelta(hours=1)) + 1)]
    return {
        (source, hour)
        for source, stretches in gaps(since, until).items()
        for start, end in stretches
        for hour in hours
        if start < hour + timedelta(hours=1) and hour < end
    }


def sources_without_reader() -> QuerySet[Source]:
    """Sources that only people can read and that nobody is to read."""
    planned = ReadingDuty.objects.filter(until=None).values("source")
    return Source.objects.filter(kind="manual", state="active", quiet_is_normal=False).exclude(pk__in=planned)
