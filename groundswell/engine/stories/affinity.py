"""How likely two items tell of one event: boosted trees over their likenesses, some for items with titles, some for those without."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from groundswell.engine.stories.features import Sketch
from groundswell.engine.stories.likeness import Floats
from groundswell.engine.trees import Trees, likelihood, load_trees

FOLDER, FILE = "groundswell.engine.stories", "affinity.npz"


class Judge(Struct, frozen=True):
    """``titled`` was taught on citizens' messages with titles, ``plain`` on short posts (affinity.md)."""

    titled: Trees
    plain: Trees

    def probabilities(self, rows: Floats, item: Sketch, others: Sequence[Sketch]) -> Floats:
        """For each row of likenesses (n × len(likeness.NAMES)), how likely the item and that other tell of one event."""
        asked = rows.astype(np.float32)
        titled: NDArray[np.bool_] = np.array([other.titled and item.titled for other in others])
        found = np.empty(len(rows))
        for trees, which in ((self.titled, titled), (self.plain, ~titled)):
            if which.any():
                found[which] = likelihood(trees.ask(asked[which]))
        return found


@lru_cache(maxsize=1)
def load_judge() -> Judge:
    """The judge that ships with the program."""
    held = load_trees(FOLDER, FILE)
    return Judge(held["titled"], held["plain"])
