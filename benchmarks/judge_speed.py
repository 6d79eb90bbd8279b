"""Judging: 1,000 short posts through judge_items and grow_stories, and where the time goes."""

from __future__ import annotations

import cProfile
import pstats
import time
from collections import defaultdict
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import rjieba

from benchmarks.measure import Figure, alternate
from groundswell.demo.county import NOW, SEED
from groundswell.demo.script import acts
from groundswell.engine.knowledge import read_knowledge
from groundswell.engine.pipeline import Judge, Models, StoriesState, grow_stories, judge_items
from groundswell.engine.records import Item, Judged, Knowledge
from groundswell.engine.text.identity import item_key

POSTS = 1000
ROOMS = ("engine/text", "engine/judge", "engine/learn", "engine/stories")


def run(quick: bool) -> list[Figure]:
    knowledge, items = county_knowledge(), county_posts(200 if quick else POSTS)
    models, now = Models.default(), datetime.now(UTC)
    judged = judge_items(items, knowledge, models, now)
    bare = rjieba.Jieba()
    spent = alternate(
        3,
        judge=lambda: judge_items(items, knowledge, models, now),
        grow=lambda: grow_stories(StoriesState(), list(zip(items, judged, strict=True)), now),
        bare=lambda: [bare.cut(item.text, False) for item in items],
    )
    together = spent["judge"] + spent["grow"]
    return [
        Figure("rjieba alone cuts them into words", len(items), "posts", spent["bare"], is_yardstick=True),
        Figure("judged and put into stories", len(items), "posts", together),
        Figure("judge_items", len(items), "posts", spent["judge"]),
        Figure("grow_stories", len(items), "posts", spent["grow"]),
        *[
            Figure(f"  of which in {place}", len(items), "posts", share * together, note=f"{share:.0%}")
            for place, share in shares(items, judged, knowledge, models, now)
        ],
    ]


def county_knowledge() -> Knowledge:
    return read_knowledge(Path(str(files("groundswell.demo"))) / "knowledge.yaml")


def county_posts(count: int) -> list[Item]:
    """The first COUNT short posts that the county writes."""
    said = [act for act in acts(SEED, NOW) if act.kind == "post" and not act.title][:count]
    return [
        Item(
            key=item_key(act.source, act.ref),
            source=act.source,
            kind="post",
            text=act.text,
            voice=act.author,
            published_at=act.at,
            collected_at=act.at,
        )
        for act in said
    ]


def shares(items: list[Item], judged: list[Judged], knowledge: Knowledge, models: Models, now: datetime) -> list[tuple[str, float]]:
    """Files of the engine and the share of the time that is spent in each, most first; what others' code takes counts for who calls it."""
    judge, profile = Judge(knowledge, models), cProfile.Profile(time.process_time)
    profile.enable()
    judge(items, now)
    grow_stories(StoriesState(), list(zip(items, judged, strict=True)), now)
    profile.disable()
    own: dict[str, float] = defaultdict(float)
    for (path, _line, _name), (_calls, _all, spent, _below, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        if room := _room(path):
            own[room] += spent
            continue
        for (caller, _at, _who), (_n, _p, by_caller, _c) in callers.items():
            own[_room(caller) or "elsewhere"] += by_caller
    total = sum(own.values())
    return [(place, spent / total) for place, spent in sorted(own.items(), key=lambda row: -row[1]) if spent > 0.02 * total]


def _room(path: str) -> str:
    """A file of the engine as "judge/places"; "" of others."""
    return next((path.split("engine/")[-1].removesuffix(".py") for room in ROOMS if room in path), "")
