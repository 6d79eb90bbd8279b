"""Duty notes (值班记事): a line in the log, perhaps left for the next officer, until somebody ticks it off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundswell.desk.spine.actions import Act, action, subject
from groundswell.desk.spine.forms import DeskForm
from groundswell.desk.spine.models import DutyNote, Snooze

subject("note", DutyNote, path="notes", name=_("Duty note"))
subject("snooze", Snooze, path="snoozes", name=_("Put off"))


class NoteForm(DeskForm):
    """What happened, and whether the next officer must see to it."""

    text = forms.CharField(
        label=_("What happened or must be remembered"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4, "autofocus": True})
    )
    for_next = forms.BooleanField(label=_("Leave it in the queue until somebody ticks it off"), required=False)


class PutOffForm(DeskForm):
    """Until when, and why."""

    subject = forms.CharField(widget=forms.HiddenInput)
    hours = forms.TypedChoiceField(
        label=_("Until"),
        coerce=int,
        choices=((1, _("in one hour")), (3, _("in three hours")), (12, _("in twelve hours")), (24, _("tomorrow at this time"))),
        widget=forms.RadioSelect,
        initial=1,
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


@action(
    "note.write",
    verb=_("Log a note"),
    did=_("logged a note"),
    permission="note.write",
    creates=True,
    form=NoteForm,
    key="n",
    icon="plus",
    on_chain=False,
)
def write(act: Act, record: None, *, text: str, for_next: bool = False) -> DutyNote:
    return DutyNote.objects.create(at=act.at, by_id=act.by, text=text.strip(), for_next=for_next)


@action(
    "note.tick_off",
    verb=_("Tick off"),
    did=_("ticked it off"),
    permission="note.write",
    key="d",
    icon="check",
    tracks=("done_at", "done_by"),
    undoable=True,
    on_chain=False,
)
def tick_off(act: Act, note: DutyNote, **_values: Any) -> None:
    note.done_at, note.done_by = act.at, act.user
