"""Places of the gazetteer, and what only looks like them."""

from __future__ import annotations

import pytest

from tests.engine_judge.county import said

FOUND = [
    ("清河镇锦绣小区又停水了", "", {"qinghe", "jinxiu"}, "full names"),
    ("清河這邊停水，云岭县水务局没人接电话", "", {"qinghe", "yunling"}, "an alias beside the body's name; traditional characters"),
    ("清河停水两天了", "forum", {"qinghe"}, "an alias in a source that is at home here"),
    ("东湖夜市油烟太大", "", {"donghu-market"}, "the longer name, not the town whose alias begins it"),
    ("邢台市清河区停水", "", set(), "another district of that name"),
    ("河北清河停水通知", "", set(), "a far region right in front"),
    ("清河市长热线", "", set(), "not_when wins although the characters are there"),
    ("愿大家锦绣前程", "forum", set(), "an idiom that the gazetteer names"),
    ("云岭山庄酒店开业", "", set(), "a hotel with the county's name"),
    ("今天天气不错", "", set(), "no place at all"),
]


@pytest.mark.parametrize(("text", "source", "ids", "why"), FOUND, ids=[row[3] for row in FOUND])
def test_places(text: str, source: str, ids: set[str], why: str) -> None:
    assert {hit.id for hit in said(text, source=source).places} == ids


def test_every_place_says_why() -> None:
    hit = said("清河镇停水").places[0]
    assert hit.why[0].code == "place.full_name"
    assert hit.why[0].args == {"word": "清河镇"}


def test_home_of_the_source_makes_surer() -> None:
    at_home, anywhere = said("清河停水两天了", source="forum"), said("清河停水两天了")
    assert at_home.places[0].confidence > anywhere.places[0].confidence


def test_far_places_do_not_concern_us_although_a_watch_matches() -> None:
    judged = said("河北清河区今天停水")
    assert judged.watches == ("supply",)
    assert not judged.about_us
    assert judged.why[0].code == "about.elsewhere"


DENIED = [
    ("不是清河镇，是东湖街道停水", ["donghu"], "one instead of the other"),
    ("东湖停水和清河没关系，各用各的水厂", ["donghu"], "has nothing to do with it"),
    ("清河区停水两天，我在海平，不是云岭那个清河镇", [], "the county and its town are denied"),
    ("清河镇停水", ["qinghe"], "nothing is denied"),
    ("清河镇不是没有路，是没有水", ["qinghe"], "something else is denied"),
]


@pytest.mark.parametrize(("text", "places", "why"), DENIED, ids=[row[2] for row in DENIED])
def test_a_place_that_is_denied_is_not_meant(text: str, places: list[str], why: str) -> None:
    assert [hit.id for hit in said(text, source="forum").places] == places


@pytest.mark.parametrize("text", ["这事跟教育局没关系，清河镇的路灯归城管局管", "清河镇路灯别找教育局了，城管局才管"])
def test_a_unit_that_is_denied_is_not_concerned(text: str) -> None:
    units = [concern.unit for concern in said(text, source="forum").concerns]
    assert units[0] == "cityadmin"
    assert "education" not in units


def test_a_short_name_that_may_be_a_word_needs_business_beside_it() -> None:
    assert not said("前程似锦绣，一路生花", source="forum").places
    assert [hit.id for hit in said("锦绣停水了", source="forum").places] == ["jinxiu"]


def test_a_duty_at_a_place_of_ours_is_enough_for_a_unit() -> None:
    assert said("清河镇停电又停水", source="forum").concerns[0].confidence >= 0.5


SAID = [
    ("锦绣小区的大狗又追着孩子跑", True, "blame at a place of ours, nobody's duty and no watch"),
    ("请问去东湖街道坐几路车", True, "a question"),
    ("锦绣小区的邻居扶起摔倒的大爷，真暖心", True, "praise"),
    ("锦绣小区有十二栋楼", False, "nothing is said of it"),
    ("出租锦绣小区两室一厅，拎包入住，价格面议", False, "an advertisement"),
    ("桶装水买十送二，锦绣小区当天就到，真划算", False, "an offer that praises itself"),
    ("锦绣小区的桶装水买十送二是骗人的，投诉没人管", True, "a complaint of an offer"),
    ("海平的大狗又追着孩子跑", False, "no place of ours"),
]


@pytest.mark.parametrize(("text", "about", "why"), SAID, ids=[row[2] for row in SAID])
def test_what_is_said_at_a_place_of_ours_is_about_us(text: str, about: bool, why: str) -> None:
    judged = said(text, source="forum")
    assert judged.about_us is about
    assert not about or judged.why[0].code == "about.place"


@pytest.mark.parametrize("text", ["外省云岭镇自来水发黄", "湖南云岭自来水发黄", "云岭乡的自来水发黄"])
def test_the_body_is_not_meant_by_a_longer_name_or_behind_a_far_place(text: str) -> None:
    judged = said(text)
    assert not judged.about_us
    assert judged.why[0].code == "about.elsewhere"


@pytest.mark.parametrize("text", ["云岭的自来水发黄", "云岭县的自来水发黄", "云岭镇上的自来水发黄"])
def test_the_body_is_meant(text: str) -> None:
    assert said(text).about_us
