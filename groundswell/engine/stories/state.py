"""The open stories and what is known of them; written and read story by story, so that only touched ones are stored."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import msgspec
import numpy as np
from msgspec import Struct

from groundswell.engine.stories.counts import Counts
from groundswell.engine.stories.features import Ids, Sketch, Weights
from groundswell.engine.stories.strung import Floats, Ints

SHARED = ""  # the id under which dump_shared()'s blob stands among the others
FORM = 2  # of what is stored; of a story of another form only its items are known until renew_story() sees them


class Member(Struct, kw_only=True):
    """One item of a story that others are compared with."""

    key: str
    seq: int  # number of arrival
    sketch: Sketch
    norm: float  # length of its weighted pieces when it came


class Story(Struct, kw_only=True):
    """One open story."""

    id: str
    keys: list[str]  # all its items, in order of arrival
    members: list[Member]  # those that others are compared with, in order of arrival
    copies: dict[str, str]  # key of a copy -> key of the first of its kind
    last: float  # seconds since 1970 of its newest item
    places: dict[str, int] = {}  # place id -> items that name it


class Index:
    """Which members hold which piece; made anew from the stories, never stored."""

    def __init__(self) -> None:
        self.members: list[Member | None] = []
        self.slot: dict[str, int] = {}
        self.postings: dict[int, array[int]] = {}
        self.gone = 0
        self._worth = array("d")  # of each slot 1 / the member's norm, 0 where it is gone

    def add(self, member: Member) -> None:
        """Make a member findable; members come in order of arrival."""
        slot = len(self.members)
        self.members.append(member)
        self.slot[member.key] = slot
        self._worth.append(1.0 / member.norm)
        postings = self.postings
        for piece in member.sketch.ids.tolist():
            known = postings.get(piece)
            if known is None:
                postings[piece] = array("q", (slot,))
            else:
                known.append(slot)

    def known(self, slot: int) -> tuple[str, Sketch]:
        """Key and sketch of the member of a slot. Raises LookupError where it is gone."""
        member = self.members[slot]
        if member is None:
            raise LookupError(slot)
        return member.key, member.sketch

    def near(self, pieces: Ids, weights: Weights, limit: float) -> tuple[Ints, Floats]:
        """Slots whose members hold PIECES of more weight, as a share of the member's norm, than the limit; and these shares."""
        asked = [(self.postings.get(piece), weight) for piece, weight in zip(pieces.tolist(), weights.tolist(), strict=True)]
        held = [(np.frombuffer(slots, dtype=np.int64), weight) for slots, weight in asked if slots is not None]
        if not held:
            return np.empty(0, dtype=np.intp), np.empty(0)
        each = np.repeat([weight for _slots, weight in held], [len(slots) for slots, _weight in held])
        found: Floats = np.bincount(np.concatenate([slots for slots, _weight in held]), each, len(self.members)).astype(
            np.float64, copy=False
        )
        found *= np.frombuffer(self._worth)
        some = np.flatnonzero(found > limit)  # a few of very many
        return some, found[some]

    def drop(self, key: str) -> None:
        """Make a member unfindable."""
        slot = self.slot.pop(key, None)
        if slot is not None:
            self.members[slot] = None
            self._worth[slot] = 0.0
            self.gone += 1


class StoriesState:
    """All open stories, the shared counts, and what people decided. ``grow_stories`` takes it over and gives it back."""

    def __init__(self) -> None:
        self.stories: dict[str, Story] = {}
        self.story_of: dict[str, str] = {}  # item key -> story id
        self.counts = Counts()
        self.seq = 0
        self.merged: dict[str, str] = {}  # story -> the story it went into, for ever
        self.pins: dict[str, str] = {}  # item key -> story, for ever
        self.apart: set[tuple[str, str]] = set()  # pairs of stories that a person told apart
        self.applied: dict[str, int] = {}  # fingerprint of a decision -> how often it was taken over
        self.index = Index()
        self.outdated: set[str] = set()  # ids of stories whose stored form was another
        self.touched: set[str] = set()  # ids of stories changed or gone since the last grow_stories began

    def final(self, story: str) -> str:
        """Where a story's items are now, after all merges."""
        while story in self.merged:
            story = self.merged[story]
        return story

    def reindex(self) -> None:
        """Build the index anew, oldest member first."""
        self.index = Index()
        for member in sorted((each for story in self.stories.values() for each in story.members), key=lambda each: each.seq):
            self.index.add(member)


class _Member(Struct, array_like=True):
    key: str
    seq: int
    norm: float
    arrays: list[bytes]  # those of a sketch in the order of ARRAYS
    titled: bool
    lead_length: int
    places: tuple[str, ...]
    units: tuple[str, ...]
    length: int
    at: float


