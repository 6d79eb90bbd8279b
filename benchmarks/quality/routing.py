"""Routing: citizens' messages to one of seven subjects, five folds of messages/labelled (words) and labelled_raw (full text)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import rjieba

from benchmarks.quality.figures import Figure
from benchmarks.quality.shared import rows, scored_labels
from benchmarks.quality.yardstick import BOTH, WORDS, labels
from groundswell.engine.learn.correcting import corrected, correction_of
from groundswell.engine.learn.labelling import Labeller
from groundswell.engine.learn.learning import learn
from groundswell.engine.learn.model import Model
from groundswell.engine.learn.passage import passage_of

FOLDS, CORRECTED = 5, 50
BARE = "yardstick: rjieba alone cuts so many"


def run(quick: bool) -> list[Figure]:
    found, model = folds("routing", rows("messages/labelled"), quick, (WORDS, BOTH))
    raw, _model = folds("routing", rows("messages/labelled_raw"), quick, (WORDS,))
    return [
        Figure("macro-F1, words only", found["macro_f1"], 0.935, found["yardstick_0"], note="yardstick: words, SVM"),
        Figure("the same beside words and characters", found["macro_f1"], None, found["yardstick_1"]),
        Figure("expected calibration error", found["ece"], 0.03, less_is_better=True),
        Figure("covered at 98 % precision", found["coverage_at_98"], 0.70),
        Figure("messages a second, reasons included", found["rate"], 10_000, found["bare_rate"], digits=0, note=BARE),
        Figure("macro-F1, full text, 495 messages", raw["macro_f1"], None, raw["yardstick_0"]),
        *_corrections(model, rows("messages/labelled")),
    ]


def folds(kind: str, found: Sequence[dict[str, Any]], quick: bool, shapes: Sequence[Any] = ()) -> tuple[dict[str, list[float]], Model]:
    """Figures of each fold, those of the yardsticks, and the last fold's model."""
    chance = np.random.default_rng(5)
    fold_of = chance.permutation(len(found)) % FOLDS
    figures: dict[str, list[float]] = {}
    for fold in range(1 if quick else FOLDS):
        train = [row for row, own in zip(found, fold_of, strict=True) if own != fold]
        test = [row for row, own in zip(found, fold_of, strict=True) if own == fold]
        one, model = measured(kind, train, test, shapes)
        for name, value in one.items():
            figures.setdefault(name, []).append(value)
    return figures, model


def measured(
    kind: str, train: Sequence[dict[str, Any]], test: Sequence[dict[str, Any]], shapes: Sequence[Any]
) -> tuple[dict[str, float], Model]:
    """Figures of one division, rate in rows a second of CPU time, and the macro-F1 of each yardstick."""
    passages, said = [passage_of(row) for row in train], [row["label"] for row in train]
    model = learn(kind, passages, said)
    labeller = Labeller(model)
    labeller([passage_of(row) for row in test[:50]])
    spent = float("inf")
    for _ in range(3):
        started = time.process_time()
        answers = labeller([passage_of(row) for row in test])
        spent = min(spent, time.process_time() - started)
    gold = [row["label"] for row in test]
    figures = scored_labels(gold, [(one.label, one.confidence) for one in answers])
    figures["rate"] = len(test) / spent
    figures["bare_rate"] = len(test) / bare(test)
    for n, shape in enumerate(shapes):
        other = labels(passages, said, [passage_of(row) for row in test], shape)
        figures[f"yardstick_{n}"] = scored_labels(gold, [(label, 0.0) for label in other])["macro_f1"]
        figures[f"yardstick_accuracy_{n}"] = scored_labels(gold, [(label, 0.0) for label in other])["accuracy"]
    return figures, model


def bare(found: Sequence[dict[str, Any]]) -> float:
    """CPU seconds of cutting the rows into words and nothing else: what the speed of a busy machine is measured by."""
    cutter = rjieba.Jieba()
    texts = [row.get("text") or row.get("tokens") or "" for row in found]
    started = time.process_time()
    for text in texts:
        cutter.cut(text, False)
    return time.process_time() - started


def _corrections(model: Model, found: Sequence[dict[str, Any]]) -> list[Figure]:
    """Fifty answers put right one after the other: how long each takes, whether all hold, how much else they move."""
    wrong = found[:: len(found) // CORRECTED][:CORRECTED]
    names = model.labels
    before = [one.label for one in Labeller(model)([passage_of(row) for row in found[1:2000]])]
    slowest, wanted = 0.0, []
    for n, row in enumerate(wrong):
        label = names[(names.index(row["label"]) + 1 + n % 5) % len(names)]
        started = time.process_time()
        model = corrected(model, [correction_of(model, passage_of(row), label)])
        labeller = Labeller(model)
        said = labeller([passage_of(row)])[0].label
        slowest = max(slowest, time.process_time() - started)
        wanted.append(label)
        assert said == label
    held = [one.label for one in labeller([passage_of(row) for row in wrong])]
    after = [one.label for one in labeller([passage_of(row) for row in found[1:2000]])]
    moved = sum(a != b for a, b in zip(before, after, strict=True)) / len(before)
    return [
        Figure("of 50 wrong lessons on end, held", [sum(a == b for a, b in zip(held, wanted, strict=True)) / CORRECTED], 1.0),
        Figure("slowest of them, seconds", [slowest], 1.0, less_is_better=True),
        Figure("other answers that they moved", [moved], note="lessons that contradict the teaching, so the less the better"),
    ]
