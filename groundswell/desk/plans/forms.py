"""What is asked before an act on a response or a step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.fields import PostChoice, UnitChoice
from groundswell.desk.accounts.models import Role, User
from groundswell.desk.cases.forms import WITHIN
from groundswell.desk.plans.models import GRADE_CHOICES, Plan
from groundswell.desk.spine.forms import DeskForm
from groundswell.desk.spine.ports import now


def holders(*roles: str) -> Any:
    """Active people who hold one of ROLES now."""
    moment = now()
    rows = User.objects.filter(is_active=True, grants__role__in=roles, grants__since__lte=moment).exclude(grants__until__lte=moment)
    return rows.distinct().order_by("id")


class LeaderForm(DeskForm):
    """Who decides."""

    leader = PostChoice(label=_("Leader who decides"), queryset=User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = holders(Role.LEADER)  # type: ignore[attr-defined]


class GradeField(forms.TypedChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, choices=GRADE_CHOICES, widget=forms.RadioSelect, **kwargs)


class AskForm(LeaderForm):
    """请示启动: which plan at which grade, why, of whom."""

    plan = forms.ModelChoiceField(label=_("Plan"), queryset=Plan.objects.filter(is_active=True), to_field_name="code", empty_label=None)
    grade = GradeField(label=_("Response grade asked for"))
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
    field_order: tuple[str, ...] = ("plan", "grade", "reason", "leader")


class DrillForm(AskForm):
    """A drill: the same, with what is supposed to happen."""

    title = forms.CharField(label=_("What is supposed to happen"), max_length=200)
    text = forms.CharField(label=_("The scene in detail"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    field_order = ("title", "text", "plan", "grade", "reason", "leader")


class DecideForm(DeskForm):
    grade = GradeField(label=_("Response grade"))
    reason = forms.CharField(label=_("Words to the desk"), max_length=200, required=False)


class GradeForm(DeskForm):
    grade = GradeField(label=_("Response grade"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class EndForm(DeskForm):
    conclusion = forms.CharField(label=_("How it ended"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class LegalForm(DeskForm):
    """突发事件等级 as it was announced; the desk computes none."""

    level = forms.TypedChoiceField(
        label=_("Level of the emergency, as announced"),
        coerce=int,
        choices=((1, _("Ⅰ especially grave")), (2, _("Ⅱ grave")), (3, _("Ⅲ larger")), (4, _("Ⅳ common"))),
        widget=forms.RadioSelect,
        help_text=_("Copied from the organ that the law names. It is neither the opinion level nor the response grade."),
    )
    organ = forms.CharField(label=_("Who set it, and in which paper"), max_length=120)


class RoleForm(DeskForm):
    role = forms.ChoiceField(label=_("Role"))
    user = PostChoice(label=_("Person"), queryset=User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        from groundswell.desk.plans.playbook import Role as RoleRow

        rows: list[RoleRow] = self.initial.pop("roles", [])
        self.fields["role"].choices = [(row.code, str(row.words)) for row in rows]  # type: ignore[attr-defined]
        self.fields["user"].queryset = holders(Role.DUTY, Role.EDITOR, Role.LEADER)  # type: ignore[attr-defined]


class DoneForm(DeskForm):
    note = forms.CharField(
        label=_("In a few words, what was done"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class HandForm(DeskForm):
    """A step as a task of the case."""

    unit = UnitChoice(label=_("Unit"))
    title = forms.CharField(label=_("What is to be done"), max_length=200)
    text = forms.CharField(label=_("In detail"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    within = forms.TypedChoiceField(label=_("Answer within"), coerce=int, choices=WITHIN, initial=0)


class DrillReviewForm(DeskForm):
    good = forms.CharField(label=_("What went well"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    bad = forms.CharField(label=_("What did not"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    next = forms.CharField(label=_("What is changed, by whom, by when"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
