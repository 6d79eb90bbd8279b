"""A plan as forms: its head, its roles, its grades, its steps; read from and back into the data of a version."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import Unit
from groundswell.desk.plans.models import GRADE_CHOICES
from groundswell.desk.plans.playbook import LEAD, METRICS, Playbook, span_of
from groundswell.desk.spine.forms import DeskForm, WordsField
from groundswell.desk.spine.shell import named

AREA = {"rows": 3}


class HeadForm(DeskForm):
    zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=60)
    en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80)
    about_zh = forms.CharField(label=gettext_lazy("For what, in Chinese"), max_length=500, widget=forms.Textarea(attrs=AREA))
    about_en = forms.CharField(label=gettext_lazy("For what, in English"), max_length=800, widget=forms.Textarea(attrs=AREA))
    words = WordsField(label=gettext_lazy("Proposed for stories with these words"), required=False)
    not_words = WordsField(label=gettext_lazy("But not with these"), required=False)
    reason = forms.CharField(label=gettext_lazy("Why it is changed"), max_length=200)


class RoleForm(DeskForm):
    """One role; empty names in both languages take it out, unless steps are done in it."""

    code = forms.SlugField(max_length=30, required=False, widget=forms.HiddenInput)
    zh = forms.CharField(label=gettext_lazy("Role in Chinese"), max_length=40, required=False)
    en = forms.CharField(label=gettext_lazy("Role in English"), max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("zh")) != bool(data.get("en")):
            self.add_error("en" if data.get("zh") else "zh", _("It is wanted in both languages."))
        return data


class GradeForm(DeskForm):
    """One grade: what it means and from which figures on it is proposed."""

    grade = forms.TypedChoiceField(choices=GRADE_CHOICES, coerce=int, widget=forms.HiddenInput)
    zh = forms.CharField(label=gettext_lazy("Meaning in Chinese"), max_length=120, required=False)
    en = forms.CharField(label=gettext_lazy("Meaning in English"), max_length=160, required=False)
    level = forms.TypedChoiceField(
        label=gettext_lazy("Opinion level or higher"),
        choices=(("", "—"), *GRADE_CHOICES),
        coerce=int,
        empty_value=None,
        required=False,
    )
    items = forms.IntegerField(label=gettext_lazy("Items, at least"), min_value=1, max_value=1_000_000, required=False)
    sources = forms.IntegerField(label=gettext_lazy("Sources, at least"), min_value=1, max_value=10_000, required=False)
    rate = forms.IntegerField(label=gettext_lazy("Items an hour, at least"), min_value=1, max_value=100_000, required=False)
    negative = forms.IntegerField(label=gettext_lazy("Negative, per cent at least"), min_value=1, max_value=100, required=False)


class StepForm(DeskForm):
    """One step; empty names in both languages take it out."""

    code = forms.SlugField(max_length=30, required=False, widget=forms.HiddenInput)
    place = forms.IntegerField(label=gettext_lazy("Order"), min_value=1, max_value=99, required=False)
    zh = forms.CharField(label=gettext_lazy("Step in Chinese"), max_length=120, required=False)
    en = forms.CharField(label=gettext_lazy("Step in English"), max_length=160, required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    grade = forms.TypedChoiceField(
        label=gettext_lazy("From grade"), choices=GRADE_CHOICES, coerce=int, required=False, empty_value="4", initial=4
    )
    within = forms.CharField(label=gettext_lazy("Within"), max_length=5, required=False, help_text=gettext_lazy("20m, 2h, 1d"))
    every = forms.CharField(label=gettext_lazy("And again every"), max_length=5, required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit that gets the task"), required=False)
    days = forms.IntegerField(label=gettext_lazy("Working days for the answer"), min_value=0, max_value=30, required=False)
    text_zh = forms.CharField(label=gettext_lazy("Text in Chinese"), max_length=1000, required=False, widget=forms.Textarea(attrs=AREA))
    text_en = forms.CharField(label=gettext_lazy("Text in English"), max_length=1500, required=False, widget=forms.Textarea(attrs=AREA))

    def __init__(self, *args: Any, book: Playbook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(row.code, str(row.words)) for row in book.roles]  # type: ignore[attr-defined]
        units = [(unit.code, named(unit)) for unit in Unit.objects.filter(is_active=True)]
        units += [(step.unit, step.unit) for step in book.steps if step.unit not in {"", LEAD, *(code for code, _name in units)}]
        self.fields["unit"].choices = [("", "—"), (LEAD, _("the lead unit of the case")), *dict(units).items()]  # type: ignore[attr-defined]

    def _span(self, name: str) -> str:
        text = str(self.cleaned_data.get(name) or "").strip()
        if text:
            try:
                span_of(text)
            except ValueError:
                raise forms.ValidationError(_("Write 20m, 2h or 1d.")) from None
        return text

    def clean_within(self) -> str:
        return self._span("within")

    def clean_every(self) -> str:
        return self._span("every")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.is_used:
            for one, other in (("zh", "en"), ("text_zh", "text_en")):
                if bool(data.get(one)) != bool(data.get(other)):
                    self.add_error(other if data.get(one) else one, _("It is wanted in both languages."))
            if not data.get("within") and "within" not in self.errors:
                self.add_error("within", _("Say within which time."))
        return data

    @property
    def is_used(self) -> bool:
        return bool(self.cleaned_data.get("zh") or self.cleaned_data.get("en"))


StepSet: type[BaseFormSet[Any]] = formset_factory(StepForm, extra=2, max_num=60)
RoleSet: type[BaseFormSet[Any]] = formset_factory(RoleForm, extra=2, max_num=20)
GradeSet: type[BaseFormSet[Any]] = formset_factory(GradeForm, extra=0, max_num=4)


def head_of(book: Playbook) -> dict[str, Any]:
    """What the head form shows."""
    return {
        "zh": book.zh, "en": book.en, "about_zh": book.about.zh, "about_en": book.about.en,
        "words": list(book.words), "not_words": list(book.not_words),
    }  # fmt: skip


def roles_of(book: Playbook) -> list[dict[str, Any]]:
    return [{"code": row.code, "zh": row.zh, "en": row.en} for row in book.roles]


def grades_of(book: Playbook) -> list[dict[str, Any]]:
    rows = {row.grade: row for row in book.grades}
    return [
        {"grade": number} | ({"zh": row.zh, "en": row.en} | row.thresholds if (row := rows.get(number)) else {}) for number in (1, 2, 3, 4)
    ]


def steps_of(book: Playbook) -> list[dict[str, Any]]:
    return [
        {
            "code": step.code, "place": n, "zh": step.zh, "en": step.en, "role": step.role, "grade": step.grade, "within": step.within,
            "every": step.every, "unit": step.unit, "days": step.days,
            "text_zh": step.text.zh if step.text else "", "text_en": step.text.en if step.text else "",
        }
        for n, step in enumerate(book.steps, 1)
    ]  # fmt: skip


def _coded(rows: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """ROWS that have their names, each with a code: its own, or the next free one of KIND."""
    taken = {row["code"] for row in rows if row.get("code")}
    free = (code for n in range(1, 200) if (code := f"{kind}-{n}") not in taken)
    return [row | {"code": row.get("code") or next(free)} for row in rows if row.get("zh") and row.get("en")]


def data_from(
    book: Playbook, head: dict[str, Any], roles: list[dict[str, Any]], grades: list[dict[str, Any]], steps: list[dict[str, Any]]
) -> dict[str, Any]:
    """The data of the next version of BOOK out of what was put into the forms."""
    made = []
    for n, row in enumerate(_coded(steps, "step")):
        text = {"zh": row["text_zh"], "en": row["text_en"]} if row.get("text_zh") else None
        fields = {name: row.get(name) or "" for name in ("zh", "en", "role", "within", "every", "unit")}
        step = {"code": row["code"], "grade": int(row.get("grade") or 4), "days": row.get("days") or 0, "text": text} | fields
        made.append((row.get("place") or 99, n, step))
    return {
        "code": book.code,
        "zh": head["zh"], "en": head["en"], "about": {"zh": head["about_zh"], "en": head["about_en"]},
        "words": head["words"], "not_words": head["not_words"], "units": list(book.units), "credibility": book.credibility,
        "roles": [{name: row[name] for name in ("code", "zh", "en")} for row in _coded(roles, "role")],
        "grades": [
            {"grade": row["grade"], "zh": row["zh"], "en": row["en"]} | {name: row[name] for name in METRICS if row.get(name)}
            for row in grades
            if row.get("zh") and row.get("en")
        ],
        "steps": [step for _place, _n, step in sorted(made, key=lambda each: each[:2])],
    }  # fmt: skip


def roles_lost(book: Playbook, data: dict[str, Any]) -> list[str]:
    """Names of the roles of BOOK that steps in DATA still need and its roles lack."""
    kept = {row["code"] for row in data["roles"]}
    return [str(role.words) for step in data["steps"] if step["role"] not in kept and (role := book.role(step["role"]))]
