"""How alike an item and some others are: a row of figures each, from shared pieces, leads, names, numbers and the meaning of words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundswell.engine.stories.counts import Counts
from groundswell.engine.stories.features import BREAK, IN_LEAD, SPACE, Ids, Sketch
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
        n = len(others)
        both = _Pieces(item, others, counts, self._slot)
        found = {
            **_alike(both, counts),
            **_leads(both),
            **_names(both),
            **_numbers(both, self._slot),
            **_words(both, self._slot, self._vectors),
        }
        lengths, leads = (np.log1p([getattr(o, field) for o in others]) for field in ("length", "lead_length"))
        _pair(found, "shorter", "longer", lengths, np.full(n, np.log1p(item.length)))
        _pair(found, "lead_shorter", "lead_longer", leads, np.full(n, np.log1p(item.lead_length)))
        found["length"] = np.exp(found["shorter"] - found["longer"])
        found["days"] = np.log1p(np.abs(np.array([o.at for o in others]) - item.at) / 86400.0)
        return np.stack([found[name] for name in NAMES], axis=1)


class _Strung:
    """Arrays of the others end to end, and whose each element is."""

    def __init__(self, parts: Sequence[NDArray[Any]]) -> None:
        self.sizes = np.array([len(part) for part in parts])
        self.all = np.concatenate(parts)
        self.own = np.repeat(np.arange(len(parts)), self.sizes)


class _Pieces:
    """An item's pieces and those of the others, and which are in both."""

    def __init__(self, item: Sketch, others: Sequence[Sketch], counts: Counts, slot: NDArray[np.int32]) -> None:
        self.item, self.others, self.counts, self.n = item, others, counts, len(others)
        self.mine = counts.idf(item.ids)
        strung = _Strung([o.ids for o in others])
        self.ids, self.own = strung.all, strung.own
        self.starts = np.cumsum(strung.sizes) - strung.sizes
        self.theirs = counts.idf(self.ids)
        slot[item.ids] = np.arange(len(item.ids), dtype=np.int32)
        hit = slot[self.ids]
        slot[item.ids] = -1
        self.shared = hit >= 0
        self.hit = hit
        self.has = np.zeros((self.n, len(item.ids)), dtype=np.bool_)  # other × my piece
        self.has[self.own[self.shared], hit[self.shared]] = True

    def pointed(self, field: str) -> tuple[Ints, Ints]:
        """What the others' FIELD points to, as places among all their pieces (−1 at a break), and whose each is."""
        strung = _Strung([getattr(o, field) for o in self.others])
        places = strung.all.astype(np.intp)
        return np.where(places == BREAK, -1, places + self.starts[strung.own]), strung.own


def _pair(found: dict[str, Floats], less: str, more: str, one: Numbers, other: Numbers) -> None:
    """Which of the two is which does not matter: the less and the more."""
    found[less], found[more] = np.minimum(one, other), np.maximum(one, other)


def _sum_by(own: Ints, values: Numbers, n: int) -> Floats:
    """Sums of the values of each owner."""
    return np.bincount(own, values, n).astype(np.float64)


def _divide(part: Numbers, whole: Numbers | float) -> Floats:
    """A share; 0 where the whole is nothing, of which every part is nothing too."""
    return np.asarray(part / np.maximum(whole, 1e-9), dtype=np.float64)


def _cosines(both: _Pieces, mine: Numbers, theirs: Numbers, shared: Numbers, own: Ints, rare_mine: Flags, rare: Flags) -> list[Floats]:
    """Of all pieces, of the rare ones, of the common ones; SHARED are the products of what both have."""
    n = both.n
    dots, rare_dots = _sum_by(own, shared, n), _sum_by(own, shared * rare, n)
    squares = theirs * theirs
    norms, rare_norms = _sum_by(own, squares, n), _sum_by(own, squares * rare, n)
    own_squares = mine * mine
    norm, rare_norm = float(own_squares.sum()), float((own_squares * rare_mine).sum())
    return [
        _divide(dots, np.sqrt(norms * norm)),
        _divide(rare_dots, np.sqrt(rare_norms * rare_norm)),
        _divide(dots - rare_dots, np.sqrt(np.maximum(norms - rare_norms, 0.0) * max(norm - rare_norm, 0.0))),
        _divide(dots, np.minimum(norms, norm)),
    ]


