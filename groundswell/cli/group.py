"""Items to stories: one event, one story, item by item in order of time."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from groundswell.cli.lines import Progress, made, open_in, open_out, write

if TYPE_CHECKING:
    from groundswell.engine.records import StoryChange

BATCH = 500
BRIDGE = 0.05  # above joining: an item so like a small second story makes one of both, since no person is asked here


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--in", dest="input", metavar="FILE", help="rows with id, text and, where known, title and published_at or time")
    parser.add_argument(
        "--out",
        metavar="FILE",
        help="rows with id, story, confidence, why; in order of time, written at the end: a late item can make one story of two",
    )
    parser.add_argument("--knowledge", metavar="FILE", help="units and places of the body, which tell look-alikes apart")
    parser.add_argument("--join", type=float, metavar="P", help="likelihood from which on an item joins a story (default: the program's)")
    parser.add_argument("--idle-days", type=float, metavar="N", help="a story without a new item for so long takes no more")
    parser.add_argument("--zone", default="Asia/Shanghai", help="zone of times without one (default Asia/Shanghai)")


def run(args: argparse.Namespace) -> int:
    from groundswell.cli.item_rows import item_of
    from groundswell.cli.knowledge import judge_of
    from groundswell.engine.pipeline import StoriesState, grow_stories
    from groundswell.engine.stories.settings import DEFAULT

    settings = DEFAULT
    join = settings.join if args.join is None else args.join
    settings = msgspec.structs.replace(settings, join=join, bridge=join + BRIDGE)
    if args.idle_days is not None:
        settings = msgspec.structs.replace(settings, retire_days=args.idle_days)
    judge = judge_of(args.knowledge)
    with open_in(args.input) as source:
        found = list(made(source, args.input or "input", lambda row: (item_of(row, args.zone), row["id"])))
    beginning = datetime(1970, 1, 1, tzinfo=UTC)
    found.sort(key=lambda pair: (pair[0].published_at or beginning, pair[0].key))
    state, progress, said = StoriesState(), Progress(len(found)), []
    for start in range(0, len(found), BATCH):
        part = found[start : start + BATCH]
        now = part[-1][0].published_at or beginning
        state, changes = grow_stories(state, [(item, judge(item)) for item, _name in part], now, settings=settings)
        said += changes
        progress.step(len(part))
    with open_out(args.out) as out:
        for (_item, name), change in zip(found, said, strict=True):
            write(out, _row(name, state.final(change.story), change))
    progress.end()
    return 0


def _row(name: object, story: str, change: StoryChange) -> dict[str, Any]:
    return {"id": name, "story": story, "confidence": change.confidence, "why": msgspec.to_builtins(change.why)}
