"""Digest: how many of the facts of 30 stories it holds, beside the first three sentences of the story at equal length."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.quality.figures import Figure
from benchmarks.quality.shared import folder, rows
from groundswell.engine.judge.models import Models
from groundswell.engine.pipeline import judge_items
from groundswell.engine.records import Body, Item, Judged, Knowledge
from groundswell.engine.stories.digest import digest_of

FACTS = Path(__file__).parent.parent / "data" / "digest_facts.jsonl"
FILES = {"messages": "messages/stream", "posts": "cascades/train"}
SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]*")
GREETING = re.compile(r"^\W*(尊敬的|您好|你好|领导).{0,14}[，,：:！!。]*$")
FIRST, RESAMPLED = 3, 2000
Pair = tuple[Item, Judged]


def run(quick: bool) -> list[Figure]:
    told = [json.loads(line) for line in FACTS.read_text(encoding="utf-8").splitlines()]
    held = [(story["half"], *holds(story)) for story in told]
    kept = [row[1:] for row in held if row[0] == "b"]
    share = [sum(a > b for a, b, _all in drawn) / len(drawn) for drawn in _resampled(kept)]
    return [
        Figure(
            "stories of which it holds more facts, half b",
            [_share(kept, 1)],
            0.70,
            note=f"{len(kept)} stories; of resampled ones 90 % lie from {share[100]:.2f} to {share[1900]:.2f}",
        ),
        Figure("as many", [_share(kept, 0)]),
        Figure("the same, half a", [_share([row[1:] for row in held if row[0] == "a"], 1)], note="digests were tuned on it"),
        Figure("share of all facts, half b", [_held(kept, 0)], None, [_held(kept, 1)], note="yardstick: first three sentences"),
    ]


def holds(story: dict[str, Any]) -> tuple[int, int, int]:
    """Facts that the digest holds, that the first three sentences hold, and all."""
    pairs = pairs_of(story["set"], story["group"])
    first = first_sentences(pairs)
    digest = digest_of(pairs, {}, longest=len(first))
    text = "".join(sentence.text for sentence in digest.sentences)
    assert len(text) <= len(first), story
    keys = [re.compile(key) for _kind, key in story["facts"]]
    return sum(bool(key.search(text)) for key in keys), sum(bool(key.search(first)) for key in keys), len(keys)


def first_sentences(pairs: Sequence[Pair]) -> str:
    """The first three sentences of a story in order of time; greetings are passed over."""
    found = (part.strip() for item, _judged in pairs for part in SENTENCE.findall(item.text))
    return "".join([part for part in found if len(part) > 4 and not GREETING.match(part)][:FIRST])


@cache
def _texts(name: str) -> dict[str, dict[str, Any]]:
    return {str(row["id"]): row for row in rows(FILES[name])}


@cache
def _groups(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (folder() / "data" / "groups" / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        if "\t" in line and not line.startswith("#"):
            own, group = line.split("\t")[:2]
            found.setdefault(group, []).append(own)
    return found


def pairs_of(name: str, group: str) -> list[Pair]:
    """The items of a story and what is judged of each, in order of time."""
    texts = _texts(name)
    items = [item_of(texts[own]) for own in _groups(name)[group] if own in texts]
    items.sort(key=lambda item: (str(item.published_at), item.key))
    judged = judge_items(items, Knowledge(body=Body(name="-")), Models.default(), datetime(2020, 1, 1, tzinfo=UTC))
    return list(zip(items, judged, strict=True))


def item_of(row: dict[str, Any]) -> Item:
    """A row of the development data as an item."""
    when = row.get("published_at") or row.get("time")
    moment = datetime.fromtimestamp(float(when), UTC) if not isinstance(when, str) else datetime.fromisoformat(when.replace("/", "-"))
    return Item(key=str(row["id"]), title=row.get("title") or "", text=row["text"], published_at=moment.replace(tzinfo=UTC))


def _share(held: Sequence[tuple[int, int, int]], sign: int) -> float:
    return sum((a > b) - (a < b) == sign for a, b, _all in held) / len(held)


def _held(held: Sequence[tuple[int, int, int]], column: int) -> float:
    return sum(row[column] / row[2] for row in held) / len(held)


def _resampled(held: Sequence[tuple[int, int, int]]) -> list[list[tuple[int, int, int]]]:
    """Draws with replacement, poorest first."""
    chance = random.Random(3)
    draws = [chance.choices(held, k=len(held)) for _ in range(RESAMPLED)]
    return sorted(draws, key=lambda drawn: _share(drawn, 1))
