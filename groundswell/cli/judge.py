"""Items to judgements: whom they concern, where, how they sound, how bad, how far to be believed, which story."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any

import msgspec

from groundswell.cli.lines import Progress, made, open_in, open_out, write
from groundswell.engine.records import Judged, StoryChange


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--knowledge", required=True, metavar="FILE", help="the body, its units, places, watches (YAML)")
    parser.add_argument(
        "--in", dest="input", metavar="FILE", help="rows with id, text and, where known, title, published_at or time, source"
    )
    parser.add_argument("--out", metavar="FILE", help="rows with id, concerns, places, watches, sentiment, level, credibility, story …")
    parser.add_argument("--models", metavar="FOLDER", help="tone.tsv or importance.yaml of your own")
    parser.add_argument("--now", help="when the judgement is made (default: now)")
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="how many work at once; the result is the same")


def run(args: argparse.Namespace) -> int:
    from pathlib import Path

    from groundswell.cli.item_rows import item_of
    from groundswell.cli.knowledge import knowledge_from
    from groundswell.engine.pipeline import Models, StoriesState, grow_stories, load_models
    from groundswell.engine.read.dates import stamp_to_utc
    from groundswell.engine.runners.local import judge_on_cores
    from groundswell.server.faults import Fault

    knowledge = knowledge_from(args.knowledge)
    zone = knowledge.body.zone
    now = datetime.now(UTC)
    if args.now:
        moment, _ = stamp_to_utc(args.now, zone)
        if moment is None:
            raise Fault(f"--now “{args.now}” is no time. Write it as 2026-11-23T16:06+08:00.")
        now = moment
    try:
        models = load_models(Path(args.models)) if args.models else Models.default()
    except (OSError, ValueError) as error:
        raise Fault(str(error)) from error
    if args.processes < 1:
        raise Fault(f"--processes {args.processes}: at least one must work.")
    with open_in(args.input) as source:
        found = list(made(source, args.input or "input", lambda row: (item_of(row, zone), row["id"])))
    items = [item for item, _name in found]
    judged, progress = [], Progress(len(items))
    for one in judge_on_cores(items, knowledge, models, now, args.processes):
        judged.append(one)
        progress.step()
    beginning = datetime(1970, 1, 1, tzinfo=UTC)
    order = sorted(range(len(items)), key=lambda n: (items[n].published_at or beginning, items[n].key))
    ours = [(items[n], judged[n]) for n in order if judged[n].about_us and not judged[n].advert]
    _state, changes = grow_stories(StoriesState(), ours, now)
    by_key = {change.key: change for change in changes}
    names = {item.key: name for item, name in found}
    with open_out(args.out) as out:
        for (item, name), one in zip(found, judged, strict=True):
            write(out, _row(name, one, by_key.get(item.key), names))
    progress.end()
    return 0


def _row(name: object, judged: Judged, change: StoryChange | None, names: dict[str, object]) -> dict[str, Any]:
    data = msgspec.to_builtins(judged)
    kept = ("lang", "about_us", "advert", "concerns", "places", "watches", "sentiment", "toward_body", "level", "credibility", "why")
    return {
        "id": name,
        **{part: data[part] for part in kept},
        "duplicate_of": names.get(change.duplicate_of) if change else None,
        "story": change.story if change else None,
    }
