"""Timelines read back: entries of a record, and the sentence of each in the reader's language."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.spine.actions import ACTIONS, subject_of
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.shell import in_language

FACTS: dict[str, str | Promise] = {}


def fact(kind: str, words: str | Promise) -> None:
    """Register the sentence of a ``system.<kind>`` entry; its data fills the %(…)s."""
    FACTS[kind] = words


def in_a_line(text: str, most: int = 60) -> str:
    """The beginning of TEXT for the sentence of an act: one line, at most MOST characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def entries_of(record: models.Model, limit: int = 200) -> models.QuerySet[Entry]:
    """The timeline of RECORD, newest first."""
    kind = subject_of(record)
    rows = Entry.objects.filter(subject_type=kind.code, subject_id=kind.id_of(record))
    return rows.select_related("actor", "undone_by").order_by("-at", "-id")[:limit]


def sentence_of(entry: Entry) -> str:
    """What ENTRY says, e.g. "set the level to II"."""
    if entry.action.startswith("system."):
        words = FACTS.get(entry.action.removeprefix("system."), gettext_lazy("noticed: %(what)s"))
    else:
        words = ACTIONS[entry.action].did if entry.action in ACTIONS else entry.action
    data: dict[str, Any] = defaultdict(str, in_language(entry.data))
    data.setdefault("what", entry.action)
    text = str(words) % data
    return _("took back: %(act)s") % {"act": text} if entry.undo_of_id else text
