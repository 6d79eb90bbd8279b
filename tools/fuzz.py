"""``python -m tools.fuzz [TARGET…] --minutes N``: readers fed with broken input until the time is up; stops at the first crash or hang.

Each target has seeds of its own; a case is a seed with bytes turned, cut, doubled, swapped or spliced with another seed, all from
one number that is printed with the fault: ``--only NUMBER`` does that case again. What a target may raise is its own error
and nothing else; a case may take two seconds and the process a gibibyte.
"""
# ruff: noqa: E501 (a pattern or a table stays one line)

from __future__ import annotations

import argparse
import random
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

LONGEST_SECONDS = 2
MOST_BYTES = 2**30
LARGEST_CASE = 400_000  # bytes
NOW = datetime(2026, 11, 23, 8, 6, tzinfo=UTC)
BITS = (b"<", b">", b"</div>", b"<p>", b"<!--", b"]]>", b"<![CDATA[", b"&", b"&#x0;", b"\x00", b"\xff\xfe", b"\xe6\x98", b"\x81\x30", b'"', b"'", b"=", b"(" * 40, b"NEAR/9 ", b" OR ",
        "昨天 25:61".encode(), "2026年13月32日".encode(), b"9" * 30, b"\n" * 20, b"<td>", b"<script>", b"<!DOCTYPE x [", b"style=display:none", "楼".encode())  # fmt: skip


@dataclass(frozen=True)
class Target:
    """What is fed, with which seeds, and what it may raise."""

    feed: Callable[[bytes], object]
    seeds: list[bytes]
    allowed: tuple[type[Exception], ...]


class Hung(Exception):
    """A case took too long."""


def targets(data: Path | None = None) -> dict[str, Target]:
    """pages, feeds, dates, queries, texts (what is masked and judged). DATA is a folder of real pages and feeds that join the seeds."""
    from groundswell.demo.county import knowledge_path
    from groundswell.engine.judge.query import QueryError, parse
    from groundswell.engine.knowledge import read_knowledge
    from groundswell.engine.pipeline import Models, judge_items
    from groundswell.engine.read import ReadError, read_feed, read_page, read_stamp
    from groundswell.engine.records import Item
    from groundswell.engine.text.language import detect_language
    from groundswell.engine.text.mentions import mask_mentions
    from groundswell.engine.text.shares import read_share
    from tools import fuzz_seeds

    knowledge, models = read_knowledge(Path(knowledge_path())), Models.default()

    def judged(body: bytes) -> None:
        text = mask_mentions(body.decode("utf-8", "replace"))
        judge_items([Item(key="k", text=read_share(text).text, published_at=NOW)], knowledge, models, NOW)

    for warm in (
        lambda: judged("锦绣小区停水，有人管吗".encode()),
        lambda: read_stamp("3 janvier 26", now=NOW),
        lambda: detect_language("ein paar Worte auf Deutsch, damit das Modell geladen wird"),
    ):
        warm()  # what is loaded at the first need takes its second once
    return {
        "pages": Target(lambda body: read_page(body, now=NOW), fuzz_seeds.pages(data), (ReadError,)),
        "feeds": Target(lambda body: read_feed(body), fuzz_seeds.feeds(data), (ReadError,)),
        "dates": Target(lambda body: read_stamp(body.decode("utf-8", "replace"), now=NOW), fuzz_seeds.dates(), ()),
        "queries": Target(lambda body: parse(body.decode("utf-8", "replace")), fuzz_seeds.queries(), (QueryError,)),
        "texts": Target(judged, fuzz_seeds.texts(), ()),
    }


def mutant(seeds: Sequence[bytes], number: int) -> bytes:
    """Case NUMBER: one seed, changed in one to eight ways."""
    chance = random.Random(number)
    body = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, 8)):
        chance.choice(WAYS)(body, seeds, chance)
    return bytes(body[:LARGEST_CASE])


def _flip(body: bytearray, seeds: Sequence[bytes], chance: random.Random) -> None:
    for _ in range(chance.randint(1, 16)):
        if body:
            body[chance.randrange(len(body))] = chance.randrange(256)


def _cut(body: bytearray, seeds: Sequence[bytes], chance: random.Random) -> None:
    start = chance.randint(0, len(body))
    del body[start : start + chance.choice((1, 7, 60, 900, len(body)))]


def _double(body: bytearray, seeds: Sequence[bytes], chance: random.Random) -> None:
    start = chance.randint(0, len(body))
    piece = bytes(body[start : start + chance.choice((3, 40, 400))])
    body[start:start] = piece * chance.choice((1, 2, 30, 300))


def _insert(body: bytearray, seeds: Sequence[bytes], chance: random.Random) -> None:
    start = chance.randint(0, len(body))
    body[start:start] = chance.choice(BITS) * chance.choice((1, 1, 3, 200))


def _splice(body: bytearray, seeds: Sequence[bytes], chance: random.Random) -> None:
    other = chance.choice(seeds)
    start, place = chance.randint(0, len(body)), chance.randint(0, len(other))
    body[start:] = other[place:]


WAYS = (_flip, _flip, _cut, _double, _insert, _insert, _splice)


def run(name: str, target: Target, seconds: float, *, first: int = 0, most: int | None = None) -> int:
    """Feed TARGET for so many SECONDS (or MOST cases). Gives the number of cases; prints the number of a bad one and raises what it raised."""
    began, number = time.monotonic(), first
    while time.monotonic() - began < seconds and (most is None or number - first < most):
        try:
            case(target, number)
        except BaseException:
            print(f"{name}: case {number} is bad; again: python -m tools.fuzz {name} --only {number}", file=sys.stderr)
            raise
        number += 1
    return number - first


def case(target: Target, number: int) -> None:
    """One case under the clock."""
    body = mutant(target.seeds, number)
    signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, 10 * LONGEST_SECONDS)  # of the wall, on a busy machine
    began = time.process_time()
    try:
        target.feed(body)
    except target.allowed:
        pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    if time.process_time() - began > LONGEST_SECONDS:
        raise Hung(f"{time.process_time() - began:.1f} s of CPU for {len(body)} bytes")


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise Hung("no end in sight")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description="Readers fed with broken input.")
    parser.add_argument("names", nargs="*", metavar="TARGET", help="pages, feeds, dates, queries, texts (default: all)")
    parser.add_argument("--minutes", type=float, default=60, help="for each target")
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--only", type=int, help="do this one case")
    parser.add_argument("--data", type=Path, help="a folder with pages (.html.gz) and feeds (.gz) that join the seeds")
    args = parser.parse_args(argv)
    resource.setrlimit(resource.RLIMIT_AS, (3 * MOST_BYTES, 3 * MOST_BYTES))  # addresses, of which the interpreter takes many unused
    found = targets(args.data)
    for name in args.names or found:
        if args.only is not None:
            case(found[name], args.only)
            continue
        count = run(name, found[name], args.minutes * 60, first=args.first)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(f"{name}: {count:,} cases, no crash, none above {LONGEST_SECONDS} s; peak {peak / 2**20:,.0f} MiB", flush=True)
        if peak > MOST_BYTES:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
