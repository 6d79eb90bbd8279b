"""Reads of bulletins: the list of issues, the current one of a series, the number that the next will get."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may_propose
from groundswell.desk.bulletins.models import Issue, IssueState, KeyPeriod, Series
from groundswell.desk.spine.models import Sequence
from groundswell.desk.spine.once import once_a_page

UNDONE = (IssueState.PICKING, IssueState.ARRANGING, IssueState.CHECKING, IssueState.SIGNING)


@once_a_page
def key_spans() -> tuple[tuple[date, date], ...]:
    """First and last day of each key period."""
    return tuple(KeyPeriod.objects.values_list("since", "until"))


def in_key_period(day: date) -> bool:
    return any(since <= day <= until for since, until in key_spans())


def issues(user: User) -> QuerySet[Issue]:
    """The issues USER may read, newest first, with ``pieces_n``, ``sent_n``, ``failed_n``."""
    rows = Issue.objects.all() if may_propose(user, "bulletin.read") else Issue.objects.none()
    return rows.select_related("series", "editor", "checker", "signer").annotate(
        pieces_n=Count("pieces", distinct=True),
        sent_n=Count("dispatches", filter=Q(dispatches__state="sent"), distinct=True),
        failed_n=Count("dispatches", filter=Q(dispatches__state="failed"), distinct=True),
    )


def current_issue(series: Series | str, now: datetime) -> Issue | None:
    """The issue of SERIES that is being made: one that is overdue and not carried over yet, else the one due next."""
    code = series if isinstance(series, str) else series.pk
    rows = Issue.objects.filter(series=code, state__in=UNDONE, by_clock=True).select_related("series")
    return rows.filter(due_at__lte=now).order_by("-due_at").first() or rows.order_by("due_at").first()


def next_number(series: Series, year: int) -> tuple[int, int]:
    """(number in YEAR, number in all) that the next issue signed will get, unless another is signed before."""
    counts = dict(Sequence.objects.filter(name__in=[f"issue:{series.pk}:{year}", f"issue:{series.pk}"]).values_list("name", "last"))
    before = series.number_before if series.number_before_year == year else 0
    return counts.get(f"issue:{series.pk}:{year}", 0) + before + 1, counts.get(f"issue:{series.pk}", 0) + series.total_before + 1


def issue_at(series: str, year: int, ref: str) -> Issue | None:
    """The issue at an address: by its number, or by ``d<pk>`` while it had none."""
    rows = Issue.objects.filter(series=series, year=year).select_related("series", "editor", "checker", "signer")
    if ref.startswith("d") and ref[1:].isdigit():
        return rows.filter(pk=int(ref[1:])).first()
    return rows.filter(number=int(ref)).first() if ref.isdigit() else None
