"""What leaders and the office do: 圈阅, 批示, 转批; hand out, report back, accept, 销号."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import User
from groundswell.desk.bulletins.models import Issue, IssueItem
from groundswell.desk.cases.actions import HANDING_OUT, make_case
from groundswell.desk.cases.kinds import kinds
from groundswell.desk.cases.models import Case, Task
from groundswell.desk.flash import readings
from groundswell.desk.flash.models import Report
from groundswell.desk.instructions.forms import FeedbackForm, HandOutForm, PassForm
from groundswell.desk.instructions.models import Instruction, Passing, Stage, Way
from groundswell.desk.instructions.reading import Thing, thing_of
from groundswell.desk.spine.actions import Act, Refused, action, perform, record_fact, subject
from groundswell.desk.spine.forms import ReasonForm
from groundswell.desk.spine.numbering import take_number
from groundswell.desk.spine.ports import today, zone
from groundswell.desk.spine.settings_calendar import body_calendar
from groundswell.desk.spine.shell import named
from groundswell.desk.spine.timeline import fact, in_a_line
from groundswell.desk.stories.models import Story
from groundswell.engine.clocks.working_days import is_working

subject("instruction", Instruction, path="instructions", ref="number", state_field="state", name=gettext_lazy("Instruction"))

fact("instructed", gettext_lazy("%(who)s instructed (%(number)s): %(text)s"))
fact("instruction_closed", gettext_lazy("the instruction %(number)s is closed off"))
fact("case_of_instruction", gettext_lazy("opened for the instruction %(number)s"))


def _names(user: User) -> dict[str, str]:
    return {"who": user.name, "who_en": user.name_en or user.name}


# ---------------------------------------------------------------- three acts on what was read


def settle_passings(user: User, thing: Thing, act: Act) -> None:
    """What was passed on to USER about THING is dealt with by any of the three acts."""
    rows = Passing.objects.filter(to=user, done_at=None, story=thing.story, case=thing.case, issue=thing.issue, report=thing.report)
    rows.update(done_at=act.at)
    if thing.report is not None:
        readings.mark(user, thing.report, act.at)


def _thing(record: Story | Case | Issue | Report, piece: IssueItem | None) -> Thing:
    if isinstance(record, Story):
        return Thing(story=record)
    if isinstance(record, Report):
        return Thing(report=record)
    return Thing(case=record) if isinstance(record, Case) else Thing(issue=record, piece=piece)


def seen(act: Act, record: Any, *, piece: IssueItem | None = None) -> None:
    """圈阅: the leader has read it; a line on its timeline and nothing else."""
    assert act.user is not None
    settle_passings(act.user, _thing(record, piece), act)
    act.data = {"piece": piece.title, "piece_en": piece.title_en or piece.title} if piece else {"piece": ""}


def pass_on(act: Act, record: Any, *, to: User, text: str = "", piece: IssueItem | None = None) -> None:
    """转批: another leader finds it in his queue."""
    assert act.user is not None
    if to.pk == act.user.pk:
        raise Refused(_("Choose another leader than yourself."))
    thing = _thing(record, piece)
    settle_passings(act.user, thing, act)
    Passing.objects.create(by=act.user, to=to, text=text, at=act.at, **thing.fields)
    act.data = {"to": to.name, "to_en": to.name_en or to.name, "text": text}


for _code in ("story", "case", "issue", "flash"):
    action(
        f"{_code}.seen",
        verb=gettext_lazy("Mark as read"),
        did=gettext_lazy("read it %(piece)s"),
        permission="instruction.give",
        icon="eye",
    )(seen)
    action(
        f"{_code}.refer",
        verb=gettext_lazy("Pass on to a leader"),
        did=gettext_lazy("passed it on to %(to)s: %(text)s"),
        permission="instruction.give",
        form=PassForm,
        icon="right",
    )(pass_on)


# ---------------------------------------------------------------- 批示


def _made(act: Act, thing: Thing, by: User, way: str, state: str, **values: Any) -> Instruction:
    units = values.pop("units", ())
    year = act.at.astimezone(zone()).year
    made = Instruction.objects.create(
        number=f"PS-{year}-{take_number(f'PS:{year}'):04d}", state=state, way=way, by=by, given_at=act.at, **thing.fields, **values
    )
    made.units.set(units)
    act.data = {"text": in_a_line(made.text)} | _names(by)
    if state != Stage.RECORDED:
        _tell(made)
    return made


def _tell(made: Instruction) -> None:
    """On the timeline of what was read."""
    thing = thing_of(made)
    said = {"number": made.number, "text": in_a_line(made.text)} | _names(made.by)
    record_fact("instructed", thing.record, said)
    if thing.report is not None:  # the story's next report says it
        record_fact("instructed", thing.report.story, said)


@action(
    "instruction.give",
    verb=gettext_lazy("Instruct"),
    did=gettext_lazy("instructed: %(text)s"),
    permission="instruction.give",
    icon="edit",
    creates=True,
)
def give(act: Act, _none: None, *, on: Thing, text: str, units: Any = (), within: int = 1, date: date | None = None) -> Instruction:
    """The leader's own words on screen."""
    assert act.user is not None
    settle_passings(act.user, on, act)
    return _made(act, on, act.user, Way.SCREEN, Stage.GIVEN, text=text, units=units, within=within, date=date)


