"""Items move with their story: let go when it is large enough, sent away and brought back; each move is on the item's timeline."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from groundswell.desk.spine.actions import fact_line
from groundswell.desk.spine.bulk import update_rows
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.timeline import fact
from groundswell.desk.stories import grouping
from groundswell.desk.stories.models import Story

if TYPE_CHECKING:
    from groundswell.desk.stream.models import Item

fact("item_in_story", gettext_lazy("its story %(story)s is large enough to be seen by itself: it waits no more"))
fact("item_sent_away", gettext_lazy("the story %(story)s is not about us, and with it this item"))
fact("item_brought_back", gettext_lazy("the story %(story)s is about us again, and with it this item"))


def let_go(stories: Sequence[Story]) -> None:
    """The first items of STORIES wait for triage no more: the story itself is looked at (index item_open)."""
    from groundswell.desk.stream.models import Item, ItemState

    numbers = {story.pk: story.number for story in stories}
    waiting = Item.objects.filter(state=ItemState.OPEN, state_by_hand=False, story__in=numbers, story_confidence__gte=grouping.SURE)
    rows = _locked(waiting)
    was = {row.pk: row.state for row in rows}
    for row in rows:
        row.state = ItemState.IN_STORY
    update_rows(rows, ["state"])
    _tell("item_in_story", rows, was, numbers)


def send_away(story: Story) -> dict[str, Any]:
    """All items of STORY are not about us. What of it the act's data keep: how many, which, and how they stood."""
    from groundswell.desk.stream.models import ItemState

    rows = _locked(story.items.filter(about_us=True))
    was = {row.pk: row.state for row in rows}
    kept = {
        "n": len(rows),
        "keys": [row.key for row in rows],
        "stood": {row.key: row.state for row in rows if row.state != ItemState.IN_STORY},
        "by_hand": [row.key for row in rows if row.state_by_hand],
    }
    for row in rows:
        row.about_us, row.state, row.state_by_hand, row.reason = False, ItemState.NOT_US, True, "other"
    update_rows(rows, MOVED)
    _tell("item_sent_away", rows, was, {story.pk: story.number})
    return kept


def bring_back(story: Story, keys: Collection[str], stood: Mapping[str, str], by_hand: Collection[str]) -> None:
    """The items KEYS that went with STORY stand as they stood; what a person decided on one of them meanwhile stays."""
    from groundswell.desk.stream.models import ItemState

    rows = _locked(story.items.filter(key__in=keys, state=ItemState.NOT_US))
    was = {row.pk: row.state for row in rows}
    for row in rows:
        row.about_us, row.state, row.state_by_hand, row.reason = True, stood.get(row.key, ItemState.IN_STORY), row.key in by_hand, ""
    update_rows(rows, MOVED)
    _tell("item_brought_back", rows, was, {story.pk: story.number})


MOVED = ("about_us", "state", "state_by_hand", "reason")


def _locked(rows: Any) -> list[Item]:
    """ROWS locked, in one order for all, with no more than is needed here."""
    return list(rows.only("key", "story", *MOVED).select_for_update(of=("self",), no_key=True).order_by("pk"))


def _tell(what: str, rows: Iterable[Item], was: Mapping[int, str], numbers: Mapping[int, str]) -> None:
    lines = [fact_line(what, row, {"story": numbers.get(row.story_id or 0, "")}, was=was[row.pk]) for row in rows]
    Entry.objects.bulk_create(lines, batch_size=1000)
