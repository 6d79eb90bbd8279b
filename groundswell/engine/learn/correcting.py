"""Corrections by people: what must be added to a model so that each corrected passage gets its label, and the like follow.

The additions are the smallest that do it (passive-aggressive steps, Crammer et al. 2006, repeated until all hold), so that
a passage that shares much with a corrected one is moved much, and one that shares nothing is not moved at all. They are
kept apart from what was learnt, and so survive every later learning.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from groundswell.engine.learn.features import Features, features_of
from groundswell.engine.learn.labels import label_key, label_names
from groundswell.engine.learn.model import Correction, Model, by_label, columns_for, f2, u4
from groundswell.engine.learn.passage import Passage
from groundswell.engine.learn.weighing import weighed

ROUNDS = 60
HIGHEST = 0.998
SURE = 0.97  # confidence that a corrected passage gets at least, where the model ever is so sure
Floats = NDArray[np.float32]


def passage_hash(passage: Passage) -> bytes:
    """Names a passage without saying it."""
    return blake2b(passage.text.encode("utf-8", "replace"), digest_size=16).digest()


def correction_of(model: Model, passage: Passage, label: Any) -> Correction:
    """The correction that PASSAGE has LABEL, in the features that MODEL looks at."""
    found = features_of([passage], model.shape)
    return Correction(passage=passage_hash(passage), features=found.ids.astype("<u4").tobytes(), counts=found.counts.tobytes(), label=label)


def features_of_correction(correction: Correction) -> Features:
    """The features of the corrected passage."""
    ids = u4(correction.features)
    return Features(ids, np.frombuffer(correction.counts, np.uint8), np.array([0, len(ids)]))


def joined(earlier: Sequence[Correction], later: Sequence[Correction]) -> tuple[Correction, ...]:
    """Both in order; of several corrections of one passage the last counts."""
    kept: dict[bytes, Correction] = {}
    for correction in (*earlier, *later):
        kept.pop(correction.passage, None)
        kept[correction.passage] = correction
    return tuple(kept.values())


def corrected(model: Model, corrections: Sequence[Correction]) -> Model:
    """MODEL with CORRECTIONS beside those that it has."""
    return with_corrections(model, joined(model.corrections, corrections))


def with_corrections(model: Model, corrections: Sequence[Correction], lead: float = 0.0) -> Model:
    """MODEL with exactly CORRECTIONS: their additions are computed, labels that are new to it are added.

    A corrected passage stands LEAD above the next label (0: so far that the model is SURE).
    """
    if not corrections:
        return msgspec.structs.replace(model, corrections=(), shift_features=b"", shift=b"", shift_constants=())
    model = _with_labels(model, [c.label for c in corrections])
    ids = np.unique(np.concatenate([u4(c.features) for c in corrections]))
    scales, base = _known(model, ids)
    constants = by_label(np.array([model.constants], np.float32), len(model.labels))[0]
    shift, added = np.zeros_like(base), np.zeros_like(constants)
    number = {label_key(label): n for n, label in enumerate(model.labels)}
    rows = []
    for correction in corrections:
        found = features_of_correction(correction)
        places = np.searchsorted(ids, found.ids)
        values, _factor = weighed(found, scales[places], model.shares)
        rows.append((places, values, number[label_key(correction.label)], values @ base[places] + constants))
    wanted = lead or _lead_for(model)
    for _ in range(ROUNDS):
        moved = False
        for places, values, right, before in rows:
            said = before + values @ shift[places] + added
            rivals = said.copy()
            rivals[right] = -np.inf
            rival = int(rivals.argmax())
            lacking = wanted - float(said[right] - rivals[rival])
            if len(said) < 2 or lacking <= 0.002 * wanted:
                continue
            moved = True
            step = lacking / (2.0 * (float((values**2).sum()) + 1e-3))
            shift[places, right] += (step * values).astype(np.float32)
            shift[places, rival] -= (step * values).astype(np.float32)
        if not moved:
            break
    return msgspec.structs.replace(
        model,
        corrections=tuple(corrections),
        shift_features=ids.astype("<u4").tobytes(),
        shift=shift.astype("<f4").tobytes(),
        shift_constants=tuple(float(x) for x in added),
    )


def _with_labels(model: Model, labels: Sequence[Any]) -> Model:
    """MODEL with LABELS among its own; of a new one nothing but the corrections is known."""
    have = {label_key(label) for label in model.labels}
    new = label_names(label for label in labels if label_key(label) not in have)
    if not new:
        return model
    columns = columns_for(len(model.labels))
    weights = by_label(f2(model.weights, columns), len(model.labels))
    constants = by_label(np.array([model.constants], np.float32), len(model.labels))[0]
    names = (*model.labels, *new)
    if len(names) == 2:  # there was one label only: all that is not corrected stays with it
        return msgspec.structs.replace(model, labels=names, constants=(-1.0,))
    weights = np.hstack((weights, np.zeros((len(weights), len(new)), np.float32)))
    lowest = float(constants.min()) - 1.0
    return msgspec.structs.replace(
        model,
        labels=names,
        weights=weights.astype("<f2").tobytes(),
        constants=(*(float(c) for c in constants), *(lowest for _ in new)),
    )


def _known(model: Model, ids: NDArray[np.uint32]) -> tuple[Floats, Floats]:
    """Scales and weights by label of features; of those that the model has not, its scale for unseen ones and no weight."""
    features = u4(model.features)
    places = np.minimum(np.searchsorted(features, ids), max(len(features) - 1, 0))
    there = features[places] == ids if len(features) else np.zeros(len(ids), bool)
    weights = by_label(f2(model.weights, columns_for(len(model.labels))), len(model.labels))
    scales = np.full(len(ids), model.unseen_scale, np.float32)
    base = np.zeros((len(ids), len(model.labels)), np.float32)
    scales[there] = f2(model.scales)[places[there], 0]
    base[there] = weights[places[there]]
    return scales, base


def _lead_for(model: Model) -> float:
    """How far a corrected label must stand above the next for the model to be SURE of it."""
    tried = np.linspace(0.1, 6.0, 119)
    enough = np.flatnonzero(model.confidence.of(tried) >= max(SURE, min(model.unsure_below + 0.005, HIGHEST)))
    return float(tried[enough[0]]) if len(enough) else 6.0
