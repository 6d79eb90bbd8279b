"""What people do to cases and tasks. The moves come out of the kinds' files; here stand the few acts that are more than a move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import Unit
from groundswell.desk.cases import clocks
from groundswell.desk.cases.following import why_back
from groundswell.desk.cases.forms import MOVE_FORMS, ExtendForm, HandToForm, OpenForm, TaskForm
from groundswell.desk.cases.kinds import Kind, Move, case_kinds, kinds, state_row
from groundswell.desk.cases.models import Case, CaseRole, Task
from groundswell.desk.spine.actions import Act, Refused, action, record_fact, subject
from groundswell.desk.spine.forms import DeskForm
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.numbering import take_number
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.shell import both_names
from groundswell.desk.spine.ticks import tick
from groundswell.desk.spine.timeline import fact, in_a_line
from groundswell.desk.stories.models import State, Story

subject("case", Case, path="cases", ref="number", state_field="state", name=gettext_lazy("Case"))
subject("task", Task, path="tasks", ref="pk", state_field="state", name=gettext_lazy("Task"))

OPEN_CASES = [kind.whole(code) for kind in case_kinds() for code, row in kind.states.items() if not row.ends]
OPEN_TASKS = [kinds()["task"].whole(code) for code, row in kinds()["task"].states.items() if not row.ends]
HANDING_OUT = [state for state in OPEN_CASES if state_row(state).column in ("open", "handling")]

fact("case_back", gettext_lazy("the time of following is over: back in the queue"))
fact("case_story_rises", gettext_lazy("its story rises again: back in the queue"))
fact("case_forecast_left", gettext_lazy("its story left its forecast: back in the queue"))
fact("case_quiet", gettext_lazy("its story was quiet for as long as wanted: to be closed"))
fact("task_moved", gettext_lazy("%(unit)s: %(what)s"))


class NoteForm(DeskForm):
    text = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Internal: never public."),
    )


class SpokeForm(DeskForm):
    text = forms.CharField(label=gettext_lazy("What was said"), max_length=300)
    address = forms.URLField(label=gettext_lazy("Where it stands"), required=False, assume_scheme="https")


class RoleForm(DeskForm):
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=CaseRole.Role.choices)


# ---------------------------------------------------------------- moves, out of the kinds


def _run_of(kind: Kind, move: Move) -> Any:
    def run(act: Act, record: Case | Task, **values: Any) -> None:
        _check(kind, move, act, record)
        before, after = state_row(record.state), kind.states[move.to]
        _write(act, move, record, values)
        record.closed_at = act.at if after.ends else None
        clocks.after_move(record, move.code, act.at, rested=before.waits, rests=after.waits, ends=after.ends)
        if isinstance(record, Task):
            what = {"what": move.verb.zh, "what_en": move.verb.en, "task": record.pk}
            record_fact("task_moved", record.case, both_names("unit", record.unit) | what)

    run.__name__ = f"{kind.code}_{move.code}"
    run.__doc__ = f"{move.verb.en}: {', '.join(move.from_)} → {move.to}."
    return run


# further reasons why a move of a case is refused; each raises Refused
CHECKS: list[Callable[[Case, str], None]] = []


def _check(kind: Kind, move: Move, act: Act, record: Case | Task) -> None:
    if isinstance(record, Case):
        for check in CHECKS:
            check(record, move.code)
    if move.tasks_done and isinstance(record, Case):
        waiting = [task.title for task in record.tasks.all() if task.is_open]
        if waiting:
            raise Refused(_("These tasks are not done yet: %(tasks)s. Accept or withdraw them first.") % {"tasks": "；".join(waiting)})
    if move.other_person and act.user is not None:
        last = Entry.objects.filter(
            subject_type=kind.subject, subject_id=record.pk, action=_name(kind, move.other_person), undone_by=None, undo_of=None
        ).order_by("-id")
        who = last.values_list("actor_id", flat=True).first()
        if who == act.user.pk:
            raise Refused(_("Whoever wrote it does not review it. Another person must do this."))


def _write(act: Act, move: Move, record: Case | Task, values: dict[str, Any]) -> None:
    if move.form == "answer":
        record.answer = values["text"].strip()
        act.data = {"text": in_a_line(record.answer)}
    elif move.form == "outcome" and isinstance(record, Case):
        record.outcome = values["outcome"].strip()
        act.data = {"outcome": record.outcome}
    elif move.form == "follow" and isinstance(record, Case):
        quiet = values.get("until") == "quiet" and record.story is not None
        record.follow_quiet = values["days"] if quiet else None
        record.follow_until = None if quiet else act.at + timedelta(days=values["days"])
        record.follow_since = act.at
        act.data = {"days": values["days"]}
    elif move.form == "unit" and isinstance(record, Task):
        record.unit = values["unit"]
        record.returned_why = ""
        act.data = both_names("unit", values["unit"])
    elif move.code == "give_back" and isinstance(record, Task):
        record.returned_why = values["reason"]


def _taken_back(move: Move) -> Any:
    def on_undo(act: Act, record: Case | Task, entry: Entry) -> None:
        record.closed_at = None
        clocks.take_back(record, move.code, act.at)

    return on_undo


def _name(kind: Kind, code: str) -> str:
    """``case.message_accept``, ``task.sign``."""
    return f"task.{code}" if kind.subject == "task" else f"case.{kind.code}_{code}"


def _register_moves() -> None:
    for kind in kinds().values():
        for move in kind.moves:
            action(
                _name(kind, move.code),
                verb=move.verb.lazily,
                did=move.did.lazily,
                permission=move.may,
                from_states=[kind.whole(state) for state in move.from_],
                to_state=kind.whole(move.to),
                form=MOVE_FORMS[move.form],
                key=move.key,
                icon=move.icon,
                tracks=(
                    "state",
                    *(("answer",) if move.form == "answer" else ()),
                    *(("follow_until", "follow_quiet", "follow_since") if move.form == "follow" else ()),
                ),
                undoable=move.undo,
                on_undo=_taken_back(move) if move.undo else None,
            )(_run_of(kind, move))


_register_moves()


# ---------------------------------------------------------------- beginnings


def make_case(act: Act, kind: Kind, **values: Any) -> Case:
    """A new case of KIND with its number and its clocks."""
    year = act.at.astimezone(zone()).year
    case = Case.objects.create(
        number=f"{kind.prefix}-{year}-{take_number(f'{kind.prefix}:{year}'):04d}",
        kind=kind.code,
        state=kind.whole(kind.opens),
        opened_by=act.user,
        opened_at=act.at,
        **values,
    )
    clocks.after_move(case, "open", act.at, rested=False, rests=False, ends=False)
    return case


@action(
    "case.open",
    verb=gettext_lazy("Enter a case"),
    did=gettext_lazy("entered it"),
    permission="case.handle",
    form=OpenForm,
    icon="plus",
    creates=True,
)
def open_case(
    act: Act,
    _none: None,
    *,
    kind: str,
    title: str,
    text: str = "",
    sort: str = "",
    letter: str = "",
    date: date | None = None,
    unit: Unit | None = None,
) -> Case:
    """A message, a request, a task from above, a list of tasks."""
    return make_case(act, kinds()[kind], title=title, text=text, sort=sort, letter=letter, date=date, unit=unit)


def _withdraw_case(act: Act, story: Story, entry: Entry) -> None:
    case = Case.objects.get(number=entry.data["number"])
    if case.state != "incident.open" or case.tasks.exists():
        raise Refused(_("The case has gone on; withdraw it there."))
    case.state, case.closed_at = "incident.void", act.at
    clocks.after_move(case, "withdraw", act.at, rested=False, rests=False, ends=True)
    case.save()
    record_fact("case_of_story_undone", case, {"number": story.number}, was="incident.open")


@action(
    "story.open_case",
    verb=gettext_lazy("Open a case"),
    did=gettext_lazy("opened the case %(number)s"),
    permission="case.handle",
    from_states=[state for state in State if state != State.CLOSED],
    key="o",
    icon="case",
    undoable=True,
    on_undo=_withdraw_case,
)
def open_of_story(act: Act, story: Story) -> None:
    """One key: the story's case, led by its unit."""
    there = Case.objects.filter(story=story, kind="incident", closed_at=None).first()
    if there is not None:
        raise Refused(_("It has the case %(number)s already.") % {"number": there.number})
    case = make_case(act, kinds()["incident"], title=story.title, unit=story.unit, story=story)
    act.data = {"number": case.number}
    record_fact("case_of_story", case, {"number": story.number})


