"""Forms of the settings, drawn from their table: a field for each kind, with its bounds and what must fit together."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groundswell.desk.spine.forms import DeskForm, WordsField
from groundswell.desk.spine.preferences import SPECS, Spec, preference

TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\]")


def field_name(key: str) -> str:
    """A setting's name inside a form: dots would be read as paths by templates."""
    return key.replace(".", "__")


def _text(spec: Spec) -> forms.Field:
    return forms.CharField(max_length=400, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))


def _whole(spec: Spec) -> forms.Field:
    bounds = (None if bound is None else int(bound) for bound in (spec.minimum, spec.maximum))
    return forms.IntegerField(min_value=next(bounds), max_value=next(bounds))


def _number(spec: Spec) -> forms.Field:
    return forms.FloatField(min_value=spec.minimum, max_value=spec.maximum)


def _choice(spec: Spec) -> forms.Field:
    return forms.ChoiceField(choices=spec.choices)


def _time(spec: Spec) -> forms.Field:
    wrong = _("A time of day such as 17:00.")
    return forms.RegexField(
        TIME, error_messages={"invalid": wrong}, widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6, "placeholder": "17:00"})
    )


def _secret(spec: Spec) -> forms.Field:
    return forms.CharField(max_length=400, required=False, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))


class TimesField(WordsField):
    """Times of day, separated by commas."""

    widget = forms.TextInput  # type: ignore[assignment]

    def clean(self, value: Any) -> list[str]:
        times = super().clean(value)
        for one in times:
            if not TIME.fullmatch(one):
                raise forms.ValidationError(gettext("“%(time)s” is no time of day; write for example 08:30, 17:00.") % {"time": one})
        return sorted(times)


KINDS: dict[str, Callable[[Spec], forms.Field]] = {
    "text": _text,
    "int": _whole,
    "float": _number,
    "bool": lambda spec: forms.BooleanField(required=False),
    "list": lambda spec: WordsField(required=False),
    "time": _time,
    "times": lambda spec: TimesField(required=False),
    "choice": _choice,
    "secret": _secret,
}


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise forms.ValidationError(
            gettext("There is no time zone “%(zone)s”. Names look like Asia/Shanghai.") % {"zone": value}
        ) from error
    return value


def _shift(value: str) -> str:
    """From a time of the day to a later one."""
    first, dash, last = value.partition("-")
    if not (dash and TIME.fullmatch(first) and TIME.fullmatch(last) and first < last):
        raise forms.ValidationError(gettext("From and until, for example 08:00-17:30; the night shift is the rest of the day."))
    return value


def _host(value: str) -> str:
    if value and not HOST.fullmatch(value):
        raise forms.ValidationError(gettext("Only the server's name, without https:// and without a port, for example mail.example.org."))
    return value


def _address(value: str) -> str:
    if value:
        forms.EmailField().clean(value.rsplit("<", 1)[-1].rstrip(">"))
    return value


CHECKS: dict[str, Callable[[str], str]] = {"body.zone": _zone, "duty.day_shift": _shift, "mail.host": _host, "mail.sender": _address}


def _levels_fall(values: dict[str, Any]) -> tuple[str, str] | None:
    """Level I must ask for more than II, II for more than III."""
    for upper, lower in (("judge.level_one", "judge.level_two"), ("judge.level_two", "judge.level_three")):
        if upper in values and lower in values and values[upper] <= values[lower]:
            return upper, gettext("It must be above “%(other)s”.") % {"other": SPECS[lower].label}
    return None


TOGETHER: dict[str, tuple[Callable[[dict[str, Any]], tuple[str, str] | None], ...]] = {"judge": (_levels_fall,)}


class SettingsForm(DeskForm):
    """All settings of one part. ``values`` holds key → value after validation, without untouched secrets."""

    def __init__(self, *args: Any, part: str, may_change: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part = part
        self.specs = [spec for spec in SPECS.values() if spec.part == part]
        for spec in self.specs:
            field: Any = KINDS.get(spec.kind, _text)(spec)
            field.label, field.help_text, field.disabled = spec.label, spec.hint, not may_change
            field.initial = "" if spec.kind == "secret" else preference(spec.key)
            self.fields[field_name(spec.key)] = field

    @property
    def values(self) -> dict[str, Any]:
        plain = {spec.key: self.cleaned_data[field_name(spec.key)] for spec in self.specs if field_name(spec.key) in self.cleaned_data}
        return {key: value for key, value in plain.items() if SPECS[key].kind != "secret" or value}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for spec in self.specs:
            name = field_name(spec.key)
            if spec.key in CHECKS and name in values:
                try:
                    values[name] = CHECKS[spec.key](values[name])
                except forms.ValidationError as error:
                    self.add_error(name, error)
        for check in TOGETHER.get(self.part, ()):
            wrong = check({spec.key: values[field_name(spec.key)] for spec in self.specs if field_name(spec.key) in values})
            if wrong:
                self.add_error(field_name(wrong[0]), wrong[1])
        return values


class NoticeForm(DeskForm):
    """The yearly notice of holidays, pasted in."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    source = forms.CharField(
        label=_("Number of the notice"), max_length=120, required=False, help_text=_("As it stands on the notice; kept with each day.")
    )
    text = forms.CharField(
        label=_("Text of the notice"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8, "lang": "zh-Hans"}),
        help_text=_("The whole text or only its numbered lines. Nothing is saved before you have seen what was read."),
    )


class DayForm(DeskForm):
    """One day of the calendar."""

    what = forms.ChoiceField(
        label=_("This day"),
        choices=(("work", _("is a working day")), ("rest", _("is a day of rest")), ("usual", _("is as the usual list has it"))),
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("Name"), max_length=80, required=False, help_text=_("For example the name of the holiday."))
