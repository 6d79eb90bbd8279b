"""Many words at once: which words of a list stand where in a text."""

from __future__ import annotations

from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick, MatchKind
from msgspec import Struct


class Found(Struct, frozen=True, gc=False):
    """One word of the list, by its number, and where it stands: text[start:end]."""

    word: int
    start: int
    end: int


def outermost(found: Sequence[Found]) -> list[Found]:
    """Those of FOUND that lie in no longer one, in their order."""
    kept, reach = set(), -1
    for start, end in sorted({(f.start, f.end) for f in found}, key=lambda span: (span[0], -span[1])):
        if end > reach:
            kept.add((start, end))
            reach = end
    return [f for f in found if (f.start, f.end) in kept]


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalnum()


class Finder:
    """An automaton over a list of words; a word of Latin letters is found only whole."""

    def __init__(self, words: Sequence[str], *, longest_only: bool = False) -> None:
        self.words = tuple(words)
        kept = [n for n, word in enumerate(self.words) if word]
        self._number = kept
        self._longest_only = longest_only
        kind = MatchKind.LeftmostLongest if longest_only else MatchKind.Standard
        self._automaton = AhoCorasick([self.words[n] for n in kept], matchkind=kind) if kept else None

    def find(self, text: str) -> list[Found]:
        """All words in a text, from left to right; with ``longest_only`` none that lies in or across a longer one."""
        if self._automaton is None:
            return []
        raw = self._automaton.find_matches_as_indexes(text, overlapping=not self._longest_only)
        found = []
        for number, start, end in raw:
            if start and _is_letter(text[start]) and _is_letter(text[start - 1]):
                continue
            if end < len(text) and _is_letter(text[end - 1]) and _is_letter(text[end]):
                continue
            found.append(Found(self._number[number], start, end))
        return found
