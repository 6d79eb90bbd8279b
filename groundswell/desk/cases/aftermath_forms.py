"""What is asked for consultations, situation reports and reviews."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.fields import NamedChoices, PostChoices, UnitChoice
from groundswell.desk.accounts.models import Role, Unit, User
from groundswell.desk.cases.aftermath import Improvement
from groundswell.desk.cases.forms import WITHIN
from groundswell.desk.spine.forms import DeskForm
from groundswell.desk.spine.ports import now, zone

BOXES = forms.CheckboxSelectMultiple


class PeopleField(PostChoices):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=User.objects.none(), required=False, **kwargs)


class UnitsField(NamedChoices):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Unit.objects.filter(is_active=True), required=False, **kwargs)


def staff() -> Any:
    """Who may be called to a consultation: duty officers, editors, leaders."""
    moment = now()
    held = User.objects.filter(is_active=True, grants__role__in=[Role.DUTY, Role.EDITOR, Role.LEADER], grants__since__lte=moment)
    return held.exclude(grants__until__lte=moment).distinct().order_by("id")


class MomentField(forms.DateTimeField):
    """A time in the body's zone, by the browser's own widget."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        return found.replace(tzinfo=zone()) if found is not None else None

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(zone()).replace(tzinfo=None) if hasattr(value, "astimezone") else value


class CallForm(DeskForm):
    """召集会商: what about, when, where, who."""

    title = forms.CharField(label=_("What about"), max_length=200)
    at = MomentField(label=_("When"))
    place = forms.CharField(label=_("Where"), max_length=120, required=False)
    agenda = forms.CharField(label=_("What is to be judged"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    people = PeopleField(label=_("People"))
    units = UnitsField(label=_("Units"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = staff()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("people") and not data.get("units"):
            self.add_error("people", _("Choose at least one person or unit."))
        return data


class AttendanceForm(DeskForm):
    present = PeopleField(label=_("People who were there"))
    present_units = UnitsField(label=_("Units that were there"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["present"].queryset = staff()  # type: ignore[attr-defined]


class ViewForm(DeskForm):
    speaker = forms.CharField(label=_("Whose view (post or unit)"), max_length=60)
    text = forms.CharField(label=_("View"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class DecideForm(DeskForm):
    text = forms.CharField(label=_("What is decided"), max_length=200)
    unit = UnitChoice(label=_("Unit that does it"))
    within = forms.TypedChoiceField(label=_("Answer within"), coerce=int, choices=WITHIN, initial=1)


class MinutesForm(DeskForm):
    text = forms.CharField(label=_("Minutes"), max_length=8000, widget=forms.Textarea(attrs={"rows": 12}))


class RhythmForm(DeskForm):
    hours = forms.TypedChoiceField(
        label=_("A situation report"),
        coerce=int,
        choices=(
            (0, _("none any more")),
            (2, _("every two hours")),
            (4, _("every four hours")),
            (12, _("twice a day")),
            (24, _("once a day")),
        ),
        widget=forms.RadioSelect,
        initial=4,
    )


class ReportForm(DeskForm):
    text = forms.CharField(
        label=_("Situation report"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Drafted from what happened since the last one. It is kept as you save it."),
    )


class ReviewForm(DeskForm):
    happened = forms.CharField(label=_("What happened, and why"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    good = forms.CharField(label=_("What went well"), max_length=3000, widget=forms.Textarea(attrs={"rows": 3}))
    bad = forms.CharField(label=_("What did not"), max_length=3000, widget=forms.Textarea(attrs={"rows": 3}))


class ImproveForm(DeskForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=Improvement.Kind.choices, widget=forms.RadioSelect)
    text = forms.CharField(label=_("What is done"), max_length=200)
    unit = UnitChoice(label=_("Unit that does it"))
    within = forms.TypedChoiceField(label=_("Answer within"), coerce=int, choices=WITHIN, initial=7)
