"""How alike two items are: a row of figures for each pair, from shared pieces, leads, names, numbers and the meaning of words.

Many pairs are looked at together: the arrays of their items lie end to end, and sums go over the stretch of each.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from groundswell.engine.stories.counts import Counts
from groundswell.engine.stories.features import BREAK, IN_LEAD, SPACE, Sketch
from groundswell.engine.stories.meaning import Meanings
from groundswell.engine.stories.names import KINDS
from groundswell.engine.stories.nearest import Words, nearest
from groundswell.engine.stories.strung import Flags, Floats, Ints, Numbers, Stretches, divide, most_in_a_row, string

COMMON_SHARE = 0.004  # a piece in more than this share of items belongs to the problem, a rarer one to the place or party
ONE_DAY = 86400.0
COVERED = 0.6  # of a name's weight: it is there, if written a little differently
NAMES = (
    "likeness", "rare", "common", "within", "rarest", "five_rarest", "title", "title_rare", "title_common",
    "lead_there_less", "lead_there_more", "lead_gap_less", "lead_gap_more", "lead_run_less", "lead_run_more",
    "leads_alike_less", "leads_alike_more", "leads_gap_less", "leads_gap_more",
    "names_there_less", "names_there_more", "name_whole", "name_nearly", "name_missing_less", "name_missing_more",
    *(f"names_{kind}" for kind in ("estates", "roads", "districts", "bodies")),
    "numbers", "numbers_clash", "words", "words_there_less", "words_there_more", "meant_there_less", "meant_there_more",
    "leads_meant_less", "leads_meant_more", "unmeant_less", "unmeant_more", "subject",
    "length", "days", "shorter", "longer", "lead_shorter", "lead_longer",
)  # fmt: skip
LIKENESS, RARE, TITLE, LENGTH, NUMBERS = (NAMES.index(name) for name in ("likeness", "rare", "title", "length", "numbers"))
SAME_NAMES = NAMES.index("names_there_more")


def likenesses(sketches: Sequence[Sketch], ones: Ints, others: Ints, counts: Counts, meanings: Meanings, at: Ints | None = None) -> Floats:
    """The likenesses of pairs of sketches: one row each, columns in the order of NAMES.

    ONES and OTHERS say which sketches are paired; AT which of the items that were counted last (``Counts.add``) was the
    newest when each pair met, without it all were counted.
    """
    if not len(ones):
        return np.empty((0, len(NAMES)))
    laid = _Laid(sketches)
    one, other = _Side(laid, ones, counts, at), _Side(laid, others, counts, at)
    _meet(one, other)
    blocks = (  # rows in the order of NAMES, a column for each pair
        _alike(one, other),
        _leads(one, other),
        _names(one, other),
        _numbers(one, other),
        _words(one, other, meanings.vectors),
        _sizes(laid, ones, others),
    )
    return np.ascontiguousarray(np.concatenate(blocks).T)


class _Laid:
    """Sketches, each of their arrays end to end."""

    def __init__(self, sketches: Sequence[Sketch]) -> None:
        self.ids, self.pieces = string([s.ids for s in sketches])
        self.tf, _ = string([s.tf for s in sketches])
        self.lead, self.leads = string([s.lead for s in sketches])
        self.name_pieces, self.named = string([s.names for s in sketches])
        self.name_sizes, self.names = string([s.name_sizes for s in sketches])
        self.name_kinds, _ = string([s.name_kinds for s in sketches])
        self.numbers, self.numbered = string([s.numbers for s in sketches])
        self.number_units, _ = string([s.number_units for s in sketches])
        self.words, self.worded = string([s.words for s in sketches])
        self.meanings, _ = string([s.meanings for s in sketches])
        self.lead_words, self.lead_worded = string([s.lead_words for s in sketches])
        self.lengths = np.log1p(np.array([(s.length, s.lead_length) for s in sketches], dtype=np.float64).T)
        self.at = np.array([s.at for s in sketches])


class _Side:
    """One side of all pairs: what its sketches hold, pair after pair, and how rare that was when the pair met."""

    def __init__(self, laid: _Laid, which: Ints, counts: Counts, at: Ints | None) -> None:
        def rarity(ids: Numbers, own: Ints) -> NDArray[np.float32]:
            return counts.idf(ids, None if at is None else at[own])

        self.count = len(which)
        self.pieces, place = laid.pieces.picked(which)
        ids = laid.ids[place]
        self.keys = _keys(ids, self.pieces)
        self.idf, self.is_rare = counts.idf_and_rare(ids, COMMON_SHARE, None if at is None else at[self.pieces.own])
        self.weights = laid.tf[place] * self.idf
        self.leads, place = laid.leads.picked(which)
        self.is_break = laid.lead[place] == BREAK
        self.lead = np.where(self.is_break, 0, laid.lead[place].astype(np.intp) + self.pieces.starts[self.leads.own])
        self.in_lead = np.zeros(len(ids), dtype=np.bool_)
        self.in_lead[self.lead[~self.is_break]] = True
        self.named, place = laid.named.picked(which)
        self.name_pieces = laid.name_pieces[place].astype(np.intp) + self.pieces.starts[self.named.own]
        self.names, place = laid.names.picked(which)
        self.name_sizes, self.name_kinds = laid.name_sizes[place].astype(np.intp), laid.name_kinds[place]
        self.numbered, place = laid.numbered.picked(which)
        self.number_keys = _keys(laid.numbers[place], self.numbered)
        self.unit_keys = _keys(laid.number_units[place], self.numbered)
        self.number_idf = rarity(laid.numbers[place], self.numbered.own)
        self.worded, place = laid.worded.picked(which)
        self.word_keys = _keys(laid.words[place], self.worded)
        self.word_idf = rarity(laid.words[place], self.worded.own)
        self.meanings = laid.meanings[place]
        self.lead_worded, place = laid.lead_worded.picked(which)
        self.lead_words = laid.lead_words[place].astype(np.intp) + self.worded.starts[self.lead_worded.own]
        self.shared: Flags = np.zeros(len(ids), dtype=np.bool_)  # of each piece: the other side has it
        self.there: Ints = np.zeros(len(ids), dtype=np.intp)  # and where among its pieces


def _keys(ids: Numbers, stretches: Stretches) -> NDArray[np.int64]:
    """Ids that differ from pair to pair."""
    return ids + stretches.own * SPACE


def _meet(one: _Side, other: _Side) -> None:
    """Find the pieces that both sides of a pair have."""
    if not len(one.keys):
        return
    at = np.minimum(np.searchsorted(one.keys, other.keys), len(one.keys) - 1)
    other.shared, other.there = one.keys[at] == other.keys, at
    both = np.flatnonzero(other.shared)
    one.shared[at[both]] = True
    one.there[at[both]] = both


def _paired(rows: Floats, others: Floats) -> Floats:
    """Which of the two is which does not matter: of each pair of rows the less, then the more."""
    found = np.empty((2 * len(rows), rows.shape[1]))
    np.minimum(rows, others, out=found[::2])
    np.maximum(rows, others, out=found[1::2])
    return found


def _alike(one: _Side, other: _Side) -> Floats:
    """Cosines over all pieces and over those of the leads, and how much the rarest shared pieces weigh."""
    both = np.flatnonzero(other.shared)
    hit = other.there[both]
    dots = np.empty((4, len(both)), dtype=np.float32)  # products of what both have: pieces, leads; then the rare ones
    np.multiply(other.weights[both], one.weights[hit], out=dots[0])
    np.multiply(other.idf[both] ** 2, other.in_lead[both] & one.in_lead[hit], out=dots[1])
    np.multiply(dots[:2], other.is_rare[both], out=dots[2:])
    shared = Stretches.of(np.bincount(other.pieces.own[both], minlength=other.count))
    dot, title_dot, rare_dot, title_rare_dot = shared.sums(dots)
    mine, theirs = _squares(one), _squares(other)
    whole, rare = np.sqrt(mine[:2] * theirs[:2]), np.sqrt(mine[2:] * theirs[2:])
    common = np.sqrt(np.maximum(mine[:2] - mine[2:], 0.0) * np.maximum(theirs[:2] - theirs[2:], 0.0))
    weights = one.idf[hit]
    order = np.lexsort((-weights, shared.own))  # of each pair the heaviest first
    rank = np.arange(len(order)) - shared.starts[shared.own]
    heaviest = np.where(rank < 5, weights[order], 0.0)
    return np.stack(
        (
            divide(dot, whole[0]), divide(rare_dot, rare[0]), divide(dot - rare_dot, common[0]),
            divide(dot, np.minimum(mine[0], theirs[0])), shared.most(heaviest), shared.sums(heaviest),
            divide(title_dot, whole[1]), divide(title_rare_dot, rare[1]), divide(title_dot - title_rare_dot, common[1]),
        )
    )  # fmt: skip


def _squares(side: _Side) -> Floats:
    """Squares of lengths: of all pieces and of those of the lead; then of the rare ones among them (4 × pairs)."""
    rows = np.empty((4, len(side.idf)), dtype=np.float32)
    np.multiply(side.weights, side.weights, out=rows[0])
    np.multiply(side.idf**2, side.in_lead, out=rows[1])
    np.multiply(rows[:2], side.is_rare, out=rows[2:])
    return side.pieces.sums(rows)


def _leads(one: _Side, other: _Side) -> Floats:
    """How much of each lead is in the other's text and in its lead; the heaviest stretch that is missing, and that is there."""
    return _paired(_lead_in(one, other), _lead_in(other, one))


