"""Folding: one form for what people write in many widths, cases and scripts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from opencc import OpenCC

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)
HAN_RANGES = ((0x3400, 0xA000), (0xF900, 0xFB00))
PLANES = 0x20000  # characters above this are folded one by one: rare Chinese characters, tags
JAMO = range(0x1100, 0x1200)  # parts of Korean syllables, which join with their neighbours
SPECIAL = 0xFFFFFFFF
LONGEST_PIECE = 500  # characters that fold together: to put many marks in order takes the square of their number
SHORT = 250  # characters up to which a dictionary is faster than an array
TOGETHER = 50_000  # characters of many texts that are folded at once
BROKEN = ord("\ufffd")  # stands for half characters (lone surrogates)

JOINS = 255

Codes = NDArray[np.uint32]
Ends = NDArray[np.int64]


class Folded(Struct, frozen=True):
    """A folded text and, where characters were dropped or split in folding, where each of its characters came from."""

    text: str
    starts: tuple[int, ...] | None = None  # None: position by position the same
    ends: tuple[int, ...] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original text that became start–end."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> str:
    """TEXT in compatibility form (NFKC), lower case, simplified Chinese character by character, without invisible characters.

    Half characters become U+FFFD, so that the result can always be encoded.
    """
    if text.isascii():
        return text.lower()
    if len(text) < SHORT:
        try:
            return text.translate(_FORMS)
        except _Joined:
            return _fold_any(text)
    simple, _moved = _fold_simple(text)
    return _fold_any(text) if simple is None else simple


class _Joined(Exception):
    """A character that folds with its neighbours, not by itself."""


class _Forms(dict[int, str]):
    """What characters become, filled as they are met."""

    def __missing__(self, code: int) -> str:
        if code >= PLANES or (_table()[code] == SPECIAL and code not in _spread()):
            raise _Joined
        form = self[code] = _spread()[code] if code in _spread() else chr(_table()[code])
        return form


_FORMS = _Forms()


def fold_many(texts: Sequence[str]) -> list[str]:
    """``fold`` of each of TEXTS; many short ones together are several times faster."""
    return [folded for part in _parts(texts) for folded in _fold_together(part)[0]]


def _parts(texts: Sequence[str]) -> list[Sequence[str]]:
    """TEXTS so many at once that what is counted of them stays in the processor's cache."""
    characters = sum(map(len, texts))
    if characters <= TOGETHER:
        return [texts]
    step = max(1, len(texts) * TOGETHER // characters)
    return [texts[start : start + step] for start in range(0, len(texts), step)]


def _fold_together(texts: Sequence[str]) -> tuple[list[str], set[int], set[int]]:
    """The folded texts, the numbers of those with characters that become none or several, and of those that fold with their neighbours."""
    codes = codes_of(texts)
    folded = _table().take(codes, mode="clip")
    ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)))
    special = np.flatnonzero(folded == SPECIAL)
    moved: set[int] = set()
    joined: set[int] = set()
    if len(special):
        sizes = _sizes().take(codes[special], mode="clip")
        moved = set(np.searchsorted(ends, special, side="right").tolist())
        joined = set(np.searchsorted(ends, special[sizes == JOINS], side="right").tolist())
        folded, ends = _widened(codes, folded, ends, special, np.where(sizes == JOINS, 1, sizes))
        folded[folded == SPECIAL] = BROKEN
    whole, bounds = folded.tobytes().decode("utf-32-le"), ends.tolist()
    found = [whole[start:end] for start, end in zip([0, *bounds], bounds, strict=False)]
    for number in joined:
        found[number] = _fold_any(texts[number])
    return found, moved, joined


def _widened(codes: Codes, folded: Codes, ends: Ends, special: Ends, sizes: NDArray[np.uint8]) -> tuple[Codes, Ends]:
    """FOLDED with room for as many characters as the SPECIAL ones become, those written there, and where the texts end now."""
    counts = np.ones(len(codes), dtype=np.int64)
    counts[special] = sizes
    stops = np.concatenate(([0], np.cumsum(counts)))
    wide = np.repeat(folded, counts)
    for at in special[sizes > 1].tolist():
        wide[stops[at] : stops[at + 1]] = codes_of([_spread()[int(codes[at])]])
    return wide, stops[ends]


def codes_of(texts: Iterable[str]) -> Codes:
    """The characters of all TEXTS, one after the other, as numbers."""
    return np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def fold_with_positions(text: str) -> Folded:
    """``fold`` that remembers where everything came from."""
    if text.isascii():
        return Folded(text.lower())
    simple, moved = _fold_simple(text)
    if simple is not None:
        return _spread_out(text, simple) if moved else Folded(simple)
    pieces, starts, ends = [], [], []
    for start, end in _clusters(text):
        piece = _fold_piece(text[start:end])
        pieces.append(piece)
        starts += [start] * len(piece)
        ends += [end] * len(piece)
    return Folded("".join(pieces), tuple(starts), tuple(ends))


def fold_many_with_positions(texts: Sequence[str]) -> list[Folded]:
    """``fold_with_positions`` of each of TEXTS; many short ones together are several times faster."""
    found: list[Folded] = []
    for part in _parts(texts):
        folded, moved, joined = _fold_together(part)
        own = [Folded(text) for text in folded]
        for number in moved:
            own[number] = fold_with_positions(part[number]) if number in joined else _spread_out(part[number], folded[number])
        found += own
    return found


