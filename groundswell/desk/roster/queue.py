"""What duty puts into Today's queue: swaps to decide, a hand-over to take, reports to give and missing ones."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may
from groundswell.desk.roster import stretches, swaps
from groundswell.desk.roster.models import HandOver, Swap, ZeroReport
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.queue import Button, Waiting, queue_source
from groundswell.desk.spine.shell import named


@queue_source
def swaps_to_decide(user: User, now: datetime) -> list[Waiting]:
    """Swaps that USER was asked for, and agreed ones that wait for who plans."""
    rows = Swap.objects.filter(state=Swap.State.ASKED, other=user)
    if may(user, "roster.plan"):
        rows = rows | Swap.objects.filter(state=Swap.State.AGREED)
    return [
        Waiting(
            key=f"swap:{row.pk}:{row.state}",
            kind="swap",
            kind_words=_("Swap of duty"),
            title=_("%(who)s: %(shift)s of %(day)s") % {"who": named(row.asker), "shift": row.shift, "day": f"{row.day:%m-%d}"},
            url=row.get_absolute_url(),
            why=row.note or _("asks %(other)s to take it") % {"other": named(row.other)},
            button=Button(_("Decide"), row.get_absolute_url()),
            due_at=swaps.begins(row),
            limit=swaps.begins(row) - row.asked_at,
        )
        for row in rows.select_related("asker", "other", "shift", "back_shift").order_by("day", "id")[:20]
    ]


@queue_source
def hand_over_to_take(user: User, now: datetime) -> list[Waiting]:
    """A hand-over that was signed by who leaves, for everybody who may take it but who left."""
    if not may(user, "note.write"):
        return []
    rows = HandOver.objects.filter(state=HandOver.State.LEFT, left_at__gt=now - timedelta(days=2)).exclude(left_by=user)
    coming = stretches.on_duty(now).next.people + stretches.on_duty(now).now.people
    return [
        Waiting(
            key=f"hand-over:{row.pk}",
            kind="handover",
            kind_words=_("Hand-over"),
            title=_("%(shift)s, handed over by %(who)s") % {"shift": row, "who": named(row.left_by)},
            url=f"/desk/handover/{row.pk}/",
            why=_("waits for the signature of who takes over"),
            button=Button(_("Read the hand-over"), f"/desk/handover/{row.pk}/"),
            due_at=row.until,
            limit=timedelta(hours=1),
        )
        for row in rows.select_related("left_by").order_by("-since")[:2]
        if not coming or user in coming
    ]


@queue_source
def own_zero_report(user: User, now: datetime) -> list[Waiting]:
    """The report of the own unit, for its officer."""
    if user.unit_id is None or not may(user, "zero.report"):
        return []
    rows = ZeroReport.objects.filter(unit_id=user.unit_id, state=ZeroReport.State.MISSING, day__gte=now.astimezone(zone()).date())
    return [
        Waiting(
            key=f"zero:{row.pk}",
            kind="zero",
            kind_words=_("Zero report"),
            title=_("Report of %(day)s, or that there is nothing") % {"day": f"{row.day:%m-%d}"},
            url="/desk/zero-reports/",
            why=_("urged") if row.urged_at else _("every day by %(time)s") % {"time": f"{row.due_at.astimezone(zone()):%H:%M}"},
            button=Button(_("Nothing to report"), f"/desk/zero-reports/{row.pk}/nothing/", post=True),
            due_at=row.due_at,
            limit=timedelta(hours=2),
        )
        for row in rows
    ]


@queue_source
def missing_zero_reports(user: User, now: datetime) -> list[Waiting]:
    """Units whose report is missing after its time, in one entry."""
    if not may(user, "zero.keep"):
        return []
    rows = list(
        ZeroReport.objects.filter(day=now.astimezone(zone()).date(), state=ZeroReport.State.MISSING, due_at__lte=now).select_related("unit")
    )
    if not rows:
        return []
    names = "、".join(named(row.unit) for row in rows[:12])
    return [
        Waiting(
            key=f"zero-missing:{rows[0].day}",
            kind="zero",
            kind_words=_("Zero report"),
            title=_("Reports missing: %(n)s units") % {"n": len(rows)},
            url="/desk/zero-reports/",
            why=names if len(rows) <= 12 else f"{names}…",
            button=Button(_("See who"), "/desk/zero-reports/"),
            due_at=rows[0].due_at,
            limit=timedelta(hours=2),
        )
    ]