fact("case_of_story", gettext_lazy("opened from the story %(number)s"))
fact("case_of_story_undone", gettext_lazy("its opening from the story %(number)s was taken back"))


@action(
    "case.hand_out",
    verb=gettext_lazy("Hand out a task"),
    did=gettext_lazy("handed “%(title)s” to %(unit)s"),
    permission="task.hand_out",
    from_states=HANDING_OUT,
    form=TaskForm,
    initial=lambda case: {"unit": case.unit_id, "title": case.title},
    key="t",
    icon="plus",
)
def hand_out(act: Act, case: Case, *, title: str, unit: Unit, within: int, text: str = "") -> None:
    """A task for one unit, with the clock of its answer and the one of its signing for it."""
    kind = kinds()["task"]
    task = Task.objects.create(
        case=case, state=kind.whole(kind.opens), title=title, text=text, unit=unit, within=within, handed_by=act.user, handed_at=act.at
    )
    clocks.after_move(task, "open", act.at, rested=False, rests=False, ends=False)
    act.data = both_names("unit", unit) | {"title": title, "task": task.pk}


@action(
    "task.urge",
    verb=gettext_lazy("Urge"),
    did=gettext_lazy("urged %(unit)s, for the %(n)s. time"),
    permission="task.hand_out",
    from_states=["task.sent", "task.doing"],
    icon="warn",
)
def urge(act: Act, task: Task) -> None:
    """催办: counted, and on both timelines."""
    task.urged += 1
    act.data = both_names("unit", task.unit) | {"n": task.urged}
    record_fact("task_moved", task.case, both_names("unit", task.unit) | {"what": "催办", "what_en": "urged", "task": task.pk})


