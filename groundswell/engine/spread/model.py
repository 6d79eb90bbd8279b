"""A learnt model of spread as it lies in a file: MessagePack, no code in it, the same bytes for the same input."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from groundswell.engine.spread.chances import BOUNDS
from groundswell.engine.spread.forest import Tree
from groundswell.engine.spread.net import Net
from groundswell.engine.spread.rhythm import Rhythm

Floats = NDArray[np.float64]
MAGIC = b"GSSP1\n"
NET_SHARE = 0.65  # of the nets in the answer; the trees give the rest


class SpreadError(ValueError):
    """Nothing can be learnt or foretold; the message says why and what to do."""


class Ranks(Struct, frozen=True):
    """Numbers of each column as ranks among those of the past, between −√3 and √3: columns × marks, ascending."""

    marks: NDArray[np.float32]

    def __call__(self, rows: NDArray[np.float32]) -> Floats:
        """ROWS as ranks."""
        found = np.zeros(rows.shape)
        for column, marks in enumerate(self.marks):
            different = np.unique(marks)
            if len(different) > 1:
                found[:, column] = np.interp(rows[:, column], different, np.linspace(-1.732, 1.732, len(different)))
        return found


def ranks_of(rows: NDArray[np.float32], marks: int = 101) -> Ranks:
    """The ranks of the columns of ROWS."""
    return Ranks(np.quantile(rows, np.linspace(0, 1, marks), axis=0).T.astype(np.float32))


class Moment(Struct, frozen=True):
    """What was learnt for one moment: ranks, nets, trees, and by how much the 80 % band is widened (share of its width)."""

    ranks: Ranks
    nets: tuple[Net, ...]
    trees: tuple[Tree, ...]
    widened: float = 0.0

    def ask(self, rows: NDArray[np.float32]) -> Floats:
        """The chances to pass each bound, for each of ROWS (see features)."""
        ranked = self.ranks(rows)
        said: Floats = np.mean([net.ask(ranked) for net in self.nets], axis=0)
        if not self.trees:
            return said
        told: Floats = np.mean([tree.ask(ranked) for tree in self.trees], axis=0)
        return NET_SHARE * said + (1.0 - NET_SHARE) * told


class SpreadModel(Struct, frozen=True):
    """``moments``: by their names, 1h and 100; ``rows``: posts it was learnt from; ``figures``: on later posts kept apart."""

    rhythm: Rhythm
    moments: dict[str, Moment]
    rows: int = 0
    figures: dict[str, dict[str, float]] = {}


def dump_spread(model: SpreadModel) -> bytes:
    """The model as the bytes of its file."""
    return MAGIC + msgspec.msgpack.Encoder(enc_hook=_packed, order="deterministic").encode(model)


def load_spread(data: bytes) -> SpreadModel:
    """The model in the bytes of a file. Raises SpreadError."""
    if not data.startswith(MAGIC):
        raise SpreadError("it is not a model of spread; make one with  groundswell learn-spread")
    try:
        model = msgspec.msgpack.Decoder(SpreadModel, dec_hook=_unpacked).decode(data[len(MAGIC) :])
    except (msgspec.DecodeError, ValueError, TypeError, KeyError) as error:
        raise SpreadError(f"it is damaged ({error}); make it anew with  groundswell learn-spread") from error
    if not all(_fits(moment) for moment in model.moments.values()) or len(model.rhythm.hours) != 24:
        raise SpreadError("its parts do not fit each other; make it anew with  groundswell learn-spread")
    return model


def _fits(moment: Moment) -> bool:
    """Whether the sizes fit each other."""
    columns, bounds = len(moment.ranks.marks), len(BOUNDS)
    nets = all(net.weights and len(net.weights[0]) == columns and len(net.constants[-1]) == bounds for net in moment.nets)
    return bool(moment.nets) and nets and all(_tree_fits(tree, columns) for tree in moment.trees)


def _tree_fits(tree: Tree, columns: int) -> bool:
    """Whether every way through the tree ends at a leaf that is there."""
    nodes = np.arange(len(tree.columns))
    if not len(nodes) == len(tree.limits) == len(tree.children) or tree.means.shape[1:] != (len(BOUNDS),):
        return False
    inner, leads = tree.columns >= 0, tree.children
    ahead = (leads > nodes) & (leads + 1 < len(nodes))
    held = (leads >= 0) & (leads < len(tree.means))
    return len(nodes) > 0 and int(tree.columns.max()) < columns and bool(np.where(inner, ahead, held).all())


KINDS = ("<f4", "<i4", "|u1")


def _packed(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        kind = np.dtype("<f4") if value.dtype == np.float64 else value.dtype.newbyteorder("<")  # weights need no more
        return {"kind": kind.str, "shape": value.shape, "data": value.astype(kind).tobytes()}
    raise NotImplementedError(type(value))


def _unpacked(_type: type, held: Any) -> Any:
    if held["kind"] not in KINDS:
        raise ValueError(f"kind {held['kind']!r}")
    found: NDArray[Any] = np.frombuffer(held["data"], dtype=held["kind"]).reshape(held["shape"])
    return found.astype(np.float64) if _type == Floats else found
