"""How alike an item and some others are: a row of figures each, from shared pieces, leads, names, numbers and the meaning of words.

All others are looked at together: their arrays lie end to end, and sums go over the stretch of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundswell.engine.stories.counts import Counts
from groundswell.engine.stories.features import BREAK, IN_LEAD, SPACE, Sketch
from groundswell.engine.stories.meaning import Meanings
from groundswell.engine.stories.names import KINDS

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]
Numbers = NDArray[Any]

COMMON_SHARE = 0.004  # a piece in more than this share of items belongs to the problem, a rarer one to the place or party
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


class Table:
    """A surface on which one item lies while others are laid beside it."""

    def __init__(self, meanings: Meanings) -> None:
        self._slot = np.full(SPACE, -1, dtype=np.int32)
        self._vectors = meanings.vectors

    def compare(self, item: Sketch, others: Sequence[Sketch], counts: Counts) -> Floats:
        """The likenesses of an item, which has pieces, and each of some others: one row each, columns in the order of NAMES."""
        both = _Pieces(item, others, counts, self._slot)
        blocks = (  # rows in the order of NAMES, a column for each other
            _alike(both),
            _leads(both),
            _names(both),
            _numbers(both, self._slot),
            _words(both, self._slot, self._vectors),
            _sizes(item, others),
        )
        return np.ascontiguousarray(np.concatenate(blocks).T)


class _Strung:
    """Arrays of the others end to end, and whose each element is."""

    def __init__(self, parts: Sequence[NDArray[Any]]) -> None:
        self.sizes = np.array([len(part) for part in parts])
        self.all = np.concatenate(parts)
        self.starts = np.cumsum(self.sizes) - self.sizes
        self.own = np.repeat(np.arange(len(parts)), self.sizes)


class _Pieces:
    """An item's pieces and those of the others, and which are in both."""

    def __init__(self, item: Sketch, others: Sequence[Sketch], counts: Counts, slot: NDArray[np.int32]) -> None:
        self.item, self.others, self.counts, self.n = item, others, counts, len(others)
        self.mine = counts.idf(item.ids)
        self.strung = _Strung([o.ids for o in others])
        self.theirs = counts.idf(self.strung.all)
        slot[item.ids] = np.arange(len(item.ids), dtype=np.int32)
        self.hit = slot[self.strung.all]  # which piece of mine it is, or −1
        slot[item.ids] = -1
        self.shared = self.hit >= 0
        self.has = np.zeros((self.n, len(item.ids)), dtype=np.bool_)  # other × my piece
        self.has[self.strung.own[self.shared], self.hit[self.shared]] = True
        leads = _Strung([o.lead for o in others])
        self.leads = leads
        breaks = leads.all == BREAK
        self.lead_places = leads.all.astype(np.intp) + self.strung.starts[leads.own]  # among all pieces of the others
        self.lead_places[breaks] = -1


def _divide(part: Numbers, whole: Numbers | float) -> Floats:
    """A share; 0 where the whole is nothing, of which every part is nothing too."""
    return np.asarray(part / np.maximum(whole, 1e-9), dtype=np.float64)


def _sums(rows: Numbers, starts: Numbers, sizes: Numbers) -> Floats:
    """Of each row (… × elements) the sums over stretches that lie end to end; an empty one has 0."""
    if not rows.shape[-1]:
        return np.zeros((*rows.shape[:-1], len(sizes)))
    if sizes.all():
        return np.add.reduceat(rows, starts, axis=-1, dtype=np.float64)
    full = np.flatnonzero(sizes)
    found = np.zeros((*rows.shape[:-1], len(sizes)))
    found[..., full] = np.add.reduceat(rows, starts[full], axis=-1, dtype=np.float64)
    return found


def _most(rows: Numbers, starts: Numbers, sizes: Numbers) -> Floats:
    """Of each row (k × elements) the most within each stretch (k × stretches); 0 in an empty one."""
    found = np.zeros((len(rows), len(sizes)))
    full = np.flatnonzero(sizes)
    if len(full):
        found[:, full] = np.maximum.reduceat(rows, starts[full], axis=1)
    return found


def _paired(rows: Floats, others: Floats) -> Floats:
    """Which of the two is which does not matter: of each pair of rows the less, then the more."""
    found = np.empty((2 * len(rows), rows.shape[1]))
    np.minimum(rows, others, out=found[::2])
    np.maximum(rows, others, out=found[1::2])
    return found


