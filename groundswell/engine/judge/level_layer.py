"""What people said of levels, as a layer over the factors and a memory of texts: felt by the next item and story.

A correction says that a matter belongs on another level; the least change of its score that puts it there is its lesson.
The layer is the ridge regression of these changes on the factors: one correction moves a score little, many of one kind
move all of that kind. The memory moves what is written alike at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from msgspec import Struct

from groundswell.engine.judge.importance import level_value
from groundswell.engine.judge.importance_table import FACTORS, ImportanceTable
from groundswell.engine.records import Level, Why

INSIDE = 3.0  # points that a corrected score stands inside its level
RIDGE = 4.0  # corrections of one kind that count as much as the wish not to move
MOST = 25.0  # points that the layer moves a score at most
CONSTANT = 0.3  # of the row: what has nothing in common with a lesson is moved little
ALIKE_FROM = 0.3  # likeness below which a taught text says nothing


class LevelLesson(Struct, frozen=True):
    """Factors (0–100) and score that the program had, and the level that a person gave."""

    factors: dict[str, float]
    score: float
    level: int


def wanted_score(score: float, level: int, table: ImportanceTable) -> float:
    """The nearest score that stands inside LEVEL."""
    low = table.thresholds.get(level, 0.0)
    high = table.thresholds.get(level - 1, 100.0)
    return min(max(score, low + INSIDE), high - INSIDE)


def layer_of(lessons: Sequence[LevelLesson], table: ImportanceTable) -> tuple[float, ...]:
    """Points by factor (of 100) and a constant last; () without lessons."""
    if not lessons:
        return ()
    rows = np.array([_row(lesson.factors) for lesson in lessons])
    moved = np.array([wanted_score(lesson.score, lesson.level, table) - lesson.score for lesson in lessons])
    weights = np.linalg.solve(rows.T @ rows + RIDGE * np.eye(rows.shape[1]), rows.T @ moved)
    return tuple(round(float(weight), 4) for weight in weights)


def corrected_level(level: Level, layer: Sequence[float], alike: Mapping[int, float], table: ImportanceTable) -> Level:
    """LEVEL as people would have it; ``alike`` says how like it is to what people put on each level, 0–1."""
    score, why = level.score, list(level.why)
    if layer:
        moved = float(np.clip(np.dot(layer, _row(level.factors)), -MOST, MOST))
        if abs(moved) >= 0.5:
            score += moved
            why.append(Why(code="level.people_say", weight=round(moved, 1)))
    taught, likeness = max(alike.items(), key=lambda row: (row[1], -row[0]), default=(0, 0.0))
    if likeness > ALIKE_FROM:
        share = min(1.0, 2.0 * (likeness - ALIKE_FROM))
        score += share * (wanted_score(score, taught, table) - score)
        why.append(Why(code=TAUGHT, weight=round(likeness, 3), args={"level": taught}))
    if len(why) == len(level.why):
        return level
    score = min(100.0, max(0.0, score))
    return msgspec.structs.replace(level, value=level_value(score, table), score=round(score, 1), why=tuple(why))


TAUGHT = "level.taught"


def alike_of(levels: Sequence[Level]) -> dict[int, float]:
    """How like a story is to what people put on each level: the mean of its items' likeness."""
    total: dict[int, float] = {}
    for level in levels:
        for why in level.why:
            if why.code == TAUGHT:
                total[int(why.args["level"])] = total.get(int(why.args["level"]), 0.0) + why.weight
    return {level: mass / len(levels) for level, mass in total.items()}


def _row(factors: Mapping[str, float]) -> list[float]:
    return [*(factors.get(name, 0.0) / 100.0 for name in FACTORS), CONSTANT]
