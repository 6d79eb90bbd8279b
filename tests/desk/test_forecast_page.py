"""The story's page, its timeline and the rule of forecasts agree: what is forecast, why nothing is, what it rests on, its record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation
from msgspec import structs

from groundswell.desk.accounts.models import User
from groundswell.desk.spine.models import CalendarDay
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.settings_calendar import working_days
from groundswell.desk.spine.timeline import entries_of, sentence_of
from groundswell.desk.stories import queries, scoring
from groundswell.desk.stories.forecast_words import REASONS, reason_words, told_of
from groundswell.desk.stories.models import KeptForecast, State, Story
from groundswell.desk.stories.views import _conclusion
from groundswell.desk.stream import intake
from groundswell.engine.records import Outlook, Why
from groundswell.engine.stories.forecast import MANY_ROWS, Trend
from groundswell.engine.stories.heat import heat_of
from tests.conftest import Clock
from tests.desk.county import WATER, lay, piece, scored

Person = Callable[..., User]


@pytest.fixture(autouse=True)
def _county(desk: None) -> None:
    lay()


def busy(count: int, minutes: float, until: float = 0.0) -> Story:
    """A story of COUNT items about yellow water, evenly over MINUTES until so many minutes ago."""
    end = 126.0 - until  # minutes of the county's clock at the present
    items = [piece(WATER[n % 4] + f"，第{n}户", minutes=end - minutes + minutes * n / count) for n in range(count)]
    intake.store(items)
    first = Story.objects.order_by("-item_count")[0]
    for row in Story.objects.exclude(pk=first.pk):  # whatever the grouping made of them, here they are one event
        row.items.update(story=first)
        row.delete()
    Story.objects.filter(pk=first.pk).update(item_count=count, dirty_since=now())
    scored()
    return Story.objects.get(pk=first.pk)


def page(person: Person, story: Story, language: str = "en") -> str:
    client = Client()
    client.force_login(person("duty", language=language))
    answer = client.get(f"/desk/stories/{story.number}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_much_in_little_time_has_a_forecast_and_its_record(person: Person, clock: Clock) -> None:
    story = busy(60, 110)
    assert story.forecast
    assert KeptForecast.objects.get(story=story).expected > 0
    html = page(person, story)
    for words in ("Next 6 hours: about", "What the forecast rests on", "in three hours", "Its record: 1 forecast made"):
        assert words in html
    assert "no forecast yet" not in html
    clock.forward(hours=8)
    scoring.score(story.pk)
    from groundswell.desk.stories import record

    record.settle(now())
    assert "Its record: 1 forecast settled" in page(person, story)


def test_page_and_rule_say_the_same_reason(person: Person) -> None:
    few = busy(8, 100)
    assert few.forecast is None
    assert few.outlook["silence"]["code"] == "forecast.too_few"
    assert "There is no forecast yet: 8 items are too few, 15 are needed." in page(person, few)
    assert "尚无预测：仅 8 条，至少需要 15 条" in page(person, few, "zh-hans")
    shown = queries.spread(few, now())
    assert (shown.forecast, shown.silence.code if shown.silence else "") == (None, "forecast.too_few")


def test_a_quiet_story_says_so(person: Person, clock: Clock) -> None:
    story = busy(30, 110)
    clock.forward(hours=60)
    scoring.score(story.pk)
    html = page(person, story)
    assert "Nothing is forecast: no item has come for" in html
    story.refresh_from_db()
    assert story.forecast is None


def test_nobody_stands_above_a_forecast_that_was_never_made(person: Person) -> None:
    story = busy(40, 40)
    assert story.state == State.RISING
    assert not story.above_forecast
    with translation.override("en"):
        said = [sentence_of(entry) for entry in entries_of(story)]
    assert any("well above its own hours" in each for each in said)
    html = page(person, story)
    assert "rises well above its own hours" in html
    assert "no forecast an hour ago" in html
    assert "above its forecast" not in html


def test_forecasts_that_do_no_better_than_no_change_are_silent_but_go_on_being_kept(person: Person) -> None:
    story = busy(60, 110)
    made = now() - timedelta(days=2)
    KeptForecast.objects.bulk_create(
        KeptForecast(story=story, made_at=made + timedelta(minutes=n), due_at=made + timedelta(hours=6), expected=9, low80=1, high80=20,
                     unchanged=4, came=5)
        for n in range(MANY_ROWS)
    )  # fmt: skip
    KeptForecast.objects.filter(made_at__gte=now()).delete()
    scoring.score(story.pk)
    story.refresh_from_db()
    assert story.forecast is None
    assert story.outlook["silence"]["code"] == "forecast.no_better"
    assert "missed by 300% more than" in page(person, story)
    assert not KeptForecast.objects.get(story=story, made_at=now()).shown


@pytest.mark.parametrize(
    ("trend", "expected", "said"),
    [("steady", 10.0, "to_ebb"), ("steady", 90.0, "steady"), ("rising", 10.0, "rising"), ("new", 10.0, "to_ebb")],
)
def test_the_sentence_agrees_with_the_figures(trend: Trend, expected: float, said: str) -> None:
    made = queries.forecast([now() - timedelta(minutes=4 * n) for n in range(60, 0, -1)], now())
    assert made is not None
    outlook = Outlook(hours=6, expected=expected, low80=1.0, high80=200.0, unchanged=100.0)
    shown = queries.Spread(heat_of((), now()), structs.replace(made, trend=trend, outlook=outlook), 60)
    found = _conclusion(shown)
    assert found is not None
    assert found["trend"] == said


def test_every_reason_has_words_in_both_languages() -> None:
    args = dict.fromkeys(("hour", "three", "day", "items", "hours", "percent", "least", "minutes", "rows", "most"), 1200)
    for code in REASONS:
        said = set()
        for language in ("en", "zh-hans"):
            with translation.override(language):
                said.add(reason_words(Why(code=code, args=args)))
        assert len(said) == 2
        assert all("1,200" in each and "%(" not in each for each in said)


def test_the_next_level_is_shown_only_where_it_is_higher_and_forecasts_speak() -> None:
    story = Story(level=3, outlook={"next_level": {"value": 2, "items": 40, "chance": 0.3, "at": None}, "burst": {"hour": 3}})
    forecast = queries.forecast([now() - timedelta(minutes=4 * n) for n in range(30, 0, -1)], now())
    told = told_of_saved(story, forecast)
    assert told.next_level is not None
    assert told.next_level.items == 40
    assert told_of_saved(story, None).next_level is None
    story.level = 2
    assert told_of_saved(story, forecast).next_level is None


def told_of_saved(story: Story, forecast: object) -> object:
    story.first_at = story.last_at = now()
    story.pk or story.save()
    return told_of(story, forecast, None)  # type: ignore[arg-type]


def test_the_bodys_own_days_off_are_days_off() -> None:
    day = now().date()
    assert working_days()(day)
    CalendarDay.objects.create(day=day, is_working=False, name="town fair", source="hand")
    assert not working_days()(day)
