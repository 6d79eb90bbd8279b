"""Plans and responses from the shell: the library, one plan or response, a plan as a file. Starting is a leader's act at the desk."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundswell.server.faults import Fault

if TYPE_CHECKING:
    from groundswell.desk.plans.models import PlanVersion

STEP_NAMES = ("code", "grade", "role", "within", "every", "zh", "en", "text_zh", "text_en", "unit", "days")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="the plans, with their version and how often they were started")
    runs = verbs.add_parser("responses", help="what runs and ran; drills only where asked for")
    runs.add_argument("--drills", action="store_true", help="drills instead of real responses")
    show = verbs.add_parser("show", help="one plan: grades, roles, steps")
    show.add_argument("code", help="its code, as utilities")
    show.add_argument("--version", type=int, metavar="N", dest="number", help="an earlier version (default the one in use)")
    export = verbs.add_parser("export", help="one plan's steps as a sheet, or the whole plan as JSON")
    export.add_argument("code", help="its code, as utilities")
    export.add_argument("--version", type=int, metavar="N", dest="number", help="an earlier version (default the one in use)")
    export.add_argument("--out", required=True, metavar="FILE", help="ends in .xlsx, .csv or .json")
    for each in verbs.choices.values():
        each.add_argument("--json", action="store_true", help="print JSON, one object a line")


def run(args: argparse.Namespace) -> int:
    from groundswell.cli.sheet import print_rows
    from groundswell.server.home import open_home

    with open_home():
        if args.verb == "list":
            print_rows(plan_rows(), as_json=args.json)
        elif args.verb == "responses":
            print_rows(response_rows(args.drills), as_json=args.json)
        elif args.verb == "show":
            print_rows([_version(args.code, args.number).data], as_json=args.json, whole=True)
        else:
            _export(_version(args.code, args.number), args.out, as_json=args.json)
    return 0


def plan_rows() -> list[dict[str, Any]]:
    from groundswell.desk.plans.queries import library

    return [
        {
            "code": plan.code,
            "zh": row.book.zh,
            "en": row.book.en,
            "version": row.number,
            "in_use": plan.is_active,
            "steps": len(row.book.steps),
        }
        | {"started": used}
        for plan, row, used in library()
    ]


def response_rows(drills: bool) -> list[dict[str, Any]]:
    """Responses, the newest first; drills and real ones never in one list."""
    from groundswell.cli.sheet import stamp
    from groundswell.desk.plans.models import Response

    rows = Response.objects.filter(drill=drills).select_related("plan_version__plan", "case", "leader")
    return [
        {
            "number": row.number or ("DRILL" if row.drill else None),
            "plan": row.plan_version.plan.code,
            "version": row.plan_version.number,
            "state": row.state,
            "grade": row.grade,
            "title": row.title,
            "case": row.case.number if row.case else None,
            "leader": row.leader.name,
            "started_at": stamp(row.started_at),
            "ended_at": stamp(row.ended_at),
        }
        for row in rows
    ]


def _version(code: str, number: int | None) -> PlanVersion:
    from groundswell.desk.plans.models import Plan

    plan = Plan.objects.filter(code=code).first()
    if plan is None:
        known = ", ".join(Plan.objects.values_list("code", flat=True))
        raise Fault(f"There is no plan “{code}”. Plans are: {known}.")
    found = plan.versions.filter(number=number).first() if number else plan.current
    if found is None:
        raise Fault(f"The plan “{code}” has no version {number}; its newest is {plan.current.number}.")
    return found


def _export(version: PlanVersion, out: str, *, as_json: bool) -> None:
    from groundswell.cli.sheet import write_file, write_table

    if out.lower().endswith(".json"):
        write_file(Path(out), (json.dumps(version.data, ensure_ascii=False, indent=1) + "\n").encode())
        print(json.dumps({"steps": len(version.data["steps"]), "file": out}) if as_json else f"{len(version.data['steps'])} steps → {out}")
        return
    rows = [step | {f"text_{code}": (step.get("text") or {}).get(code, "") for code in ("zh", "en")} for step in version.data["steps"]]
    write_table(out, STEP_NAMES, rows, "steps", as_json=as_json)
