"""Words of two texts side by side: how near the nearest word of the other is by meaning."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from groundswell.engine.stories.strung import Floats, Ints, Stretches

BESIDE = 64  # pairs of texts whose words are laid side by side
NEARLY = 0.99  # no word is nearer than this to another: that is for the same word


class Words(Struct, frozen=True):
    """Rows of the table of meanings, text after text."""

    meanings: NDArray[np.uint16]
    texts: Stretches


def nearest(ones: Words, others: Words, vectors: NDArray[np.float32]) -> tuple[Floats, Floats]:
    """For each word how near the nearest of the text beside it is (0 to NEARLY), of the one side and of the other.

    Texts of about one length lie in a block, filled up with the word that is like none.
    """
    best, best_other = np.zeros(len(ones.meanings)), np.zeros(len(others.meanings))
    order = np.argsort(others.texts.sizes, kind="stable")
    for start in range(0, len(order), BESIDE):
        rows, row_at, row_place = _filled_up(ones, order[start : start + BESIDE])
        columns, column_at, column_place = _filled_up(others, order[start : start + BESIDE])
        if rows.size and columns.size:
            near = np.matmul(vectors[rows], vectors[columns].transpose(0, 2, 1))
            best[row_place] = near.max(axis=2)[row_at]
            best_other[column_place] = near.max(axis=1)[column_at]
    return np.clip(best, 0.0, NEARLY), np.clip(best_other, 0.0, NEARLY)


def _filled_up(words: Words, which: Ints) -> tuple[Ints, tuple[Ints, Ints], Ints]:
    """Some texts as rows of one length; where in it their words stand, and where these stand among all."""
    texts, place = words.texts.picked(which)
    at = texts.own, np.arange(len(place)) - texts.starts[texts.own]
    block = np.zeros((len(which), int(texts.sizes.max(initial=0))), dtype=np.intp)
    block[at] = words.meanings[place]
    return block, at, place
