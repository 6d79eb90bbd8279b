"""Kinds of judgement and their values in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import Unit
from groundswell.desk.spine.shell import named
from groundswell.desk.stream.models import Correction

Words = str | Promise
KINDS: dict[str, Words] = {
    "about_us": _("About us"),
    "tone": _("Sentiment"),
    "unit": _("Unit of an item"),
    "story": _("Same story"),
    "level": _("Level of a story"),
    "story_unit": _("Unit of a story"),
}
OF_STORIES = ("level", "story_unit")
VALUES: dict[str, dict[str, Words]] = {
    "about_us": {"yes": _("about us"), "no": _("not about us")},
    "tone": {"-1": _("negative"), "0": _("neutral"), "1": _("positive")},
    "level": {"I": "Ⅰ", "II": "Ⅱ", "III": "Ⅲ", "IV": "Ⅳ"},
}


def field_of(kind: str) -> str:
    """The field under which corrections of KIND are kept."""
    return "unit" if kind == "story_unit" else kind


def kind_of(correction: Correction) -> str:
    """What a correction is about, in words; a field that is no kind of its own stays as it is."""
    kind = "story_unit" if correction.field == "unit" and correction.story_id else correction.field
    return str(KINDS.get(kind, kind))


def value_words(field: str, value: str) -> str:
    """A value of a correction in words."""
    if field == "unit":
        unit = Unit.objects.filter(code=value).only("name", "name_en").first()
        return named(unit) if unit else value or "—"
    return str(VALUES.get(field, {}).get(value, value)) or "—"


def correction_words(correction: Correction) -> str:
    """From what to what."""
    return f"{value_words(correction.field, correction.was)} → {value_words(correction.field, correction.became)}"
