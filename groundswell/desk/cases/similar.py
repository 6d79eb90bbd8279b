"""Similar cases: by the words they share, weighed by how rare these are; closed ones first, with what came of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import QuerySet

from groundswell.desk.cases.models import Case
from groundswell.desk.stream.knowledge import current_knowledge
from groundswell.engine.text.tokens import Segmenter, lexicon_words

LOOKED_AT = 300  # cases, the newest
LEAST = 0.12  # likeness below which two cases have nothing to say to each other
ONE_CHARACTER = 1


@dataclass(frozen=True)
class Alike:
    """Another case, how like it is (0–1), how many days it took, what worked."""

    case: Case
    likeness: float
    days: int | None
    worked: str


@lru_cache(maxsize=2)
def _segmenter(version: str, words: tuple[str, ...]) -> Segmenter:
    return Segmenter(words)


@lru_cache(maxsize=4096)
def _words(text: str, version: str) -> frozenset[str]:
    knowledge = current_knowledge()
    found = _segmenter(version, tuple(lexicon_words(knowledge))).words(text)
    return frozenset(word for word in found if len(word) > ONE_CHARACTER and not word.isdigit())


def _text(case: Case) -> str:
    story = case.story
    said = story.summary_by_hand or "".join(str(part["text"]) for part in story.digest) if story else ""
    return f"{case.title} {case.text} {said}"


def likenesses(texts: Sequence[frozenset[str]], one: frozenset[str]) -> list[float]:
    """How like each of TEXTS is to ONE: cosine of their words, each weighed by log(N/n) (Spärck Jones 1972)."""
    count = Counter(word for words in (*texts, one) for word in words)
    weight = {word: math.log((len(texts) + 2) / n) for word, n in count.items()}

    def size(words: frozenset[str]) -> float:
        return math.sqrt(sum(weight[word] ** 2 for word in words))

    mine = size(one)
    found = []
    for words in texts:
        both = size(words) * mine
        found.append(sum(weight[word] ** 2 for word in words & one) / both if both else 0.0)
    return found


def similar(case: Case, rows: QuerySet[Case], most: int = 4) -> list[Alike]:
    """The cases among ROWS most like CASE; of two equally like the closed one."""
    others = list(
        rows.filter(kind=case.kind).exclude(pk=case.pk).select_related("unit", "story", "review").order_by("-opened_at")[:LOOKED_AT]
    )
    version = current_knowledge().version
    texts = [_words(_text(other), version) for other in others]
    scored = zip(others, likenesses(texts, _words(_text(case), version)), strict=True)
    same_unit = 0.08
    found = [
        (other, score + (same_unit if other.unit_id and other.unit_id == case.unit_id else 0)) for other, score in scored if score >= LEAST
    ]
    found.sort(key=lambda each: (each[0].is_open, -each[1]))
    return [
        Alike(
            other,
            min(1.0, round(score, 2)),
            (other.closed_at - other.opened_at).days + 1 if other.closed_at else None,
            other.review.good if hasattr(other, "review") else "",
        )
        for other, score in found[:most]
    ]
