"""Reads of the stream: cursor pages by arrival, facets with counts, one item, the archive's search over everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, Func, Max, Min, Q, QuerySet, TextField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import Unit, User
from groundswell.desk.accounts.rights import ALL, OWN_UNIT, PROPOSE, scope
from groundswell.desk.sources.models import Channel, Source
from groundswell.desk.spine.ports import now, zone
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.knowledge import current_knowledge
from groundswell.desk.stream.models import Item, ItemState, Watch
from groundswell.desk.stream.records import LABELS
from groundswell.engine.judge.query import Node, parse
from groundswell.engine.judge.query_sql import candidates
from groundswell.engine.judge.watches import Document, Matcher
from groundswell.engine.records import WatchSpec
from groundswell.engine.text.tokens import Segmenter, lexicon_words

PAGE = 50
WINDOW = 20_000  # ids of the first window of a search
HEAVY = ("tokens", "signature", "judged")  # of an item: what no list shows
OF_A_STORY = (  # what no list of items shows of their stories
    "digest", "summary_by_hand", "level_factors", "level_why", "credibility_why", "suggested_units", "places", "series", "forecast", "blob",
)  # fmt: skip
FACET_ROWS = 5000  # newest items that facets count; more are shown as "5000+"
STATES: dict[str, tuple[str | Promise, Q]] = {
    "open": (_("To triage"), Q(state=ItemState.OPEN)),
    "ours": (_("About us"), Q(about_us=True, advert=False)),
    "in_story": (_("In a story"), Q(state=ItemState.IN_STORY)),
    "aside": (_("Set aside"), Q(state=ItemState.ASIDE)),
    "not_us": (_("Not about us"), Q(state=ItemState.NOT_US)),
    "all": (_("All"), Q()),
}


def readable(user: User) -> QuerySet[Item]:
    """The items USER may read: all, those of the own unit and of its stories, or none."""
    width = scope(user, "item.read")
    if width == ALL:
        return Item.objects.all()
    if width == OWN_UNIT and user.unit_id:
        return Item.objects.filter(
            Q(unit=user.unit_id) | Q(story__in=Story.objects.filter(unit=user.unit_id, merged_into=None).values("pk"))
        )
    return Item.objects.none()


def readable_watches(user: User) -> QuerySet[Watch]:
    """The watches USER may read: all, or those of the own unit."""
    width = scope(user, "watch.read")
    if width in (ALL, PROPOSE):
        return Watch.objects.all()
    return Watch.objects.filter(unit=user.unit_id) if width == OWN_UNIT and user.unit_id else Watch.objects.none()


def narrowed(user: User, params: Mapping[str, str]) -> QuerySet[Item]:
    """The stream as the address asks for it."""
    rows = readable(user).filter(STATES.get(params.get("state", "open"), STATES["open"])[1])
    if params.get("state", "open") == "open":
        rows = rows.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=now()))
    if params.get("channel"):
        rows = rows.filter(channel=params["channel"])
    if params.get("unit"):
        unit = Unit.objects.filter(code=params["unit"]).first()  # its key, so that the index of units and arrival serves
        rows = rows.filter(unit=unit) if unit else rows.none()
    if params.get("watch"):
        rows = rows.filter(watches__contains=[params["watch"]])
    if params.get("source"):
        source = Source.objects.filter(slug=params["source"]).first()
        rows = rows.filter(source=source) if source else rows.none()
    if params.get("tone") in ("-1", "0", "1"):
        rows = rows.filter(tone=int(params["tone"]))
    for name, lookup in (("since", "collected_at__gte"), ("until", "collected_at__lt")):
        moment = _moment(params.get(name, ""))
        if moment is not None:
            rows = rows.filter(**{lookup: moment})
    return rows


def _moment(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(0), zone()) if text else None
    except ValueError:
        return None


def for_list(rows: QuerySet[Item], *joined: str) -> QuerySet[Item]:
    """ROWS with source, unit, story and what else is JOINED, without the columns that no list shows: they would be most of the bytes."""
    stories = [name for name in ("story", *joined) if name.endswith("story")]
    return rows.select_related("source", "unit", "story", *joined).defer(
        *HEAVY, *(f"{story}__{name}" for story in stories for name in OF_A_STORY)
    )


@dataclass(frozen=True)
class Slice:
    items: list[Item]
    next_cursor: int | None
    newest: int


def page(rows: QuerySet[Item], cursor: str) -> Slice:
    """Fifty items by arrival, newest first; CURSOR is the id of the last one shown."""
    if cursor.isdigit():
        rows = rows.filter(pk__lt=int(cursor))
    found = list(for_list(rows, "suggested_story").order_by("-pk")[: PAGE + 1])
    more = len(found) > PAGE
    shown = found[:PAGE]
    return Slice(shown, shown[-1].pk if more and shown else None, shown[0].pk if shown else 0)


def newer(rows: QuerySet[Item], than: int) -> int:
    """How many items came after the item THAN."""
    return rows.filter(pk__gt=than)[:1000].count()


FACETS = """with newest(channel, tone, unit, watches) as materialized ({})
select 0, channel, null::bigint, count(*) from newest group by channel
union all select 1, null, tone, count(*) from newest group by tone
union all select 2, null, unit, count(*) from newest group by unit
union all select 3, watch, null, count(*) from newest, unnest(watches) watch group by watch"""


def facets(rows: QuerySet[Item]) -> dict[str, list[tuple[Any, Any, int]]]:
    """Counts by channel, sentiment, unit and watch over the newest items."""
    channels, tones, units, watches = _facet_counts(rows)
    names = {unit.pk: unit for unit in Unit.objects.all()}
    by_slug = {watch.slug: watch for watch in Watch.objects.all()}
    return {
        "channels": [(channel, Channel(channel).label, n) for channel, n in _ranked(channels) if channel in Channel.values],
        "tones": [(tone, LABELS[tone], n) for tone, n in sorted(tones.items())],
        "units": [(names[pk].code, names[pk], n) for pk, n in _ranked(units) if pk in names][:12],
        "watches": [(slug, by_slug[slug], n) for slug, n in _ranked(watches) if slug in by_slug][:12],
    }


def _facet_counts(rows: QuerySet[Item]) -> tuple[dict[Any, int], ...]:
    """Counts by channel, sentiment, unit and watch, counted in the database: thousands of rows stay there."""
    try:
        select, params = rows.order_by("-pk").values("channel", "tone", "unit_id", "watches")[:FACET_ROWS].query.sql_with_params()
    except EmptyResultSet:
        return {}, {}, {}, {}
    counts: tuple[dict[Any, int], ...] = ({}, {}, {}, {})
    with connection.cursor() as cursor:
        cursor.execute(FACETS.format(select), params)
        for place, name, number, n in cursor.fetchall():
            counts[place][number if place in (1, 2) else name] = n
    return counts


def _ranked(counts: Mapping[Any, int]) -> list[tuple[Any, int]]:
    return sorted(counts.items(), key=lambda pair: -pair[1])


OF_A_DOCUMENT = (
    "title", "text", "source__slug", "source__name", "kind", "lang", "units", "places", "tone", "level", "published_at",
)  # fmt: skip
COUNTED = ("collected_at", "about_us", "advert", "state", "story_id")
NEWEST = 20  # hits shown below a preview


def document_of(row: Item) -> Document:
    """ROW as the matcher of watches sees it."""
    return Document(
        title=row.title,
        text=row.text,
        source=row.source.slug,
        source_name=row.source.name,
        kind=row.kind,
        lang=row.lang,
        units=tuple(row.units),
        places=tuple(row.places),
        tone=LABELS[row.tone],
        level=row.level,
        published_at=row.published_at,
    )


def matcher_for(query: str) -> tuple[Node, Matcher]:
    """QUERY compiled with the body's present words. Raises QueryError."""
    knowledge = current_knowledge()
    segmenter = _segmenter(knowledge.version, tuple(lexicon_words(knowledge)))
    return parse(query), Matcher([WatchSpec(id="query", query=query)], segmenter, knowledge)


