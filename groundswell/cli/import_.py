"""Items from a file into the desk, judged as they are stored."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from groundswell.cli.lines import SHOWN_FAULTS, Progress
from groundswell.server.faults import Fault

BATCH = 500
ENDINGS = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".txt", ".xlsx")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help=".jsonl, .json, .csv or .xlsx, also packed as .gz; - reads JSON lines from standard input")
    parser.add_argument(
        "--source", metavar="SLUG", help="slug of a source in the register (default: one made from the file's name, “file-stdin” for -)"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    name, body = _read(args.file)
    from groundswell.server.home import open_home

    started = time.monotonic()
    with open_home():
        result = import_body(body, name, args.source)
    result["seconds"] = round(time.monotonic() - started, 1)
    if args.json:
        print(json.dumps(result))
    else:
        print("{new} new, {known} known, {changed} changed, {bad} bad rows, {stories} stories; {seconds} s".format(**result))
    return 0


def _read(file: str) -> tuple[str, bytes]:
    if file == "-":
        return "stdin.jsonl", sys.stdin.buffer.read()
    path = Path(file)
    if not path.is_file():
        raise Fault(f"There is no file {path}. Check the path.")
    if Path(path.name.removesuffix(".gz")).suffix.lower() not in ENDINGS:
        raise Fault(f"{path} is of no kind that is read. Its name must end in {', '.join(ENDINGS)}, or such with .gz.")
    return path.name, path.read_bytes()


def import_body(body: bytes, name: str, slug: str | None) -> dict[str, Any]:
    """Store the rows of BODY in batches, in order of time; then score the stories that they touched. What is known is passed over."""
    from groundswell.desk.sources.items import Origin, from_row
    from groundswell.desk.spine.ports import now
    from groundswell.desk.spine.preferences import preference
    from groundswell.desk.stories.models import Story
    from groundswell.desk.stream.intake import store
    from groundswell.engine.read import ReadError

    source = _source(slug, name)
    origin = Origin(source=source, zone=preference("body.zone"), at=now())
    counts = {"new": 0, "known": 0, "changed": 0, "bad": 0}
    items = []
    for number, row in enumerate(_rows(body, name), 1):
        if isinstance(row, ReadError):
            counts["bad"] += 1
            if counts["bad"] <= SHOWN_FAULTS:
                print(f"{name}: {_in_words(row)}", file=sys.stderr)
        else:
            items.append(from_row(row, origin, number))
    if counts["bad"] > SHOWN_FAULTS:
        print(f"{name}: … and {counts['bad'] - SHOWN_FAULTS:,} more rows", file=sys.stderr)
    items.sort(key=lambda item: (item.published_at or origin.at, item.key))
    progress = Progress(len(items), what="items")
    for start in range(0, len(items), BATCH):
        batch = items[start : start + BATCH]
        stored = store(batch)
        counts["new"] += len(stored.new)
        counts["known"] += stored.known
        counts["changed"] += len(stored.changed)
        progress.step(len(batch))
    progress.end()
    _score()
    return counts | {"stories": Story.objects.filter(items__source=source).distinct().count()}


def _score() -> None:
    from groundswell.desk.stories.models import Story
    from groundswell.desk.stories.scoring import score_dirty

    progress = Progress(Story.objects.filter(dirty_since__isnull=False).count(), what="stories scored")
    while done := score_dirty(200):
        progress.step(done)
    progress.end()


def _rows(body: bytes, name: str) -> Iterator[Any]:
    from groundswell.engine.read import ReadError, read_table

    try:
        yield from read_table(body, name=name)
    except ReadError as error:
        raise Fault(f"{name} cannot be read. {_in_words(error)}") from error


def _in_words(error: Any) -> str:
    """A row's or file's fault and its mend, as the desk would say them."""
    from django.utils import translation

    from groundswell.desk.sources.words import say_failure

    with translation.override("en"):
        said = say_failure(error.cause, error.mend, error.filling)
    return f"{said.cause}. {said.mend}".strip()


def _source(slug: str | None, name: str) -> Any:
    from django.utils.text import slugify

    from groundswell.desk.sources.models import Source

    if slug:
        found = Source.objects.filter(slug=slug).first()
        if found is None:
            raise Fault(f"There is no source “{slug}” in the register. Leave --source out to have one made from the file's name.")
        return found
    stem = name.split(".")[0]
    code = slugify(stem) or hashlib.sha256(stem.encode()).hexdigest()[:8]
    made, _ = Source.objects.get_or_create(
        slug=f"file-{code}"[:60],
        defaults={
            "name": f"文件“{stem}”"[:80],
            "name_en": f"file “{stem}”"[:120],
            "kind": "files",
            "channel": "other",
            "state": "paused",
            "pause_reason": "import",
            "address": name,
        },
    )
    return made
