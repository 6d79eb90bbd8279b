"""Scores stories anew after their items changed: level, heat, forecast, digest, counts; moves the state where the program may."""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from django.db import transaction
from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import Unit
from groundswell.desk.spine.actions import fact_line
from groundswell.desk.spine.bulk import update_rows
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.preferences import setting
from groundswell.desk.spine.settings_calendar import working_days
from groundswell.desk.stories import grouping, members, record
from groundswell.desk.stories.models import State, Story
from groundswell.engine import records
from groundswell.engine.pipeline import Models
from groundswell.engine.stories.day_rhythm import IsWorking
from groundswell.engine.stories.score import score_story

if TYPE_CHECKING:
    from groundswell.desk.stream.models import Item

log = logging.getLogger("groundswell.scoring")
LATEST, FIRST = 1500, 100  # items of a very large story that the engine looks at
REOPEN_ITEMS = 3
SCORED = [
    "title", "digest", "state", "level", "suggested_level", "level_score", "level_factors", "level_why", "credibility", "credibility_why",
    "unit", "suggested_units", "places", "first_at", "last_at", "item_count", "source_count", "negative", "neutral", "positive", "series",
    "series_start", "rate", "rate_change", "forecast", "outlook", "above", "trend", "rising_at", "closed_at", "dirty_since", "scored_at",
]  # fmt: skip

setting(
    "judge.rising_above",
    part="judge",
    label=gettext_lazy("Rising from this multiple of the forecast's upper bound"),
    default=1.0,
    kind="float",
    minimum=0.1,
    maximum=10,
)
setting(
    "judge.rising_items",
    part="judge",
    label=gettext_lazy("Rising from this many items in an hour"),
    default=5,
    kind="int",
    minimum=1,
    maximum=1000,
)


def score_dirty(limit: int = 200) -> int:
    """Score the stories whose items changed longest ago, at most LIMIT. Returns how many."""
    ids = list(Story.objects.filter(dirty_since__isnull=False).order_by("dirty_since").values_list("pk", flat=True)[:limit])
    score_many(ids)
    return len(ids)


def score_live(limit: int = 100) -> int:
    """Score stories of the last two days anew whose numbers are older than ten minutes: time moves the series on. Returns how many."""
    moment = now()
    rows = Story.objects.filter(last_at__gt=moment - timedelta(days=2), scored_at__lt=moment - timedelta(minutes=10), merged_into=None)
    ids = list(rows.order_by("scored_at").values_list("pk", flat=True)[:limit])
    score_many(ids)
    return len(ids)


def score(pk: int) -> None:
    """Score one story."""
    score_many([pk])


