"""The grouping state between the engine and the tables: loaded once a process, advanced under a lock, saved story by story."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, cast

from django.db import connection

from groundswell.desk.accounts.models import Place
from groundswell.desk.spine.bulk import update_rows
from groundswell.desk.spine.numbering import record_numbers
from groundswell.desk.spine.ports import now, zone
from groundswell.desk.stories.models import GroupingHand, GroupingState, State, Story
from groundswell.engine import records
from groundswell.engine.stories.decisions import Decision
from groundswell.engine.stories.grouping import grow_stories, renew_stories
from groundswell.engine.stories.settings import Settings
from groundswell.engine.stories.state import SHARED, StoriesState, dump_shared, dump_story, load_stories

OPEN_DAYS = 60  # a story without news for so long takes no new items by itself
Kind = Literal["merge", "split", "pin"]
JOIN, SUGGEST = 0.35, 0.2  # lower than in a file: what fades with the days and differs in place is held back besides, and a person looks on
CANDIDATES = 24  # more than in a file: of many alike ones most have faded
SURE = 0.8  # below this confidence a person is asked where an item belongs
SEEN = 3  # a story of so many items is seen on its own screen; its first one needs nobody any more
FADE, FADE_MOST = 2.0, 12.0  # what was said days ago is likelier another event
LOCK = 0x6772_7773


@dataclass(frozen=True)
class Placed:
    """Where an item went: rows' ids, not the engine's names."""

    story_id: int | None
    confidence: float
    duplicate_of: str = ""
    suggested_id: int | None = None
    suggested_confidence: float = 0.0
    engine_id: str = ""
    at: datetime | None = None
    new: bool = False  # it is the first of a story of its own

    @property
    def asks(self) -> bool:
        """Is a person to look at it: the first of its kind, or one that the machine is not sure of?"""
        return self.story_id is None or self.new or self.confidence < SURE


@dataclass
class _Memory:
    """What this process keeps between batches; valid while nobody else advanced the state."""

    state: StoriesState | None = None
    saved_at: datetime | None = None
    hands: int = 0
    rows: dict[str, int] = field(default_factory=dict)  # engine id -> pk


_memory = _Memory()


def forget() -> None:
    """Drop what is in memory (between tests, after a replay)."""
    _memory.state, _memory.saved_at, _memory.hands, _memory.rows = None, None, 0, {}


@contextlib.contextmanager
def locked() -> Iterator[Groups]:
    """Inside a transaction: the state, for us alone until it ends. On failure the memory is dropped."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
    try:
        yield Groups()
    except BaseException:
        forget()
        raise


