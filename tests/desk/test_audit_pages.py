"""Audit pages: who sees which acts, filters, words, the check of the chain, the copy as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import translation

from groundswell.desk.accounts import gazetteer
from groundswell.desk.accounts.actions import set_right
from groundswell.desk.accounts.models import Unit, User
from groundswell.desk.audit import queries
from groundswell.desk.audit.chain import append
from groundswell.desk.audit.models import Record
from groundswell.desk.audit.queries import Sieve
from groundswell.desk.audit.words import ACTS, act_choices, act_words
from groundswell.desk.spine.actions import ACTIONS, perform, undo
from groundswell.desk.spine.settings_actions import change_settings

Person = Callable[..., User]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def chief(person: Person) -> User:
    return person("administrator", name="陈立", name_en="Chen Li")


@pytest.fixture
def some_acts(chief: User, person: Person) -> User:
    """A day's worth of acts; returns the officer they were done to."""
    water = gazetteer.add_unit(chief, {"code": "water", "name": "县水务局", "aliases": ["水务局"]})
    officer = person("duty", name="林晓", name_en="Lin Xiao")
    perform(
        "user.edit",
        chief,
        officer,
        {"name": "林晓", "name_en": "Lin Xiao", "post": "值班员", "post_en": "", "unit": water, "phone": "0000-8101", "email": ""},
    )
    change_settings(chief, {"collect.max_mib": 12})
    set_right(chief, "item.triage", "duty", {"scope": "own_unit", "reason": "trial"})
    append("signin", officer)
    append("signin.failed", None, "", {"name": "=cmd|x"})
    return officer


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    "address",
    [
        "/desk/audit/",
        "/desk/audit/?act=signin",
        "/desk/audit/?subject=nothing:1",
        "/desk/audit/?since=yesterday",
        "/desk/audit/1/",
        "/desk/audit/3/",
    ],
)
def test_pages_open_in_both_languages(person: Person, some_acts: User, client: Client, language: str, address: str) -> None:
    client.force_login(person("auditor", language=language))
    page = client.get(address)
    assert page.status_code == 200
    assert "style=" not in page.content.decode()


def test_an_officer_sees_the_own_acts_only(some_acts: User, client: Client) -> None:
    client.force_login(some_acts)
    page = client.get("/desk/audit/")
    assert [line.record.act for line in page.context["lines"]] == ["signin"]
    foreign = Record.objects.filter(act="user.edit").get()
    assert client.get(f"/desk/audit/{foreign.seq}/").status_code == 404
    assert not client.get("/desk/audit/?person=p1").context["lines"]  # asking for somebody else gives nothing
    assert client.post("/desk/audit/check/").status_code == 403
    body = b"".join(client.post("/desk/audit/export.csv").streaming_content).decode("utf-8-sig")
    assert [row[4] for row in csv.reader(io.StringIO(body))][1:] == ["signin"]


def test_nobody_without_the_right_comes_in(person: Person, client: Client) -> None:
    client.force_login(person())
    assert client.get("/desk/audit/").status_code == 403


@pytest.mark.parametrize(
    ("sieve", "acts"),
    [
        (Sieve(act="setting.change"), ["setting.change", "setting.change"]),  # the lexicon's moment and the page size
        (Sieve(person="-"), ["signin.failed"]),
        (Sieve(person="p2"), ["signin"]),
        (Sieve(subject="unit"), ["unit.add"]),
        (Sieve(subject="collect.max_mib"), ["setting.change"]),
        (Sieve(subject="user:0"), []),
    ],
)
def test_filters(chief: User, some_acts: User, sieve: Sieve, acts: list[str]) -> None:
    assert list(queries.acts_for(chief, sieve).values_list("act", flat=True)) == acts


def test_days_are_the_bodys_days(chief: User, clock: object) -> None:
    append("signin", chief)  # 23 November 16:06
    clock.forward(hours=8)  # type: ignore[attr-defined]
    append("signin", chief)  # 24 November 00:06 there, still the 23rd in UTC
    days = [queries.acts_for(chief, Sieve(since=day, until=day)).count() for day in (clock.now.date(), clock.now.date().replace(day=24))]  # type: ignore[attr-defined]
    assert days == [1, 1]


def test_filtering_by_an_act_shows_its_taking_back_too(chief: User, some_acts: User) -> None:
    entry = perform("user.bar", chief, some_acts, {"reason": "left"})
    undo(chief, entry.batch)
    assert list(queries.acts_for(chief, Sieve(act="user.bar")).values_list("act", flat=True)) == ["user.bar.undo", "user.bar"]


