"""Hand-over and duty log: written, signed by who leaves and by who comes, kept."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import User
from groundswell.desk.roster import papers
from groundswell.desk.roster.forms import LogForm, TextForm
from groundswell.desk.roster.models import DutyLog, HandOver
from groundswell.desk.roster.stretches import Stretch, starting
from groundswell.desk.spine.actions import Act, NotAllowed, Refused, action, subject

S = HandOver.State
subject("hand_over", HandOver, path="handover", state_field="state", name=gettext_lazy("Hand-over"))
subject("duty_log", DutyLog, path="roster/logs", name=gettext_lazy("Duty log of a shift"))


def _shift(stretch: Stretch) -> dict[str, Any]:
    return {"since": stretch.since, "until": stretch.until, "name": stretch.name, "name_en": stretch.name_en}


def may_leave(user: User, stretch: Stretch) -> bool:
    """Who signs as leaving: whoever stands in the shift; anybody where nobody is named."""
    return not stretch.people or user in stretch.people


@action(
    "hand_over.write",
    verb=gettext_lazy("Write the hand-over"),
    did=gettext_lazy("wrote the hand-over"),
    permission="note.write",
    form=TextForm,
    icon="edit",
    creates=True,
    on_chain=False,
)
def write(act: Act, _none: None, *, stretch: Stretch, text: str = "") -> HandOver:
    if HandOver.objects.filter(since=stretch.since).exists():
        raise Refused(_("Somebody began this hand-over already. Look at it and add what is missing."))
    return HandOver.objects.create(**_shift(stretch), text=text.strip())


@action(
    "hand_over.edit",
    verb=gettext_lazy("Save"),
    did=gettext_lazy("changed what is passed on"),
    permission="note.write",
    from_states=[S.DRAFT],
    form=TextForm,
    initial=lambda paper: {"text": paper.text},
    icon="edit",
    on_chain=False,
    tracks=("text",),
)
def edit(act: Act, paper: HandOver, *, text: str = "") -> None:
    paper.text = text.strip()


@action(
    "hand_over.sign",
    verb=gettext_lazy("Sign and hand over"),
    did=gettext_lazy("signed and handed over"),
    permission="note.write",
    from_states=[S.DRAFT],
    to_state=S.LEFT,
    icon="check",
    primary=True,
)
def sign(act: Act, paper: HandOver) -> None:
    """By who leaves: the facts stay as they stand now."""
    stretch = starting(paper.since)
    assert act.user is not None, "only a person signs"
    if stretch is not None and not may_leave(act.user, stretch):
        raise NotAllowed(_("Only who stands in this shift hands it over."))
    paper.facts = papers.hand_over_facts(stretch or Stretch(paper.name, paper.name_en, paper.since, paper.until), act.at)
    paper.left_by, paper.left_at = act.user, act.at


@action(
    "hand_over.take",
    verb=gettext_lazy("Read and take over"),
    did=gettext_lazy("took over"),
    permission="note.write",
    from_states=[S.LEFT],
    to_state=S.TAKEN,
    icon="check",
    primary=True,
)
def take(act: Act, paper: HandOver) -> None:
    """By who comes: another person than who left."""
    if act.by == paper.left_by_id:
        raise Refused(_("Whoever hands over does not take over. The coming officer signs this."))
    paper.taken_by, paper.taken_at = act.user, act.at


@action(
    "duty_log.sign",
    verb=gettext_lazy("Sign the log"),
    did=gettext_lazy("signed the log of %(shift)s"),
    permission="note.write",
    form=LogForm,
    icon="check",
    creates=True,
)
def sign_log(act: Act, _none: None, *, stretch: Stretch, text: str = "") -> DutyLog:
    """By who stood in the shift; its lines stay as they stand now."""
    assert act.user is not None, "only a person signs"
    if not may_leave(act.user, stretch):
        raise NotAllowed(_("Only who stood in this shift signs its log."))
    if DutyLog.objects.filter(since=stretch.since).exists():
        raise Refused(_("This log is signed already."))
    act.data = {"shift": stretch.name, "shift_en": stretch.name_en}
    return DutyLog.objects.create(
        **_shift(stretch), text=text.strip(), facts=papers.log_lines(stretch), signed_by=act.user, signed_at=act.at
    )
