"""Forms of the bulletins' own settings: a series, its sections, who receives it, key periods."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.bulletins.models import KeyPeriod, Recipient, Series
from groundswell.desk.spine.forms import DeskForm, DeskModelForm, WordsField

CLOCK = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")


class ClocksField(WordsField):
    """Times of day: ``08:30、17:00``, kept in order as ``["08:30", "17:00"]``."""

    widget = forms.TextInput(attrs={"autocomplete": "off"})  # type: ignore[assignment]

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        found = []
        for word in super().to_python(value):
            for part in word.split():
                match = CLOCK.fullmatch(part)
                if match is None:
                    raise forms.ValidationError(
                        _("“%(word)s” is no time of day. Write it as 17:00, several with a comma between.") % {"word": part}
                    )
                found.append(f"{int(match[1]):02d}:{match[2]}")
        return sorted(set(found))


class SeriesForm(DeskModelForm):
    """Everything of a series but its sections and recipients."""

    clock_times = ClocksField(
        label=gettext_lazy("Comes out at"),
        required=False,
        help_text=gettext_lazy("Every day at these times, such as 17:00. Empty: only when somebody opens an issue."),
    )
    key_period_times = ClocksField(
        label=gettext_lazy("In key periods at"), required=False, help_text=gettext_lazy("Several with a comma between: 08:30, 17:00.")
    )

    class Meta:
        model = Series
        fields = (
            "name",
            "name_en",
            "office",
            "office_en",
            "classification",
            "clock_times",
            "key_period_times",
            "remind_minutes",
            "most_pieces",
            "length_limit",
            "report_to",
            "send_to",
            "issue_to",
            "copies",
            "total_before",
            "number_before",
            "number_before_year",
            "is_active",
        )
        labels = {"is_active": gettext_lazy("Issues of it are opened")}
        help_texts = {
            "classification": gettext_lazy("Stands below the number. Marks of state secrecy are refused: this is no system for them."),
            "report_to": gettext_lazy("Names with a comma between; the line is left out where nothing stands."),
            "length_limit": gettext_lazy("The editor counts against it; a longer piece is marked, not cut."),
            "total_before": gettext_lazy("Issues printed before this program counted; the running number goes on from there."),
            "number_before": gettext_lazy("So that the first number taken here follows the last one on paper."),
            "number_before_year": gettext_lazy("0 where the series began with this program."),
        }

    def clean_classification(self) -> str:
        mark: str = self.cleaned_data["classification"].strip()
        if any(word in mark for word in ("秘密", "机密", "绝密")):
            raise forms.ValidationError(_("A mark of state secrecy has no place here."))
        return mark


class NewSeriesForm(DeskForm):
    code = forms.SlugField(
        label=gettext_lazy("Short code"),
        max_length=20,
        help_text=gettext_lazy("Stands in addresses for ever: small letters, such as weekly."),
    )
    name = forms.CharField(label=gettext_lazy("Masthead"), max_length=40)
    name_en = forms.CharField(label=gettext_lazy("Masthead in English"), max_length=80, required=False)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].lower()
        if code in ("new", "by-id", "bulk", "recipients", "key-periods", "settings") or Series.objects.filter(pk=code).exists():
            raise forms.ValidationError(_("This short code is taken."))
        return code


class SectionForm(DeskForm):
    name = forms.CharField(label=gettext_lazy("Heading"), max_length=40)
    name_en = forms.CharField(label=gettext_lazy("Heading in English"), max_length=80, required=False)


class RecipientForm(DeskModelForm):
    language = forms.ChoiceField(label=gettext_lazy("Language of the mail"), choices=settings.LANGUAGES, widget=forms.RadioSelect)

    class Meta:
        model = Recipient
        fields = ("name", "email", "language")


class KeyPeriodForm(DeskModelForm):
    class Meta:
        model = KeyPeriod
        fields = ("name", "since", "until")
        widgets = {"since": forms.DateInput(attrs={"type": "date"}), "until": forms.DateInput(attrs={"type": "date"})}

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("since") and values.get("until") and values["until"] < values["since"]:
            self.add_error("until", _("It ends before it begins."))
        return values


class SectionOf(forms.Form):
    """Which section of the series an act is about; filled in by the button, not by a person."""

    code = forms.SlugField(max_length=20, widget=forms.HiddenInput)


class MoveSectionForm(SectionOf):
    direction = forms.ChoiceField(choices=(("up", "up"), ("down", "down")), widget=forms.HiddenInput)


class RenameSectionForm(SectionForm):
    code = forms.SlugField(max_length=20, widget=forms.HiddenInput)
