"""Copies: which text is a copy of which earlier one. Signatures find the few that may be; characters and facts decide.

A copy has the same places, numbers and dates and at least three quarters of its characters in common with the first of its
kind; what was cut from a text or put in front of it leaves it a copy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from itertools import islice
from typing import Generic, TypeVar

from rapidfuzz.distance import LCSseq

from groundswell.engine.text.facts import facts_differ, numbers_in
from groundswell.engine.text.signature import KEPT, plain_many, sketches

IN_COMMON = 0.75  # of the longer text's characters
CUT_IN_COMMON, CUT_LEAST, CUT_LENGTH = 0.8, 0.5, 20  # or so much of a shorter text that has half the length,
CUT_WHOLE = 10  # or all of it in one piece
SHORT = 6  # shorter texts are copies only where equal
BUCKET, LOOKED_AT, LEAST_VOTES = 48, 8, 5
BATCH = 1000

K = TypeVar("K", bound=Hashable)


def is_copy(one: str, other: str) -> bool:
    """Are two plain texts (``signature.plain``) copies of one another?"""
    if one == other:
        return True
    shorter, longer = (one, other) if len(one) < len(other) else (other, one)
    if len(shorter) < SHORT or len(shorter) < CUT_LEAST * len(longer):
        return False
    if shorter in longer:
        return len(shorter) >= IN_COMMON * len(longer) or len(shorter) >= CUT_WHOLE
    least = min(IN_COMMON * len(longer), max(CUT_IN_COMMON * len(shorter), CUT_LENGTH))
    if LCSseq.similarity(one, other, score_cutoff=int(least + 0.999)) < least:
        return False
    return not facts_differ(one, other)


class Duplicates(Generic[K]):
    """All different texts seen so far. A text may be near a copy; what counts are the facts of the first of its kind."""

    def __init__(self) -> None:
        self._keys: list[K] = []
        self._texts: list[str] = []
        self._facts: dict[int, tuple[str, ...]] = {}  # by number of text, of those that were looked at
        self._firsts: list[int] = []  # by number of text: number of the first of its kind
        self._equal: dict[str, int] = {}
        self._buckets: dict[int, int | list[int]] = {}  # by hash: the number of the text that has it, or several

    def add(self, key: K, text: str) -> K | None:
        """The key of the first of TEXT's kind, or None: then TEXT is the first, known as KEY from now on."""
        return next(self.add_many([(key, text)]))

    def add_many(self, rows: Iterable[tuple[K, str]]) -> Iterator[K | None]:
        """``add`` for many, in order; much faster, as signatures are made together."""
        pending = iter(rows)
        while part := list(islice(pending, BATCH)):
            texts = plain_many([text for _, text in part])
            for (key, _), text, sketch in zip(part, texts, sketches(texts), strict=True):
                first = self._place(key, text, sketch)
                yield None if first is None else self._keys[first]

    def _place(self, key: K, text: str, sketch: list[int]) -> int | None:
        known = self._equal.get(text)
        if known is not None:
            return self._firsts[known]
        number = self._equal[text] = len(self._keys)
        alike, full = self._enter(number, sketch)
        least = max(1, len(sketch) * LEAST_VOTES // KEPT // (1 + (len(sketch) < KEPT))) if full < KEPT // 2 else 1
        first = self._find(text, number, alike, least) if len(alike) >= least and len(text) >= SHORT else None
        self._keys.append(key)
        self._texts.append(text)
        self._firsts.append(number if first is None else first)
        return first

    def _enter(self, number: int, sketch: list[int]) -> tuple[list[int], int]:
        """Earlier texts that share hashes with a new one, each as often as it does; and how many buckets no longer know all."""
        alike: list[int] = []
        full = 0
        buckets = self._buckets
        for value in sketch:
            bucket = buckets.get(value)
            if bucket is None:
                buckets[value] = number
            elif isinstance(bucket, int):
                alike.append(bucket)
                buckets[value] = [bucket, number]
            else:
                alike += bucket
                if len(bucket) < BUCKET:
                    bucket.append(number)
                else:
                    full += 1
                    bucket[number % BUCKET] = number
        return alike, full

    def _find(self, text: str, number: int, alike: list[int], least: int) -> int | None:
        """The number of the first text of TEXT's kind; of the texts with hashes in common the likeliest are looked at."""
        likely = [(count, -other) for other, count in Counter(alike).items() if count >= least]
        likely.sort(reverse=True)
        if len(likely) > LOOKED_AT:
            facts = self._facts_of(number, text)
            ranked = [(self._facts_of(-other, self._texts[-other]) == facts, count, other) for count, other in likely]
            likely = [(count, other) for _, count, other in sorted(ranked, reverse=True)[:LOOKED_AT]]
        for _, other in likely:
            first = self._firsts[-other]
            if is_copy(text, self._texts[-other]) and (first == -other or not facts_differ(text, self._texts[first])):
                return first
        return None

    def _facts_of(self, number: int, text: str) -> tuple[str, ...]:
        facts = self._facts.get(number)
        if facts is None:
            facts = self._facts[number] = numbers_in(text)
        return facts


def dedupe(rows: Iterable[tuple[K, str]]) -> Iterator[tuple[K, K | None]]:
    """(id, text) rows in order → (id, id of the first of its kind or None where it is the first)."""
    seen: Duplicates[K] = Duplicates()
    pending = iter(rows)
    while part := list(islice(pending, BATCH)):
        yield from zip((key for key, _ in part), seen.add_many(part), strict=True)
