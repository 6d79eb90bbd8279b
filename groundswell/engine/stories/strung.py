"""Arrays of different lengths laid end to end, and what is summed or sought over the stretch of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]
Numbers = NDArray[Any]


class Stretches(Struct, frozen=True):
    """Where each array lies: how long it is, where it starts, and for each element whose it is."""

    sizes: Ints
    starts: Ints
    own: Ints

    @staticmethod
    def of(sizes: Ints) -> Stretches:
        """Stretches of these sizes, one behind the other."""
        return Stretches(sizes, np.cumsum(sizes) - sizes, np.repeat(np.arange(len(sizes)), sizes))

    def picked(self, which: Ints) -> tuple[Stretches, Ints]:
        """The stretches WHICH (repeats are allowed) one behind the other, and where each of their elements lay before."""
        there = Stretches.of(self.sizes[which])
        return there, np.arange(len(there.own)) + (self.starts[which] - there.starts)[there.own]

    def sums(self, rows: Numbers) -> Floats:
        """Of each row (… × elements) the sum over each stretch; an empty one has 0."""
        found = np.zeros((*rows.shape[:-1], len(self.sizes)))
        full = np.flatnonzero(self.sizes)
        if len(full):
            found[..., full] = np.add.reduceat(rows, self.starts[full], axis=-1, dtype=np.float64)
        return found

    def most(self, rows: Numbers) -> Floats:
        """Of each row (… × elements) the most in each stretch; 0 in an empty one."""
        found = np.zeros((*rows.shape[:-1], len(self.sizes)))
        full = np.flatnonzero(self.sizes)
        if len(full):
            found[..., full] = np.maximum.reduceat(rows, self.starts[full], axis=-1)
        return found


def string(parts: Sequence[Numbers]) -> tuple[Numbers, Stretches]:
    """Arrays end to end; there is at least one."""
    return np.concatenate(parts), Stretches.of(np.array([len(part) for part in parts]))


def most_in_a_row(weights: Numbers, runs: Flags, own: Ints, count: int) -> Floats:
    """For each row of RUNS (k × elements) and each of COUNT owners the most weight in a row of elements that are marked (k × count)."""
    most = np.zeros(len(runs) * count)
    begins = runs.copy()
    begins[:, 1:] &= ~(runs[:, :-1] & (own[1:] == own[:-1]))
    marked, first = np.flatnonzero(runs), np.flatnonzero(begins)
    if len(first):
        size = runs.shape[1]
        of_run = np.add.reduceat(weights[marked % size], np.searchsorted(marked, first), dtype=np.float64)
        np.maximum.at(most, own[first % size] + first // size * count, of_run)
    return most.reshape(len(runs), count)


def divide(part: Numbers, whole: Numbers | float) -> Floats:
    """A share; 0 where the whole is nothing, of which every part is nothing too."""
    return np.asarray(part / np.maximum(whole, 1e-9), dtype=np.float64)
