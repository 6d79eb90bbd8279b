"""Writes the golden files: ``python -m tests.golden.make``. Look at the difference before it is committed."""

from __future__ import annotations

from pathlib import Path

import msgspec

from groundswell.engine.pipeline import Models, StoriesState, grow_stories, judge_items, score_story
from groundswell.engine.records import Item, Judged, StoryChange
from tests.engine_judge.county import NOW, county
from tests.golden.items import golden_items

HERE = Path(__file__).parent
COMMAND = "python -m tests.golden.make"


def made() -> dict[str, bytes]:
    """What each golden file should hold."""
    items = golden_items()
    judged = judge_items(items, county(), Models.default(), NOW)
    ours = [(item, one) for item, one in zip(items, judged, strict=True) if one.about_us and not one.advert]
    _state, changes = grow_stories(StoriesState(), ours, NOW)
    return {
        "judged.jsonl": _lines([(item.text, one) for item, one in zip(items, judged, strict=True)]),
        "stories.jsonl": _lines([(item.text, change) for (item, _one), change in zip(ours, changes, strict=True)]),
        "scored.jsonl": _lines(_scored(ours, changes)),
    }


def _scored(pairs: list[tuple[Item, Judged]], changes: list[StoryChange]) -> list[tuple[str, msgspec.Struct]]:
    stories: dict[str, list[tuple[Item, Judged]]] = {}
    for pair, change in zip(pairs, changes, strict=True):
        stories.setdefault(change.story, []).append(pair)
    return [(story, score_story(own, county(), Models.default(), NOW)) for story, own in stories.items()]


def _lines(rows: list[tuple[str, msgspec.Struct]]) -> bytes:
    return b"".join(msgspec.json.encode([name, row]) + b"\n" for name, row in rows)


if __name__ == "__main__":
    for name, content in made().items():
        (HERE / name).write_bytes(content)
        print(name, len(content))
