"""What planners do to the roster: kinds of shift, rotations, changes of a turn, giving out a month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import User
from groundswell.desk.roster import queries
from groundswell.desk.roster import turns as plan
from groundswell.desk.roster.forms import OverrideForm
from groundswell.desk.roster.models import Override, Publication, Rotation, ShiftType
from groundswell.desk.spine import ports
from groundswell.desk.spine.actions import Act, Refused, action, subject
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.shell import both_names

subject("shift", ShiftType, path="roster/shifts", name=gettext_lazy("Kind of shift"))
subject("rotation", Rotation, path="roster/rotations", name=gettext_lazy("Rotation"))
subject("turn", Override, path="roster/changes", name=gettext_lazy("Change of a turn"))
subject("roster", Publication, path="roster/versions", name=gettext_lazy("Roster of a month"))

# Kinds of rotation to begin with: (code, words, rows of ShiftType). 24 h in turns of three is the usual town's roster.
PRESETS: tuple[tuple[str, Any, tuple[dict[str, Any], ...]], ...] = (
    (
        "whole_day",
        gettext_lazy("24 hours, one after another"),
        ({"name": "全天班", "name_en": "Whole day", "mark": "全", "mark_en": "24", "starts": time(8, 30), "minutes": 24 * 60},),
    ),
    (
        "day_night",
        gettext_lazy("Day and night"),
        (
            {"name": "白班", "name_en": "Day shift", "mark": "白", "mark_en": "D", "starts": time(8), "minutes": 570},
            {"name": "夜班", "name_en": "Night shift", "mark": "夜", "mark_en": "N", "starts": time(17, 30), "minutes": 870},
        ),
    ),
    (
        "working_days",
        gettext_lazy("Working days, and days of rest by themselves"),
        (
            {
                "name": "工作日班",
                "name_en": "Working day",
                "mark": "班",
                "mark_en": "W",
                "starts": time(8, 30),
                "minutes": 540,
                "days": "working",
            },
            {"name": "休息日班", "name_en": "Day of rest", "mark": "休", "mark_en": "R", "starts": time(9), "minutes": 480, "days": "rest"},
        ),
    ),
)
LEADING: dict[str, Any] = {
    "name": "带班领导",
    "name_en": "Leader on duty",
    "mark": "带",
    "mark_en": "L",
    "starts": time(8),
    "minutes": 24 * 60,
    "layer": "leader",
}


@action(
    "shift.make",
    verb=gettext_lazy("Add a kind of shift"),
    did=gettext_lazy("added the kind of shift %(shift)s"),
    permission="roster.plan",
    icon="plus",
    creates=True,
)
def make_shift(act: Act, _none: None, **values: Any) -> ShiftType:
    act.data = {"shift": values["name"], "shift_en": values["name_en"]}
    return ShiftType.objects.create(**values)


@action(
    "shift.change",
    verb=gettext_lazy("Change"),
    did=gettext_lazy("changed the kind of shift %(shift)s"),
    permission="roster.plan",
    icon="edit",
    tracks=("name", "name_en", "mark", "mark_en", "minutes", "days", "layer", "is_active"),
)
def change_shift(act: Act, shift: ShiftType, **values: Any) -> None:
    for name, value in values.items():
        setattr(shift, name, value)
    act.data = {"shift": shift.name, "shift_en": shift.name_en}


@action(
    "rotation.begin",
    verb=gettext_lazy("Begin a rotation"),
    did=gettext_lazy("began a rotation of %(shift)s from %(since)s"),
    permission="roster.plan",
    icon="auto",
    creates=True,
)
def begin_rotation(act: Act, _none: None, *, shift: ShiftType, since: date, turn_days: int, people: list[int]) -> Rotation:
    """From SINCE on; the days before keep what they had."""
    act.data = both_names("shift", shift) | {"since": since.isoformat()}
    Rotation.objects.filter(shift=shift, since=since, ended_at=None).update(ended_at=act.at)
    return Rotation.objects.create(shift=shift, since=since, turn_days=turn_days, people=people, made_by=act.user, made_at=act.at)


def _withdraw(act: Act, change: Override, _entry: Entry) -> None:
    change.withdrawn_at = act.at
    change.save(update_fields=["withdrawn_at"])


def _data(change: Override) -> dict[str, str]:
    nobody = {"who": "无人", "who_en": "nobody"}
    who = both_names("who", change.user) if change.user else nobody
    return both_names("shift", change.shift) | who | {"day": change.day.isoformat()}


@action(
    "turn.put",
    verb=gettext_lazy("Put somebody else"),
    did=gettext_lazy("put %(who)s into %(shift)s of %(day)s"),
    permission="roster.plan",
    form=OverrideForm,
    icon="edit",
    creates=True,
    undoable=True,
    on_undo=_withdraw,
)
def put(act: Act, _none: None, *, shift: ShiftType, day: date, seat: int, user: User | None, reason: str) -> Override:
    """A change takes the place of one that was there."""
    Override.objects.filter(shift=shift, day=day, seat=seat, withdrawn_at=None).update(withdrawn_at=act.at)
    made = Override.objects.create(shift=shift, day=day, seat=seat, user=user, reason=reason, by=act.user, at=act.at)
    act.data = _data(made)
    return made


@action(
    "turn.withdraw",
    verb=gettext_lazy("Back to the rotation"),
    did=gettext_lazy("took the change of %(shift)s of %(day)s back"),
    permission="roster.plan",
    icon="undo",
)
def withdraw(act: Act, change: Override) -> None:
    if change.withdrawn_at:
        raise Refused(_("This change does not hold any more."))
    change.withdrawn_at = act.at
    act.data = _data(change)


@action(
    "roster.publish",
    verb=gettext_lazy("Publish the month"),
    did=gettext_lazy("published the month %(month)s, version %(no)s"),
    permission="roster.plan",
    icon="send",
    key="p",
    creates=True,
)
def publish(act: Act, _none: None, *, month: date, knowing: bool = False) -> Publication:
    """Fix the rotation of MONTH and keep Final as it stands. What is wrong is seen first: with findings only KNOWING them.

    Days that are over keep what the version before said of them.
    """
    last = queries.end_of(month)
    base = queries.rotation_base(month, last)
    before = Publication.objects.select_for_update().filter(month=month).first()
    if before is not None:
        old, today = queries.read_base(before.base), ports.today()
        base = {key: user for key, user in base.items() if key[1] >= today} | {key: user for key, user in old.items() if key[1] < today}
    if not any(base.values()):
        raise Refused(_("There is no rotation in this month yet. Begin one first."))
    turns = plan.final(base, queries.changes(month, last), queries.shifts(), ports.zone())
    wrong = [each for each in plan.findings(turns, queries.rest(), queries.cover) if each.turn.end > act.at]
    if wrong and not knowing:
        raise Refused(_("Look at what was found first, and say that the month is to be published with it."))
    no = (before.no if before else 0) + 1
    act.data = {"month": f"{month:%Y-%m}", "no": no}
    try:
        with transaction.atomic():
            return Publication.objects.create(
                month=month,
                no=no,
                at=act.at,
                by=act.user,
                base=_rows(base),
                final=_rows({t.key: t.user for t in turns}),
                findings=len(wrong),
            )
    except IntegrityError as error:
        raise Refused(_("Somebody published this month in the meantime. Look at it again.")) from error


def _rows(base: Mapping[plan.Key, int | None]) -> list[list[Any]]:
    return [[pk, day.isoformat(), seat, user] for (pk, day, seat), user in sorted(base.items(), key=lambda row: (row[0][1], row[0]))]
