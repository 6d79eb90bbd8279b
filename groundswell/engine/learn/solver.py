"""Linear machines for all labels at once: squared hinge loss, dual coordinate descent (Hsieh et al. 2008, algorithm 1).

The steps of one row are the same for every label, so that one pass over the rows moves all of them; numpy is enough.
A feature may weigh the more the clearer it speaks for or against a label by itself: the log-count ratio of Wang &
Manning (2012) is the variance of its weight beforehand.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
SMOOTHING = 0.5  # occurrences that every feature is taken to have with and without each label


class Rows(Struct, frozen=True):
    """A sparse table: row n has ``values[starts[n]:starts[n + 1]]`` in the columns ``columns[…]``, each column once."""

    columns: Ints
    values: Floats
    starts: Ints
    width: int

    def __len__(self) -> int:
        return len(self.starts) - 1


def picked(rows: Rows, which: Ints) -> Rows:
    """The rows of WHICH, in that order."""
    lengths = (rows.starts[1:] - rows.starts[:-1])[which]
    starts = np.concatenate(([0], np.cumsum(lengths)))
    places = np.repeat(rows.starts[which] - starts[:-1], lengths) + np.arange(starts[-1])
    return Rows(rows.columns[places], rows.values[places], starts, rows.width)


def evidence(rows: Rows, signs: Floats) -> Floats:
    """How clearly each feature speaks for or against each label by itself: features × labels, 1 on the average."""
    of = np.repeat(np.arange(len(rows)), np.diff(rows.starts))
    every = np.bincount(rows.columns, minlength=rows.width) + 2 * SMOOTHING
    clear = np.empty((rows.width, signs.shape[1]), np.float32)
    for label in range(signs.shape[1]):
        inside = np.bincount(rows.columns[signs[of, label] > 0], minlength=rows.width) + SMOOTHING
        outside = every - inside
        clear[:, label] = np.abs(np.log(inside / inside.sum()) - np.log(outside / outside.sum()))
    if rows.width:
        clear /= np.maximum(clear.mean(axis=0), np.float32(1e-6))
    return clear


def solve(rows: Rows, signs: Floats, cost: Floats, variance: Floats | None, passes: int, tell: Callable[[], None] = lambda: None) -> Floats:
    """Weights, a column a label; row ``rows.width`` of the result is the constant term.

    SIGNS is +1 where a row has a label and −1 where not, COST what each may cost (rows × labels, the machine's C),
    VARIANCE what each weight may differ from zero (features × labels; None: all alike). TELL is called after each pass.
    """
    weights = np.zeros((rows.width + 1, signs.shape[1]), np.float32)
    alpha = np.zeros_like(signs)
    slack = (0.5 / cost).astype(np.float32)
    starts = rows.starts.tolist()
    steep = _squares(rows, variance, signs.shape[1]) + 1.0 + slack
    chance = np.random.default_rng(1)
    for _ in range(passes):
        for n in chance.permutation(len(rows)).tolist():
            columns, values = rows.columns[starts[n] : starts[n + 1]], rows.values[starts[n] : starts[n + 1]]
            own = weights[columns]
            gradient = signs[n] * (values @ own + weights[-1]) - 1.0 + slack[n] * alpha[n]
            after = np.maximum(alpha[n] - gradient / steep[n], 0.0)
            step = (after - alpha[n]) * signs[n]
            if step.any():
                alpha[n] = after
                own += values[:, None] * step if variance is None else values[:, None] * step * variance[columns]
                weights[columns] = own
                weights[-1] += step
        tell()
    return weights


def _squares(rows: Rows, variance: Floats | None, labels: int) -> Floats:
    """The squared length of each row, by label."""
    squares = rows.values[:, None] ** 2
    squares = np.repeat(squares, labels, axis=1) if variance is None else squares * variance[rows.columns]
    return sums_by_row(squares, rows.starts)


def sums_by_row(parts: Floats, starts: Ints) -> Floats:
    """Sums of PARTS (occurrences × labels) for each row; an empty row has zero."""
    if not len(parts):
        return np.zeros((len(starts) - 1, parts.shape[1]), np.float32)
    sums: Floats = np.add.reduceat(np.concatenate((parts, np.zeros((1, parts.shape[1]), np.float32))), starts[:-1])
    sums[np.diff(starts) == 0] = 0.0
    return sums


def scores(rows: Rows, weights: Floats) -> Floats:
    """What WEIGHTS say of each row: rows × labels."""
    said: Floats = sums_by_row(weights[rows.columns] * rows.values[:, None], rows.starts) + weights[-1]
    return said
