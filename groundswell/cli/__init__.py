"""The command line: one thin file a command, loaded only when it is called."""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType
from typing import NamedTuple

import groundswell


class Command(NamedTuple):
    module: str
    words: str
    example: str


# Files first (no database), then the desk's own.
COMMANDS: dict[str, Command] = {
    "read": Command(
        "groundswell.cli.read",
        "pages → what they say (articles, threads, lists)",
        "groundswell read pages/ --now 2026-11-23T16:06 --out pages.jsonl",
    ),
    "group": Command(
        "groundswell.cli.group",
        "items → stories",
        "groundswell group --knowledge body.yaml --in items.jsonl.gz --out stories.jsonl",
    ),
    "dedupe": Command(
        "groundswell.cli.dedupe",
        "items → which is a copy of which",
        "groundswell dedupe < items.jsonl > copies.jsonl",
    ),
    "judge": Command(
        "groundswell.cli.judge",
        "items → what concerns whom, where, how bad",
        "groundswell judge --knowledge body.yaml --in items.jsonl.gz --out judged.jsonl --processes 2",
    ),
    "learn": Command(
        "groundswell.cli.learn",
        "rows with labels → a model (routing, sentiment, level)",
        "groundswell learn routing --in labelled.jsonl.gz --model routing.model",
    ),
    "label": Command(
        "groundswell.cli.label",
        "rows → labels by a model, how sure and why",
        "groundswell label --model routing.model --in messages.jsonl --out labels.jsonl",
    ),
    "correct": Command(
        "groundswell.cli.correct",
        "what people corrected → the model, kept through every learn",
        'echo \'{"text": "路灯不亮", "label": "城管局"}\' | groundswell correct --model routing.model',
    ),
    "learn-spread": Command(
        "groundswell.cli.learn_spread",
        "posts with all their reposts → a model of how far others will go",
        "groundswell learn-spread --in cascades.jsonl.gz --model spread.model",
    ),
    "forecast": Command(
        "groundswell.cli.forecast",
        "posts → their final number of reposts and the chance to double, told early",
        "groundswell forecast --model spread.model --at 1h --in cascades.jsonl.gz --out forecasts.jsonl",
    ),
    "watch": Command(
        "groundswell.cli.watch",
        "items → those that a query matches",
        "groundswell watch '(停水 OR 断水) NOT 招聘' --knowledge body.yaml --in items.jsonl",
    ),
    "due": Command(
        "groundswell.cli.due",
        "receipts → due dates in working days, with the sum",
        'echo \'{"received": "2026-11-23", "n": 20, "unit": "working_day"}\' | groundswell due',
    ),
    "init": Command(
        "groundswell.cli.init",
        "make a new home: database, keys, first administrator",
        "groundswell init --knowledge body.yaml",
    ),
    "serve": Command(
        "groundswell.cli.serve",
        "start database, web and worker",
        "GROUNDSWELL_HOSTS=desk.example.org groundswell serve --host 0.0.0.0 --port 8700",
    ),
    "demo": Command(
        "groundswell.cli.demo",
        "a living county to try: Yunling",
        "groundswell demo --speed 10",
    ),
    "import": Command(
        "groundswell.cli.import_",
        "items from a file into the desk, judged as they are stored",
        "groundswell import messages.jsonl.gz --source mayors-mailbox",
    ),
    "collect": Command(
        "groundswell.cli.collect",
        "read the sources that are due, once",
        "groundswell collect",
    ),
    "replay": Command(
        "groundswell.cli.replay",
        "rebuild the items from the raw archive",
        "groundswell replay --since 2026-11-20 --check",
    ),
    "brief": Command(
        "groundswell.cli.brief",
        "the day's brief as DOCX, PDF or HTML",
        "groundswell brief --date 2026-11-23 --out brief.docx",
    ),
    "evidence": Command(
        "groundswell.cli.evidence",
        "a story's pages as a plain WARC file",
        "groundswell evidence ST-2026-1123-03 --out story.warc.gz --by linxiao",
    ),
    "export": Command(
        "groundswell.cli.export",
        "items or stories as JSONL, CSV or XLSX",
        "groundswell export items --since 2026-11-01 --out november.xlsx",
    ),
    "search": Command(
        "groundswell.cli.search",
        "search the desk's items",
        "groundswell search '供暖 since:2026-11-20' --limit 50 --json",
    ),
    "case": Command(
        "groundswell.cli.case",
        "cases: what is open and when it is due; as a file",
        "groundswell case list --kind incident --json",
    ),
    "roster": Command(
        "groundswell.cli.roster",
        "the duty roster: now, a month, as a file",
        "groundswell roster export --month 2026-11 --out roster.xlsx",
    ),
    "plan": Command(
        "groundswell.cli.plan",
        "plans and responses: list, show, as a file",
        "groundswell plan export utilities --out utilities.xlsx",
    ),
    "reindex": Command(
        "groundswell.cli.reindex",
        "bring search up to date with the present words",
        "groundswell reindex",
    ),
    "users": Command(
        "groundswell.cli.users",
        "add and list people, make sign-in links",
        "groundswell users add linxiao --name 林晓 --role duty --role editor",
    ),
    "audit": Command(
        "groundswell.cli.audit",
        "verify the audit chain",
        "groundswell audit verify --head",
    ),
    "leads": Command(
        "groundswell.cli.leads",
        "seal the leads anew under new keys",
        "groundswell leads rotate-keys",
    ),
    "doctor": Command(
        "groundswell.cli.doctor",
        "say in words what is wrong",
        "groundswell doctor --json",
    ),
}
EXIT_FAULT, EXIT_INTERRUPTED = 1, 130


def make_parser(only: str = "") -> argparse.ArgumentParser:
    """The parser; with ONLY given, the one command's arguments are loaded."""
    shape = argparse.RawDescriptionHelpFormatter
    codes = "Exit codes: 0 done, 1 something outside is wrong (one sentence says what), 2 wrong arguments."
    parser = argparse.ArgumentParser(
        prog="groundswell", description="The public-opinion desk of a public body.", epilog=codes, formatter_class=shape
    )
    parser.add_argument("--version", action="version", version=f"groundswell {groundswell.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        epilog = f"example:\n  {command.example}"
        sub = commands.add_parser(name, help=command.words, description=command.words, epilog=epilog, formatter_class=shape)
        sub.set_defaults(usage_of=sub)
        if name == only:
            importlib.import_module(command.module).add_arguments(sub)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Exit codes: 0 done, 1 something outside is wrong (one sentence says what), 2 wrong arguments."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    name = next((word for word in arguments if word in COMMANDS), "")
    args, unknown = make_parser(name).parse_known_args(arguments)
    if unknown:
        args.usage_of.error(f"unrecognized arguments: {' '.join(unknown)}")
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _told_to_end)
    try:
        code = int(importlib.import_module(COMMANDS[args.command].module).run(args) or 0)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except Exception as error:
        from groundswell.server.faults import Fault, fault_of

        fault = error if isinstance(error, Fault) else fault_of(error)
        if fault is None:
            raise
        print(f"groundswell: {fault}", file=sys.stderr)
        return EXIT_FAULT


def _told_to_end(number: int, frame: FrameType | None) -> None:
    """SIGTERM ends a command as Ctrl-C does: what was opened is closed."""
    raise KeyboardInterrupt
