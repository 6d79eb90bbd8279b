"""What words mean beside each other: vectors of words by what stands around them, in a table that ships.

Positive pointwise mutual information of words that stand near each other, brought to few dimensions by singular values
(Levy & Goldberg 2014); kept as bytes under hashes of the words, so that no text can be read back (meaning.md).
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

FILE = "meaning.npz"


class Meanings:
    """Words as unit vectors. Row 0 stands for every word that the table does not have: it is like none."""

    def __init__(self, keys: NDArray[np.uint32], table: NDArray[np.int8]) -> None:
        """KEYS rising, TABLE words × dimensions."""
        rows = table.astype(np.float32)
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        self.vectors = np.concatenate((np.zeros((1, rows.shape[1]), dtype=np.float32), rows))
        self._row_of = {int(key): row for row, key in enumerate(keys.tolist(), 1)}

    def row(self, word: str) -> int:
        """The row of a folded word."""
        return self._row_of.get(word_key(word), 0)


def word_key(word: str) -> int:
    """The key of a folded word: 32 bits, the same in every process."""
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "little")


@lru_cache(maxsize=1)
def load_meanings() -> Meanings:
    """The table that ships with the program."""
    with files("groundswell.engine.stories").joinpath(FILE).open("rb") as stream, np.load(stream, allow_pickle=False) as held:
        return Meanings(held["keys"], held["table"])
