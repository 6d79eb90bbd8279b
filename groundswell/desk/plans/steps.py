"""The steps of a running response: begun by the grade, done, left out, or handed to a unit as a task of the case."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import Unit
from groundswell.desk.cases.models import Case
from groundswell.desk.plans.forms import DoneForm, HandForm
from groundswell.desk.plans.models import Response, ResponseStep, Stage, StepState
from groundswell.desk.plans.playbook import LEAD, Step, span_of
from groundswell.desk.plans.wording import in_both, ready_text
from groundswell.desk.spine.actions import Act, Refused, action, perform, record_fact, subject
from groundswell.desk.spine.forms import ReasonForm
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.shell import both_names
from groundswell.desk.spine.ticks import tick
from groundswell.desk.spine.timeline import fact

subject("step", ResponseStep, path="plans/steps", ref="pk", state_field="state", name=gettext_lazy("Step"))

fact("step_did", gettext_lazy("%(step)s: %(what)s"))
fact("step_task_done", gettext_lazy("the unit's answer was accepted"))
fact("step_left_out", gettext_lazy("the grade was lowered: left out"))
fact("step_task_void", gettext_lazy("the task was withdrawn: to be done again"))

DONE, LEFT_OUT = gettext_lazy("done"), gettext_lazy("left out, %(reason)s")
HANDED, IN_DRILL = gettext_lazy("handed to %(unit)s"), gettext_lazy("would be handed to %(unit)s")


def follow_grade(response: Response, at: datetime) -> None:
    """Begin the steps that hold at the response's grade and are not there yet; leave out those of a grade that was left."""
    assert response.grade is not None
    there = {row.code: row for row in response.steps.order_by("round")}  # the last round of each
    for step in response.book.steps:
        row = there.get(step.code)
        holds = response.grade <= step.grade
        if holds and (row is None or row.state == StepState.SKIPPED):
            _begin(response, step, row.round + 1 if row else 1, at, at + span_of(step.within))
        elif not holds and row is not None and row.state == StepState.TODO:
            row.state, row.done_at, row.note = StepState.SKIPPED, at, _("the grade was lowered")
            row.save()
            record_fact("step_left_out", row, was=StepState.TODO)


def _begin(response: Response, step: Step, round_: int, at: datetime, due: datetime) -> None:
    ResponseStep.objects.create(response=response, code=step.code, round=round_, begins_at=at, due_at=due)


def _check(row: ResponseStep) -> None:
    if row.response.state != Stage.RUNNING:
        raise Refused(_("The response does not run."))


def _tell(row: ResponseStep, what: Any, **values: Any) -> None:
    """On the timeline of the response."""
    rules = row.rules
    words = in_both(what, **values)
    data = {
        "step": rules.zh if rules else row.code,
        "step_en": rules.en if rules else row.code,
        "what": words["zh"],
        "what_en": words["en"],
    }
    record_fact("step_did", row.response, data)


def _again(act: Act, row: ResponseStep) -> None:
    """The next round of a step that repeats: in its rhythm from when this one was due, never at once."""
    rules = row.rules
    if rules is None or not rules.every:
        return
    span = span_of(rules.every)
    due = row.due_at + span
    _begin(row.response, rules, row.round + 1, act.at, due if due > act.at else act.at + span)


def _undone(act: Act, row: ResponseStep, entry: Entry) -> None:
    ResponseStep.objects.filter(response=row.response, code=row.code, round=row.round + 1, state=StepState.TODO).delete()


@action(
    "step.done",
    verb=gettext_lazy("Mark as done"),
    did=gettext_lazy("did it: %(note)s"),
    permission="plan.work",
    from_states=[StepState.TODO],
    to_state=StepState.DONE,
    form=DoneForm,
    icon="check",
    tracks=("state", "done_at", "done_by", "note"),
    undoable=True,
    on_undo=_undone,
)
def done(act: Act, row: ResponseStep, *, note: str = "") -> None:
    """Done, with what was done in a few words; one that repeats begins anew."""
    _check(row)
    row.done_at, row.done_by, row.note = act.at, act.user, note.strip()
    act.data = {"note": note.strip()}
    _again(act, row)
    _tell(row, DONE)


@action(
    "step.skip",
    verb=gettext_lazy("Leave out"),
    did=gettext_lazy("left it out: %(reason)s"),
    permission="plan.work",
    from_states=[StepState.TODO],
    to_state=StepState.SKIPPED,
    form=ReasonForm,
    icon="x",
    tracks=("state", "done_at", "done_by", "note"),
    undoable=True,
)
def skip(act: Act, row: ResponseStep, *, reason: str) -> None:
    """Not needed here, with the reason; it does not come again."""
    _check(row)
    row.done_at, row.done_by, row.note = act.at, act.user, reason.strip()
    act.data = {"reason": reason}
    _tell(row, LEFT_OUT, reason=reason.strip())


def _handing(row: ResponseStep) -> dict[str, Any]:
    rules = row.rules
    if rules is None:
        return {}
    case = row.response.case
    lead = case.unit if case else None
    unit = lead if rules.unit == LEAD else Unit.objects.filter(code=rules.unit).first()
    return {
        "unit": unit.pk if unit else None,
        "title": str(rules.words)[:200],
        "text": ready_text(rules, row.response),
        "within": rules.days,
    }


@action(
    "step.hand_out",
    verb=gettext_lazy("Hand to a unit"),
    did=gettext_lazy("handed it to %(unit)s"),
    permission="plan.work",
    from_states=[StepState.TODO],
    form=HandForm,
    initial=_handing,
    icon="send",
)
def hand_out(act: Act, row: ResponseStep, *, unit: Unit, title: str, within: int, text: str = "") -> None:
    """A task of the case with its clocks. In a drill nothing reaches the unit: that it would have is the note."""
    _check(row)
    act.data = both_names("unit", unit)
    names = in_both(IN_DRILL if row.response.drill else HANDED, unit=unit.name)
    if row.response.drill:
        row.state, row.done_at, row.done_by, row.note = StepState.DONE, act.at, act.user, str(IN_DRILL) % {"unit": unit.name}
        _again(act, row)
    else:
        case = row.response.case
        assert case is not None
        perform("case.hand_out", act.user, case, {"title": title, "unit": unit, "within": within, "text": text}, batch=act.batch)
        row.state, row.task = StepState.HANDED, Case.objects.get(pk=case.pk).tasks.latest("id")
    rules = row.rules
    data = {
        "step": rules.zh if rules else row.code,
        "step_en": rules.en if rules else row.code,
        "what": names["zh"],
        "what_en": names["en"],
    }
    record_fact("step_did", row.response, data)


@tick("plans.steps")
def follow_tasks(moment: datetime) -> None:
    """A step with a unit is done when its answer was accepted, and to be done again when the task was withdrawn."""
    for row in ResponseStep.objects.filter(state=StepState.HANDED, task__state__in=["task.done", "task.void"]).select_related("task"):
        assert row.task is not None
        is_done = row.task.state == "task.done"
        was, row.state = row.state, StepState.DONE if is_done else StepState.TODO
        row.done_at = (row.task.closed_at or moment) if is_done else None
        if not is_done:
            row.task = None
        with transaction.atomic():
            row.save()
            record_fact("step_task_done" if is_done else "step_task_void", row, was=was)


def due_soon(moment: datetime) -> Any:
    """The open steps of running responses, drills too, that are due within the hour (index state, due_at)."""
    rows = ResponseStep.objects.filter(state=StepState.TODO, due_at__lt=moment + timedelta(hours=1), response__state=Stage.RUNNING)
    return rows.select_related("response__plan_version").order_by("due_at")
