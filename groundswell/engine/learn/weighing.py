"""How much each feature of a passage counts: by how rare it is and how often it is there, each block to a length of its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from groundswell.engine.learn.features import BLOCKS, Features

Floats = NDArray[np.float32]
_TIMES = (1.0 + np.log(np.maximum(np.arange(256), 1))).astype(np.float32)  # said twice is not twice as much
LEAST = np.float32(1e-9)


def weighed(features: Features, scales: Floats, shares: tuple[float, ...]) -> tuple[Floats, Floats]:
    """The value of each feature, and the factor by which each block of each passage (passages × blocks) came to its length.

    SCALES say how rare each feature is (0: unknown), SHARES how long runs, words and title are to be.
    """
    values = scales * _TIMES[features.counts]
    places = _block_starts(features)
    squares = np.concatenate((values * values, np.zeros(1, np.float32)))
    length = np.sqrt(np.add.reduceat(squares, places[:-1]))
    length[np.diff(places) == 0] = 1.0
    factor: Floats = (np.tile(np.array(shares, np.float32), len(features.starts) - 1) / np.maximum(length, LEAST)).astype(np.float32)
    counted: Floats = values * np.repeat(factor, np.diff(places))
    return counted, factor.reshape(-1, len(shares))


def _block_starts(features: Features) -> NDArray[np.int64]:
    """Where each block of each passage begins, and the end."""
    count = len(features.starts) - 1
    of = np.repeat(np.arange(count), np.diff(features.starts))
    block = np.zeros(len(features.ids), np.int64)
    for begin in BLOCKS[1:-1]:
        block += features.ids >= begin
    sizes = np.bincount(of * (len(BLOCKS) - 1) + block, minlength=count * (len(BLOCKS) - 1))
    return np.concatenate(([0], np.cumsum(sizes)))
