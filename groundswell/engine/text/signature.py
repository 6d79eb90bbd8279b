"""Near-duplicate signatures: the smallest hashes of a text's character triples, and a digest of its whole.

A bottom-k sketch (Broder 1997): the share of equal hashes among the smallest of both texts estimates the share of equal triples.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from groundswell.engine.text.normal import codes_of, fold_many

KEPT = 24  # hashes of a signature
DIGEST = 8  # bytes of the whole text's hash in front
DRAWN = 2 * KEPT  # hashes of a text that are sorted, of which nearly always the smallest are among them
LINK = re.compile(r"https?://[0-9a-z_./?=&%#:+~\-]+")
MENTION = re.compile(r"//@某用户[:：]?|回复@某用户[:：]?|@某用户")
MARK, OTHER_LETTER, LETTER, STOP = range(4)  # kinds of characters; LETTER: Latin or digit, STOP: a full stop

Codes = NDArray[np.uint32]


def plain(text: str) -> str:
    """TEXT as copies are compared: folded, without links, mentions, blanks and punctuation.

    Between Latin letters and digits a full stop stays, and other marks become a blank: they part numbers and words.
    """
    return plain_many([text])[0]


def plain_many(texts: Sequence[str]) -> list[str]:
    """``plain`` of each of TEXTS; many short ones together are several times faster."""
    shown = [_without_links(text) for text in fold_many(texts)]
    ends = np.cumsum(np.fromiter((len(text) + 1 for text in shown), dtype=np.int64, count=len(shown)))
    codes = codes_of(text + "\n" for text in shown).copy()
    kinds = _kinds().take(codes, mode="clip")
    kinds[ends - 1] = OTHER_LETTER  # the end of a text is no mark, so that none is between letters there
    kept = kinds != MARK
    kept &= kinds != STOP
    starts, stops = _runs(~kept)
    parting = (kinds[starts - 1] == LETTER) & (kinds[stops] == LETTER)
    for start, stop in zip(starts[parting].tolist(), stops[parting].tolist(), strict=True):
        if stop == start + 1:
            kept[start] = True
            if kinds[start] == MARK:
                codes[start] = 32
        else:
            codes[start:stop], kept[start:stop] = _parted(kinds[start:stop], codes[start:stop])
    kept[ends - 1] = False
    whole = codes[kept].tobytes().decode("utf-32-le")
    bounds = np.cumsum(kept)[ends - 1].tolist()
    return [whole[start:end] for start, end in zip([0, *bounds], bounds, strict=False)]


def _without_links(folded: str) -> str:
    if "http" in folded:
        folded = LINK.sub("", folded)
    return MENTION.sub("", folded) if "@某用户" in folded else folded


def _runs(marks: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where runs of MARKS start and stop; the last character is none."""
    edges = np.flatnonzero(marks[1:] != marks[:-1]) + 1
    if len(marks) and marks[0]:
        edges = np.concatenate(([0], edges))
    return edges[::2], edges[1::2]


def _parted(kinds: NDArray[np.uint8], codes: Codes) -> tuple[Codes, NDArray[np.bool_]]:
    """A run of several marks between letters: its full stops, and one blank for what else stands together."""
    blank = kinds == MARK
    follows = np.concatenate(([False], blank[:-1]))
    return np.where(blank, np.uint32(32), codes), ~(blank & follows)


@lru_cache(maxsize=1)
def _kinds() -> NDArray[np.uint8]:
    """The kind of each character."""
    kinds = np.full(sys.maxunicode + 1, MARK, dtype=np.uint8)
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    for found in re.finditer(r"[^\W_]+", everything):
        kinds[found.start() : found.end()] = OTHER_LETTER
    for char in "0123456789abcdefghijklmnopqrstuvwxyz":
        kinds[ord(char)] = LETTER
    kinds[ord(".")] = STOP
    return kinds


def sketches(texts: Sequence[str]) -> list[list[int]]:
    """For each plain text its KEPT smallest triple hashes in rising order; fewer where it has fewer, none below three characters."""
    sizes = np.fromiter((len(text) for text in texts), dtype=np.int64, count=len(texts))
    found = _smallest(codes_of(texts), sizes, DRAWN)
    for number in np.flatnonzero(sizes > DRAWN).tolist():
        if len(found[number]) < KEPT:  # of many alike, too few were drawn
            found[number] = _smallest(codes_of([texts[number]]), sizes[number : number + 1], int(sizes[number]))[0]
    return found


def _smallest(codes: Codes, sizes: NDArray[np.int64], drawn: int) -> list[list[int]]:
    """Of each text the KEPT smallest of about DRAWN triple hashes below a bound."""
    if len(codes) < 3:
        return [[] for _ in sizes]
    owner = np.repeat(np.arange(len(sizes), dtype=np.uint64) << np.uint64(32), sizes)
    bounds = np.minimum(0xFFFFFFFF, (drawn << 32) // np.maximum(sizes, 1)).astype(np.uint32)
    hashes = _triples(codes)
    chosen = np.flatnonzero((owner[:-2] == owner[2:]) & (hashes <= np.repeat(bounds, sizes)[:-2]))
    keys = np.sort(owner[chosen] | hashes[chosen])
    keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))] if len(keys) else keys
    first = np.searchsorted(keys >> np.uint64(32), np.arange(len(sizes) + 1, dtype=np.uint64))
    smallest = (keys & np.uint64(0xFFFFFFFF)).tolist()
    return [smallest[start : min(start + KEPT, end)] for start, end in zip(first[:-1].tolist(), first[1:].tolist(), strict=True)]


def _triples(codes: Codes) -> Codes:
    mixed: Codes = codes[:-2] * np.uint32(0x9E3779B1) ^ codes[1:-1] * np.uint32(0x85EBCA77) ^ codes[2:] * np.uint32(0xC2B2AE3D)
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x2C1B3C6D)
    mixed ^= mixed >> np.uint32(13)
    return mixed


def signature(text: str) -> bytes:
    """At most 104 bytes: a digest of the plain text (8), then its smallest triple hashes (4 each, big endian, rising)."""
    bare = plain(text)
    whole = blake2b(bare.encode("utf-8", "surrogatepass"), digest_size=DIGEST).digest()
    return whole + np.array(sketches([bare])[0], dtype=">u4").tobytes()


def likeness(one: bytes, other: bytes) -> float:
    """About the share of triples that two signed texts have in common, 0–1; 1 for equal plain texts."""
    if one[:DIGEST] == other[:DIGEST]:
        return 1.0
    first, second = (set(np.frombuffer(signed[DIGEST:], dtype=">u4").tolist()) for signed in (one, other))
    smallest = sorted(first | second)[:KEPT]
    return sum(value in first and value in second for value in smallest) / len(smallest) if smallest else 0.0
