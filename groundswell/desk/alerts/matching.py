"""Does a rule call, and is there news? Pure: what is known of a story is an argument, the answer is reasons as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Reason = dict[str, Any]  # {"code": …, and what its sentence needs}


@dataclass(frozen=True)
class Conditions:
    """What a rule asks of a story; None is not asked. Names are [in Chinese, in English]."""

    level: int | None = None
    rose: bool = False
    above: float | None = None
    least_items: int = 1
    narrowed: tuple[Reason, ...] = ()  # watch, place, source, unit: said as reasons where the rule calls


@dataclass(frozen=True)
class Seen:
    """What is known of a story at a moment."""

    level: int
    items: int
    counted: int = 0  # items that meet what the rule is narrowed to
    was_level: int | None = None  # the level before the present one
    above: float = 0.0
    by_forecast: bool = False  # is ``above`` measured at a forecast, or at the story's own hour before?
    rate: int = 0
    places: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # code → names


def calls(rule: Conditions, seen: Seen) -> list[Reason]:
    """The reasons for which RULE calls on what is SEEN; [] where it does not."""
    if seen.counted < rule.least_items:
        return []
    said: list[Reason] = []
    if rule.level is not None:
        if seen.level > rule.level:
            return []
        risen = seen.was_level is not None and seen.was_level > seen.level
        if rule.rose and not risen:
            return []
        said.append({"code": "rose", "level": seen.level, "was": seen.was_level} if risen else {"code": "level", "level": seen.level})
    if rule.above is not None:
        if seen.above < rule.above:
            return []
        said.append({"code": "above" if seen.by_forecast else "surge", "above": round(seen.above, 1), "rate": seen.rate})
    return [*said, *rule.narrowed, {"code": "items", "n": seen.counted}]


def news(before: Mapping[str, Any], seen: Seen) -> list[Reason]:
    """What is new since ``before`` (``kept`` of then): the level rose, twice as many items, places that were not in it."""
    said: list[Reason] = []
    if seen.level < before["level"]:
        said.append({"code": "news_level", "level": seen.level, "was": before["level"]})
    if seen.items >= 2 * max(1, before["items"]):
        said.append({"code": "news_doubled", "n": seen.items, "was": before["items"]})
    fresh = [names for code, names in seen.places.items() if code not in before["places"]]
    if fresh:
        said.append(
            {"code": "news_place", "names": "、".join(name for name, _en in fresh), "names_en": ", ".join(en or name for name, en in fresh)}
        )
    return said


def kept(seen: Seen) -> dict[str, Any]:
    """SEEN as it is kept for the next ``news``."""
    return {"level": seen.level, "items": seen.items, "places": sorted(seen.places)}


def merged(before: Mapping[str, Any], seen: Seen) -> dict[str, Any]:
    """``before`` after its news was told: nothing that was known is new again."""
    return {
        "level": min(before["level"], seen.level),
        "items": max(before["items"], seen.items),
        "places": sorted({*before["places"], *seen.places}),
    }
