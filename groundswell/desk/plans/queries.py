"""Reads behind the plans' pages: what runs, what is proposed and why, the steps of a response."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from groundswell.desk.accounts.models import Oversight, Unit, User
from groundswell.desk.cases.models import Case
from groundswell.desk.plans.forms import holders
from groundswell.desk.plans.matching import Figures, Proposal, proposals
from groundswell.desk.plans.models import Plan, PlanVersion, Response, ResponseStep, Stage
from groundswell.desk.plans.playbook import Role, Step
from groundswell.desk.plans.wording import ready_text
from groundswell.desk.roster.stretches import on_duty
from groundswell.desk.spine.once import once_a_page
from groundswell.desk.spine.ports import now as desk_now
from groundswell.desk.spine.ports import today
from groundswell.desk.stories import queries as stories
from groundswell.desk.stories.models import State, Story

LATELY = timedelta(days=2)  # stories that had an item since then are looked at for proposals
SETTLED = timedelta(days=7)  # what was decided on a plan for a story holds so long
LOOKED_AT = 40
LOWEST = 4  # what a plan would do at its lowest grade is proposed on the story's own page alone
OPEN = (Stage.ASKED, Stage.RUNNING)
PAST = (Stage.ENDED, Stage.REVIEWED, Stage.REFUSED, Stage.WITHDRAWN)


@once_a_page
def current_versions() -> dict[str, PlanVersion]:
    """code → the version in use, of the plans in use."""
    rows = PlanVersion.objects.filter(plan__is_active=True).select_related("plan").order_by("plan_id", "-number").distinct("plan_id")
    return {row.plan.code: row for row in rows}


def figures_of(story: Story) -> Figures:
    """What matching asks of STORY."""
    said = story.summary_by_hand or "".join(str(part["text"]) for part in story.digest)
    return Figures(
        text=f"{story.title} {said}",
        unit=story.unit.code if story.unit else "",
        level=story.level,
        items=story.item_count,
        sources=story.source_count,
        rate=int(story.rate),
        negative=round(100 * story.negative / story.item_count) if story.item_count else 0,
        credibility=story.credibility,
    )


@dataclass(frozen=True)
class Proposed:
    """A plan that fits a story, with its reasons."""

    story: Story
    version: PlanVersion
    proposal: Proposal


def proposed_for(story: Story, most: int = 2) -> list[Proposed]:
    """The plans proposed for STORY that nobody has decided on lately."""
    if story.state == State.CLOSED:
        return []
    decided = Response.objects.filter(story=story, drill=False).exclude(ended_at__lt=desk_now() - SETTLED)
    done = set(
        decided.exclude(state__in=[Stage.REFUSED, Stage.WITHDRAWN], asked_at__lt=desk_now() - SETTLED).values_list(
            "plan_version__plan__code", flat=True
        )
    )
    versions = {code: row for code, row in current_versions().items() if code not in done}
    found = proposals(figures_of(story), [row.book for row in versions.values()])
    return [Proposed(story, versions[each.code], each) for each in found[:most]]


def proposed_now(user: User, moment: datetime, most: int = 6) -> list[Proposed]:
    """What is proposed for the stories of the last days that USER reads, none of which has a response."""
    rows = stories.readable(user).filter(about_us=True, last_at__gt=moment - LATELY, item_count__gte=5).exclude(state=State.CLOSED)
    rows = rows.exclude(responses__state__in=OPEN).select_related("unit").order_by("level", "-item_count").distinct()
    found = [each for story in rows[:LOOKED_AT] for each in proposed_for(story, 1) if each.proposal.grade < LOWEST]
    return sorted(found, key=lambda each: (each.proposal.grade, -each.story.item_count))[:most]


def responses(*, drill: bool, states: tuple[str, ...]) -> QuerySet[Response]:
    """Responses with what their rows show."""
    return Response.objects.filter(drill=drill, state__in=states).select_related(
        "plan_version__plan", "case", "story", "leader", "asked_by"
    )


def about(record: Story | Case) -> QuerySet[Response]:
    """The real responses on RECORD."""
    rows = Response.objects.filter(drill=False).select_related("plan_version__plan", "leader")
    return rows.filter(story=record) if isinstance(record, Story) else rows.filter(case=record)


@dataclass(frozen=True)
class StepRow:
    """A step as the page of a response shows it."""

    row: ResponseStep
    step: Step | None
    role: Role | None
    holder: User | None
    text: str
    limit: timedelta

    @property
    def is_late(self) -> bool:
        return (self.row.done_at or desk_now()) > self.row.due_at

    @property
    def unit(self) -> Unit | None:
        return self.row.task.unit if self.row.task else None


def steps_of(response: Response) -> tuple[list[StepRow], list[StepRow]]:
    """(to do or with a unit, by when they are due; done or left out, the last first)."""
    held = {row.role: row.user for row in response.roles.filter(renounced_at=None).select_related("user")}
    found = []
    for row in response.steps.select_related("task__unit", "done_by"):
        row.response = response
        step = response.book.step(row.code)
        role = response.book.role(step.role) if step else None
        text = ready_text(step, response) if step else ""
        found.append(StepRow(row, step, role, held.get(role.code) if role else None, text, row.due_at - row.begins_at))
    is_open = [each for each in found if each.row.state in ("todo", "handed")]
    over = [each for each in found if each.row.state not in ("todo", "handed")]
    return is_open, sorted(over, key=lambda each: each.row.done_at or each.row.due_at, reverse=True)


def suggested_leader(unit: Unit | None, moment: datetime) -> User | None:
    """Who is asked first: a leader in charge of UNIT (分管), the one who does nothing but lead before others, else the leader on duty."""
    rows: list[User] = list(holders("leader").prefetch_related("grants"))
    if unit is not None:
        day = today()
        over = set(Oversight.objects.filter(unit=unit, since__lte=day).exclude(until__lt=day).values_list("leader_id", flat=True))
        in_charge = sorted((row for row in rows if row.pk in over), key=lambda row: len(row.grants.all()))
        if in_charge:
            return in_charge[0]
    led = on_duty(moment).leader
    return led.people[0] if led and led.people else rows[0] if rows else None


def listed() -> dict[str, int]:
    """How many rows each tab of the board lists; drills that are open stand under what runs, too."""
    rows = Counter(Response.objects.order_by().values_list("drill", "state"))
    return {
        "now": sum(n for (_drill, state), n in rows.items() if state in OPEN),
        "past": sum(n for (drill, state), n in rows.items() if not drill and state in PAST),
        "drills": sum(n for (drill, _state), n in rows.items() if drill),
    }


def library() -> list[tuple[Plan, PlanVersion, int]]:
    """Every plan with the version in use and how often it was really started."""
    found = []
    for plan in Plan.objects.prefetch_related("versions"):
        version = max(plan.versions.all(), key=lambda row: row.number)
        used = Response.objects.filter(plan_version__plan=plan, drill=False, started_at__isnull=False).count()
        found.append((plan, version, used))
    return found
