"""Reading and planning who reads: a source was read and nothing found; a plan is made, changed, ended."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import Right, User
from groundswell.desk.reading import book
from groundswell.desk.sources.models import Reading, ReadingDuty, Source
from groundswell.desk.spine.actions import Act, Refused, action, subject
from groundswell.desk.spine.forms import DeskForm
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.shell import both_names, named

subject("reading", Reading, path="reading/log", name=gettext_lazy("Reading"))
subject("reading_duty", ReadingDuty, path="reading/plan", name=gettext_lazy("Reading plan"))
MOST_TIMES = 24
TIME = re.compile(r"^(?P<h>[01]?\d|2[0-3])(?:[:：.](?P<m>[0-5]\d)|[点时](?P<m2>[0-5]\d)?分?)?$")
PLAN = ("reader", "times", "key_times", "days", "since", "until")


class TimesField(forms.CharField):
    """Times of the day: "8:30 11:30、16点"."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}))
        super().__init__(max_length=300, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return " ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        words = [word for word in re.split(r"[\s,，、;；/]+", super().clean(value)) if word]
        found = [TIME.match(word) for word in words]
        wrong = next((word for word, match in zip(words, found, strict=True) if match is None), "")
        if wrong:
            raise forms.ValidationError(_("“%(word)s” is no time of the day. Such as 08:30 11:30 16:30.") % {"word": wrong})
        if len(words) > MOST_TIMES:
            raise forms.ValidationError(_("More than %(n)s times a day cannot be planned.") % {"n": MOST_TIMES})
        return sorted({f"{int(match['h']):02d}:{match['m'] or match['m2'] or '00'}" for match in found if match})


def readers() -> Any:
    """People who may keep the reading book."""
    roles = Right.objects.filter(permission="source.reading", scope="all").values_list("role", flat=True)
    return User.objects.filter(is_active=True, grants__role__in=list(roles)).distinct().order_by("id")


class PlanForm(DeskForm):
    reader = forms.ModelChoiceField(
        label=gettext_lazy("Who reads it?"), queryset=User.objects.none(), required=False, empty_label=gettext_lazy("whoever is on duty")
    )
    times = TimesField(label=gettext_lazy("At which times?"), help_text=gettext_lazy("Such as 08:30 11:30 16:30."))
    days = forms.ChoiceField(label=gettext_lazy("On which days?"), choices=ReadingDuty.Days.choices, initial=ReadingDuty.Days.DAILY)
    key_times = TimesField(
        label=gettext_lazy("Times in key periods"), required=False, help_text=gettext_lazy("Instead of the usual ones; empty: the same.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reader = self.fields["reader"]
        reader.queryset, reader.label_from_instance = readers(), named  # type: ignore[attr-defined]


class NewPlanForm(PlanForm):
    sources = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Sources"), queryset=Source.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("sources", "reader", "times", "days", "key_times")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources = self.fields["sources"]
        sources.queryset = Source.objects.filter(kind="manual", state="active").order_by("sort_key", "id")  # type: ignore[attr-defined]
        sources.label_from_instance = named  # type: ignore[attr-defined]


def take_reading_back(_act: Act, reading: Reading, _entry: Entry) -> None:
    """The book says again that it was not read."""
    if reading.found:
        raise Refused(_("Something was entered from this reading. Take that back first."))
    reading.delete()


@action(
    "reading.done",
    verb=gettext_lazy("Read, nothing found"),
    did=gettext_lazy("read %(source)s, nothing found"),
    permission="source.reading",
    creates=True,
    icon="check",
    tracks=("found",),
    undoable=True,
    on_undo=take_reading_back,
    on_chain=False,
)
def done(act: Act, _none: None, *, source: Source, note: str = "") -> Reading:
    """已阅，无情况. A reading that was made a moment ago is not made twice."""
    act.data = both_names("source", source)
    return Reading.objects.create(
        source=source, reader_id=act.by, at=act.at, planned_at=book.planned_for(source, act.at), found=0, note=note[:200]
    )


def end_duty(act: Act, duty: ReadingDuty, _entry: Entry) -> None:
    duty.until = act.at
    duty.version += 1
    duty.save()


@action(
    "reading_duty.make",
    verb=gettext_lazy("Plan readings"),
    did=gettext_lazy("planned: %(source)s, %(times)s, %(reader)s"),
    permission="source.edit",
    creates=True,
    icon="plus",
    tracks=PLAN,
    undoable=True,
    on_undo=end_duty,
)
def make(act: Act, _none: None, *, source: Source, reader: User | None, times: list[str], days: str, key_times: list[str]) -> ReadingDuty:
    act.data = _said(source, reader, times)
    return ReadingDuty.objects.create(source=source, reader=reader, times=times, days=days, key_times=key_times, since=act.at)


def undo_change(_act: Act, duty: ReadingDuty, entry: Entry) -> None:
    """The plan as it was holds again, also for the past; the row that kept it is not needed any more."""
    ReadingDuty.objects.filter(pk=entry.data.get("kept")).delete()


@action(
    "reading_duty.change",
    verb=gettext_lazy("Change the plan"),
    did=gettext_lazy("planned: %(source)s, %(times)s, %(reader)s"),
    permission="source.edit",
    form=PlanForm,
    initial=lambda duty: {"reader": duty.reader_id, "times": duty.times, "days": duty.days, "key_times": duty.key_times},
    key="e",
    icon="edit",
    tracks=PLAN,
    undoable=True,
    on_undo=undo_change,
)
def change(act: Act, duty: ReadingDuty, *, reader: User | None, times: list[str], days: str, key_times: list[str]) -> None:
    """From now on it is so; what held before is kept beside it, so that past days show the plan that they had."""
    kept = _kept(duty, act.at)
    act.data = _said(duty.source, reader, times) | {"kept": kept}
    duty.reader, duty.times, duty.days, duty.key_times, duty.since = reader, times, days, key_times, act.at


@action(
    "reading_duty.end",
    verb=gettext_lazy("Nobody reads it any more"),
    did=gettext_lazy("ended the plan: %(source)s"),
    permission="source.edit",
    icon="x",
    tracks=("until",),
    undoable=True,
)
def end(act: Act, duty: ReadingDuty, **_values: Any) -> None:
    if duty.until is not None:
        raise Refused(_("This plan has ended already."))
    act.data = both_names("source", duty.source)
    duty.until = act.at


def _kept(duty: ReadingDuty, until: datetime) -> int:
    row = ReadingDuty.objects.get(pk=duty.pk)
    row.pk, row.until = None, until
    row.save(force_insert=True)
    return int(row.pk or 0)


def _said(source: Source, reader: User | None, times: list[str]) -> dict[str, Any]:
    return {"source": source.name, "times": " ".join(times), "reader": reader.name if reader else "—"}
