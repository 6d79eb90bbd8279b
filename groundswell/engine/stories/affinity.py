"""How likely two items tell of one event: boosted trees over their likenesses, some for items with titles, some for those without."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from msgspec import Struct

from groundswell.engine.stories.strung import Flags, Floats
from groundswell.engine.trees import Trees, likelihood, load_trees

FOLDER, FILE = "groundswell.engine.stories", "affinity.npz"


class Judge(Struct, frozen=True):
    """``titled`` was taught on citizens' messages with titles, ``plain`` on short posts (affinity.md)."""

    titled: Trees
    plain: Trees

    def probabilities(self, rows: Floats, titled: Flags) -> Floats:
        """For each row of likenesses (n × len(likeness.NAMES)), how likely the two tell of one event; TITLED: both have titles."""
        asked = rows.astype(np.float32)
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
