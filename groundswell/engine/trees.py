"""Boosted trees that ask the same question on each level (oblivious trees), as tables: read from a file, asked in bulk."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

TOGETHER = 128  # rows


class Trees(Struct, frozen=True):
    """``columns`` and ``limits`` are trees × levels (eight at most), ``leaves`` trees × 2^levels; all answers are added to ``start``."""

    start: float
    columns: NDArray[np.int64]
    limits: NDArray[np.float32]
    leaves: NDArray[np.float32]

    def ask(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """The sum for each of ROWS. One level of all trees is asked of many rows at once, few enough to stay near the processor."""
        return np.concatenate([self._ask(rows[at : at + TOGETHER]) for at in range(0, len(rows), TOGETHER)] or [np.empty(0)]) + self.start

    def _ask(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        turned = np.ascontiguousarray(rows.T)
        leaf = np.zeros((len(self.columns), len(rows)), dtype=np.uint8)
        for columns, limits in zip(self.columns.T, self.limits.T, strict=True):
            leaf += leaf  # sums of bytes go many at a time, shifts do not
            leaf += turned.take(columns, axis=0) > limits[:, None]
        first = np.arange(0, self.leaves.size, self.leaves.shape[1])[:, None]
        sums: NDArray[np.float64] = self.leaves.ravel().take(leaf + first).sum(axis=0, dtype=np.float64)
        return sums


def likelihood(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums as probabilities."""
    return 1 / (1 + np.exp(-sums))


@lru_cache(maxsize=4)
def load_trees(folder: str, name: str) -> dict[str, Trees]:
    """The models of the file NAME in the package FOLDER."""
    with files(folder).joinpath(name).open("rb") as stream, np.load(stream, allow_pickle=False) as held:
        names = sorted({key.partition(".")[0] for key in held})
        return {
            each: Trees(
                float(held[f"{each}.start"]), held[f"{each}.columns"].astype(np.int64), held[f"{each}.limits"], held[f"{each}.leaves"]
            )
            for each in names
        }
