"""The models a judgement is made with: tables that ship with the program or come from a folder."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import Struct

from groundswell.engine.judge.importance_table import ImportanceTable, read_importance_table, shipped_importance_table
from groundswell.engine.judge.tone_model import ToneModel, dump_tone, load_tone, shipped_tone_model
from groundswell.engine.judge.tone_table import ToneRow, read_tone_table, shipped_tone_table
from groundswell.engine.learn.model import Model, dump_model


class Models(Struct, frozen=True, kw_only=True):
    """Everything that judgement learnt or was told, apart from the body's knowledge."""

    tone: tuple[ToneRow, ...]
    importance: ImportanceTable
    tone_model: ToneModel | None = None
    unit_memory: Model | None = None  # units that people gave to single texts, see engine.judge.lessons
    level_memory: Model | None = None  # levels likewise
    about_memory: Model | None = None  # whether about us, likewise: "yes" | "no"
    level_layer: tuple[float, ...] = ()  # what people's levels add by factor, see engine.judge.level_layer
    version: str = ""

    @staticmethod
    def default() -> Models:
        """The models that ship with the program; the same object each time."""
        return _default()


@cache
def _default() -> Models:
    return versioned(Models(tone=shipped_tone_table(), importance=shipped_importance_table(), tone_model=shipped_tone_model()))


def versioned(models: Models) -> Models:
    """MODELS with the hash of all that is in them."""
    digest = blake2b(repr((models.tone, models.importance)).encode(), digest_size=8)
    if models.tone_model is not None:
        digest.update(dump_tone(models.tone_model))
    for memory in (models.unit_memory, models.level_memory, models.about_memory):
        digest.update(dump_model(memory) if memory is not None else b"")
    digest.update(repr(models.level_layer).encode())
    return msgspec.structs.replace(models, version=digest.hexdigest())


def load_models(path: Path) -> Models:
    """Models out of a folder: ``tone.tsv``, ``importance.yaml`` and ``tone.model``; what is not there is taken from those that ship.

    Raises NotADirectoryError where there is no folder, ValueError naming file and line where a table is wrong.
    """
    if not path.is_dir():
        raise NotADirectoryError(f"{path}: no folder of models; name the folder that holds tone.tsv, importance.yaml or tone.model")
    default = Models.default()
    tone, importance = path / "tone.tsv", path / "importance.yaml"
    return versioned(
        Models(
            tone=read_tone_table(tone.read_text(encoding="utf-8"), str(tone)) if tone.exists() else default.tone,
            importance=read_importance_table(importance.read_text(encoding="utf-8"), str(importance))
            if importance.exists()
            else default.importance,
            tone_model=_tone_model(path / "tone.model") or default.tone_model,
        )
    )


def _tone_model(path: Path) -> ToneModel | None:
    """The model of tone at a path, where there is one. Raises ValueError naming the file."""
    if not path.exists():
        return None
    try:
        return load_tone(path.read_bytes())
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
