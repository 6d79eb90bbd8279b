"""Numbers as papers write them: 万 and 亿 in Chinese, thousands and millions in English, rounded alike in both.

Up to 9,999 a number is exact. Above, Chinese keeps one place of 万 (3.1万) and English the same thousands (31,000), so that
the two papers of one issue never differ.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

_WRITTEN = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?\s*(万|亿|million|billion)?")
_TIMES = {"": 1, "万": 10**4, "亿": 10**8, "million": 10**6, "billion": 10**9}


def rounded(n: int) -> int:
    """N as it may be printed: exact up to 9,999, then to a tenth of 万, from a hundred million to a tenth of 亿."""
    step = 1 if abs(n) < 10**4 else 10**3 if abs(n) < 10**8 else 10**7
    return int((Decimal(n) / step).quantize(Decimal(1), ROUND_HALF_UP)) * step


def numeral(n: int, language: str = "zh-hans") -> str:
    """N in the words of the language: ``3120``, ``3.1万``, ``1.2亿``; ``3,120``, ``31,000``, ``120 million``."""
    value = rounded(n)
    if not language.lower().startswith("zh"):
        return f"{_plain(Decimal(value) / 10**6)} million" if abs(value) >= 10**8 else f"{value:,}"
    if abs(value) >= 10**8:
        return f"{_plain(Decimal(value) / 10**8)}亿"
    return f"{_plain(Decimal(value) / 10**4)}万" if abs(value) >= 10**4 else str(value)


def value_of(written: str) -> int | None:
    """The number that ``written`` stands for, None where it is none; the inverse of ``numeral`` up to its rounding."""
    match = _WRITTEN.fullmatch(written.strip())
    if match is None:
        return None
    whole = Decimal(match[1].replace(",", "") + (f".{match[2]}" if match[2] else ""))
    return int(whole * _TIMES[match[3] or ""])


def _plain(value: Decimal) -> str:
    text = format(value.normalize(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
