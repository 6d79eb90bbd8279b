"""A signed issue to its list by mail: one row a recipient, tried again with growing pauses, one failing never in another's way.

A row is locked while its mail is under way and marked in the same transaction, so that two workers never send it twice and a worker
that is killed leaves it waiting. The Message-ID is the same at every try: a server that took a mail whose worker then died knows it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from groundswell.desk.bulletins import mail
from groundswell.desk.bulletins.models import Dispatch, Issue
from groundswell.desk.spine import ports
from groundswell.desk.spine.actions import Refused
from groundswell.desk.spine.models import Notice

PAUSES = (1, 5, 15, 60, 180)  # minutes before the second, third … try
WAITING, SENT, FAILED = "waiting", "sent", "failed"


def start(issue: Issue, now: datetime) -> int:
    """A dispatch for each active recipient that has none; how many were made. Raises Refused where nothing can be sent."""
    if mail.server() is None:
        raise Refused(_("No mail server is set. The administrator sets it under Settings, Mail."))
    there = set(issue.dispatches.values_list("recipient_id", flat=True))
    rows = [row for row in issue.series.recipients.filter(is_active=True) if row.pk not in there]
    if not rows:
        raise Refused(_("Nobody is on the list who has not had it."))
    made = [Dispatch(issue=issue, recipient=row, next_try_at=now) for row in rows]
    Dispatch.objects.bulk_create(made, ignore_conflicts=True)
    return len(rows)


def again(issue: Issue, one: Dispatch | None, now: datetime) -> list[str]:
    """Names of the recipients whose failed dispatch is tried again. Raises Refused where none has failed."""
    rows = issue.dispatches.filter(state=FAILED).select_related("recipient")
    if one is not None:
        rows = rows.filter(pk=one.pk)
    names = [row.recipient.name for row in rows]
    if not names:
        raise Refused(_("Nothing has failed here."))
    issue.dispatches.filter(pk__in=[row.pk for row in rows]).update(state=WAITING, tries=0, next_try_at=now, cause="", error="")
    Notice.objects.filter(kind="dispatch_failed", subject_type="issue", subject_id=issue.pk, closed_at=None).update(closed_at=now)
    return names


def due(now: datetime) -> list[int]:
    """Dispatches to be tried now (index dispatch_waiting)."""
    return list(Dispatch.objects.filter(state=WAITING, next_try_at__lte=now).order_by("next_try_at").values_list("pk", flat=True)[:50])


def send_one(pk: int) -> str:
    """Try one dispatch; its state afterwards. One that is sent, failed or under way elsewhere is left alone."""
    with transaction.atomic():
        rows = Dispatch.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk, state=WAITING)
        row = rows.select_related("recipient", "issue__series").first()
        if row is None:
            return ""
        _try(row)
        row.save()
    if row.state == FAILED:
        _notice(row)
    return row.state


def _try(row: Dispatch) -> None:
    row.tries += 1
    row.at = ports.now()
    try:
        mail.send(mail.message_of(row.issue, row.recipient))
    except mail.NotSent as fault:
        row.cause, row.error = fault.cause, str(fault)[:300]
        final = fault.final or row.tries > len(PAUSES)
        row.state = FAILED if final else WAITING
        row.next_try_at = None if final else row.at + timedelta(minutes=PAUSES[row.tries - 1])
    else:
        row.state, row.next_try_at, row.cause, row.error = SENT, None, "", ""


def _notice(row: Dispatch) -> None:
    """One notice an issue, with how many have failed by now."""
    count = Dispatch.objects.filter(issue=row.issue_id, state=FAILED).count()
    Notice.objects.update_or_create(
        kind="dispatch_failed",
        subject_type="issue",
        subject_id=row.issue_id,
        closed_at=None,
        defaults={"data": {"n": count}},
        create_defaults={"data": {"n": count}, "raised_at": ports.now()},
    )