def test_an_act_is_said_in_words_with_before_and_after(chief: User, some_acts: User, client: Client) -> None:
    client.force_login(chief)
    changes = queries.payload_in_words(Record.objects.get(act="user.edit"))
    assert [(change.words, change.before, change.after) for change in changes] == [
        ("post", "—", "值班员"),
        ("unit", "—", "县水务局"),
        ("telephone", "—", "0000-8101"),
    ]
    right = queries.payload_in_words(Record.objects.get(act="right.set"))
    assert ("how much", "all", "own unit") in [(change.words, change.before, change.after) for change in right]
    setting = queries.payload_in_words(Record.objects.get(subject="collect.max_mib"))
    assert [(change.before, change.after) for change in setting] == [("8", "12")]


def test_every_act_of_the_registry_has_words() -> None:
    offered = {code for _group, rows in act_choices() for code, _words in rows}
    assert offered == set(ACTS) | {each.name for each in ACTIONS.values() if each.on_chain}
    assert act_words("user.bar.undo").startswith("took back: ")
    assert act_words("unknown.act") == "unknown.act"


def test_subjects_link_to_what_still_exists(chief: User, some_acts: User, client: Client) -> None:
    client.force_login(chief)
    links = {line.record.act: (line.subject, line.url) for line in client.get("/desk/audit/").context["lines"]}
    assert links["unit.add"] == ("unit 县水务局", "/desk/units/water/")
    assert links["user.edit"] == ("person Lin Xiao", "/desk/people/p2/")
    assert links["signin"] == ("", "")
    hidden = client.get("/desk/audit/?subject=lexicon.changed_at").context["lines"][0]
    assert (hidden.subject, hidden.url) == ("the words that the engine knows", "")  # it stands on no screen
    Record.objects.filter(act="unit.add").update(subject="unit:999999")
    assert client.get("/desk/audit/?subject=unit:999999").context["lines"][0].url == ""
    assert Unit.objects.count() == 1


def test_a_purged_payload_says_so(chief: User, some_acts: User, client: Client) -> None:
    client.force_login(chief)
    record = Record.objects.get(act="user.edit")
    Record.objects.filter(pk=record.pk).update(payload=None)
    assert "The details were purged" in client.get(f"/desk/audit/{record.seq}/").content.decode()


def test_the_check_is_itself_a_link_and_a_break_is_named(chief: User, some_acts: User, client: Client) -> None:
    client.force_login(chief)
    assert "Not checked yet" in client.get("/desk/audit/").content.decode()
    client.post("/desk/audit/check/")
    state = queries.chain_state()
    assert (state.breaks, state.since, state.links) == ([], 0, Record.objects.count() - 1)
    assert "The chain holds" in client.get("/desk/audit/").content.decode()
    Record.objects.filter(seq=3).update(act="nothing.done")
    client.post("/desk/audit/check/")
    page = client.get("/desk/audit/").content.decode()
    assert "Broken at link 3" in page
    assert "the act itself was changed" in page


def test_the_copy_is_harmless_in_a_spreadsheet_and_noted(chief: User, some_acts: User, client: Client) -> None:
    client.force_login(chief)
    append("=HYPERLINK(1)", chief)
    answer = client.post("/desk/audit/export.csv", {"person": "p1"})
    body = b"".join(answer.streaming_content)
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert {row[2] for row in rows[1:]} == {"p1"}
    assert "'=HYPERLINK(1)" in [row[4] for row in rows]
    noted = Record.objects.get(act="audit.export")
    assert noted.payload == {"filter": {"person": "p1"}, "rows": len(rows) - 1}
    assert client.get("/desk/audit/export.csv").status_code == 405


def test_older_acts_come_by_pages(chief: User, client: Client) -> None:
    for _ in range(queries.PAGE + 5):
        append("signin", chief)
    client.force_login(chief)
    first = client.get("/desk/audit/").context
    assert len(first["lines"]) == queries.PAGE
    second = client.get(f"/desk/audit/?before={first['more']}").context
    assert first["lines"][-1].record.seq == second["lines"][0].record.seq + 1
    assert second["more"] is None


def test_a_page_of_acts_asks_a_fixed_number_of_queries(
    chief: User, some_acts: User, client: Client, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for _ in range(40):
        append("user.edit", chief, f"user:{some_acts.pk}", {"data": {}})
    client.force_login(chief)
    with django_assert_max_num_queries(24):  # type: ignore[attr-defined]
        client.get("/desk/audit/")
