"""What bulletins put into Today's queue: the brief's clock, what is to review and to sign, what could not be sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may
from groundswell.desk.bulletins import issues, queries
from groundswell.desk.bulletins.models import Issue, IssueState
from groundswell.desk.bulletins.review_actions import writers
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.queue import Button, Waiting, queue_source
from groundswell.desk.spine.shell import named

AHEAD = timedelta(hours=4)  # an issue stands in the queue so long before its clock
REVIEW, SIGNATURE = timedelta(minutes=30), timedelta(minutes=30)


@queue_source
def bulletins_waiting(user: User, now: datetime) -> list[Waiting]:
    """One entry an issue, by what USER may do to it in its state; and one for each issue whose mails failed."""
    if not any(may(user, name) for name in ("bulletin.edit", "bulletin.check", "bulletin.sign")):
        return []
    rows = Issue.objects.filter(state__in=queries.UNDONE).filter(Q(by_clock=True, due_at__lte=now + AHEAD) | Q(state__in=WAITED))
    found = rows.select_related("series", "editor").annotate(n=Count("pieces")).order_by("due_at")[:12]
    entries = [entry for issue in found if (entry := _entry(user, issue, now)) is not None]
    return entries + (list(_unsent(now)) if may(user, "bulletin.edit") else [])


WAITED = (IssueState.CHECKING, IssueState.SIGNING)


def _entry(user: User, issue: Issue, now: datetime) -> Waiting | None:
    if issue.state in (IssueState.PICKING, IssueState.ARRANGING):
        return _to_make(issue, now) if may(user, "bulletin.edit") else None
    if issue.state == IssueState.CHECKING and may(user, "bulletin.check") and user.pk not in writers(issue):
        words = _("sent for review by %(who)s, %(n)s items") % _said(issue)
        return _waiting(issue, "check", _("To review"), words, _("Review"), REVIEW)
    if issue.state == IssueState.SIGNING and may(user, "bulletin.sign") and user.pk not in writers(issue):
        number = queries.next_number(issue.series, issue.year)[0]
        words = _("reviewed, %(n)s items; it will be no. %(number)s") % {"n": issue.n, "number": number}  # type: ignore[attr-defined]
        return _waiting(issue, "sign", _("To sign"), words, _("Read and sign"), SIGNATURE)
    return None


def _to_make(issue: Issue, now: datetime) -> Waiting:
    """The brief's clock: how far it is, what was said when it came back, what was missed."""
    said = {"n": issue.n, "most": issue.series.most_pieces, "comment": issue.return_comment[:80]}  # type: ignore[attr-defined]
    if issue.return_comment:
        words = _("returned: %(comment)s") % said
    elif issue.missed_at:
        clock = issues.rhythm_of(issue.series).next_after(now)
        until = issues.carried_at(issue, clock).astimezone(zone()) if clock else now
        words = _("missed its clock; until %(until)s it can still be signed, then it goes into the next issue") % {
            "until": f"{until:%H:%M}"
        }
    else:
        words = _("%(n)s of %(most)s items picked") % said
    return _waiting(issue, "make", _("Brief"), words, _("Go on") if said["n"] else _("Pick items"), AHEAD)


def _said(issue: Issue) -> dict[str, object]:
    return {"who": named(issue.editor) or "—", "n": issue.n}  # type: ignore[attr-defined]


def _waiting(issue: Issue, what: str, kind: str, why: str, button: str, limit: timedelta) -> Waiting:
    day = issue.due_at.astimezone(zone())
    return Waiting(
        key=f"issue:{issue.pk}:{what}",
        kind="bulletin",
        kind_words=kind,
        title=_("%(series)s of %(day)s, %(clock)s") % {"series": named(issue.series), "day": f"{day:%m-%d}", "clock": f"{day:%H:%M}"},
        url=issue.address,
        why=why,
        button=Button(button, issue.address),
        due_at=issue.due_at,
        limit=limit,
    )


def _unsent(now: datetime) -> Iterator[Waiting]:
    """Signed issues some of whose mails failed."""
    rows = Issue.objects.filter(state=IssueState.ISSUED, dispatches__state="failed", signed_at__gte=now - timedelta(days=7))
    for issue in rows.select_related("series").annotate(n=Count("dispatches")).order_by("-due_at")[:5]:
        yield Waiting(
            key=f"issue:{issue.pk}:unsent",
            kind="bulletin",
            kind_words=_("Not delivered"),
            title=_("%(series)s no. %(number)s") % {"series": named(issue.series), "number": issue.number},
            url=issue.address,
            why=_("%(n)s recipients have not got it") % {"n": issue.n},
            button=Button(_("Look at it"), issue.address),
            due_at=(issue.sent_at or issue.signed_at or now) + timedelta(hours=1),
            limit=timedelta(hours=1),
        )
