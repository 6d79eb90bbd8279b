"""Cases of the desk from the shell: what is open and when it is due, one with its tasks, the list as a file."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from groundswell.server.faults import Fault

if TYPE_CHECKING:
    from groundswell.desk.cases.models import Case

NAMES = ("number", "kind", "state", "title", "unit", "opened_at", "due_at", "overdue", "tasks", "tasks_done", "closed_at", "outcome")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    listed = verbs.add_parser("list", help="open cases, what is due first on top")
    listed.add_argument("--all", action="store_true", help="closed ones too")
    listed.add_argument("--kind", help="incident, message, request, superior or list")
    listed.add_argument("--unit", metavar="CODE", help="only those of this unit")
    show = verbs.add_parser("show", help="one case with its clocks, tasks and reports")
    show.add_argument("number", help="its number, as CA-2026-0001")
    export = verbs.add_parser("export", help="all cases as a file")
    export.add_argument("--out", required=True, metavar="FILE", help="ends in .xlsx, .csv or .json")
    for each in verbs.choices.values():
        each.add_argument("--json", action="store_true", help="print JSON, one object a line")


def run(args: argparse.Namespace) -> int:
    from groundswell.cli.sheet import print_rows, write_table
    from groundswell.server.home import open_home

    with open_home():
        if args.verb == "show":
            row = case_whole(_found(args.number))
            print_rows([row], as_json=args.json, whole=True)
        elif args.verb == "list":
            print_rows(list(case_rows(args.all, args.kind, args.unit)), as_json=args.json)
        else:
            rows = list(case_rows(True, None, None))
            write_table(args.out, NAMES, rows, "cases", as_json=args.json)
    return 0


def case_rows(closed: bool, kind: str | None, unit: str | None) -> list[dict[str, Any]]:
    """Cases as rows of NAMES, by their next clock. Raises Fault for an unknown kind or unit."""
    from groundswell.desk.accounts.models import Unit
    from groundswell.desk.cases import queries
    from groundswell.desk.cases.actions import OPEN_CASES
    from groundswell.desk.cases.kinds import case_kinds
    from groundswell.desk.cases.models import Case
    from groundswell.desk.spine.ports import now

    known = [each.code for each in case_kinds()]
    if kind and kind not in known:
        raise Fault(f"There is no kind “{kind}”. --kind knows: {', '.join(known)}.")
    if unit and not Unit.objects.filter(code=unit).exists():
        raise Fault(f"There is no unit with the code “{unit}”.")
    rows = Case.objects.all() if closed else Case.objects.filter(state__in=OPEN_CASES)
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(unit__code=unit) if unit else rows
    return [_row(card) for card in queries.cards(rows, now(), most=100_000)]


def _row(card: Any) -> dict[str, Any]:
    from groundswell.cli.sheet import stamp

    case: Case = card.case
    clock = card.clock
    return {
        "number": case.number,
        "kind": case.kind,
        "state": case.state,
        "title": case.title,
        "unit": case.unit.code if case.unit else None,
        "opened_at": stamp(case.opened_at),
        "due_at": stamp(clock.shown_at) if clock else None,
        "overdue": bool(clock and clock.state.is_overdue),
        "tasks": card.tasks,
        "tasks_done": card.done,
        "closed_at": stamp(case.closed_at),
        "outcome": case.outcome,
    }


def case_whole(case: Case) -> dict[str, Any]:
    """One case with everything that hangs on it."""
    from groundswell.cli.sheet import stamp
    from groundswell.desk.cases import clocks, queries
    from groundswell.desk.cases.models import Case
    from groundswell.desk.spine.ports import now

    [card] = queries.cards(Case.objects.filter(pk=case.pk), now())
    tasks = [
        {"title": task.title, "unit": task.unit.code, "state": task.state, "answer": task.answer, "urged": task.urged}
        for task in case.tasks.select_related("unit")
    ]
    running = [{"clock": each.row.code, "state": each.state.state, "due_at": stamp(each.shown_at)} for each in clocks.standing(case, now())]
    reports = [{"number": row.number, "at": stamp(row.at), "text": row.text} for row in case.reports.all()]
    held = [{"at": stamp(row.at), "title": row.title, "state": row.state} for row in case.consultations.all()]
    responses = [{"number": row.number, "state": row.state, "grade": row.grade} for row in case.responses.all()]
    story = case.story.number if case.story else None
    more = {"story": story, "text": case.text, "answer": case.answer, "clocks": running, "task_list": tasks}
    return _row(card) | more | {"reports": reports, "consultations": held, "responses": responses}


def _found(number: str) -> Case:
    from groundswell.desk.cases.models import Case

    case = Case.objects.select_related("story", "unit").filter(number=number).first()
    if case is None:
        raise Fault(f"There is no case “{number}”. “groundswell case list --all” shows all.")
    return case