def _alike(both: _Pieces) -> Floats:
    """Cosines over all pieces and over those of the leads, and how much the rarest shared pieces weigh."""
    item, theirs, hit, shared = both.item, both.theirs, both.hit, both.shared
    rare_mine, rare = both.counts.rare(item.ids, COMMON_SHARE), both.counts.rare(both.strung.all, COMMON_SHARE)
    title = np.zeros(len(item.ids), dtype=np.bool_)
    title[item.lead[item.lead != BREAK]] = True
    mine = np.stack((item.tf * both.mine, both.mine * title))
    lead = np.zeros(len(theirs) + 1, dtype=np.bool_)
    lead[both.lead_places] = True  # a break falls behind the last
    lead = lead[:-1]
    weighed = np.concatenate([o.tf for o in both.others]) * theirs
    rows = np.empty((8, len(theirs)), dtype=np.float32)  # products of what both have, squares of theirs: pieces, leads; then the rare ones
    np.multiply(weighed, mine[0][hit], out=rows[0])
    rows[0] *= shared
    np.multiply(weighed, weighed, out=rows[1])
    np.multiply(theirs * theirs, lead, out=rows[3])
    np.multiply(rows[3], shared & title[hit], out=rows[2])
    np.multiply(rows[:4], rare, out=rows[4:])
    sums = _sums(rows, both.strung.starts, both.strung.sizes)
    dots, squares, rare_dots, rare_squares = sums[0:4:2], sums[1:4:2], sums[4::2], sums[5::2]
    my_squares = mine.astype(np.float64) ** 2
    square, rare_square = my_squares.sum(axis=1)[:, None], (my_squares * rare_mine).sum(axis=1)[:, None]
    common = np.maximum(squares - rare_squares, 0.0) * np.maximum(square - rare_square, 0.0)
    whole = _divide(dots, np.sqrt(squares * square))
    of_rare = _divide(rare_dots, np.sqrt(rare_squares * rare_square))
    of_common = _divide(dots - rare_dots, np.sqrt(common))
    weights = np.where(both.has, both.mine, np.float32(0.0))
    best = -np.partition(-weights, 5, axis=1)[:, :5] if weights.shape[1] > 5 else weights
    return np.stack(
        (
            whole[0], of_rare[0], of_common[0], _divide(dots[0], np.minimum(squares[0], square[0])),
            best.max(axis=1, initial=0.0), best.sum(axis=1), whole[1], of_rare[1], of_common[1],
        )
    )  # fmt: skip


def _leads(both: _Pieces) -> Floats:
    """How much of each lead is in the other's text and in its lead; the heaviest stretch that is missing, and that is there.

    First the item's lead as seen by each other, then each other's lead as seen by the item: 2n owners.
    """
    n, lead, leads, places = both.n, both.item.lead, both.leads, both.lead_places
    gone = lead == BREAK
    at = np.where(gone, 0, lead).astype(np.intp)
    mine = np.where(gone, 0.0, both.mine[at])
    known = places >= 0
    theirs = np.where(known, both.theirs[places], 0.0)
    here = both.shared[places] & known
    hit = both.hit[places]
    in_lead = np.zeros(len(both.item.ids) + 1, dtype=np.bool_)
    in_lead[at[~gone]] = True
    marked = np.zeros((n, len(both.item.ids)), dtype=np.bool_)
    marked[leads.own[here], hit[here]] = True
    weights = np.concatenate((np.tile(mine, n), theirs))
    own = np.concatenate((np.repeat(np.arange(n), len(lead)), leads.own + n))
    sizes = np.concatenate((np.full(n, len(lead)), leads.sizes))
    flags = np.empty((3, len(weights)), dtype=np.bool_)  # there; not there, not in the lead: where two characters belong together
    cut = n * len(lead)
    np.logical_and(both.has[:, at], ~gone, out=flags[0, :cut].reshape(n, -1))
    flags[0, cut:] = here
    in_leads = np.empty(len(weights), dtype=np.bool_)
    np.logical_and(marked[:, at], ~gone, out=in_leads[:cut].reshape(n, -1))
    in_leads[cut:] = here & in_lead[hit]
    valid = np.concatenate((np.tile(~gone, n), known))
    np.logical_and(valid, ~flags[0], out=flags[1])
    np.logical_and(valid, ~in_leads, out=flags[2])
    total, text, alike = _sums(np.stack((weights, weights * flags[0], weights * in_leads)), np.cumsum(sizes) - sizes, sizes)
    run, gap, leads_gap = _heaviest_runs(weights, flags, own, 2 * n)
    values = np.stack((_divide(text, total), gap, run, _divide(alike, total), leads_gap))
    return _paired(values[:, :n], values[:, n:])


