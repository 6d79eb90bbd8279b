"""A learnt model as it lies in a file: numbers of hashed features, weights, how sure it may be, and people's corrections.

One file, written and read as MessagePack: no code in it, the same bytes for the same input.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from groundswell.engine.learn.confidence import Confidence
from groundswell.engine.learn.features import BITS, Shape

MAGIC = b"GSTM1\n"
KINDS = ("routing", "sentiment", "level")


class Correction(Struct, frozen=True, kw_only=True):
    """What a person said of one passage: its features, never its words."""

    passage: bytes  # hash of the passage: a later correction of the same one replaces this
    features: bytes  # little-endian u4, ascending
    counts: bytes  # how often each is there, one byte each
    label: Any


class Model(Struct, frozen=True, kw_only=True):
    """Weights of hashed features for each label; arrays are little-endian bytes, u4 = unsigned, f2 and f4 = floats."""

    kind: str  # routing | sentiment | level
    labels: tuple[Any, ...]
    shape: Shape = Shape()
    shares: tuple[float, float, float] = (1.0, 1.0, 0.7)  # how much runs, words and the title count
    features: bytes = b""  # u4, ascending
    scales: bytes = b""  # f2: how much each feature counts in a passage's length
    weights: bytes = b""  # f2, features × columns; one column (the second label's) where there are two labels
    constants: tuple[float, ...] = ()
    confidence: Confidence = Confidence()
    unsure_below: float = 0.6
    rows: int = 0  # that it was learnt from
    unseen_scale: float = 1.0  # of a feature that only a correction brought in
    unknown_scale: float = 0.0  # of a feature that nothing brought in: above 0 it counts in the passage's length
    figures: dict[str, float] = {}  # on rows that each part had not seen
    corrections: tuple[Correction, ...] = ()
    shift_features: bytes = b""  # u4, ascending: what the corrections add
    shift: bytes = b""  # f4, shift features × labels
    shift_constants: tuple[float, ...] = ()


class ModelError(ValueError):
    """The bytes are not a model that can be used; the message says why."""


def dump_model(model: Model) -> bytes:
    """The model as the bytes of its file."""
    return MAGIC + msgspec.msgpack.encode(model)


def load_model(data: bytes) -> Model:
    """The model in the bytes of a file. Raises ModelError."""
    if not data.startswith(MAGIC):
        raise ModelError("it is not a model of this program; make one with  groundswell learn")
    try:
        model = msgspec.msgpack.decode(data[len(MAGIC) :], type=Model)
    except msgspec.DecodeError as error:
        raise ModelError(f"it is damaged: {error}; make it anew with  groundswell learn") from error
    _check(model)
    return model


def _check(model: Model) -> None:
    """Sizes that do not fit each other are refused here, not met later. Raises ModelError."""
    count, labels = len(model.features) // 4, len(model.labels)
    columns = columns_for(labels)
    shifted = len(model.shift_features) // 4
    sizes = (
        model.kind in KINDS,
        labels >= 1,
        len(model.features) == 4 * count,
        len(model.scales) == 2 * count,
        len(model.weights) == 2 * count * columns,
        len(model.constants) == columns,
        len(model.shift) == 4 * shifted * labels,
        model.shift_constants == () or len(model.shift_constants) == labels,
        all(0 < length <= 8 for length in model.shape.runs),
        0 < model.shape.chars <= 100_000,
    )
    ids = (u4(model.features), u4(model.shift_features), *(u4(c.features) for c in model.corrections if len(c.features) % 4 == 0))
    if (
        not all(sizes)
        or any(len(c.features) != 4 * len(c.counts) for c in model.corrections)
        or any(len(i) and int(i.max()) >> BITS for i in ids)
    ):
        raise ModelError("its parts do not fit each other; make it anew with  groundswell learn")


def columns_for(labels: int) -> int:
    """How many columns of weights so many labels need."""
    return 1 if labels == 2 else labels


def u4(data: bytes) -> NDArray[np.uint32]:
    return np.frombuffer(data, dtype="<u4")


def f2(data: bytes, columns: int = 1) -> NDArray[np.float32]:
    return np.frombuffer(data, dtype="<f2").astype(np.float32).reshape(-1, columns)


def f4(data: bytes, columns: int = 1) -> NDArray[np.float32]:
    return np.frombuffer(data, dtype="<f4").astype(np.float32).reshape(-1, columns)


def by_label(table: NDArray[np.float32], labels: int) -> NDArray[np.float32]:
    """Columns of weights as one a label: of two labels the first has what the second has not."""
    return np.hstack((-table, table)) if labels == 2 else table
