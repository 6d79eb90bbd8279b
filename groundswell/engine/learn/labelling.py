"""A model at work: label, confidence, the next likeliest, and the pieces of text that decided; any batch gives the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from groundswell.engine.learn.confidence import leads
from groundswell.engine.learn.features import BITS, Stretches, blocks, gathered, stretches_of
from groundswell.engine.learn.model import Model, by_label, columns_for, f2, f4, u4
from groundswell.engine.learn.passage import Passage
from groundswell.engine.learn.solver import sums_by_row
from groundswell.engine.learn.weighing import weighed

TOP, REASONS = 3, 5
LEAST_WEIGHT = 0.005  # of a piece that is given as a reason


class Labelled(Struct, frozen=True):
    """What a model says of one passage."""

    label: Any
    confidence: float
    unsure: bool
    top: tuple[tuple[Any, float], ...]  # likeliest first
    why: tuple[tuple[str, float], ...] = ()  # words of the folded text, what each adds to the label


class Labeller:
    """A model laid out for speed; keep it as long as the model does not change."""

    def __init__(self, model: Model) -> None:
        self.model = model
        count = len(model.labels)
        features = u4(model.features)
        scales = f2(model.scales)
        weights = by_label(f2(model.weights, columns_for(count)), count)
        constants = by_label(np.array([model.constants], np.float32), count)[0]
        if model.shift_features:
            features, scales, weights = _shifted(model, features, scales, weights)
            constants = constants + np.array(model.shift_constants, np.float32)
        self._constants = constants.astype(np.float64)
        self._scales = np.concatenate((np.array([model.unknown_scale], np.float32), scales[:, 0]))
        self._weights = np.vstack((np.zeros((1, count), np.float32), weights))
        mean = self._weights.mean(axis=1, keepdims=True)
        self._apart = (self._weights - mean) * self._scales[:, None]  # how much each feature tells a label from the others
        self._row = np.zeros(1 << BITS, np.int32)
        self._row[features] = np.arange(1, len(features) + 1)

    def __call__(self, passages: Sequence[Passage], *, reasons: bool = True) -> list[Labelled]:
        """The verdicts in the order of PASSAGES, each by its passage alone."""
        return [one for block in blocks(passages) for one in self._block(block, reasons)]

    def scores(self, passages: Sequence[Passage], *, reasons: bool = True) -> Iterator[tuple[list[float], tuple[tuple[str, float], ...]]]:
        """Bare scores by label and the words behind the highest, passage by passage: for readers that weigh other evidence too."""
        for block in blocks(passages):
            parts = list(stretches_of(block, self.model.shape))
            scores, factor = self._scores(parts, len(block))
            why = self._reasons(block, parts, scores.argmax(axis=1), factor) if reasons else [()] * len(block)
            yield from zip(np.round(scores, 6).tolist(), why, strict=True)

    def _block(self, passages: Sequence[Passage], reasons: bool) -> Iterator[Labelled]:
        parts = list(stretches_of(passages, self.model.shape))
        scores, factor = self._scores(parts, len(passages))
        order = np.argsort(-scores, axis=1, kind="stable")
        lead, _first = leads(scores)
        sure = np.maximum(self.model.confidence.of(lead), 1.0 / len(self.model.labels))
        rest = _shares(scores, order, self.model.confidence.sharpness, sure)
        why = self._reasons(passages, parts, order[:, 0], factor) if reasons else [()] * len(passages)
        labels, unsure_below = self.model.labels, self.model.unsure_below
        for own, p, confidence, reason in zip(order[:, :TOP].tolist(), rest.tolist(), sure.tolist(), why, strict=True):
            top = tuple((labels[n], round(share, 4)) for n, share in zip(own, p, strict=True))
            yield Labelled(labels[own[0]], round(confidence, 4), confidence < unsure_below, top, reason)

    def _scores(self, parts: Sequence[Stretches], count: int) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Scores (passages × labels) and the factor of each block of a passage."""
        found = gathered(parts, count, self.model.shape)
        rows = self._row[found.ids]
        values, factor = weighed(found, self._scales[rows], self.model.shares)
        table = self._weights.take(rows, axis=0)
        table *= values[:, None]
        return sums_by_row(table, found.starts).astype(np.float64) + self._constants, factor

    def _reasons(
        self, passages: Sequence[Passage], parts: Sequence[Stretches], first: NDArray[np.int64], factor: NDArray[np.float32]
    ) -> list[tuple[tuple[str, float], ...]]:
        """For each passage the words that speak most for or against its label."""
        words = next((part for part in parts if part.is_word), None)
        if words is None:
            return [()] * len(passages)
        joined = "".join(passage.text[: self.model.shape.chars] for passage in passages)
        below = self._said_below(parts, first, factor, len(joined))
        weights = np.round(below[words.end] - below[words.start], 3)
        heavy = np.flatnonzero(np.abs(weights) >= LEAST_WEIGHT)
        heavy = heavy[np.lexsort((-np.abs(weights[heavy]), words.passage[heavy]))]
        bounds = np.searchsorted(words.passage[heavy], np.arange(len(passages) + 1)).tolist()
        start, end, weight = words.start[heavy].tolist(), words.end[heavy].tolist(), weights[heavy].tolist()
        return [_pieces(joined, start, end, weight, bounds[n], bounds[n + 1]) for n in range(len(passages))]

    def _said_below(
        self, parts: Sequence[Stretches], first: NDArray[np.int64], factor: NDArray[np.float32], size: int
    ) -> NDArray[np.float64]:
        """What all characters before each position add to the label of their passage.

        What a word or a pair adds is spread over its characters; a word has what lies on its characters. Runs of characters say
        the same in smaller change and are left out.
        """
        places, changes = [np.zeros(0, np.int64)], [np.zeros(0)]
        for part in parts:
            if part.block == 0:
                continue
            rows = self._row[part.id]
            known = np.flatnonzero(rows)
            rows, of, start, end = rows[known], part.passage[known], part.start[known], part.end[known]
            weight = self._apart.take(rows * len(self.model.labels) + first[of]) * factor[:, part.block][of] / (end - start)
            places += [start, end]
            changes += [weight, -weight]
        ink = np.bincount(np.concatenate(places), np.concatenate(changes), minlength=size + 1)
        return np.concatenate(([0.0], np.cumsum(np.cumsum(ink))))


