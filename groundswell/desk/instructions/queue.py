"""What instructions put into Today's queue: for leaders to confirm, read and accept; for the office to hand out, report and close."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may
from groundswell.desk.instructions.house_rules import leaders_of
from groundswell.desk.instructions.models import OPEN, Instruction, Passing, Stage
from groundswell.desk.instructions.reading import thing_of
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.queue import Button, Waiting, queue_source
from groundswell.desk.spine.shell import Count, counter, named
from groundswell.engine.clocks.working_days import OFFICE_HOURS

MOST = 20
HALF_A_MONTH = timedelta(days=15)  # 催办 twice a month, as offices' rules have it
WITH = ("story", "case", "report__story", "issue__series", "piece__issue", "by")


@queue_source
def passed_on(user: User, now: datetime) -> list[Waiting]:
    """What other leaders passed on."""
    if not may(user, "instruction.give"):
        return []
    rows = Passing.objects.filter(to=user, done_at=None).select_related(*WITH).order_by("at")[:MOST]
    return [
        Waiting(
            key=f"passing:{row.pk}",
            kind="instruction",
            kind_words=_("Passed on"),
            title=thing_of(row).words,
            url=f"/desk/instructions/new/?on={thing_of(row).code}",
            why=_("%(who)s: %(text)s") % {"who": named(row.by), "text": row.text or _("for you to read")},
            button=Button(_("Read"), f"/desk/instructions/new/?on={thing_of(row).code}"),
            personal=True,
        )
        for row in rows
    ]


@queue_source
def for_the_leader(user: User, now: datetime) -> list[Waiting]:
    """Spoken ones to be confirmed, feedback to be accepted; also those of the leaders whose deputy the person is."""
    if not may(user, "instruction.settle"):
        return []
    rows = Instruction.objects.filter(by__username__in=leaders_of(user), state__in=[Stage.RECORDED, Stage.ANSWERED])
    return [_leader(row) for row in rows.select_related(*WITH).order_by("given_at")[:MOST]]


def _leader(row: Instruction) -> Waiting:
    url = row.get_absolute_url()
    spoken = row.state == Stage.RECORDED
    return Waiting(
        key=f"instruction:{row.pk}:{row.state}",
        kind="instruction",
        kind_words=_("Spoken instruction") if spoken else _("Feedback"),
        title=row.text,
        url=url,
        why=_("recorded by the office: is it so?") if spoken else row.feedback[:120],
        button=Button(_("Confirm"), f"{url}confirm/", "c", post=True) if spoken else Button(_("Read"), url, "v"),
        personal=True,
    )


@queue_source
def for_the_office(user: User, now: datetime) -> list[Waiting]:
    """To hand out today (当日转办不过夜), to report back, to urge, to close off."""
    if not may(user, "instruction.record"):
        return []
    rows = Instruction.objects.filter(state__in=[Stage.GIVEN, Stage.HANDED, Stage.ACCEPTED]).select_related(*WITH).order_by("given_at")
    found = [_office(row, now) for row in rows.prefetch_related("tasks")[: 5 * MOST]]
    return [each for each in found if each is not None][:MOST]


def _office(row: Instruction, now: datetime) -> Waiting | None:
    url = row.get_absolute_url()
    tasks = list(row.tasks.all())
    due_at = limit = None
    if row.state == Stage.GIVEN:
        words, why, button = (
            _("To hand out"),
            _("handed out before the day of its giving is over"),
            Button(_("Hand out"), f"{url}hand-out/", "t"),
        )
        due_at = end_of_day(row.given_at)
        limit = due_at - row.given_at
    elif row.state == Stage.ACCEPTED:
        words, why = _("To close off"), _("the leader accepted the feedback")
        button = Button(_("Close off"), f"{url}close/", "d", post=True)
    elif tasks and not any(task.is_open for task in tasks):
        words, why, button = _("To report back"), _("every unit has answered"), Button(_("Report back"), f"{url}report/", "r")
    elif (row.urged_at or row.handed_at or now) <= now - HALF_A_MONTH:
        words, why, button = _("To urge"), _("half a month without news"), Button(_("Urge"), f"{url}urge/", post=True)
    else:
        return None
    return Waiting(
        key=f"instruction:{row.pk}:{row.state}",
        kind="instruction",
        kind_words=words,
        title=_("%(who)s: %(text)s") % {"who": named(row.by), "text": row.text},
        url=url,
        why=why,
        button=button,
        due_at=due_at,
        limit=limit,
    )


def end_of_day(given_at: datetime) -> datetime:
    """When the office closes on the day it was given; what comes after that, by midnight."""
    local = given_at.astimezone(zone())
    closes = datetime.combine(local.date(), time(*divmod(OFFICE_HOURS[-1][1], 60)), zone())
    return closes if local < closes - timedelta(minutes=30) else datetime.combine(local.date(), time(23, 59), zone())


@counter("instructions")
def open_instructions(user: User) -> Count | None:
    mine = Q(by__username__in=leaders_of(user)) if not may(user, "instruction.record") else Q()
    count = Instruction.objects.filter(mine, state__in=OPEN).count()
    return Count(str(count)) if count else None
