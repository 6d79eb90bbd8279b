"""Which sentences tell most of a story in little room: a submodular choice under a budget.

The worth of a set of sentences is what it covers, each piece once, plus for every kind of fact (how many, when, who,
where, what is asked, what is doubted) the root of what it tells of it, so that the first fact of a kind counts most
(Lin and Bilmes, "A Class of Submodular Functions for Document Summarization", ACL 2011). It is maximised greedily by
worth to length, then by exchanging single sentences.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from msgspec import Struct

from groundswell.engine.stories.sentences import Sentence

PIECE_CAP = 3  # items from which on a piece weighs no more
LENGTH_POWER = 0.85  # of the length that a sentence's worth is divided by
KIND = {"many": 5.0, "when": 4.0, "who": 4.0, "where": 4.0, "asks": 5.0, "doubts": 4.0}
RHETORICAL = 0.6  # of a question that asks for nothing
LONG = 200  # characters from which on a sentence is hard to read
LEAST = 0.2  # a sentence that adds less a character than this share of the first is left out
EXCHANGED = 60  # sentences that may be exchanged for a chosen one
MOST_EXCHANGES = 4
_STOP_TEXT = (
    "我们 你们 他们 没有 这个 那个 就是 不是 可以 什么 怎么 一个 现在 因为 所以 但是 如果 已经 还是 这样 自己 时候 "
    "这些 那些 一直 只是 还有 而且 不知 知道 觉得 真的 不能 不会 大家 尊敬 领导 您好 谢谢 老百 百姓 "
    "the and of to a in is it that for on was this with at by"
)
STOP = frozenset(_STOP_TEXT.split())  # pieces that say nothing


class _Row(Struct, frozen=True):
    """A sentence as what it covers, with weights."""

    length: int
    pieces: dict[str, float]
    told: dict[tuple[str, str], float]


def chosen(sentences: Sequence[Sentence], favour: Sequence[float], most: int, longest: int, must: Sentence | None = None) -> list[Sentence]:
    """At most ``most`` of the sentences with at most ``longest`` characters in all; ``favour`` weighs each, about 1.

    ``must`` is one of them wherever it leaves room for another.
    """
    if must is not None and must.length <= longest // 2 and most > 1:
        left = [n for n, sentence in enumerate(sentences) if sentence is not must]
        rest = chosen([sentences[n] for n in left], [favour[n] for n in left], most - 1, longest - must.length)
        return [must, *rest]
    rows = _rows(sentences, favour)
    fitting = [n for n, row in enumerate(rows) if row.length <= longest]
    if not fitting:
        return []
    alone = {n: _Covered().gain(rows[n]) for n in fitting}
    taken = _greedy(rows, fitting, most, longest)
    single = max(fitting, key=lambda n: (alone[n], -n))
    if alone[single] > _value(rows, taken):
        taken = [single]
    ranked = sorted(fitting, key=lambda n: (-alone[n] / rows[n].length ** LENGTH_POWER, n))[:EXCHANGED]
    return [sentences[n] for n in _exchanged(rows, ranked, taken, longest)]


def _rows(sentences: Sequence[Sentence], favour: Sequence[float]) -> list[_Row]:
    """How much each piece and each told thing weighs: the root of the number of items that say it, times the favour."""
    said: dict[object, set[int]] = {}
    for sentence in sentences:
        for thing in (*sentence.pieces, *sentence.told):
            said.setdefault(thing, set()).add(sentence.item)
    weight = {thing: math.sqrt(min(len(by), PIECE_CAP)) for thing, by in said.items()}
    return [
        _Row(
            sentence.length,
            {piece: weight[piece] * share for piece in sentence.pieces if piece not in STOP},
            {thing: weight[thing] * share for thing in sentence.told},
        )
        for sentence, share in zip(sentences, favour, strict=True)
    ]


class _Covered:
    """What some sentences cover together."""

    def __init__(self, rows: Iterable[_Row] = ()) -> None:
        self.pieces: dict[str, float] = {}
        self.told: dict[tuple[str, str], float] = {}
        self.mass = dict.fromkeys(KIND, 0.0)
        self.value = 0.0
        for row in rows:
            self.add(row)

    def gain(self, row: _Row) -> float:
        """What one more sentence would add."""
        known, told = self.pieces, self.told
        gain = sum(weight - known.get(piece, 0.0) for piece, weight in row.pieces.items() if weight > known.get(piece, 0.0))
        more: dict[str, float] = {}
        for thing, weight in row.told.items():
            if weight > told.get(thing, 0.0):
                more[thing[0]] = more.get(thing[0], 0.0) + weight - told.get(thing, 0.0)
        return gain + sum(KIND[kind] * (math.sqrt(self.mass[kind] + extra) - math.sqrt(self.mass[kind])) for kind, extra in more.items())

    def add(self, row: _Row) -> None:
        self.value += self.gain(row)
        for piece, weight in row.pieces.items():
            self.pieces[piece] = max(weight, self.pieces.get(piece, 0.0))
        for thing, weight in row.told.items():
            before = self.told.get(thing, 0.0)
            if weight > before:
                self.told[thing] = weight
                self.mass[thing[0]] += weight - before


def _value(rows: Sequence[_Row], taken: Sequence[int]) -> float:
    return _Covered(rows[n] for n in taken).value


def _greedy(rows: Sequence[_Row], fitting: Sequence[int], most: int, longest: int) -> list[int]:
    covered, room, first = _Covered(), longest, 0.0
    taken: list[int] = []
    while len(taken) < most:
        gains = [(covered.gain(rows[n]) / rows[n].length ** LENGTH_POWER, -n) for n in fitting if n not in taken and rows[n].length <= room]
        if not gains:
            break
        gain, negative = max(gains)
        first = first or gain
        if gain < LEAST * first or gain <= 0:
            break
        taken.append(-negative)
        covered.add(rows[-negative])
        room -= rows[-negative].length
    return taken


def _exchanged(rows: Sequence[_Row], ranked: Sequence[int], taken: list[int], longest: int) -> list[int]:
    """Single sentences exchanged as long as that tells more."""
    value = _value(rows, taken)
    for _ in range(MOST_EXCHANGES):
        better: list[int] | None = None
        others = [n for n in ranked if n not in taken]
        for out in taken:
            kept = [n for n in taken if n != out]
            room = longest - sum(rows[n].length for n in kept)
            fitting = [n for n in others if rows[n].length <= room]
            if not fitting:
                continue
            covered = _Covered(rows[n] for n in kept)
            for n in fitting:
                if (other := covered.value + covered.gain(rows[n])) > value * 1.001:
                    value, better = other, [n if own == out else own for own in taken]
        if better is None:
            break
        taken = better
    return taken


def favour_of(sentence: Sentence, official: bool, institutional: bool) -> float:
    """What speaks for a sentence apart from what it covers: who says it, where it stands, that it is short enough."""
    favour = 1.0 + (0.25 if official else 0.12 if institutional else 0.0)
    favour += 0.10 if sentence.at == 0 else 0.05 if sentence.at == 1 else 0.0
    if sentence.text[-1] in "？?" and ("asks", "") not in sentence.told:
        favour *= RHETORICAL
    return favour * (0.8 if sentence.length > LONG else 1.0)
