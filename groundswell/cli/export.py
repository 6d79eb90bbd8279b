"""Items or stories of the desk as a file for other programs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundswell.cli.desk_rows import ITEM_FIELDS, STORY_FIELDS, item_row, query_fault, story_row
from groundswell.server.faults import Fault

if TYPE_CHECKING:
    from groundswell.desk.stories.models import Story
    from groundswell.desk.stream.models import Item

ENDINGS = (".jsonl", ".jsonl.gz", ".csv", ".xlsx")
MOST_ROWS = {".xlsx": 1_000_000}  # a sheet holds little more


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("items", "stories"))
    parser.add_argument(
        "--out", required=True, metavar="FILE", help="ends in .jsonl, .jsonl.gz, .csv or .xlsx; - writes JSON lines to standard output"
    )
    parser.add_argument(
        "--since", metavar="DAY", help="from this day on (2026-11-23), by the time of collection; stories by their last item"
    )
    parser.add_argument("--until", metavar="DAY", help="up to the end of this day")
    parser.add_argument("--query", metavar="QUERY", help="only items that match (the language of the watches); stories that hold one")
    parser.add_argument("--json", action="store_true", help="say how many as JSON")


def run(args: argparse.Namespace) -> int:
    from groundswell.server.home import open_home

    with open_home():
        count = export(args.what, Path(args.out), since=args.since, until=args.until, query=args.query)
    if args.out != "-":
        print(json.dumps({args.what: count, "file": args.out}) if args.json else f"{count:,} {args.what} → {args.out}")
    return 0


def export(what: str, path: Path, *, since: str | None = None, until: str | None = None, query: str | None = None) -> int:
    """Write items or stories to PATH. Returns how many. Raises Fault."""
    from groundswell.cli.lines import open_out, write

    ending = next((end for end in sorted(ENDINGS, key=len, reverse=True) if path.name.endswith(end)), "")
    if not ending and str(path) != "-":
        raise Fault(f"{path} has no ending that is known. Use one of {', '.join(ENDINGS)}.")
    rows = _rows(what, _day(since, 0), _day(until, 1), query)
    if ending in ("", ".jsonl", ".jsonl.gz"):
        count = 0
        with open_out(str(path)) as out:
            for row in rows:
                write(out, row)
                count += 1
        return count
    return _table(rows, path, ending, what)


def _table(rows: Iterator[dict[str, Any]], path: Path, ending: str, what: str) -> int:
    from groundswell.reports.tables import to_csv, to_xlsx

    names = ITEM_FIELDS if what == "items" else STORY_FIELDS
    table = [tuple(_cell(row[name]) for name in names) for row in rows]
    if len(table) > MOST_ROWS.get(ending, len(table)):
        raise Fault(f"{len(table):,} rows are more than a sheet holds. Export to .csv, or narrow with --since and --until.")
    body = to_csv([names, *table]) if ending == ".csv" else to_xlsx([names, *table], what)
    try:
        path.write_bytes(body)
    except OSError as error:
        raise Fault(f"{path} cannot be written: {error.strerror or error}. Choose another place with --out.") from error
    return len(table)


def _cell(value: Any) -> Any:
    return "、".join(str(each) for each in value) if isinstance(value, list) else value


def _rows(what: str, since: datetime | None, until: datetime | None, query: str | None) -> Iterator[dict[str, Any]]:
    from groundswell.cli.lines import progress

    found: Iterable[Any] = _items(since, until, query) if what == "items" else _stories(since, until, query)
    yield from progress((item_row(row) if what == "items" else story_row(row) for row in found), what=what)


def _items(since: datetime | None, until: datetime | None, query: str | None) -> Iterator[Item]:
    from groundswell.desk.stream import queries
    from groundswell.desk.stream.models import Item
    from groundswell.engine.judge.query import QueryError

    rows = Item.objects.all()
    if since:
        rows = rows.filter(collected_at__gte=since)
    if until:
        rows = rows.filter(collected_at__lt=until)
    if not query:
        return (
            rows.select_related("source", "unit", "story").defer("tokens", "signature", "judged").order_by("id").iterator(chunk_size=1000)
        )
    try:
        return (hit.item for hit in queries.matching(rows, query))
    except QueryError as error:
        raise query_fault(error) from error


def _stories(since: datetime | None, until: datetime | None, query: str | None) -> Iterable[Story]:
    from groundswell.desk.stories.models import Story

    rows = Story.objects.filter(merged_into=None, item_count__gt=0).select_related("unit").order_by("first_at", "id")
    if since:
        rows = rows.filter(last_at__gte=since)
    if until:
        rows = rows.filter(first_at__lt=until)
    if query:
        rows = rows.filter(pk__in={item.story_id for item in _items(None, None, query) if item.story_id})
    return rows.iterator(chunk_size=1000)


def _day(text: str | None, after: int) -> datetime | None:
    """The beginning of the day TEXT, AFTER days later, in the body's zone."""
    from groundswell.desk.spine.ports import zone

    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text) + timedelta(days=after), time(0), zone())
    except ValueError as error:
        raise Fault(f"“{text}” is no day. Write it as 2026-11-23.") from error
