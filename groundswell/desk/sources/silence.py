"""What the program watches at the sources by itself: their rhythm, those that fell silent or fail, those that came back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

import msgspec
from django.db import transaction
from django.db.models import Count, DateTimeField, Max, Q, QuerySet
from django.db.models.functions import Trunc
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from groundswell.collect.silence import IsOff, Rhythm, is_silent, missed, rhythm_of
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.actions import record_fact
from groundswell.desk.spine.models import CalendarDay, Notice
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.preferences import preference
from groundswell.desk.spine.ticks import tick
from groundswell.desk.spine.timeline import fact
from groundswell.desk.spine.work import gives_back_connections

DAYS = 28
COUNT_AGAIN = timedelta(hours=6)
LOOK_AGAIN = timedelta(minutes=1)
FAILING = 3  # failures in a row
SILENT_NOTICE, FAILING_NOTICE = "source_silent", "source_failing"
fact("source_silent", gettext_lazy("fell silent: no item since %(since)s, about %(missed)s should have come"))
fact("source_failing", gettext_lazy("failed %(n)s times in a row"))
fact("source_back", gettext_lazy("yields again"))
fact("source_answers", gettext_lazy("answers again"))
_looked: list[datetime] = []


def broken() -> Q:
    """Sources that are blind now: read, but silent against their own usual yield, or failing."""
    return Q(state="active") & (Q(silent_since__isnull=False) | Q(failures__gte=FAILING))


@tick("sources.health")
def look_now_and_then(now: datetime) -> None:
    """Once a minute of the desk's time."""
    if _looked and timedelta(0) <= now - _looked[0] < LOOK_AGAIN:
        return
    _looked[:] = [now]
    if stale(now).exists():
        try:
            count_yields_job.defer()
        except AlreadyEnqueued:
            pass
    else:
        look(now)


def stale(now: datetime) -> QuerySet[Source]:
    return Source.objects.exclude(state="retired").filter(Q(counted_at=None) | Q(counted_at__lt=now - COUNT_AGAIN))


@app.task(queue="judge", queueing_lock="sources.count", lock="sources.count", name="sources.count_yields", priority=10)
@gives_back_connections
def count_yields_job() -> None:
    """Bring the rhythms up to date, then look."""
    from groundswell.desk.spine.ports import now

    count_yields(now())
    look(now())


def count_yields(now: datetime) -> None:
    """What each source yielded by hour in the last four weeks, in one query (index collected_at), as its rhythm."""
    from groundswell.desk.stream.models import Item

    here = zone()
    last = now.astimezone(here).date()
    first = last - timedelta(days=DAYS)
    hour = Trunc("collected_at", "hour", tzinfo=here, output_field=DateTimeField())
    rows = Item.objects.filter(collected_at__gte=datetime.combine(first, time(0), here), collected_at__lte=now)
    counts: dict[int, dict[datetime, int]] = defaultdict(dict)
    newest: dict[int, datetime] = {}
    for source, at, n, top in (
        rows.annotate(hour=hour).values_list("source_id", "hour").annotate(n=Count("pk"), top=Max("collected_at")).order_by()
    ):
        counts[source][at.replace(tzinfo=None)] = n
        newest[source] = max(top, newest.get(source, top))
    is_off = days_off(first, last)
    sources = list(Source.objects.exclude(state="retired"))
    for source in sources:
        rhythm = rhythm_of(counts[source.pk], first, DAYS, is_off)
        source.rhythm = msgspec.to_builtins(rhythm) if rhythm else {}
        source.usual_per_day = round(rhythm.per_day, 2) if rhythm else None
        source.counted_at = now
    Source.objects.bulk_update(sources, ["rhythm", "usual_per_day", "counted_at"], batch_size=500)
    for pk, at in newest.items():  # items that came by another way, an import or a replay, count as well
        Source.objects.filter(pk=pk).filter(Q(last_item_at=None) | Q(last_item_at__lt=at)).update(last_item_at=at)


