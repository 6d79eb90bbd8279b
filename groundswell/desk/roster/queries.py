"""The reads of the roster: turns of a span, of a month with what is wrong in it, of one day with its layers."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy

from groundswell.desk.accounts.models import Role, User
from groundswell.desk.bulletins.models import KeyPeriod
from groundswell.desk.bulletins.queries import in_key_period
from groundswell.desk.roster import turns as plan
from groundswell.desk.roster.models import Override, Publication, Rotation, ShiftType, Swap
from groundswell.desk.spine import ports
from groundswell.desk.spine.once import once_a_page
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.preferences import preference, setting
from groundswell.desk.spine.settings_calendar import body_calendar, holiday_words
from groundswell.engine.clocks.working_days import day_of, is_working

setting(
    "duty.rest_hours",
    part="body",
    label=gettext_lazy("Rest between two shifts, at least"),
    default=11,
    kind="int",
    unit=gettext_lazy("hours"),
    minimum=0,
    maximum=48,
)
setting(
    "duty.key_cover",
    part="body",
    label=gettext_lazy("On duty at once in key periods, at least"),
    default=2,
    kind="int",
    unit=gettext_lazy("people"),
    minimum=1,
    maximum=4,
)
setting("duty.swap_approved", part="body", label=gettext_lazy("A leader approves swaps of duty"), default=False, kind="bool")


@once_a_page
def shift_types() -> dict[int, ShiftType]:
    return {row.pk: row for row in ShiftType.objects.all()}


@once_a_page
def people() -> dict[int, User]:
    """Everybody who may stand in a roster, and who stood in one."""
    return {user.pk: user for user in User.objects.all()}


def candidates() -> QuerySet[User]:
    """Who may be put on duty now: duty officers, editors and leaders who may sign in."""
    moment = ports.now()
    held = Q(grants__role__in=[Role.DUTY, Role.EDITOR, Role.LEADER], grants__since__lte=moment)
    return User.objects.filter(held & (Q(grants__until=None) | Q(grants__until__gt=moment)), is_active=True).distinct().order_by("id")


def cover(day: date) -> int:
    """How many must be on duty at once on DAY."""
    return int(preference("duty.key_cover")) if in_key_period(day) else 1


def works(day: date) -> bool:
    return is_working(body_calendar(), day)


def months(first: date, last: date) -> list[date]:
    """The first days of the months that FIRST to LAST touch."""
    found, month = [], first.replace(day=1)
    while month <= last:
        found.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return found


def end_of(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


@once_a_page
def latest_publication(month: date) -> Publication | None:
    return Publication.objects.filter(month=month).select_related("by").first()


def shifts() -> dict[int, plan.Shift]:
    return {row.pk: plan.Shift(row.pk, row.starts, timedelta(minutes=row.minutes), row.days, row.layer) for row in shift_types().values()}


def rotation_base(first: date, last: date) -> plan.Base:
    """What the rotations say of FIRST to LAST, published or not."""
    rotas: dict[int, list[plan.Rota]] = {}
    for row in Rotation.objects.filter(ended_at=None, since__lte=last):
        rotas.setdefault(row.shift_id, []).append(plan.Rota(row.since, tuple(row.people), row.turn_days))
    base: plan.Base = {}
    for shift in shifts().values():
        if shift_types()[shift.pk].is_active and shift.pk in rotas:
            seats = cover if shift.layer == plan.DUTY else (lambda _day: 1)
            base |= plan.rotated(shift, rotas[shift.pk], max(first, min(r.since for r in rotas[shift.pk])), last, seats, works)
    return base


def read_base(rows: Iterable[list[object]]) -> plan.Base:
    """A base or final as a publication keeps it."""
    return {(int(str(pk)), date.fromisoformat(str(day)), int(str(seat))): user for pk, day, seat, user in rows}  # type: ignore[misc]


def _base(month: date, *, published_only: bool) -> plan.Base:
    given_out = latest_publication(month)
    if given_out is not None:
        return read_base(given_out.base)
    return {} if published_only else rotation_base(month, end_of(month))


def changes(first: date, last: date) -> list[plan.Change]:
    """Changes by hand and swaps that hold, of turns from FIRST to LAST."""
    found = [
        plan.Change(row.at, (row.shift_id, row.day, row.seat), row.user_id, "override")
        for row in Override.objects.filter(withdrawn_at=None, day__range=(first, last))
    ]
    for swap in Swap.objects.filter(Q(day__range=(first, last)) | Q(back_day__range=(first, last)), state=Swap.State.HOLDS):
        found += swap_changes(swap)
    return [change for change in found if first <= change.key[1] <= last]


def swap_changes(swap: Swap) -> list[plan.Change]:
    at = swap.agreed_at or swap.asked_at
    found = [plan.Change(at, (swap.shift_id, swap.day, swap.seat), swap.other_id, "swap", swap.asker_id)]
    if swap.back_shift_id and swap.back_day:
        found.append(plan.Change(at, (swap.back_shift_id, swap.back_day, swap.back_seat), swap.asker_id, "swap", swap.other_id))
    return found


def final_turns(first: date, last: date, *, published_only: bool = False) -> list[plan.Turn]:
    """Final from FIRST to LAST: a published month from what was given out, another from the rotation, with changes and swaps."""
    base: plan.Base = {}
    for month in months(first, last):
        base |= {key: user for key, user in _base(month, published_only=published_only).items() if first <= key[1] <= last}
    known = {month for month in months(first, last) if not published_only or latest_publication(month)}
    laid = [change for change in changes(first, last) if change.key[1].replace(day=1) in known]
    return plan.final(base, laid, shifts(), zone())


@once_a_page
def published_turns(first: date, last: date) -> list[plan.Turn]:
    return final_turns(first, last, published_only=True)


def holder(key: plan.Key) -> int | None:
    """Who stands in the turn KEY by Final."""
    return next((turn.user for turn in final_turns(key[1], key[1]) if turn.key == key), None)


# ---------------------------------------------------------------- the month


@dataclass(frozen=True)
class DayHead:
    """A column of the grid."""

    day: date
    weekday: str
    code: str  # working_day | make_up_day | weekend | holiday
    holiday: str
    is_key: bool
    is_today: bool
    uncovered: bool

    @property
    def css(self) -> str:
        marks = (("rest", self.code in ("weekend", "holiday")), ("key", self.is_key), ("now", self.is_today), ("gap", self.uncovered))
        return " ".join(word for word, holds in marks if holds)


@dataclass(frozen=True)
class Cell:
    day: DayHead
    turns: list[tuple[plan.Turn, ShiftType]]


@dataclass(frozen=True)
class PersonRow:
    user: User
    cells: list[Cell]
    load: plan.Load | None
    is_me: bool


@dataclass(frozen=True)
class Said:
    """A finding with its records."""

    code: str
    day: date
    shift: ShiftType
    person: User | None
    other: ShiftType | None
    other_day: date | None
    hours: float
    gone: bool


@dataclass(frozen=True)
class Month:
    """A month as the page shows it."""

    first: date
    days: list[DayHead]
    rows: list[PersonRow]
    leaders: list[PersonRow]
    gaps: list[Cell]  # seats of the duty layer in which nobody stands; empty where there are none
    findings: list[Said]
    turns: list[plan.Turn]
    agenda: list[tuple[DayHead, list[tuple[plan.Turn, ShiftType, User | None]]]]
    publication: Publication | None
    key_periods: list[KeyPeriod]


def month_of(first: date, me: User, *, shown: str = "final", version: Publication | None = None) -> Month:
    """The month that begins with FIRST; SHOWN "rotation" leaves changes and swaps out; VERSION shows it as it was given out then."""
    last = end_of(first)
    if version is not None:
        turns = plan.final(read_base(version.final), (), shifts(), zone())
    elif shown == "rotation":
        turns = plan.final(_base(first, published_only=False), (), shifts(), zone())
    else:
        turns = final_turns(first, last)
    around = final_turns(first - timedelta(days=2), first - timedelta(days=1)) + turns
    around += final_turns(last + timedelta(days=1), last + timedelta(days=2))
    found = [each for each in plan.findings(around, rest(), cover) if first <= each.turn.day <= last]
    heads = [_head(day, {each.turn.day for each in found if each.code == "gap"}) for day in plan.days_between(first, last)]
    return Month(
        first,
        heads,
        _rows(turns, heads, me, plan.DUTY),
        _rows(turns, heads, me, plan.LEADER),
        _gaps(turns, heads),
        [_said(each) for each in found],
        turns,
        _agenda(turns, heads),
        latest_publication(first) if version is None else version,
        list(KeyPeriod.objects.filter(since__lte=last, until__gte=first).order_by("since")),
    )


def rest() -> timedelta:
    return timedelta(hours=int(preference("duty.rest_hours")))


def _head(day: date, gaps: set[date]) -> DayHead:
    said = day_of(body_calendar(), day)
    return DayHead(day, _weekday(day), said.code, holiday_words(said.name), in_key_period(day), day == ports.today(), day in gaps)


def _weekday(day: date) -> str:
    """一, Mo."""
    name = date_format(day, "D")
    return name[:2] if get_language() == "en" else name[-1]


def _rows(turns: list[plan.Turn], heads: list[DayHead], me: User, layer: str) -> list[PersonRow]:
    own = [turn for turn in turns if turn.layer == layer]
    known, types = people(), shift_types()
    load = {each.user: each for each in plan.loads(own, lambda day: day_of(body_calendar(), day).code)}
    rows = []
    for pk in sorted(load, key=lambda pk: (pk != me.pk, pk)):
        by_day: dict[date, list[tuple[plan.Turn, ShiftType]]] = {}
        for turn in own:
            if turn.user == pk:
                by_day.setdefault(turn.day, []).append((turn, types[turn.key[0]]))
        rows.append(PersonRow(known[pk], [Cell(head, by_day.get(head.day, [])) for head in heads], load[pk], pk == me.pk))
    return rows


def _gaps(turns: list[plan.Turn], heads: list[DayHead]) -> list[Cell]:
    empty = [turn for turn in turns if turn.user is None]
    types = shift_types()
    return [Cell(head, [(turn, types[turn.key[0]]) for turn in empty if turn.day == head.day]) for head in heads] if empty else []


def _said(each: plan.Finding) -> Said:
    types, known = shift_types(), people()
    other = each.other
    return Said(
        each.code,
        each.turn.day,
        types[each.turn.key[0]],
        known.get(each.turn.user or 0),
        types[other.key[0]] if other else None,
        other.day if other else None,
        round(each.hours, 1),
        each.turn.end < ports.now(),
    )


def _agenda(turns: list[plan.Turn], heads: list[DayHead]) -> list[tuple[DayHead, list[tuple[plan.Turn, ShiftType, User | None]]]]:
    known, types = people(), shift_types()
    by_day: dict[date, list[tuple[plan.Turn, ShiftType, User | None]]] = {}
    for turn in turns:
        by_day.setdefault(turn.day, []).append((turn, types[turn.key[0]], known.get(turn.user or 0)))
    return [(head, by_day[head.day]) for head in heads if head.day in by_day]


# ---------------------------------------------------------------- one day


@dataclass(frozen=True)
class DayTurn:
    """A turn of a day with its layers."""

    turn: plan.Turn
    shift: ShiftType
    user: User | None
    base: User | None
    override: Override | None
    swap: Swap | None
    is_over: bool
    has_begun: bool

    @property
    def ref(self) -> str:
        return f"{self.shift.pk}-{self.turn.key[2]}"


def day_turns(day: date) -> list[DayTurn]:
    """The turns of DAY with what stands in each layer."""
    known, types, moment = people(), shift_types(), ports.now()
    overrides = {
        (row.shift_id, row.day, row.seat): row for row in Override.objects.filter(day=day, withdrawn_at=None).select_related("by", "user")
    }
    swaps: dict[plan.Key, Swap] = {}
    open_or_holding = [Swap.State.ASKED, Swap.State.AGREED, Swap.State.HOLDS]
    for row in Swap.objects.filter(Q(day=day) | Q(back_day=day), state__in=open_or_holding).select_related("asker", "other").order_by("id"):
        swaps[row.shift_id, row.day, row.seat] = row
        if row.back_shift_id and row.back_day:
            swaps[row.back_shift_id, row.back_day, row.back_seat] = row
    return [
        DayTurn(
            turn,
            types[turn.key[0]],
            known.get(turn.user or 0),
            known.get(turn.base or 0),
            overrides.get(turn.key),
            swaps.get(turn.key),
            turn.end <= moment,
            turn.start <= moment,
        )
        for turn in final_turns(day, day)
    ]


def own_turns(user: User, first: date, last: date) -> list[plan.Turn]:
    """The published turns of USER that have not begun."""
    moment = ports.now()
    return [turn for turn in published_turns(first, last) if turn.user == user.pk and turn.start > moment]


def turn_words(turn: plan.Turn) -> str:
    """11-24 白班 08:00."""
    return f"{turn.day:%m-%d} {shift_types()[turn.key[0]]} {turn.start:%H:%M}"


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), zone())
