"""Items and stories of the desk as plain rows, for export and for the shell; and how a query's fault is told there."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from groundswell.server.faults import Fault

if TYPE_CHECKING:
    from groundswell.desk.stories.models import Story
    from groundswell.desk.stream.models import Item

ITEM_FIELDS = (
    "id",
    "title",
    "text",
    "published_at",
    "collected_at",
    "source",
    "source_name",
    "channel",
    "kind",
    "url",
    "author",
    "lang",
    "about_us",
    "unit",
    "places",
    "watches",
    "tone",
    "level",
    "state",
    "story",
    "reads",
    "likes",
    "comments",
    "reposts",
    "duplicate_of",
)
STORY_FIELDS = (
    "id",
    "title",
    "level",
    "state",
    "unit",
    "places",
    "first_at",
    "last_at",
    "items",
    "sources",
    "negative",
    "neutral",
    "positive",
    "rate",
    "above",
    "summary",
)


def item_row(item: Item) -> dict[str, Any]:
    """ITEM as plain data under the names of ``ITEM_FIELDS``; pseudonyms of private authors stay in the house."""
    from groundswell.desk.stream.records import LABELS

    plain = {
        name: getattr(item, name)
        for name in (
            "title",
            "text",
            "channel",
            "kind",
            "url",
            "author",
            "lang",
            "about_us",
            "level",
            "state",
            "reads",
            "likes",
            "comments",
            "reposts",
            "duplicate_of",
        )
    }
    row = plain | {
        "id": item.key,
        "published_at": item.published_stamp or _iso(item.published_at),
        "collected_at": _iso(item.collected_at),
        "source": item.source.slug,
        "source_name": item.source.name,
        "unit": item.unit.code if item.unit else "",
        "places": list(item.places),
        "watches": list(item.watches),
        "tone": LABELS[item.tone],
        "story": item.story.number if item.story else "",
    }
    return {name: row[name] for name in ITEM_FIELDS}


def story_row(story: Story) -> dict[str, Any]:
    """STORY as plain data under the names of ``STORY_FIELDS``."""
    plain = {name: getattr(story, name) for name in ("title", "level", "state", "negative", "neutral", "positive", "rate", "above")}
    row = plain | {
        "id": story.number,
        "unit": story.unit.code if story.unit else "",
        "places": [code for code, _count in story.places],
        "first_at": _iso(story.first_at),
        "last_at": _iso(story.last_at),
        "items": story.item_count,
        "sources": story.source_count,
        "summary": story.summary_by_hand or "".join(part["text"] for part in story.digest),
    }
    return {name: row[name] for name in STORY_FIELDS}


def _iso(at: datetime | None) -> str | None:
    from groundswell.desk.spine.ports import zone

    return at.astimezone(zone()).isoformat(timespec="seconds") if at else None


def query_fault(error: Any) -> Fault:
    """The fault of a query, with its place, for the shell."""
    return Fault(
        f"The query cannot be read at character {error.position + 1} ({error.code.replace('_', ' ')}). "
        "Put it right there; `groundswell search --help` shows the words."
    )
