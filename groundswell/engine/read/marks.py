"""How many marks of some kinds stand in each of many texts: all texts are looked at as one row of numbers."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from groundswell.engine.text.normal import codes_of

STOPS, COMMAS, ENDS, HANS, DIGITS, CAPITALS, COLONS = (1 << place for place in range(7))
LAST_DIGIT = 0x20000  # no character behind it is a decimal digit


def count_marks(texts: Sequence[str], *kinds: int) -> list[list[int]]:
    """For each of KINDS, how many of its characters stand in each of TEXTS."""
    meanings = _meanings().take(codes_of(texts))
    places = np.flatnonzero(meanings)
    found = meanings[places]
    owners = np.cumsum([len(text) for text in texts], dtype=np.intp).searchsorted(places, side="right")
    return [np.bincount(owners[found & kind != 0], minlength=len(texts)).tolist() for kind in kinds]


@lru_cache(maxsize=1)
def _meanings() -> NDArray[np.uint8]:
    """The kinds of each character, as bits."""
    digits = "".join(char for char in map(chr, range(LAST_DIGIT)) if char.isdecimal())
    meanings = np.zeros(sys.maxunicode + 1, dtype=np.uint8)
    for kind, chars in (
        (STOPS, '，。！？；：、,.!?;:…”"'),
        (COMMAS, "，、,；;"),
        (ENDS, "。！？!?.…"),
        (DIGITS, digits),
        (CAPITALS, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        (COLONS, ":："),
    ):
        meanings[codes_of(chars)] |= kind
    meanings[0x3400:0xA000] |= HANS
    return meanings
