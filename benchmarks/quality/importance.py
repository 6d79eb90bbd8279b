"""Importance: the order of stories that were ranked by hand, as Kendall's tau-b, and their levels."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.quality.figures import Figure
from groundswell.engine.judge.models import Models
from groundswell.engine.pipeline import judge_items, score_story
from groundswell.engine.records import Body, Item, Knowledge, Level, SourceRecord

RANKED = Path(__file__).parent.parent / "data" / "ranked_stories.jsonl"
NOW = datetime(2026, 11, 23, 8, 6, tzinfo=UTC)
OFFICE = SourceRecord(slug="office", name="县政府网", institutional=True, official=True, trust=0.95)
BOARDS = tuple(SourceRecord(slug=f"board-{n}", trust=0.5) for n in range(9))
KNOWLEDGE = Knowledge(body=Body(name="云岭县", aliases=("云岭",)), sources=(OFFICE, *BOARDS))
RESAMPLED = 1000


def run(quick: bool) -> list[Figure]:
    rows = ranked()
    levels = [level_of(row) for row in rows]
    halves = {half: [n for n, row in enumerate(rows) if row["half"] == half] for half in "abcd"}
    hand = [float(row["score"]) for row in rows]
    score = [level.score for level in levels]
    tau = {half: kendall([hand[n] for n in own], [score[n] for n in own]) for half, own in halves.items()}
    draws = sorted(_resampled(halves["b"], hand, score, 50 if quick else RESAMPLED))
    spread = f"of resampled ones 90 % lie from {draws[len(draws) // 20]:.2f} to {draws[-len(draws) // 20]:.2f}"
    items = [float(row["items"]) for row in rows]
    by_items = kendall([hand[n] for n in halves["b"]], [items[n] for n in halves["b"]])
    same = [levels[n].value == rows[n]["level"] for n in halves["b"]]
    near = [abs(levels[n].value - rows[n]["level"]) <= 1 for n in halves["b"]]
    return [
        Figure(
            "Kendall's tau with the hand, half b", [tau["b"]], 0.70, [by_items], note=f"100 stories; {spread}; yardstick: number of items"
        ),
        Figure("the same, half a", [tau["a"]], note="words and weights were chosen on it"),
        Figure("60 further ones", [tau["c"]], note="words were added after the first look at them, when it was 0.50"),
        Figure(
            "35 last ones, in words of their own", [tau["d"]], note="written after all words; two weights were chosen after the first look"
        ),
        Figure("same level as the hand, half b", [sum(same) / len(same)]),
        Figure("at most one level off", [sum(near) / len(near)]),
    ]


def ranked() -> list[dict[str, Any]]:
    """The stories, as ``ranked_stories.md`` describes them."""
    return [json.loads(line) for line in RANKED.read_text(encoding="utf-8").splitlines()]


def level_of(row: dict[str, Any], models: Models | None = None) -> Level:
    """What the program says of a story."""
    items, models = items_of(row), models or Models.default()
    judged = judge_items(items, KNOWLEDGE, models, NOW)
    return score_story(list(zip(items, judged, strict=True)), KNOWLEDGE, models, NOW).level


def items_of(row: dict[str, Any]) -> list[Item]:
    """The items of a story: texts in turn, the official ones last, as many in the last three hours as the row says."""
    texts = row["texts"] or row["official_texts"]
    official = row["official_texts"]
    count = max(row["items"], len(official) + 1)
    items = []
    for n in range(count):
        is_official = n >= count - len(official) or (not row["texts"] and n == 0)
        text = official[n - count] if n >= count - len(official) else texts[n % len(texts)]
        items.append(
            Item(
                key=f"{row['id']:016x}{n:016x}",
                source=OFFICE.slug if is_official else f"board-{n % max(1, row['sources'] - bool(official))}",
                text=text,
                published_at=NOW - timedelta(hours=_age(n, count, row)),
                voice="" if is_official else f"voice-{n % row['voices']}",
                institutional=is_official,
                reads=row["reads"] // count,
            )
        )
    return items


def _age(n: int, count: int, row: dict[str, Any]) -> float:
    """Hours since the n-th item: the last ``recent`` within three hours, those before evenly since the first."""
    late = min(row["recent"], count)
    if n >= count - late:
        return float(2.9 * (count - n) / (late + 1)) if row["hours"] >= 3 else float(row["hours"] * (count - n) / (late + 1))
    return float(3.1 + (max(3.2, row["hours"]) - 3.1) * (count - late - n) / (count - late))


def kendall(one: Sequence[float], other: Sequence[float]) -> float:
    """Kendall's tau-b: pairs in the same order less those in the other, ties taken into account."""
    agree, ties_one, ties_other, pairs = 0, 0, 0, 0
    for i in range(len(one)):
        for j in range(i):
            a, b = (one[i] > one[j]) - (one[i] < one[j]), (other[i] > other[j]) - (other[i] < other[j])
            agree, pairs = agree + a * b, pairs + 1
            ties_one, ties_other = ties_one + (a == 0), ties_other + (b == 0)
    return float(agree / ((pairs - ties_one) * (pairs - ties_other)) ** 0.5)


def _resampled(own: Sequence[int], hand: Sequence[float], score: Sequence[float], times: int) -> list[float]:
    chance = random.Random(4)
    draws = (chance.choices(own, k=len(own)) for _ in range(times))
    return [kendall([hand[n] for n in drawn], [score[n] for n in drawn]) for drawn in draws]
