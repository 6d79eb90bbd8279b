"""Boosted trees that ask the same question on each level (oblivious trees), as tables: read from a file, asked in bulk."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray


class Trees(Struct, frozen=True):
    """``columns`` and ``limits`` are trees × levels, ``leaves`` trees × 2^levels; the answers of all trees are added to ``start``."""

    start: float
    columns: NDArray[np.int64]
    limits: NDArray[np.float32]
    leaves: NDArray[np.float32]

    def ask(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """The sum for each of ROWS."""
        count, levels = self.columns.shape
        above = rows[:, self.columns.ravel()] > self.limits.ravel()
        worth = (1 << np.arange(levels - 1, -1, -1)).astype(np.float32)  # small whole numbers: exact, and multiplied faster than integers
        leaf = (above.reshape(-1, levels).astype(np.float32) @ worth).astype(np.intp).reshape(len(rows), count)
        sums: NDArray[np.float64] = self.leaves.ravel()[leaf + np.arange(count) * self.leaves.shape[1]].sum(axis=1, dtype=np.float64)
        return sums + self.start


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
