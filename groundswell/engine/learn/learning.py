"""Rows with labels to a model: features counted, machines solved, confidence fitted on rows that each part had not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from groundswell.engine.learn.confidence import Confidence, fair_constants, fit_confidence, leads, macro_f1
from groundswell.engine.learn.correcting import features_of_correction, passage_hash, with_corrections
from groundswell.engine.learn.features import BITS, Features, Shape, blocks, features_of
from groundswell.engine.learn.labels import MOST, label_key, label_names
from groundswell.engine.learn.model import Correction, Model, by_label, columns_for
from groundswell.engine.learn.passage import Passage
from groundswell.engine.learn.solver import Floats, Ints, Rows, evidence, picked, scores, solve
from groundswell.engine.learn.weighing import weighed

SMALL = 400  # rows below which every feature counts, not only those seen twice
CORRECTION_COUNTS = 3.0  # rows that a person's correction counts for
CERTAIN = 0.98  # precision above which routing may be automatic
Told = Callable[[int, int], None]


class Recipe(Struct, frozen=True):
    """How a kind of model is learnt; found by cross-validation, see docs/quality.md."""

    shape: Shape
    shares: tuple[float, float, float]  # how much runs of characters, words and the title count
    machines: tuple[tuple[float, bool], ...]  # (cost, weighed by evidence?): their weights are averaged
    balance: float = 0.0  # 0: every row costs the same, 1: every label costs the same
    passes: int = 8
    folds: int = 4
    fair: bool = True  # rare labels are found as well as frequent ones
    unsure_below: float = 0.6  # 0: where CERTAIN is reached on unseen rows


TWO_TONES = Recipe(Shape(head=False), (1.0, 1.0, 0.0), ((0.3, True), (1.0, True)))
RECIPES: dict[str, Recipe] = {
    "routing": Recipe(Shape(runs=(2,), chars=1000), (1.0, 1.0, 0.5), ((4.0, True),), unsure_below=0.0),
    "sentiment": Recipe(Shape(head=False), (1.0, 1.0, 0.0), ((0.3, True), (0.3, False)), balance=0.5),
    "level": Recipe(Shape(runs=(1, 2, 3)), (1.0, 1.0, 0.7), ((0.3, True), (0.3, False)), balance=0.5),
}


class LearnError(ValueError):
    """Nothing can be learnt from these rows; the message says why and what to do."""


def learn(
    kind: str,
    passages: Sequence[Passage],
    labels: Sequence[Any],
    corrections: Sequence[Correction] = (),
    tell: Told = lambda _done, _whole: None,
    recipe: Recipe | None = None,
    counts: Sequence[float] | None = None,
) -> Model:
    """A model of KIND from PASSAGES and their LABELS; CORRECTIONS of people stay true and outweigh rows that say otherwise.

    TELL is given how many steps of how many are done; COUNTS say how many rows each row counts for. Raises LearnError.
    """
    recipe = recipe or (TWO_TONES if kind == "sentiment" and len(label_names(labels)) == 2 else RECIPES[kind])
    corrected = {c.passage for c in corrections}
    kept = [n for n, passage in enumerate(passages) if not corrected or passage_hash(passage) not in corrected]
    counted = _count([passages[n] for n in kept], recipe.shape, corrections)
    said = [labels[n] for n in kept] + [c.label for c in corrections]
    names = _names(said)
    number = {label_key(name): n for n, name in enumerate(names)}
    right = np.array([number[label_key(label)] for label in said], np.int64)
    weight = [float(counts[n]) if counts else 1.0 for n in kept] + [CORRECTION_COUNTS] * len(corrections)
    same = np.concatenate((_alike([passages[n] for n in kept]), -1 - np.arange(len(corrections))))
    work = _Work(recipe, counted, right, np.array(weight, np.float32), same, len(names), tell)
    weights, added, confidence, unseen = work.fit()
    rows, kept_features, scales = work.rows, work.features, work.scales
    if len(names) == 2:
        weights[-1, 0] += (added[1] - added[0]) / 2
    else:
        weights[-1] += added
    model = Model(
        kind=kind,
        labels=names,
        shape=recipe.shape,
        shares=recipe.shares,
        features=kept_features.astype("<u4").tobytes(),
        scales=scales.astype("<f2").tobytes(),
        weights=weights[:-1].astype("<f2").tobytes(),
        constants=tuple(round(float(w), 6) for w in weights[-1]),
        confidence=confidence,
        unsure_below=unseen.pop("_unsure_below"),
        rows=len(rows),
        unseen_scale=round(float(np.log(1 + len(rows)) + 1), 4),
        figures={name: round(value, 4) for name, value in unseen.items()},
    )
    return with_corrections(model, corrections)


def _names(labels: Sequence[Any]) -> tuple[Any, ...]:
    names = label_names(labels)
    if not names:
        raise LearnError("there is no row with a label; each row needs a text and a label")
    if len(names) > MOST:
        raise LearnError(f"{len(names)} different labels are more than a model may have ({MOST}); is “label” the right field?")
    return names


def _count(passages: Sequence[Passage], shape: Shape, corrections: Sequence[Correction]) -> Features:
    """The features of all passages, and of all corrections after them."""
    found = [features_of(block, shape) for block in blocks(passages)]
    found += [features_of_correction(correction) for correction in corrections]
    lengths = np.concatenate([np.zeros(1, np.int64), *(np.diff(part.starts) for part in found)])
    return Features(
        np.concatenate([np.zeros(0, np.uint32), *(part.ids for part in found)]),
        np.concatenate([np.zeros(0, np.uint8), *(part.counts for part in found)]),
        np.cumsum(lengths),
    )


class _Work:
    """One learning: the table of rows, the folds, the machines."""

    def __init__(self, recipe: Recipe, counted: Features, right: Ints, weight: Floats, same: Ints, labels: int, tell: Told) -> None:
        self.recipe, self.right, self.weight, self.labels, self.tell = recipe, right, weight, labels, tell
        self.rows, self.features, self.scales = table_of(counted, 1 if len(right) < SMALL else 2, recipe.shares)
        self.columns = columns_for(labels)
        self.folds = _folds(right, same, recipe.folds)
        if len(np.unique(self.folds)) < 2:
            self.folds = np.arange(len(right)) % recipe.folds
        self.done, self.whole = 0, recipe.passes * len(recipe.machines) * (len(np.unique(self.folds)) + 1)

    def fit(self) -> tuple[Floats, NDArray[np.float64], Confidence, dict[str, float]]:
        """Weights of all rows; what to add to each label; confidence; figures on unseen rows."""
        every = np.arange(len(self.right))
        if self.labels == 1:
            return np.zeros((self.rows.width + 1, 1), np.float32), np.zeros(1), Confidence(constant=3.0), {"_unsure_below": 0.6}
        unseen = self._unseen()
        added = fair_constants(unseen, self.right) if self.recipe.fair and self.labels > 2 else np.zeros(self.labels)
        unseen += added
        confidence = fit_confidence(unseen, self.right)
        lead, first = leads(unseen)
        sure = confidence.of(lead)
        figures = {
            "accuracy": float((first == self.right).mean()),
            "macro_f1": macro_f1(first, self.right, self.labels),
            "_unsure_below": self.recipe.unsure_below or _certain_from(sure, first == self.right),
        }
        return self._machine(every), added, confidence, figures

    def _unseen(self) -> NDArray[np.float64]:
        """Scores of each row by a machine that had not seen it."""
        found = np.zeros((len(self.right), self.labels))
        for fold in np.unique(self.folds).tolist():
            inside = np.flatnonzero(self.folds == fold)
            weights = self._machine(np.flatnonzero(self.folds != fold))
            found[inside] = by_label(scores(picked(self.rows, inside), weights), self.labels)
        return found

    def _machine(self, which: Ints) -> Floats:
        """The mean of the recipe's machines over the rows of WHICH."""
        rows, right = picked(self.rows, which), self.right[which]
        signs = np.where(right[:, None] == np.arange(self.labels), 1.0, -1.0).astype(np.float32)[:, -self.columns :]
        share = np.clip((signs > 0).sum(axis=0) / max(len(signs), 1), 1e-6, 1 - 1e-6)
        weight = np.where(signs > 0, (0.5 / share) ** self.recipe.balance, (0.5 / (1 - share)) ** self.recipe.balance)
        clear = evidence(rows, signs) if any(by_evidence for _cost, by_evidence in self.recipe.machines) else None
        total = np.zeros((rows.width + 1, self.columns), np.float32)
        for cost, by_evidence in self.recipe.machines:
            cost_of = (weight * self.weight[which, None] * cost).astype(np.float32)
            total += solve(rows, signs, cost_of, clear if by_evidence else None, self.recipe.passes, self._step)
        return total / np.float32(len(self.recipe.machines))

    def _step(self) -> None:
        self.done += 1
        self.tell(self.done, self.whole)