ARRAYS = (
    ("ids", "<u4"), ("tf", "<f4"), ("lead", "<u2"), ("names", "<u2"), ("name_sizes", "<u2"), ("name_kinds", "|u1"),
    ("numbers", "<u4"), ("number_units", "<u4"), ("words", "<u4"), ("meanings", "<u2"), ("lead_words", "<u2"),
)  # fmt: skip


class _Story(Struct, array_like=True):
    form: int
    id: str
    keys: list[str]
    members: list[_Member]
    copies: dict[str, str]
    last: float
    places: dict[str, int]


class _Shared(Struct, array_like=True):
    form: int
    counts: bytes
    seq: int
    merged: dict[str, str]
    pins: dict[str, str]
    apart: list[tuple[str, str]]
    applied: dict[str, int] = {}


class _OldStory(Struct, array_like=True):
    """The first form: members hold what is no longer looked at."""

    id: str
    keys: list[str]
    members: msgspec.Raw
    copies: dict[str, str]
    last: float
    places: dict[str, int]


class _OldShared(Struct, array_like=True):
    counts: bytes
    seq: int
    merged: dict[str, str]
    pins: dict[str, str]
    apart: list[tuple[str, str]]
    applied: dict[str, int] = {}


def _write_member(member: Member) -> _Member:
    s = member.sketch
    arrays = [getattr(s, name).astype(kind).tobytes() for name, kind in ARRAYS]
    return _Member(member.key, member.seq, member.norm, arrays, s.titled, s.lead_length, s.places, s.units, s.length, s.at)


def _read_member(m: _Member) -> Member:
    arrays = {
        name: np.frombuffer(raw, dtype=kind).astype(np.dtype(kind).newbyteorder("="))
        for (name, kind), raw in zip(ARRAYS, m.arrays, strict=True)
    }
    sketch = Sketch(**arrays, titled=m.titled, lead_length=m.lead_length, places=m.places, units=m.units, length=m.length, at=m.at)
    return Member(key=m.key, seq=m.seq, sketch=sketch, norm=m.norm)


def dump_story(state: StoriesState, story: str) -> bytes:
    """One open story as bytes, for load_stories().

    Raises KeyError where no open story has that id: it was merged away or has retired, delete its blob.
    """
    s = state.stories[story]
    return msgspec.msgpack.encode(_Story(FORM, s.id, s.keys, [_write_member(m) for m in s.members], s.copies, s.last, s.places))


def dump_shared(state: StoriesState) -> bytes:
    """What belongs to no single story: counts of pieces, merges, pins. Store it under the id SHARED ("")."""
    return msgspec.msgpack.encode(
        _Shared(FORM, state.counts.dump(), state.seq, state.merged, state.pins, sorted(state.apart), state.applied)
    )


def load_stories(blobs: Iterable[tuple[str, bytes]]) -> StoriesState:
    """The state that was dumped: (story id, dump_story) in any order and ("", dump_shared); grows on as if never stopped.

    Stories stored in another form are named in ``state.outdated``: hand their items to ``renew_stories``.
    Raises ValueError where a blob is not one of ours, naming its id.
    """
    state = StoriesState()
    for name, blob in blobs:
        try:
            if name == SHARED:
                _load_shared(state, blob)
            else:
                _load_story(state, blob)
        except msgspec.MsgspecError as error:
            raise ValueError(
                f"the stored story {name or '(shared counts)'} cannot be read: {error}; rebuild the stories by a replay"
            ) from error
    state.reindex()
    return state


def _load_shared(state: StoriesState, blob: bytes) -> None:
    shared: _Shared | _OldShared
    if _is_of_form(blob):
        shared = msgspec.msgpack.decode(blob, type=_Shared)
        state.counts = Counts.load(shared.counts)
    else:
        shared = msgspec.msgpack.decode(blob, type=_OldShared)
    state.seq, state.merged, state.pins, state.apart = shared.seq, shared.merged, shared.pins, set(shared.apart)
    state.applied = shared.applied


def _load_story(state: StoriesState, blob: bytes) -> None:
    members = []
    s: _Story | _OldStory
    if _is_of_form(blob):
        s = msgspec.msgpack.decode(blob, type=_Story)
        members = [_read_member(m) for m in s.members]
    else:
        s = msgspec.msgpack.decode(blob, type=_OldStory)
        state.outdated.add(s.id)
    state.stories[s.id] = Story(id=s.id, keys=s.keys, members=members, copies=s.copies, last=s.last, places=s.places)
    state.story_of.update((key, s.id) for key in s.keys)


def _is_of_form(blob: bytes) -> bool:
    """Does a blob begin with the number of the present form? Raises msgspec.MsgspecError where it is no list."""
    first = msgspec.msgpack.decode(blob, type=list[msgspec.Raw])[0]
    return bytes(first) == msgspec.msgpack.encode(FORM)
