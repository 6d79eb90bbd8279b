"""The score that forecasts keep of themselves: what was said each hour, what "no change" would have said, and what came."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean, median
from typing import Any, NamedTuple

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.settings_calendar import working_days
from groundswell.desk.stories.models import KeptForecast, Story
from groundswell.engine.records import Outlook, Why
from groundswell.engine.stories.forecast import LEAST_ITEMS, QUIET_HOURS, outlook, silence_of_record

GRACE = timedelta(hours=1)  # items that come in late are waited for
APART = timedelta(minutes=55)
AT_ONCE = 500
LIVELY = timedelta(days=1)  # a look back passes over hours with hardly an item in so long a time
JUDGED_ON, JUDGED_ROWS = timedelta(days=60), 2000
FIELDS = ("expected", "low80", "high80", "unchanged", "came")


class Row(NamedTuple):
    """One forecast and what came of it."""

    expected: float
    low80: float
    high80: float
    unchanged: float
    came: Any  # int, or None while its time is not over


@dataclass(frozen=True)
class Record:
    """How forecasts of one time did. Errors are shares of what came (at least one item); cover is what the 80 % band held."""

    month: date | None  # its first day; None: the whole time
    made: int
    settled: int
    median_error: float | None = None
    unchanged_error: float | None = None  # of "no change", on the same forecasts
    cover80: float | None = None
    better: float | None = None  # share of the absolute error that the forecast saves against "no change"; below 0 it is worse


def keep(pairs: Sequence[tuple[Story, Outlook]], moment: datetime, shown: bool) -> None:
    """Note what is forecast for stories at MOMENT, at most once an hour for each, where something is to be expected."""
    lately = KeptForecast.objects.filter(story__in=[story.pk for story, _outlook in pairs], made_at__gt=moment - APART)
    done = set(lately.values_list("story_id", flat=True))
    KeptForecast.objects.bulk_create(_row(story, told, moment, shown) for story, told in pairs if story.pk not in done and _counts(told))


def settle(moment: datetime) -> int:
    """Count what came for forecasts whose time is over (index forecast_waiting). Returns how many.

    Those of a story that went into another are dropped: what came to the other one is not what was forecast.
    """
    from groundswell.desk.stream.models import Item

    late = KeptForecast.objects.filter(came=None, due_at__lt=moment - GRACE)
    late.exclude(story__merged_into=None).delete()
    ids = list(late.order_by("due_at").values_list("pk", flat=True)[:AT_ONCE])
    mine = Item.objects.filter(story=OuterRef("story"), published_at__gt=OuterRef("made_at"), published_at__lte=OuterRef("due_at"))
    counted = mine.order_by().values("story").annotate(n=Count("pk")).values("n")
    return KeptForecast.objects.filter(pk__in=ids).update(came=Coalesce(Subquery(counted), 0))


def look_back(since: datetime, until: datetime) -> int:
    """Forecast every hour between two moments anew, from what was said until then, for a desk that filled itself. Returns how many."""
    is_working = working_days()
    rows: list[KeptForecast] = []
    for story in Story.objects.filter(merged_into=None, item_count__gte=LEAST_ITEMS, last_at__gt=since).order_by("pk"):
        stored = story.items.filter(published_at__lte=until).order_by("published_at").values_list("published_at", flat=True)
        times = [at for at in stored if at]
        offset = int((until.astimezone(zone()).utcoffset() or timedelta(0)) / timedelta(minutes=1))
        hour = max(since, times[LEAST_ITEMS - 1] if len(times) >= LEAST_ITEMS else until)
        while hour < min(until, times[-1] + timedelta(hours=QUIET_HOURS)):
            lively = bisect_right(times, hour) - bisect_right(times, hour - LIVELY) > 2
            told = outlook(times, hour, offset, is_working) if lively else None
            if told and _counts(told):
                due = hour + timedelta(hours=told.hours)
                came = bisect_right(times, due) - bisect_right(times, hour) if due < until - GRACE else None
                rows.append(_row(story, told, hour, True, came))
            hour += timedelta(hours=1)
    KeptForecast.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def _counts(told: Outlook) -> bool:
    """Is anything at stake? That nothing follows nothing is no merit."""
    return max(told.expected, told.unchanged) >= 1.0


def _row(story: Story, told: Outlook, made_at: datetime, shown: bool, came: int | None = None) -> KeptForecast:
    return KeptForecast(
        story=story,
        made_at=made_at,
        due_at=made_at + timedelta(hours=told.hours),
        expected=told.expected,
        low80=told.low80,
        high80=told.high80,
        unchanged=told.unchanged,
        shown=shown,
        came=came,
    )


def forecast_record(since: datetime | None = None) -> list[Record]:
    """The record of all forecasts shown: first of the whole time, then month by month, the newest first (index forecast_by_time)."""
    rows = KeptForecast.objects.filter(shown=True)
    if since:
        rows = rows.filter(made_at__gte=since)
    by_month: dict[date, list[Row]] = defaultdict(list)
    for made_at, *row in rows.values_list("made_at", *FIELDS):
        by_month[made_at.astimezone(zone()).date().replace(day=1)].append(Row(*row))
    every = [row for found in by_month.values() for row in found]
    return [record_of(every), *(record_of(by_month[month], month) for month in sorted(by_month, reverse=True))]


def story_record(story: Story) -> Record:
    """The record of one story's forecasts."""
    return record_of([Row(*row) for row in story.kept_forecasts.values_list(*FIELDS)])


def lately(moment: datetime) -> Record:
    """The record of the last weeks, shown or not: whether forecasts deserve to be shown."""
    rows = KeptForecast.objects.filter(made_at__gte=moment - JUDGED_ON, came__isnull=False).order_by("-made_at")
    return record_of([Row(*row) for row in rows.values_list(*FIELDS)[:JUDGED_ROWS]])


def silenced(moment: datetime) -> Why | None:
    """Why forecasts are silent at MOMENT: those of the last weeks did no better than "no change". None where they may speak."""
    row = lately(moment)
    return silence_of_record(row.settled, row.better) if row.better is not None else None


def record_of(rows: Sequence[Row], month: date | None = None) -> Record:
    """The figures of ROWS."""
    settled = [row for row in rows if row.came is not None]
    if not settled:
        return Record(month, len(rows), 0)
    missed = [abs(row.expected - row.came) for row in settled]
    unchanged = [abs(row.unchanged - row.came) for row in settled]
    return Record(
        month=month,
        made=len(rows),
        settled=len(settled),
        median_error=round(median(m / max(1, row.came) for m, row in zip(missed, settled, strict=True)), 3),
        unchanged_error=round(median(m / max(1, row.came) for m, row in zip(unchanged, settled, strict=True)), 3),
        cover80=round(fmean(row.low80 <= row.came <= row.high80 for row in settled), 3),
        better=round(1.0 - sum(missed) / max(sum(unchanged), 1e-9), 3),
    )
