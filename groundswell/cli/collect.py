"""The sources that are due, or those named, read once."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import timedelta
from typing import Any

from groundswell.cli.lines import Progress
from groundswell.server.faults import Fault

AT_ONCE = 6
OUTCOMES = {"items": "new items", "nothing_new": "nothing new", "unchanged": "unchanged", "partly": "in part", "failed": "failed"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("slugs", nargs="*", metavar="SLUG", help="only these sources, due or not")
    parser.add_argument("--all", action="store_true", help="every source that is read, due or not")
    parser.add_argument("--json", action="store_true", help="a JSON object a source")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 where a source could not be read, 0 otherwise."""
    if args.slugs and args.all:
        raise Fault("Name sources or say --all, not both.")
    from groundswell.server.home import open_home

    with open_home():
        return collect(args.slugs, everything=args.all, as_json=args.json)


def collect(slugs: Sequence[str], *, everything: bool, as_json: bool) -> int:
    """Read the sources side by side (each host still gets its pauses), tell of each as it ends, then score the stories."""
    sources = wanted(slugs, everything=everything)
    if not sources:
        print("No source is due.", file=sys.stderr)
        return 0
    progress, failed = Progress(len(sources)), 0
    with ThreadPoolExecutor(min(AT_ONCE, len(sources))) as workers:
        for row in (done.result() for done in as_completed([workers.submit(read_once, pk) for pk in sources])):
            failed += row["outcome"] == "failed"
            progress.step()
            tell(row, as_json)
    progress.end()
    _score()
    return 1 if failed else 0


def wanted(slugs: Sequence[str], *, everything: bool) -> list[int]:
    """Primary keys of the sources to read, the longest overdue first. Raises Fault for one that is not there or not read."""
    from django.db.models import F, Q

    from groundswell.collect.kinds import KINDS
    from groundswell.desk.sources.models import Source
    from groundswell.desk.spine.ports import now

    rows = Source.objects.filter(state="active", kind__in=list(KINDS))
    if slugs:
        found = {source.slug: source for source in Source.objects.filter(slug__in=slugs)}
        for slug in slugs:
            _refuse(slug, found.get(slug), KINDS)
        return [found[slug].pk for slug in dict.fromkeys(slugs)]
    if not everything:
        rows = rows.filter(Q(next_fetch_at=None) | Q(next_fetch_at__lte=now()))
    rows = rows.filter(Q(fetching_since=None) | Q(fetching_since__lt=now() - timedelta(minutes=20)))  # not those that the worker reads now
    return list(rows.order_by(F("next_fetch_at").asc(nulls_first=True), "pk").values_list("pk", flat=True))


def _refuse(slug: str, source: Any, kinds: Any) -> None:
    if source is None:
        raise Fault(f"There is no source “{slug}” in the register. “groundswell collect --all” reads all there are.")
    if source.kind not in kinds:
        raise Fault(f"The source “{slug}” is read by people, not by the collector.")
    if source.state != "active":
        raise Fault(f"The source “{slug}” is {source.state}. Resume it on its page first.")


def read_once(pk: int) -> dict[str, Any]:
    """One source in a thread of its own, as a row to tell."""
    from groundswell.desk.sources.collecting import collect_source
    from groundswell.desk.sources.models import Source
    from groundswell.desk.spine.work import gives_back_connections

    @gives_back_connections
    def read() -> dict[str, Any]:
        done = collect_source(pk)
        slug = Source.objects.values_list("slug", flat=True).get(pk=pk)
        if done is None:  # paused in the meantime
            return {"source": slug, "outcome": "nothing_new", "new": 0, "changed": 0, "seen": 0, "pages": 0, "seconds": 0.0, "failures": []}
        return {
            "source": slug,
            "outcome": done.outcome,
            "new": done.new,
            "changed": done.changed,
            "seen": done.seen,
            "pages": done.pages,
            "seconds": done.seconds,
            "failures": list(_failures(done)),
        }

    return read()


def _failures(done: Any) -> Iterator[dict[str, Any]]:
    from django.utils import translation

    from groundswell.desk.sources.words import say_failure

    with translation.override("en"):
        for failure in done.failed.order_by("pk"):
            said = say_failure(failure.cause, failure.mend, failure.args)
            yield {"url": failure.url, "code": failure.cause, "cause": said.cause, "mend": said.mend}


def tell(row: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(row, ensure_ascii=False), flush=True)
        return
    outcome = OUTCOMES.get(row["outcome"], row["outcome"])
    print(f"{row['source']}: {outcome}; {row['new']} new of {row['seen']} seen on {row['pages']} pages, {row['seconds']} s", flush=True)
    for failure in row["failures"]:
        print(f"  {failure['url']}: {failure['cause']}. {failure['mend']}", flush=True)


def _score() -> None:
    from groundswell.desk.stories.scoring import score_dirty

    while score_dirty(200):
        pass
