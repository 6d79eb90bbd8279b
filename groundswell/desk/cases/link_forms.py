"""What a one-time link asks of the unit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundswell.desk.entry.pictures import ACCEPTED
from groundswell.desk.spine.forms import DeskForm


class NameForm(DeskForm):
    """Who acts for the unit."""

    who = forms.CharField(label=_("Your name"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "name"}))


class AnswerForm(NameForm):
    text = forms.CharField(label=_("Answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))
    photo = forms.FileField(
        label=_("Photograph"),
        required=False,
        help_text=_("PNG, JPEG or WebP, up to 10 MB. It is kept sealed; place and camera are taken out."),
        widget=forms.FileInput(attrs={"accept": ",".join(ACCEPTED)}),
    )
    field_order = ("text", "photo", "who")


class GiveBackForm(NameForm):
    reason = forms.CharField(label=_("Why it is not yours, and whose it is"), max_length=200)
    field_order = ("reason", "who")


class SendBackForm(NameForm):
    reason = forms.CharField(label=_("What should be otherwise"), max_length=200)
    field_order = ("reason", "who")


FORMS: dict[str, type[NameForm]] = {
    "sign": NameForm,
    "answer": AnswerForm,
    "give_back": GiveBackForm,
    "approve": NameForm,
    "send_back": SendBackForm,
}


def form_for(act: str, wanted: str, data: Any = None, files: Any = None, **initial: Any) -> NameForm:
    """The form of ACT, filled where ACT is the one that was sent (WANTED)."""
    shape = FORMS[act]
    return shape(data, files, prefix=act) if act == wanted and data is not None else shape(prefix=act, initial=initial)
