"""Which plans fit a story, and at which grade: pure, with the reasons as data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from groundswell.desk.plans.playbook import Grade, Playbook

LEAST = 2  # two of its words, or one and its unit: a word alone stands in stories about anything


@dataclass(frozen=True)
class Figures:
    """What is known of a story: its words and its counts. LEVEL is the opinion level, RATE items in the last hour, NEGATIVE per cent."""

    text: str
    unit: str
    level: int
    items: int
    sources: int
    rate: int
    negative: int
    credibility: str = "medium"


@dataclass(frozen=True)
class Proposal:
    """A plan that fits, the grade whose thresholds are met, and why: rows of {"code", …} for screen and record."""

    code: str
    grade: int
    why: tuple[dict[str, Any], ...]
    strength: int  # how many of its words and units speak for it


def proposals(figures: Figures, books: Iterable[Playbook]) -> list[Proposal]:
    """The plans that fit FIGURES, the strongest first. A plan none of whose grades is reached is not proposed."""
    found = [made for book in books if (made := _proposal(figures, book)) is not None]
    return sorted(found, key=lambda each: (-each.strength, each.grade, each.code))


def _proposal(figures: Figures, book: Playbook) -> Proposal | None:
    text = figures.text.casefold()
    if any(word.casefold() in text for word in book.not_words):
        return None
    words = [word for word in book.words if word.casefold() in text]
    doubted = bool(book.credibility) and figures.credibility == book.credibility
    mine = bool(figures.unit) and figures.unit in book.units
    strength = len(words) + 2 * mine + 3 * doubted
    if (not words and not doubted) or strength < LEAST:
        return None
    grade = reached(figures, book.grades)
    if grade is None:
        return None
    why: list[dict[str, Any]] = [{"code": "words", "words": words[:4]}] if words else []
    if doubted:
        why.append({"code": "credibility"})
    if mine:
        why.append({"code": "unit", "unit": figures.unit})
    why += [{"code": metric, "want": want, "have": getattr(figures, metric)} for metric, want in grade.thresholds.items()]
    return Proposal(book.code, grade.grade, tuple(why), strength)


def reached(figures: Figures, grades: Iterable[Grade]) -> Grade | None:
    """The highest of GRADES whose thresholds are all met."""
    met = [grade for grade in grades if all(_meets(figures, metric, want) for metric, want in grade.thresholds.items())]
    return min(met, key=lambda grade: grade.grade, default=None)


def _meets(figures: Figures, metric: str, want: int) -> bool:
    have = int(getattr(figures, metric))
    return have <= want if metric == "level" else have >= want  # level I is the highest
