"""Passages to hashed features, many at once: runs of characters, words and pairs of words, words of the title.

A feature is the hash of a stretch of text and of the family it is looked at in; no text can be read back from its number.
All stretches are hashed from one running sum: with S[i] the sum of c[j]·B^j over j < i modulo 2^64, the hash of i…k is
(S[k] − S[i])·B^−i (Karp & Rabin 1987, with the division that an odd base allows modulo a power of two).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise

import numpy as np
import rjieba
from msgspec import Struct
from numpy.typing import NDArray

from groundswell.engine.learn.passage import Passage

BITS = 22  # features are numbers below 2^BITS
BLOCKS = (0, 1 << 21, (1 << 21) + (1 << 20), 1 << 22)  # where the numbers of runs, of words and of the title begin, and the end
BLOCK_PASSAGES = 1024  # that are looked at together
BLOCK_CHARS = 120_000
BASE = 0x9E3779B97F4A7C15
INVERSE = pow(BASE, -1, 1 << 64)
LAST_BLANK = 0x3000  # no blank is beyond it
TAIL = 24  # last characters, in which a writer often sums up
WORDS, TITLE = 101, 201  # first families of words and of the title; below are runs, by their length
U64 = np.uint64
Longs = NDArray[np.uint64]
Ints = NDArray[np.int64]


class Shape(Struct, frozen=True):
    """Which stretches are looked at."""

    runs: tuple[int, ...] = (1, 2, 3, 4)  # lengths of runs of characters
    words: bool = True
    pairs: bool = True
    head: bool = True  # words and pairs of the title once more, by themselves
    tail: bool = False  # words of the end once more
    chars: int = 2000  # of a passage that are looked at
    repeats: bool = True  # does it matter how often a stretch is there?


class Features(Struct, frozen=True):
    """The features of passages: those of passage n are ``ids[starts[n]:starts[n + 1]]``, each once, ascending."""

    ids: NDArray[np.uint32]
    counts: NDArray[np.uint8]  # how often each is there, 255 at most
    starts: Ints


class Stretches(Struct, frozen=True):
    """Where the features of a block stand: parallel arrays, one row an occurrence."""

    passage: Ints  # ascending
    start: Ints  # in the joined text
    end: Ints
    id: NDArray[np.uint32]
    block: int = 0  # 0 runs, 1 words, 2 title
    is_word: bool = False  # each stretch is one word


@lru_cache(maxsize=1)
def _cutter() -> rjieba.Jieba:
    return rjieba.Jieba()


def blocks(passages: Sequence[Passage]) -> Iterator[Sequence[Passage]]:
    """PASSAGES in blocks that fit a block's numbers."""
    start = size = 0
    for at, passage in enumerate(passages):
        if at > start and (at - start == BLOCK_PASSAGES or size + len(passage.text) > BLOCK_CHARS):
            yield passages[start:at]
            start, size = at, 0
        size += len(passage.text)
    if start < len(passages):
        yield passages[start:]


def features_of(passages: Sequence[Passage], shape: Shape) -> Features:
    """The features of one block of passages."""
    return gathered(list(stretches_of(passages, shape)), len(passages), shape)


def gathered(parts: Sequence[Stretches], passages: int, shape: Shape) -> Features:
    """The features of a block out of their stretches."""
    ids, ends = _by_passage(parts, passages)
    is_first = np.ones(len(ids), np.bool_)
    is_first[1:] = ids[1:] != ids[:-1]
    is_first[ends[:-1][ends[:-1] < len(ids)]] = True
    first = np.flatnonzero(is_first)
    counts = np.minimum(np.diff(first, append=len(ids)), 255 if shape.repeats else 1).astype(np.uint8)
    return Features(ids[first], counts, np.concatenate(([0], np.searchsorted(first, ends))))


def _by_passage(parts: Sequence[Stretches], passages: int) -> tuple[NDArray[np.uint32], Ints]:
    """The ids of all parts passage by passage, those of each ascending, and where each passage ends.

    Each is put in order by itself: that takes a tenth of what one long row takes.
    """
    sizes = [np.bincount(part.passage, minlength=passages) for part in parts]
    size = sum(sizes, np.zeros(passages, np.int64))
    ends = np.cumsum(size)
    ids = np.empty(int(size.sum()), np.uint32)
    place = ends - size
    for part, own in zip(parts, sizes, strict=True):
        ids[np.arange(len(part.id)) + (place - (np.cumsum(own) - own))[part.passage]] = part.id
        place += own
    for start, end in pairwise([0, *ends.tolist()]):
        ids[start:end].sort()
    return ids, ends


def _laid_out(passages: Sequence[Passage], shape: Shape) -> tuple[list[str], Ints, Ints]:
    """The texts, where each begins in the joined text, and of which passage each character is."""
    texts = [passage.text[: shape.chars] for passage in passages]
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    return texts, np.concatenate(([0], np.cumsum(lengths))), np.repeat(np.arange(len(texts)), lengths)


