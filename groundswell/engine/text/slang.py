"""The lexicon of netizen words that ships: what they mean in Chinese and English, and how they sound."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from msgspec import Struct

from groundswell.engine.text.normal import fold

TONES = {"-": "negative", "0": "neutral", "+": "positive"}


class NetWord(Struct, frozen=True):
    """A word as netizens write it; ``kind`` is word, homophone, abbreviation, emoji, dialect or english."""

    word: str
    kind: str
    means: str
    english: str
    tone: str  # negative | neutral | positive


@lru_cache(maxsize=1)
def shipped_slang() -> tuple[NetWord, ...]:
    """All words of ``slang.tsv``, in its order."""
    lines = files("groundswell.engine.text").joinpath("slang.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("|") for line in lines if line and not line.startswith("#"))
    return tuple(NetWord(word, kind, means, english, TONES[tone]) for word, kind, means, english, tone in rows)


@lru_cache(maxsize=1)
def slang_words() -> tuple[str, ...]:
    """Those that are words of the segmentation: emoji and what is written in marks are not."""
    return tuple(each.word for each in shipped_slang() if each.kind != "emoji" and each.word.isalnum())


@lru_cache(maxsize=1)
def same_meaning() -> dict[str, frozenset[str]]:
    """Folded word or meaning → all words that ship with that meaning, and the meaning."""
    groups: dict[str, set[str]] = {}
    for each in shipped_slang():
        if each.kind != "emoji":
            groups.setdefault(fold(each.means), {fold(each.means)}).add(fold(each.word))
    found: dict[str, set[str]] = {}
    for group in groups.values():
        for word in group:
            found.setdefault(word, set()).update(group)
    return {word: frozenset(words) for word, words in found.items()}
