"""Verify the audit chain, also against heads noted outside the database."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

WORDS = {
    "gap": "a record before it is missing",
    "link": "does not follow from the record before it",
    "hash": "was changed after it was written",
    "payload": "its content was changed after it was written",
    "head": "differs from the head noted outside the database",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    verify = verbs.add_parser("verify", help="walk the chain; exit code 1 where it does not hold")
    verify.add_argument("--head", metavar="FILE", nargs="?", const="", help="compare with the heads in FILE (default: the one in the home)")
    verify.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    from groundswell.server.home import open_home

    with open_home() as config:
        from groundswell.desk.audit.chain import verify

        head = None if args.head is None else Path(args.head) if args.head else config.audit_head_file
        count, breaks = verify(head)
    if args.json:
        print(json.dumps({"records": count, "breaks": [{"seq": each.seq, "what": each.what} for each in breaks]}))
    elif breaks:
        for each in breaks:
            print(f"record {each.seq}: {WORDS[each.what]}")
    else:
        print(f"The chain holds: {count} records.")
    return 1 if breaks else 0
