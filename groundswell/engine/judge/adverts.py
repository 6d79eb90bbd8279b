"""Adverts and other noise: what is published to sell, to hire, to collect clicks."""

from __future__ import annotations

import re

from groundswell.engine.judge.sign_table import shipped_sign_table
from groundswell.engine.records import Item, Why

THRESHOLD = 1.0
INSTITUTIONAL_DISCOUNT = 0.5  # a public body that hires is not an advertiser
_SIGNS = shipped_sign_table("adverts.tsv")
_COMPLAINS = re.compile(r"(投诉|举报|骗|上当|虚假宣传|乱收费|不给|欠|维权|扰民|scam|complain)")


def advert_signs(item: Item, text: str) -> tuple[bool, tuple[Why, ...]]:
    """Whether an item is an advert or noise, and the signs; ``text`` is its folded title and text.

    Who complains of a seller is no seller: words of complaint take weight away.
    """
    found = [(sign.code, sign.weight, match[0]) for sign in _SIGNS if (match := sign.pattern.search(text))]
    score = sum(weight for _code, weight, _word in found)
    if item.institutional:
        score *= INSTITUTIONAL_DISCOUNT
    if found and _COMPLAINS.search(text):
        score -= 0.6
    return score >= THRESHOLD, tuple(Why(code=code, weight=weight, args={"word": word[:24]}) for code, weight, word in found)
