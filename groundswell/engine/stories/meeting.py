"""Whom the items of a block meet: the members that share most weight with each, and how likely both tell of one event.

What takes time is done for all items of a block at once, before the first of them has its place: an item also meets those
of its own block that came before it. Each is looked at as if no later one were known, so that blocks change no answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from groundswell.engine.records import Item, Judged
from groundswell.engine.stories.affinity import load_judge
from groundswell.engine.stories.counts import Counts
from groundswell.engine.stories.features import Ids, Sketch, Weights, sketch
from groundswell.engine.stories.likeness import ONE_DAY, likenesses
from groundswell.engine.stories.meaning import load_meanings
from groundswell.engine.stories.settings import Settings
from groundswell.engine.stories.state import StoriesState
from groundswell.engine.stories.strung import Floats, Ints, Stretches, string
from groundswell.engine.trees import likelihood

LARGEST = 64  # items of a block
SPARE = 16  # candidates that are kept in case that those before them cannot be joined by when it is the item's turn
BEGINNING = 400.0  # items among which every piece may find others
COPY_FROM = 0.6  # share of its weight that another item has from which on an item may turn out a copy, and no member
SAME_PLACE, SAME_TOWN, OTHER_PLACE = 1.0, 0.7, -3.0  # log-odds
SAME_TEXT = 2.9  # log-odds from which on a likeness says no more where the places differ: it may be a template


class Met(Struct, frozen=True):
    """A member that an item met, how alike they are (a row of likenesses) and how likely they tell of one event."""

    key: str
    sketch: Sketch
    row: Floats
    chance: float


class Near(Struct, frozen=True):
    """Members near an item, nearest first, and the share of its weight that the first one has; ``whole``: there are no more."""

    members: list[tuple[str, Sketch]]
    share: float
    whole: bool


class Block:
    """Some items that came one after the other, LARGEST at the most, and none of them known before: sketched, counted, compared."""

    def __init__(self, state: StoriesState, items: Sequence[tuple[Item, Judged]], settings: Settings) -> None:
        self._state, self._settings = state, settings
        self.sketches = [sketch(item, judged) for item, judged in items]
        self.number = {item.key: n for n, (item, _judged) in enumerate(items)}
        self._keys = list(self.number)
        self._near: dict[int, Near] = {}
        self._met: dict[tuple[int, str], Met] = {}
        if items:
            state.counts.add(self.sketches)
            self._weigh()
            self._near = {n: self._near_before(n) for n, (item, _judged) in enumerate(items) if self._is_open(item, self.sketches[n])}
            doubtful = {self._keys[n] for n, near in self._near.items() if near.share >= COPY_FROM}
            self._compare({n: _until(near.members, settings.candidates, doubtful) for n, near in self._near.items()})

    def met(self, n: int) -> list[Met]:
        """The members that item N meets, now that all before it have their places; nearest first."""
        slot, most = self._state.index.slot, self._settings.candidates
        near = self._near.get(n)
        members = [member for member in near.members if member[0] in slot][:most] if near else []
        if near is None or (len(members) < most and not near.whole):
            members = self._near_now(n)
        self._compare({n: [(key, other) for key, other in members if (n, key) not in self._met]})
        return [self._met[n, key] for key, _other in members]

    def _is_open(self, item: Item, seen: Sketch) -> bool:
        """Must it be found out where the item belongs?"""
        answers = item.parent in self._state.story_of or item.parent in self.number
        return item.key not in self._state.pins and not (answers and seen.length <= self._settings.brief)

    def _weigh(self) -> None:
        """What each piece of each item weighed when it came, and which of them find others."""
        counts = self._state.counts
        self._ids, self._pieces, self._squares = squares_of(self.sketches, counts)
        self.norms = norms_of(self._pieces, self._squares)
        own = self._pieces.own
        crowd = np.maximum(BEGINNING, self._settings.crowded * counts.seen_at(np.arange(len(self.sketches))))
        self._finds = counts.df_at(self._ids, own) <= crowd[own]
        known, self._row = np.unique(self._ids, return_inverse=True)
        self._has = np.zeros((len(known), len(self.sketches)), dtype=np.bool_)  # pieces × items
        self._has[self._row, own] = True

    def _heaviest(self, n: int) -> Ints:
        """Where the pieces of item N lie that find others."""
        start = int(self._pieces.starts[n])
        squares = self._squares[start : start + int(self._pieces.sizes[n])]
        best = start + np.argsort(-squares, kind="stable")[: self._settings.pieces]
        return np.asarray(best[self._finds[best]])

    def _near_before(self, n: int) -> Near:
        """The members near item N before any of the block has its place, and the items before it as if all became members."""
        index, at, limit = self._state.index, self._heaviest(n), self._settings.near * float(self.norms[n])
        slots, shares = index.near(self._ids[at], self._squares[at], limit)
        weights = self._squares[at][:, None] * self._has[self._row[at], :n]
        among = weights.sum(axis=0, dtype=np.float64) * (1.0 / self.norms[:n])  # piece after piece, as the index adds up
        before = np.flatnonzero(among > limit)
        found, most = np.concatenate((shares, among[before])), self._settings.candidates + SPARE
        best = first(found, most)
        members = [
            index.known(int(slots[k])) if k < len(slots) else (self._keys[before[k - len(slots)]], self.sketches[before[k - len(slots)]])
            for k in best
        ]
        return Near(members, float(found[best[0]] / self.norms[n]) if best else 0.0, len(best) < most)

    def _near_now(self, n: int) -> list[tuple[str, Sketch]]:
        """The members near item N."""
        index, at = self._state.index, self._heaviest(n)
        slots, shares = index.near(self._ids[at], self._squares[at], self._settings.near * float(self.norms[n]))
        return [index.known(int(slots[k])) for k in first(shares, self._settings.candidates)]

    def _compare(self, wanted: dict[int, list[tuple[str, Sketch]]]) -> None:
        """Keep how alike items of the block and some members are."""
        pairs = [(n, key, other) for n, members in wanted.items() for key, other in members]
        if not pairs:
            return
        laid = {self._keys[n]: self.sketches[n] for n in wanted} | {key: other for _n, key, other in pairs}
        place = {key: k for k, key in enumerate(laid)}
        ones, theirs = np.array([(place[self._keys[n]], place[key]) for n, key, _other in pairs]).T
        sketches, moments = list(laid.values()), np.array([n for n, _key, _other in pairs])
        rows = likenesses(sketches, ones, theirs, self._state.counts, load_meanings(), moments)
        titled = np.array([seen.titled for seen in sketches])
        said = load_judge().probabilities(rows, titled[ones] & titled[theirs])
        chances = weighed(said, [(self.sketches[n], other) for n, _key, other in pairs], self._settings)
        for k, (n, key, other) in enumerate(pairs):
            self._met[n, key] = Met(key, other, rows[k], float(chances[k]))


def squares_of(sketches: Sequence[Sketch], counts: Counts) -> tuple[Ids, Stretches, Weights]:
    """The pieces of the items that were counted last, whose each is, and the square of what each weighed when its item came."""
    ids, pieces = string([seen.ids for seen in sketches])
    return ids, pieces, (np.concatenate([seen.tf for seen in sketches]) * counts.idf(ids, pieces.own)) ** 2


def norms_of(pieces: Stretches, squares: Weights) -> Floats:
    """The length of each item's weighted pieces."""
    return np.maximum(np.sqrt(pieces.sums(squares)), 1e-6)


