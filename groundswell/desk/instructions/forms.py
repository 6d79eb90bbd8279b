"""What a leader, or the office for him, is asked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.fields import NamedChoices, PostChoice
from groundswell.desk.accounts.models import Role, Unit, User
from groundswell.desk.cases.forms import WITHIN
from groundswell.desk.entry.pictures import ACCEPTED
from groundswell.desk.instructions.house_rules import phrases
from groundswell.desk.instructions.models import Way
from groundswell.desk.spine.forms import DeskForm
from groundswell.desk.spine.ports import now, today

LONGEST = timedelta(days=180)
ON_A_DAY = -1


def leaders() -> QuerySet[User]:
    """People who hold the role of a leader now."""
    moment = now()
    rows = User.objects.filter(is_active=True, grants__role=Role.LEADER, grants__since__lte=moment)
    return rows.exclude(grants__role=Role.LEADER, grants__until__lte=moment).distinct().order_by("id")


def _units() -> QuerySet[Unit]:
    return Unit.objects.filter(is_active=True)


class InstructForm(DeskForm):
    """批示: a quick phrase or own words, to whom, by when."""

    phrase = forms.ChoiceField(label=_("Quick phrase"), required=False, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Own words"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    )
    units = NamedChoices(
        label=_("To whom"), queryset=Unit.objects.none(), required=False, help_text=_("Where none is chosen the office finds the unit.")
    )
    within = forms.TypedChoiceField(
        label=_("Answer within"), coerce=int, choices=(*WITHIN, (ON_A_DAY, _("by the day below"))), initial=1, widget=forms.RadioSelect
    )
    date = forms.DateField(label=_("By the day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = _units()  # type: ignore[attr-defined]
        self.fields["phrase"].choices = [(text, text) for text in phrases()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        words = [part for part in (data.pop("phrase", ""), data.get("text", "").strip()) if part]
        data["text"] = "\n".join(words)
        if not words:
            self.add_error("text", _("Choose a phrase or write a line."))
        day: date | None = data.get("date")
        if data.get("within") != ON_A_DAY:
            data["date"] = None
        elif day is None:
            self.add_error("date", _("Say by which day."))
        elif not today() <= day <= today() + LONGEST:
            self.add_error("date", _("Choose a day from today on, within half a year."))
        if data.get("within") == ON_A_DAY:
            data["within"] = 0
        return data


class RecordForm(InstructForm):
    """The same for a leader who spoke or wrote on paper."""

    by = PostChoice(label=_("Leader"), queryset=User.objects.none())
    way = forms.ChoiceField(
        label=_("How it was given"),
        choices=[
            (Way.SPOKEN, _("spoken: the leader confirms it with one tap")),
            (Way.PAPER, _("on paper: with a scan or photograph of it")),
        ],
        initial=Way.SPOKEN,
        widget=forms.RadioSelect,
    )
    scan = forms.FileField(
        label=_("Scan or photograph"),
        required=False,
        help_text=_("PNG, JPEG or WebP, up to 10 MB; kept only in the sealed archive."),
        widget=forms.FileInput(attrs={"accept": ",".join(ACCEPTED)}),
    )
    field_order = ("by", "way", "scan")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by"].queryset = leaders()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("way") == Way.PAPER and not data.get("scan"):
            self.add_error("scan", _("An instruction on paper comes with its scan."))
        return data


class PassForm(DeskForm):
    """转批: to another leader, with a word."""

    to = PostChoice(label=_("To which leader"), queryset=User.objects.none())
    text = forms.CharField(label=_("A word to it"), required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = leaders()  # type: ignore[attr-defined]


class HandOutForm(DeskForm):
    """转办: which units do what, by when."""

    title = forms.CharField(label=_("What is to be done"), max_length=200)
    units = NamedChoices(label=_("Units"), queryset=Unit.objects.none())
    within = forms.TypedChoiceField(label=_("Answer within"), coerce=int, choices=WITHIN, initial=1)
    text = forms.CharField(label=_("In detail"), max_length=1500, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = _units()  # type: ignore[attr-defined]


class FeedbackForm(DeskForm):
    text = forms.CharField(label=_("Feedback to the leader"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8}))
