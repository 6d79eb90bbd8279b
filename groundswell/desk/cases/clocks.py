"""Clocks of cases and tasks: started and met by moves, computed from their history; warned and late, each said once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy

from groundswell.desk.cases.kinds import ClockRow
from groundswell.desk.cases.models import Case, Task
from groundswell.desk.spine.actions import record_fact, subject_of
from groundswell.desk.spine.models import Notice, RunningClock
from groundswell.desk.spine.ports import now as desk_now
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.settings_calendar import body_calendar
from groundswell.desk.spine.ticks import tick
from groundswell.desk.spine.timeline import fact
from groundswell.engine.clocks.history import ClockState, Event, clock_state
from groundswell.engine.clocks.rules import RULES, Rule, rule_on
from groundswell.engine.clocks.working_days import Calendar

Record = Case | Task
EVERY = timedelta(minutes=1)
_looked: dict[str, datetime] = {}

fact("clock_warned", gettext_lazy("the clock “%(clock)s” nears its end"))
fact("clock_late", gettext_lazy("the clock “%(clock)s” has run out"))


@dataclass(frozen=True)
class Standing:
    """A clock of a record as it stands."""

    clock: RunningClock
    row: ClockRow
    state: ClockState

    @property
    def is_open(self) -> bool:
        return self.state.state in ("running", "paused")

    @property
    def shown_at(self) -> datetime:
        """The end as people say it: of a day its last minute, not the first of the next."""
        return self.state.ends_at if isinstance(self.state.due, datetime) else self.state.ends_at - timedelta(minutes=1)

    @property
    def limit(self) -> timedelta:
        return self.state.ends_at - self.state.started_at

    @property
    def source(self) -> str:
        return next((rule.source for rule in RULES if rule.code == self.clock.rule.partition(":")[2]), "")


def start(record: Record, row: ClockRow, at: datetime) -> RunningClock:
    """Start the clock ROW of RECORD at AT. One that ran already begins anew."""
    rule = _rule_of(record, row, at)
    kind = subject_of(record)
    RunningClock.objects.filter(
        subject_type=kind.code, subject_id=record.pk, rule__startswith=f"{row.code}:", met_at=None, cancelled_at=None
    ).update(cancelled_at=at)
    clock = RunningClock(
        subject_type=kind.code, subject_id=record.pk, rule=f"{row.code}:{rule.code}", amount=int(rule.n), unit=rule.unit, started_at=at
    )
    if row.rule == "date" and isinstance(record, Case) and record.date:
        clock.events = [{"kind": "extend", "at": at.isoformat(), "until": record.date.isoformat()}]
    _compute(clock, at)
    clock.save()
    return clock


def _rule_of(record: Record, row: ClockRow, at: datetime) -> Rule:
    if row.rule == "date":
        return Rule(code="date", n=0, unit="calendar_day")
    if row.rule == "within":
        assert isinstance(record, Task)
        return Rule(code="within", n=record.within, unit="working_day") if record.within else Rule(code="within", n=0, unit="calendar_day")
    assert row.rule != "sort" or isinstance(record, Case)
    code = record.rules.sorts[record.sort].rule if row.rule == "sort" and isinstance(record, Case) else row.rule
    return rule_on(code, at.astimezone(zone()).date())


def of(record: Record, *, running: bool = False) -> list[RunningClock]:
    """The clocks of RECORD, oldest first."""
    rows = RunningClock.objects.filter(subject_type=subject_of(record).code, subject_id=record.pk).order_by("started_at", "id")
    return list(rows.filter(met_at=None, cancelled_at=None) if running else rows)


def after_move(record: Record, move: str, at: datetime, *, rested: bool, rests: bool, ends: bool) -> None:
    """What the clocks of RECORD make of a MOVE ("open" is its beginning): started, met, paused, run on, stopped."""
    rows = {row.code: row for row in record.rules.clocks}
    for clock in of(record):
        row = rows.get(clock.rule.partition(":")[0])
        if row is None:
            continue
        if clock.met_at and move in row.runs_on:
            clock.met_at = None
        elif clock.met_at or clock.cancelled_at:
            continue
        elif move in row.meets:
            _note(clock, "resume", at) if rested else None
            clock.met_at = at
        elif ends:
            clock.cancelled_at = at
        elif rests and not rested:
            _note(clock, "pause", at)
        elif rested and not rests:
            _note(clock, "resume", at)
        _compute(clock, at)
        clock.save()
    for row in rows.values():
        if move in row.starts:
            start(record, row, at)


def take_back(record: Record, move: str, at: datetime) -> None:
    """A MOVE that met clocks of RECORD was taken back: they run on."""
    rows = {row.code: row for row in record.rules.clocks}
    for clock in of(record):
        row = rows.get(clock.rule.partition(":")[0])
        if row is not None and move in row.meets and clock.met_at:
            clock.met_at = None
            _compute(clock, at)
            clock.save()


def extend(record: Record, code: str, n: float, reason: str, at: datetime) -> RunningClock:
    """More time on the clock CODE, with its reason. Raises LookupError where it does not run."""
    clock = next((each for each in of(record, running=True) if each.rule.startswith(f"{code}:")), None)
    if clock is None:
        raise LookupError(code)
    clock.events = [*clock.events, {"kind": "extend", "at": at.isoformat(), "n": n, "note": reason}]
    _compute(clock, at)
    clock.save()
    return clock


def _note(clock: RunningClock, kind: str, at: datetime) -> None:
    clock.events = [*clock.events, {"kind": kind, "at": at.isoformat()}]


def events_of(clock: RunningClock) -> list[Event]:
    """The history of CLOCK as the engine reads it."""
    found = [Event(kind="start", at=clock.started_at)]
    for said in clock.events:
        until = said.get("until")
        found.append(
            Event(
                kind=said["kind"],
                at=datetime.fromisoformat(said["at"]),
                n=said.get("n", 0),
                until=date.fromisoformat(until) if until else None,
                note=said.get("note", ""),
            )
        )
    if clock.met_at:
        found.append(Event(kind="meet", at=clock.met_at))
    if clock.cancelled_at:
        found.append(Event(kind="cancel", at=clock.cancelled_at))
    return found


def stands(clock: RunningClock, at: datetime, calendar: Calendar | None = None) -> ClockState:
    """CLOCK at AT, computed from its history with the calendar of now, or CALENDAR where many are asked."""
    _row, _, code = clock.rule.partition(":")
    rule = Rule(code=code, n=clock.amount, unit=clock.unit)
    return clock_state(rule, events_of(clock), max(at, clock.started_at), calendar or body_calendar(), zone())


def _compute(clock: RunningClock, at: datetime) -> None:
    clock.due_at = stands(clock, at).ends_at


def standing(record: Record, at: datetime, clocks: Iterable[RunningClock] | None = None) -> list[Standing]:
    """The clocks of RECORD as they stand at AT, open ones first, by when they end."""
    rows = {row.code: row for row in record.rules.clocks}
    found = [
        Standing(clock, rows[code], stands(clock, at))
        for clock in (of(record) if clocks is None else clocks)
        if (code := clock.rule.partition(":")[0]) in rows
    ]
    return sorted(found, key=lambda each: (not each.is_open, each.state.ends_at))


def next_of(records: Sequence[Record], at: datetime) -> dict[int, Standing]:
    """Of each of RECORDS, all cases or all tasks, the open clock that ends first; by primary key, two queries for all."""
    if not records:
        return {}
    kind = subject_of(records[0])
    running: dict[int, list[RunningClock]] = {}
    rows = RunningClock.objects.filter(subject_type=kind.code, subject_id__in=[record.pk for record in records])
    for clock in rows.filter(met_at=None, cancelled_at=None):
        running.setdefault(clock.subject_id, []).append(clock)
    first = ((record.pk, standing(record, at, running[record.pk])) for record in records if record.pk in running)
    return {pk: found[0] for pk, found in first if found and found[0].is_open}


@tick("cases.clocks")
def watch_clocks(moment: datetime) -> None:
    """Once a minute: clocks that near their end and those that ran out, each said once for each end, also after a restart."""
    if (last := _looked.get("at")) is not None and timedelta(0) <= moment - last < EVERY:
        return
    _looked["at"] = moment
    calendar = body_calendar()
    for clock in RunningClock.objects.filter(met_at=None, cancelled_at=None, subject_type__in=["case", "task"]):
        state = stands(clock, moment, calendar)
        if clock.due_at != state.ends_at:  # the calendar or the rule changed, or a pause goes on
            RunningClock.objects.filter(pk=clock.pk).update(due_at=state.ends_at)
        if state.is_overdue:
            _say(clock, "clock_late", state)
        elif state.warn_at is not None and state.warn_at <= moment:
            _say(clock, "clock_warned", state)


def _say(clock: RunningClock, what: str, state: ClockState) -> None:
    end = state.ends_at.isoformat()
    if Notice.objects.filter(kind=what, subject_type="clock", subject_id=clock.pk, data__end=end).exists():
        return
    record = record_of(clock)
    row = next((each for each in record.rules.clocks if each.code == clock.rule.partition(":")[0]), None) if record else None
    if record is None or row is None:
        return
    with transaction.atomic():
        Notice.objects.filter(kind=what, subject_type="clock", subject_id=clock.pk, closed_at=None).update(closed_at=desk_now())
        Notice.objects.create(kind=what, subject_type="clock", subject_id=clock.pk, raised_at=desk_now(), data={"end": end})
        record_fact(what, record, {"clock": row.zh, "clock_en": row.en})


def record_of(clock: RunningClock) -> Record | None:
    """The case or task that CLOCK runs for."""
    model: type[Case] | type[Task] = Case if clock.subject_type == "case" else Task
    return model._default_manager.filter(pk=clock.subject_id).first()