def first(shares: Floats, most: int) -> list[int]:
    """Where the greatest shares stand, MOST at the most; greatest first, of equal ones the first."""
    some = np.arange(len(shares))
    if len(shares) > most:
        some = np.flatnonzero(shares >= np.partition(shares, -most)[-most])
    ranked: list[int] = some[np.argsort(-shares[some], kind="stable")][:most].tolist()
    return ranked


def _until(members: list[tuple[str, Sketch]], most: int, doubtful: set[str]) -> list[tuple[str, Sketch]]:
    """The first members, so many that MOST are left when the doubtful ones are none."""
    firm = [k for k, (key, _seen) in enumerate(members) if key not in doubtful][:most]
    return members[: firm[-1] + 1] if len(firm) == most else members


def weighed(said: Floats, pairs: Sequence[tuple[Sketch, Sketch]], settings: Settings) -> Floats:
    """What the judge says of pairs, with what it does not see: places of the gazetteer, days without a like item."""
    placed = [k for k, (seen, other) in enumerate(pairs) if seen.places and other.places]
    if not placed and not settings.fade:
        return said
    clipped = np.clip(said, 1e-9, 1 - 1e-9)
    logits = np.log(clipped) - np.log1p(-clipped)
    for k in placed:
        logits[k] = _by_gazetteer(float(logits[k]), *pairs[k], settings.towns)
    if settings.fade:  # the next thing of its kind is likelier a new event
        days = np.array([abs(seen.at - other.at) for seen, other in pairs]) / ONE_DAY
        logits -= np.minimum(settings.fade * np.maximum(days - 1.0, 0.0), settings.fade_most)
    return likelihood(logits)


def _by_gazetteer(logit: float, seen: Sketch, other: Sketch, towns: dict[str, str]) -> float:
    """Places of the gazetteer that differ speak against, places that agree for one event; two of one town on one day for it a little."""
    mine, theirs = set(seen.places), set(other.places)
    if mine & theirs:
        return logit + SAME_PLACE
    if {towns.get(place, place) for place in mine} & {towns.get(place, place) for place in theirs}:
        return logit + (SAME_TOWN if abs(seen.at - other.at) < ONE_DAY else 0.0)
    return min(logit, SAME_TEXT) + OTHER_PLACE
