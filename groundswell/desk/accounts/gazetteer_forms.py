"""Forms of units, places and netizen words."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.fields import place_field, unit_field
from groundswell.desk.accounts.models import Place, SlangWord, Unit
from groundswell.desk.spine.forms import DeskForm, WordsField

CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")
TAKEN_BY_SCREENS = frozenset({"add", "places", "words", "bulk"})
PLACE_KINDS: dict[str, str | Promise] = {
    "county": _("county, district or city"),
    "town": _("town or street office"),
    "village": _("village or community"),
    "estate": _("housing estate"),
    "road": _("road or bridge"),
    "school": _("school"),
    "hospital": _("hospital"),
    "market": _("market or shop"),
    "park": _("park or square"),
    "plant": _("plant or works"),
    "station": _("station or stop"),
    "sight": _("sight"),
    "water": _("river, lake or reservoir"),
    "farm": _("farm or field"),
    "other": _("other"),
}
TONES: tuple[tuple[str, str | Promise], ...] = (("negative", _("negative")), ("neutral", _("neutral")), ("positive", _("positive")))
LIST_HINT = _("Separated by commas or one a line.")


class CodeForm(DeskForm):
    """The part of a new record that stands in its address for ever."""

    code = forms.CharField(
        label=_("Short code"),
        max_length=40,
        help_text=_("Stands in addresses and files; cannot be changed later. For example “water” or “town-qinghe”."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    model: type[Unit] | type[Place]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip().lower()
        if not CODE.fullmatch(code) or code in TAKEN_BY_SCREENS:
            raise forms.ValidationError(_("Begin with a letter; use only small Latin letters, digits and hyphen."))
        if self.model.objects.filter(code=code).exists():
            raise forms.ValidationError(_("This code is in use already. Choose another one."))
        return code


class UnitForm(DeskForm):
    """What the engine and the staff know of a unit."""

    name = forms.CharField(label=_("Name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    aliases = WordsField(
        label=_("Other names"),
        required=False,
        help_text=_("What people also write: short forms, old names, its works. Separated by commas or one a line."),
    )
    duties = WordsField(
        label=_("Duties"), required=False, help_text=_("Words of its work that lead an item to it. Separated by commas or one a line.")
    )
    parent = unit_field(label=_("Belongs to"), required=False)
    sort_key = forms.CharField(
        label=_("Sort key"), max_length=200, required=False, help_text=_("Pinyin with spaces; empty: made from the name.")
    )


class NewUnitForm(CodeForm, UnitForm):
    model = Unit
    field_order = ["name", "code", "name_en", "aliases", "duties", "parent", "sort_key"]


class PlaceForm(DeskForm):
    """A place, with the words that say that another place of the same name is meant."""

    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(PLACE_KINDS.items()))
    within = place_field(label=_("Lies in"), required=False)
    unit = unit_field(label=_("Unit in charge"), required=False)
    aliases = WordsField(label=_("Other names"), required=False, help_text=LIST_HINT)
    not_when = WordsField(
        label=_("Not when these words stand near"),
        required=False,
        help_text=_(
            "They say that another place of this name is meant: another province, a district far away. Separated by commas or one a line."
        ),
    )
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    sort_key = forms.CharField(
        label=_("Sort key"), max_length=200, required=False, help_text=_("Pinyin with spaces; empty: made from the name.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = (kwargs.get("initial") or {}).get("kind")
        if own and own not in PLACE_KINDS:  # a kind that a knowledge file brought stays possible
            self.fields["kind"].choices = [*PLACE_KINDS.items(), (own, own)]  # type: ignore[attr-defined]


class NewPlaceForm(CodeForm, PlaceForm):
    model = Place
    field_order = ["name", "code", "kind", "within", "unit", "aliases", "not_when", "name_en", "sort_key"]


class WordForm(DeskForm):
    """What a netizen word means."""

    means = forms.CharField(label=_("Means"), max_length=120, help_text=_("In plain words, as it would stand in a brief."))
    tone = forms.ChoiceField(label=_("Tone"), choices=TONES, widget=forms.RadioSelect)


class NewWordForm(WordForm):
    word = forms.CharField(label=_("Word"), max_length=40)
    field_order = ["word", "means", "tone"]

    def clean_word(self) -> str:
        word = str(self.cleaned_data["word"]).strip()
        if SlangWord.objects.filter(word=word).exists():
            raise forms.ValidationError(_("This word is in the list already."))
        return word
