"""Level I–IV from six factors, each 0–100: safety, speed, reach, people, tone, credibility."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from groundswell.engine.judge.finder import Finder
from groundswell.engine.judge.harm import Words
from groundswell.engine.judge.importance_table import ImportanceTable
from groundswell.engine.records import Item, Level, Sentiment, Why
from groundswell.engine.text.normal import fold

MILD = "level.mild"
COMPLAINT = 60.0  # of the factor tone, from which on people complain
FURTHER_WORD = 2.0  # points that each further different word adds, up to four
_MANY = re.compile(
    r"(\d{2,7}|[两二三四五六七八九十百千万几数上近成]{1,6})(?:多|余|来)?(?:个|名|位|号|口)?"
    r"(人|户|学生|居民|业主|村民|工人|农民|老人|家长|骑手|学员|孩子|病人|职工|群众|家庭|people|residents|families|households|pupils|guests)"
    r"|(\d{2,7}) (?:people|residents|families|households|pupils|guests|workers|children)"
)
_DIGITS = dict(zip("一二三四五六七八九两几数", (1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 4, 4), strict=True))
_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10000}


class Weight(Struct, frozen=True):
    """A factor's value and the words it comes from."""

    value: float
    why: tuple[Why, ...] = ()


class ImportanceReader:
    """The words of harm and of people as automata."""

    def __init__(self, table: ImportanceTable) -> None:
        self.table = table
        self._safety = Words(table.safety, but=table.no_harm)
        self._people = Words(table.people)
        mild = {word: share for share, words in table.mild.items() for word in words}
        self._mild = {fold(word): (share, False) for word, share in mild.items()}
        self._mild |= {fold(word): (share, True) for share, words in table.mild_unless_negative.items() for word in words}
        self._mild_finder = Finder(list(self._mild))

    def safety(self, text: str) -> Weight:
        """Harm that a folded text speaks of."""
        return _strongest(self._safety, text, "level.harm_word")

    def people(self, text: str) -> Weight:
        """Who and how many are concerned."""
        found = _strongest(self._people, text, "level.people_word")
        many = max((_number(match[1] or match[3]) for match in _MANY.finditer(text)), default=0)
        if many >= 10:
            value = min(100.0, 30.0 + 23.0 * math.log10(many))
            if value > found.value:
                return Weight(value, (Why(code="level.people_number", weight=round(value, 1), args={"count": many}), *found.why))
        return found

    def mild(self, text: str, sentiment: Sentiment) -> Weight:
        """The share of harm, people and spread that is left: questions, thanks, notices, drills and films are no events."""
        share, word = 1.0, ""
        for found in self._mild_finder.find(text):
            own, unless_negative = self._mild[self._mild_finder.words[found.word]]
            if own < share and not (unless_negative and sentiment.label == "negative" and not sentiment.unsure):
                share, word = own, self._mild_finder.words[found.word]
        return Weight(share, (Why(code=MILD, weight=share, args={"word": word}),) if word else ())

    def level_of_item(self, item: Item, text: str, sentiment: Sentiment, credibility: float) -> Level:
        """The level of one item by itself; ``credibility`` 0–1. Its speed is not known, reach is what the platform shows."""
        spread = self.table.spread
        safety, people, mild = self.safety(text), self.people(text), self.mild(text, sentiment)
        reach = 100.0 * either(
            saturate(item.reads, spread.reads), saturate(item.reposts, spread.reposts), saturate(item.comments, spread.reposts)
        )
        factors = {
            "safety": safety.value * mild.value,
            "speed": 0.0,
            "reach": reach * mild.value,
            "people": people.value * mild.value,
            "tone": tone_factor(sentiment),
            "credibility": 100.0 * credibility,
        }
        why = [*safety.why, *people.why, *mild.why, *name_harm(factors, self.table)]
        return weigh(factors, self.table, why, evidence=0.3)


def name_harm(factors: dict[str, float], table: ImportanceTable) -> tuple[Why, ...]:
    """Puts harm where no word names any: people complain, and it spreads fast. Returns the reason, where it did."""
    complaint = table.unnamed.complaint if factors["tone"] >= COMPLAINT else 0.0
    value = min(100.0, complaint + table.unnamed.speed * factors["speed"])
    if factors["safety"] > 0 or value <= 0:
        return ()
    factors["safety"] = value
    return (Why(code="level.unnamed", weight=round(value, 1)),)


def tone_factor(sentiment: Sentiment) -> float:
    """0 for praise, 20 for neutral, up to 100 for sure complaint."""
    if sentiment.label == "negative":
        return 40.0 + 60.0 * sentiment.confidence
    return 20.0 if sentiment.label == "neutral" else 0.0


def weigh(factors: Mapping[str, float], table: ImportanceTable, why: Sequence[Why], evidence: float, left: float = 1.0) -> Level:
    """The level from all factors; ``evidence`` 0–1 says how much of it has been seen, ``left`` what share of the sum holds."""
    parts = {name: table.weights[name] * value for name, value in factors.items()}
    score = left * max(sum(parts.values()), table.safety_floor * factors["safety"] * _severity(factors))
    value = level_value(score, table)
    distance = min(abs(score - threshold) for threshold in table.thresholds.values())
    confidence = (0.5 + 0.5 * min(1.0, distance / 15.0)) * (0.6 + 0.4 * evidence)
    reasons = [Why(code=f"level.{name}", weight=round(part, 1), args={"value": round(factors[name], 1)}) for name, part in parts.items()]
    reasons.sort(key=lambda w: -w.weight)
    return Level(
        value=value,
        confidence=round(confidence, 3),
        score=round(score, 1),
        factors={k: round(v, 1) for k, v in factors.items()},
        why=(*reasons, *why),
    )


def level_value(score: float, table: ImportanceTable) -> int:
    """1 (especially major) to 4 (general)."""
    return next((level for level in (1, 2, 3) if score >= table.thresholds[level]), 4)


def saturate(number: float | None, at63: float) -> float:
    """0–1: how near a number comes to being as much as can be."""
    return 1.0 - math.exp(-max(0.0, float(number or 0)) / at63)


def either(*shares: float) -> float:
    """0–1: one minus the product of what each leaves open."""
    left = 1.0
    for share in shares:
        left *= 1.0 - share
    return 1.0 - left


def _severity(factors: Mapping[str, float]) -> float:
    """How far the floor holds: a harm word alone is not yet harm, complaint, trust and spread make it so."""
    backing = (factors["tone"] + factors["credibility"] + max(factors["speed"], factors["reach"])) / 300.0
    return min(1.0, 0.55 + 0.6 * backing)


def _strongest(words: Words, text: str, code: str) -> Weight:
    found = words.find(text)
    if not found:
        return Weight(0.0)
    value = min(100.0, found[0][1] + FURTHER_WORD * min(4, len(found) - 1))
    return Weight(value, tuple(Why(code=code, weight=float(own), args={"word": word}) for word, own in found[:3]))


def _number(written: str) -> int:
    """300, 三百, 几十, 上千, 十几万 as a number; words that are none give 0."""
    if written.isdecimal():
        return int(written)
    total, digit, section = 0, 0, 0
    for char in written:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char == "万":
            total, section, digit = (total + section + digit or 1) * 10000, 0, 0
        elif char in _POWERS:
            section, digit = section + (digit or 1) * _POWERS[char], 0
    return total + section + digit
