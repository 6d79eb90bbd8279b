"""What keepers are asked. No field is called ``reason``: the frame keeps such words on the timeline in clear."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.fields import PostChoice
from groundswell.desk.accounts.models import User
from groundswell.desk.instructions.forms import leaders
from groundswell.desk.leads.identifying import Reason
from groundswell.desk.leads.models import Lead, Organ, Result, Verdict, Way
from groundswell.desk.leads.package import BadKey, recipient_of
from groundswell.desk.spine.forms import DeskForm
from groundswell.desk.spine.ports import today
from groundswell.desk.spine.shell import named
from groundswell.engine.text.secrecy import secrecy_mark

OFF = {"autocomplete": "off"}
FILES = "image/png,image/jpeg,image/webp,application/pdf"
WHY_READ = (
    ("screen", _("to screen it")),
    ("transfer", _("to prepare the transfer")),
    ("organ", _("to answer a question of the organ")),
    ("outcome", _("to write or check the outcome")),
    ("supervise", _("to supervise, as the leader named on it")),
    ("retention", _("to decide on its destruction")),
)


def _area(label: Any, rows: int, most: int, required: bool = True, hint: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, **OFF})
    return forms.CharField(label=label, max_length=most, required=required, help_text=hint, widget=widget)


def _line(label: Any, most: int, required: bool = True, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required, help_text=hint, widget=forms.TextInput(attrs=OFF))


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, initial=today, widget=forms.DateInput(attrs={"type": "date"}))


def refuse_secrets(text: str) -> None:
    """Texts that bear a secrecy mark do not belong into this system."""
    if mark := secrecy_mark(text):
        raise forms.ValidationError(
            now_("The text bears the secrecy mark “%(mark)s”. This system is not made for state secrets; use the way that is.")
            % {"mark": mark}
        )


class RegisterForm(DeskForm):
    """A lead that came by letter, telephone or visit."""

    way = forms.ChoiceField(
        label=_("How it came"), choices=[row for row in Way.choices if row[0] != Way.STREAM], initial=Way.PAPER, widget=forms.RadioSelect
    )
    matter = _line(_("What it is about"), 200, hint=_("One line; sealed like everything below."))
    text = _area(_("What was told"), 10, 20_000, hint=_("As it was told. Nothing is added and nothing is looked into here."))
    contact = _area(
        _("Contact data of who told it"), 2, 500, False, _("Destroyed a year after closing. They go to the organ only where you say so.")
    )
    file = forms.FileField(
        label=_("Scan or photograph"),
        required=False,
        help_text=_("PNG, JPEG, WebP or PDF, up to 10 MB. Pictures are drawn anew, so that place and device are gone."),
        widget=forms.FileInput(attrs={"accept": FILES}),
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        refuse_secrets(text)
        return text


class ReadForm(DeskForm):
    why = forms.ChoiceField(label=_("Why do you read it?"), choices=WHY_READ, widget=forms.RadioSelect)


class NoteForm(DeskForm):
    text = _area(_("Note"), 4, 4000, hint=_("Sealed; keepers and named leaders read it."))


class AttachForm(DeskForm):
    file = forms.FileField(
        label=_("Scan or photograph"),
        help_text=_("PNG, JPEG, WebP or PDF, up to 10 MB. Pictures are drawn anew, so that place and device are gone."),
        widget=forms.FileInput(attrs={"accept": FILES}),
    )


class OrganField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{named(obj)} · {obj.competence}"


class ScreenForm(DeskForm):
    """It belongs to an organ."""

    organ = OrganField(label=_("To whom it belongs"), queryset=Organ.objects.none(), empty_label=None, widget=forms.RadioSelect)
    text = _area(_("Why it belongs there"), 3, 2000, False, _("Sealed."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organ"].queryset = Organ.objects.filter(is_active=True)  # type: ignore[attr-defined]


class AsideForm(DeskForm):
    """It is not transferred."""

    verdict = forms.ChoiceField(
        label=_("Why is it not transferred?"),
        choices=[row for row in Verdict.choices if row[0] != Verdict.BELONGS],
        widget=forms.RadioSelect,
    )
    repeats = forms.CharField(
        label=_("Number of the earlier lead"), required=False, help_text=_("Where it is the same matter, such as XS-2026-0001.")
    )
    text = _area(_("In words"), 3, 2000, False, _("Sealed."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        number = (data.pop("repeats", "") or "").strip().upper()
        data["repeats"] = Lead.objects.filter(number=number).first() if number else None
        if data.get("verdict") == Verdict.REPEATED and data["repeats"] is None:
            self.add_error("repeats", now_("There is no lead with this number."))
        elif data.get("verdict") != Verdict.REPEATED:
            data["repeats"] = None
        return data


class TransferForm(DeskForm):
    letter = _area(_("Covering letter"), 4, 4000, False, _("Goes along inside the sealed package."))
    with_contact = forms.BooleanField(label=_("Whoever told it agreed that the contact data go along"), required=False)


class ReceiptForm(DeskForm):
    number = _line(_("Number of the receipt"), 60)
    day = _day(_("Day of the receipt"))
    text = _area(_("What else it says"), 2, 2000, False)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > today():
            raise forms.ValidationError(now_("This day is still to come."))
        return day


class FeedbackForm(ReceiptForm):
    number = _line(_("Number of the answer"), 60, False)
    day = _day(_("Day of the answer"))
    result = forms.ChoiceField(label=_("Result"), choices=Result.choices, widget=forms.RadioSelect)
    text = _area(_("What the organ reports"), 8, 8000)
    field_order = ("result", "number", "day", "text")


class NameLeaderForm(DeskForm):
    leader = PostChoice(label=_("Leader"), queryset=User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = leaders()  # type: ignore[attr-defined]


class OutcomeForm(DeskForm):
    """What the public is to be told."""

    title = _line(_("Heading of the outcome"), 80)
    text = _area(_("Outcome"), 6, 1500, hint=_("What was found and what follows; nobody's name, no place that is small, no day."))
    title_en = _line(_("Heading of the outcome in English"), 160, False)
    text_en = _area(_("Outcome in English"), 5, 3000, False)
    knowing = forms.BooleanField(label=_("I looked at every doubt below; none of them points to a person"), required=False)


class PassForm(DeskForm):
    knowing = forms.BooleanField(
        label=_("I read it as somebody from the place would: it points neither to who told it nor to who is meant"),
        error_messages={"required": _("Without this it does not pass.")},
    )


class SureForm(DeskForm):
    """Something that cannot be taken back."""

    sure = forms.BooleanField(label=_("I am sure; it cannot be taken back"), error_messages={"required": _("Tick the box to go on.")})


class OrganForm(DeskForm):
    name = _line(_("Name"), 60)
    name_en = _line(_("Name in English"), 80, False)
    competence = _area(_("What belongs to it"), 2, 300)
    recipient = _line(_("Public key (age)"), 200, hint=_("Begins with age1. The secret half never leaves the organ."))
    key_checked = _line(
        _("How the key was compared"), 200, hint=_("Such as: read out by telephone on 12 October, the first and last ten characters.")
    )

    def clean_recipient(self) -> str:
        try:
            return str(recipient_of(self.cleaned_data["recipient"]))
        except BadKey as wrong:
            raise forms.ValidationError(str(wrong)) from None


def doubts(found: list[Reason]) -> str:
    """Reasons in one line, for a refusal."""
    return " ".join(each.words for each in found)
