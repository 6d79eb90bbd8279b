"""Which language a text is in: a look at its characters decides most, a model the rest."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from groundswell.engine.text.normal import codes_of, scripts

HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))
KANA, HANGUL = ((0x3040, 0x3100),), ((0xAC00, 0xD7B0), (0x1100, 0x1200))
LATIN = ((0x41, 0x5B), (0x61, 0x7B), (0xC0, 0x250))
OTHER, A_HAN, A_HANT, A_HANS, A_KANA, A_HANGUL, A_LATIN = range(7)
ENGLISH_WORDS = (
    "the of and to in is was for on with that this are it as at be by from not have has you we our they their but or an "
    "had were his her who which when there been will more about said would after than into could its also if what out how he she my your"
)
ENGLISH = frozenset(ENGLISH_WORDS.split())
SAMPLE = 2000
SURE_ENGLISH = 0.12


def detect_language(text: str) -> str:
    """ "zh-hans", "zh-hant", "en", another ISO 639-1 code, or "und" where there is nothing to go by."""
    sample = text[:SAMPLE]
    if sample.isascii():
        return _latin(sample, has_letters=any(map(str.isalpha, sample)))
    counts = np.bincount(_kinds().take(codes_of([sample])), minlength=7).tolist()
    hant, hans, kana, hangul, latin = counts[A_HANT:]
    han = counts[A_HAN] + hant + hans
    if hangul > han and hangul * 3 > latin:
        return "ko"
    if kana * 8 > han + kana and kana > 1:
        return "ja"
    if han and han * 4 >= latin:
        return "zh-hant" if hant > hans else "zh-hans"
    return _latin(sample, has_letters=latin > 0)


@lru_cache(maxsize=1)
def _kinds() -> NDArray[np.uint8]:
    """What each character speaks for; Chinese ones for one way of writing where the other does not have them."""
    kinds = np.zeros(sys.maxunicode + 1, dtype=np.uint8)
    for ranges, kind in ((HAN, A_HAN), (KANA, A_KANA), (HANGUL, A_HANGUL), (LATIN, A_LATIN)):
        for start, end in ranges:
            kinds[start:end] = kind
    for chars, kind in zip(scripts(), (A_HANT, A_HANS), strict=True):
        for char in chars:
            kinds[ord(char)] = kind
    return kinds


def _latin(sample: str, *, has_letters: bool) -> str:
    """The language of a text without characters of East Asia; whether it has Latin letters is known."""
    if not has_letters:
        return _model(sample) if any(unicodedata.category(char).startswith("L") for char in sample) else "und"
    words = re.findall(r"[a-z']+", sample.lower())
    if words and len([word for word in words if word in ENGLISH]) / len(words) >= SURE_ENGLISH:
        return "en"
    return _model(sample) if len(words) > 3 else "en"


def _model(text: str) -> str:
    import py3langid

    code = str(py3langid.classify(text)[0])
    return "zh-hans" if code == "zh" else code