def _alike(both: _Pieces, counts: Counts) -> dict[str, Floats]:
    """Cosines over all pieces and over those of the leads, and how much the rarest shared pieces weigh."""
    rare_mine, rare = counts.rare(both.item.ids, COMMON_SHARE), counts.rare(both.ids, COMMON_SHARE)
    mine, theirs = both.item.tf * both.mine, np.concatenate([o.tf for o in both.others]) * both.theirs
    shared = np.where(both.shared, theirs * mine[both.hit], 0.0)
    body = _cosines(both, mine, theirs, shared, both.own, rare_mine, rare)
    found = dict(zip(("likeness", "rare", "common", "within"), body, strict=True))
    title = np.zeros(len(both.item.ids), dtype=np.bool_)
    title[both.item.lead[both.item.lead != BREAK]] = True
    places, _own = both.pointed("lead")
    lead = np.zeros(len(both.ids), dtype=np.bool_)
    lead[places[places >= 0]] = True
    in_both = lead & both.shared & title[both.hit]
    alike = _cosines(both, both.mine * title, both.theirs * lead, in_both * both.theirs**2, both.own, rare_mine, rare)
    found |= dict(zip(("title", "title_rare", "title_common"), alike[:3], strict=True))
    weights = np.where(both.has, both.mine, 0.0)
    best = -np.partition(-weights, 5, axis=1)[:, :5] if weights.shape[1] > 5 else weights
    found["rarest"] = best.max(axis=1, initial=0.0)
    found["five_rarest"] = best.sum(axis=1)
    return found


def _heaviest_run(weights: Numbers, runs: Flags, own: Ints, n: int) -> Floats:
    """For each owner the most weight in a row of elements that RUNS marks."""
    most = np.zeros(n)
    begins = runs.copy()
    begins[1:] &= ~(runs[:-1] & (own[1:] == own[:-1]))
    if begins.any():
        number = np.cumsum(begins) - 1
        np.maximum.at(most, own[begins], _sum_by(number[runs], weights[runs], int(number[-1]) + 1))
    return most


def _leads(both: _Pieces) -> dict[str, Floats]:
    """How much of each lead is in the other's text and in its lead; the heaviest stretch that is missing, and that is there.

    First the item's lead as seen by each other, then each other's lead as seen by the item: 2n owners.
    """
    n, lead = both.n, both.item.lead
    gone = lead == BREAK
    at = np.where(gone, 0, lead).astype(np.intp)
    mine = np.where(gone, 0.0, both.mine[at])
    there = both.has[:, at] & ~gone
    places, own = both.pointed("lead")
    known = places >= 0
    theirs = np.where(known, both.theirs[places], 0.0)
    here = both.shared[places] & known
    in_lead = np.zeros(len(both.item.ids) + 1, dtype=np.bool_)
    in_lead[at[~gone]] = True
    here_lead = here & in_lead[both.hit[places]]
    marked = np.zeros((n, len(both.item.ids) + 1), dtype=np.bool_)
    marked[own[here], both.hit[places[here]]] = True
    there_lead = marked[:, at] & ~gone
    weights = np.concatenate((np.tile(mine, n), theirs))
    valid = np.concatenate((np.tile(~gone, n), known))
    owners = np.concatenate((np.repeat(np.arange(n), len(lead)), own + n))
    text, leads = np.concatenate((there.ravel(), here)), np.concatenate((there_lead.ravel(), here_lead))
    totals = _sum_by(owners, weights, 2 * n)
    found: dict[str, Floats] = {}
    for name, values in (
        ("lead_there", _divide(_sum_by(owners, weights * text, 2 * n), totals)),
        ("lead_gap", _heaviest_run(weights, valid & ~text, owners, 2 * n)),
        ("lead_run", _heaviest_run(weights, text, owners, 2 * n)),
        ("leads_alike", _divide(_sum_by(owners, weights * leads, 2 * n), totals)),
        ("leads_gap", _heaviest_run(weights, valid & ~leads, owners, 2 * n)),
    ):
        _pair(found, f"{name}_less", f"{name}_more", values[:n], values[n:])
    return found


