"""The file of a learnt model: read whole, replaced whole, by one at a time."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from groundswell.engine.learn.model import Correction, Model, ModelError, dump_model, load_model
from groundswell.server.faults import Fault

if TYPE_CHECKING:
    from types import ModuleType

T = TypeVar("T")
_fcntl: ModuleType | None
try:
    import fcntl

    _fcntl = fcntl
except ImportError:  # no such locks on this system: one at a time is up to the caller
    _fcntl = None


class ModelFile:
    """What lies at a path (None where nothing does) and, when set, what is to lie there."""

    def __init__(self, model: Model | None) -> None:
        self.model = model


def model_at(path: str) -> Model:
    """The model at a path. Raises Fault in words."""
    return loaded_from(path, load_model, ModelError)


def loaded_from(path: str, load: Callable[[bytes], T], fault: type[Exception]) -> T:
    """What LOAD makes of the file at PATH; where it cannot, it raises FAULT. Raises Fault in words."""
    try:
        return load(Path(path).read_bytes())
    except OSError as error:
        raise Fault(f"{path} cannot be read: {error.strerror or error}. Check the path after --model.") from error
    except fault as error:
        raise Fault(f"{path}: {error}.") from error


@contextlib.contextmanager
def replaced(path: str) -> Iterator[ModelFile]:
    """The model at a path, written back when it was changed; nobody else changes it meanwhile. Raises Fault."""
    place = Path(path)
    with alone_in(path):
        file = ModelFile(model_at(path) if place.exists() else None)
        before = file.model
        yield file
        if file.model is not None and file.model is not before:
            write_whole(path, dump_model(file.model))


def kept_corrections(model: Model | None, kind: str, path: str) -> Sequence[Correction]:
    """The corrections of the model that is to be replaced. Raises Fault where it is one of another kind."""
    if model is None:
        return ()
    if model.kind != kind:
        raise Fault(f"{path} is a model of {model.kind}, not of {kind}. Choose another place with --model.")
    return model.corrections


@contextlib.contextmanager
def alone_in(path: str) -> Iterator[None]:
    """Wait until nobody else changes a model in the folder of PATH. Raises Fault where there is no such folder."""
    folder = Path(path).parent
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise Fault(f"{folder}: {error.strerror or error}. Choose another place with --model.") from error
    try:
        if _fcntl is not None:
            _fcntl.flock(handle, _fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_whole(path: str, data: bytes) -> None:
    """DATA at PATH, whole or not at all. Raises Fault."""
    place = Path(path)
    try:
        with tempfile.NamedTemporaryFile(dir=place.parent, prefix=place.name, delete=False) as stream:
            stream.write(data)
        Path(stream.name).chmod(0o644)
        Path(stream.name).replace(place)
    except OSError as error:
        raise Fault(f"{place} cannot be written: {error.strerror or error}. Choose another place with --model.") from error
