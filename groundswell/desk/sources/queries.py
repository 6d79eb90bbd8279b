"""Reads of the register: the list by state and facet with each source's last day, one source's page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Max, Q, QuerySet, Value, When
from django.db.models.functions import Greatest, TruncDate, TruncHour
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import Unit, User
from groundswell.desk.accounts.rights import OWN_UNIT, scope
from groundswell.desk.reading.book import hours_with_gaps
from groundswell.desk.sources import silence
from groundswell.desk.sources.models import Channel, Failure, FetchRun, Kind, Reading, Source
from groundswell.desk.spine.palette import initials
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.shell import named
from groundswell.desk.stream.models import Item, Watch

HOURS = 24
YIELD_DAYS = 28
RUNS = 20
SAMPLES = 6
LOOKED_AT = 2000  # newest items among which the watches that use a source are counted
Words = str | Promise
STATES: dict[str, Words] = {
    "": _("All"),
    "broken": _("No data"),
    "active": _("Being read"),
    "paused": _("Paused"),
    "proposed": _("Proposed"),
    "retired": _("Retired"),
}
IN_STATE: dict[str, Q] = {
    "": ~Q(state="retired"),
    "broken": silence.broken(),
    "active": Q(state="active"),
    "paused": Q(state="paused"),
    "proposed": Q(state="proposed"),
    "retired": Q(state="retired"),
}
BLIND_FIRST = Case(
    When(silence.broken(), then=Value(0)), When(state="proposed", then=Value(1)), default=Value(2), output_field=IntegerField()
)
SORTS: dict[str, tuple[Words, tuple[Any, ...]]] = {
    "": (_("no data first"), (BLIND_FIRST, "sort_key", "id")),
    "name": (_("name"), ("sort_key", "id")),
    "last": (_("last item"), (F("last_item_at").desc(nulls_last=True), "sort_key")),
    "usual": (_("yield"), (F("usual_per_day").desc(nulls_last=True), "sort_key")),
}


def readable(user: User) -> QuerySet[Source]:
    """The sources USER may see: all, those of the own unit, or none."""
    width = scope(user, "source.read")
    if width == OWN_UNIT:
        return Source.objects.filter(unit=user.unit_id) if user.unit_id else Source.objects.none()
    return Source.objects.all() if width else Source.objects.none()


def narrowed(rows: QuerySet[Source], params: Mapping[str, str], leave: str = "") -> QuerySet[Source]:
    """ROWS by the facets of the address; the facet LEAVE is not applied, so that its other values can be counted."""
    for name, column in (("channel", "channel"), ("kind", "kind"), ("unit", "unit__code")):
        if params.get(name) and name != leave:
            rows = rows.filter(**{column: params[name]})
    if params.get("q"):
        text = params["q"].strip()
        rows = rows.filter(
            Q(name__icontains=text) | Q(name_en__icontains=text) | Q(owner__icontains=text) | Q(address__icontains=text)
            | Q(sort_key__icontains=text) | Q(slug__in=_by_initials(text))
        )  # fmt: skip
    return rows


def _by_initials(text: str) -> list[str]:
    """Slugs of sources whose pinyin initials hold TEXT: qhlt finds 清河论坛."""
    if not text.isascii() or not text.isalpha():
        return []
    return [slug for slug, name in Source.objects.values_list("slug", "name") if text.lower() in initials(name)]


def in_state(rows: QuerySet[Source], state: str) -> QuerySet[Source]:
    return rows.filter(IN_STATE.get(state, IN_STATE[""]))


@dataclass(frozen=True)
class Choice:
    """One value of a facet, with how many rows it would leave."""

    code: str
    words: Words
    count: int
    current: bool


def state_tabs(rows: QuerySet[Source], current: str) -> list[Choice]:
    counts = rows.aggregate(**{f"n_{code}": Count("pk", filter=where) for code, where in IN_STATE.items()})
    return [Choice(code, words, counts[f"n_{code}"], code == current) for code, words in STATES.items()]


def facets(rows: QuerySet[Source], params: Mapping[str, str], state: str) -> list[tuple[str, Words, list[Choice]]]:
    """Channel, kind and unit with counts, each counted with the other facets applied."""

    def counted(name: str, column: str) -> dict[Any, int]:
        found = in_state(narrowed(rows, params, leave=name), state)
        return dict(found.order_by().values_list(column).annotate(n=Count("pk")))

    channels, kinds, units = counted("channel", "channel"), counted("kind", "kind"), counted("unit", "unit__code")
    names = {unit.code: named(unit) for unit in Unit.objects.filter(code__in=[code for code in units if code])}
    by_count = sorted(names, key=lambda code: -units[code])[:12]

    def choices(name: str, words: Mapping[Any, Any], counts: Mapping[Any, int], order: Iterable[Any]) -> list[Choice]:
        return [Choice(code, words[code], counts[code], params.get(name) == code) for code in order if code in counts]

    return [
        ("channel", _("Channel"), choices("channel", dict(Channel.choices), channels, Channel.values)),
        ("kind", _("Read as"), choices("kind", dict(Kind.choices), kinds, Kind.values)),
        ("unit", _("Unit"), choices("unit", names, units, by_count)),
    ]


@dataclass
class Day:
    """A source's last 24 hours, a cell an hour (1 items came, 0 read and nothing new, None no data); today's items and the usual by now."""

    cells: list[float | None] = field(default_factory=list)
    items: int = 0
    usual: float | None = None


def last_days(sources: Sequence[Source], now: datetime) -> dict[int, Day]:
    """The last 24 hours of SOURCES, in five queries (indexes source, -at and collected_at)."""
    first = (now - timedelta(hours=HOURS - 1)).replace(minute=0, second=0, microsecond=0)
    keys = [source.pk for source in sources]
    came = _hourly(Item.objects.filter(collected_at__gte=first, collected_at__lte=now, source_id__in=keys), "collected_at")
    runs = FetchRun.objects.filter(at__gte=first - timedelta(days=1), at__lte=now, source_id__in=keys)
    read = _hourly(runs.exclude(outcome="failed"), "at")
    read |= _hourly(Reading.objects.filter(at__gte=first - timedelta(days=1), at__lte=now, source_id__in=keys), "at")
    failed = _hourly(runs.filter(outcome="failed"), "at")
    gaps = hours_with_gaps(first, now) if any(source.kind == Kind.MANUAL for source in sources) else set()
    midnight = now.astimezone(zone()).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Item.objects.filter(collected_at__gte=midnight, collected_at__lte=now, source_id__in=keys)
    counts = dict(today.order_by().values_list("source_id").annotate(n=Count("pk")))
    usual = silence.usual_between(sources, midnight, now)
    return {
        source.pk: Day(_cells(source, first, came, read, failed, gaps), counts.get(source.pk, 0), usual[source.pk]) for source in sources
    }


def _hourly(rows: QuerySet[Any], column: str) -> dict[tuple[int, datetime], int]:
    found = rows.annotate(hour=TruncHour(column)).order_by().values_list("source_id", "hour").annotate(n=Count("pk"))
    return {(source, hour): n for source, hour, n in found}


Hourly = Mapping[tuple[int, datetime], int]


def _cells(
    source: Source, first: datetime, came: Hourly, read: Hourly, failed: Hourly, gaps: set[tuple[int, datetime]]
) -> list[float | None]:
    """An hour is without data where only failures fell into it, or where the last good reading is longer ago than the interval allows;
    for a source that people read, where a planned reading was not made."""
    covers = max(1, round(max(source.adapted_minutes or 0, source.interval_minutes) / 60))
    cells: list[float | None] = []
    for n in range(HOURS):
        hour = first + timedelta(hours=n)
        good = (source.pk, hour) in read or (source.pk, hour) in came
        recent = any((source.pk, hour - timedelta(hours=k)) in read for k in range(1, covers + 1))
        unread = (source.pk, hour) in gaps if source.kind == Kind.MANUAL else (source.pk, hour) in failed or not recent
        blind = not good and unread
        cells.append(None if blind else 1.0 if (source.pk, hour) in came else 0.0)
    return cells


def yield_by_day(source: Source, today: date) -> list[tuple[date, int]]:
    """Items of the last four weeks by day of collection (index source, -id bounds it)."""
    first = today - timedelta(days=YIELD_DAYS - 1)
    rows = source.items.filter(collected_at__gte=datetime.combine(first, time(0), zone()))
    found = dict(rows.annotate(day=TruncDate("collected_at", tzinfo=zone())).order_by().values_list("day").annotate(n=Count("pk")))
    return [(first + timedelta(days=n), found.get(first + timedelta(days=n), 0)) for n in range(YIELD_DAYS)]


def last_runs(source: Source) -> list[FetchRun]:
    """The newest runs with their failures."""
    return list(source.runs.prefetch_related("failed").order_by("-at", "-id")[:RUNS])


def failures_by_cause(source: Source, since: datetime) -> list[dict[str, Any]]:
    """What went wrong lately, each cause once: how often, when last, and an example."""
    rows = Failure.objects.filter(source=source, at__gte=since).order_by().values("cause", "mend").annotate(n=Count("pk"), last=Max("at"))
    found = []
    for row in sorted(rows, key=lambda row: row["last"], reverse=True)[:8]:
        example = Failure.objects.filter(source=source, cause=row["cause"], mend=row["mend"], at=row["last"]).first()
        found.append({**row, "example": example})
    return found


def sample_items(source: Source) -> list[Item]:
    """The newest items, as everybody who may read items sees them (index source, -id)."""
    return list(source.items.select_related("unit").order_by("-id")[:SAMPLES])


def watches_of(source: Source) -> list[tuple[Watch, int]]:
    """Watches that use the source: by hits among its newest items, and those that name it in their query."""
    hits: Counter[str] = Counter()
    for slugs in source.items.order_by("-id").values_list("watches", flat=True)[:LOOKED_AT]:
        hits.update(slugs)
    rows = Watch.objects.filter(Q(slug__in=list(hits)) | Q(query__icontains=f"source:{source.slug}"))
    return sorted(((watch, hits[watch.slug]) for watch in rows), key=lambda pair: -pair[1])


def blind_longest(rows: QuerySet[Source]) -> Source | None:
    """The source that has been without data the longest."""
    blind = rows.filter(silence.broken())
    return min(blind, key=lambda source: blind_since(source) or source.added_at, default=None)


def blind_since(source: Source) -> datetime | None:
    """Since when SOURCE yields nothing: its silence, else its last good reading; None where it is not blind."""
    if source.state != "active":
        return None
    if source.silent_since:
        return source.silent_since
    return source.last_success_at or source.added_at if source.failures >= silence.FAILING else None


def newest_item_at(rows: QuerySet[Source]) -> datetime | None:
    newest: datetime | None = rows.filter(state="active").aggregate(at=Max(Greatest("last_item_at", "last_item_at")))["at"]
    return newest