def _pieces(
    joined: str, start: Sequence[int], end: Sequence[int], weight: Sequence[float], first: int, last: int
) -> tuple[tuple[str, float], ...]:
    """The first different words of a passage, at most REASONS."""
    found: dict[str, float] = {}
    for n in range(first, last):
        if len(found) == REASONS:
            break
        found.setdefault(joined[start[n] : end[n]], weight[n])
    return tuple(found.items())


def _shares(scores: NDArray[np.float64], order: NDArray[np.int64], sharpness: float, sure: NDArray[np.float64]) -> NDArray[np.float64]:
    """Likelihoods of the first TOP labels: the first has SURE, the others share what is left as a softmax would."""
    top = np.take_along_axis(scores, order, axis=1)
    if top.shape[1] == 1:
        return sure[:, None]
    weight = np.exp((top[:, 1:] - top[:, 1:2]) * sharpness)
    left = weight / weight.sum(axis=1, keepdims=True) * (1.0 - sure)[:, None]
    return np.column_stack((sure, np.minimum(left, sure[:, None])))[:, :TOP]


def _shifted(
    model: Model, features: NDArray[np.uint32], scales: NDArray[np.float32], weights: NDArray[np.float32]
) -> tuple[NDArray[np.uint32], NDArray[np.float32], NDArray[np.float32]]:
    """Features, scales and weights with what the corrections add."""
    moved, count = u4(model.shift_features), len(model.labels)
    every = np.union1d(features, moved)
    all_scales = np.full((len(every), 1), model.unseen_scale, np.float32)
    all_weights = np.zeros((len(every), count), np.float32)
    own = np.searchsorted(every, features)
    all_scales[own], all_weights[own] = scales, weights
    all_weights[np.searchsorted(every, moved)] += f4(model.shift, count)
    return every, all_scales, all_weights