@action(
    "instruction.record",
    verb=gettext_lazy("Record an instruction"),
    did=gettext_lazy("recorded what %(who)s instructed: %(text)s"),
    permission="instruction.record",
    icon="edit",
    creates=True,
)
def record(
    act: Act,
    _none: None,
    *,
    on: Thing,
    by: User,
    way: str,
    text: str,
    units: Any = (),
    within: int = 1,
    date: date | None = None,
    scan: str = "",
) -> Instruction:
    """口头批示 waits for the leader's tap; one on paper holds at once, by its scan."""
    state = Stage.RECORDED if way == Way.SPOKEN else Stage.GIVEN
    return _made(act, on, by, way, state, text=text, units=units, within=within, date=date, scan=scan, recorded_by=act.user)


@action(
    "instruction.confirm",
    verb=gettext_lazy("Confirm"),
    did=gettext_lazy("confirmed what was spoken"),
    permission="instruction.settle",
    from_states=[Stage.RECORDED],
    to_state=Stage.GIVEN,
    key="c",
    icon="check",
)
def confirm(act: Act, instruction: Instruction) -> None:
    """One tap: so it was said; what was passed on to the leader about it is dealt with."""
    settle_passings(instruction.by, thing_of(instruction), act)
    _tell(instruction)


@action(
    "instruction.withdraw",
    verb=gettext_lazy("Withdraw"),
    did=gettext_lazy("withdrew it"),
    permission="instruction.settle",
    from_states=[Stage.RECORDED, Stage.GIVEN],
    to_state=Stage.VOID,
    form=ReasonForm,
    icon="x",
)
def withdraw(act: Act, instruction: Instruction, *, reason: str) -> None:
    """Not said so, or not wanted any more; once units work on it, it is answered instead."""


# ---------------------------------------------------------------- handed out, answered, closed


