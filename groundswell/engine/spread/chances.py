"""How far a post may grow: the chance to pass each of some bounds, and what follows from it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# Final number over the number seen. Close together where most posts end.
BOUNDS: Floats = np.log(
    np.array([
        1.02, 1.06, 1.1, 1.15, 1.2, 1.3, 1.4, 1.5, 1.6, 1.75, 1.9, 2.0, 2.1, 2.25, 2.5, 2.75, 3.0, 3.3, 3.7, 4.2, 5.0, 6.0, 7.5, 10.0,
        14.0, 20.0, 30.0,
    ])
)  # fmt: skip
DOUBLE = int(np.argmin(np.abs(BOUNDS - np.log(2.0))))
TAIL = 0.7  # beyond the last bound, logarithm
PARTS = np.linspace(0.01, 0.99, 99)
GRID = np.linspace(0.0, 3.6, 289)


def answers_of(growth: Floats) -> Floats:
    """Which bounds each GROWTH (logarithm) passed: rows × bounds, 0 or 1."""
    return (growth[:, None] >= BOUNDS - 1e-9).astype(np.float64)


def quantiles(passing: Floats, parts: Floats) -> Floats:
    """The growth (logarithm) below which each of PARTS lies: rows × parts; PASSING: rows × bounds, the chances to pass them."""
    below = np.maximum.accumulate(1.0 - passing, axis=1) + np.arange(len(BOUNDS)) * 1e-9
    places = np.concatenate([[0.0], BOUNDS, [BOUNDS[-1] + TAIL]])
    return np.stack([np.interp(parts, np.concatenate([[0.0], row, [1.0 + 1e-6]]), places) for row in below])


def likeliest(passing: Floats) -> Floats:
    """The growth (logarithm) that is expected to miss the final number by the least share of it, for each row."""
    found = np.empty(len(passing))
    for place, row in enumerate(quantiles(passing, PARTS)):
        missed = np.abs(np.exp(GRID[:, None] - row) - 1.0)
        found[place] = GRID[int(missed.sum(axis=1).argmin())]
    return found