def stretches_of(passages: Sequence[Passage], shape: Shape) -> Iterator[Stretches]:
    """Every stretch of a block that is a feature, family by family."""
    texts, begins, of = _laid_out(passages, shape)
    joined = "".join(texts)
    if not joined:
        return
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32)
    sums, inverse = _running_sums(codes)

    def hashed(start: Ints, end: Ints, family: int) -> NDArray[np.uint32]:
        return _mixed((sums[end] - sums[start]) * inverse[start], family)

    for length in shape.runs:
        if length > len(joined):
            continue
        values = (sums[length:] - sums[:-length]) * inverse[: len(joined) - length + 1]
        ids = _mixed(values, length)
        if length > 1:
            start = np.flatnonzero(of[length - 1 :] == of[: len(of) - length + 1])
            ids = ids[start]
        else:
            start = np.arange(len(joined))
        yield Stretches(of[start], start, start + length, ids)
    if not (shape.words or shape.pairs):
        return
    start, end = _words(passages, texts, codes)
    owner = of[start] if len(start) else start
    if shape.words:
        yield Stretches(owner, start, end, hashed(start, end, WORDS), 1, True)
    near = np.flatnonzero(owner[1:] == owner[:-1]) if shape.pairs else np.zeros(0, np.int64)
    if len(near):
        yield Stretches(owner[near], start[near], end[near + 1], hashed(start[near], end[near + 1], WORDS + 1), 1)
    if shape.head:
        head = begins[:-1] + np.fromiter((min(p.head, shape.chars) for p in passages), np.int64, len(passages))
        inside = np.flatnonzero(end <= head[owner])
        yield Stretches(owner[inside], start[inside], end[inside], hashed(start[inside], end[inside], TITLE), 2)
        both = near[end[near + 1] <= head[owner[near]]]
        yield Stretches(owner[both], start[both], end[both + 1], hashed(start[both], end[both + 1], TITLE + 1), 2)
    if shape.tail:
        late = np.flatnonzero(start >= begins[1:][owner] - TAIL)
        yield Stretches(owner[late], start[late], end[late], hashed(start[late], end[late], WORDS + 2), 1)


def _running_sums(codes: NDArray[np.uint32]) -> tuple[Longs, Longs]:
    """S and the powers of the inverse base for each position."""
    powers, inverse = _powers(1 << max(10, len(codes).bit_length()))
    sums = np.empty(len(codes) + 1, U64)
    sums[0] = 0
    np.cumsum((codes.astype(U64) + U64(1)) * powers[: len(codes)], out=sums[1:])
    return sums, inverse


@lru_cache(maxsize=16)
def _powers(count: int) -> tuple[Longs, Longs]:
    """BASE^i and BASE^-i modulo 2^64 for i < COUNT."""
    both = []
    for base in (BASE, INVERSE):
        row = np.full(count, base, U64)
        row[0] = 1
        both.append(np.cumprod(row))
    return both[0], both[1]


def _mixed(values: Longs, family: int) -> NDArray[np.uint32]:
    """Hashes of stretches as features of a family, in the numbers of its block."""
    values = values + U64((family * 0x632BE59BD9B4E019) % (1 << 64))
    values ^= values >> U64(31)
    values *= U64(0xBF58476D1CE4E5B9)
    values ^= values >> U64(29)
    values *= U64(0x94D049BB133111EB)
    block = 0 if family < WORDS else 1 if family < TITLE else 2
    room = BLOCKS[block + 1] - BLOCKS[block]  # a power of two
    return (values >> U64(65 - room.bit_length())).astype(np.uint32) + np.uint32(BLOCKS[block])


def _words(passages: Sequence[Passage], texts: Sequence[str], codes: NDArray[np.uint32]) -> tuple[Ints, Ints]:
    """Starts and ends of the words in the joined text, CODES being its characters; blanks are none."""
    cutter = _cutter()
    cut: list[str] = []
    for passage, text in zip(passages, texts, strict=True):
        if passage.words is None:
            cut += cutter.cut(text, False)
        elif len(text) == len(passage.text):
            cut += passage.words
        else:
            cut += _up_to(passage.words, len(text))
    lengths = np.fromiter(map(len, cut), np.int64, len(cut))
    end = np.cumsum(lengths)
    start = end - lengths
    may_be_blank = np.flatnonzero(codes[start] <= LAST_BLANK)
    is_word = np.ones(len(cut), np.bool_)
    is_word[may_be_blank] = [not cut[n].isspace() for n in may_be_blank.tolist()]
    return start[is_word], end[is_word]


def _up_to(words: Sequence[str], length: int) -> list[str]:
    """The first words, LENGTH characters in all."""
    ends = list(accumulate(map(len, words)))
    last = bisect_left(ends, length)
    before = ends[last - 1] if last else 0
    return [*words[:last], words[last][: length - before]]