def score_many(ids: Sequence[int]) -> None:
    """Score stories together: one read of all their items, one write. One that fails is noted and stops no other.

    People's decisions on level, unit, title and summary stay.
    """
    if not ids:
        return
    from groundswell.desk.stream.knowledge import current_knowledge
    from groundswell.desk.stream.learnt import current_models

    moment, knowledge, models = now(), current_knowledge(), current_models()
    silent, is_working = record.silenced(moment), working_days()
    foretold: list[tuple[Story, records.Outlook]] = []
    moves: list[Entry] = []
    units = {unit.code: unit for unit in Unit.objects.all()}
    with transaction.atomic():
        stories = list(Story.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
        rows = _rows_of(stories)
        for story in stories:
            try:
                scored = _score_one(story, rows.get(story.pk, []), knowledge, models, units, moment, is_working, silent)
                if scored and (move := _move(story, moment)):
                    moves.append(move)
                if scored and scored.forecast and scored.forecast.outlook:
                    foretold.append((story, scored.forecast.outlook))
            except Exception:
                log.exception("story could not be scored", extra={"story": story.pk})
            story.dirty_since, story.scored_at = None, moment
        update_rows(stories, SCORED)
        Entry.objects.bulk_create(moves)
        record.keep(foretold, moment, shown=silent is None)
        members.let_go([story for story in stories if story.item_count >= grouping.SEEN])


def _rows_of(stories: Sequence[Story]) -> dict[int, list[Item]]:
    """The items that the engine looks at: all of small stories in one read, of a very large one the latest and the first."""
    from groundswell.desk.stream.models import Item

    light = Item.objects.select_related("source", "unit").defer("tokens").order_by("published_at", "id")
    found: dict[int, list[Item]] = {}
    small = [story.pk for story in stories if story.item_count <= LATEST]
    for row in light.filter(story_id__in=small):
        found.setdefault(row.story_id or 0, []).append(row)
    for story in stories:
        if story.item_count > LATEST:
            mine = light.filter(story=story)
            latest = list(mine.reverse()[:LATEST])
            seen = {row.pk for row in latest}
            found[story.pk] = [row for row in mine[:FIRST] if row.pk not in seen] + latest[::-1]
    return found


def _score_one(
    story: Story,
    rows: list[Item],
    knowledge: records.Knowledge,
    models: Models,
    units: dict[str, Unit],
    moment: datetime,
    is_working: IsWorking,
    silent: records.Why | None,
) -> records.Scored | None:
    from groundswell.desk.stream.records import pairs

    if not rows:
        story.item_count = 0
        return None
    scored = score_story(pairs(rows), knowledge, models, moment, is_working)
    _write(story, scored, rows, units, silent)
    return scored


def _write(story: Story, scored: records.Scored, rows: list[Item], units: dict[str, Unit], silent: records.Why | None) -> None:
    _write_counts(story, rows)
    ids = {row.key: row.pk for row in rows}
    if not story.title_by_hand and scored.digest.title:
        story.title = scored.digest.title[:200]
    story.digest = [{"text": each.text, "item": ids.get(each.item)} for each in scored.digest.sentences]
    story.suggested_level, story.level_score = scored.level.value, scored.level.score
    story.level_factors, story.level_why = dict(scored.level.factors), _data(scored.level.why)
    if not story.level_by_hand:
        story.level = 1 if story.level == 1 else max(2, scored.level.value)  # level I only a person gives
    story.credibility, story.credibility_why = scored.credibility.label, _data(scored.credibility.why)
    story.suggested_units = _data(scored.units)
    if not story.unit_by_hand:
        story.unit = units.get(scored.unit.unit) if scored.unit else None
    story.places = [list(place) for place in scored.places]
    _write_heat(story, scored, silent)


def _write_counts(story: Story, rows: list[Item]) -> None:
    """Counts and times; of a very large story by the database, since not all its items were read."""
    if story.item_count <= LATEST:
        tones = Counter(row.tone for row in rows)
        times = [row.published_at for row in rows if row.published_at]
        story.item_count, story.source_count = len(rows), len({row.source_id for row in rows})
        story.negative, story.neutral, story.positive = tones[-1], tones[0], tones[1]
        story.first_at, story.last_at = min(times, default=story.first_at), max(times, default=story.last_at)
        return
    counts = story.items.aggregate(
        n=Count("pk"),
        sources=Count("source", distinct=True),
        negative=Count("pk", filter=Q(tone=-1)),
        neutral=Count("pk", filter=Q(tone=0)),
        positive=Count("pk", filter=Q(tone=1)),
        first=Min("published_at"),
        last=Max("published_at"),
    )
    story.item_count, story.source_count = counts["n"], counts["sources"]
    story.negative, story.neutral, story.positive = counts["negative"], counts["neutral"], counts["positive"]
    story.first_at, story.last_at = counts["first"] or story.first_at, counts["last"] or story.last_at


def _write_heat(story: Story, scored: records.Scored, silent: records.Why | None) -> None:
    heat = scored.heat
    per_hour = max(1, 60 // heat.bucket_minutes)
    counts = list(heat.counts)
    hours = [sum(counts[i : i + per_hour]) for i in range(0, len(counts), per_hour)]
    story.series, story.series_start = hours[-24:], heat.start
    full = hours[:-1] or [0]
    story.rate = float(max(full[-1], hours[-1]))
    story.rate_change = float(story.rate - (full[-2] if len(full) > 1 else 0))
    forecast = None if silent else scored.forecast
    story.forecast = _data(forecast) if forecast else None
    why = scored.silence or silent
    story.outlook = {
        "silence": _data(why) if why else None,
        "next_level": _data(scored.next_level) if scored.next_level and forecast else None,
        "burst": _data(scored.burst),
    }
    story.above = round(_above(story, forecast, full), 3)
    story.trend = scored.forecast.trend if scored.forecast else "new"


def _above(story: Story, forecast: records.Forecast | None, hours: Sequence[int]) -> float:
    """The last hour over what was to be expected at most: by the forecast, for a young story by the hour before it.

    A handful of items is no surge: below five an hour the value shrinks with the count.
    """
    before = hours[-2] if len(hours) > 1 else 0
    return above_bound(story.rate, before, forecast.above if forecast else 0.0)


def above_bound(rate: float, before: int, told: float) -> float:
    """RATE over what was to be expected at most: TOLD by the forecast (0 where nothing was forecast), else by the hour BEFORE."""
    above = told or rate / (before + 1.2816 * math.sqrt(1.5 * before + 4.0))
    return above * min(1.0, rate / 5.0)


def _surges(story: Story) -> bool:
    """Does the last hour stand well above the story's own hours so far?"""
    past = [count for count in story.series[:-1] if count]
    return bool(past) and story.rate >= 1.5 * sum(past) / len(past)


def _move(story: Story, moment: datetime) -> Entry | None:
    """States that the program may set: rising, no longer, open again; with the line that says so. Level I it only proposes."""
    from groundswell.desk.spine.preferences import preference

    above = story.above >= preference("judge.rising_above") or _surges(story)
    rising = above and story.rate >= preference("judge.rising_items") and story.about_us and story.trend != "falling"
    if story.state in (State.NEW, State.FOLLOWING) and rising:
        kind = "story_rising" if story.above_forecast and story.above >= 1 else "story_surging"
        was, story.state, story.rising_at = story.state, State.RISING, moment
        return fact_line(kind, story, {"above": round(story.above, 1), "rate": int(story.rate)}, was=was)
    if story.state == State.RISING and not rising and (story.trend in ("falling", "quiet") or story.rate == 0):
        story.state = State.NEW
        return fact_line("story_calm", story, was=State.RISING)
    if story.state == State.CLOSED and story.closed_at and story.items.filter(published_at__gt=story.closed_at).count() >= REOPEN_ITEMS:
        story.state, story.closed_at = State.REOPENED, None
        return fact_line("story_reopened", story, was=State.CLOSED)
    return None


def _data(value: Any) -> Any:
    return msgspec.to_builtins(value)
