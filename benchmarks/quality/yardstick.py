"""The yardstick of texts: TF-IDF of words or of runs of characters, and a linear support vector machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from groundswell.engine.learn.features import Features, Shape, blocks, features_of
from groundswell.engine.learn.learning import table_of
from groundswell.engine.learn.model import by_label
from groundswell.engine.learn.passage import Passage
from groundswell.engine.learn.solver import picked, scores, solve

WORDS = Shape(runs=(), words=True, pairs=False, head=False)
CHARACTERS = Shape(runs=(1, 2, 3), words=False, pairs=False, head=False)
BOTH = Shape(runs=(1, 2, 3), words=True, pairs=False, head=False)


def labels(train: Sequence[Passage], said: Sequence[Any], test: Sequence[Passage], shape: Shape) -> list[Any]:
    """What an SVM (squared hinge, C = 1) over TF-IDF says of TEST, taught TRAIN whose labels are SAID."""
    found = [features_of(block, shape) for block in blocks([*train, *test])]
    starts = np.cumsum(np.concatenate([[0], *(np.diff(part.starts) for part in found)]))
    counted = Features(np.concatenate([p.ids for p in found]), np.concatenate([p.counts for p in found]), starts)
    rows, _features, _scales = table_of(counted, 1, (1.0, 1.0, 0.0))
    names = sorted(set(said), key=repr)
    right = np.array([names.index(label) for label in said])
    signs = np.where(right[:, None] == np.arange(len(names)), 1.0, -1.0).astype(np.float32)
    signs = signs[:, 1:] if len(names) == 2 else signs
    weights = solve(picked(rows, np.arange(len(train))), signs, np.ones_like(signs), None, 8)
    said_of = by_label(scores(picked(rows, np.arange(len(train), len(train) + len(test))), weights), len(names))
    return [names[n] for n in said_of.argmax(axis=1).tolist()]
