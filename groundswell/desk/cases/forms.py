"""What is asked before a move is made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.fields import UnitChoice
from groundswell.desk.cases.kinds import case_kinds
from groundswell.desk.cases.kinds import kinds as all_kinds
from groundswell.desk.spine.forms import DeskForm, ReasonForm

WITHIN = (
    (0, _("today")),
    (1, _("one working day")),
    (3, _("three working days")),
    (5, _("five working days")),
    (7, _("seven working days")),
    (15, _("fifteen working days")),
)


class AnswerForm(DeskForm):
    text = forms.CharField(label=_("Answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))


class FollowForm(DeskForm):
    until = forms.ChoiceField(
        label=_("Follow"),
        choices=(("quiet", _("until its story was quiet so long")), ("time", _("for so long"))),
        widget=forms.RadioSelect,
        initial="quiet",
        required=False,
    )
    days = forms.TypedChoiceField(
        label=_("Back in the queue after"),
        coerce=int,
        choices=((1, _("a day")), (3, _("three days")), (7, _("a week")), (30, _("a month"))),
        widget=forms.RadioSelect,
        initial=3,
        help_text=_("It comes back earlier by itself when its story rises again or leaves its forecast."),
    )


class OutcomeForm(DeskForm):
    outcome = forms.CharField(label=_("What came of it"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class HandToForm(DeskForm):
    unit = UnitChoice(label=_("Unit"))


class TaskForm(DeskForm):
    """A task for one unit."""

    title = forms.CharField(label=_("What is to be done"), max_length=200)
    text = forms.CharField(label=_("In detail"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    unit = UnitChoice(label=_("Unit"))
    within = forms.TypedChoiceField(label=_("Answer within"), coerce=int, choices=WITHIN, initial=1)


class ExtendForm(DeskForm):
    """More time on a clock, with its reason."""

    clock = forms.CharField(widget=forms.HiddenInput)
    n = forms.IntegerField(label=_("By how much, in the clock's own unit"), min_value=1, max_value=60)
    reason = forms.CharField(label=_("Reason"), max_length=200)


class OpenForm(DeskForm):
    """A case that comes from no story: a message, a request, a task from above, a list."""

    kind = forms.ChoiceField(label=_("Kind"), widget=forms.RadioSelect)
    sort = forms.ChoiceField(label=_("Sort of message"), required=False)
    title = forms.CharField(label=_("Title"), max_length=200)
    text = forms.CharField(label=_("What it is about"), max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 5}))
    letter = forms.CharField(label=_("Number of the letter from above"), max_length=80, required=False)
    date = forms.DateField(label=_("Due on, as the letter says"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    unit = UnitChoice(label=_("Lead unit"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.code, str(kind.words)) for kind in case_kinds() if kind.code != "incident"]  # type: ignore[attr-defined]
        sorts = [(code, str(sort.words)) for kind in case_kinds() for code, sort in kind.sorts.items()]
        self.fields["sort"].choices = [("", "—"), *sorts]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = all_kinds().get(data.get("kind", ""))
        if kind is None:
            return data
        if kind.sorts and data.get("sort") not in kind.sorts:
            self.add_error("sort", _("Say which sort of message it is: its time limit hangs on that."))
        if kind.dated and not data.get("date"):
            self.add_error("date", _("Say by which day the letter wants the answer."))
        if not kind.sorts:
            data["sort"] = ""
        return data


MOVE_FORMS: dict[str, type[forms.Form] | None] = {
    "": None,
    "reason": ReasonForm,
    "answer": AnswerForm,
    "follow": FollowForm,
    "outcome": OutcomeForm,
    "unit": HandToForm,
}
