"""The archive's search from the shell, in the language of the watches."""

from __future__ import annotations

import argparse
import sys
from typing import Any

import orjson


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", help="words side by side: all; OR, NOT, brackets, “phrases”, NEAR/5, unit: place: source: tone: since:")
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="hits to show, the newest first (default 20)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    from groundswell.server.home import open_home

    with open_home():
        return search(args.query, limit=max(1, args.limit), as_json=args.json)


def search(query: str, *, limit: int, as_json: bool) -> int:
    """Print the newest LIMIT items that match QUERY. Raises Fault where it cannot be read."""
    from groundswell.cli.desk_rows import item_row, query_fault
    from groundswell.desk.stream import queries
    from groundswell.desk.stream.models import Item
    from groundswell.engine.judge.query import QueryError

    try:
        found = queries.search_in(Item.objects.all(), query, limit=limit)
    except QueryError as error:
        raise query_fault(error) from error
    for hit in found.hits:
        row = item_row(hit.item)
        print(orjson.dumps(row).decode() if as_json else _line(row))
    if found.more and not as_json:
        print(f"… more: --limit {limit * 2}", file=sys.stderr)
    if not found.hits and not as_json:
        print("Nothing found.", file=sys.stderr)
    return 0


def _line(row: dict[str, Any]) -> str:
    at = (row["published_at"] or row["collected_at"])[:16].replace("T", " ")
    words = " ".join(f"{row['title']} {row['text']}".split())
    return f"{at}  {row['source']:<16} {row['story'] or '-':<16} {words[:100]}"
