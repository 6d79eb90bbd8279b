"""The two functions of judgement: ``judge_items``, in any order and any batch, and ``grow_stories``, in order of arrival."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from groundswell.engine.judge.judge import Judge
from groundswell.engine.judge.lessons import Lesson, taught
from groundswell.engine.judge.level_layer import LevelLesson
from groundswell.engine.judge.models import Models, load_models
from groundswell.engine.records import Item, Judged, Knowledge
from groundswell.engine.stories.decisions import Decision
from groundswell.engine.stories.grouping import grow_stories, renew_stories
from groundswell.engine.stories.score import score_story
from groundswell.engine.stories.settings import Settings
from groundswell.engine.stories.state import StoriesState, dump_shared, dump_story, load_stories

__all__ = [
    "Decision",
    "Judge",
    "Lesson",
    "LevelLesson",
    "Models",
    "Settings",
    "StoriesState",
    "dump_shared",
    "dump_story",
    "grow_stories",
    "judge_items",
    "load_models",
    "load_stories",
    "renew_stories",
    "score_story",
    "taught",
]


class _ByIdentity:
    """Makes a knowledge or models usable as a cache key without hashing all that is in them."""

    def __init__(self, *kept: object) -> None:
        self.kept = kept

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and all(a is b for a, b in zip(self.kept, other.kept, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.kept)))


@lru_cache(maxsize=4)
def _of_knowledge(kept: _ByIdentity) -> Judge:
    (knowledge,) = kept.kept
    assert isinstance(knowledge, Knowledge)
    return Judge(knowledge, Models.default())


@lru_cache(maxsize=4)
def _judge(kept: _ByIdentity) -> Judge:
    """A correction changes the models often, the knowledge seldom: its automata are compiled once for all models."""
    knowledge, models = kept.kept
    assert isinstance(models, Models)
    return _of_knowledge(_ByIdentity(knowledge)).with_models(models)


def judge_items(items: Sequence[Item], knowledge: Knowledge, models: Models, now: datetime) -> list[Judged]:
    """What is to be said of each item, in the order given; each verdict depends on its item alone.

    The automata of the last few knowledges are kept, so that calling this again with the same objects costs nothing.
    """
    return _judge(_ByIdentity(knowledge, models))(items, now)
