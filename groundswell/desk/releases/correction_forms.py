"""What is asked for a correction request."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.fields import NamedChoice
from groundswell.desk.releases.forms import is_web
from groundswell.desk.releases.grounds import choices
from groundswell.desk.releases.models import CorrectionRequest, Release
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.forms import DeskForm


class CorrectionForm(DeskForm):
    publisher = NamedChoice(
        label=gettext_lazy("Publisher"),
        queryset=Source.objects.none(),
        help_text=gettext_lazy("Media, public bodies and institutional accounts of the register of sources; never a private person."),
    )
    address = forms.URLField(label=gettext_lazy("Address of the page"), max_length=500, assume_scheme="https")
    headline = forms.CharField(label=gettext_lazy("In one line"), max_length=200)
    wrong = forms.CharField(
        label=gettext_lazy("The wrong statement"),
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Word by word."),
    )
    right = forms.CharField(label=gettext_lazy("What is right"), max_length=1500, widget=forms.Textarea(attrs={"rows": 3}))
    basis = forms.CharField(
        label=gettext_lazy("What shows it"),
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Documents, figures, dates."),
    )
    release = forms.ModelChoiceField(
        label=gettext_lazy("What the body published on it"),
        queryset=Release.objects.none(),
        required=False,
        empty_label=gettext_lazy("nothing"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["publisher"].queryset = Source.objects.filter(institutional=True)  # type: ignore[attr-defined]
        rows = Release.objects.filter(public__isnull=False).select_related("current")
        self.fields["release"].queryset = rows  # type: ignore[attr-defined]

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"])
        if not is_web(address):
            raise forms.ValidationError(_("Only an address on the web."))
        return address


def initial_text(correction: CorrectionRequest) -> dict[str, Any]:
    """What is written so far."""
    names = ("address", "headline", "wrong", "right", "basis")
    return {name: getattr(correction, name) for name in names} | {"publisher": correction.publisher_id, "release": correction.release_id}


class ApproveForm(DeskForm):
    ground = forms.ChoiceField(
        label=gettext_lazy("Ground of the secrecy review"),
        choices=lambda: choices("pass"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("The request will stand in the public register."),
    )


class SendForm(DeskForm):
    way = forms.ChoiceField(label=gettext_lazy("How it was sent"), choices=CorrectionRequest.Way.choices, widget=forms.RadioSelect)


class AnswerForm(DeskForm):
    text = forms.CharField(
        label=gettext_lazy("What the publisher answered"),
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Stands in the public register."),
    )


class CloseForm(DeskForm):
    result = forms.ChoiceField(label=gettext_lazy("Result"), choices=CorrectionRequest.Result.choices, widget=forms.RadioSelect)
