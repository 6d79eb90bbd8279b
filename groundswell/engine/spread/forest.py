"""Extremely randomised trees (Geurts, Ernst & Wehenkel 2006) grown level by level in numpy: each leaf holds what became of its rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
AT_ONCE = 40_000  # answers to questions that are counted together


class Plan(Struct, frozen=True):
    """How trees are grown. ``columns`` is the share of columns that a split may choose from, ``smallest`` the rows of a leaf."""

    trees: int = 60
    columns: float = 0.4
    smallest: int = 8
    levels: int = 14


class Tree(Struct, frozen=True):
    """Nodes in order of their making: the question (column −1: a leaf), the first of two children or the place of the leaf's means.

    ``means``: leaves × bounds, in 255ths.
    """

    columns: NDArray[np.int32]
    limits: NDArray[np.float32]
    children: NDArray[np.int32]
    means: NDArray[np.uint8]

    def ask(self, rows: Floats) -> Floats:
        """The means of the leaf of each of ROWS."""
        node = np.zeros(len(rows), dtype=np.int64)
        every = np.arange(len(rows))
        while (inner := self.columns[node] >= 0).any():
            above = rows[every, np.maximum(self.columns[node], 0)] > self.limits[node]
            node = np.where(inner, self.children[node] + above, node)
        found: Floats = self.means[self.children[node]] / 255.0
        return found


def grow(rows: Floats, target: Floats, answers: Floats, weights: Floats, plan: Plan, tell: Callable[[], None]) -> tuple[Tree, ...]:
    """Trees whose splits part TARGET (one number a row) and whose leaves hold the weighted means of ANSWERS (rows × bounds)."""
    found = []
    for seed in range(plan.trees):
        found.append(_tree(rows, target, answers, weights, plan, np.random.default_rng(seed)))
        tell()
    return tuple(found)


def _tree(rows: Floats, target: Floats, answers: Floats, weights: Floats, plan: Plan, chance: np.random.Generator) -> Tree:
    columns, limits, children = [np.array([-1])], [np.zeros(1)], [np.array([0])]
    node = np.zeros(len(rows), dtype=np.int64)
    first, made = 0, 1  # of the newest level
    for _ in range(plan.levels):
        inside = np.flatnonzero(node >= first)
        column, limit = _questions(rows, target, weights, plan, chance, inside, node[inside] - first, made - first)
        asks = column >= 0
        count = int(asks.sum())
        if not count:
            break
        columns[-1], limits[-1] = column, limit
        children[-1] = np.where(asks, made + 2 * (np.cumsum(asks) - 1), 0)
        local = node[inside] - first
        moved = asks[local]
        above = rows[inside, np.maximum(column[local], 0)] > limit[local]
        node[inside[moved]] = (children[-1][local] + above)[moved]
        first, made = made, made + 2 * count
        columns.append(np.full(2 * count, -1))
        limits.append(np.zeros(2 * count))
        children.append(np.zeros(2 * count, dtype=np.int64))
    asked, leads = np.concatenate(columns), np.concatenate(children)
    is_leaf = asked < 0
    leads[is_leaf] = np.arange(int(is_leaf.sum()))
    leaf = leads[node]
    total = np.bincount(leaf, weights)
    sums = np.stack([np.bincount(leaf, weights * answers[:, bound]) for bound in range(answers.shape[1])], axis=1)
    means = np.rint(255.0 * sums / total[:, None]).astype(np.uint8)
    return Tree(asked.astype(np.int32), np.concatenate(limits).astype(np.float32), leads.astype(np.int32), means)


def _questions(
    rows: Floats, target: Floats, weights: Floats, plan: Plan, chance: np.random.Generator, inside: Ints, local: Ints, nodes: int
) -> tuple[Ints, Floats]:
    """The best of some random questions for each node of a level; column −1 where none parts it well enough."""
    order = np.argsort(local, kind="stable")
    inside, local = inside[order], local[order]
    size = np.bincount(local, minlength=nodes)
    start = np.concatenate([[0], np.cumsum(size)[:-1]])
    weight = weights[inside]
    pull = weight * target[inside]
    all_weight, all_pull = np.bincount(local, weight, nodes), np.bincount(local, pull, nodes)
    best = np.where(size >= 2 * plan.smallest, 1e-9, np.inf)
    column, limit = np.full(nodes, -1), np.zeros(nodes)
    left = max(1, int(plan.columns * rows.shape[1]))
    while left > 0:
        tries = min(left, max(1, AT_ONCE // len(inside)))
        left -= tries
        asked = chance.integers(0, rows.shape[1], (tries, nodes))
        ends = start + (chance.random((2, tries, nodes)) * size).astype(np.int64)
        between = (rows[inside[ends[0]], asked] + rows[inside[ends[1]], asked]).astype(np.float32).astype(np.float64) / 2.0
        above = rows[inside, asked[:, local]] > between[:, local]
        which, place = np.nonzero(above)
        where, cells = which * nodes + local[place], tries * nodes
        count = np.bincount(where, minlength=cells).reshape(tries, nodes)
        over = np.bincount(where, weight[place], cells).reshape(tries, nodes)
        sums = np.bincount(where, pull[place], cells).reshape(tries, nodes)
        with np.errstate(divide="ignore", invalid="ignore"):
            gain = sums**2 / over + (all_pull - sums) ** 2 / (all_weight - over) - all_pull**2 / all_weight
        gain[(count < plan.smallest) | (size - count < plan.smallest)] = -np.inf
        top = gain.argmax(axis=0)
        nth = np.arange(nodes)
        better = gain[top, nth] > best
        best[better], column[better], limit[better] = gain[top, nth][better], asked[top, nth][better], between[top, nth][better]
    return column, limit
