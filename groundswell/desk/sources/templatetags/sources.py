"""Template words of the register: the strip of a day, figures against the usual, addresses, outcomes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from groundswell.desk.sources.changes import OPTION_WORDS
from groundswell.desk.sources.models import Failure
from groundswell.desk.sources.queries import Day
from groundswell.desk.sources.words import Said, say_failure

register = template.Library()
CELLS: dict[float | None, str] = {1.0: "<i></i>", 0.0: '<i class="l"></i>', None: '<i class="z"></i>'}
OUTCOMES = {
    "items": (gettext_lazy("new items"), "ok"),
    "nothing_new": (gettext_lazy("nothing new"), ""),
    "unchanged": (gettext_lazy("unchanged"), ""),
    "partly": (gettext_lazy("in part"), "wait"),
    "failed": (gettext_lazy("failed"), "bad"),
}


@register.simple_tag
def strip(day: Day) -> SafeString:
    """24 cells: full where items came, pale where it was read without news, hollow where there were no data."""
    full, empty = sum(cell == 1.0 for cell in day.cells), sum(cell is None for cell in day.cells)
    label = _("The last 24 hours: items in %(full)s, read without news in %(pale)s, no data in %(empty)s") % {
        "full": full,
        "pale": len(day.cells) - full - empty,
        "empty": empty,
    }
    cells = mark_safe("".join(CELLS[cell] for cell in day.cells))
    return format_html('<span class="cells" role="img" aria-label="{}">{}</span>', label, cells)


@register.simple_tag
def gap() -> str:
    """What stands between two sentences of the present language."""
    return "" if (get_language() or "").startswith("zh") else " "


@register.simple_tag
def full_stop() -> str:
    return "。" if (get_language() or "").startswith("zh") else "."


@register.filter
def usual(value: float | None) -> str:
    """Items a day as people say it: 12, 0.4."""
    if value is None:
        return "—"
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".rstrip("0").rstrip(".")


@register.filter
def host(address: str) -> str:
    """The host of an address, the last part of a folder."""
    return urlsplit(address).netloc or address.rstrip("/").rsplit("/", 1)[-1]


@register.filter
def outcome_words(outcome: str) -> str:
    return str(OUTCOMES.get(outcome, (outcome, ""))[0])


@register.filter
def outcome_tone(outcome: str) -> str:
    return OUTCOMES.get(outcome, ("", ""))[1]


@register.filter
def said(failure: Failure) -> Said:
    """A failure in words."""
    return say_failure(failure.cause, failure.mend, failure.args)


WHY = {
    "is_feed": gettext_lazy("It is a feed."),
    "is_sitemap": gettext_lazy("It is a sitemap."),
    "has_link_list": gettext_lazy("It is a page that lists articles."),
    "has_search_result": gettext_lazy("It is a list of search results."),
    "has_thread_list": gettext_lazy("It is a forum’s board."),
    "is_page": gettext_lazy("It is a single page: it would be watched for change."),
}
ITEM_KINDS = {
    "article": gettext_lazy("article"),
    "post": gettext_lazy("opening post"),
    "reply": gettext_lazy("answer"),
    "comment": gettext_lazy("comment"),
}


@register.filter
def why_words(why: str) -> str:
    """What the address was taken for."""
    return str(WHY.get(why, why))


@register.filter
def item_kind_words(kind: str) -> str:
    return str(ITEM_KINDS.get(kind, kind))


@register.filter
def option_words(name: str) -> str:
    return OPTION_WORDS[name]() if name in OPTION_WORDS else name


@register.filter
def stamp(value: str) -> str:
    """A stamp as the source shows it, without its offset: 11-23 16:05, or only the day."""
    return value[5:16].replace("T", " ") if len(value) > 10 else value


@register.simple_tag
def trust_dots(value: float) -> SafeString:
    """The record of trust as five dots with its figure."""
    full = round(value * 5)
    dots = "".join('<i class="f"></i>' if place < full else "<i></i>" for place in range(5))
    return format_html('<span class="conf" aria-hidden="true">{}</span> {}', mark_safe(dots), round(value * 100))


@register.filter
def size(value: Any) -> str:
    """Bytes as people read them."""
    count = int(value or 0)
    return f"{count / 2**20:.1f} MiB" if count >= 2**20 else f"{count / 1024:.0f} KiB" if count >= 1024 else f"{count} B"


@register.filter
def every(minutes: float | None) -> str:
    """An interval: 2 min, 1 h, 1 h 30 min, 2 d."""
    total = round(float(minutes or 0), 1)
    if total >= 1440 and total % 1440 == 0:
        return _("%(n)s d") % {"n": int(total // 1440)}
    if total >= 60:
        hours, rest = divmod(round(total), 60)
        return _("%(h)s h %(m)s min") % {"h": hours, "m": rest} if rest else _("%(h)s h") % {"h": hours}
    return _("%(n)s min") % {"n": f"{total:g}"}
