"""What plans put into Today's queue: for the leader who is asked, and the steps that are due."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may
from groundswell.desk.instructions.house_rules import leaders_of
from groundswell.desk.plans.models import Response, Stage
from groundswell.desk.plans.steps import due_soon
from groundswell.desk.plans.wording import grade_words
from groundswell.desk.spine.queue import Button, Waiting, queue_source
from groundswell.desk.spine.shell import named

MOST = 10


@queue_source
def for_the_leader(user: User, now: datetime) -> list[Waiting]:
    """Starts, grades and ends that were asked for, also of those whose deputy USER is."""
    if not may(user, "plan.decide"):
        return []
    rows = Response.objects.filter(leader__username__in=leaders_of(user), state__in=[Stage.ASKED, Stage.RUNNING])
    found = rows.select_related("plan_version", "asked_by", "leader").order_by("asked_at")
    return [_asked(row) for row in found if row.waits_for_leader][:MOST]


def _asked(row: Response) -> Waiting:
    url = row.get_absolute_url()
    if row.state == Stage.ASKED:
        words, why, act = _("Start asked for"), row.reason, "approve"
        more = grade_words(row.asked_grade)
    elif row.wants_end:
        words, why, act, more = _("End asked for"), row.wanted_why, "end", ""
    else:
        words, why, act, more = _("Grade asked for"), row.wanted_why, "change-grade", grade_words(row.wanted_grade)
    return Waiting(
        key=f"response:{row.pk}:{row.state}:{row.wanted_grade or ''}",
        kind="plan",
        kind_words=_("DRILL") if row.drill else words,
        title=_("%(plan)s: %(title)s") % {"plan": row.book.name, "title": row},
        url=url,
        why=" · ".join(
            part for part in (words if row.drill else "", more, _("%(who)s: %(text)s") % {"who": named(row.asked_by), "text": why}) if part
        ),
        button=Button(_("Decide"), f"{url}{act}/", "v"),
        personal=True,
    )


@queue_source
def steps_due(user: User, now: datetime) -> list[Waiting]:
    """Steps of running responses that are due within the hour or late."""
    if not may(user, "plan.work") or may(user, "plan.decide"):
        return []  # leaders may do a step, but are not called for it
    return [
        Waiting(
            key=f"step:{row.pk}",
            kind="plan",
            kind_words=_("DRILL") if row.response.drill else _("Step of a plan"),
            title=str(row),
            url=row.get_absolute_url(),
            why=_("%(plan)s: %(title)s") % {"plan": row.response.book.name, "title": row.response},
            button=Button(_("Look at it"), row.get_absolute_url()),
            due_at=row.due_at,
            limit=row.due_at - row.begins_at,
        )
        for row in due_soon(now)[:MOST]
    ]
