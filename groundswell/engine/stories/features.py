"""What grouping sees of an item: hashed pieces of its text, the words of its lead, names and numbers; nothing that can be read."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import rjieba
from msgspec import Struct
from numpy.typing import NDArray

from groundswell.engine.records import Item, Judged
from groundswell.engine.stories.meaning import load_meanings
from groundswell.engine.stories.names import names_in
from groundswell.engine.text.normal import fold

BITS = 18
SPACE = 1 << BITS  # hashed pieces: no text can be read back from them
LONGEST = 1500  # characters of the title, and of the text, that are looked at
LEAD = 60  # of the title, or of the first sentence where there is none
BREAK = 0xFFFF  # in the lead: here two characters do not belong together
IN_LEAD = 8

Ids = NDArray[np.uint32]
Places = NDArray[np.uint16]  # positions in another array of the same sketch
Weights = NDArray[np.float32]

_WORD = re.compile(r"[a-z0-9]+(?:['.-][a-z0-9]+)*")
_NUMBER = re.compile(r"(\d+(?:[.:]\d+)*)\s*(.?)")
_SENTENCE_END = re.compile(r"[。！？!?；;\n]")


class Sketch(Struct, frozen=True, kw_only=True):
    """One item as grouping keeps it. ``ids`` and ``words`` are without repeats; what is in ``Places`` points into them."""

    ids: Ids  # pieces of title and text: pairs of neighbouring characters, words of other scripts; rising
    tf: Weights  # damped counts, same length as ids
    lead: Places  # the pairs of the lead in order, in ids; BREAK where a mark stands between
    names: Places  # the pairs of each name, one name after the other, in ids
    name_sizes: Places  # pairs of each name
    name_kinds: NDArray[np.uint8]  # number of names.KINDS, and IN_LEAD where the name stands in the lead
    numbers: Ids  # numbers with their unit
    number_units: Ids  # the unit of each
    words: Ids  # hashed words of more than one character, in order of their first place
    meanings: Places  # the row of each word in the table of meanings
    lead_words: Places  # words of the lead, in words
    titled: bool = False
    lead_length: int = 0  # characters
    places: tuple[str, ...] = ()  # of the gazetteer
    units: tuple[str, ...] = ()
    length: int = 0  # characters looked at
    at: float = 0.0  # seconds since 1970: published, else collected


@lru_cache(maxsize=1 << 17)
def hash_word(word: str) -> int:
    """The piece of a word, 0 ≤ piece < SPACE, the same in every process (FNV-1a, folded)."""
    value = 2166136261
    for byte in word.encode("utf-8", "surrogatepass"):
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    return (value ^ (value >> BITS)) & (SPACE - 1)


def _pairs(text: str) -> tuple[Ids, NDArray[np.bool_]]:
    """The piece of each pair of neighbouring characters, and whether both are of a name or a word."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
    if len(codes) < 2:
        return np.empty(0, dtype=np.uint32), np.empty(0, dtype=np.bool_)
    joins = ((codes >= 0x3400) & (codes <= 0x9FFF)) | ((codes >= 0x61) & (codes <= 0x7A)) | ((codes >= 0x30) & (codes <= 0x39))
    mixed = (codes[:-1] * np.uint32(2654435761)) ^ (codes[1:] * np.uint32(2246822519))
    mixed ^= mixed >> np.uint32(15)
    return mixed & np.uint32(SPACE - 1), joins[:-1] & joins[1:]


@lru_cache(maxsize=1 << 16)
def _word(word: str) -> tuple[int, int]:
    """The piece of a word and its row in the table of meanings."""
    return hash_word("w" + word), load_meanings().row(word)


@lru_cache(maxsize=1)
def _cutter() -> rjieba.Jieba:
    return rjieba.Jieba()


def _words(text: str) -> list[str]:
    return [word for word in dict.fromkeys(_cutter().cut(text, False)) if len(word) > 1 and word[0].isalnum()]


def lead_of(title: str, text: str) -> tuple[int, int]:
    """Where the lead of ``title + text`` lies: the title, or the first sentence where there is none."""
    if title:
        return 0, min(len(title), LEAD)
    start = len(text) - len(text.lstrip())
    end = _SENTENCE_END.search(text, start)
    return start, min(end.start() if end else len(text), start + LEAD)


def sketch(item: Item, judged: Judged) -> Sketch:
    """What grouping keeps of an item: 2 to 4 kB."""
    title, body = fold(item.title)[:LONGEST], fold(item.text)[:LONGEST]
    text = f"{title}\n{body}" if title else body
    start, end = lead_of(title, body)
    pairs, joined = _pairs(text)
    codes = [hash_word(word) for word in _WORD.findall(text)]
    ids, where, counts = np.unique(
        np.concatenate((pairs[joined], np.array(codes, dtype=np.uint32))), return_inverse=True, return_counts=True
    )
    place = np.full(len(pairs), BREAK, dtype=np.uint16)
    place[joined] = where[: int(joined.sum())]
    names = names_in(text)
    stretches = [part[part != BREAK] for part in (place[name.start : name.end - 1] for name in names)]
    words = _words(text)
    known = [_word(word) for word in words]
    number_of = {word: n for n, word in enumerate(words)}
    numbers = {hash_word("#" + number + unit): hash_word("%" + unit) for number, unit in _NUMBER.findall(text)}
    when = item.published_at or item.collected_at
    return Sketch(
        ids=ids,
        tf=(1.0 + np.log(counts)).astype(np.float32),
        lead=place[start : max(end - 1, start)],
        names=np.concatenate([*stretches, np.empty(0, dtype=np.uint16)]),
        name_sizes=np.array([len(part) for part in stretches], dtype=np.uint16),
        name_kinds=np.array([name.kind + IN_LEAD * (start <= name.start < end) for name in names], dtype=np.uint8),
        numbers=np.array(list(numbers), dtype=np.uint32),
        number_units=np.array(list(numbers.values()), dtype=np.uint32),
        words=np.array([piece for piece, _row in known], dtype=np.uint32),
        meanings=np.array([row for _piece, row in known], dtype=np.uint16),
        lead_words=np.array([number_of[word] for word in _words(text[start:end]) if word in number_of], dtype=np.uint16),
        titled=bool(title),
        lead_length=end - start,
        places=tuple(sorted(hit.id for hit in judged.places)),
        units=tuple(sorted(concern.unit for concern in judged.concerns)),
        length=len(text),
        at=when.timestamp() if when else 0.0,
    )