def days_off(first: date, last: date) -> IsOff:
    """Days on which offices rest: weekends, and what the calendar says otherwise."""
    listed = dict(CalendarDay.objects.filter(day__gte=first, day__lte=last).values_list("day", "is_working"))
    return lambda day: not listed.get(day, day.weekday() < 5)


def rhythm_at(source: Source) -> Rhythm | None:
    return msgspec.convert(source.rhythm, Rhythm) if source.rhythm else None


def look(now: datetime) -> None:
    """Notice what fell silent or fails, once each; close what came back. A source whose quiet is normal is left in peace."""
    _fall_silent(now)
    silent = Source.objects.filter(state="active", silent_since__isnull=False, failures__lt=FAILING)  # what fails is said to fail
    failing = Source.objects.filter(state="active", failures__gte=FAILING)
    for source in _without_notice(silent, SILENT_NOTICE):
        since = source.silent_since or now
        _raise(source, SILENT_NOTICE, now, {"since": _local(since), "missed": round(expected(source, since, now) or 0)})
    for source in _without_notice(failing, FAILING_NOTICE):
        _raise(source, FAILING_NOTICE, now, {"n": source.failures, "cause": source.last_cause})
    _close(SILENT_NOTICE, silent, now, "source_back")
    _close(FAILING_NOTICE, failing, now, "source_answers")


def _fall_silent(now: datetime) -> None:
    least = timedelta(hours=int(preference("collect.silent_hours")))
    rows = Source.objects.filter(state="active", silent_since=None, quiet_is_normal=False, last_item_at__lte=now - least)
    is_off, here = days_off(now.date() - timedelta(days=70), now.date() + timedelta(days=1)), zone()
    for source in rows.exclude(rhythm={}).exclude(kind="manual"):
        if is_silent(rhythm_at(source), source.last_item_at, now, here, is_off, least=least):
            Source.objects.filter(pk=source.pk, last_item_at=source.last_item_at).update(silent_since=source.last_item_at)


def usual_between(sources: Iterable[Source], since: datetime, until: datetime) -> dict[int, float | None]:
    """How many items each source usually yields between two moments; None where too little is known of it."""
    is_off, here = days_off(since.date() - timedelta(days=1), until.date() + timedelta(days=1)), zone()
    rhythms = {source.pk: rhythm_at(source) for source in sources}
    return {pk: missed(rhythm, since, until, here, is_off) if rhythm else None for pk, rhythm in rhythms.items()}


def expected(source: Source, since: datetime, until: datetime) -> float | None:
    return usual_between([source], since, until)[source.pk]


def _without_notice(rows: QuerySet[Source], kind: str) -> Iterable[Source]:
    noticed = Notice.objects.filter(kind=kind, subject_type="source", closed_at=None).values("subject_id")
    return rows.exclude(pk__in=noticed)


def _raise(source: Source, kind: str, now: datetime, data: dict[str, object]) -> None:
    with transaction.atomic():
        _row, made = Notice.objects.get_or_create(
            kind=kind, subject_type="source", subject_id=source.pk, closed_at=None, defaults={"raised_at": now, "data": data}
        )
        if made:
            record_fact(kind, source, data)


def _close(kind: str, still: QuerySet[Source], now: datetime, said: str) -> None:
    """Close the notices of sources that are it no longer; one that is read again says so on its timeline."""
    over = Notice.objects.filter(kind=kind, subject_type="source", closed_at=None).exclude(subject_id__in=still.values("pk"))
    for notice in over:
        with transaction.atomic():
            notice.closed_at = now
            notice.save(update_fields=["closed_at"])
            source = Source.objects.filter(pk=notice.subject_id, state="active", quiet_is_normal=False).first()
            if source is not None:
                record_fact(said, source)


def _local(at: datetime) -> str:
    return at.astimezone(zone()).strftime("%m-%d %H:%M")
