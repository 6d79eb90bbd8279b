"""What an act changed at a source, field by field, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from groundswell.desk.sources.models import Source
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.shell import named

SHOWN_BY_STATE = ("state", "paused_until", "pause_reason", "sort_key")  # the act's own sentence says them
OPTION_WORDS = {
    "rows": lambda: _("rows of the list"),
    "posts": lambda: _("posts"),
    "title": lambda: _("title"),
    "body": lambda: _("body text"),
    "time": lambda: _("time"),
    "follow": lambda: _("pages behind the entries"),
}


def changes_of(entry: Entry) -> list[tuple[str, str, str]]:
    """(field, before, after) of ENTRY; empty where it made the record or only moved its state."""
    if not entry.before:
        return []
    found: list[tuple[str, str, str]] = []
    for name, was in entry.before.items():
        became = entry.after.get(name)
        if was == became or name in SHOWN_BY_STATE:
            continue
        if name == "options":
            found += _option_changes(was or {}, became or {})
        else:
            column = Source._meta.get_field(name)
            assert isinstance(column, models.Field)
            found.append((str(column.verbose_name), _words(column, was), _words(column, became)))
    return found


def _option_changes(was: dict[str, Any], became: dict[str, Any]) -> list[tuple[str, str, str]]:
    keys = [key for key in dict.fromkeys([*was, *became]) if was.get(key) != became.get(key)]
    return [(OPTION_WORDS[key]() if key in OPTION_WORDS else key, _plain(was.get(key)), _plain(became.get(key))) for key in keys]


def _words(column: models.Field[Any, Any], value: Any) -> str:
    if isinstance(column, models.ForeignKey):
        return named(column.related_model._default_manager.filter(pk=value).first()) or "—"
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return pgettext("an answer", "yes") if value else pgettext("an answer", "no")
    return "—" if value in (None, "") else str(value)
