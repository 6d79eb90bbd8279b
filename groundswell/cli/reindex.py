"""Search brought up to date after units, places, watches or words changed."""

from __future__ import annotations

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--batch", type=int, default=500, metavar="N", help="items a transaction")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    from groundswell.server.home import open_home

    with open_home():
        count = reindex(max(1, args.batch))
    print(json.dumps({"items": count}) if args.json else f"{count:,} items brought up to date" if count else "All items are up to date.")
    return 0


def reindex(batch: int) -> int:
    """Bring stale items up to date with a count on stderr. Returns how many."""
    from groundswell.cli.lines import Progress
    from groundswell.desk.stream import indexing

    progress = Progress(indexing.stale().count())
    count = indexing.bring_up_to_date(batch, progress.step)
    progress.end()
    return count
