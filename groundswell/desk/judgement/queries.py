"""What the page of judgement counts, by month: how much was judged, how much of it people looked at, how much they put right.

The month is that of the item's arrival or of the story's first item, so that all three figures speak of the same ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from groundswell.desk.accounts.models import SlangWord
from groundswell.desk.judgement.words import OF_STORIES, field_of
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.ports import now, today, zone
from groundswell.desk.stories.models import GroupingHand, KeptForecast, Story
from groundswell.desk.stream.models import Correction, Item, ItemState, Watch

MONTHS = 6
WATCH_DAYS = 30
LOOKED_AT = Q(state_by_hand=True) | Q(tone_by_hand=True) | Q(unit_by_hand=True)  # index item_looked_at


@dataclass(frozen=True)
class Figures:
    """Of one kind in one month."""

    kind: str
    month: date
    looked: int
    corrected: int
    judged: int = 0

    @property
    def right(self) -> int | None:
        """Of a hundred that people looked at, how many they left as they were; None where they looked at none."""
        return round(100 * (1 - min(self.corrected, self.looked) / self.looked)) if self.looked else None


def months(count: int = MONTHS) -> list[date]:
    """The first days of the last months, the present one first."""
    found = [today().replace(day=1)]
    while len(found) < count:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def span(month: date) -> tuple[datetime, datetime]:
    """From when to when a month lasts here."""
    after = (month + timedelta(days=32)).replace(day=1)
    return datetime.combine(month, time(), zone()), datetime.combine(after, time(), zone())


def by_month(wanted: Sequence[date]) -> dict[str, list[Figures]]:
    """Kind → figures of each of the WANTED months (indexes item_looked_at, story_by_first, correction_by_field)."""
    start, end = span(min(wanted))[0], span(max(wanted))[1]
    items = Item.objects.filter(LOOKED_AT, collected_at__gte=start, collected_at__lt=end)
    stories = Story.objects.filter(version__gt=0, item_count__gt=0, first_at__gte=start, first_at__lt=end)
    looked = {
        "items": _counted(items, "collected_at"),
        "placed": _counted(items.filter(state_by_hand=True, state=ItemState.IN_STORY), "collected_at"),
        "stories": _counted(stories, "first_at"),
    }
    told = Correction.objects.filter(undone_at=None, item__collected_at__gte=start, item__collected_at__lt=end).exclude(REFUSED)
    of_items = told.values_list("field", TruncMonth("item__collected_at", tzinfo=zone())).annotate(n=Count("item", distinct=True))
    of_stories = (
        Correction.objects.filter(undone_at=None, story__first_at__gte=start, story__first_at__lt=end)
        .values_list("field", TruncMonth("story__first_at", tzinfo=zone()))
        .annotate(n=Count("story", distinct=True))
    )
    corrected = {(field, month.date()): n for field, month, n in of_items}
    corrected_stories = {(field, month.date()): n for field, month, n in of_stories}
    found: dict[str, list[Figures]] = {}
    for kind in ("about_us", "tone", "unit", "story", *OF_STORIES):
        seen = looked["stories" if kind in OF_STORIES else "placed" if kind == "story" else "items"]
        right = corrected_stories if kind in OF_STORIES else corrected
        found[kind] = [Figures(kind, month, seen[month], right.get((field_of(kind), month), 0)) for month in wanted]
    return found


REFUSED = Q(field="story", was="")  # an item that had no story was given one: nothing was put right


def _counted(rows: QuerySet[Any], field: str) -> Counter[date]:
    grouped = rows.values_list(TruncMonth(field, tzinfo=zone())).annotate(n=Count("pk")).order_by()
    return Counter({month.date(): n for month, n in grouped})


def rows_of(kind: str, month: date, which: str) -> QuerySet[Any]:
    """The items or stories behind a figure: WHICH is judged, looked or corrected; newest first."""
    start, end = span(month)
    field, told = field_of(kind), Correction.objects.filter(undone_at=None)
    if kind in OF_STORIES:
        stories = Story.objects.filter(item_count__gt=0, first_at__gte=start, first_at__lt=end).select_related("unit").order_by("-first_at")
        if which == "looked":
            return stories.filter(version__gt=0)
        corrected = told.filter(field=field, story__isnull=False).values("story")
        return stories.filter(pk__in=corrected) if which == "corrected" else stories
    items = (
        Item.objects.filter(collected_at__gte=start, collected_at__lt=end).select_related("source", "unit").order_by("-collected_at", "-pk")
    )
    if kind == "story":
        items = items.filter(story__isnull=False)
    if which == "looked":
        return items.filter(state_by_hand=True, state=ItemState.IN_STORY) if kind == "story" else items.filter(LOOKED_AT)
    put_right = told.filter(field=field, item__isnull=False).exclude(REFUSED).values("item")
    return items.filter(pk__in=put_right) if which == "corrected" else items.exclude(state=ItemState.ARRIVED)


def corrections(month: date, kind: str = "", was: str | None = None, became: str | None = None) -> QuerySet[Correction]:
    """What people put right on items and stories of MONTH, the latest first; also what was taken back."""
    start, end = span(month)
    here = Q(item__collected_at__gte=start, item__collected_at__lt=end) | Q(story__first_at__gte=start, story__first_at__lt=end)
    rows = Correction.objects.filter(here).exclude(REFUSED).select_related("item", "story", "by").order_by("-at", "-pk")
    if kind:
        rows = rows.filter(field=field_of(kind), **{"story__isnull" if kind in OF_STORIES else "item__isnull": False})
    if was is not None and became is not None:
        rows = rows.filter(was=was, became=became)
    return rows


@dataclass(frozen=True)
class Mistake:
    """So often people changed one value into another."""

    field: str
    was: str
    became: str
    count: int


def mistakes(month: date, kind: str = "") -> list[Mistake]:
    """The commonest changes that hold; of stories of items only that they were others, since each is one of its own."""
    rows = corrections(month, kind).filter(undone_at=None).exclude(field="story").order_by()
    counted = rows.values_list("field", "was", "became").annotate(n=Count("pk")).order_by("-n", "field", "was", "became")
    return [Mistake(*row) for row in counted[:12]]


@dataclass(frozen=True)
class Hand:
    """A merge or a split by a person: what, of which story, into which, and how to take it back."""

    row: GroupingHand
    story: Story | None
    into: Story | None
    batch: str


def hands(month: date) -> list[Hand]:
    """Merges and splits of MONTH that hold, the latest first."""
    start, end = span(month)
    rows = list(GroupingHand.objects.filter(kind__in=("merge", "split"), undone_at=None, at__gte=start, at__lt=end).order_by("-at")[:50])
    names = {name for row in rows for name in (row.story, row.into)}
    stories = {story.engine_id: story for story in Story.objects.filter(engine_id__in=names)}
    merges = Entry.objects.filter(action="story.merge", undo_of=None, at__gte=start, at__lt=end)
    undone = set(Entry.objects.filter(undo_of__in=merges).values_list("undo_of", flat=True))
    batches = {(entry.subject_id, entry.at): str(entry.batch) for entry in merges if entry.pk not in undone}
    return [
        Hand(
            row,
            stories.get(row.story),
            stories.get(row.into),
            batches.get((story.pk, row.at), "") if (story := stories.get(row.story)) is not None and row.kind == "merge" else "",
        )
        for row in rows
    ]


@dataclass(frozen=True)
class WatchRecord:
    """A watch on the items of the last weeks that people sorted: how many concerned the body, how many did not."""

    watch: Watch
    ours: int
    not_us: int

    @property
    def precision(self) -> int:
        return round(100 * self.ours / (self.ours + self.not_us))


def watch_records() -> list[WatchRecord]:
    """Watches whose hits people sorted, the least precise first (index item_looked_at)."""
    since = now() - timedelta(days=WATCH_DAYS)
    ours: Counter[str] = Counter()
    not_us: Counter[str] = Counter()
    rows = Item.objects.filter(LOOKED_AT, state_by_hand=True, collected_at__gte=since).exclude(watches=[])
    for state, watches in rows.values_list("state", "watches"):
        (not_us if state == ItemState.NOT_US else ours).update(watches)
    found = {watch.slug: watch for watch in Watch.objects.filter(slug__in={*ours, *not_us})}
    records = [WatchRecord(watch, ours[slug], not_us[slug]) for slug, watch in found.items()]
    return sorted(records, key=lambda record: (record.precision, -record.ours - record.not_us, record.watch.slug))


@dataclass(frozen=True)
class WordRecord:
    """New words that the program proposed: how many wait, are in use, were refused."""

    waiting: int
    accepted: int
    refused: int

    @property
    def right(self) -> int | None:
        """Of a hundred that a person decided on, how many are in use; None before there is one."""
        decided = self.accepted + self.refused
        return round(100 * self.accepted / decided) if decided else None


def word_record() -> WordRecord:
    """The record of the program's proposals; words that people brought themselves do not count."""
    counted = Counter(SlangWord.objects.filter(first_seen__isnull=False).values_list("state", flat=True))
    return WordRecord(counted["proposed"], counted["accepted"], counted["refused"])


def forecasts_of(month: date) -> QuerySet[KeptForecast]:
    """The forecasts of MONTH that people saw, the latest first (index forecast_by_time)."""
    start, end = span(month)
    return KeptForecast.objects.filter(shown=True, made_at__gte=start, made_at__lt=end).select_related("story").order_by("-made_at", "-pk")


def judged_in(month: date) -> dict[str, int]:
    """How many items and stories of MONTH were judged (indexes item_collected, story_by_first)."""
    start, end = span(month)
    items = Item.objects.filter(collected_at__gte=start, collected_at__lt=end)
    return {
        "items": items.count(),
        "placed": items.filter(about_us=True, story__isnull=False).count(),
        "stories": Story.objects.filter(item_count__gt=0, first_at__gte=start, first_at__lt=end).count(),
    }


def earliest() -> date | None:
    """The month of the first item, None before there is one."""
    first = Item.objects.order_by("collected_at").values_list("collected_at", flat=True).first()
    return first.astimezone(zone()).date().replace(day=1) if first else None
