"""The clock of alerts: rules asked every quarter of a minute, chains and sendings at every tick."""

from __future__ import annotations

from datetime import datetime, timedelta

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from groundswell.desk.alerts import chain, raising, sending
from groundswell.desk.spine.ticks import tick
from groundswell.desk.spine.work import gives_back_connections

LOOK_AGAIN = timedelta(seconds=15)
_looked: list[datetime] = []


@app.task(queue="mail", name="alerts.send")
@gives_back_connections
def send(pk: int) -> None:
    """Try one message."""
    sending.send_one(pk)


@tick("alerts.rules")
def ask_rules(now: datetime) -> None:
    """Ask the rules, but not every second."""
    if _looked and timedelta(0) <= now - _looked[0] < LOOK_AGAIN:
        return
    _looked[:] = [now]
    raising.look(now)


@tick("alerts.chains")
def go_on(now: datetime) -> None:
    """Chains whose time has come."""
    chain.go_on(now)


@tick("alerts.sendings")
def start_sendings(now: datetime) -> None:
    """Hand what is due to the workers."""
    for pk in sending.due(now):
        try:
            send.configure(queueing_lock=f"alert:{pk}", lock=f"alert:{pk}").defer(pk=pk)
        except AlreadyEnqueued:
            continue
