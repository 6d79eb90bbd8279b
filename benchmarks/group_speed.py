"""Items grouped into 50,000 open stories in a second, beside the bare TF-IDF search for the most alike story.

The open stories are of one item each, made out of messages/stream and cascades/train: halves of two texts laid together, 140
characters at the most. CPU time, one process.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks.measure import Figure, alternate
from benchmarks.quality.shared import rows
from groundswell.engine.records import Item, Judged
from groundswell.engine.stories.features import Sketch, sketch
from groundswell.engine.stories.grouping import grow_stories
from groundswell.engine.stories.settings import DEFAULT, Settings
from groundswell.engine.stories.state import StoriesState

STORIES, ITEMS = 50_000, 500
QUICK_STORIES, QUICK_ITEMS = 1_000, 50
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
NOTHING = Judged(key="", lang="", tokens=(), signature=b"", about_us=True)


def run(quick: bool) -> list[Figure]:
    stories, count = (QUICK_STORIES, QUICK_ITEMS) if quick else (STORIES, ITEMS)
    texts = [row["text"][:140] for name in ("cascades/train", "messages/stream") for row in rows(name)]
    chance = random.Random(4)
    alone = Settings(near=9.0)  # every item founds a story
    state, _ = grow_stories(StoriesState(), [_item(n, _written(texts, chance)) for n in range(stories)], BEGINNING, settings=alone)
    rounds = [[_item(stories + n * count + k, _written(texts, chance)) for k in range(count)] for n in range(3)]
    searched = [sketch(item, judged) for item, judged in rounds[0]]
    waiting = iter(rounds)
    seconds = alternate(
        3,
        grow=lambda: grow_stories(state, next(waiting), BEGINNING),
        sketch=lambda: [sketch(item, judged) for item, judged in rounds[0]],
        search=lambda: _search(state, searched),
        product=lambda: _product(state, searched),
    )
    note = f"{stories:,} open stories"
    return [
        Figure("grow_stories", count, "items", seconds["grow"], note=note),
        Figure("of which the sketch of each item", count, "items", seconds["sketch"], note=note),
        Figure("of which the search for candidates", count, "items", seconds["search"], note=note),
        Figure("TF-IDF against all stories, one after the other", count, "items", seconds["product"], True, note),
    ]


def _written(texts: list[str], chance: random.Random) -> str:
    one, other = chance.choice(texts), chance.choice(texts)
    return one[: len(one) // 2] + other[len(other) // 2 :]


def _item(number: int, text: str) -> tuple[Item, Judged]:
    return Item(key=f"{number:032x}", text=text, published_at=BEGINNING + timedelta(seconds=number)), NOTHING


def _search(state: StoriesState, searched: list[Sketch]) -> None:
    """The members that hold enough of the heaviest pieces."""
    for seen in searched:
        squares = (seen.tf * state.counts.idf(seen.ids)) ** 2
        best = np.argsort(-squares)[: DEFAULT.pieces]
        state.index.near(seen.ids[best], squares[best], DEFAULT.near * float(np.sqrt(squares.sum())))


def _product(state: StoriesState, searched: list[Sketch]) -> None:
    """What any search has to do at least: the weights of each item's pieces added up over all stories that hold them."""
    index, counts = state.index, state.counts
    for seen in searched:
        weights = seen.tf * counts.idf(seen.ids)
        score = np.zeros(len(index.members), dtype=np.float32)
        for piece, weight in zip(seen.ids.tolist(), weights.tolist(), strict=True):
            known = index.postings.get(piece)
            if known is not None:
                score[np.frombuffer(known, dtype=np.int64)] += weight
        score.argmax()
