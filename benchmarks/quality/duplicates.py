"""Copies: 20,000 pairs made by script from messages/stream and cascades/train; one with other facts is no copy."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from functools import partial

import rensa

from benchmarks.duplicate_pairs import PAIRS, SEED, Pair, make_pairs
from benchmarks.measure import alternate
from benchmarks.quality.figures import Figure
from benchmarks.quality.shared import folder, rows
from groundswell.engine.text.duplicates import dedupe, is_copy
from groundswell.engine.text.signature import plain_many

MORE_SEEDS = (1, 2)  # whose pairs nobody has looked at
PERMUTATIONS = 128


def run(quick: bool) -> list[Figure]:
    posts = [row["text"] for row in rows("cascades/train")]
    messages = [f"{row['title']}\n{row['text']}" for row in rows("messages/stream")]
    found = [_judged(make_pairs([*messages, *posts], 2000 if quick else PAIRS, seed=seed)) for seed in (SEED, *MORE_SEEDS)]
    pairs = make_pairs([*messages, *posts], 2000 if quick else PAIRS)
    return [
        Figure("precision, pair by pair", [one["precision"] for one in found], 0.99, digits=4, note=f"seed {SEED} and two more"),
        Figure("recall, pair by pair", [one["recall"] for one in found], 0.97, digits=4),
        Figure("recall at 18 to 25 % of characters changed", [one["noisy"] for one in found], digits=4),
        Figure("merged of 500 pairs with other facts", [one["merged"] for one in found], 0, less_is_better=True, digits=1),
        Figure("recall, all 40,000 texts as one stream", [_stream(pairs)["recall"]], digits=4),
        Figure(
            "precision, the same",
            [_stream(pairs)["precision"]],
            digits=4,
            note="texts that are alike by themselves count as wrong",
        ),
        *_speeds(pairs, posts, messages),
    ]


def _scores(pairs: Sequence[Pair], said: Sequence[bool]) -> dict[str, float]:
    right = sum(pair.is_copy and answer for pair, answer in zip(pairs, said, strict=True))
    noisy = [answer for pair, answer in zip(pairs, said, strict=True) if pair.edit == "noise to 25 %"]
    return {
        "precision": right / sum(said),
        "recall": right / sum(pair.is_copy for pair in pairs),
        "noisy": sum(noisy) / len(noisy),
        "merged": sum(answer for pair, answer in zip(pairs, said, strict=True) if pair.edit.startswith("facts")),
    }


def _judged(pairs: Sequence[Pair]) -> dict[str, float]:
    texts = plain_many([text for pair in pairs for text in (pair.one, pair.other)])
    return _scores(pairs, [is_copy(one, other) for one, other in zip(texts[::2], texts[1::2], strict=True)])


def _stream(pairs: Sequence[Pair]) -> dict[str, float]:
    firsts = {name: first or name for name, first in dedupe(_rows(pairs))}
    return _scores(pairs, [firsts[number, 0] == firsts[number, 1] for number in range(len(pairs))])


def _rows(pairs: Sequence[Pair]) -> list[tuple[tuple[int, int], str]]:
    return [((number, side), text) for number, pair in enumerate(pairs) for side, text in enumerate((pair.one, pair.other))]


def _speeds(pairs: Sequence[Pair], posts: Sequence[str], messages: Sequence[str]) -> list[Figure]:
    with gzip.open(folder() / "data" / "boards" / "weibo_posts.txt.gz", "rt", encoding="utf-8") as lines:
        short = [line.split(",", 2)[2] for line in lines if line.count(",") > 1]
    figures = []
    for name, texts, goal in (
        ("posts a second, cascades, 110 characters", posts, 30_000),
        ("microblog posts a second, 80 characters", short, 30_000),
        ("messages a second, 372 characters", messages, None),
    ):
        spent = alternate(5, ours=lambda texts=texts: list(dedupe(enumerate(texts))), rensa=partial(_signed, texts))  # type: ignore[misc]
        note = f"all of dedupe; yardstick: rensa's signature of {PERMUTATIONS} and nothing more"
        figures.append(Figure(name, [len(texts) / spent["ours"]], goal, [len(texts) / spent["rensa"]], digits=0, note=note))
    texts = [text for pair in pairs for text in (pair.one, pair.other)]
    spent = alternate(2, stream=lambda: list(dedupe(_rows(pairs))), pairs=lambda: _judged(pairs), rensa=partial(_signed, texts))
    yardstick = [len(texts) / spent["rensa"]]
    return [
        *figures,
        Figure(
            "texts of the pairs a second, one stream",
            [len(texts) / spent["stream"]],
            None,
            yardstick,
            digits=0,
            note="every second a copy",
        ),
        Figure("pairs judged a second, folding included", [len(pairs) / spent["pairs"]], None, [yardstick[0] / 2], digits=0),
    ]


def _signed(texts: Sequence[str]) -> None:
    for text in texts:
        rensa.RMinHash(PERMUTATIONS, SEED).update([text[at : at + 3] for at in range(len(text) - 2)])
