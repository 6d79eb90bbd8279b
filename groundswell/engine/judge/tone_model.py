"""The learnt part of the reading of tone: weights of hashed features, and how much the table's words and turns weigh beside them.

It ships with the program, made by ``make models``; its card is tone.md beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Literal

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from groundswell.engine.learn.correcting import joined, with_corrections
from groundswell.engine.learn.model import Correction, Model, ModelError, dump_model, load_model

LABELS: tuple[Literal["negative", "neutral", "positive"], ...] = ("negative", "neutral", "positive")
EVIDENCE = (
    "bad", "good", "bad_at_most_1", "good_at_most_1", "ironic", "incongruous", "questions", "shouts",
    "bad_turns", "good_turns", "both", "less_of_both", "latin",
)  # fmt: skip
LEAD = 4.0  # that a corrected text gets, above anything that words and turns of the table say
MAGIC = b"GSTONE1\n"


class ToneModel(Struct, frozen=True):
    """``words`` scores the three tones by what is written; ``rules`` adds to them by the table's evidence."""

    words: Model
    rules: tuple[tuple[float, float, float], ...]  # a row each for EVIDENCE


class Packed(Struct, frozen=True):
    words: bytes
    rules: tuple[tuple[float, float, float], ...]


def dump_tone(model: ToneModel) -> bytes:
    """The bytes of the model's file."""
    return MAGIC + msgspec.msgpack.encode(Packed(dump_model(model.words), model.rules))


def load_tone(data: bytes) -> ToneModel:
    """The model in the bytes of a file. Raises ModelError."""
    try:
        packed = msgspec.msgpack.decode(data.removeprefix(MAGIC), type=Packed)
    except msgspec.DecodeError as error:
        raise ModelError(f"it is no model of tone: {error}; make it anew with  make models") from error
    words = load_model(packed.words)
    if words.labels != LABELS or len(packed.rules) != len(EVIDENCE):
        raise ModelError("it is a model of tone of another kind; make it anew with  make models")
    return ToneModel(words, packed.rules)


def shipped_tone_model() -> ToneModel:
    """The model that comes with the program."""
    return load_tone(files("groundswell.engine.judge").joinpath("tone.model").read_bytes())


def with_tones(model: ToneModel, corrections: Sequence[Correction]) -> ToneModel:
    """MODEL with what people said of single texts, beside what they said before."""
    words = with_corrections(model.words, joined(model.words.corrections, corrections), lead=LEAD)
    return ToneModel(words, model.rules)


def mixed(scores: Sequence[float], evidence: Sequence[float], model: ToneModel) -> NDArray[np.float64]:
    """Scores of the three tones, with what the table's EVIDENCE adds."""
    total: NDArray[np.float64] = np.asarray(scores, np.float64) + np.asarray(evidence, np.float64) @ np.asarray(model.rules, np.float64)
    return total
