"""Jobs of the register: reading the sources that are due, watching for silence."""

from __future__ import annotations

import contextlib
from datetime import date, datetime, timedelta

import httpx
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from groundswell.collect.kinds import KINDS
from groundswell.collect.session import host_port
from groundswell.desk.sources.collecting import collect_source
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.actions import record_fact
from groundswell.desk.spine.ports import now as desk_now
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.ticks import tick
from groundswell.desk.spine.timeline import fact
from groundswell.desk.spine.work import gives_back_connections
from groundswell.desk.stories.jobs import defer_scoring

BATCH = 20
STUCK = timedelta(minutes=20)

fact("pause_over", gettext_lazy("the pause is over: it is read again"))


@app.task(queue="collect", name="sources.collect")
@gives_back_connections
def collect(source: int) -> None:
    """Read one source once."""
    run = collect_source(source)
    if run is not None and (run.new or run.changed):
        defer_scoring()


@tick("sources.due")
def start_due(now: datetime) -> None:
    """Hand the sources that are due to the workers, the longest overdue first.

    One source a host at a time: two would only wait for each other's turns, and a worker's threads with them.
    """
    rows = Source.objects.filter(state="active", kind__in=list(KINDS))
    being_read = rows.filter(fetching_since__gte=now - STUCK).values_list("pk", "address")
    asked = {_host(pk, address) for pk, address in being_read}
    rows = rows.filter(Q(next_fetch_at=None) | Q(next_fetch_at__lte=now)).filter(Q(fetching_since=None) | Q(fetching_since__lt=now - STUCK))
    handed = 0
    for pk, address in rows.order_by(F("next_fetch_at").asc(nulls_first=True), "pk").values_list("pk", "address"):
        if (host := _host(pk, address)) in asked:
            continue
        asked.add(host)
        with contextlib.suppress(AlreadyEnqueued):
            collect.configure(queueing_lock=f"collect:{pk}", lock=f"collect:{pk}").defer(source=pk)
        handed += 1
        if handed == BATCH:
            return


def _host(pk: int, address: str) -> str:
    """``example.org:443``; a folder has no host to spare and stands for itself."""
    try:
        return host_port(address) if "://" in address else f"#{pk}"
    except (httpx.InvalidURL, UnicodeError):
        return f"#{pk}"


@tick("sources.paused")
def end_pauses(now: datetime) -> None:
    """A pause that had an end is over."""
    with transaction.atomic():
        rows = list(Source.objects.select_for_update(of=("self",), no_key=True).filter(state="paused", paused_until__lte=now))
        for source in rows:
            source.state, source.paused_until, source.pause_reason, source.next_fetch_at = "active", None, "", now
            source.save(update_fields=["state", "paused_until", "pause_reason", "next_fetch_at"])
            record_fact("pause_over", source, was="paused")


SWEEP_HOUR = 3  # of the body's day
_swept: dict[str, date] = {}


@app.task(queue="collect", queueing_lock="sources.sweep", lock="sources.sweep", name="sources.sweep")
@gives_back_connections
def sweep_kept() -> None:
    """Destroy what is past its time in the raw archive, and old keys of author hashes."""
    from groundswell.desk.sources.retention import sweep

    sweep(desk_now())


@tick("sources.retention")
def start_sweep(now: datetime) -> None:
    """Once a day, in the small hours; and once after a start, in case they were slept through."""
    local = now.astimezone(zone())
    day = local.date() if local.hour >= SWEEP_HOUR else local.date() - timedelta(days=1)
    if _swept.get("day") == day:
        return
    _swept["day"] = day
    with contextlib.suppress(AlreadyEnqueued):
        sweep_kept.defer()
