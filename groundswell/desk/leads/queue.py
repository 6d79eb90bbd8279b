"""What leads put into Today's queue: for keepers alone, number and state, nothing of the content."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may
from groundswell.desk.leads import clocks
from groundswell.desk.leads.models import Lead, Stage
from groundswell.desk.leads.retention import due_contacts, due_leads
from groundswell.desk.spine.queue import Button, Waiting, queue_source

MOST = 20
FIRST = {Stage.REGISTERED: "screen", Stage.SCREENED: "transfer", Stage.ANSWERED: "outcome"}


@queue_source
def to_be_handled(user: User, now: datetime) -> list[Waiting]:
    """To screen, to transfer, to write the outcome of; receipts and answers that are late."""
    if not may(user, "lead.keep"):
        return []
    leads = list(Lead.objects.filter(state__in=[*FIRST, Stage.TRANSFERRED, Stage.RECEIPTED]).order_by("pk")[: 5 * MOST])
    found = [_row(lead, clocks.next_of(lead, now)) for lead in leads]
    return [row for row in found if row is not None][:MOST]


def _row(lead: Lead, clock: clocks.Standing | None) -> Waiting | None:
    url = lead.get_absolute_url()
    waits = lead.state in FIRST
    if not waits and (clock is None or not (clock.state.is_overdue or clock.state.fraction_left < 0.25)):
        return None
    return Waiting(
        key=f"lead:{lead.pk}:{lead.state}",
        kind="lead",
        kind_words=_("Lead"),
        title=f"{lead.number} · {lead.get_state_display()}",
        url=url,
        why=clock.words if clock and not waits else str(lead.get_way_display()),
        button=Button(_("Open the lead"), url, "v"),
        due_at=clock.shown_at if clock and not waits else None,
        limit=clock.limit if clock and not waits else None,
    )


@queue_source
def past_their_time(user: User, now: datetime) -> list[Waiting]:
    """One row for all that a person may have destroyed now."""
    if not may(user, "lead.keep"):
        return []
    count = due_leads(now).count() + due_contacts(now).count()
    if not count:
        return []
    return [
        Waiting(
            key="lead:retention",
            kind="lead",
            kind_words=_("Lead"),
            title=_("Past their time: to be destroyed or kept"),
            url="/desk/leads/retention/",
            why=str(count),
            button=Button(_("Look through them"), "/desk/leads/retention/", "v"),
        )
    ]