def working_days_until(start: date, end: date) -> int:
    """How many working days lie after START up to and with END."""
    calendar = body_calendar()
    return sum(is_working(calendar, start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def days_left(instruction: Instruction) -> int:
    """The limit for the units in working days from today."""
    return working_days_until(today(), instruction.date) if instruction.date else instruction.within


def _initial(instruction: Instruction) -> dict[str, Any]:
    unit = thing_of(instruction).unit
    units = list(instruction.units.values_list("pk", flat=True)) or ([unit.pk] if unit else [])
    first = instruction.text.strip().splitlines()[0]
    return {"title": in_a_line(first), "units": units, "within": days_left(instruction), "text": ""}


@action(
    "instruction.hand_out",
    verb=gettext_lazy("Hand out"),
    did=gettext_lazy("handed it out to %(units)s"),
    permission="task.hand_out",
    from_states=[Stage.GIVEN],
    to_state=Stage.HANDED,
    form=HandOutForm,
    initial=_initial,
    key="t",
    icon="send",
)
def hand_out(act: Act, instruction: Instruction, *, title: str, units: Any, within: int, text: str = "") -> None:
    """A task for each unit, in the case of what was read or in one of its own; clocks, signing, answering, returning come with it."""
    case = _case_for(act, instruction)
    told = _("%(who)s instructed: %(text)s") % {"who": instruction.by.name, "text": instruction.text}
    made = []
    for unit in units:
        entry = perform(
            "case.hand_out",
            act.user,
            case,
            {"title": title, "unit": unit, "within": within, "text": "\n".join(part for part in (told, text) if part)},
            batch=act.batch,
        )
        made.append(entry.data["task"])
    instruction.tasks.set(made)
    instruction.units.set(units)
    instruction.handed_at = act.at
    act.data = {"units": "、".join(unit.name for unit in units), "units_en": ", ".join(unit.name_en or unit.name for unit in units)}


def _case_for(act: Act, instruction: Instruction) -> Case:
    """The open case of what was read, else a list of tasks of its own."""
    if instruction.case is not None and instruction.case.state in HANDING_OUT:
        return instruction.case
    thing = thing_of(instruction)
    there = Case.objects.filter(story=thing.about, state__in=HANDING_OUT).order_by("-id").first() if thing.about else None
    if there is not None:
        return there
    case = make_case(
        act,
        kinds()["list"],
        title=in_a_line(f"{instruction.number} {thing.title}"),
        text=instruction.text,
        unit=thing.unit,
        story=thing.about,
    )
    record_fact("case_of_instruction", case, {"number": instruction.number})
    return case


@action(
    "instruction.urge",
    verb=gettext_lazy("Urge the units"),
    did=gettext_lazy("urged %(units)s"),
    permission="task.hand_out",
    from_states=[Stage.HANDED],
    icon="warn",
)
def urge(act: Act, instruction: Instruction) -> None:
    """催办 of every task that is still with its unit."""
    waiting = list(instruction.tasks.filter(state__in=["task.sent", "task.doing"]).select_related("unit"))
    if not waiting:
        raise Refused(_("No unit owes an answer."))
    for task in waiting:
        perform("task.urge", act.user, task, batch=act.batch)
    instruction.urged_at = act.at
    units = [task.unit for task in waiting]
    act.data = {"units": "、".join(unit.name for unit in units), "units_en": ", ".join(unit.name_en or unit.name for unit in units)}


def _answers(instruction: Instruction) -> dict[str, Any]:
    rows = instruction.tasks.filter(state="task.done").select_related("unit")
    return {"text": "\n".join(f"{named(task.unit)}：{task.answer}" for task in rows)}


def open_tasks(instruction: Instruction) -> list[Task]:
    return [task for task in instruction.tasks.select_related("unit") if task.is_open]


@action(
    "instruction.report",
    verb=gettext_lazy("Report back to the leader"),
    did=gettext_lazy("reported back: %(text)s"),
    permission="task.hand_out",
    from_states=[Stage.HANDED],
    to_state=Stage.ANSWERED,
    form=FeedbackForm,
    initial=_answers,
    key="r",
    icon="right",
    tracks=("feedback",),
)
def report(act: Act, instruction: Instruction, *, text: str) -> None:
    """反馈: what came of it, once every task is accepted or withdrawn."""
    waiting = open_tasks(instruction)
    if waiting:
        units = "、".join(named(task.unit) for task in waiting)
        raise Refused(_("These units have not answered, or their answers are not accepted yet: %(units)s.") % {"units": units})
    instruction.feedback, instruction.answered_at = text.strip(), act.at
    act.data = {"text": in_a_line(text)}


@action(
    "instruction.accept",
    verb=gettext_lazy("Accept the feedback"),
    did=gettext_lazy("accepted the feedback"),
    permission="instruction.settle",
    from_states=[Stage.ANSWERED],
    to_state=Stage.ACCEPTED,
    key="v",
    icon="check",
)
def accept(act: Act, instruction: Instruction) -> None:
    """The leader who gave it is content."""
    instruction.accepted_at = act.at


@action(
    "instruction.send_back",
    verb=gettext_lazy("Send back"),
    did=gettext_lazy("sent it back"),
    permission="instruction.settle",
    from_states=[Stage.ANSWERED],
    to_state=Stage.HANDED,
    form=ReasonForm,
    icon="left",
)
def send_back(act: Act, instruction: Instruction, *, reason: str) -> None:
    """Not enough: the office goes on with it."""
    instruction.answered_at = None


@action(
    "instruction.add_task",
    verb=gettext_lazy("Add a task"),
    did=gettext_lazy("handed it out to %(units)s"),
    permission="task.hand_out",
    from_states=[Stage.HANDED],
    form=HandOutForm,
    initial=_initial,
    icon="plus",
)
def add_task(act: Act, instruction: Instruction, *, title: str, units: Any, within: int, text: str = "") -> None:
    """A further task, after the leader sent it back or a unit turned out to be missing."""
    before, handed = list(instruction.tasks.all()), instruction.handed_at
    named_before = list(instruction.units.all())
    hand_out(act, instruction, title=title, units=units, within=within, text=text)
    instruction.tasks.add(*before)
    instruction.units.add(*named_before)
    instruction.handed_at = handed


@action(
    "instruction.close",
    verb=gettext_lazy("Close off"),
    did=gettext_lazy("closed it off"),
    permission="instruction.close",
    from_states=[Stage.ACCEPTED],
    to_state=Stage.CLOSED,
    key="d",
    icon="check",
)
def close(act: Act, instruction: Instruction) -> None:
    """销号: only what was answered, and accepted by the leader or the deputy."""
    instruction.closed_at = act.at
    record_fact("instruction_closed", thing_of(instruction).record, {"number": instruction.number})