_segmenters: dict[str, Segmenter] = {}


def _segmenter(version: str, words: tuple[str, ...]) -> Segmenter:
    if version not in _segmenters:
        _segmenters.clear()
        _segmenters[version] = Segmenter(words)
    return _segmenters[version]


@dataclass(frozen=True)
class Hit:
    item: Item
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Found:
    """Hits of a search: those of one page, whether there are more, and over how many candidates the matcher decided."""

    hits: list[Hit]
    more: bool
    looked_at: int
    cut: bool = False  # there were more candidates than are looked at


def search(user: User, query: str, *, offset: int = 0, limit: int = 30, most: int = 5000) -> Found:
    """Items USER may read that match QUERY, newest first. Raises QueryError."""
    return search_in(readable(user), query, offset=offset, limit=limit, most=most)


def search_in(rows: QuerySet[Item], query: str, *, offset: int = 0, limit: int = 30, most: int = 5000) -> Found:
    """Those of ROWS that match QUERY, newest first: SQL finds candidates, the matcher decides
    over the newest MOST of them. Raises QueryError."""
    node, matcher = matcher_for(query)
    found = with_candidates(rows, node, matcher).select_related("source").only(*OF_A_DOCUMENT).order_by("-pk")
    spans: dict[int, tuple[tuple[int, int], ...]] = {}
    looked_at = 0
    for row in islice(_by_windows(found), most):
        looked_at += 1
        match = matcher.match(document_of(row))
        if match:
            spans[row.pk] = match[0].spans
            if len(spans) > offset + limit:
                break
    return Found(_hits(spans, offset, limit), len(spans) > offset + limit, looked_at, looked_at == most)


