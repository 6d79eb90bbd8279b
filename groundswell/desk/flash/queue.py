"""What flash reports put into Today's queue: what is due, what leaders have to read, what did not arrive."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may
from groundswell.desk.flash import queries, readings
from groundswell.desk.flash.house_rules import PHONE
from groundswell.desk.flash.models import Delivery, Report
from groundswell.desk.flash.sending import FAILED
from groundswell.desk.spine.queue import Button, Waiting, queue_source

MOST = 12


@queue_source
def reports_due(user: User, now: datetime) -> list[Waiting]:
    """One row a story: telephone, written report, follow-up, final report."""
    if not may(user, "flash.report"):
        return []
    return [_due(row) for row in queries.due(now, queries.AHEAD)[:MOST]]


def _due(row: queries.Due) -> Waiting:
    story = row.story
    base = f"/desk/stories/{story.number}/"
    if row.draft is not None:
        write = Button(_("Check and send"), row.check, "r")
    else:
        write = Button(_("Final report") if row.what == "final" else _("Flash report"), _flash(base, row.what), "r", post=True)
    why = {
        "phone": _("level %(level)s: tell the leader by telephone, then in writing"),
        "written": _("told by telephone; the written report has its own clock"),
        "follow": _("the next follow-up report is due; it shows what changed"),
        "final": _("it has become quiet or was closed: end the series"),
    }[row.what] % {"level": ("", "I", "II", "III", "IV")[story.level]}
    call = Button(_("Telephone first"), f"{base}telephone/?next=/desk/", "p")
    return Waiting(
        key=f"flash:{story.pk}:{row.what}",
        kind="flash",
        kind_words=row.words,
        title=_("%(what)s: %(title)s") % {"what": row.words, "title": story.title},
        url=row.draft.get_absolute_url() if row.draft else base,
        why=why,
        button=call if row.what == PHONE else write,
        more=(write,) if row.what == PHONE else (),
        due_at=row.clock.due_at if row.clock else None,
        limit=row.clock.limit if row.clock else None,
        level=story.level,
    )


def _flash(base: str, what: str) -> str:
    return f"{base}flash/?kind=final" if what == "final" else f"{base}flash/"


@queue_source
def reports_to_read(user: User, now: datetime) -> list[Waiting]:
    """What was put before USER, also in another leader's place."""
    return [
        Waiting(
            key=f"flash:read:{row.pk}",
            kind="flash",
            kind_words=row.report.kind_words,
            title=str(row.report),
            url=row.report.get_absolute_url(),
            why=queries.reason_words(row.why, row.instead_of),
            button=Button(_("Read the report"), row.report.get_absolute_url(), "v"),
            level=row.report.level,
            personal=True,
        )
        for row in readings.unread(user)
    ]


@queue_source
def not_delivered(user: User, now: datetime) -> list[Waiting]:
    """Reports some of whose mails failed."""
    if not may(user, "flash.report"):
        return []
    failed = Delivery.objects.filter(state=FAILED, report__sent_at__gte=now - timedelta(days=3)).values("report")
    return [
        Waiting(
            key=f"flash:{report.pk}:unsent",
            kind="flash",
            kind_words=_("Not delivered"),
            title=str(report),
            url=report.get_absolute_url(),
            why=_("%(n)s recipients have not got it") % {"n": report.deliveries.filter(state=FAILED).count()},
            button=Button(_("Look at it"), f"{report.get_absolute_url()}#readers"),
            due_at=(report.sent_at or now) + timedelta(minutes=30),
            limit=timedelta(minutes=30),
        )
        for report in Report.objects.filter(pk__in=failed).defer("frozen")[:5]
    ]
