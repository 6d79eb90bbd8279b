"""What people change about a series: its words and clocks, its sections, who receives it; and key periods."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from groundswell.desk.bulletins import forms
from groundswell.desk.bulletins.models import IssueItem, IssueState, KeyPeriod, Recipient, Series
from groundswell.desk.spine.actions import Act, Refused, action, subject
from groundswell.desk.spine.ports import today

subject("series", Series, path="bulletins", ref="code", name=gettext_lazy("Series"), id_field="serial")
subject("recipient", Recipient, path="bulletins/recipients", name=gettext_lazy("Recipient"))
subject("key_period", KeyPeriod, path="bulletins/key-periods", name=gettext_lazy("Key period"))
MAY = "bulletin.series"
FIELDS = forms.SeriesForm.Meta.fields
MOST_SECTIONS = 12


@action(
    "series.make",
    verb=gettext_lazy("New series"),
    did=gettext_lazy("made the series"),
    permission=MAY,
    creates=True,
    icon="plus",
    tracks=("name",),
)
def make(act: Act, record: None, *, code: str, name: str, name_en: str) -> Series:
    """A series begins with the sections and lists of the daily brief, which its editor then changes."""
    model = Series.objects.order_by("code").first()
    ground = (
        {field: getattr(model, field) for field in ("sections", "classification", "report_to", "send_to", "office", "office_en")}
        if model
        else {}
    )
    return Series.objects.create(code=code, name=name, name_en=name_en, **ground)


@action("series.save", verb=gettext_lazy("Save"), did=gettext_lazy("changed the series"), permission=MAY, tracks=FIELDS, undoable=True)
def save(act: Act, series: Series, **values: Any) -> None:
    for name in FIELDS:
        setattr(series, name, values[name])


def _place(series: Series, code: str) -> int:
    places = [place for place, section in enumerate(series.sections) if section["code"] == code]
    if not places:
        raise Refused(_("The series has no such section any more."))
    return places[0]


@action(
    "series.add_section",
    verb=gettext_lazy("Add section"),
    did=gettext_lazy("added the section “%(section)s”"),
    permission=MAY,
    form=forms.SectionForm,
    icon="plus",
    tracks=("sections",),
    undoable=True,
)
def add_section(act: Act, series: Series, *, name: str, name_en: str) -> None:
    if len(series.sections) >= MOST_SECTIONS:
        raise Refused(_("A series has %(n)s sections at most.") % {"n": MOST_SECTIONS})
    taken = {section["code"] for section in series.sections}
    code = next(f"s{number}" for number in range(1, 1000) if f"s{number}" not in taken)
    series.sections = [*series.sections, {"code": code, "name": name, "name_en": name_en}]
    act.data = {"section": name}


@action(
    "series.rename_section",
    verb=gettext_lazy("Rename section"),
    did=gettext_lazy("renamed the section “%(section)s”"),
    permission=MAY,
    form=forms.RenameSectionForm,
    icon="edit",
    tracks=("sections",),
    undoable=True,
)
def rename_section(act: Act, series: Series, *, code: str, name: str, name_en: str) -> None:
    place = _place(series, code)
    act.data = {"section": series.sections[place]["name"]}
    series.sections = [
        section | {"name": name, "name_en": name_en} if number == place else section for number, section in enumerate(series.sections)
    ]


@action(
    "series.move_section",
    verb=gettext_lazy("Move section"),
    did=gettext_lazy("moved the section “%(section)s”"),
    permission=MAY,
    form=forms.MoveSectionForm,
    quick=True,
    tracks=("sections",),
    undoable=True,
)
def move_section(act: Act, series: Series, *, code: str, direction: str) -> None:
    place = _place(series, code)
    other = place + (-1 if direction == "up" else 1)
    if not 0 <= other < len(series.sections):
        raise Refused(_("It stands at the end already."))
    rows = list(series.sections)
    rows[place], rows[other] = rows[other], rows[place]
    act.data = {"section": rows[other]["name"]}
    series.sections = rows


@action(
    "series.drop_section",
    verb=gettext_lazy("Take section out"),
    did=gettext_lazy("took the section “%(section)s” out"),
    permission=MAY,
    form=forms.SectionOf,
    quick=True,
    icon="x",
    tracks=("sections",),
    undoable=True,
)
def drop_section(act: Act, series: Series, *, code: str) -> None:
    """Only where no open issue has a piece in it; signed issues keep their own words."""
    place = _place(series, code)
    if len(series.sections) == 1:
        raise Refused(_("A series needs one section at least."))
    done = (IssueState.ISSUED, IssueState.CARRIED)
    if IssueItem.objects.filter(issue__series=series, section=code).exclude(issue__state__in=done).exists():
        raise Refused(_("An open issue has items in this section. Move them first."))
    act.data = {"section": series.sections[place]["name"]}
    series.sections = [section for section in series.sections if section["code"] != code]


@action(
    "series.add_recipient",
    verb=gettext_lazy("Add recipient"),
    did=gettext_lazy("added the recipient %(name)s"),
    permission=MAY,
    form=forms.RecipientForm,
    initial=lambda series: {"language": "zh-hans"},
    icon="plus",
)
def add_recipient(act: Act, series: Series, *, name: str, email: str, language: str) -> None:
    if series.recipients.filter(email__iexact=email).exists():
        raise Refused(_("This address stands on the list already."))
    Recipient.objects.create(series=series, name=name, email=email, language=language)
    act.data = {"name": name}


@action(
    "recipient.change",
    verb=gettext_lazy("Change"),
    did=gettext_lazy("changed the recipient"),
    permission=MAY,
    form=forms.RecipientForm,
    initial=lambda one: {"name": one.name, "email": one.email, "language": one.language},
    icon="edit",
    tracks=("name", "email", "language"),
    undoable=True,
)
def change_recipient(act: Act, recipient: Recipient, *, name: str, email: str, language: str) -> None:
    recipient.name, recipient.email, recipient.language = name, email, language


@action(
    "recipient.stop",
    verb=gettext_lazy("Send no more"),
    did=gettext_lazy("took the recipient off the list"),
    permission=MAY,
    icon="pause",
    tracks=("is_active",),
    undoable=True,
)
def stop_recipient(act: Act, recipient: Recipient, **_values: Any) -> None:
    if not recipient.is_active:
        raise Refused(_("Nothing is sent to this address already."))
    recipient.is_active = False


@action(
    "recipient.resume",
    verb=gettext_lazy("Send again"),
    did=gettext_lazy("put the recipient on the list again"),
    permission=MAY,
    icon="play",
    tracks=("is_active",),
    undoable=True,
)
def resume_recipient(act: Act, recipient: Recipient, **_values: Any) -> None:
    recipient.is_active = True


@action(
    "key_period.make",
    verb=gettext_lazy("New key period"),
    did=gettext_lazy("set the key period"),
    permission=MAY,
    creates=True,
    icon="plus",
    tracks=("name", "since", "until"),
)
def make_key_period(act: Act, record: None, *, name: str, since: Any, until: Any) -> KeyPeriod:
    return KeyPeriod.objects.create(name=name, since=since, until=until)


@action(
    "key_period.change",
    verb=gettext_lazy("Change"),
    did=gettext_lazy("changed the key period"),
    permission=MAY,
    form=forms.KeyPeriodForm,
    initial=lambda period: {"name": period.name, "since": period.since, "until": period.until},
    icon="edit",
    tracks=("name", "since", "until"),
    undoable=True,
)
def change_key_period(act: Act, period: KeyPeriod, *, name: str, since: Any, until: Any) -> None:
    period.name, period.since, period.until = name, since, until


@action(
    "key_period.end",
    verb=pgettext_lazy("key period", "End it"),
    did=gettext_lazy("ended the key period"),
    permission=MAY,
    icon="check",
    tracks=("since", "until"),
    undoable=True,
)
def end_key_period(act: Act, period: KeyPeriod, **_values: Any) -> None:
    """From today on the usual clocks hold again; one that has not begun never does."""
    day = today()
    if period.until < day:
        raise Refused(_("It is over already."))
    period.until = day - timedelta(days=1)
    period.since = min(period.since, period.until)
