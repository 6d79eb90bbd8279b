"""What alerts put into Today's queue: those that call the person, and proposed rules for who decides."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may
from groundswell.desk.alerts import queries
from groundswell.desk.alerts.models import Rule, RuleState, State
from groundswell.desk.alerts.reasons import sentences
from groundswell.desk.alerts.texts import title_of
from groundswell.desk.spine.queue import Button, Waiting, queue_source
from groundswell.desk.spine.shell import named


@queue_source
def alerts_that_call(user: User, now: datetime) -> list[Waiting]:
    """Alerts with a step of USER's that has begun, or accepted by USER and not attended yet."""
    if not may(user, "alert.accept"):
        return []
    return [_waiting(row) for row in queries.waiting_for(user, now) if row.alert.state != State.ACCEPTED or row.until]


def _waiting(row: queries.Row) -> Waiting:
    alert = row.alert
    url = alert.get_absolute_url()
    accepted = alert.state == State.ACCEPTED
    return Waiting(
        key=f"alert:{alert.pk}:{alert.state}",
        kind="alert",
        kind_words=_("Alert"),
        title=title_of(alert),
        url=url,
        why=sentences(alert.reason),
        button=Button(_("Look"), url, "v") if accepted else Button(_("Accept"), f"{url}accept/", "c", post=True),
        due_at=row.until or alert.starts_at,
        limit=row.limit,
        level=alert.level,
    )


@queue_source
def proposed_rules(user: User, now: datetime) -> list[Waiting]:
    """Rules that somebody proposed."""
    if not may(user, "alert.rule"):
        return []
    rows = Rule.objects.filter(state=RuleState.PROPOSED).select_related("added_by").order_by("pk")[:10]
    return [
        Waiting(
            key=f"alert-rule:{rule.pk}:proposed",
            kind="alert",
            kind_words=_("Alert rule proposed"),
            title=named(rule),
            url=rule.get_absolute_url(),
            why=_("%(who)s proposes it") % {"who": named(rule.added_by)},
            button=Button(_("Decide"), rule.get_absolute_url()),
        )
        for rule in rows
    ]
