"""What a person puts right is felt by the next item, and only by its like."""

from __future__ import annotations

import msgspec
import pytest

from groundswell.engine.pipeline import Lesson, LevelLesson, Models, judge_items, taught
from groundswell.engine.records import Item, Judged
from tests.engine_judge.county import NOW, county

MARKET = "清河镇锦绣小区门口的早市又摆到马路中间了，上学的孩子只能在车缝里走"
LIKE = "清河镇锦绣小区门口的早市还是摆在马路中间，接孩子的只能在车缝里走"
OTHER = "清河镇自来水发黄，水务局说明天检修"
PUZZLE = "云岭县的新公交站牌换成了电子屏，报站带方言"


def judged(models: Models, *texts: str) -> list[Judged]:
    items = [Item(key=f"{n:032}", text=text, source="forum", published_at=NOW) for n, text in enumerate(texts)]
    return judge_items(items, county(), models, NOW)


def unit(one: Judged) -> str:
    return one.concerns[0].unit if one.concerns else ""


def test_a_unit_that_was_given_by_hand_is_given_to_the_like() -> None:
    before = judged(Models.default(), MARKET, LIKE, OTHER)
    models = taught(Models.default(), [], [Lesson("", MARKET, "cityadmin")])
    after = judged(models, MARKET, LIKE, OTHER)
    assert unit(before[0]) != "cityadmin"
    assert [unit(one) for one in after] == ["cityadmin", "cityadmin", "water"]
    assert after[0].concerns[0].why[0].code == "unit.taught"
    assert after[2] == before[2]


def test_the_last_word_on_a_text_counts() -> None:
    models = taught(Models.default(), [], [Lesson("", MARKET, "cityadmin"), Lesson("", MARKET, "education")])
    assert unit(judged(models, MARKET)[0]) == "education"


def test_units_of_many_lessons_are_kept_apart() -> None:
    lessons = [Lesson("", MARKET, "cityadmin"), Lesson("", OTHER, "housing"), Lesson("", PUZZLE, "education")]
    assert [unit(one) for one in judged(taught(Models.default(), [], lessons), MARKET, OTHER, PUZZLE)] == [
        "cityadmin",
        "housing",
        "education",
    ]


@pytest.mark.parametrize("label", ["negative", "neutral", "positive"])
def test_a_tone_that_was_put_right_stays_and_moves_the_like(label: str) -> None:
    models = taught(Models.default(), [Lesson("", PUZZLE, label)], [])
    one, other = judged(models, PUZZLE, OTHER)
    assert (one.sentiment.label, one.sentiment.unsure) == (label, False)
    assert one.sentiment.confidence >= 0.9
    assert other.sentiment.label == judged(Models.default(), OTHER)[0].sentiment.label
    (like,) = judged(models, PUZZLE.replace("新", "旧"))
    assert like.sentiment.label == label


def test_other_lessons_are_another_version_and_the_same_ones_the_same() -> None:
    once = taught(Models.default(), [Lesson("", PUZZLE, "negative")], [Lesson("", MARKET, "cityadmin")])
    again = taught(Models.default(), [Lesson("", PUZZLE, "negative")], [Lesson("", MARKET, "cityadmin")])
    assert once.version == again.version != Models.default().version
    assert msgspec.msgpack.encode(judged(once, LIKE)) == msgspec.msgpack.encode(judged(again, LIKE))
    assert taught(Models.default(), [], []).version == Models.default().version


def test_only_the_likeness_of_a_lesson_is_kept() -> None:
    models = taught(Models.default(), [Lesson("", "张三丰住在和平里", "negative")], [Lesson("", "张三丰住在和平里", "water")])
    assert "张三丰".encode() not in msgspec.msgpack.encode((models.tone_model, models.unit_memory))


def test_a_level_that_was_given_by_hand_moves_the_like_at_once() -> None:
    before = judged(Models.default(), MARKET, LIKE, OTHER)
    models = taught(Models.default(), levels=[Lesson("", MARKET, "2")])
    after = judged(models, MARKET, LIKE, OTHER)
    assert before[0].level.value > 2
    assert [one.level.value for one in after] == [2, 2, before[2].level.value]
    assert after[1].level.why[-1].code == "level.taught"
    assert after[2] == before[2]


def test_many_levels_of_one_kind_move_that_kind() -> None:
    """Where a desk raises what concerns children again and again, another matter of children rises too; others hardly."""
    lessons = [LevelLesson({"safety": 30.0, "people": 80.0, "tone": 90.0, "credibility": 50.0}, 35.0, 2) for _ in range(12)]
    models = taught(Models.default(), layer=lessons)
    texts = ("建新路幼儿园门口的垃圾三天没人收，孩子天天闻臭味，投诉没人理", "请问城北的驾校几点开门")
    before, after = judged(Models.default(), *texts), judged(models, *texts)
    risen = [b.level.score - a.level.score for a, b in zip(before, after, strict=True)]
    assert risen[0] > 10
    assert risen[1] < 0.6 * risen[0]
    assert after[0].level.why[-1].code == "level.people_say"


def test_one_level_moves_others_little() -> None:
    lesson = LevelLesson({"safety": 30.0, "people": 80.0, "tone": 90.0, "credibility": 50.0}, 35.0, 1)
    (before,), (after,) = judged(Models.default(), OTHER), judged(taught(Models.default(), layer=[lesson]), OTHER)
    assert abs(after.level.score - before.level.score) < 12


@pytest.mark.parametrize(("text", "like", "said"), [(MARKET, LIKE, "no"), (PUZZLE, PUZZLE.replace("新", "旧"), "yes")])
def test_what_is_not_about_us_stays_away_with_its_like(text: str, like: str, said: str) -> None:
    models = taught(Models.default(), about_us=[Lesson("", text, said)])
    after = judged(models, text, like, OTHER)
    assert [one.about_us for one in after] == [said == "yes", said == "yes", True]
    assert after[1].why[0].code == "about.taught"


def test_the_last_word_on_whether_it_is_about_us_counts() -> None:
    models = taught(Models.default(), about_us=[Lesson("", MARKET, "no"), Lesson("", MARKET, "yes")])
    assert judged(models, LIKE)[0].about_us
