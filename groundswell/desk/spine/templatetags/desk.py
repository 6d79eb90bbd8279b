"""The desk's own template words: icons, levels, clocks, times, names, action buttons."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.http import QueryDict
from django.template.context import Context
from django.templatetags.static import static
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.desk.spine import actions as registry
from groundswell.desk.spine import ports, shell

register = template.Library()
LEVEL_WORDS = {1: lambda: _("Critical"), 2: lambda: _("Major"), 3: lambda: _("Serious"), 4: lambda: _("Minor")}
ROMAN = {"zh": ("", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"), "en": ("", "I", "II", "III", "IV")}
TONES = {-1: ("ng", "−"), 0: ("nu", "○"), 1: ("ps", "+")}
RING = 2 * math.pi * 10


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An icon of the sprite; decoration only."""
    return format_html(
        '<svg class="i {}" viewBox="0 0 20 20" aria-hidden="true"><use href="{}#{}"></use></svg>', extra, static("spine/icons.svg"), name
    )


@register.filter
def roman(level: int) -> str:
    """Level 2 → "Ⅱ" in Chinese, "II" in English."""
    return ROMAN["en" if get_language() == "en" else "zh"][int(level)]


@register.filter
def level_word(level: int) -> str:
    return LEVEL_WORDS[int(level)]()


@register.simple_tag
def lv(level: int, word: bool = True) -> SafeString:
    """The level badge: meter, numeral, word (hidden from sight where WORD is false)."""
    label = level_word(level) if word else format_html('<span class="vh">{}</span>', level_word(level))
    bars = mark_safe('<i aria-hidden="true"><b></b><b></b><b></b><b></b></i>')
    return format_html('<span class="lv lv{}">{}{} {}</span>', level, bars, roman(level), label)


@register.simple_tag
def tone_mark(tone: int, unsure: bool = False) -> SafeString:
    """− ○ + with its word for screen readers."""
    css, glyph = TONES[int(tone)]
    word = {-1: _("negative"), 0: _("neutral"), 1: _("positive")}[int(tone)]
    if unsure:
        word = _("%(tone)s, unsure") % {"tone": word}
    return format_html(
        '<span class="mk {}{}" title="{}"><span aria-hidden="true">{}</span><span class="vh">{}</span></span>',
        css,
        " unsure" if unsure else "",
        word,
        glyph,
        word,
    )


@register.filter
def named(value: Any) -> str:
    return shell.named(value)


@register.filter
def num(value: Any) -> str:
    """8412 → "8,412" in both languages."""
    if value is None or value == "":
        return "—"
    return number_format(value, use_l10n=False, force_grouping=True) if not isinstance(value, int) else f"{value:,}"


@register.filter
def when(value: datetime | None) -> str:
    """The time today, month and day before it this year, else the whole date."""
    if value is None:
        return "—"
    local, today = value.astimezone(ports.zone()), ports.today()
    if local.date() == today:
        return local.strftime("%H:%M")
    return local.strftime("%m-%d %H:%M") if local.year == today.year else local.strftime("%Y-%m-%d %H:%M")


@register.filter
def at(value: datetime | None) -> str:
    """Only the time of day."""
    return value.astimezone(ports.zone()).strftime("%H:%M") if value else "—"


@register.filter
def whole_time(value: datetime | None) -> str:
    """Date and time in full."""
    return date_format(value.astimezone(ports.zone()), "DATETIME_FORMAT") if value else "—"


@register.filter
def day(value: Any) -> str:
    """Month and day, as people say it."""
    local = value.astimezone(ports.zone()) if isinstance(value, datetime) else value
    return date_format(local, "MONTH_DAY_FORMAT") if local else "—"


@register.filter
def weekday(value: Any) -> str:
    return date_format(value.astimezone(ports.zone()) if isinstance(value, datetime) else value, "l")


@register.filter
def span(value: timedelta | float | None) -> str:
    """A length of time in words: "18 min", "1 h 52 min", "3 days"."""
    if value is None:
        return "—"
    minutes = int((value.total_seconds() if isinstance(value, timedelta) else float(value)) // 60)
    if minutes < 60:
        return _("%(n)s min") % {"n": max(0, minutes)}
    if minutes < 24 * 60:
        return _("%(h)s h %(m)s min") % {"h": minutes // 60, "m": minutes % 60}
    days = minutes // (24 * 60)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


@register.filter
def ago(value: datetime | None) -> str:
    """How long ago, in words."""
    if value is None:
        return "—"
    gone = ports.now() - value
    return _("just now") if gone < timedelta(minutes=1) else _("%(span)s ago") % {"span": span(gone)}


@register.inclusion_tag("spine/clock.html")
def clock(due_at: datetime, limit: timedelta | None = None) -> dict[str, Any]:
    """Ring, time left, due time. Red under 30 minutes or a quarter of the limit, brown under two hours."""
    left = due_at - ports.now()
    share = max(0.0, min(1.0, left / limit)) if limit else 0.5
    tone = "now" if left < timedelta(minutes=30) or (limit and share < 0.25) else "soon" if left < timedelta(hours=2) else ""
    return {
        "due_at": due_at,
        "late": left < timedelta(0),
        "left": span(abs(left)),
        "far": left >= timedelta(hours=12),
        "tone": tone,
        "dash": f"{RING * share:.1f} {RING:.1f}",
    }


@register.filter
def width(value: float) -> str:
    """A share 0–100 as one of the stylesheet's width classes (no style attributes under the strict CSP)."""
    return f"w{max(0, min(100, round(float(value))))}"


@register.filter
def share(part: float, whole: float) -> int:
    """PART of WHOLE in whole per cent."""
    return round(100 * part / whole) if whole else 0


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The page's query string with CHANGES; None takes a key out."""
    params: QueryDict = context["request"].GET.copy()
    for key, value in changes.items():
        params.pop(key, None)
        if value not in (None, ""):
            params[key] = str(value)
    return "?" + params.urlencode()


@register.inclusion_tag("spine/buttons.html", takes_context=True)
def action_buttons(context: Context, record: Any, only: str = "", primary: str = "", small: bool = False, next: str = "") -> dict[str, Any]:
    """Buttons for what the signed-in person may do on RECORD now; ONLY names actions, space-separated."""
    request = context["request"]
    names = [name if "." in name else f"{registry.subject_of(record).code}.{name}" for name in only.split()] or None
    return {
        "buttons": _ordered(registry.possible(request.user, record, names), names),
        "base": registry.subject_of(record).url(record),
        "primary": primary,
        "small": small,
        "next": next or request.get_full_path(),
        "version": getattr(record, "version", None),
        "csrf_token": context.get("csrf_token"),
        "user": request.user,
    }


def _ordered(buttons: list[registry.Action], names: Iterable[str] | None) -> list[registry.Action]:
    if not names:
        return buttons
    order = {name: place for place, name in enumerate(names)}
    return sorted(buttons, key=lambda each: order[each.name])


@register.filter
def sentence(entry: Any) -> str:
    """A timeline entry's sentence in the present language."""
    from groundswell.desk.spine.timeline import sentence_of

    return sentence_of(entry)


@register.filter
def may(user: Any, permission: str) -> bool:
    """``{% if request.user|may:"story.level" %}``."""
    from groundswell.desk.accounts import rights

    return rights.may(user, permission)


@register.filter
def may_propose(user: Any, permission: str) -> bool:
    """As ``may``, where a proposal is enough."""
    from groundswell.desk.accounts import rights

    return rights.may_propose(user, permission)


@register.filter
def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """MAPPING[KEY] or nothing."""
    return mapping.get(key) if hasattr(mapping, "get") else None
