"""A correction at the desk is felt by the next item, is taken back with its undo, and outlives the process that heard it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from groundswell.desk.accounts.models import Role, Unit, User
from groundswell.desk.spine.actions import perform, undo
from groundswell.desk.spine.preferences import change
from groundswell.desk.stories.models import Story
from groundswell.desk.stories.scoring import score
from groundswell.desk.stream import learnt
from groundswell.desk.stream.models import Correction, Item
from groundswell.engine.pipeline import Models
from tests.desk.county import lay, tell

Person = Callable[..., User]
PUZZLE = "云岭县清河镇的公交站牌换成了电子屏，报站带方言"
WATER = "云岭县清河镇自来水又黄又浑，已经三天没法做饭了"
WATER_AGAIN = "云岭县清河镇的自来水又黄又浑，三天没法做饭"
LIKE = "云岭县清河镇的公交站牌都换成了电子屏，报站还带方言"


@pytest.fixture(autouse=True)
def _county(desk: None) -> None:
    lay()
    learnt.forget()


@pytest.fixture
def duty(person: Person) -> User:
    return person(Role.DUTY)


def test_without_corrections_the_models_are_those_that_ship() -> None:
    assert learnt.current_models() is Models.default()


def test_the_next_item_goes_to_the_unit_that_a_person_chose(duty: User) -> None:
    (first,) = tell([PUZZLE], start=10)
    assert first.unit is None or first.unit.code != "education"
    perform("item.assign", duty, first, {"unit": Unit.objects.get(code="education")})
    (second,) = tell([LIKE], start=20)
    assert second.unit is not None
    assert second.unit.code == "education"
    assert second.judged["concerns"][0]["why"][0]["code"] == "unit.taught"


def test_the_next_item_sounds_as_a_person_heard_it(duty: User) -> None:
    (first,) = tell([PUZZLE], start=10)
    wanted = {-1: 0, 0: 1, 1: -1}[first.tone]
    if first.tone_unsure:
        perform("item.tone", duty, first)
    perform("item.tone", duty, first)
    (second,) = tell([LIKE], start=20)
    assert (first.tone, second.tone) == (wanted, wanted)


def test_what_is_taken_back_is_forgotten(duty: User) -> None:
    (first,) = tell([PUZZLE], start=10)
    entry = perform("item.assign", duty, first, {"unit": Unit.objects.get(code="education")})
    assert learnt.current_models() is not Models.default()
    undo(duty, entry.batch)
    assert learnt.current_models() is Models.default()


def test_a_process_that_begins_later_knows_them_too(duty: User) -> None:
    (first,) = tell([PUZZLE], start=10)
    perform("item.assign", duty, first, {"unit": Unit.objects.get(code="education")})
    known = learnt.current_models().version
    learnt._kept = None
    learnt.forget()
    assert learnt.current_models().version == known


def story_of(item: Item) -> Story:
    """The scored story of ITEM."""
    item.refresh_from_db()
    assert item.story_id
    score(item.story_id)
    return Story.objects.get(pk=item.story_id)


def test_the_next_story_stands_where_a_person_placed_one_like_it(duty: User) -> None:
    (first,) = tell([WATER], start=10)
    story = story_of(first)
    assert story.suggested_level > 2
    perform("story.set_level", duty, story, {"level": 2, "reason": "many ask"})
    (second,) = tell([WATER_AGAIN], start=60 * 24 * 3)
    assert second.level == 2
    assert second.judged["level"]["why"][-1]["code"] == "level.taught"


def test_a_level_that_is_taken_back_is_forgotten(duty: User) -> None:
    (first,) = tell([WATER], start=10)
    entry = perform("story.set_level", duty, story_of(first), {"level": 2, "reason": "many ask"})
    assert Correction.objects.get().data["factors"]
    undo(duty, entry.batch)
    assert learnt.current_models() is Models.default()


def test_a_unit_chosen_for_a_story_is_learnt_from_its_items(duty: User) -> None:
    (first,) = tell([WATER], start=10)
    perform("story.assign", duty, story_of(first), {"unit": Unit.objects.get(code="education")})
    (second,) = tell([WATER_AGAIN], start=20)
    assert second.unit is not None
    assert second.unit.code == "education"


def test_what_is_not_about_us_keeps_its_like_away(duty: User) -> None:
    (first,) = tell([WATER], start=10)
    assert first.about_us
    entry = perform("item.not_us", duty, first, {"reason": "same_name"})
    (second,) = tell([WATER_AGAIN], start=20)
    assert not second.about_us
    assert second.judged["why"][0]["code"] == "about.taught"
    undo(duty, entry.batch)
    (third,) = tell([WATER_AGAIN + "！"], start=30)
    assert third.about_us


def test_old_news_says_nothing_of_the_next(duty: User) -> None:
    (first,) = tell([WATER], start=10)
    perform("item.not_us", duty, first, {"reason": "old"})
    (second,) = tell([WATER_AGAIN], start=20)
    assert second.about_us


def test_a_story_that_is_not_about_us_goes_with_its_items_and_comes_back_with_them(duty: User) -> None:
    (first,) = tell([WATER], start=10)
    story = story_of(first)
    entry = perform("story.not_us", duty, story, {"reason": "another county"})
    first.refresh_from_db()
    assert (first.about_us, story.about_us, story.state) == (False, False, "closed")
    (second,) = tell([WATER_AGAIN], start=20)
    assert not second.about_us
    undo(duty, entry.batch)
    first.refresh_from_db()
    assert first.about_us
    assert learnt.current_models() is Models.default()


def test_the_bounds_of_levels_are_the_administrators(desk: None) -> None:
    change(None, "judge.level_three", 1.0)
    learnt.forget()
    assert learnt.current_models().importance.thresholds[3] == 1.0
    (item,) = tell([WATER], start=10)
    assert item.level == 3
    change(None, "judge.level_three", 99.0)  # above level II: no order, the shipped ones hold
    learnt.forget()
    assert learnt.current_models() is Models.default()
