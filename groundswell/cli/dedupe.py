"""Items to copies: which one says the same as an earlier one."""

from __future__ import annotations

import argparse
from typing import Any

from groundswell.cli.lines import made, open_in, open_out, write


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--in", dest="input", metavar="FILE", help="rows with id, text and, where there is one, title")
    parser.add_argument("--out", metavar="FILE", help="rows with id and duplicate_of: the id of the first of its kind, null on the first")


def run(args: argparse.Namespace) -> int:
    from groundswell.engine.text.duplicates import dedupe

    with open_in(args.input) as source, open_out(args.out) as out:
        for name, first in dedupe(made(source, args.input or "input", _text)):
            write(out, {"id": name, "duplicate_of": first})
    return 0


def _text(row: dict[str, Any]) -> tuple[Any, str]:
    """(id, title and text) of a row. Raises Fault where they are no texts."""
    from groundswell.server.faults import Fault

    title, text = row.get("title") or "", row.get("text") or ""
    if not isinstance(title, str) or not isinstance(text, str):
        raise Fault(f"Row {row['id']}: title and text must be texts. Write them in quotes.")
    return row["id"], f"{title}\n{text}"
