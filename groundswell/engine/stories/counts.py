"""In how many items each piece has been seen: the shared statistics that say which pieces are rare.

They begin with what was seen in citizens' messages and posts before (common.npz), as if in BEFORE items, so that a desk of
one day does not take every word for rare.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from groundswell.engine.stories.features import SPACE, Ids, Sketch, Weights
from groundswell.engine.stories.strung import Ints, Numbers, string

FILE = "common.npz"
BEFORE = 2000  # items that the table of common pieces counts as
STEPS = 24  # of the table for a fourfold
MOST = 85  # items that are counted together: a piece can stand among pieces, numbers and words of each

Moments = Ints  # for each piece, which of the items counted last was the newest


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
        self._logs = self._log(self.df, slice(None))  # of 2 df + 1, what was seen before among it
        self._row = np.full(SPACE, -1, dtype=np.int32)  # of the pieces of the items counted last, in _later
        self._last: Ids = np.empty(0, dtype=np.uint32)
        self._later: NDArray[np.uint8] = np.empty((0, 0), dtype=np.uint8)  # pieces × items: how often the items after it have it

    def add(self, items: Sequence[Sketch]) -> None:
        """Count some items, MOST at the most; ``at`` then says how things were when only the first of them were counted.

        Raises ValueError where they are more.
        """
        if len(items) > MOST:
            raise ValueError(f"{len(items)} items at once are too many to be counted in bytes; at most {MOST}")
        self.seen += len(items)
        kinds = [string([getattr(item, kind) for item in items]) for kind in ("ids", "numbers", "words")]
        met = np.zeros(SPACE, dtype=np.bool_)
        for ids, _stretches in kinds:
            met[ids] = True
        self._row[self._last] = -1
        self._last = np.flatnonzero(met).astype(np.uint32)
        self._row[self._last] = np.arange(len(self._last), dtype=np.int32)
        has = np.zeros((len(self._last), len(items) + 1), dtype=np.uint8)
        for ids, stretches in kinds:
            held = np.zeros(has.shape, dtype=np.bool_)
            held[self._row[ids], stretches.own] = True
            has += held
        self._later = np.cumsum(has[:, ::-1], axis=1, dtype=np.uint8)[:, ::-1]
        self.df[self._last] += self._later[:, 0]
        self._later = self._later[:, 1:]
        self._logs[self._last] = self._log(self.df[self._last], self._last)

    def _log(self, df: NDArray[np.uint32], ids: Ids | slice) -> Weights:
        logs: Weights = np.log((df + self._common[ids]) * 2.0 + 1.0).astype(np.float32)
        return logs

    def df_at(self, ids: Ids, at: Moments) -> NDArray[np.uint32]:
        """In how many items each piece was seen; AT: up to which of the items counted last."""
        return self.df[ids] - self._after(ids, at)

    def _after(self, ids: Ids, at: Moments) -> NDArray[np.uint8]:
        """How many of the items after that have each piece."""
        after = np.zeros(len(ids), dtype=np.uint8)
        row = self._row[ids]
        known = np.flatnonzero(row >= 0)
        after[known] = self._later[row[known], at[known]]
        return after

    def _logs_at(self, ids: Ids, at: Moments | None) -> Weights:
        logs = self._logs[ids]
        if at is not None:
            after = self._after(ids, at)
            changed = np.flatnonzero(after)
            logs[changed] = self._log(self.df[ids[changed]] - after[changed], ids[changed])
        return logs

    def seen_at(self, at: Moments | None) -> Numbers:
        """How many items were counted."""
        return np.asarray(self.seen if at is None else self.seen - self._later.shape[1] + 1 + at)

    def idf(self, ids: Ids, at: Moments | None = None) -> Weights:
        """How rare pieces are, 0–1: log((n + 1) / (df + 0.5)) as a share of what a piece weighs that nobody has seen."""
        return self._idf(self._logs_at(ids, at), at)

    def idf_and_rare(self, ids: Ids, share: float, at: Moments | None = None) -> tuple[Weights, NDArray[np.bool_]]:
        """How rare pieces are, and which are in less than that share of items."""
        logs = self._logs_at(ids, at)
        return self._idf(logs, at), logs < np.log(2.0 * share * (self.seen_at(at) + BEFORE) + 1.0).astype(np.float32)

    def _idf(self, logs: Weights, at: Moments | None) -> Weights:
        most: Weights = np.log((self.seen_at(at) + BEFORE + 1.0) / 0.5).astype(np.float32)
        values: Weights = np.float32(1.0) - logs / most
        return np.maximum(values, np.float32(0.0), out=values)

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
        counts._logs = counts._log(counts.df, slice(None))
        return counts
