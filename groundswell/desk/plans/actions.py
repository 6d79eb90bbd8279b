"""启动、调级、终止响应: the desk asks, the leader who is named decides. A drill goes the same way and leaves nothing outside."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import User
from groundswell.desk.cases.actions import make_case
from groundswell.desk.cases.kinds import kinds
from groundswell.desk.cases.models import Case
from groundswell.desk.plans import steps
from groundswell.desk.plans.forms import DecideForm, EndForm, GradeForm, LeaderForm
from groundswell.desk.plans.models import GradeChange, Plan, Response, Stage
from groundswell.desk.plans.wording import ROMAN
from groundswell.desk.sources.retention import keeps_file
from groundswell.desk.spine.actions import Act, Refused, action, record_fact, subject
from groundswell.desk.spine.forms import ReasonForm
from groundswell.desk.spine.numbering import take_number
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.timeline import fact
from groundswell.desk.stories.models import Story

subject("response", Response, path="plans/responses", ref="pk", state_field="state", name=gettext_lazy("Response"))

OPEN = [Stage.ASKED, Stage.RUNNING]

fact("response_asked", gettext_lazy("the start of “%(plan)s” was asked for, grade %(grade)s"))
fact("response_started", gettext_lazy("the response %(number)s by “%(plan)s” began, grade %(grade)s"))
fact("response_grade", gettext_lazy("the response %(number)s went to grade %(grade)s"))
fact("response_ended", gettext_lazy("the response %(number)s ended"))
fact("case_of_response", gettext_lazy("opened for a response by “%(plan)s”"))


@keeps_file
def with_response() -> Any:
    """A story with a response has a file."""
    from django.db.models import Q

    return Q(responses__isnull=False)


def _names(response: Response) -> dict[str, str]:
    name = response.book.name
    return {"plan": name.zh, "plan_en": name.en}


def names_of(user: User) -> dict[str, str]:
    return {"who": user.name, "who_en": user.name_en or user.name}


def _tell(kind: str, response: Response, **more: Any) -> None:
    """On the timelines of the story and the case; a drill tells nobody."""
    if response.drill:
        return
    data = _names(response) | {"number": response.number or "", "grade": ROMAN.get(response.grade or response.asked_grade, "")} | more
    for record in (response.story, response.case):
        if record is not None:
            record_fact(kind, record, data)


@action(
    "response.ask",
    verb=gettext_lazy("Ask for the start"),
    did=gettext_lazy("asked %(who)s to start “%(plan)s”, grade %(grade)s: %(reason)s"),
    permission="plan.ask",
    icon="flash",
    creates=True,
)
def ask(
    act: Act,
    _none: None,
    *,
    plan: Plan,
    grade: int,
    reason: str,
    leader: User,
    story: Story | None = None,
    case: Case | None = None,
    why: list[dict[str, Any]] | None = None,
    drill: bool = False,
    title: str = "",
    text: str = "",
) -> Response:
    """请示启动 on a story or a case; or a drill, on nothing but what is supposed to happen."""
    if drill:
        story = case = None
    elif story is None and case is None:
        raise Refused(_("Say for which story or case."))
    there = Response.objects.filter(state__in=OPEN, drill=False, plan_version__plan=plan)
    busy = (case is not None and there.filter(case=case).exists()) or (story is not None and there.filter(story=story).exists())
    if not drill and busy:
        raise Refused(_("This plan is asked for or running here already."))
    story = story or (case.story if case else None)
    made = Response.objects.create(
        plan_version=plan.current,
        state=Stage.ASKED,
        drill=drill,
        title=title or (story.title if story else case.title if case else ""),
        text=text,
        story=story,
        case=case,
        why=why or [],
        asked_grade=grade,
        reason=reason.strip(),
        asked_by_id=act.by,
        asked_at=act.at,
        leader=leader,
    )
    act.data = _names(made) | names_of(leader) | {"grade": ROMAN[grade], "reason": reason, "drill": drill}
    _tell("response_asked", made)
    return made


@action(
    "response.approve",
    verb=gettext_lazy("Approve the start"),
    did=gettext_lazy("approved the start, grade %(grade)s"),
    permission="plan.decide",
    from_states=[Stage.ASKED],
    to_state=Stage.RUNNING,
    form=DecideForm,
    initial=lambda response: {"grade": response.asked_grade},
    key="v",
    icon="check",
    primary=True,
)
def approve(act: Act, response: Response, *, grade: int, reason: str = "") -> None:
    """启动响应: the number is taken, the case is there, the steps of the grade begin. A drill takes no number and makes no case."""
    if not response.drill:
        year = act.at.astimezone(zone()).year
        response.number = f"YA-{year}-{take_number(f'YA:{year}'):04d}"
        response.case = response.case or _case_of(act, response)
    response.started_at = act.at
    _to_grade(act, response, grade, reason)
    act.data = {"grade": ROMAN[grade], "number": response.number or ""}
    _tell("response_started", response)


def _case_of(act: Act, response: Response) -> Case:
    story = response.story
    assert story is not None
    there = Case.objects.filter(story=story, kind="incident", closed_at=None).first()
    if there is not None:
        return there
    case = make_case(act, kinds()["incident"], title=story.title, unit=story.unit, story=story)
    record_fact("case_of_response", case, _names(response))
    return case


def _to_grade(act: Act, response: Response, grade: int, reason: str) -> None:
    response.grade = grade
    response.wanted_grade, response.wants_end, response.wanted_why, response.wanted_at = None, False, "", None
    GradeChange.objects.create(response=response, grade=grade, at=act.at, by_id=act.by, reason=reason.strip())
    steps.follow_grade(response, act.at)


@action(
    "response.refuse",
    verb=gettext_lazy("Do not start"),
    did=gettext_lazy("did not start it"),
    permission="plan.decide",
    from_states=[Stage.ASKED],
    to_state=Stage.REFUSED,
    form=ReasonForm,
    icon="x",
)
def refuse(act: Act, response: Response, *, reason: str) -> None:
    """The leader decides against it, with the reason."""


@action(
    "response.withdraw",
    verb=gettext_lazy("Take the request back"),
    did=gettext_lazy("took the request back"),
    permission="plan.ask",
    from_states=[Stage.ASKED],
    to_state=Stage.WITHDRAWN,
    form=ReasonForm,
    icon="undo",
)
def withdraw(act: Act, response: Response, *, reason: str) -> None:
    """The desk no longer asks."""


@action(
    "response.ask_other",
    verb=gettext_lazy("Ask another leader"),
    did=gettext_lazy("now asks %(who)s"),
    permission="plan.ask",
    from_states=OPEN,
    form=LeaderForm,
    icon="user",
    tracks=("leader",),
)
def ask_other(act: Act, response: Response, *, leader: User) -> None:
    """The one who was named cannot be reached: another decides from now on."""
    if leader.pk == response.leader_id:
        raise Refused(_("This leader is asked already."))
    response.leader = leader
    act.data = names_of(leader)


@action(
    "response.ask_grade",
    verb=gettext_lazy("Ask for another grade"),
    did=gettext_lazy("asked for grade %(grade)s: %(reason)s"),
    permission="plan.ask",
    from_states=[Stage.RUNNING],
    form=GradeForm,
    icon="up",
)
def ask_grade(act: Act, response: Response, *, grade: int, reason: str) -> None:
    """请示调级."""
    if grade == response.grade:
        raise Refused(_("It runs at this grade already."))
    response.wanted_grade, response.wants_end, response.wanted_why, response.wanted_at = grade, False, reason.strip(), act.at
    act.data = {"grade": ROMAN[grade], "reason": reason}


@action(
    "response.ask_end",
    verb=gettext_lazy("Ask for the end"),
    did=gettext_lazy("asked to end it: %(reason)s"),
    permission="plan.ask",
    from_states=[Stage.RUNNING],
    form=ReasonForm,
    icon="pause",
)
def ask_end(act: Act, response: Response, *, reason: str) -> None:
    """请示终止."""
    response.wanted_grade, response.wants_end, response.wanted_why, response.wanted_at = None, True, reason.strip(), act.at
    act.data = {"reason": reason}


@action(
    "response.change_grade",
    verb=gettext_lazy("Change the grade"),
    did=gettext_lazy("set grade %(grade)s: %(reason)s"),
    permission="plan.decide",
    from_states=[Stage.RUNNING],
    form=GradeForm,
    initial=lambda response: {"grade": response.wanted_grade or response.grade, "reason": response.wanted_why},
    key="g",
    icon="up",
)
def change_grade(act: Act, response: Response, *, grade: int, reason: str) -> None:
    """调级: steps of a higher grade begin; those of a grade that is left are left out."""
    if grade == response.grade:
        raise Refused(_("It runs at this grade already."))
    _to_grade(act, response, grade, reason)
    act.data = {"grade": ROMAN[grade], "reason": reason}
    _tell("response_grade", response)


@action(
    "response.decline",
    verb=gettext_lazy("Leave it as it is"),
    did=gettext_lazy("left it as it is"),
    permission="plan.decide",
    from_states=[Stage.RUNNING],
    form=ReasonForm,
    icon="x",
)
def decline(act: Act, response: Response, *, reason: str) -> None:
    """Neither another grade nor the end, for now."""
    if not response.waits_for_leader:
        raise Refused(_("Nothing was asked."))
    response.wanted_grade, response.wants_end, response.wanted_why, response.wanted_at = None, False, "", None


@action(
    "response.end",
    verb=gettext_lazy("End the response"),
    did=gettext_lazy("ended the response"),
    permission="plan.decide",
    from_states=[Stage.RUNNING],
    to_state=Stage.ENDED,
    form=EndForm,
    initial=lambda response: {"conclusion": response.wanted_why},
    key="d",
    icon="check",
)
def end(act: Act, response: Response, *, conclusion: str) -> None:
    """终止响应: what was not done stands there as not done; the case goes on by itself."""
    response.wanted_grade, response.wants_end, response.wanted_why, response.wanted_at = None, False, "", None
    response.ended_at, response.conclusion = act.at, conclusion.strip()
    _tell("response_ended", response)
