"""Reads of stories: the list by state and facet, one story's page, its neighbours, its items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import Place, Unit, User
from groundswell.desk.accounts.rights import ALL, OWN_UNIT, scope
from groundswell.desk.spine.ports import now, zone
from groundswell.desk.spine.settings_calendar import working_days
from groundswell.desk.stories import record
from groundswell.desk.stories.models import State, Story
from groundswell.desk.stream.models import Item
from groundswell.engine.records import Forecast, Heat, Why
from groundswell.engine.stories.forecast import forecast, silence
from groundswell.engine.stories.heat import heat_of

SMALLEST = 3  # stories of fewer items are listed only under "all"
SORTS = {
    "above": ("-above", "level", "-last_at"),
    "level": ("level", "-above"),
    "newest": ("-first_at",),
    "count": ("-item_count",),
    "last": ("-last_at",),
}


def readable(user: User) -> QuerySet[Story]:
    """The stories USER may read: all, those of the own unit, or none. One that lost all its items is not shown."""
    width, rows = scope(user, "story.read"), Story.objects.filter(merged_into=None, item_count__gt=0)
    if width == ALL:
        return rows
    return rows.filter(unit=user.unit_id) if width == OWN_UNIT and user.unit_id else rows.none()


@dataclass(frozen=True)
class Tab:
    code: str
    words: str | Promise
    count: int
    current: bool


ACTIVE = timedelta(days=3)  # a new story without an item for so long waits no longer; it stays under "all"
TAB_WORDS: dict[str, str | Promise] = {
    "open": _("Open"),
    "rising": State.RISING.label,
    "new": State.NEW.label,
    "handling": State.HANDLING.label,
    "following": State.FOLLOWING.label,
    "reopened": State.REOPENED.label,
    "closed": State.CLOSED.label,
    "all": _("All"),
}


def in_tabs() -> dict[str, Q]:
    """Which stories each tab holds at this moment."""
    new = Q(state=State.NEW, item_count__gte=SMALLEST, last_at__gte=now() - ACTIVE)
    return {
        "open": new | Q(state__in=[State.RISING, State.REOPENED, State.HANDLING]),
        "rising": Q(state=State.RISING),
        "new": new,
        "handling": Q(state=State.HANDLING),
        "following": Q(state=State.FOLLOWING),
        "reopened": Q(state=State.REOPENED),
        "closed": Q(state=State.CLOSED),
        "all": Q(),
    }


HIDDEN_TABS = {"to_handle": Q(state__in=[State.NEW, State.RISING, State.REOPENED], level__lte=3)}


def narrowed(user: User, params: Mapping[str, str]) -> QuerySet[Story]:
    """The stories USER may read, narrowed by the facets of the address (not by the tab)."""
    rows = readable(user)
    if params.get("level", "").isdigit():
        rows = rows.filter(level=int(params["level"]))
    if params.get("unit"):
        rows = rows.filter(unit__code=params["unit"])
    if params.get("place"):
        rows = rows.filter(places__contains=[[params["place"]]])
    if params.get("active"):
        rows = rows.filter(last_at__gte=_day_start(params["active"]), about_us=True)
    if params.get("closed"):
        rows = rows.filter(closed_at__gte=_day_start(params["closed"]))
    if params.get("q"):
        rows = rows.filter(Q(title__icontains=params["q"]) | Q(number__iexact=params["q"]))
    return rows


def _day_start(text: str) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = now().astimezone(zone()).date()
    return datetime.combine(day, time(0), zone())


def in_tab(rows: QuerySet[Story], code: str) -> QuerySet[Story]:
    if code in HIDDEN_TABS:
        return rows.filter(HIDDEN_TABS[code])
    tabs_now = in_tabs()
    return rows.filter(tabs_now.get(code, tabs_now["open"]))


def tabs(rows: QuerySet[Story], current: str) -> list[Tab]:
    """The tabs with their counts, in one query."""
    counts = rows.aggregate(**{code: Count("pk", filter=where) if where else Count("pk") for code, where in in_tabs().items()})
    return [Tab(code, words, counts[code], code == current) for code, words in TAB_WORDS.items()]


def with_places(stories: Sequence[Story]) -> Sequence[Story]:
    """STORIES, each with its places at hand: one query for all of them."""
    places = {place.code: place for place in Place.objects.filter(code__in={code for story in stories for code, _n in story.places})}
    for story in stories:
        story.known_places = places  # type: ignore[attr-defined]
    return stories


def facets(rows: QuerySet[Story]) -> dict[str, Any]:
    levels = dict(rows.values_list("level").annotate(n=Count("pk")).order_by("level"))
    units = {unit.pk: unit for unit in Unit.objects.all()}
    by_unit = rows.exclude(unit=None).values_list("unit").annotate(n=Count("pk")).order_by("-n")[:12]
    return {"levels": [(level, levels[level]) for level in sorted(levels)], "units": [(units[pk], n) for pk, n in by_unit if pk in units]}


def neighbours(user: User, story: Story) -> tuple[str, str]:
    """Numbers of the stories before and after STORY in the usual order."""
    order = list(in_tab(readable(user), "open").order_by(*SORTS["above"]).values_list("number", flat=True)[:200])
    if story.number not in order:
        return "", order[0] if order else ""
    at = order.index(story.number)
    return (order[at - 1] if at else ""), (order[at + 1] if at + 1 < len(order) else "")


@dataclass(frozen=True)
class Spread:
    """What the chart of a story shows."""

    heat: Heat
    forecast: Forecast | None
    bucket: int
    silence: Why | None = None  # why there is no forecast


def spread(story: Story, moment: datetime) -> Spread:
    """The series in half hours for a young story, in hours for two days, in days for longer; with the forecast where there is one."""
    age = moment - story.first_at
    quiet = moment - story.last_at
    if age <= timedelta(hours=20):
        bucket, buckets = 30, max(12, int(age / timedelta(minutes=30)) + 2)
    elif quiet <= timedelta(days=2):
        bucket, buckets = 60, min(72, max(24, int(age / timedelta(hours=1)) + 2))
    else:
        bucket, buckets = 24 * 60, min(90, int(age / timedelta(days=1)) + 2)
    stored = story.items.filter(published_at__lte=moment).order_by("published_at").values_list("published_at", flat=True)
    times = [at for at in stored if at]
    offset = int((moment.astimezone(zone()).utcoffset() or timedelta(0)) / timedelta(minutes=1))
    heat = heat_of(times, moment, bucket, buckets, offset)
    why = silence(times, moment) or record.silenced(moment)
    made = None if why else forecast(times, moment, min(bucket, 60), offset, working_days())
    return Spread(heat, made, bucket, why)


HEAVY = ("tokens", "signature", "judged")  # of an item: what no list shows


def institutions(story: Story) -> list[dict[str, Any]]:
    """Media, public bodies and institutional accounts in the story, by name, the first word first."""
    named = story.items.filter(institutional=True)
    counts = dict(named.order_by().values_list("source").annotate(n=Count("pk")))
    firsts = named.select_related("source").defer(*HEAVY).order_by("source_id", "published_at").distinct("source_id")
    rows = [{"source": row.source, "first": row, "count": counts.get(row.source_id, 1)} for row in firsts]
    return sorted(rows, key=lambda entry: (entry["first"].published_at is None, entry["first"].published_at))


def representative(story: Story, limit: int = 6) -> list[Item]:
    """The items that the summary rests on, then the most copied and most read."""
    cited = [part["item"] for part in story.digest if part.get("item")]
    light = story.items.select_related("source").defer(*HEAVY)
    rows = list(light.filter(pk__in=cited))
    rows.sort(key=lambda row: cited.index(row.pk))
    more = light.exclude(pk__in=cited).exclude(text="").order_by("-copies", "-reads", "published_at")[: max(0, limit - len(rows))]
    return rows + list(more)


@dataclass(frozen=True)
class Tile:
    place: Place
    count: int
    shade: str


def town_tiles(story: Story) -> list[Tile]:
    """Items by town: places inside a town count for it."""
    towns = {place.pk: place for place in Place.objects.filter(kind__in=["town", "street", "subdistrict"])}
    places = {place.code: place for place in Place.objects.all()}
    by_pk = {place.pk: place for place in places.values()}
    counts = dict.fromkeys(towns, 0)
    for code, count in story.places:
        place = places.get(code)
        while place is not None and place.pk not in towns:
            place = by_pk.get(place.within_id or 0)
        if place is not None:
            counts[place.pk] += count
    top = max(counts.values(), default=0) or 1
    tiles = [
        Tile(towns[pk], count, "h1" if count > top * 0.5 else "h2" if count > top * 0.12 else "h3" if count else "")
        for pk, count in counts.items()
    ]
    return sorted(tiles, key=lambda tile: -tile.count)[:12]


def similar(story: Story, limit: int = 3) -> list[Story]:
    """Earlier stories that share unit and place with this one and are closed or long quiet."""
    if not story.unit_id:
        return []
    codes = {code for code, _n in story.places[:3]}
    rows = Story.objects.filter(unit_id=story.unit_id, merged_into=None, last_at__lt=story.first_at, item_count__gte=SMALLEST)
    ranked = sorted(
        rows.exclude(pk=story.pk).order_by("-last_at").values_list("pk", "places", "item_count")[:200],
        key=lambda other: -len(codes & {code for code, _n in other[1]}) * 100 - min(other[2], 90),
    )
    nearest = [pk for pk, _places, _count in ranked[:limit]]
    found = Story.objects.in_bulk(nearest)
    return [found[pk] for pk in nearest]
