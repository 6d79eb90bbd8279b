"""In how many items each piece has been seen: the shared statistics that say which pieces are rare.

They begin with what was seen in citizens' messages and posts before (common.npz), as if in BEFORE items, so that a desk of
one day does not take every word for rare.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from groundswell.engine.stories.features import SPACE, Ids, Sketch, Weights

FILE = "common.npz"
BEFORE = 2000  # items that the table of common pieces counts as
STEPS = 24  # of the table for a fourfold


class _Written(Struct, array_like=True):
    seen: int
    ids: bytes  # uint32, little endian
    counts: bytes  # uint32, little endian


@lru_cache(maxsize=1)
def load_common() -> Weights:
    """In how many of BEFORE items each piece is, by the table that ships."""
    with files("groundswell.engine.stories").joinpath(FILE).open("rb") as stream, np.load(stream, allow_pickle=False) as held:
        return pieces_of_steps(held["steps"])


def steps_of_pieces(df: Weights) -> NDArray[np.uint8]:
    """Numbers of BEFORE items as steps of the table; below a hundredth of an item is nothing."""
    return np.clip(np.round(np.log2(np.maximum(df, 1e-9) * 100.0) * STEPS / 2), 0, 255).astype(np.uint8)


def pieces_of_steps(steps: NDArray[np.uint8]) -> Weights:
    """The way back."""
    return np.where(steps > 0, np.exp2(steps * (2.0 / STEPS)) / 100.0, 0.0).astype(np.float32)


class Counts:
    """Document frequencies of hashed pieces; grows with every item."""

    def __init__(self) -> None:
        self.seen = 0
        self.df: NDArray[np.uint32] = np.zeros(SPACE, dtype=np.uint32)  # in the items added
        self._common = load_common()
        self._logs = self._log(slice(None))  # of 2 df + 1, what was seen before among it

    def add(self, item: Sketch) -> None:
        """Count one item."""
        self.seen += 1
        for ids in (item.ids, item.numbers, item.words):
            self.df[ids] += np.uint32(1)
            self._logs[ids] = self._log(ids)

    def _log(self, ids: Ids | slice) -> Weights:
        logs: Weights = np.log((self.df[ids] + self._common[ids]) * 2.0 + 1.0).astype(np.float32)
        return logs

    def idf(self, ids: Ids) -> Weights:
        """How rare pieces are, 0–1: log((n + 1) / (df + 0.5)) as a share of what a piece weighs that nobody has seen."""
        most = float(np.log((self.seen + BEFORE + 1.0) / 0.5))
        values: Weights = np.float32(1.0) - self._logs[ids] / np.float32(most)
        return np.maximum(values, np.float32(0.0), out=values)

    def rare(self, ids: Ids, share: float) -> NDArray[np.bool_]:
        """Which pieces are in less than that share of items."""
        return np.asarray(self._logs[ids] < np.log(2.0 * share * (self.seen + BEFORE) + 1.0))

    def dump(self) -> bytes:
        """Everything counted, as bytes; only pieces that were seen."""
        ids = np.flatnonzero(self.df).astype("<u4")
        return msgspec.msgpack.encode(_Written(self.seen, ids.tobytes(), self.df[ids].astype("<u4").tobytes()))

    @staticmethod
    def load(blob: bytes) -> Counts:
        """What dump() wrote.

        Raises msgspec.DecodeError where it is something else.
        """
        written = msgspec.msgpack.decode(blob, type=_Written)
        counts = Counts()
        counts.seen = written.seen
        counts.df[np.frombuffer(written.ids, dtype="<u4")] = np.frombuffer(written.counts, dtype="<u4")
        counts._logs = counts._log(slice(None))
        return counts
