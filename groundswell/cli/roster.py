"""The duty roster from the shell: who is on now, a month, a month as a sheet."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from groundswell.server.faults import Fault

NAMES = ("day", "shift", "layer", "start", "end", "who", "origin")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("now", help="who is on duty now, who comes next, which leader")
    show = verbs.add_parser("show", help="the turns of a month as they stand, swaps and changes in")
    show.add_argument("--month", metavar="MONTH", help="as 2026-11 (default this month)")
    show.add_argument("--published", action="store_true", help="only what was published")
    export = verbs.add_parser("export", help="the same as a file")
    export.add_argument("--month", metavar="MONTH", help="as 2026-11 (default this month)")
    export.add_argument("--published", action="store_true", help="only what was published")
    export.add_argument("--out", required=True, metavar="FILE", help="ends in .xlsx, .csv or .json")
    for each in verbs.choices.values():
        each.add_argument("--json", action="store_true", help="print JSON, one object a line")


def run(args: argparse.Namespace) -> int:
    from groundswell.cli.sheet import print_rows, write_table
    from groundswell.server.home import open_home

    with open_home():
        if args.verb == "now":
            print_rows(rows_now(), as_json=args.json)
        elif args.verb == "show":
            print_rows(month_rows(_month(args.month), published_only=args.published), as_json=args.json)
        else:
            write_table(args.out, NAMES, month_rows(_month(args.month), published_only=args.published), "turns", as_json=args.json)
    return 0


def rows_now() -> list[dict[str, Any]]:
    """The running shift, the next one, the leader's."""
    from groundswell.cli.sheet import stamp
    from groundswell.desk.roster.stretches import on_duty
    from groundswell.desk.spine.ports import now

    on = on_duty(now())
    rows = (("now", on.now), ("next", on.next), ("leader", on.leader))
    return [
        {
            "which": which,
            "shift": each.name,
            "start": stamp(each.since),
            "end": stamp(each.until),
            "who": "、".join(u.name for u in each.people),
        }
        for which, each in rows
        if each is not None
    ]


def month_rows(first: date, *, published_only: bool) -> list[dict[str, Any]]:
    """The turns of the month that begins with FIRST, in order of time; nobody is None."""
    from groundswell.cli.sheet import stamp
    from groundswell.desk.roster import queries

    people, types = queries.people(), queries.shift_types()
    turns = queries.final_turns(first, queries.end_of(first), published_only=published_only)
    return [
        {
            "day": turn.key[1].isoformat(),
            "shift": types[turn.key[0]].name,
            "layer": turn.layer,
            "start": stamp(turn.start),
            "end": stamp(turn.end),
            "who": people[turn.user].name if turn.user in people else None,
            "origin": turn.origin,
        }
        for turn in sorted(turns, key=lambda turn: (turn.start, turn.layer, turn.key[2]))
    ]


def _month(text: str | None) -> date:
    from groundswell.desk.spine.ports import today

    if not text:
        return today().replace(day=1)
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise Fault(f"“{text}” is no month. Write --month as 2026-11.") from error
