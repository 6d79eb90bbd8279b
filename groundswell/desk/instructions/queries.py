"""Reads behind the ledger and the page of an instruction."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import ALL, scope
from groundswell.desk.cases import clocks
from groundswell.desk.cases.models import Case, Task
from groundswell.desk.instructions.models import OPEN, Instruction, Stage
from groundswell.desk.instructions.reading import Thing, thing_of
from groundswell.desk.spine.models import RunningClock
from groundswell.desk.spine.ports import zone
from groundswell.desk.stories.models import Story

WITH = ("story", "case", "report__story", "issue__series", "piece__issue", "piece__story", "by", "recorded_by")
TABS: tuple[tuple[str, str | Promise, tuple[str, ...]], ...] = (
    ("open", _("Open"), OPEN),
    ("recorded", _("To be confirmed"), (Stage.RECORDED,)),
    ("given", _("To be handed out"), (Stage.GIVEN,)),
    ("handed", Stage.HANDED.label, (Stage.HANDED,)),
    ("answered", _("For the leader"), (Stage.ANSWERED, Stage.ACCEPTED)),
    ("closed", Stage.CLOSED.label, (Stage.CLOSED,)),
    ("all", _("All"), tuple(Stage)),
)


@dataclass(frozen=True)
class Row:
    """An instruction in the ledger: what it hangs on, its next clock, its tasks done and all."""

    instruction: Instruction
    thing: Thing
    clock: clocks.Standing | None
    done: int
    tasks: int

    @property
    def is_late(self) -> bool:
        return self.clock is not None and self.clock.state.is_overdue


def readable(user: User) -> QuerySet[Instruction]:
    """The instructions that USER may see."""
    return Instruction.objects.all() if scope(user, "instruction.read") == ALL else Instruction.objects.none()


def rows(found: QuerySet[Instruction], at: datetime, most: int = 200) -> list[Row]:
    """FOUND with clocks and tasks: three queries for all of them."""
    listed = list(found.select_related(*WITH).prefetch_related("tasks", "units")[:most])
    keys = [task.pk for row in listed for task in row.tasks.all()]
    by_task: dict[int, list[RunningClock]] = {}
    for clock in RunningClock.objects.filter(subject_type="task", subject_id__in=keys, met_at=None, cancelled_at=None):
        by_task.setdefault(clock.subject_id, []).append(clock)
    return [_row(row, by_task, at) for row in listed]


def _row(row: Instruction, by_task: dict[int, list[RunningClock]], at: datetime) -> Row:
    tasks = [task for task in row.tasks.all() if task.state != "task.void"]
    running = [each for task in tasks for each in clocks.standing(task, at, by_task.get(task.pk, [])) if each.is_open]
    first = min(running, key=lambda each: each.state.ends_at, default=None)
    return Row(row, thing_of(row), first, sum(task.state == "task.done" for task in tasks), len(tasks))


def tabs(found: QuerySet[Instruction], current: str) -> list[dict[str, object]]:
    """The tabs with their counts, in one query."""
    counts = Counter(found.order_by().values_list("state", flat=True))
    return [
        {"code": code, "words": words, "count": sum(counts[str(state)] for state in states), "current": code == current}
        for code, words, states in TABS
    ]


def in_tab(found: QuerySet[Instruction], code: str) -> QuerySet[Instruction]:
    return found.filter(state__in=next((states for each, _words, states in TABS if each == code), OPEN))


@dataclass(frozen=True)
class Month:
    """月度清理: what a month brought, by how it stands."""

    first: date
    given: int
    closed: int
    open: int
    late: int
    groups: list[tuple[str, list[Row]]]


def months(found: QuerySet[Instruction]) -> list[date]:
    """The months in which any was given, the newest first."""
    return sorted({at.astimezone(zone()).date().replace(day=1) for at in found.order_by().values_list("given_at", flat=True)}, reverse=True)


def month_of(found: QuerySet[Instruction], first: date, at: datetime) -> Month:
    """The month that begins with FIRST, what is open on top."""
    begin = datetime(first.year, first.month, 1, tzinfo=zone())
    end = datetime(first.year + first.month // 12, first.month % 12 + 1, 1, tzinfo=zone())
    listed = rows(found.filter(given_at__gte=begin, given_at__lt=end).order_by("given_at"), at, 500)
    groups = [(str(stage.label), [row for row in listed if row.instruction.state == stage]) for stage in Stage]
    counted = Counter(row.instruction.state for row in listed)
    return Month(
        first,
        len(listed) - counted[Stage.VOID],
        counted[Stage.CLOSED],
        sum(counted[state] for state in OPEN),
        sum(row.is_late for row in listed),
        [(words, group) for words, group in groups if group],
    )


def about_story(story: Story) -> QuerySet[Instruction]:
    """Instructions on STORY, its cases, or pieces about it."""
    wanted = Q(story=story) | Q(case__story=story) | Q(piece__story=story) | Q(report__story=story)
    return Instruction.objects.filter(wanted).select_related("by")


def about_case(case: Case) -> QuerySet[Instruction]:
    """Instructions on CASE, on its story, or with a task in it."""
    wanted = Q(case=case) | Q(tasks__case=case)
    if case.story_id is not None:
        wanted |= Q(story_id=case.story_id) | Q(piece__story_id=case.story_id) | Q(report__story_id=case.story_id)
    return Instruction.objects.filter(wanted).select_related("by").distinct()


def tasks_of(row: Instruction, at: datetime) -> list[tuple[Task, clocks.Standing | None]]:
    """Its tasks with their next clocks."""
    found = row.tasks.select_related("unit", "case")
    return [(task, next((each for each in clocks.standing(task, at) if each.is_open), None)) for task in found]
