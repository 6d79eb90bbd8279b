"""Training of oblivious boosted trees, in numpy alone: the tables that engine.trees asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundswell.engine.trees import Trees

Floats = NDArray[np.float64]
MOST_BINS = 32


@dataclass(frozen=True)
class Plan:
    """How the trees are grown. ``columns`` and ``rows`` are the shares that each tree sees; ``drag`` holds small leaves back (L2)."""

    trees: int
    levels: int
    rate: float
    columns: float
    drag: float
    smallest: float
    rows: float = 0.8
    seed: int = 1


def grow(rows: NDArray[np.float32], answers: Floats, weights: Floats, plan: Plan, *, binary: bool) -> Trees:
    """Trees for ANSWERS: 0 or 1 where BINARY (their sum is a logit), else numbers (least squares)."""
    chance = np.random.default_rng(plan.seed)
    limits = [_limits(rows[:, column]) for column in range(rows.shape[1])]
    bins = np.stack([np.searchsorted(each, rows[:, column]) for column, each in enumerate(limits)]).astype(np.uint8)
    usable = [column for column, each in enumerate(limits) if len(each)]
    weights = weights / weights.mean()
    mean = float((weights * answers).sum() / weights.sum())
    start = float(np.log(mean / (1 - mean))) if binary else mean
    said = np.full(len(answers), start)
    grown: list[tuple[list[tuple[int, int]], Floats]] = []
    for _ in range(plan.trees):
        slope, bend = _pull(answers, said, weights, binary)
        seen = np.nonzero(chance.random(len(answers)) < plan.rows)[0]
        columns = chance.choice(usable, max(1, int(plan.columns * len(usable))), replace=False)
        tree = _tree(bins, seen, slope[seen], bend[seen], columns, limits, plan)
        if tree is None:
            continue
        grown.append(tree)
        leaf = np.zeros(len(answers), dtype=np.int64)
        for column, limit in tree[0]:
            leaf = leaf * 2 + (bins[column] > limit)
        said += tree[1][leaf]
    return Trees(
        start=start,
        columns=np.array([[column for column, _ in splits] for splits, _ in grown], dtype=np.int64),
        limits=np.array([[limits[column][limit] for column, limit in splits] for splits, _ in grown], dtype=np.float32),
        leaves=np.array([leaves for _, leaves in grown], dtype=np.float32),
    )


def packed(name: str, trees: Trees) -> dict[str, Any]:
    """TREES as the arrays of a file."""
    return {
        f"{name}.start": np.float64(trees.start),
        f"{name}.columns": trees.columns.astype(np.int16),
        f"{name}.limits": trees.limits,
        f"{name}.leaves": trees.leaves,
    }


def _limits(values: NDArray[np.float32]) -> NDArray[np.float32]:
    different = np.unique(values)
    if len(different) <= MOST_BINS:
        return ((different[1:] + different[:-1]) / 2).astype(np.float32)
    return np.unique(np.quantile(values, np.linspace(0, 1, MOST_BINS + 1)[1:-1], method="nearest")).astype(np.float32)


def _pull(answers: Floats, said: Floats, weights: Floats, binary: bool) -> tuple[Floats, Floats]:
    """First and second derivative of the loss, downhill."""
    if not binary:
        return weights * (answers - said), weights
    chance = 1 / (1 + np.exp(-said))
    return weights * (answers - chance), weights * np.maximum(chance * (1 - chance), 1e-6)


def _tree(
    bins: NDArray[np.uint8],
    seen: NDArray[np.int64],
    slope: Floats,
    bend: Floats,
    columns: NDArray[np.int64],
    limits: list[NDArray[np.float32]],
    plan: Plan,
) -> tuple[list[tuple[int, int]], Floats] | None:
    """The questions of one tree and its leaves; None where no question helps on some level."""
    leaf = np.zeros(len(seen), dtype=np.int64)
    splits: list[tuple[int, int]] = []
    local = {int(column): bins[column][seen] for column in columns}
    for level in range(plan.levels):
        best = max(
            ((*_gain(leaf, 1 << level, local[int(c)], slope, bend, len(limits[c]), plan), int(c)) for c in columns),
            key=lambda each: each[0],
        )
        if best[0] <= 0:
            return None
        splits.append((best[2], best[1]))
        leaf = leaf * 2 + (local[best[2]] > best[1])
    count = 1 << plan.levels
    pull, weight = np.bincount(leaf, slope, count), np.bincount(leaf, bend, count)
    return splits, plan.rate * pull / (weight + plan.drag)


def _gain(
    leaf: NDArray[np.int64], leaves: int, column: NDArray[np.uint8], slope: Floats, bend: Floats, count: int, plan: Plan
) -> tuple[float, int]:
    """What the best limit of one column gains over all leaves, and which it is."""
    key = leaf * (MOST_BINS + 1) + column
    size = leaves * (MOST_BINS + 1)
    pull = np.bincount(key, slope, size).reshape(leaves, -1).cumsum(1)
    weight = np.bincount(key, bend, size).reshape(leaves, -1).cumsum(1)
    left, left_weight = pull[:, :count], weight[:, :count]
    right, right_weight = pull[:, -1:] - left, weight[:, -1:] - left_weight
    gain = (left**2 / (left_weight + plan.drag) + right**2 / (right_weight + plan.drag)).sum(0)
    gain[np.minimum(left_weight, right_weight).max(0) <= plan.smallest] = -1.0
    place = int(gain.argmax())
    return float(gain[place]), place