def _lead_in(side: _Side, text: _Side) -> Floats:
    """The share of the lead that is in the text, the most in a row that is not, that is; the share in its lead, the most that is not."""
    if not len(side.idf):
        return np.zeros((5, side.count))
    valid = ~side.is_break
    weights = np.where(valid, side.idf[side.lead], np.float32(0.0))
    here = valid & side.shared[side.lead]
    in_lead = here.copy()
    in_lead[here] = text.in_lead[side.there[side.lead[here]]]
    total, there, alike = side.leads.sums(np.stack((weights, weights * here, weights * in_lead)))
    flags = np.stack((here, valid & ~here, valid & ~in_lead))
    run, gap, leads_gap = most_in_a_row(weights, flags, side.leads.own, side.count)
    return np.stack((divide(there, total), gap, run, divide(alike, total), leads_gap))


def _names(one: _Side, other: _Side) -> Floats:
    """How far the names of each are in the other, all together and by kind; the heaviest that is, and that is not."""
    there, most, wholes, covered = zip(_names_in(one), _names_in(other), strict=True)
    of_kinds = [divide(part, whole) for part, whole in zip(covered, wholes, strict=True)]
    return np.concatenate(
        (
            _paired(there[0], there[1]),
            np.maximum(most[0][:2], most[1][:2]),
            _paired(most[0][2:], most[1][2:]),
            np.where((wholes[0] > 0) & (wholes[1] > 0), np.maximum(*of_kinds), -1.0),
        )
    )


