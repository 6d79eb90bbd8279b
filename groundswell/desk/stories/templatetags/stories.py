"""Template words of stories: the sparkline with its forecast, the sentiment bar, places, pace, state colours."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import Place
from groundswell.desk.spine.shell import named
from groundswell.desk.stories.models import State, Story
from groundswell.reports import charts

register = template.Library()
TONES = {State.NEW: "", State.RISING: "up", State.HANDLING: "info", State.FOLLOWING: "", State.CLOSED: "ok", State.REOPENED: "wait"}
TREND_WORDS = {
    "rising": lambda: _("rising"),
    "steady": lambda: _("steady"),
    "falling": lambda: _("falling"),
    "new": lambda: _("new"),
    "quiet": lambda: _("quiet"),
}
AHEAD_HOURS = 4


def language() -> str:
    return "en" if get_language() == "en" else "zh-hans"


@register.simple_tag
def spark(story: Story) -> SafeString:
    """24 hours of counts, then the forecast's median and 80 % band by the hour."""
    forecast = story.forecast or {}
    per_hour = max(1, 60 // int(forecast.get("bucket_minutes", 60)))

    def hourly(name: str) -> list[float]:
        values = forecast.get(name, [])[: AHEAD_HOURS * per_hour]
        return [sum(values[i : i + per_hour]) for i in range(0, len(values), per_hour)]

    label = _("%(trend)s, %(n)s in the last full hour") % {"trend": TREND_WORDS[story.trend](), "n": int(story.rate)}
    return mark_safe(charts.sparkline(story.series, hourly("median"), hourly("low80"), hourly("high80"), label, words=language()))


@register.simple_tag
def split(story: Story) -> SafeString:
    """The sentiment bar with its two figures."""
    whole = max(1, story.negative + story.neutral + story.positive)
    bar = mark_safe(charts.split_bar(story.negative, story.neutral, story.positive, words=language()))
    return format_html(
        '{}<div class="splitx">− {}% · + {}%</div>', bar, round(100 * story.negative / whole), round(100 * story.positive / whole)
    )


@register.filter
def place_names(story: Story, limit: int = 2) -> list[str]:
    """The places named most, by name."""
    codes = [code for code, _n in story.places[:limit]]
    known: Mapping[str, Place] | None = getattr(story, "known_places", None)
    places = known if known is not None else {place.code: place for place in Place.objects.filter(code__in=codes)} if codes else {}
    return [named(places[code]) for code in codes if code in places]


@register.filter
def pace(story: Story) -> str:
    """↑ 64/h: an arrow in ink, never a colour."""
    arrow = "↑" if story.rate_change > 0.5 else "↓" if story.rate_change < -0.5 else "→"
    return _("%(arrow)s %(n)s/h") % {"arrow": arrow, "n": int(story.rate)}


@register.filter
def state_tone(story: Story) -> str:
    return TONES.get(State(story.state), "")


@register.simple_tag
def split_tall(story: Story) -> SafeString:
    """The tall sentiment bar with words inside."""
    return mark_safe(charts.split_bar(story.negative, story.neutral, story.positive, words=language(), labelled=True, width=700))


@register.simple_tag
def reason(why: dict[str, object]) -> str:
    """A reason of the engine in words."""
    from groundswell.desk.stream.reasons import words_of_reason

    return words_of_reason(why)
