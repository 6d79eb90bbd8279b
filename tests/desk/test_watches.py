"""Watches: refused where they watch a person or cannot be read, tried on the past, felt by the next item."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from groundswell.desk.accounts.models import Role, Unit, User
from groundswell.desk.spine.actions import perform, undo
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.palette import find
from groundswell.desk.spine.queue import SOURCES
from groundswell.desk.stream import knowledge, queries
from groundswell.desk.stream.models import Item, Watch
from tests.desk.county import ELSEWHERE, NOW, SCHOOL, WATER, lay, officer, tell

Person = Callable[..., User]
NEW = {"name": "供暖", "name_en": "Heating", "query": "供暖 OR 暖气", "unit": "", "expires_on": ""}


@pytest.fixture(autouse=True)
def _county(desk: None) -> None:
    lay()


@pytest.fixture
def editor(person: Person, client: Client) -> User:
    user = person(Role.EDITOR)
    client.force_login(user)
    return user


@pytest.mark.parametrize("query", ["张伟", '"张伟"', "张伟 OR 王芳", "=张伟"])
def test_only_a_persons_name_is_refused_with_the_reason(editor: User, client: Client, query: str) -> None:
    answer = client.post("/desk/watches/new/", NEW | {"query": query})
    assert answer.status_code == 422
    assert "topics, not people" in answer.content.decode()
    assert not Watch.objects.filter(slug="heating").exists()


@pytest.mark.parametrize(
    ("query", "position", "words"),
    [
        ("供水 AND (停水 OR", 14, "word is missing"),
        ('供水 "停水', 4, "never closed"),
        ("停水) OR 供水", 3, "never opened"),
        ("NOT 招聘", 1, "nothing but NOT"),
        ("tone:sad 供水", 1, "Allowed"),
    ],
)
def test_a_fault_shows_its_place_and_the_mend(editor: User, client: Client, query: str, position: int, words: str) -> None:
    page = client.get("/desk/watches/preview/", {"query": query})
    assert (page.context["fault"]["position"], words in page.content.decode()) == (position, True), page.context["fault"]
    answer = client.post("/desk/watches/new/", NEW | {"query": query})
    assert answer.status_code == 422
    assert f"At character {position}" in answer.content.decode()


def test_the_figures_of_the_preview_equal_the_hits(editor: User, client: Client) -> None:
    rows = tell([*WATER, *SCHOOL, ELSEWHERE])
    perform("item.not_us", editor, rows[0], {"reason": "other"})
    page = client.get("/desk/watches/preview/", {"query": "自来水 OR 小学"}).context["preview"]
    found = queries.search(editor, "自来水 OR 小学", limit=1000).hits
    assert page["hits"] == len(found) == sum(page["days"].values()) == len(page["newest"]) == 6
    assert (page["ours"], page["not_us"]) == (5, 1)
    assert page["stories"] == len({hit.item.story_id for hit in found} - {None})


def test_what_is_known_of_a_watch_equals_what_is_matched_anew(editor: User, client: Client, clock: object) -> None:
    tell([*WATER, *SCHOOL, ELSEWHERE])
    watch = Watch.objects.get(slug="supply")
    since = NOW - timedelta(days=30)

    def counted(known: Watch | None) -> dict[str, object]:
        found = queries.count_by_day(Item.objects.all(), watch.query, since, watch=known)
        return found | {"newest": [(hit.item.pk, hit.spans) for hit in found["newest"]]}

    assert counted(watch) == counted(None)
    assert counted(watch)["hits"] == 4
    assert client.get(f"/desk/watches/{watch.slug}/").context["preview"]["hits"] == 4
    clock.forward(minutes=1)  # type: ignore[attr-defined]
    perform(
        "watch.save", editor, watch, {"name": "供水", "name_en": "", "query": "自来水 AND 孩子", "unit": watch.unit, "expires_on": None}
    )
    watch.refresh_from_db()
    assert counted(watch) == counted(None)  # the past is matched with what the watch says now
    assert counted(watch)["hits"] == 1
    knowledge.forget()
    tell([WATER[2]], start=60)
    assert counted(watch) == counted(None)
    assert counted(watch)["hits"] == 2


def test_the_list_says_how_many_and_the_link_opens_as_many(editor: User, client: Client) -> None:
    tell([*WATER, *SCHOOL, ELSEWHERE])
    page = client.get("/desk/watches/")
    hits = {row["watch"].slug: row["hits"] for row in page.context["rows"]}
    assert hits == {"supply": 4, "school": 2}
    for slug, count in hits.items():
        assert queries.narrowed(editor, {"state": "all", "watch": slug, "since": page.context["since"].isoformat()}).count() == count


def test_a_new_watch_is_felt_by_the_next_item(editor: User, client: Client) -> None:
    assert client.post("/desk/watches/new/", NEW).status_code == 302
    knowledge.forget()
    assert tell(["河湾里的暖气还是冰凉的，换热站没有人"])[0].watches == ["heating"]


def test_a_change_is_felt_and_so_is_taking_it_back(editor: User, clock: object) -> None:
    watch = Watch.objects.get(slug="school")
    values = {"name": watch.name, "name_en": "", "query": "中学", "unit": watch.unit, "expires_on": None}
    clock.forward(minutes=1)  # type: ignore[attr-defined]
    entry = perform("watch.save", editor, watch, values)
    knowledge.forget()
    assert "school" not in tell([SCHOOL[0]])[0].watches
    clock.forward(minutes=1)  # type: ignore[attr-defined]
    undo(editor, entry.batch)
    knowledge.forget()
    assert "school" in tell([SCHOOL[1]], start=20)[0].watches


def test_disabled_and_ended_watches_are_asleep(editor: User, clock: object) -> None:
    watch = Watch.objects.get(slug="supply")
    clock.forward(minutes=1)  # type: ignore[attr-defined]
    perform("watch.disable", editor, watch)
    knowledge.forget()
    assert tell([WATER[0]])[0].watches == []
    perform("watch.enable", editor, watch)
    Watch.objects.filter(pk=watch.pk).update(expires_on=(NOW - timedelta(days=1)).date(), changed_at=NOW + timedelta(hours=1))
    knowledge.forget()
    assert tell([WATER[1]], start=20)[0].watches == []


def test_two_editors_at_once_the_second_is_told(editor: User, client: Client, person: Person) -> None:
    watch = Watch.objects.get(slug="supply")
    fields = {"name": "供水", "name_en": "", "query": "供水", "unit": str(watch.unit_id), "expires_on": ""}
    perform("watch.save", person(Role.EDITOR), watch, {"name": "供水", "name_en": "", "query": "水质", "unit": None, "expires_on": None})
    answer = client.post("/desk/watches/supply/", fields | {"version": "0"})
    watch.refresh_from_db()
    assert (answer.status_code, watch.query) == (409, "水质")


def test_the_duty_officer_proposes_and_an_editor_enables(person: Person, client: Client) -> None:
    duty, editor = person(Role.DUTY), person(Role.EDITOR)
    client.force_login(duty)
    client.post("/desk/watches/new/", NEW)
    watch = Watch.objects.get(slug="heating")
    assert (watch.state, watch.added_by) == ("proposed", duty)
    assert client.post("/desk/watches/heating/enable/").status_code == 403
    assert client.post("/desk/watches/heating/", NEW).status_code == 403
    knowledge.forget()
    assert tell(["暖气冰凉"])[0].watches == []
    waiting = [entry for source in SOURCES for entry in source(editor, NOW) if entry.kind == "watch"]
    assert [entry.url for entry in waiting] == ["/desk/watches/heating/"]
    perform("watch.enable", editor, watch)
    assert Entry.objects.filter(action="watch.enable", subject_id=watch.pk).exists()


def test_a_unit_officer_keeps_the_own_units_watches_only(person: Person, client: Client) -> None:
    user = officer(person)
    client.force_login(user)
    tell([*WATER, *SCHOOL])
    assert [row["watch"].slug for row in client.get("/desk/watches/").context["rows"]] == ["supply"]
    assert [client.get(f"/desk/watches/{slug}/").status_code for slug in ("supply", "school")] == [200, 404]
    other = Unit.objects.get(code="education")
    assert client.post("/desk/watches/new/", NEW | {"unit": str(other.pk)}).status_code == 422
    assert client.post("/desk/watches/new/", NEW | {"unit": ""}).status_code == 422
    assert client.post("/desk/watches/new/", NEW | {"unit": str(user.unit_id)}).status_code == 302
    assert client.get("/desk/watches/preview/", {"query": "小学"}).context["preview"]["hits"] == 0
    assert [hit.url for hit in find(user, "school") if "/watches/" in hit.url] == []


def test_the_administrator_sees_figures_but_no_texts(person: Person, client: Client) -> None:
    client.force_login(person(Role.ADMINISTRATOR))
    tell(WATER)
    page = client.get("/desk/watches/preview/", {"query": "自来水"})
    assert page.context["preview"]["hits"] == 4
    assert WATER[0][:10] not in page.content.decode()
    assert WATER[0][:10] not in client.get("/desk/watches/supply/").content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("role", [Role.DUTY, Role.EDITOR, Role.ADMINISTRATOR])
def test_screens_open_full_and_empty_in_both_languages(person: Person, client: Client, role: str, language: str) -> None:
    client.force_login(person(role, language=language))
    tell([*WATER, ELSEWHERE])
    pages = (
        "/desk/watches/",
        "/desk/watches/new/",
        "/desk/watches/new/?query=供水",
        "/desk/watches/supply/",
        "/desk/watches/preview/",
        "/desk/watches/preview/?query=(自来水 OR 停水) NOT 招聘 NEAR/3 水",
    )
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert " style=" not in answer.content.decode()
    Watch.objects.all().delete()
    assert client.get("/desk/watches/").status_code == 200


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR, Role.LEADS_KEEPER])
def test_others_are_kept_out(person: Person, client: Client, role: str) -> None:
    client.force_login(person(role))
    assert {
        client.get(page).status_code
        for page in ("/desk/watches/", "/desk/watches/new/", "/desk/watches/supply/", "/desk/watches/preview/?query=水")
    } == {403}


def test_markup_in_a_query_is_shown_not_run(editor: User, client: Client) -> None:
    evil = '<script>alert(1)</script> OR "<img src=x onerror=y>"'
    for page in (
        client.get("/desk/watches/preview/", {"query": evil}),
        client.get("/desk/watches/new/", {"query": evil}),
        client.get("/desk/archive/", {"q": evil + "("}),
    ):
        assert "<script>alert" not in page.content.decode()
        assert "<img src" not in page.content.decode()