def _hits(spans: Mapping[int, tuple[tuple[int, int], ...]], offset: int = 0, limit: int | None = None) -> list[Hit]:
    """The items whose ids and marks are known, as a list shows them, in that order."""
    shown = list(islice(spans.items(), offset, None if limit is None else offset + limit))
    found = for_list(Item.objects.filter(pk__in=[pk for pk, _marks in shown])).in_bulk()
    return [Hit(found[pk], marks) for pk, marks in shown if pk in found]


def _by_windows(found: QuerySet[Item]) -> Iterator[Item]:
    """FOUND, newest first, read in windows of ids that widen: a common word's newest hits need no sort of all its hits."""
    bounds = Item.objects.aggregate(newest=Max("pk"), oldest=Min("pk"))
    upper, width = bounds["newest"], WINDOW
    while upper is not None and upper >= bounds["oldest"]:
        yield from found.filter(pk__lte=upper, pk__gt=upper - width).iterator(chunk_size=200)
        upper, width = upper - width, width * 4


def matching(rows: QuerySet[Item], query: str) -> Iterator[Hit]:
    """All of ROWS that match QUERY, oldest first, read as they are asked for. Raises QueryError at once."""
    node, matcher = matcher_for(query)
    found = for_list(with_candidates(rows, node, matcher)).order_by("pk")
    pairs = ((row, matcher.match(document_of(row))) for row in found.iterator(chunk_size=500))
    return (Hit(row, match[0].spans) for row, match in pairs if match)


def with_candidates(rows: QuerySet[Item], node: Node, matcher: Matcher) -> QuerySet[Item]:
    """ROWS narrowed to what NODE can match, by the GIN index of the tokens."""
    text = candidates(node, matcher)
    if text is None:
        return rows
    return rows.extra(where=["stream_item.tokens @@ %s::tsquery"], params=[text])


def count_by_day(rows: QuerySet[Item], query: str, since: datetime, *, watch: Watch | None = None) -> dict[str, Any]:
    """The past among ROWS against QUERY, for a watch's preview: hits a day, how many are about us, in stories, newest hits.

    QUERY may be what WATCH says since it was last changed: items that were judged after that, with the present words, know already
    whether it matched them, and only the others are matched. Raises QueryError.
    """
    node, matcher = matcher_for(query)
    rows = rows.filter(collected_at__gte=since)
    known: list[tuple[Any, ...]] = []
    if watch is not None and watch.changed_at:
        judged = Q(lexicon=current_knowledge().version, judged_at__gte=watch.changed_at)
        known = list(rows.filter(judged, watches__contains=[watch.slug]).order_by("-pk").values_list("pk", *COUNTED))
        rows = rows.exclude(judged)
    found = with_candidates(rows, node, matcher).select_related("source").only(*OF_A_DOCUMENT, *COUNTED).order_by("-pk")
    matched = [
        (row.pk, *(getattr(row, name) for name in COUNTED)) for row in found.iterator(chunk_size=500) if matcher.match(document_of(row))
    ]
    return _counted(sorted(known + matched, reverse=True), matcher)


def _counted(rows: Sequence[tuple[Any, ...]], matcher: Matcher) -> dict[str, Any]:
    """Sums of hits (id and COUNTED), newest first, and the newest of them with their marks."""
    body = zone()
    days = Counter(collected_at.astimezone(body).date() for _pk, collected_at, *_rest in rows)
    newest = Item.objects.filter(pk__in=[row[0] for row in rows[:NEWEST]]).select_related("source").only(*OF_A_DOCUMENT).order_by("-pk")
    marks = {row.pk: match[0].spans if (match := matcher.match(document_of(row))) else () for row in newest}
    return {
        "days": days,
        "newest": _hits(marks),
        "hits": len(rows),
        "ours": sum(about_us and not advert for _pk, _at, about_us, advert, _state, _story in rows),
        "not_us": sum(state == ItemState.NOT_US for _pk, _at, _ours, _advert, state, _story in rows),
        "stories": len({story for *_rest, story in rows if story}),
    }


def hits_by_watch(rows: QuerySet[Item], since: datetime) -> dict[str, int]:
    """How many of ROWS collected since SINCE each watch matched, by its slug (index item_collected)."""
    found = rows.filter(collected_at__gte=since).annotate(slug=Func(F("watches"), function="unnest", output_field=TextField()))
    return dict(found.order_by().values_list("slug").annotate(n=Count("pk")))


def estimated_count() -> int:
    """About how many items there are, from the planner's statistics: a count of a million rows takes too long for a screen."""
    with connection.cursor() as cursor:
        cursor.execute("select greatest(reltuples, 0)::bigint from pg_class where relname = 'stream_item'")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def in_state_counts(user: User) -> dict[str, int]:
    """Counts beside the tabs of the stream; large ones are only counted up to the limit of facets."""
    return {code: narrowed(user, {"state": code})[: FACET_ROWS + 1].count() for code in STATES if code != "all"}