def _names_in(side: _Side) -> tuple[Floats, Floats, Floats, Floats]:
    """Of the names of a side: the share that the other has (1 × pairs); the heaviest that is there whole, nearly, and that of the
    lead is not (3 × pairs); what those of each kind weigh, and how much of it is there (kinds × pairs)."""
    kinds = len(KINDS)
    parts = side.idf[side.name_pieces]
    weight, found = Stretches.of(side.name_sizes).sums(np.stack((parts, parts * side.shared[side.name_pieces])))
    share = divide(found, weight)
    by_kind = side.names.own * kinds + (side.name_kinds & (IN_LEAD - 1))
    wholes, covered = (
        np.bincount(by_kind, each, side.count * kinds).reshape(-1, kinds).T.astype(np.float64) for each in (weight, share * weight)
    )
    rows = np.stack(
        (
            np.where(share > 0.99, weight, 0.0),
            np.where(share > COVERED, weight * share, 0.0),
            np.where((share < COVERED) & (side.name_kinds >= IN_LEAD), weight * (1.0 - share), 0.0),
        )
    )
    return divide(covered.sum(axis=0), wholes.sum(axis=0))[None], side.names.most(rows), wholes, covered


def _numbers(one: _Side, other: _Side) -> Floats:
    """Share of the lesser weight of numbers that both have; how many numbers of the others have a unit of mine, but no number of mine."""
    same = np.isin(other.number_keys, one.number_keys)
    clash = ~same & np.isin(other.unit_keys, one.unit_keys)
    theirs, shared, clashes = other.numbered.sums(np.stack((other.number_idf, other.number_idf * same, clash)))
    return np.stack((divide(shared, np.minimum(theirs, one.numbered.sums(one.number_idf))), clashes))


