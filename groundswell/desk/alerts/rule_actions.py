"""What people do to rules: propose, make, change, switch on, pause. Kept rules stay: alerts rest on them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.rights import may_propose
from groundswell.desk.alerts.models import About, Channel, Rule, RuleState
from groundswell.desk.spine.actions import Act, NotAllowed, action, subject

subject("alert_rule", Rule, path="alerts/rules", ref="pk", state_field="state", name=gettext_lazy("Alert rule"))
TRACKED = (
    "name", "name_en", "about", "level", "rose", "above", "least_items", "watch", "place", "source", "unit", "silent_hours", "night_level",
    "group_minutes", "accept_minutes", "attend_minutes", "state",
)  # fmt: skip
NOT_OF_A_SOURCE: dict[str, Any] = {"level": None, "rose": False, "above": None, "least_items": 1, "watch": None, "place": None}


def _made(act: Act, values: dict[str, Any], state: str) -> Rule:
    channels: Iterable[Channel] = values.pop("channels", ())
    rule = Rule.objects.create(
        **values, state=state, added_by=act.user, changed_at=act.at, enabled_at=act.at if state == RuleState.ENABLED else None
    )
    rule.channels.set(channels)
    return rule


@action(
    "alert_rule.make",
    verb=gettext_lazy("New alert rule"),
    did=gettext_lazy("made the rule"),
    permission="alert.rule",
    creates=True,
    icon="plus",
    tracks=TRACKED,
)
def make(act: Act, _none: None, **values: Any) -> Rule:
    return _made(act, values, RuleState.ENABLED)


@action(
    "alert_rule.propose",
    verb=gettext_lazy("Propose an alert rule"),
    did=gettext_lazy("proposed the rule"),
    permission="alert.pause",
    creates=True,
    tracks=TRACKED,
)
def propose(act: Act, _none: None, **values: Any) -> Rule:
    """What somebody may do who may not make one: an editor or administrator decides."""
    if act.user is not None and not may_propose(act.user, "alert.rule"):
        raise NotAllowed(_("You have no right to do this: %(verb)s.") % {"verb": _("Propose an alert rule")})
    return _made(act, values, RuleState.PROPOSED)


@action(
    "alert_rule.save",
    verb=gettext_lazy("Save"),
    did=gettext_lazy("changed the rule"),
    permission="alert.rule",
    tracks=TRACKED,
)
def save(act: Act, rule: Rule, *, channels: Iterable[Channel] | None = None, **values: Any) -> None:
    """What is under way keeps the chain with which it began."""
    for field, value in values.items():
        setattr(rule, field, value)
    if rule.about == About.SOURCE:
        for field, value in NOT_OF_A_SOURCE.items():
            setattr(rule, field, value)
    if channels is not None:
        rule.channels.set(channels)
    rule.changed_at = act.at


@action(
    "alert_rule.enable",
    verb=gettext_lazy("Switch on"),
    did=gettext_lazy("switched the rule on"),
    permission="alert.rule",
    from_states=[RuleState.PROPOSED, RuleState.PAUSED],
    to_state=RuleState.ENABLED,
    icon="play",
    tracks=("state", "enabled_at"),
    undoable=True,
)
def enable(act: Act, rule: Rule) -> None:
    """From now on: what was there before does not call."""
    rule.enabled_at = act.at


@action(
    "alert_rule.pause",
    verb=gettext_lazy("Pause"),
    did=gettext_lazy("paused the rule"),
    permission="alert.pause",
    from_states=[RuleState.ENABLED, RuleState.PROPOSED],
    to_state=RuleState.PAUSED,
    icon="pause",
    tracks=("state",),
    undoable=True,
)
def pause(act: Act, rule: Rule) -> None:
    """Whoever is on duty may silence a rule that calls for nothing."""
