"""The engine's models as people at the desk have put them right: tone, unit, level, about us or not, felt by the next item.

The corrections lie in the database and are read anew whenever one is added or taken back, by every process for itself;
no retraining and no replay can lose them. What was said of a story is learnt from its first items.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import msgspec
from django.db.models import Count, Max, QuerySet

from groundswell.desk.spine.preferences import preference
from groundswell.desk.stream.models import Correction, Item
from groundswell.desk.stream.records import LABELS
from groundswell.engine.pipeline import Lesson, LevelLesson, Models, taught

LOOK_SECONDS = 0.5  # how old the answer may be
NEWEST = 1000  # lessons of a field that are remembered
LONGEST = 2000  # characters of an item that a lesson keeps
FIRST_ITEMS = 3  # of a story that a lesson on it is learnt from
FIELDS = ("tone", "unit", "level", "about_us")
NOT_BY_CONTENT = ("old",)  # reasons for which an item is not about us that say nothing of the next one like it
LEVELS = {"I": 1, "II": 2, "III": 3, "IV": 4}
_lock = threading.Lock()
_kept: tuple[Any, Models] | None = None
_looked_at = 0.0


def forget() -> None:
    """Look at the corrections anew at the next question (after one in this process)."""
    global _looked_at
    _looked_at = 0.0


def current_models() -> Models:
    """The models with all corrections that hold and the desk's bounds of levels; the same object as long as they are the same."""
    global _kept, _looked_at
    with _lock:
        if _kept is not None and time.monotonic() - _looked_at < LOOK_SECONDS:
            return _kept[1]
        stamp, _looked_at = _stamp(), time.monotonic()
        if _kept is None or _kept[0] != stamp:
            _kept = (stamp, _models())
        return _kept[1]


def _stamp() -> tuple[Any, ...]:
    found = holding().aggregate(newest=Max("id"), count=Count("id"))
    return found["newest"], found["count"], tuple(sorted(_bounds().items()))


def holding() -> QuerySet[Correction]:
    """Corrections that are learnt from: those that were not taken back (index correction_by_field)."""
    return Correction.objects.filter(field__in=FIELDS, undone_at=None)


def _bounds() -> dict[int, float]:
    """Level → score from which on a story has it, where the administrator's falls from level to level; else the shipped ones."""
    found = {n: float(preference(f"judge.level_{word}")) for n, word in ((1, "one"), (2, "two"), (3, "three"))}
    return found if found[1] > found[2] > found[3] else Models.default().importance.thresholds


def _models() -> Models:
    shipped = Models.default()
    if _bounds() != shipped.importance.thresholds:
        shipped = msgspec.structs.replace(shipped, importance=msgspec.structs.replace(shipped.importance, thresholds=_bounds()))
    elif not holding().exists():
        return shipped
    return taught(
        shipped,
        tones=[msgspec.structs.replace(lesson, label=LABELS[int(lesson.label)]) for lesson in _lessons("tone")],
        units=list(_lessons("unit")),
        levels=[msgspec.structs.replace(lesson, label=str(LEVELS[lesson.label])) for lesson in _lessons("level")],
        about_us=list(_lessons("about_us")),
        layer=[lesson for row in _rows("level") if (lesson := _level_lesson(row)) is not None],
    )


def _rows(field: str) -> list[Correction]:
    """What people said of FIELD, the newest last."""
    rows = holding().filter(field=field).exclude(became="").exclude(reason__in=NOT_BY_CONTENT)
    return list(rows.select_related("item").order_by("-pk")[:NEWEST])[::-1]


def _lessons(field: str) -> Iterator[Lesson]:
    rows = _rows(field)
    firsts = _first_items([row.story_id for row in rows if row.story_id])
    for row in rows:
        items = [row.item] if row.item else firsts.get(row.story_id or 0, [])
        yield from (Lesson(item.title, item.text[:LONGEST], row.became) for item in items)


def _first_items(stories: list[int]) -> dict[int, list[Item]]:
    """The first items of STORIES, a few of each."""
    found: dict[int, list[Item]] = {}
    light = Item.objects.only("story_id", "title", "text", "published_at")
    for story in dict.fromkeys(stories):
        found[story] = list(light.filter(story=story).order_by("published_at", "id")[:FIRST_ITEMS])
    return found


def _level_lesson(row: Correction) -> LevelLesson | None:
    factors = row.data.get("factors")
    return LevelLesson(dict(factors), float(row.data.get("score", 0.0)), LEVELS[row.became]) if factors else None