def _sums(values: Numbers, sizes: NDArray[Any]) -> Floats:
    """Sums over stretches of the last axis; no stretch is empty."""
    return np.add.reduceat(values, np.cumsum(sizes, dtype=np.intp) - sizes, axis=-1).astype(np.float64)


def _names(both: _Pieces) -> dict[str, Floats]:
    """How far the names of each are in the other, all together and by kind; the heaviest that is, and that is not."""
    n, item = both.n, both.item
    weights: list[Numbers] = []
    shares: list[Numbers] = []
    kinds: list[Numbers] = []
    owners: list[Numbers] = []
    if len(item.name_sizes):
        parts = both.mine[item.names]
        whole = _sums(parts, item.name_sizes)
        weights.append(np.tile(whole, n))
        shares.append(_divide(_sums(both.has[:, item.names] * parts, item.name_sizes).ravel(), weights[0]))
        kinds.append(np.tile(item.name_kinds, n))
        owners.append(np.repeat(np.arange(n), len(whole)))
    places, _own = both.pointed("names")
    if len(places):
        sizes = np.concatenate([o.name_sizes for o in both.others])
        parts = both.theirs[places]
        whole = _sums(parts, sizes)
        weights.append(whole)
        shares.append(_divide(_sums(parts * both.shared[places], sizes), whole))
        kinds.append(np.concatenate([o.name_kinds for o in both.others]))
        owners.append(np.repeat(np.arange(n, 2 * n), [len(o.name_sizes) for o in both.others]))
    found: dict[str, Floats] = {}
    if not weights:
        nothing = dict.fromkeys(NAMES[NAMES.index("names_there_less") : NAMES.index("names_estates")], np.zeros(n))
        return nothing | dict.fromkeys(NAMES[NAMES.index("names_estates") : NAMES.index("numbers")], np.full(n, -1.0))
    weight, share, kind, own = (np.concatenate(each) for each in (weights, shares, kinds, owners))
    there = _divide(_sum_by(own, share * weight, 2 * n), _sum_by(own, weight, 2 * n))
    _pair(found, "names_there_less", "names_there_more", there[:n], there[n:])
    missing = _most(np.where((share < COVERED) & (kind >= IN_LEAD), weight * (1.0 - share), 0.0), own, 2 * n)
    _pair(found, "name_missing_less", "name_missing_more", missing[:n], missing[n:])
    for name, values in (
        ("name_whole", np.where(share > 0.99, weight, 0.0)),
        ("name_nearly", np.where(share > COVERED, weight * share, 0.0)),
    ):
        most = _most(values, own, 2 * n)
        found[name] = np.maximum(most[:n], most[n:])
    for number, column in zip(range(len(KINDS)), ("names_estates", "names_roads", "names_districts", "names_bodies"), strict=True):
        of_kind = (kind & (IN_LEAD - 1)) == number
        wholes = _sum_by(own[of_kind], weight[of_kind], 2 * n)
        covered = _divide(_sum_by(own[of_kind], (share * weight)[of_kind], 2 * n), wholes)
        found[column] = np.where((wholes[:n] > 0) & (wholes[n:] > 0), np.maximum(covered[:n], covered[n:]), -1.0)
    return found


def _most(values: Floats, own: Ints, n: int) -> Floats:
    found = np.zeros(n)
    np.maximum.at(found, own, values)
    return found


def _numbers(both: _Pieces, slot: NDArray[np.int32]) -> dict[str, Floats]:
    """Share of the lesser weight of numbers that both have; how many numbers of the others have a unit of mine, but no number of mine."""
    n, item, counts = both.n, both.item, both.counts
    strung = _Strung([o.numbers for o in both.others])
    theirs = counts.idf(strung.all)
    slot[item.numbers] = 0
    same = slot[strung.all] >= 0
    slot[item.numbers] = -1
    slot[item.number_units] = 0
    other = (slot[np.concatenate([o.number_units for o in both.others])] >= 0) & ~same
    slot[item.number_units] = -1
    mine = float(counts.idf(item.numbers).sum())
    least = np.minimum(_sum_by(strung.own, theirs, n), mine)
    return {
        "numbers": _divide(_sum_by(strung.own, theirs * same, n), least),
        "numbers_clash": _sum_by(strung.own, other, n),
    }


