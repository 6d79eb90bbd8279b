"""会商研判: called, attended, views taken down, minutes whose decisions became tasks of the case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import Unit, User
from groundswell.desk.cases.actions import OPEN_CASES
from groundswell.desk.cases.aftermath import Consultation, Decision, View
from groundswell.desk.cases.aftermath_forms import AttendanceForm, CallForm, DecideForm, MinutesForm, ViewForm
from groundswell.desk.cases.models import Case, Task
from groundswell.desk.spine.actions import Act, Refused, action, perform, record_fact, subject
from groundswell.desk.spine.forms import ReasonForm
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.shell import both_names, named
from groundswell.desk.spine.timeline import fact, in_a_line

State = Consultation.State
subject("consultation", Consultation, path="consultations", state_field="state", name=gettext_lazy("Consultation"))

fact("consultation_held", gettext_lazy("consultation “%(title)s”: minutes with %(n)s decisions"))
fact("consultation_off", gettext_lazy("consultation “%(title)s” called off"))


def _next_hour(case: Case) -> dict[str, Any]:
    from groundswell.desk.spine.ports import now

    at = (now() + timedelta(hours=1)).astimezone(zone()).replace(minute=0, second=0, microsecond=0)
    return {"title": case.title, "at": at, "units": sorted(pk for pk in case.unit_ids if pk is not None)}


@action(
    "case.consult",
    verb=gettext_lazy("Call a consultation"),
    did=gettext_lazy("called a consultation for %(at)s: %(title)s"),
    permission="case.handle",
    from_states=OPEN_CASES,
    form=CallForm,
    initial=_next_hour,
    icon="msg",
)
def call(
    act: Act,
    case: Case,
    *,
    title: str,
    at: datetime,
    place: str = "",
    agenda: str = "",
    people: Iterable[User] = (),
    units: Iterable[Unit] = (),
) -> None:
    """Those who are called find it in their queue as its time comes near."""
    made = Consultation.objects.create(
        case=case, title=title, at=at, place=place, agenda=agenda.strip(), called_by=act.user, called_at=act.at
    )
    made.people.set(people)
    made.units.set(units)
    act.data = {"title": title, "at": at.astimezone(zone()).strftime("%m-%d %H:%M"), "consultation": made.pk}


@action(
    "consultation.attend",
    verb=gettext_lazy("Note who was there"),
    did=gettext_lazy("noted who was there: %(who)s"),
    permission="case.handle",
    from_states=[State.CALLED, State.HELD],
    form=AttendanceForm,
    initial=lambda row: {
        "present": list(row.present.all() or row.people.all()),
        "present_units": list(row.present_units.all() or row.units.all()),
    },
    icon="user",
)
def attend(act: Act, row: Consultation, *, present: Iterable[User] = (), present_units: Iterable[Unit] = ()) -> None:
    """Who came of those who were called, and who else."""
    row.present.set(present)
    row.present_units.set(present_units)
    act.data = {"who": "、".join([user.name for user in present] + [unit.name for unit in present_units])}


@action(
    "consultation.view",
    verb=gettext_lazy("Take down a view"),
    did=gettext_lazy("took down the view of %(speaker)s: %(text)s"),
    permission="note.write",
    from_states=[State.CALLED],
    form=ViewForm,
    icon="edit",
    on_chain=False,
)
def view(act: Act, row: Consultation, *, speaker: str, text: str) -> None:
    View.objects.create(consultation=row, speaker=speaker, text=text.strip(), at=act.at)
    act.data = {"speaker": speaker, "text": in_a_line(text)}


@action(
    "consultation.decide",
    verb=gettext_lazy("Take down a decision"),
    did=gettext_lazy("decided: %(text)s (%(unit)s)"),
    permission="task.hand_out",
    from_states=[State.CALLED, State.HELD],
    form=DecideForm,
    initial=lambda row: {"unit": row.case.unit_id},
    icon="check",
)
def decide(act: Act, row: Consultation, *, text: str, unit: Unit, within: int) -> None:
    """A decision is a task of the case from the moment it is written down."""
    words = _("Decided in consultation: %(title)s") % {"title": row.title}
    perform("case.hand_out", act.user, row.case, {"title": text, "unit": unit, "within": within, "text": words}, batch=act.batch)
    Decision.objects.create(consultation=row, text=text, task=Task.objects.filter(case=row.case_id).latest("id"))
    act.data = both_names("unit", unit) | {"text": text}


def draft_minutes(row: Consultation) -> str:
    """Minutes out of what was taken down, to be put into shape by a person."""
    there = [named(user) for user in row.present.all() or row.people.all()] + [
        named(unit) for unit in row.present_units.all() or row.units.all()
    ]
    lines = [_("Time: %(at)s") % {"at": row.at.astimezone(zone()).strftime("%Y-%m-%d %H:%M")}]
    lines += [_("Place: %(place)s") % {"place": row.place}] if row.place else []
    lines += [_("Present: %(who)s") % {"who": _(", ").join(there)}] if there else []
    lines += [_("To be judged: %(what)s") % {"what": row.agenda}] if row.agenda else []
    lines += (
        ["", _("Views")] + [f"{n}. {each.speaker}：{each.text}" for n, each in enumerate(row.views.all(), 1)] if row.views.exists() else []
    )
    decisions = row.decisions.select_related("task__unit")
    lines += (
        ["", _("Decisions")] + [f"{n}. {each.text}（{named(each.task.unit)}）" for n, each in enumerate(decisions, 1)] if decisions else []
    )
    return "\n".join(lines)


@action(
    "consultation.minutes",
    verb=gettext_lazy("Settle the minutes"),
    did=gettext_lazy("settled the minutes"),
    permission="case.handle",
    from_states=[State.CALLED],
    to_state=State.HELD,
    form=MinutesForm,
    initial=lambda row: {"text": draft_minutes(row)},
    key="v",
    icon="check",
)
def settle(act: Act, row: Consultation, *, text: str) -> None:
    """会议纪要: what was held and decided, on the timeline of the case."""
    if row.at > act.at:
        raise Refused(_("It has not begun yet."))
    row.minutes, row.held_at = text.strip(), act.at
    record_fact("consultation_held", row.case, {"title": row.title, "n": row.decisions.count()})


@action(
    "consultation.call_off",
    verb=gettext_lazy("Call off"),
    did=gettext_lazy("called it off"),
    permission="case.handle",
    from_states=[State.CALLED],
    to_state=State.VOID,
    form=ReasonForm,
    icon="x",
)
def call_off(act: Act, row: Consultation, *, reason: str) -> None:
    if row.decisions.exists():
        raise Refused(_("Decisions were taken: settle the minutes."))
    record_fact("consultation_off", row.case, {"title": row.title})
