"""Jobs of flash reports: their mails are handed to the workers within seconds of the click, and tried again when they are due."""

from __future__ import annotations

from datetime import datetime

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from groundswell.desk.flash import sending
from groundswell.desk.spine.ticks import tick
from groundswell.desk.spine.work import gives_back_connections


@app.task(queue="mail", name="flash.deliver")
@gives_back_connections
def deliver(pk: int) -> None:
    """Try one mail."""
    sending.send_one(pk)


@tick("flash.mails")
def start_mails(now: datetime) -> None:
    """Hand the mails that are due to the workers."""
    for pk in sending.due(now):
        try:
            deliver.configure(queueing_lock=f"flash:{pk}", lock=f"flash:{pk}", priority=10).defer(pk=pk)
        except AlreadyEnqueued:
            continue