class Groups:
    """One turn at the grouping: place items, then save what was touched."""

    def __init__(self) -> None:
        row = GroupingState.objects.filter(pk="shared").first()
        hands = GroupingHand.objects.filter(undone_at=None).count()
        if _memory.state is None or _memory.saved_at != (row.saved_at if row else None) or _memory.hands != hands:
            self._load(row, hands)

    def _load(self, row: GroupingState | None, hands: int) -> None:
        since = now() - timedelta(days=OPEN_DAYS)
        # a story merged a moment ago still has its state: the engine takes its items over
        stories = Story.objects.filter(last_at__gte=since, blob__isnull=False).order_by("engine_id")
        rows = list(stories.values_list("engine_id", "pk", "blob"))
        blobs = [(name, bytes(blob or b"")) for name, _, blob in rows]
        _memory.state = load_stories([(SHARED, bytes(row.blob)), *blobs] if row else blobs)
        _memory.rows = {name: pk for name, pk, _ in rows}
        _renew(_memory.state)
        _memory.saved_at, _memory.hands = (row.saved_at if row else None), hands

    def place(self, pairs: Sequence[tuple[records.Item, records.Judged | None]], moment: datetime) -> dict[str, Placed]:
        """Let the engine group the items that concern the body; make rows for new stories. Item key → where it went."""
        wanted = [(item, judged) for item, judged in pairs if judged is not None and judged.about_us and not judged.advert]
        if not wanted:
            return {}
        assert _memory.state is not None
        _memory.state, changes = grow_stories(_memory.state, wanted, moment, decisions(), settings())
        times = {item.key: item.published_at or item.collected_at or moment for item, _ in wanted}
        titles = {item.key: title_of(item) for item, _ in wanted}
        self._found([change for change in changes if change.story not in _memory.rows], times, titles)
        return {change.key: self._placed(change, times[change.key]) for change in changes}

    def _found(self, changes: Sequence[records.StoryChange], times: Mapping[str, datetime], titles: Mapping[str, str]) -> None:
        """Make rows for the stories of CHANGES that have none yet, numbered by the day of their first item."""
        firsts: dict[str, records.StoryChange] = {}
        for change in changes:
            firsts.setdefault(change.story, change)
        _memory.rows.update(Story.objects.filter(engine_id__in=firsts).values_list("engine_id", "pk"))
        by_day: dict[date, list[records.StoryChange]] = {}
        for engine_id, change in firsts.items():
            if engine_id not in _memory.rows:
                by_day.setdefault(times[change.key].astimezone(zone()).date(), []).append(change)
        rows = [
            Story(
                number=number,
                engine_id=change.story,
                title=titles[change.key],
                first_at=times[change.key],
                last_at=times[change.key],
                state=State.NEW,
            )
            for day, news in sorted(by_day.items())
            for number, change in zip(record_numbers("ST", day, len(news)), news, strict=True)
        ]
        _memory.rows.update((row.engine_id, row.pk) for row in Story.objects.bulk_create(rows, batch_size=500))

    def _placed(self, change: records.StoryChange, at: datetime) -> Placed:
        """Where CHANGE says that the item goes. Unsure of a story, the machine suggests just that one; else the next likely one."""
        row = _memory.rows[change.story]
        suggested, confidence = self._row_of(change.suggest) if change.suggest else None, change.suggest_confidence
        if not change.new and change.confidence < SURE:
            suggested, confidence = row, change.confidence
        return Placed(row, change.confidence, change.duplicate_of, suggested, confidence, change.story, at, change.new)

    def _row_of(self, engine_id: str) -> int | None:
        if engine_id not in _memory.rows:
            pk = Story.objects.filter(engine_id=engine_id).values_list("pk", flat=True).first()
            if pk is None:
                return None
            _memory.rows[engine_id] = pk
        return _memory.rows[engine_id]

    def save(self, placed: Mapping[str, Placed]) -> None:
        """Write the touched stories' states, first and last times, and mark them to be scored."""
        if not placed:
            return
        assert _memory.state is not None
        touched: dict[str, list[Placed]] = {}
        for place in placed.values():
            touched.setdefault(place.engine_id, []).append(place)
        moment = now()
        names = set(touched) | _memory.state.touched
        stories = list(
            Story.objects.filter(engine_id__in=names).only("pk", "engine_id", "item_count", "first_at", "last_at", "dirty_since", "blob")
        )
        for story in stories:
            places = touched.get(story.engine_id, [])
            times = [place.at for place in places if place.at]
            story.blob = dump_story(_memory.state, story.engine_id) if story.engine_id in _memory.state.stories else None
            story.dirty_since = moment
            story.item_count += len(places)
            story.first_at, story.last_at = min([story.first_at, *times]), max([story.last_at, *times])
        update_rows(stories, ["blob", "dirty_since", "item_count", "first_at", "last_at"])
        GroupingState.objects.update_or_create(pk="shared", defaults={"blob": dump_shared(_memory.state), "saved_at": moment})
        _memory.saved_at = moment


def _renew(state: StoriesState) -> None:
    """Stories stored by an earlier version: what is compared is made anew from their items."""
    from groundswell.desk.stream.models import Item
    from groundswell.desk.stream.records import pairs

    if state.outdated:
        rows = Item.objects.filter(story__engine_id__in=state.outdated).select_related("source", "unit").order_by("pk")
        renew_stories(state, pairs(rows.iterator(chunk_size=500)), settings())


def settings() -> Settings:
    """How the grouping is set for a desk: days fade, and places of one town are neighbours."""
    within = dict(Place.objects.exclude(within=None).values_list("code", "within__code"))
    roots = {parent for parent in within.values() if parent not in within}
    return Settings(
        join=JOIN,
        suggest=SUGGEST,
        candidates=CANDIDATES,
        untitled=0.0,  # JOIN was chosen without it
        retire_days=OPEN_DAYS,
        fade=FADE,
        fade_most=FADE_MOST,
        towns={code: _town(code, within, roots) for code in within},
    )


def _town(code: str, within: Mapping[str, str], roots: set[str]) -> str:
    """The last place on the way up before the body itself."""
    for _ in range(8):
        parent = within.get(code)
        if parent is None or parent in roots:
            break
        code = parent
    return code


def decisions() -> list[Decision]:
    """What people decided about the grouping, in their order."""
    rows = GroupingHand.objects.filter(undone_at=None).order_by("id")
    return [Decision(kind=cast(Kind, row.kind), story=row.story, into=row.into, keys=tuple(row.keys)) for row in rows]


def title_of(item: records.Item) -> str:
    """The item's title, else the first words of its text."""
    text = item.title.strip() or item.text.strip().split("\n", 1)[0]
    return text[:80] or item.url[:80] or "—"
