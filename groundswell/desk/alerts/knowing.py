"""What the desk knows of a story now, as ``matching`` wants it; and a rule's conditions out of its row."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from groundswell.desk.accounts.models import Place
from groundswell.desk.alerts.matching import Conditions, Reason, Seen
from groundswell.desk.alerts.models import About, LevelMark, Rule
from groundswell.desk.spine.shell import both_names
from groundswell.desk.stories.models import Story


def conditions_of(rule: Rule) -> Conditions:
    """RULE as pure data."""
    narrowed: list[Reason] = []
    for code in ("watch", "place", "source", "unit"):
        value = getattr(rule, code)
        if value is not None:
            narrowed.append({"code": code} | both_names("name", value))
    return Conditions(rule.level, rule.rose, rule.above, rule.least_items, tuple(narrowed))


def said_of(rule: Rule) -> list[Reason]:
    """What RULE asks, as reasons."""
    asks = conditions_of(rule)
    said: list[Reason] = []
    if rule.level is not None:
        said.append({"code": "asks_rose" if rule.rose else "asks_level", "level": rule.level})
    if rule.above is not None:
        said.append({"code": "asks_above", "above": f"{rule.above:g}"})
    said += asks.narrowed
    if rule.about == About.SOURCE:
        return [*said, {"code": "asks_silent", "hours": rule.silent_hours}]
    return [*said, {"code": "asks_items", "n": rule.least_items}]


def with_parts(place: Place) -> list[str]:
    """The codes of PLACE and of all places within it."""
    inside: dict[int | None, list[Place]] = {}
    for each in Place.objects.all():
        inside.setdefault(each.within_id, []).append(each)
    found, left = [], [place]
    while left:
        one = left.pop()
        found.append(one.code)
        left += inside.get(one.pk, [])
    return found


def items_wanted(rule: Rule) -> Q:
    """Which items of a story RULE counts."""
    wanted = Q(about_us=True)
    if rule.watch is not None:
        wanted &= Q(watches__contains=[rule.watch.slug])
    if rule.source_id is not None:
        wanted &= Q(source_id=rule.source_id)
    if rule.place is not None:
        wanted &= Q(places__overlap=with_parts(rule.place))
    return wanted


def is_narrowed(rule: Rule) -> bool:
    return any(value is not None for value in (rule.watch_id, rule.source_id, rule.place_id))


def seen_now(story: Story, rule: Rule, known: dict[str, Place]) -> Seen:
    """What is known of STORY at this moment, counted for RULE."""
    counted = story.items.filter(items_wanted(rule)).count() if is_narrowed(rule) else story.item_count
    before = LevelMark.objects.filter(story=story).exclude(level=story.level).order_by("-id").values_list("level", flat=True).first()
    return Seen(
        level=story.level,
        items=story.item_count,
        counted=counted,
        was_level=before,
        above=story.above,
        by_forecast=story.above_forecast,
        rate=int(story.rate),
        places=names_of([code for code, _n in story.places], known),
    )


def places_known() -> dict[str, Place]:
    return {place.code: place for place in Place.objects.all()}


def names_of(codes: list[Any], known: dict[str, Place]) -> dict[str, tuple[str, str]]:
    """Towns and larger: a new house number is no news."""
    towns: dict[str, tuple[str, str]] = {}
    by_pk = {place.pk: place for place in known.values()}
    for code in codes:
        place = known.get(str(code))
        while place is not None and place.kind not in ("town", "street", "subdistrict", "county"):
            place = by_pk.get(place.within_id or 0)
        if place is not None and place.kind != "county":
            towns[place.code] = (place.name, place.name_en)
    return towns
