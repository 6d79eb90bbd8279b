"""What is asked: whom one told by telephone, what a report says, to whom it goes, to whom it was handed on."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.leaders import leaders
from groundswell.desk.accounts.models import Role, User
from groundswell.desk.flash.drafting import HEADS
from groundswell.desk.flash.house_rules import offices
from groundswell.desk.flash.models import Delivery, Kind, Report, Way
from groundswell.desk.spine.forms import DeskForm
from groundswell.desk.spine.ports import local_now, zone
from groundswell.desk.spine.shell import named

LEVELS = ((1, _("Ⅰ Critical")), (2, _("Ⅱ Major")), (3, _("Ⅲ Serious")), (4, _("Ⅳ Minor")))


def _line(user: User) -> str:
    who = named(user.unit) if user.unit_id else user.post_words
    return " · ".join(part for part in (named(user), who, user.phone) if part)


def callees() -> list[tuple[Any, list[tuple[str, str]]]]:
    """Whom one may tell, in groups with their numbers: leaders, offices outside, units, the desk."""
    led = list(leaders().prefetch_related("grants"))
    others = User.objects.filter(is_active=True).exclude(pk__in=[user.pk for user in led]).select_related("unit").prefetch_related("grants")
    units = others.filter(unit__isnull=False).order_by("unit__sort_key", "id")
    desk = others.filter(unit=None, grants__role__in=[Role.DUTY, Role.EDITOR]).distinct().order_by("id")
    found: list[tuple[Any, list[tuple[str, str]]]] = [
        (_("Leaders"), [(f"u:{user.pk}", _line(user)) for user in led]),
        (_("Offices outside"), [(f"o:{n}", f"{name} {number}".strip()) for n, (name, number) in enumerate(offices())]),
        (_("Units"), [(f"u:{user.pk}", _line(user)) for user in units]),
        (_("The desk"), [(f"u:{user.pk}", _line(user)) for user in desk]),
    ]
    return [(words, rows) for words, rows in found if rows]


class CallForm(DeskForm):
    """Whom, what, when: all of it filled in but for what was really said."""

    to = forms.ChoiceField(label=_("Told by telephone"), required=False)
    other = forms.CharField(
        label=_("Or somebody who is not on the list"), required=False, max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    text = forms.CharField(label=_("What was told"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
    at = forms.TimeField(
        label=_("At"), required=False, help_text=_("Empty: now."), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", "—"), *callees()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("to") and not (data.get("other") or "").strip():
            self.add_error("to", _("Say whom you told."))
        clock: time | None = data.get("at")
        now = local_now()
        if clock is not None and datetime.combine(now.date(), clock, zone()) > now:
            self.add_error("at", _("This time has not come yet."))
        return data


class WriteForm(DeskForm):
    """The whole report: title and each head, Chinese first."""

    level = forms.TypedChoiceField(label=_("Level"), coerce=int, choices=LEVELS)
    title = forms.CharField(label=_("Title"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, words in HEADS.items():
            self.fields[code] = forms.CharField(label=words, required=False, max_length=1500, widget=forms.Textarea(attrs={"rows": 2}))  # type: ignore[arg-type]
            self.fields[f"{code}_en"] = forms.CharField(
                label=_("the same in English"), required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 2})
            )

    def keep_heads(self, report: Report) -> None:
        """Only the heads that REPORT has."""
        for code in HEADS:
            if code not in report.facts:
                del self.fields[code], self.fields[f"{code}_en"]


class SendForm(DeskForm):
    """To whom, and why although something is not in order."""

    to = forms.MultipleChoiceField(label=_("Recipients"), required=False, widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(
        label=_("Reason for sending it all the same"), required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class HandForm(DeskForm):
    """To whom the text, picture or file was given outside the desk."""

    name = forms.CharField(label=_("Given to"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    way = forms.ChoiceField(
        label=_("How"), choices=[(Way.MESSENGER, Way.MESSENGER.label), (Way.PAPER, Way.PAPER.label)], initial=Way.MESSENGER
    )
    form = forms.ChoiceField(
        label=_("In which form"),
        choices=(("text", _("200 characters")), ("picture", _("the picture")), ("file", _("the file"))),
        initial="text",
    )


class ResendForm(DeskForm):
    delivery = forms.ModelChoiceField(queryset=Delivery.objects.all(), required=False)


class KindForm(DeskForm):
    """A 续报 or the last report."""

    kind = forms.ChoiceField(label=_("Which report"), choices=[(Kind.FOLLOW, Kind.FOLLOW.label), (Kind.FINAL, Kind.FINAL.label)])


class CorrectForm(DeskForm):
    text = forms.CharField(
        label=_("What was wrong, and what is right"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was sent stays as it is. A further report in the same series says so."),
    )
