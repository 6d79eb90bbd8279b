"""Forms about people: who they are, the roles they hold, what a leader is in charge of, a cell of the rights table."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.fields import PostChoice, day_field, unit_field
from groundswell.desk.accounts.models import Role, User
from groundswell.desk.accounts.rights_words import SCOPE_HINTS, SCOPES
from groundswell.desk.spine.forms import DeskForm, ReasonForm
from groundswell.desk.spine.ports import today

USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")
TAKEN_BY_SCREENS = frozenset({"add", "rights", "bulk", "charge"})


class PersonForm(DeskForm):
    """What is known of a member of staff. The public has no accounts, so this is about colleagues only."""

    name = forms.CharField(label=_("Full name"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    name_en = forms.CharField(label=_("Name in Latin letters"), max_length=60, required=False, help_text=_("Shown on English screens."))
    post = forms.CharField(
        label=_("Post"), max_length=60, required=False, help_text=_("As it stands on the duty roster, for example “deputy head of office”.")
    )
    post_en = forms.CharField(label=_("Post in English"), max_length=80, required=False)
    unit = unit_field(label=_("Unit"), required=False, help_text=_("A unit officer needs one: it decides what the officer sees."))
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    email = forms.EmailField(label=_("E-mail"), required=False)


class NewPersonForm(PersonForm):
    """The same for somebody new, with user name and first roles."""

    username = forms.CharField(
        label=_("User name"),
        max_length=40,
        help_text=_("Small Latin letters, digits, dot, hyphen; it cannot be changed later."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("From now on; dates can be set afterwards."),
    )
    field_order = ["name", "username", "roles", "unit", "name_en", "post", "post_en", "phone", "email"]

    def clean_username(self) -> str:
        username = str(self.cleaned_data["username"]).strip().lower()
        if not USERNAME.fullmatch(username) or username in TAKEN_BY_SCREENS:
            raise forms.ValidationError(
                _("Begin with a letter; use only small Latin letters, digits, dot, hyphen and underscore, for example “linxiao”.")
            )
        if User.objects.filter(username=username).exists():
            raise forms.ValidationError(_("Somebody has this user name already. Choose another one."))
        return username

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if Role.UNIT_OFFICER in values.get("roles", []) and not values.get("unit"):
            self.add_error("unit", _("A unit officer needs a unit."))
        return values


class SpanForm(DeskForm):
    """From a day to a day, the last one included; without an end until further notice."""

    since = day_field(label=_("From"), required=False, help_text=_("Empty: at once."))
    until = day_field(label=_("Through"), required=False, help_text=_("Empty: until further notice."))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        since, until = values.get("since") or today(), values.get("until")
        if until and until < since:
            self.add_error("until", _("The last day lies before the first."))
        return values


class GrantForm(SpanForm):
    """A role with dates."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)
    field_order = ["role", "since", "until"]


class EndForm(DeskForm):
    """The last day of something that a person holds, and why."""

    held = forms.IntegerField(widget=forms.HiddenInput)
    last_day = day_field(label=_("Last day"), required=False, help_text=_("Empty: it ends at once."))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class ChargeForm(SpanForm):
    """What a leader is in charge of: a unit, or a field of work in words."""

    unit = unit_field(label=_("Unit"), required=False)
    subject = forms.CharField(
        label=_("Or a field of work"), max_length=60, required=False, help_text=_("For example: water supply, schools.")
    )
    whole = forms.BooleanField(label=_("Or everything: the first leader"), required=False)
    field_order = ["unit", "subject", "whole", "since", "until"]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if sum(bool(values.get(name)) for name in ("unit", "subject", "whole")) != 1:
            self.add_error("unit", _("Choose a unit, write a field of work, or tick everything: one of the three."))
        return values


def _stand_ins() -> QuerySet[User]:
    return User.objects.filter(is_active=True, grants__role__in=[Role.LEADER, Role.DUTY]).distinct().order_by("id")


class AwayForm(DeskForm):
    """Days away, the last one included, and who stands in."""

    since = day_field(label=_("From"), required=False, help_text=_("Empty: today."))
    until = day_field(label=_("Last day"))
    stand_in = PostChoice(
        label=_("Who stands in"), queryset=User.objects.none(), required=False, help_text=_("Nobody named: the regular deputy.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].queryset = _stand_ins()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        since, until = values.get("since") or today(), values.get("until")
        if until and until < since:
            self.add_error("until", _("The last day lies before the first."))
        return values


class DeputyForm(SpanForm):
    """Who regularly stands in."""

    deputy = PostChoice(label=_("Deputy"), queryset=User.objects.none())
    field_order = ["deputy", "since", "until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = _stand_ins()  # type: ignore[attr-defined]


class RightForm(ReasonForm):
    """One cell of the rights table."""

    scope = forms.ChoiceField(
        label=_("How much"),
        choices=[(code, format_lazy("{} – {}", words, SCOPE_HINTS[code])) for code, words in SCOPES.items()],
        widget=forms.RadioSelect,
    )
    field_order = ["scope", "reason"]
