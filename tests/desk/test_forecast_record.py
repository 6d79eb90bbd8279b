"""Forecasts keep their own score: what was said, what "no change" would have said, what came."""

from __future__ import annotations

from datetime import timedelta

import pytest

from groundswell.desk.spine.ports import now
from groundswell.desk.stories import record
from groundswell.desk.stories.models import KeptForecast, Story
from groundswell.desk.stream import intake
from groundswell.desk.stream.models import Item
from groundswell.engine.records import Outlook
from groundswell.engine.stories.forecast import outlook
from tests.conftest import Clock
from tests.desk.county import SCHOOL, WATER, lay, piece, tell, water_story

SAID = Outlook(hours=6, expected=4.0, low80=2.0, high80=7.0, unchanged=9.0)


@pytest.fixture(autouse=True)
def _county(desk: None) -> None:
    lay()


def test_what_was_forecast_is_kept_once_an_hour_and_settled_when_its_time_is_over(clock: Clock) -> None:
    story = water_story()
    made = now()
    record.keep([(story, SAID)], made, shown=True)
    clock.forward(minutes=30)
    record.keep([(story, SAID)], now(), shown=True)
    assert KeptForecast.objects.count() == 1
    story.items.update(published_at=made + timedelta(hours=2))
    clock.forward(hours=6)
    assert record.settle(now()) == 0, "items that come in late are waited for"
    clock.forward(hours=1)
    assert record.settle(now()) == 1
    assert KeptForecast.objects.get().came == story.items.count() == 4
    assert record.settle(now()) == 0


def test_nothing_came_is_a_settled_forecast(clock: Clock) -> None:
    story = water_story()
    story.items.update(published_at=now() - timedelta(hours=1))
    record.keep([(story, SAID)], now(), shown=True)
    clock.forward(hours=8)
    record.settle(now())
    assert KeptForecast.objects.get().came == 0


def test_a_story_that_went_into_another_settles_nothing(clock: Clock) -> None:
    story = water_story()
    tell(SCHOOL, start=60)
    other = Story.objects.exclude(pk=story.pk).get()
    record.keep([(story, SAID)], now(), shown=True)
    Story.objects.filter(pk=story.pk).update(merged_into=other)
    clock.forward(hours=8)
    assert record.settle(now()) == 0
    assert not KeptForecast.objects.exists()


def test_the_record_says_error_cover_and_what_no_change_would_have_missed(clock: Clock) -> None:
    story, made = water_story(), now()
    rows = [(4.0, 2.0, 7.0, 9.0, 4), (4.0, 2.0, 7.0, 8.0, 8), (3.0, 1.0, 5.0, 0.0, 2), (5.0, 2.0, 8.0, 5.0, None)]
    KeptForecast.objects.bulk_create(
        KeptForecast(story=story, made_at=made + timedelta(hours=place), due_at=made + timedelta(hours=place + 6), expected=e, low80=low,
                     high80=high, unchanged=u, came=came)
        for place, (e, low, high, u, came) in enumerate(rows)
    )  # fmt: skip
    whole, month = record.forecast_record()
    assert (whole.month, whole.made, whole.settled) == (None, 4, 3)
    assert (whole.median_error, whole.unchanged_error, whole.cover80) == (0.5, 1.0, 0.667)
    assert whole.better == round(1 - (0 + 4 + 1) / (5 + 0 + 2), 3)
    assert month.month == made.date().replace(day=1)
    assert record.story_record(story) == whole


def test_a_record_of_nothing_says_so() -> None:
    assert record.forecast_record() == [record.Record(None, 0, 0)]


def test_looking_back_says_what_was_to_be_said_then_and_what_came(clock: Clock) -> None:
    story = water_story()
    since = now() - timedelta(hours=30)
    items = [piece(f"{WATER[0]}，第{n}户", minutes=0) for n in range(40)]
    intake.store(items)
    for n, row in enumerate(Item.objects.order_by("pk")):
        Item.objects.filter(pk=row.pk).update(story=story, published_at=since + timedelta(minutes=20 * n))
    Story.objects.filter(pk=story.pk).update(item_count=44, last_at=now())
    made = record.look_back(since, now())
    rows = list(KeptForecast.objects.order_by("made_at"))
    assert made == len(rows) > 15
    assert rows[0].made_at >= since + timedelta(minutes=20 * 14)
    times = sorted(story.items.values_list("published_at", flat=True))
    for row in rows:
        if row.due_at < now() - record.GRACE:
            assert row.came == sum(row.made_at < at <= row.due_at for at in times)
        else:
            assert row.came is None
    known = [at for at in times if at <= rows[3].made_at]
    told = outlook(known, rows[3].made_at)
    assert told is not None
    assert told.expected == rows[3].expected
