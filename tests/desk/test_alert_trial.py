"""A rule on the past before it is saved: when it would have called, and what people made of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
import pytest
from django.test import Client
from django.utils import translation

from groundswell.collect.silence import rhythm_of
from groundswell.desk.accounts.models import User
from groundswell.desk.alerts import chain, trial
from groundswell.desk.alerts.models import Rule
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.actions import perform, undo
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item, Watch
from tests.conftest import Clock
from tests.desk.alerting import People, people, raised, rule
from tests.desk.county import SCHOOL, lay, scored, tell, water_story

Person = Callable[..., User]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def who(desk: None, person: Person) -> People:
    lay()
    return people(person)


def asks(**values: object) -> Rule:
    return Rule(about="story", least_items=2, **values)


def test_each_story_counts_once_at_the_time_when_all_was_met(who: People, clock: Clock) -> None:
    water, school = water_story(), tell(SCHOOL, start=60)
    scored()
    found = trial.tried(asks(watch=Watch.objects.get(slug="supply")), clock.now)
    assert [hit.story for hit in found.hits] == [water]
    times = list(water.items.order_by("published_at").values_list("published_at", flat=True))
    assert found.hits[0].at == times[1]  # the second item of that kind
    assert [each["code"] for each in found.hits[0].reasons] == ["watch", "items"]
    both = trial.tried(asks(level=4), clock.now)
    assert [hit.story for hit in both.hits] == [school[0].story, water]
    assert trial.tried(asks(level=1), clock.now).hits == []
    assert trial.tried(asks(level=4), clock.now, days=0).hits == []
    assert trial.tried(Rule(about="story", least_items=40, level=4), clock.now).hits == []


def test_right_is_what_people_judged_so_afterwards(who: People, clock: Clock) -> None:
    story = water_story()
    rule_of = asks(watch=Watch.objects.get(slug="supply"))

    def verdict() -> tuple[str, str, int, int, int]:
        found = trial.tried(rule_of, clock.now)
        return found.hits[0].verdict, found.hits[0].why, found.right, found.wrong, found.undecided

    assert verdict() == ("open", "open", 0, 0, 1)
    perform("story.take_up", who.duty, story)
    assert verdict()[:2] == ("right", "taken_up")
    entry = perform("story.set_level", who.duty, story, {"level": 4, "reason": "小事"})
    assert verdict()[:2] == ("wrong", "lower")
    undo(who.duty, entry.batch)  # what was taken back judged nothing
    perform("story.set_level", who.duty, story, {"level": 2, "reason": "涉及面广"})
    assert verdict() == ("right", "level", 1, 0, 0)
    perform("story.open_case", who.duty, story)
    assert verdict()[:2] == ("right", "case")
    perform("story.not_us", who.duty, story, {"reason": "外地"})
    assert verdict() == ("wrong", "not_us", 0, 1, 0)


def test_what_an_alert_was_said_to_be_counts(who: People, clock: Clock) -> None:
    story = water_story()
    of = rule(who.editor)
    made = raised(of, story)
    chain.go_on(clock.now)
    perform("alert.accept", who.duty, made)
    perform("alert.finish", who.duty, made, {"outcome": "not_right"})
    assert [hit.why for hit in trial.tried(of, clock.now).hits] == ["said_wrong"]


def test_a_level_set_by_hand_counts_from_when_it_was_set(who: People, clock: Clock) -> None:
    story = water_story()
    perform("story.set_level", who.duty, story, {"level": 2, "reason": "x"})
    acts = trial._said_by_people([story.pk])[story.pk]
    levels = trial.Levels(story, acts)
    assert levels.at(clock.now) == 2
    assert levels.at(clock.now - timedelta(minutes=1)) == max(2, story.suggested_level)


def test_speed_above_the_hours_before(who: People, clock: Clock) -> None:
    base = "清河镇锦绣小区自来水发黄，有很重的铁锈味，十一月二十三日早上六点起三号楼到九号楼都是这样，县水务局说正在冲洗管道"
    water_story()
    tell([f"{base}，第{n}位居民说" for n in "一二三四五六七八九十"], start=65, step=4)
    scored()
    found = trial.tried(asks(above=1.0), clock.now)
    assert len(found.hits) == 1
    assert found.hits[0].reasons[0]["code"] in ("above", "surge")
    assert trial.tried(asks(above=15.0), clock.now).hits == []


def test_a_silence_of_the_past(who: People, clock: Clock) -> None:
    source = Source.objects.get(slug="forum")
    Source.objects.filter(pk=source.pk).update(rhythm=_hourly())
    water_story()
    clock.forward(days=6)
    found = trial.tried(Rule(about="source", silent_hours=24), clock.now)
    assert [hit.source for hit in found.hits] == [source]
    assert found.hits[0].at == Item.objects.latest("collected_at").collected_at + timedelta(hours=24)
    assert trial.tried(Rule(about="source", silent_hours=24 * 10), clock.now).hits == []


def _hourly() -> dict[str, object]:
    """The rhythm of a source that yields one item every hour."""
    first = date(2026, 10, 20)
    begin = datetime.combine(first, time(0))
    made = rhythm_of({begin + timedelta(hours=n): 1 for n in range(24 * 28)}, first, 28, lambda day: False)
    assert made is not None
    found: dict[str, object] = msgspec.to_builtins(made)
    return found


def test_nothing_is_saved_untried(who: People, clock: Clock) -> None:
    story = water_story()
    perform("story.take_up", who.duty, story)
    client = Client()
    client.force_login(who.editor)
    form: dict[str, Any] = {
        "name": "供水", "name_en": "Water", "watch": Watch.objects.get(slug="supply").pk, "least_items": 2, "night_level": 2,
        "group_minutes": 120, "accept_minutes": 15, "attend_minutes": 30, "about": "story", "save": "1",
    }  # fmt: skip
    preview = client.get("/desk/alerts/rules/preview/", form | {"name": ""}).content.decode()
    assert "1 time" in re.sub(r"<[^>]+>", "", preview)
    assert "1 of them right" in preview
    assert story.title in preview
    page = client.post("/desk/alerts/rules/new/", form)
    assert page.status_code == 200
    assert not Rule.objects.exists()
    text = page.content.decode()
    assert "Look at what it would have done, then save" in text
    mark = re.search(r'name="tried" value="(\w+)"', text)
    assert mark is not None
    other = client.post("/desk/alerts/rules/new/", form | {"tried": mark[1], "least_items": 3})
    assert other.status_code == 200  # changed since: tried first
    assert not Rule.objects.exists()
    assert client.post("/desk/alerts/rules/new/", form | {"tried": mark[1]}).status_code == 302
    made = Rule.objects.get()
    assert (made.state, made.watch_id) == ("enabled", form["watch"])
    assert client.post("/desk/alerts/rules/new/", {"name": "空", "about": "story"} | {"save": "1"}).status_code == 422
    saved = client.post(made.get_absolute_url(), form | {"accept_minutes": 20, "tried": mark[1], "version": made.version})
    assert saved.status_code == 302
    assert Rule.objects.get().accept_minutes == 20
    assert Story.objects.get(pk=story.pk).state == "handling"