def _words(one: _Side, other: _Side, vectors: NDArray[np.float32]) -> Floats:
    """Words that both have; words of each lead that the other has, exactly and by meaning; the one whose meaning is missed most."""
    same, at = _same_words(one, other)
    weights = one.word_idf**2, other.word_idf**2
    whole = np.sqrt(one.worded.sums(weights[0]) * other.worded.sums(weights[1]))
    shared = np.bincount(other.worded.own[same], weights[1][same], other.count)
    leads, other_leads = (Words(side.meanings[side.lead_words], side.lead_worded) for side in (one, other))
    in_lead, in_other_lead = nearest(leads, other_leads, vectors)
    there, _ = nearest(leads, Words(other.meanings, other.worded), vectors)
    back, _ = nearest(other_leads, Words(one.meanings, one.worded), vectors)
    meant = _meant(one, other, there, in_lead, (at, same)), _meant(other, one, back, in_other_lead, (same, at))
    mine, theirs = _subject(one, vectors), _subject(other, vectors)
    alike = divide((mine * theirs).sum(axis=1), np.sqrt((mine * mine).sum(axis=1) * (theirs * theirs).sum(axis=1)))
    return np.concatenate((divide(shared, whole)[None], _paired(*meant), alike[None]))


def _same_words(one: _Side, other: _Side) -> tuple[Ints, Ints]:
    """Places among the words of the other side, and of the first, where both have one word."""
    order = np.argsort(one.word_keys, kind="stable")
    keys = one.word_keys[order]
    at = np.searchsorted(keys, other.word_keys)
    at[at == len(keys)] = 0
    same = np.flatnonzero(keys[at] == other.word_keys) if len(keys) else np.empty(0, dtype=np.intp)
    return same, order[at[same]] if len(keys) else same


def _meant(side: _Side, text: _Side, best: Floats, best_lead: Floats, same: tuple[Ints, Ints]) -> Floats:
    """Words of a side's lead that the text has, and that it has by meaning, in all and in its lead; the most that is missed (4 × pairs).

    BEST and BEST_LEAD say how near the nearest other word is of the text, and of its lead; SAME, where among the words of both
    they have one word: only that is 1.
    """
    lead_word = np.full(len(side.word_keys), -1)
    lead_word[side.lead_words] = np.arange(len(side.lead_words))
    of_lead = np.zeros(len(text.word_keys), dtype=np.bool_)
    of_lead[text.lead_words] = True
    found = lead_word[same[0]]
    best[found[found >= 0]] = 1.0
    best_lead[found[(found >= 0) & of_lead[same[1]]]] = 1.0
    weight = side.word_idf[side.lead_words]
    rows = np.stack(((best == 1.0) * weight, best * weight, best_lead * weight, weight))
    sums = side.lead_worded.sums(rows)
    return np.concatenate((divide(sums[:3], sums[3]), side.lead_worded.most(((1.0 - best) * weight)[None])))


def _subject(side: _Side, vectors: NDArray[np.float32]) -> Floats:
    """The meaning of each text: the vectors of its words, weighed (pairs × dimensions)."""
    found = np.zeros((side.count, vectors.shape[1]))
    full = np.flatnonzero(side.worded.sizes)
    if len(full):
        rows = vectors[side.meanings] * side.word_idf[:, None]
        found[full] = np.add.reduceat(rows, side.worded.starts[full], axis=0)
    return found


def _sizes(laid: _Laid, ones: Ints, others: Ints) -> Floats:
    """How much longer one is, the days between, lengths of texts and leads."""
    pairs = _paired(laid.lengths[:, ones], laid.lengths[:, others])
    days = np.log1p(np.abs(laid.at[others] - laid.at[ones]) / ONE_DAY)
    return np.concatenate((np.exp(pairs[0] - pairs[1])[None], days[None], pairs))
