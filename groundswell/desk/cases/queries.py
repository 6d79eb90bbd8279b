"""Reads behind the board, the page of a case and the units' tasks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import ALL, OWN_UNIT, may, scope
from groundswell.desk.cases import clocks
from groundswell.desk.cases.actions import OPEN_CASES, OPEN_TASKS
from groundswell.desk.cases.kinds import COLUMNS, Words, case_kinds, state_row
from groundswell.desk.cases.models import Case, Task
from groundswell.desk.spine.models import RunningClock
from groundswell.desk.spine.ports import now as desk_now

HEADINGS = {
    "open": Words("待受理", "Not accepted"),
    "handling": Words("办理中", "In hand"),
    "review": Words("待审核", "For review"),
    "answered": Words("已答复", "Answered"),
    "closed": Words("已办结", "Closed"),
}
EMPTY = {
    "open": Words("没有待受理的办件", "Nothing waits to be accepted"),
    "handling": Words("没有在办的办件", "Nothing is in hand"),
    "review": Words("没有待审核的答复", "No answer waits for review"),
    "answered": Words("没有待办结的办件", "Nothing waits to be closed"),
    "closed": Words("近 30 天没有办结", "Nothing was closed in 30 days"),
}
SHOWN = 40  # cards a column


@dataclass(frozen=True)
class Card:
    """A case on the board: its next clock, its tasks done and all."""

    case: Case
    clock: clocks.Standing | None
    done: int
    tasks: int


@dataclass(frozen=True)
class Column:
    code: str
    words: Words
    empty: Words
    cards: list[Card]
    count: int


def readable(user: User) -> QuerySet[Case]:
    """The cases that USER may see."""
    width = scope(user, "case.read")
    if width == ALL:
        return Case.objects.all()
    if width == OWN_UNIT and user.unit_id is not None:
        return Case.objects.filter(Q(unit_id=user.unit_id) | Q(tasks__unit_id=user.unit_id)).distinct()
    return Case.objects.none()


def readable_tasks(user: User) -> QuerySet[Task]:
    """The tasks that USER may see: all of the cases that may be read, else those of the own unit."""
    if scope(user, "case.read") == ALL:
        return Task.objects.all()
    return Task.objects.filter(unit_id=user.unit_id) if user.unit_id is not None and may(user, "task.answer") else Task.objects.none()


def narrowed(user: User, params: dict[str, str]) -> QuerySet[Case]:
    """Readable cases by kind, unit and words."""
    rows = readable(user)
    if params.get("kind") in {kind.code for kind in case_kinds()}:
        rows = rows.filter(kind=params["kind"])
    if params.get("unit"):
        rows = rows.filter(Q(unit__code=params["unit"]) | Q(tasks__unit__code=params["unit"])).distinct()
    if text := params.get("q", "").strip():
        rows = rows.filter(Q(title__icontains=text) | Q(number__istartswith=text) | Q(letter__icontains=text))
    return late(rows, desk_now()) if params.get("late") else rows


def late(rows: QuerySet[Case], at: datetime) -> QuerySet[Case]:
    """Those of ROWS with a clock that ran out before AT, two such clocks or one; where a case rests its clocks rest, too."""
    clocks_out = RunningClock.objects.filter(subject_type="case", met_at=None, cancelled_at=None, due_at__lt=at)
    return rows.filter(state__in=[state for state in OPEN_CASES if not state_row(state).waits], pk__in=clocks_out.values("subject_id"))


def states_of(column: str) -> list[str]:
    """The stored states that stand in COLUMN."""
    return [kind.whole(code) for kind in case_kinds() for code, row in kind.states.items() if row.column == column]


def board(rows: QuerySet[Case], at: datetime, closed_since: datetime) -> list[Column]:
    """The columns with their cards, what is due first on top; closed ones of the last days only."""
    found = []
    for code in COLUMNS:
        mine = rows.filter(state__in=states_of(code))
        if code == "closed":
            mine = mine.filter(closed_at__gte=closed_since)
        found.append(Column(code, HEADINGS[code], EMPTY[code], cards(mine, at)[:SHOWN], mine.count()))
    return found


def cards(rows: QuerySet[Case], at: datetime, most: int = 200) -> list[Card]:
    """ROWS with their clocks and tasks, by what is due first."""
    cases = list(rows.select_related("unit", "story").order_by("-opened_at")[:most])
    keys, first = [case.pk for case in cases], clocks.next_of(cases, at)
    tasks = {
        row["case_id"]: row
        for row in Task.objects.filter(case__in=keys)
        .exclude(state="task.void")
        .values("case_id")
        .annotate(n=Count("pk"), done=Count("pk", filter=Q(state="task.done")))
    }
    found = []
    for case in cases:
        row = tasks.get(case.pk, {"n": 0, "done": 0})
        found.append(Card(case, first.get(case.pk), row["done"], row["n"]))
    return sorted(found, key=lambda card: (card.clock is None, card.clock.state.ends_at if card.clock else card.case.opened_at))


def kind_counts(rows: QuerySet[Case]) -> list[tuple[str, Words, int]]:
    """(code, words, open cases) of each kind that there is any of."""
    counts = dict(rows.filter(state__in=OPEN_CASES).order_by().values_list("kind").annotate(n=Count("pk")))
    return [(kind.code, kind.words, counts.get(kind.code, 0)) for kind in case_kinds() if counts.get(kind.code)]


def whose_turn(case: Case, tasks: Iterable[Task]) -> Words:
    """One sentence: who must do what now."""
    waiting = [task for task in tasks if task.state in ("task.sent", "task.doing")]
    answered = [task for task in tasks if task.state == "task.answered"]
    returned = [task for task in tasks if task.state == "task.returned"]
    row = state_row(case.state)
    if row.ends:
        return row.words
    if row.waits:
        return Words(f"{row.zh}，时限暂停", f"{row.en}: its clock rests")
    if returned:
        return Words(f"{_zh(returned)}退回了交办，等重新交办", f"{_en(returned)} returned a task: hand it to another unit")
    if answered:
        return Words(f"{_zh(answered)}已反馈，等验收", f"{_en(answered)} answered: look at it and accept it")
    if waiting:
        return Words(f"等{_zh(waiting)}反馈", f"Waiting for {_en(waiting)}")
    return Words(f"{row.zh}，等值班员", f"{row.en}: the desk's turn")


def _zh(tasks: list[Task]) -> str:
    return "、".join(dict.fromkeys(task.unit.name for task in tasks))


def _en(tasks: list[Task]) -> str:
    return ", ".join(dict.fromkeys(task.unit.name_en or task.unit.name for task in tasks))


def tasks_of(user: User, tab: str) -> QuerySet[Task]:
    """The own unit's tasks: to do, answered, done."""
    rows = Task.objects.filter(unit_id=user.unit_id).select_related("case", "unit") if user.unit_id else Task.objects.none()
    states = {"todo": ["task.sent", "task.doing"], "answered": ["task.answered"], "done": ["task.done", "task.returned", "task.void"]}
    return rows.filter(state__in=states.get(tab, OPEN_TASKS)).order_by(F("closed_at").desc(nulls_first=True), "id")
