"""Why an alert was raised, in the reader's words: a sentence for each code of ``matching`` and of the silence of a source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from groundswell.desk.spine.shell import in_language
from groundswell.desk.spine.templatetags.desk import level_word, roman

SAID: dict[str, str | Promise] = {
    "level": _("the story stands at level %(level)s"),
    "rose": _("it rose from level %(was)s to level %(level)s"),
    "above": _("%(rate)s items in an hour, %(above)s times the upper bound of its forecast"),
    "surge": _("%(rate)s items in an hour, %(above)s times what its own hours led to expect"),
    "watch": _("the watch “%(name)s” catches it"),
    "place": _("it is about %(name)s"),
    "source": _("it stands at %(name)s"),
    "unit": _("it concerns %(name)s"),
    "items": _("%(n)s items by then"),
    "silent": _("no item since %(since)s, against its own rhythm"),
    "asks_level": _("the story stands at level %(level)s or above"),
    "asks_rose": _("it rises to level %(level)s or above"),
    "asks_above": _("an hour brings %(above)s times the upper bound of the forecast"),
    "asks_items": _("at least %(n)s items"),
    "asks_silent": _("a source is silent for %(hours)s hours, against its own rhythm"),
    "news_level": _("the level rose from %(was)s to %(level)s"),
    "news_doubled": _("it grew from %(was)s to %(n)s items"),
    "news_place": _("new places: %(names)s"),
}


def sentence(reason: dict[str, Any]) -> str:
    """One reason in the present language."""
    data = in_language(reason)
    if "level" in data:
        data["level"] = f"{roman(data['level'])} {level_word(data['level'])}"
        if data.get("was"):
            data["was"] = roman(data["was"])
    words = SAID.get(reason["code"])
    return str(words) % data if words else ""


def sentences(reasons: Iterable[dict[str, Any]]) -> str:
    """All of them, one after another."""
    said = [each for each in map(sentence, reasons) if each]
    return ("; " if get_language() == "en" else "；").join(said) or gettext("no reason was kept")
