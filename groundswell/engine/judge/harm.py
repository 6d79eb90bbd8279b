"""Words of harm: the strongest that a text has, words that only look like one left out, pairs that stand near each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from groundswell.engine.judge.finder import Finder
from groundswell.engine.text.normal import fold

APART = ".."  # "a..b": b follows a within NEAR characters
NEAR = 8


class Words:
    """A table value → words as one automaton; ``but`` are words inside which nothing is found."""

    def __init__(self, table: Mapping[int, Sequence[str]], but: Iterable[str] = ()) -> None:
        self._value: dict[str, int] = {}
        self._pairs: dict[str, list[tuple[str, int]]] = {}
        for value, words in sorted(table.items()):
            for word in words:
                first, _dots, second = word.partition(APART)
                if second:
                    self._pairs.setdefault(fold(first), []).append((fold(second), value))
                else:
                    self._value[fold(word)] = value
        atoms = {atom for first, others in self._pairs.items() for atom in (first, *(second for second, _value in others))}
        shadows = {fold(word) for word in but}
        self._finder = Finder(sorted({*self._value, *atoms, *shadows}), longest_only=True)

    def find(self, text: str) -> list[tuple[str, int]]:
        """(word, value) of everything in a folded text, each once, strongest first."""
        found = self._finder.find(text)
        words = [(self._finder.words[f.word], f.start, f.end) for f in found]
        best: dict[str, int] = {}
        for n, (word, _start, end) in enumerate(words):
            if word in self._value:
                best[word] = self._value[word]
            near = words[n + 1 : n + 2 + NEAR]  # words come from left to right and none lies across another: no more begin so near
            for second, value in self._pairs.get(word, ()):
                if any(other == second and start - end <= NEAR for other, start, _end in near):
                    best[word + "…" + second] = value
        return sorted(best.items(), key=lambda row: (-row[1], row[0]))
