"""Units, places, netizen words: adding, editing, retiring, proposals, and that the engine is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from groundswell.desk.accounts import gazetteer, gazetteer_queries
from groundswell.desk.accounts.models import Place, SlangWord, Unit, User
from groundswell.desk.spine.actions import NotAllowed, Refused, perform, undo
from groundswell.desk.spine.palette import find
from groundswell.desk.spine.preferences import preference

Person = Callable[..., User]
WATER = {"code": "water", "name": "县水务局", "name_en": "Water Bureau", "aliases": ["水务局"], "duties": ["供水", "水质"]}
QINGHE = {"code": "qinghe", "name": "清河镇", "kind": "town", "aliases": ["清河"], "not_when": ["外省"]}


@pytest.fixture
def chief(person: Person) -> User:
    return person("administrator")


@pytest.fixture
def desk_client(chief: User, client: Client) -> Client:
    client.force_login(chief)
    return client


ADDRESSES = (
    "/desk/units/",
    "/desk/units/?q=swj",
    "/desk/units/?state=retired",
    "/desk/units/add/",
    "/desk/units/water/",
    "/desk/units/water/edit/",
    "/desk/units/water/retire/",
    "/desk/units/places/",
    "/desk/units/places/?kind=town",
    "/desk/units/places/?q=xx",
    "/desk/units/places/add/",
    "/desk/units/places/qinghe/",
    "/desk/units/places/qinghe/edit/",
    "/desk/units/words/",
    "/desk/units/words/?state=accepted",
    "/desk/units/words/?state=refused",
    "/desk/units/words/add/",
)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("filled", [True, False])
def test_screens_open_in_both_languages_full_and_empty(person: Person, client: Client, language: str, address: str, filled: bool) -> None:
    chief = person("administrator", language=language)
    client.force_login(chief)
    if filled:
        gazetteer.add_unit(chief, WATER)
        gazetteer.add_place(chief, QINGHE)
        SlangWord.objects.create(word="绷不住了", means="忍不住", tone="negative", state="proposed")
    page = client.get(address)
    assert page.status_code == (200 if filled or not any(code in address for code in ("water", "qinghe")) else 404)
    assert "style=" not in page.content.decode()


def test_only_who_manages_units_may(person: Person, client: Client) -> None:
    officer = person("duty", "editor", "leader", "auditor")
    client.force_login(officer)
    assert {
        client.get(address).status_code for address in ("/desk/units/", "/desk/units/places/", "/desk/units/words/", "/desk/units/add/")
    } == {403}
    for add, values in (
        (gazetteer.add_unit, WATER),
        (gazetteer.add_place, QINGHE),
        (gazetteer.add_word, {"word": "yyds", "means": "最好", "tone": "positive"}),
    ):
        with pytest.raises(NotAllowed):
            add(officer, values)
    assert (Unit.objects.count(), Place.objects.count(), SlangWord.objects.count()) == (0, 0, 0)


def test_a_unit_is_added_by_form_with_lists_and_pinyin(desk_client: Client) -> None:
    values = {"code": "water", "name": "县水务局", "aliases": "水务局，县自来水公司\n水务局", "duties": "供水、水质;停水"}
    assert desk_client.post("/desk/units/add/", values)["Location"] == "/desk/units/water/"
    unit = Unit.objects.get()
    assert (unit.aliases, unit.duties, unit.sort_key) == (["水务局", "县自来水公司"], ["供水", "水质", "停水"], "xian shui wu ju")


@pytest.mark.parametrize("code", ["Water Bureau", "水", "places", "add", "9x", "taken"])
def test_a_code_that_cannot_stand_in_an_address_is_refused(desk_client: Client, code: str) -> None:
    Unit.objects.create(code="taken", name="某局")
    page = desk_client.post("/desk/units/add/", {"code": code, "name": "县水务局"})
    assert page.status_code == 422
    assert "code" in page.context["form"].errors


def test_the_sort_key_follows_the_name_until_somebody_writes_one(chief: User) -> None:
    place = gazetteer.add_place(chief, QINGHE)
    perform("place.edit", chief, place, QINGHE | {"name": "重阳镇", "aliases": [], "sort_key": place.sort_key})
    assert place.sort_key == "chong yang zhen"
    perform("place.edit", chief, place, QINGHE | {"name": "重阳镇", "aliases": [], "sort_key": "Zhong yang"})
    perform("place.edit", chief, place, QINGHE | {"name": "新重阳镇", "aliases": [], "sort_key": place.sort_key})
    assert place.sort_key == "zhong yang"


def test_one_name_leads_to_one_unit(chief: User, desk_client: Client) -> None:
    gazetteer.add_unit(chief, WATER)
    page = desk_client.post("/desk/units/add/", {"code": "water2", "name": "水务局"})
    assert page.status_code == 422
    assert "县水务局" in page.content.decode()
    assert Unit.objects.count() == 1


def test_nothing_lies_within_itself(chief: User) -> None:
    top = gazetteer.add_unit(chief, WATER)
    below = gazetteer.add_unit(chief, {"code": "works", "name": "水厂", "parent": top})
    with pytest.raises(Refused):
        perform("unit.edit", chief, top, WATER | {"parent": below})
    town = gazetteer.add_place(chief, QINGHE)
    with pytest.raises(Refused):
        perform("place.edit", chief, town, QINGHE | {"within": town})


def test_a_name_cannot_also_speak_against_its_place(chief: User) -> None:
    with pytest.raises(Refused):
        gazetteer.add_place(chief, QINGHE | {"not_when": ["清河"]})


def test_a_unit_with_people_or_units_below_is_not_retired(chief: User, person: Person) -> None:
    unit = gazetteer.add_unit(chief, WATER)
    officer = person("unit_officer", unit=unit)
    with pytest.raises(Refused):
        perform("unit.retire", chief, unit, {"reason": "merged"})
    officer.is_active = False
    officer.save()
    works = gazetteer.add_unit(chief, {"code": "works", "name": "水厂", "parent": unit})
    with pytest.raises(Refused):
        perform("unit.retire", chief, unit, {"reason": "merged"})
    perform("unit.retire", chief, works, {"reason": "merged"})
    perform("unit.retire", chief, unit, {"reason": "merged"})
    assert gazetteer_queries.units_page().branches == []
    assert len(gazetteer_queries.units_page(state="retired").branches) == 2


def test_a_revived_unit_must_not_bring_a_name_that_another_took(chief: User) -> None:
    unit = gazetteer.add_unit(chief, WATER)
    perform("unit.retire", chief, unit, {"reason": "merged"})
    gazetteer.add_unit(chief, {"code": "new", "name": "水务局"})
    with pytest.raises(Refused):
        perform("unit.revive", chief, unit)


def test_every_change_tells_the_engine(chief: User, clock: Any) -> None:
    stamps = [preference("lexicon.changed_at")]

    def told() -> bool:
        stamps.append(preference("lexicon.changed_at"))
        clock.forward(minutes=1)
        return stamps[-1] != stamps[-2]

    unit = gazetteer.add_unit(chief, WATER)
    assert told()
    entry = perform("unit.edit", chief, unit, WATER | {"duties": ["停水"]})
    assert told()
    undo(chief, entry.batch)
    assert told()
    assert Unit.objects.get().duties == ["供水", "水质"]
    place = gazetteer.add_place(chief, QINGHE)
    assert told()
    perform("place.retire", chief, place, {"reason": "x"})
    assert told()
    perform("place.revive", chief, place)
    assert told()
    word = SlangWord.objects.create(word="绷不住了", means="忍不住", tone="negative", state="proposed")
    perform("word.refuse", chief, word)
    assert not told()  # it was never in use
    perform("word.accept", chief, word, {"means": "忍不住", "tone": "negative"})
    assert told()
    perform("word.retire", chief, word)
    assert told()


def test_a_proposed_word_is_taken_with_its_meaning_or_refused(desk_client: Client) -> None:
    one = SlangWord.objects.create(word="绷不住了", means="", tone="", state="proposed")
    two = SlangWord.objects.create(word="摆烂", means="", tone="", state="proposed")
    assert "2 proposed" in desk_client.get("/desk/units/").content.decode()
    assert desk_client.post(f"/desk/units/words/{one.pk}/accept/", {}).status_code == 422
    assert desk_client.post(f"/desk/units/words/{one.pk}/accept/", {"means": "忍不住", "tone": "negative"}).status_code == 302
    desk_client.post(f"/desk/units/words/{two.pk}/refuse/")
    assert dict(SlangWord.objects.values_list("word", "state")) == {"绷不住了": "accepted", "摆烂": "refused"}
    assert desk_client.get(f"/desk/units/words/{one.pk}/")["Location"].startswith("/desk/units/words/?state=accepted#")


def test_the_tree_shows_each_once_even_in_a_circle(desk: None) -> None:
    top = Place.objects.create(code="c", name="云岭县", kind="county", sort_key="a")
    town = Place.objects.create(code="t", name="清河镇", within=top, sort_key="b")
    Place.objects.create(code="v", name="下河村", kind="village", within=town, sort_key="c")
    one = Place.objects.create(code="x", name="甲", sort_key="d")
    two = Place.objects.create(code="y", name="乙", within=one, sort_key="e")
    Place.objects.filter(pk=one.pk).update(within=two)  # as a bad file might bring
    branches = [(branch.record.code, branch.depth) for branch in gazetteer_queries.places_page().branches]
    assert branches[:3] == [("c", 0), ("t", 1), ("v", 2)]
    assert sorted(code for code, _depth in branches) == ["c", "t", "v", "x", "y"]


def test_the_palette_finds_people_units_places_by_initials_for_the_administrator_only(chief: User, person: Person) -> None:
    gazetteer.add_unit(chief, WATER)
    gazetteer.add_place(chief, QINGHE)
    officer = person("duty", name="林晓")
    urls = lambda user, text: {hit.url for hit in find(user, text)}  # noqa: E731
    assert "/desk/units/water/" in urls(chief, "swj")
    assert "/desk/units/places/qinghe/" in urls(chief, "qhz")
    assert "/desk/people/p2/" in urls(chief, "lx")
    assert not [
        url
        for url in urls(officer, "swj") | urls(officer, "qhz") | urls(officer, "lx")
        if url.startswith(("/desk/units/", "/desk/people/"))
    ]
