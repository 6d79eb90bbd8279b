"""What is done to an alert: raised by the program, accepted, given back, lost again, dealt with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.alerts import chain
from groundswell.desk.alerts.matching import Reason
from groundswell.desk.alerts.models import CALLING, Alert, Ended, Outcome, Rule, State
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.actions import Act, Refused, action, subject
from groundswell.desk.spine.forms import DeskForm, ReasonForm
from groundswell.desk.spine.numbering import take_number
from groundswell.desk.spine.ports import zone
from groundswell.desk.stories.models import Story

subject("alert", Alert, path="alerts", ref="number", state_field="state", name=gettext_lazy("Alert"))


class DoneForm(DeskForm):
    """What came of it: the trial of rules counts by it."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Was it right to call?"), choices=Outcome.choices, widget=forms.RadioSelect, initial=Outcome.RIGHT
    )
    note = forms.CharField(
        label=gettext_lazy("What was done"), required=False, max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


@action(
    "alert.raise",
    verb=gettext_lazy("Raise an alert"),
    did=gettext_lazy("raised by the rule “%(rule)s”"),
    permission="alert.program",  # nobody has it: only the program raises
    creates=True,
)
def raise_one(
    act: Act,
    _none: None,
    *,
    rule: Rule,
    reasons: list[Reason],
    level: int | None,
    seen: dict[str, Any],
    story: Story | None = None,
    source: Source | None = None,
) -> Alert:
    """With its number and the chain that it will go through."""
    from groundswell.desk.alerts.raising import waits

    year = act.at.astimezone(zone()).year
    made = Alert.objects.create(
        number=f"AL-{year}-{take_number(f'AL:{year}'):04d}",
        rule=rule,
        story=story,
        source=source,
        level=level,
        reason=reasons,
        seen=seen,
        raised_at=act.at,
        starts_at=waits(rule, level, act.at) or act.at,
        told_at=act.at,
        attend_minutes=rule.attend_minutes,
    )
    chain.lay(made)
    made.save()
    act.data = {"rule": rule.name, "rule_en": rule.name_en or rule.name}
    return made


@action(
    "alert.accept",
    verb=gettext_lazy("Accept"),
    did=gettext_lazy("accepted it"),
    permission="alert.accept",
    from_states=CALLING,
    to_state=State.ACCEPTED,
    key="c",
    icon="check",
)
def accept(act: Act, alert: Alert) -> None:
    """Stops the step that runs, and only that one: it is looked at again when its time to be attended is over."""
    alert.accepted_by, alert.accepted_at = act.user, act.at
    alert.next_at = act.at + timedelta(minutes=alert.attend_minutes)
    running = alert.steps.filter(fired_at__isnull=False, ended="")
    running.update(ended=Ended.ACCEPTED, ended_at=act.at, ended_by=act.user)
    alert.sendings.filter(state="waiting").update(state="dropped", next_try_at=None)


@action(
    "alert.give_back",
    verb=gettext_lazy("Give back"),
    did=gettext_lazy("gave it back: %(reason)s"),
    permission="alert.accept",
    from_states=[State.ACCEPTED],
    to_state=State.RETURNED,
    form=ReasonForm,
    icon="undo",
)
def give_back(act: Act, alert: Alert, *, reason: str) -> None:
    """The next of the chain is called at once."""
    if alert.accepted_by_id != act.by:
        raise Refused(_("Only who accepted it gives it back."))
    _open_again(act, alert)
    act.data = {"reason": reason}


@action(
    "alert.lapse",
    verb=gettext_lazy("Open again"),
    did=gettext_lazy("nothing was done within %(minutes)s minutes: open again"),
    permission="alert.program",
    from_states=[State.ACCEPTED],
    to_state=State.RETURNED,
)
def lapse(act: Act, alert: Alert, *, minutes: int) -> None:
    """Accepted but unattended; the program does it."""
    _open_again(act, alert)
    act.data = {"minutes": minutes}


def _open_again(act: Act, alert: Alert) -> None:
    alert.accepted_by, alert.accepted_at, alert.next_at = None, None, act.at


@action(
    "alert.finish",
    verb=gettext_lazy("Dealt with"),
    did=gettext_lazy("dealt with it: %(outcome)s"),
    permission="alert.accept",
    from_states=[State.ACCEPTED],
    to_state=State.DONE,
    form=DoneForm,
    key="d",
    icon="check",
)
def finish(act: Act, alert: Alert, *, outcome: str, note: str = "") -> None:
    """The end of it. What it was counts where a rule is tried on the past."""
    from groundswell.desk.alerts.texts import in_both

    alert.outcome, alert.done_by, alert.done_at, alert.next_at = outcome, act.user, act.at, None
    act.data = in_both("outcome", lambda: str(Outcome(outcome).label)) | {"note": note}


@action(
    "alert.send_again",
    verb=gettext_lazy("Send again what failed"),
    did=gettext_lazy("sent again what had failed: %(n)s messages"),
    permission="alert.accept",
    from_states=CALLING,
    icon="send",
)
def send_again(act: Act, alert: Alert) -> None:
    """Once the channel is mended."""
    rows = alert.sendings.filter(state="failed").exclude(channel=None).exclude(cause="no_address")
    count = rows.update(state="waiting", tries=0, next_try_at=act.at, cause="", answer="")
    if not count:
        raise Refused(_("Nothing has failed here."))
    act.data = {"n": count}
