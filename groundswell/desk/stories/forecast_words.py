"""What a forecast says and rests on, in words: its reasons, why it is silent, the next level, the hours before, its record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.stories.models import Story
from groundswell.desk.stories.record import Record, story_record
from groundswell.engine.records import Burst, Forecast, NextLevel, Outlook, Why

REASONS: dict[str, str | Promise] = {
    "forecast.counts": gettext_lazy("%(hour)s items in the last hour, %(three)s in three hours, %(day)s in a day"),
    "forecast.age": gettext_lazy("%(items)s items in the %(hours)s hours since the first one"),
    "forecast.rhythm": gettext_lazy("the next %(hours)s hours bring %(percent)s%% of what an average hour brings"),
    "forecast.too_few": gettext_lazy("There is no forecast yet: %(items)s items are too few, %(least)s are needed."),
    "forecast.too_young": gettext_lazy("There is no forecast yet: it began %(minutes)s minutes ago, %(least)s are needed."),
    "forecast.quiet": gettext_lazy("Nothing is forecast: no item has come for %(hours)s hours."),
    "forecast.no_better": gettext_lazy(
        "Nothing is forecast: the last %(rows)s forecasts missed by %(percent)s%% more than “it goes on as now” would have."
    ),
}


@dataclass(frozen=True)
class Told:
    """What the forecast's part of a story's page shows."""

    silence: str
    outlook: Outlook | None
    next_level: NextLevel | None
    burst: Burst
    why: list[str]
    record: Record


def told_of(story: Story, forecast: Forecast | None, silence: Why | None) -> Told:
    """The parts for STORY; FORECAST is the one that its chart shows."""
    held = story.outlook or {}
    level = msgspec.convert(held["next_level"], NextLevel, strict=False) if forecast and held.get("next_level") else None
    return Told(
        silence=reason_words(silence) if silence else "",
        outlook=forecast.outlook if forecast else None,
        next_level=level if level and level.value < story.level else None,
        burst=msgspec.convert(held.get("burst") or {"hour": 0}, Burst),
        why=[reason_words(why) for why in (forecast.why if forecast else ())],
        record=story_record(story),
    )


def reason_words(why: Why | dict[str, Any]) -> str:
    """One reason as a sentence in the present language."""
    code, args = (why.code, why.args) if isinstance(why, Why) else (why["code"], why.get("args", {}))
    return str(REASONS[code]) % {name: f"{value:,}" if isinstance(value, int) else value for name, value in args.items()}


def rising_words(story: Story, began: datetime) -> str:
    """What stands on the chart where the story began to rise."""
    foretold = story.kept_forecasts.filter(made_at__lt=began, shown=True).exists()
    return _("above its forecast") if foretold else _("rises well above its own hours")
