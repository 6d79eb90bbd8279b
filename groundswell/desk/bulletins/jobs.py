"""Jobs of the bulletins: issues opened, reminded of and carried over by the clock; signed ones sent; mails tried again."""

from __future__ import annotations

import logging
from datetime import datetime

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from groundswell.desk.bulletins import dispatch, issues, mail
from groundswell.desk.bulletins.models import Issue, IssueState, Series
from groundswell.desk.spine.actions import Refused, perform
from groundswell.desk.spine.preferences import preference
from groundswell.desk.spine.ticks import tick
from groundswell.desk.spine.work import gives_back_connections

log = logging.getLogger("groundswell.bulletins")


@app.task(queue="mail", name="bulletins.deliver")
@gives_back_connections
def deliver(pk: int) -> None:
    """Try one mail."""
    dispatch.send_one(pk)


@tick("bulletins.clock")
def keep_clocks(now: datetime) -> None:
    """Every series that has a clock: its next issue open, overdue ones missed and carried over, reminders given."""
    for series in Series.objects.filter(is_active=True).exclude(clock_times=[], key_period_times=[]):
        issues.keep_rhythm(series, now)


@tick("bulletins.send")
def send_signed(now: datetime) -> None:
    """Signed issues go to their list at their clock, where the settings want it and there is a server and a list."""
    rows = Issue.objects.filter(state=IssueState.ISSUED, sent_at=None, due_at__lte=now, by_clock=True, series__recipients__is_active=True)
    waiting = list(rows.distinct()[:5])
    if not waiting or not preference("bulletins.send_by_itself") or mail.server() is None:
        return
    for issue in waiting:
        try:
            perform("issue.send", None, issue)
        except Refused as refusal:
            log.info("issue not sent", extra={"issue": issue.pk, "why": str(refusal)})


@tick("bulletins.mails")
def start_mails(now: datetime) -> None:
    """Hand the mails that are due to the workers."""
    for pk in dispatch.due(now):
        try:
            deliver.configure(queueing_lock=f"dispatch:{pk}", lock=f"dispatch:{pk}").defer(pk=pk)
        except AlreadyEnqueued:
            continue
