"""A rule on silent sources tried on the past: gaps between items that were silences by the source's own rhythm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from groundswell.collect.silence import is_silent
from groundswell.desk.alerts.models import Rule
from groundswell.desk.alerts.trial import OPEN, RIGHT, WRONG, Hit
from groundswell.desk.sources.models import Source
from groundswell.desk.sources.silence import days_off, rhythm_at
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.ports import zone
from groundswell.desk.stream.models import Item


def silences(rule: Rule, since: datetime, now: datetime) -> Iterator[Hit]:
    """The silences since SINCE on which RULE would have called."""
    for source in _sources(rule):
        yield from _of_one(source, rule, since, now)


def _sources(rule: Rule) -> Iterable[Source]:
    rows = Source.objects.filter(state="active").exclude(kind="manual").exclude(rhythm={})
    if rule.source_id is not None:
        rows = rows.filter(pk=rule.source_id)
    return rows.filter(unit=rule.unit_id) if rule.unit_id is not None else rows


def _of_one(source: Source, rule: Rule, since: datetime, now: datetime) -> Iterator[Hit]:
    """The gaps of SOURCE that were silences by its rhythm and lasted as long as RULE asks."""
    least = timedelta(hours=rule.silent_hours or 0)
    at = Item.objects.filter(source=source, collected_at__gte=since).order_by("collected_at").values_list("collected_at", flat=True)
    times = [*at, now]
    rhythm, here = rhythm_at(source), zone()
    is_off = days_off(since.date() - timedelta(days=1), now.date() + timedelta(days=1))
    for last, following in pairwise(times):
        if following - last < least or not is_silent(rhythm, last, following, here, is_off, least=least):
            continue
        local = last.astimezone(here).strftime("%m-%d %H:%M")
        acted = _acted(source, last, following)
        verdict, why = (WRONG, "quiet") if source.quiet_is_normal else (RIGHT, "acted") if acted else (OPEN, "open")
        yield Hit(last + least, [{"code": "silent", "since": local}], verdict, why, source=source)


def _acted(source: Source, since: datetime, until: datetime) -> bool:
    acts = Entry.objects.filter(subject_type="source", subject_id=source.pk, actor__isnull=False)
    return acts.filter(at__gte=since, at__lte=until + timedelta(days=1)).exists()
