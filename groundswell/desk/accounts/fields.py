"""Form fields for units, places and dates, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import Place, Unit, User
from groundswell.desk.spine.ports import now, today, zone
from groundswell.desk.spine.shell import named


class NamedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One record out of a table, shown by its name in the present language."""

    def label_from_instance(self, obj: Any) -> str:
        return named(obj)


class NamedChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several of them, ticked."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return named(obj)


def with_post(person: User) -> str:
    return f"{named(person)} · {person.post_words}" if person.post_words else named(person)


class PostChoice(NamedChoice):
    """A person, with the post."""

    def label_from_instance(self, obj: Any) -> str:
        return with_post(obj)


class PostChoices(NamedChoices):
    """Several of them, ticked."""

    def label_from_instance(self, obj: Any) -> str:
        return with_post(obj)


class UnitChoice(NamedChoice):
    """A unit in use."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(queryset=Unit.objects.filter(is_active=True), **rest)


def unit_field(**rest: Any) -> UnitChoice:
    """A unit in use, or none."""
    return UnitChoice(empty_label=_("none"), **rest)


def place_field(**rest: Any) -> NamedChoice:
    """A place in use."""
    return NamedChoice(Place.objects.filter(is_active=True), empty_label=_("none"), **rest)


def day_field(**rest: Any) -> forms.DateField:
    """A day of the body's calendar."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **rest)


def from_day(day: date | None) -> datetime:
    """The moment from which something holds that holds from DAY: at once where that is today, else midnight of the body."""
    if day is None or day == today():
        return now()
    return datetime.combine(day, time(), zone())


def through_day(day: date | None) -> datetime | None:
    """The end of DAY, at which something ends that holds through it; at once where DAY lies in the past."""
    if day is None:
        return None
    return max(datetime.combine(day + timedelta(days=1), time(), zone()), now()) if day >= today() else now()
