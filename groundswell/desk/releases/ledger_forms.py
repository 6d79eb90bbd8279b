"""The form of a ledger, made from its kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.fields import NamedChoices, UnitChoice
from groundswell.desk.accounts.models import User
from groundswell.desk.releases.forms import is_web
from groundswell.desk.releases.ledger_kinds import Field, LedgerKind
from groundswell.desk.releases.models import LedgerRow
from groundswell.desk.spine.forms import DeskForm
from groundswell.desk.spine.ports import today


def staff() -> Any:
    return User.objects.filter(is_active=True, unit=None)


MADE: dict[str, Callable[..., forms.Field]] = {
    "text": lambda _row, **how: forms.CharField(max_length=120, **how),
    "long": lambda _row, **how: forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), **how),
    "number": lambda row, **how: forms.IntegerField(min_value=row.least, max_value=row.most, **how),
    "choice": lambda row, **how: forms.ChoiceField(
        choices=[*([] if row.required else [("", "—")]), *((each.code, each.words) for each in row.choices)], **how
    ),
    "url": lambda _row, **how: forms.URLField(max_length=500, assume_scheme="https", **how),
    "people": lambda _row, **how: NamedChoices(queryset=staff(), **how),
}


class LedgerForm(DeskForm):
    """Day, title, unit and what the kind asks besides; ``values()`` is what the row keeps."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    title = forms.CharField(max_length=200)
    unit = UnitChoice(label=gettext_lazy("Unit"), required=False, empty_label=gettext_lazy("the office itself"))

    def __init__(self, *args: Any, kind: LedgerKind, row: LedgerRow | None = None, **kwargs: Any) -> None:
        initial = {"day": today()}
        if row is not None:
            initial = {"day": row.day, "title": row.title, "unit": row.unit_id} | row.values
        super().__init__(*args, initial=initial, **kwargs)
        self.kind = kind
        self.fields["title"].label = str(kind.title)
        for each in kind.fields:
            self.fields[each.code] = _field(each)

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day > today():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for each in self.kind.fields:
            if each.type == "url" and data.get(each.code) and not is_web(data[each.code]):
                self.add_error(each.code, _("Only an address on the web."))
        return data

    def values(self) -> dict[str, Any]:
        """What the row keeps, as JSON data: people by their keys."""
        found = {each.code: self.cleaned_data.get(each.code) for each in self.kind.fields}
        people = {each.code for each in self.kind.fields if each.type == "people"}
        return {
            code: [user.pk for user in value or ()] if code in people else value for code, value in found.items() if value not in (None, "")
        }

    def said(self) -> dict[str, Any]:
        """The arguments of the acts."""
        data = self.cleaned_data
        return {"day": data["day"], "title": data["title"], "unit": data.get("unit"), "values": self.values()}


def _field(row: Field) -> forms.Field:
    return MADE[row.type](row, label=str(row.words), required=row.required, help_text=str(row.hint or ""))