@action(
    "case.assign",
    verb=gettext_lazy("Choose lead unit"),
    did=gettext_lazy("gave the lead to %(unit)s"),
    permission="case.handle",
    from_states=OPEN_CASES,
    form=HandToForm,
    initial=lambda case: {"unit": case.unit_id},
    key="a",
    icon="case",
    tracks=("unit",),
    undoable=True,
)
def assign(act: Act, case: Case, *, unit: Unit) -> None:
    act.data = both_names("unit", unit)
    case.unit = unit


@action(
    "case.note",
    verb=gettext_lazy("Write a note"),
    did=gettext_lazy("noted"),
    permission="case.handle",
    form=NoteForm,
    key="n",
    icon="edit",
    on_chain=False,
)
def note(act: Act, case: Case, *, text: str) -> None:
    """An internal note on the timeline."""
    act.data = {"note": text.strip()}


@action(
    "case.spoke",
    verb=gettext_lazy("Record a public word"),
    did=gettext_lazy("spoke in public: %(text)s"),
    permission="case.handle",
    from_states=[state for state in OPEN_CASES if state.startswith("incident.")],
    form=SpokeForm,
    icon="msg",
)
def spoke(act: Act, case: Case, *, text: str, address: str = "") -> None:
    """What the body said where the question stands, with its address: it meets the clock of the first word."""
    clocks.after_move(case, "spoke", act.at, rested=False, rests=False, ends=False)
    act.data = {"text": in_a_line(text), "address": address}


@action(
    "case.extend",
    verb=gettext_lazy("Extend"),
    did=gettext_lazy("extended the clock by %(n)s: %(reason)s"),
    permission="case.review",
    from_states=OPEN_CASES,
    form=ExtendForm,
    initial=lambda case: {"clock": next((clock.rule.partition(":")[0] for clock in clocks.of(case, running=True)), "")},
    icon="clock",
)
def extend(act: Act, case: Case, *, clock: str, n: int, reason: str) -> None:
    """More time, with its reason; the sum on the case's page shows it."""
    try:
        clocks.extend(case, clock, n, reason, act.at)
    except LookupError:
        raise Refused(_("This clock does not run.")) from None
    act.data = {"n": n, "reason": reason, "clock": clock}


@action(
    "case.take_role",
    verb=gettext_lazy("Take a role"),
    did=gettext_lazy("took the role: %(role)s"),
    permission="case.handle",
    from_states=OPEN_CASES,
    form=RoleForm,
    icon="user",
)
def take_role(act: Act, case: Case, *, role: str) -> None:
    """Who held it before gives it up at that moment."""
    CaseRole.objects.filter(case=case, role=role, renounced_at=None).update(renounced_at=act.at)
    CaseRole.objects.create(case=case, user_id=act.by, role=role, assumed_at=act.at)
    act.data = {"role": str(CaseRole.Role(role).label)}


# ---------------------------------------------------------------- what the program does by itself


@tick("cases.follow")
def end_following(moment: datetime) -> None:
    """Followed cases come back when they were quiet long enough, left their forecast, rise again, or when their time is over."""
    for case in Case.objects.filter(state="incident.following").select_related("story"):
        why = why_back(case, moment)
        if not why:
            continue
        over = {"state": "incident.handling", "follow_until": None, "follow_quiet": None, "follow_since": None}
        with transaction.atomic():
            if Case.objects.filter(pk=case.pk, state="incident.following").update(**over):
                case.state = "incident.handling"
                record_fact(why, case, was="incident.following")