def table_of(counted: Features, least: int, shares: tuple[float, float, float]) -> tuple[Rows, Ints, Floats]:
    """The rows in columns of the features that LEAST rows have; those features and how rare each is."""
    count = len(counted.starts) - 1
    seen = np.bincount(counted.ids, minlength=1 << BITS)
    features = np.flatnonzero(seen >= least)
    scales = (np.log((1 + count) / (1 + seen[features])) + 1).astype("<f2").astype(np.float32)
    column = np.full(1 << BITS, -1, np.int64)
    column[features] = np.arange(len(features))
    columns = column[counted.ids]
    known = columns >= 0
    of = np.repeat(np.arange(count), np.diff(counted.starts))[known]
    starts = np.concatenate(([0], np.cumsum(np.bincount(of, minlength=count))))
    columns = columns[known]
    values, _factor = weighed(Features(counted.ids[known], counted.counts[known], starts), scales[columns], shares)
    return Rows(columns, values, starts, len(features)), features, scales


def _folds(right: Ints, same: Ints, count: int) -> Ints:
    """A fold for each row: each label spread over all of them, rows that say the SAME together."""
    chance = np.random.default_rng(2)
    kinds, first = np.unique(same, return_index=True)
    of_kind = np.zeros(len(kinds), np.int64)
    for label in np.unique(right).tolist():
        own = chance.permutation(np.flatnonzero(right[first] == label))
        of_kind[own] = np.arange(len(own)) % count
    folds: Ints = of_kind[np.searchsorted(kinds, same)]
    return folds


def _alike(passages: Sequence[Passage]) -> Ints:
    """The same number for the same passage."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(passage.text, len(numbers)) for passage in passages], np.int64)


def _certain_from(sure: NDArray[np.float64], hit: NDArray[np.bool_]) -> float:
    """The confidence from which on CERTAIN of the answers are right, a little on the safe side."""
    order = np.argsort(-sure, kind="stable")
    precision = np.cumsum(hit[order]) / np.arange(1, len(hit) + 1)
    good = np.flatnonzero(precision >= CERTAIN)
    return round(float(sure[order[good[-1]]]), 4) if len(good) else 0.99