def _words(both: _Pieces, slot: NDArray[np.int32], vectors: NDArray[np.float32]) -> dict[str, Floats]:
    """Words that both have; words of each lead that the other has, exactly and by meaning; the one whose meaning is missed most."""
    n, item, counts = both.n, both.item, both.counts
    strung = _Strung([o.words for o in both.others])
    starts = np.cumsum(strung.sizes) - strung.sizes
    lead = _Strung([o.lead_words for o in both.others])
    at = lead.all.astype(np.intp) + starts[lead.own]
    mine, theirs = counts.idf(item.words), counts.idf(strung.all)
    my_vectors, vectors = vectors[item.meanings], vectors[np.concatenate([o.meanings for o in both.others])]
    slot[item.words] = np.arange(len(item.words), dtype=np.int32)
    hit = slot[strung.all]
    slot[item.words] = -1
    squares = theirs * theirs
    found = {"words": _divide(_sum_by(strung.own, squares * (hit >= 0), n), np.sqrt(_sum_by(strung.own, squares, n) * float(mine @ mine)))}
    weight = mine[item.lead_words]
    near = _nearness(my_vectors[item.lead_words], vectors, item.words[item.lead_words], strung.all)
    in_lead = np.zeros(len(strung.all), dtype=np.float32)
    in_lead[at] = 1.0
    best, best_lead = _best(near, starts, strung.sizes), _best(near * in_lead, starts, strung.sizes)
    back_near = _nearness(vectors[at], my_vectors, strung.all[at], item.words)
    back = back_near.max(axis=1, initial=0.0)
    back_lead = back_near[:, item.lead_words].max(axis=1, initial=0.0)
    their_weight, total = theirs[at], float(weight.sum())
    their_total = _sum_by(lead.own, their_weight, n)
    for name, forward, backward in (
        ("words_there", best == 1.0, back == 1.0), ("meant_there", best, back), ("leads_meant", best_lead, back_lead),
    ):  # fmt: skip
        theirs_there = _divide(_sum_by(lead.own, backward * their_weight, n), their_total)
        _pair(found, f"{name}_less", f"{name}_more", _divide((forward * weight).sum(axis=1), total), theirs_there)
    unmeant, theirs_unmeant = (1.0 - best) * weight, their_weight * (1.0 - back)
    _pair(found, "unmeant_less", "unmeant_more", unmeant.max(axis=1, initial=0.0), _most(theirs_unmeant, lead.own, n))
    subject = mine @ my_vectors
    subjects = _segments(vectors * theirs[:, None], starts, strung.sizes)
    found["subject"] = _divide(subjects @ subject, np.sqrt((subjects * subjects).sum(axis=1) * float(subject @ subject)))
    return found


def _nearness(rows: NDArray[np.float32], columns: NDArray[np.float32], row_words: Ids, column_words: Ids) -> NDArray[np.float32]:
    """Cosines of words with words, 1 for the same word only."""
    near = rows @ columns.T
    np.clip(near, 0.0, 0.99, out=near)
    near[row_words[:, None] == column_words] = 1.0
    return near


def _best(values: Numbers, starts: Ints, sizes: Ints) -> Floats:
    """The most of each row within each stretch of columns (stretches × rows); 0 in an empty one."""
    found = np.zeros((len(starts), len(values)))
    full = sizes > 0
    if full.any() and len(values):
        found[full] = np.maximum.reduceat(values, starts[full], axis=1).T
    return found


def _segments(values: Numbers, starts: Ints, sizes: Ints) -> Floats:
    """Sums of the rows of each stretch; 0 for an empty one."""
    found = np.zeros((len(starts), values.shape[1]))
    full = sizes > 0
    if full.any():
        found[full] = np.add.reduceat(values, starts[full], axis=0)
    return found