def _heaviest_runs(weights: Numbers, runs: Flags, own: Ints, n: int) -> Floats:
    """For each row of RUNS (k × elements) and each owner the most weight in a row of elements that are marked (k × n)."""
    most = np.zeros(len(runs) * n)
    begins = runs.copy()
    begins[:, 1:] &= ~(runs[:, :-1] & (own[1:] == own[:-1]))
    marked, first = np.flatnonzero(runs), np.flatnonzero(begins)
    if len(first):
        size = runs.shape[1]
        of_run = np.add.reduceat(weights[marked % size], np.searchsorted(marked, first), dtype=np.float64)
        np.maximum.at(most, own[first % size] + first // size * n, of_run)
    return most.reshape(len(runs), n)


def _names(both: _Pieces) -> Floats:
    """How far the names of each are in the other, all together and by kind; the heaviest that is, and that is not."""
    n, item, kinds = both.n, both.item, len(KINDS)
    names = _Strung([o.names for o in both.others])
    places = names.all.astype(np.intp) + both.strung.starts[names.own]
    sizes = np.concatenate([item.name_sizes, *(o.name_sizes for o in both.others)]).astype(np.intp)
    if not len(sizes):
        return np.repeat([0.0] * 6 + [-1.0] * kinds, n).reshape(-1, n)
    mine, parts = both.mine[item.names], both.theirs[places]
    cut, size = len(item.name_sizes), len(item.names)
    starts = np.cumsum(sizes) - sizes
    rows = np.concatenate((np.broadcast_to(mine, (n, size)), both.has[:, item.names] * mine))  # of mine: all, and what each has
    of_mine = _sums(rows, starts[:cut], sizes[:cut])
    of_theirs = _sums(np.stack((parts, parts * both.shared[places])), starts[cut:] - size, sizes[cut:])
    weight = np.concatenate((of_mine[:n].ravel(), of_theirs[0]))
    share = _divide(np.concatenate((of_mine[n:].ravel(), of_theirs[1])), weight)
    kind = np.concatenate((np.tile(item.name_kinds, n), *(o.name_kinds for o in both.others)))
    names_each = np.array([cut] * n + [len(o.name_sizes) for o in both.others])
    by_kind = np.repeat(np.arange(2 * n), names_each) * kinds + (kind & (IN_LEAD - 1))
    wholes = np.bincount(by_kind, weight, 2 * n * kinds).reshape(-1, kinds)
    covered = np.bincount(by_kind, share * weight, 2 * n * kinds).reshape(-1, kinds)
    there = _divide(covered.sum(axis=1), wholes.sum(axis=1))
    rows = np.stack(
        (
            np.where(share > 0.99, weight, 0.0),
            np.where(share > COVERED, weight * share, 0.0),
            np.where((share < COVERED) & (kind >= IN_LEAD), weight * (1.0 - share), 0.0),
        )
    )
    most = _most(rows, np.cumsum(names_each) - names_each, names_each)
    of_kinds = _divide(covered, wholes).T
    found = np.empty((6 + kinds, n))
    found[0:2] = _paired(there[None, :n], there[None, n:])
    found[2:4] = np.maximum(most[:2, :n], most[:2, n:])
    found[4:6] = _paired(most[2:, :n], most[2:, n:])
    found[6:] = np.where((wholes[:n] > 0) & (wholes[n:] > 0), np.maximum(of_kinds[:, :n], of_kinds[:, n:]).T, -1.0).T
    return found


def _numbers(both: _Pieces, slot: NDArray[np.int32]) -> Floats:
    """Share of the lesser weight of numbers that both have; how many numbers of the others have a unit of mine, but no number of mine."""
    n, item, counts = both.n, both.item, both.counts
    strung = _Strung([o.numbers for o in both.others])
    if not len(item.numbers) or not len(strung.all):
        return np.zeros((2, n))
    theirs = counts.idf(strung.all)
    slot[item.numbers] = 0
    same = slot[strung.all] >= 0
    slot[item.numbers] = -1
    slot[item.number_units] = 0
    other = (slot[np.concatenate([o.number_units for o in both.others])] >= 0) & ~same
    slot[item.number_units] = -1
    all_of_them, shared, clash = _sums(np.stack((theirs, theirs * same, other)), strung.starts, strung.sizes)
    least = np.minimum(all_of_them, float(counts.idf(item.numbers).sum()))
    return np.stack((_divide(shared, least), clash))


def _words(both: _Pieces, slot: NDArray[np.int32], vectors: NDArray[np.float32]) -> Floats:
    """Words that both have; words of each lead that the other has, exactly and by meaning; the one whose meaning is missed most."""
    item, counts = both.item, both.counts
    strung = _Strung([o.words for o in both.others])
    lead = _Strung([o.lead_words for o in both.others])
    at = lead.all.astype(np.intp) + strung.starts[lead.own]
    mine, theirs = counts.idf(item.words), counts.idf(strung.all)
    my_vectors, their_vectors = vectors[item.meanings], vectors[np.concatenate([o.meanings for o in both.others])]
    slot[item.words] = np.arange(len(item.words), dtype=np.int32)
    hit = slot[strung.all]
    slot[item.words] = -1
    squares = theirs * theirs
    square, shared = _sums(np.stack((squares, squares * (hit >= 0))), strung.starts, strung.sizes)
    weight, their_weight = mine[item.lead_words], theirs[at]
    near = _nearness(my_vectors[item.lead_words], their_vectors, item.words[item.lead_words], strung.all)
    best, best_lead = _most(near, strung.starts, strung.sizes), _most(near[:, at], lead.starts, lead.sizes)  # my lead's words × others
    back_near = _nearness(their_vectors[at], my_vectors, strung.all[at], item.words)
    back = back_near.max(axis=1, initial=0.0)
    back_lead = back_near[:, item.lead_words].max(axis=1, initial=0.0)
    rows = np.stack((back == 1.0, back, back_lead, np.ones(len(at), dtype=np.float32))) * their_weight
    sums = _sums(rows, lead.starts, lead.sizes)
    forward = _divide(np.stack([weight @ values for values in (best == 1.0, best, best_lead)]), float(weight.sum()))
    unmeant = ((1.0 - best) * weight[:, None]).max(axis=0, initial=0.0)
    subject = mine @ my_vectors
    subjects = _of_words(their_vectors, theirs, strung)
    alike = _divide(subjects @ subject, np.sqrt((subjects * subjects).sum(axis=1) * float(subject @ subject)))
    return np.concatenate(
        (
            _divide(shared, np.sqrt(square * float(mine @ mine)))[None],
            _paired(forward, _divide(sums[:3], sums[3])),
            _paired(unmeant[None], _most(((1.0 - back) * their_weight)[None], lead.starts, lead.sizes)),
            alike[None],
        )
    )


def _nearness(rows: NDArray[np.float32], columns: NDArray[np.float32], row_words: Numbers, column_words: Numbers) -> NDArray[np.float32]:
    """Cosines of words with words, 1 for the same word only."""
    near = rows @ columns.T
    np.clip(near, 0.0, 0.99, out=near)
    near[row_words[:, None] == column_words] = 1.0
    return near


def _of_words(vectors: NDArray[np.float32], weights: NDArray[np.float32], strung: _Strung) -> Floats:
    """The meaning of each stretch of words: their vectors, weighed (stretches × dimensions)."""
    whose = np.zeros((len(strung.sizes), len(weights)), dtype=np.float32)
    whose[strung.own, np.arange(len(weights))] = weights
    return (whose @ vectors).astype(np.float64)


def _sizes(item: Sketch, others: Sequence[Sketch]) -> Floats:
    """How much longer one is, the days between, lengths of texts and leads."""
    lengths = np.log1p(np.array([(o.length, o.lead_length) for o in others], dtype=np.float64).T)
    pairs = _paired(lengths, np.broadcast_to(np.log1p([[item.length], [item.lead_length]]), lengths.shape))
    days = np.log1p(np.abs(np.array([o.at for o in others]) - item.at) / 86400.0)
    return np.concatenate((np.exp(pairs[0] - pairs[1])[None], days[None], pairs))
