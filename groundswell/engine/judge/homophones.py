"""Spellings that netizens write for a word that sounds the same: one character swapped for a common one of equal sound."""

from __future__ import annotations

from functools import lru_cache

LEVEL_ONE = (0xB0, 0xD8)  # lead bytes of the 3,755 common characters of GB/T 2312


@lru_cache(maxsize=1)
def _by_sound() -> dict[str, str]:
    """Toneless pinyin → the common characters read so."""
    from pypinyin import lazy_pinyin

    found: dict[str, str] = {}
    for lead in range(*LEVEL_ONE):
        for trail in range(0xA1, 0xFF):
            char = bytes((lead, trail)).decode("gb2312", "ignore")
            for sound in lazy_pinyin(char):
                found[sound] = found.get(sound, "") + char
    return found


@lru_cache(maxsize=4096)
def sound_of(word: str) -> tuple[str, ...]:
    """The toneless pinyin of WORD, a syllable a character."""
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(word))


@lru_cache(maxsize=1024)
def spellings(word: str) -> tuple[str, ...]:
    """WORD with one character swapped for each common character of the same sound; nothing for a single character."""
    sounds = sound_of(word)
    if len(word) < 2 or len(sounds) != len(word):
        return ()
    return tuple(
        word[:place] + other + word[place + 1 :]
        for place, sound in enumerate(sounds)
        for other in _by_sound().get(sound, "")
        if other != word[place]
    )