def _spread_out(text: str, folded: str) -> Folded:
    """TEXT, of which each character becomes none or some of its own, with where those of FOLDED came from."""
    spread = _spread()
    starts: list[int] = []
    ends: list[int] = []
    run = 0
    for at in (found.start() for found in _odd().finditer(text)):
        starts += range(run, at)
        ends += range(run + 1, at + 1)
        form = spread[ord(text[at])]
        if form:
            starts += [at] * len(form)
            ends += [at + 1] * len(form)
        elif ends:  # what is not seen belongs to the character before it
            last = ends[-1]
            for back in range(len(ends) - 1, -1, -1):
                if ends[back] != last:
                    break
                ends[back] = at + 1
        run = at + 1
    starts += range(run, len(text))
    ends += range(run + 1, len(text) + 1)
    return Folded(folded, tuple(starts), tuple(ends))


def fold_same_length(text: str) -> str:
    """Like ``fold`` but character by character, so that positions in TEXT stay true: what would change its length stays as it is."""
    if text.isascii():
        return text.lower()
    folded = _table().take(codes_of([text]), mode="clip")
    return "".join(map(_fold_one, text)) if SPECIAL in folded else folded.tobytes().decode("utf-32-le")


def _fold_simple(text: str) -> tuple[str | None, bool]:
    """The folded text where each character folds by itself, else None; and whether one became none or several."""
    codes = codes_of([text])
    folded = _table().take(codes, mode="clip")
    special = folded == SPECIAL
    if special.any():
        folded = _table().take(codes_of([_spread_in(text, set(codes[special].tolist()))]), mode="clip")
        if SPECIAL in folded:
            return None, True
        return folded.tobytes().decode("utf-32-le"), True
    return folded.tobytes().decode("utf-32-le"), False


def _spread_in(text: str, odd: Iterable[int]) -> str:
    """TEXT with those of the characters ODD that become none or several replaced by what they become."""
    spread = _spread()
    for code in odd:
        if code in spread and chr(code) in text:
            text = text.replace(chr(code), spread[code])
    return text


@lru_cache(maxsize=1)
def _table() -> Codes:
    """What each character becomes; SPECIAL where that is not exactly one character, or it joins with its neighbours."""
    table = np.arange(PLANES + 1, dtype=np.uint32)
    table[0xD800:0xE000] = BROKEN
    table[PLANES] = SPECIAL
    hans = _hans()
    for code in range(0x80, PLANES):
        if 0xD800 <= code < 0xE000:
            continue
        char = chr(code)
        form = unicodedata.normalize("NFKC", char).lower() if code not in hans else char
        is_special = len(form) != 1 or unicodedata.combining(form) or code in JAMO or INVISIBLE.match(char)
        table[code] = SPECIAL if is_special else hans.get(ord(form), ord(form))
    table[ord("A") : ord("Z") + 1] += 32
    table[table == ord("ς")] = ord("σ")
    return table


@lru_cache(maxsize=1)
def scripts() -> tuple[frozenset[str], frozenset[str]]:
    """The characters that only traditional and only simplified Chinese writes, as far as folding tells them apart."""
    hant = frozenset(map(chr, _hans()))
    return hant, frozenset(map(chr, _hans().values())) - hant


@lru_cache(maxsize=1)
def _hans() -> dict[int, int]:
    """Traditional characters and their simplified ones, each for itself."""
    chars = [chr(code) for start, end in HAN_RANGES for code in range(start, end) if unicodedata.normalize("NFKC", chr(code)) == chr(code)]
    plain = OpenCC("t2s").convert("\n".join(chars)).split("\n")
    return {ord(char): ord(form) for char, form in zip(chars, plain, strict=True) if len(form) == 1 and form != char}


@lru_cache(maxsize=1)
def _spread() -> dict[int, str]:
    """Characters that become none or several, whatever stands beside them: invisible ones, … and ㎡ and their like."""
    chars = [chr(code) for code in range(0x80, PLANES) if _table()[code] == SPECIAL]
    alone = {char: _fold_piece(char) for char in chars if INVISIBLE.match(char) or not _joins(char)}
    return {ord(char): form for char, form in alone.items() if SPECIAL not in _table().take(codes_of([form]), mode="clip")}


@lru_cache(maxsize=1)
def _odd() -> re.Pattern[str]:
    """Any of the characters that become none or several."""
    return re.compile("[" + "".join(re.escape(chr(code)) for code in sorted(_spread())) + "]")


@lru_cache(maxsize=1)
def _sizes() -> NDArray[np.uint8]:
    """How many characters each one becomes that the table calls special; JOINS where its neighbours decide."""
    sizes = np.full(PLANES + 1, JOINS, dtype=np.uint8)
    for code, form in _spread().items():
        sizes[code] = len(form)
    return sizes


def _fold_any(text: str) -> str:
    return "".join(_fold_piece(text[start:end]) for start, end in _clusters(text))


def _clusters(text: str) -> list[tuple[int, int]]:
    """Stretches that fold on their own: a character with the marks that join it, LONGEST_PIECE at the most."""
    starts = [at for at, char in enumerate(text) if at == 0 or not _joins(char)]
    whole = zip(starts, [*starts[1:], len(text)], strict=True)
    return [(at, min(at + LONGEST_PIECE, end)) for start, end in whole for at in range(start, end, LONGEST_PIECE)]


@lru_cache(maxsize=65_536)
def _joins(char: str) -> bool:
    plain = unicodedata.normalize("NFKC", char)
    return bool(unicodedata.combining(plain[0])) or ord(char) in JAMO or INVISIBLE.match(char) is not None


@lru_cache(maxsize=65_536)
def _fold_piece(piece: str) -> str:
    whole = piece.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    form = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", INVISIBLE.sub("", whole)).lower())
    return INVISIBLE.sub("", form).translate(_hans()).replace("ς", "σ")


@lru_cache(maxsize=65_536)
def _fold_one(char: str) -> str:
    folded = _fold_piece(char)
    return folded if len(folded) == 1 else char
