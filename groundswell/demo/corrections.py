"""What the desk of the demo county looked at in its sixty days, and where it put the program right: by the truth of the script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from groundswell.demo import county
from groundswell.demo.readings import desk_stands_at
from groundswell.demo.truth import truth
from groundswell.desk.accounts.models import Unit, User
from groundswell.desk.spine.actions import perform
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item, ItemState
from groundswell.desk.stream.records import TONE

ONE_IN = 24  # items of the body; more than one of these a person did not look at
UNTOUCHED = timedelta(days=2)  # what is so new is left to the visitor
DAY_BEGINS, DAY_ENDS = 8, 17  # hours of the day shift
Facts = dict[str, dict[str, Any]]


def load_corrections() -> None:
    """All of it. The items are stored and triaged, their stories not scored yet."""
    facts: Facts = {row["id"]: row for row in truth(county.NOW)}
    people = {user.username: user for user in User.objects.filter(username__in=("linxiao", "hanmei"))}
    units = {unit.code: unit for unit in Unit.objects.all()}
    main = _main_stories(facts)
    rows = Item.objects.filter(state=ItemState.IN_STORY, collected_at__lt=county.NOW - UNTOUCHED).select_related("unit")
    looked = [item for item in rows.order_by("collected_at", "pk") if item.key in facts and int(item.key[:8], 16) % ONE_IN == 0]
    Item.objects.filter(pk__in=[item.pk for item in looked]).update(state_by_hand=True)
    for item in looked:
        at = item.collected_at + timedelta(minutes=5 + item.pk % 50)
        by = people["linxiao" if DAY_BEGINS <= at.astimezone(county.ZONE).hour < DAY_ENDS else "hanmei"]
        for step, (name, values) in enumerate(_wrong(item, facts[item.key], units, main)):
            with desk_stands_at(at + timedelta(seconds=20 * step)):
                perform(name, by, item, values)


def _main_stories(facts: Facts) -> dict[str, Story]:
    """Story of the script → the one of the desk that holds most of its items."""
    held: dict[str, Counter[int]] = {}
    for key, story in Item.objects.filter(story__isnull=False).values_list("key", "story_id"):
        if key in facts and facts[key]["story"]:
            held.setdefault(facts[key]["story"], Counter())[story] += 1
    largest = {name: counted.most_common(1)[0][0] for name, counted in held.items()}
    stories = Story.objects.in_bulk(largest.values())
    return {name: stories[pk] for name, pk in largest.items()}


def _wrong(item: Item, fact: dict[str, Any], units: dict[str, Unit], main: dict[str, Story]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The acts that put right what the program says of ITEM."""
    if not fact["about_us"]:
        yield "item.not_us", {"reason": "same_name" if fact["same_name"] else "advert" if fact["advert"] else "other"}
        return
    unit = units.get(fact["unit"])
    if unit is not None and item.unit_id != unit.pk:
        yield "item.assign", {"unit": unit}
    while item.tone != TONE[fact["tone"]]:  # each key press gives the item the next one
        yield "item.tone", {}
    story = main.get(fact["story"])
    if story is not None and item.story_id not in (None, story.pk):
        yield "item.put", {"into": story}
