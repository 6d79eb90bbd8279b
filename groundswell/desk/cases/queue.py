"""What cases put into Today's queue, and the number in the rail."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import ALL, may, scope
from groundswell.desk.cases import clocks, queries
from groundswell.desk.cases.actions import OPEN_CASES
from groundswell.desk.cases.aftermath import Consultation
from groundswell.desk.cases.models import Case, Task, TaskLink
from groundswell.desk.spine.models import RunningClock
from groundswell.desk.spine.ports import now as desk_now
from groundswell.desk.spine.queue import Button, Waiting, queue_source
from groundswell.desk.spine.shell import Count, counter, named

MOST = 20
SOON = timedelta(hours=24)


@queue_source
def cases_due(user: User, now: datetime) -> list[Waiting]:
    """Cases that nobody accepted, and those whose clock ends within a day."""
    if not may(user, "case.handle"):
        return []
    soon = RunningClock.objects.filter(subject_type="case", met_at=None, cancelled_at=None, due_at__lt=now + SOON).values("subject_id")
    rows = Case.objects.filter(state__in=OPEN_CASES).exclude(state__endswith=".review")
    rows = rows.filter(pk__in=soon) | rows.filter(state__endswith=".open")
    found = list(rows.select_related("unit").order_by("opened_at")[:MOST])
    first = clocks.next_of(found, now)
    return [_case(case, first.get(case.pk)) for case in found]


def _case(case: Case, first: clocks.Standing | None) -> Waiting:
    waits = case.state.endswith(".open")
    why = _("%(kind)s, not accepted yet") if waits else _("%(kind)s: the clock “%(clock)s” nears its end")
    if first is not None and first.state.is_overdue:
        why = _("%(kind)s: the clock “%(clock)s” has run out")
    return Waiting(
        key=f"case:{case.pk}",
        kind="case",
        kind_words=_("Case"),
        title=case.title,
        url=case.get_absolute_url(),
        why=why % {"kind": case.rules.words, "clock": first.row.words if first else ""},
        button=Button(_("Open"), case.get_absolute_url(), "c"),
        due_at=first.shown_at if first else None,
        limit=first.limit if first else None,
    )


@queue_source
def cases_to_review(user: User, now: datetime) -> list[Waiting]:
    """Answers that wait for whoever reviews or signs."""
    found = []
    for permission, kinds in (("case.review", ("incident", "message", "request")), ("case.sign", ("superior",))):
        if may(user, permission):
            rows = Case.objects.filter(state__in=[f"{kind}.review" for kind in kinds]).select_related("unit").order_by("opened_at")
            cases = list(rows[:MOST])
            first = clocks.next_of(cases, now)
            found += [_review(case, first.get(case.pk)) for case in cases]
    return found


def _review(case: Case, first: clocks.Standing | None) -> Waiting:
    return Waiting(
        key=f"case:{case.pk}:review",
        kind="review",
        kind_words=_("For review"),
        title=case.title,
        url=case.get_absolute_url(),
        why=case.answer[:120],
        button=Button(_("Read"), case.get_absolute_url(), "v"),
        due_at=first.shown_at if first else None,
        limit=first.limit if first else None,
    )


@queue_source
def tasks_back(user: User, now: datetime) -> list[Waiting]:
    """Tasks that a unit answered or returned."""
    if not may(user, "task.hand_out"):
        return []
    rows = Task.objects.filter(state__in=["task.answered", "task.returned"]).select_related("case", "unit").order_by("id")[:MOST]
    return [
        Waiting(
            key=f"task:{task.pk}:{task.state}",
            kind="task",
            kind_words=str(task.get_state_display()),
            title=task.title,
            url=task.get_absolute_url(),
            why=_("%(unit)s: %(text)s")
            % {"unit": named(task.unit), "text": (task.answer if task.state == "task.answered" else task.returned_why)[:120]},
            button=Button(_("Read"), task.get_absolute_url()),
        )
        for task in rows
    ]


@queue_source
def links_lost(user: User, now: datetime) -> list[Waiting]:
    """Units that have not got their task: the link did not arrive, and no other was made since."""
    if not may(user, "task.hand_out"):
        return []
    newer = TaskLink.objects.filter(task=OuterRef("task"), pk__gt=OuterRef("pk"))
    rows = TaskLink.objects.filter(lost_at__isnull=False, task__state="task.sent").exclude(Exists(newer))
    return [
        Waiting(
            key=f"task:{link.task_id}:lost:{link.pk}",
            kind="task",
            kind_words=_("One-time link"),
            title=link.task.title,
            url=link.task.get_absolute_url(),
            why=_("the link did not reach %(unit)s") % {"unit": named(link.unit)},
            button=Button(_("Send another"), f"{link.task.get_absolute_url()}make-link/"),
        )
        for link in rows.select_related("task", "unit").order_by("id")[:MOST]
    ]


@queue_source
def own_tasks(user: User, now: datetime) -> list[Waiting]:
    """What the own unit has to do, for its officer."""
    if user.unit_id is None or not may(user, "task.answer"):
        return []
    rows = (
        Task.objects.filter(unit_id=user.unit_id, state__in=["task.sent", "task.doing"])
        .select_related("case", "unit")
        .order_by("id")[:MOST]
    )
    first = clocks.next_of(list(rows), now)
    return [_own(task, first.get(task.pk)) for task in rows]


def _own(task: Task, first: clocks.Standing | None) -> Waiting:
    sent = task.state == "task.sent"
    return Waiting(
        key=f"task:{task.pk}",
        kind="task",
        kind_words=str(task.get_state_display()),
        title=task.title,
        url=task.get_absolute_url(),
        why=_("urged %(n)s times") % {"n": task.urged} if task.urged else task.text[:120],
        button=Button(_("Sign for"), f"{task.get_absolute_url()}sign/", "c", post=True)
        if sent
        else Button(_("Answer"), f"{task.get_absolute_url()}answer/", "r"),
        due_at=first.shown_at if first else None,
        limit=first.limit if first else None,
    )


@queue_source
def reports_due(user: User, now: datetime) -> list[Waiting]:
    """Situation reports that are due within half an hour or late."""
    if not may(user, "case.handle"):
        return []
    rows = Case.objects.filter(state__in=OPEN_CASES, report_due_at__lt=now + timedelta(minutes=30)).order_by("report_due_at")[:MOST]
    return [
        Waiting(
            key=f"case:{case.pk}:report",
            kind="case",
            kind_words=_("Situation report"),
            title=case.title,
            url=case.get_absolute_url(),
            why=_("every %(hours)s hours") % {"hours": case.report_hours},
            button=Button(_("Write it"), f"{case.get_absolute_url()}report/"),
            due_at=case.report_due_at,
            limit=timedelta(hours=case.report_hours or 1),
        )
        for case in rows
    ]


@queue_source
def consultations_near(user: User, now: datetime) -> list[Waiting]:
    """Consultations that USER is called to within three hours, and for the desk those whose minutes are missing."""
    if scope(user, "case.read") != ALL:
        return []
    rows = Consultation.objects.filter(state="called", at__lt=now + timedelta(hours=3)).select_related("case").order_by("at")
    called = set(rows.filter(people=user).values_list("pk", flat=True))
    found = [row for row in rows[:MOST] if row.pk in called or (row.at <= now and may(user, "case.handle"))]
    return [
        Waiting(
            key=f"consultation:{row.pk}:{row.at <= now}",
            kind="case",
            kind_words=_("Consultation"),
            title=row.title,
            url=row.get_absolute_url(),
            why=_("the minutes are wanted") if row.at <= now else row.place or row.case.title,
            button=Button(_("Look at it"), row.get_absolute_url()),
            due_at=row.at if row.at > now else None,
            limit=row.at - row.called_at if row.at > now else None,
        )
        for row in found
    ]


@counter("cases")
def open_cases(user: User) -> Count | None:
    if scope(user, "case.read") != ALL:
        return None
    count = Case.objects.filter(state__in=OPEN_CASES).count()
    late = queries.late(Case.objects.all(), desk_now()).count()
    if late:
        return Count(_("%(n)s overdue") % {"n": late}, "warn")
    return Count(str(count)) if count else None


@counter("tasks")
def own_open_tasks(user: User) -> Count | None:
    if user.unit_id is None:
        return None
    count = Task.objects.filter(unit_id=user.unit_id, state__in=["task.sent", "task.doing"]).count()
    return Count(str(count)) if count else None
