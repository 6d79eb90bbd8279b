"""Today: the number beside its name, what is put off by whom, and that both follow what people do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from groundswell.desk.accounts.models import User
from groundswell.desk.spine.actions import found, perform
from groundswell.desk.spine.models import DutyNote, Snooze
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.queue import count_waiting, waiting
from groundswell.desk.spine.shell import PLACES, current_place, tabs_for

Person = Callable[..., User]


@pytest.fixture
def duty(person: Person) -> User:
    return person("duty")


@pytest.fixture
def note(duty: User) -> DutyNote:
    made: DutyNote = found("note.write", duty, {"text": "请核对供水通知", "for_next": True})
    return made


def test_the_number_follows_every_act(duty: User, note: DutyNote) -> None:
    assert count_waiting(duty, now()) == len(waiting(duty, now())[0]) == 1
    perform("note.tick_off", duty, note)
    assert count_waiting(duty, now()) == 0


def test_between_acts_the_number_costs_one_query(duty: User, note: DutyNote, django_assert_num_queries: Callable[..., object]) -> None:
    assert count_waiting(duty, now()) == 1
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert count_waiting(duty, now()) == 1


def test_put_off_and_brought_back(duty: User, note: DutyNote, client: Client) -> None:
    client.force_login(duty)
    key = f"note:{note.pk}"
    assert client.post("/desk/put-off/", {"subject": key, "hours": 1}).status_code == 302
    assert [len(part) for part in waiting(duty, now())] == [0, 1]
    client.post("/desk/put-off/back/", {"subject": key})
    assert [len(part) for part in waiting(duty, now())] == [1, 0]


def test_nobody_puts_off_what_waits_for_others(person: Person, note: DutyNote, client: Client, duty: User) -> None:
    key = f"note:{note.pk}"
    client.force_login(person("auditor"))
    assert client.post("/desk/put-off/", {"subject": key, "hours": 24}).status_code == 422
    assert not Snooze.objects.exists()
    Snooze.objects.create(subject=key, until=now().replace(year=2030), by=duty, at=now())
    client.post("/desk/put-off/back/", {"subject": key})
    assert Snooze.objects.exists()


def test_the_portal_names_the_body(desk: None, client: Client) -> None:
    from groundswell.desk.spine.preferences import change

    change(None, "body.name", "云岭县")
    page = client.get("/").content.decode()
    assert "云岭县的工作台" in page
    assert "<title>云岭县 · 谁在听</title>" in page
    assert "function" not in page


def test_the_portal_of_a_body_without_a_name_leaves_no_gap(desk: None, client: Client) -> None:
    assert "<title>谁在听</title>" in client.get("/").content.decode()
    assert "This desk reads what" in client.get("/en/").content.decode()


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/desk/", "today"),
        ("/desk/notes/", "today"),
        ("/desk/items/abc/", "stream"),
        ("/desk/stories/ST-2026-1123-01/items/", "stories"),
        ("/desk/more/", None),  # everything lies below the desk's address, but not everything is Today
        ("/desk/me/", None),
    ],
)
def test_the_rail_marks_the_screen_that_a_page_belongs_to(path: str, code: str | None) -> None:
    place = current_place(PLACES, path)
    assert (place.code if place else None) == code


def test_every_role_has_four_tabs_on_the_phone(person: Person) -> None:
    for role, first in (("duty", "stream"), ("administrator", "sources"), ("unit_officer", "stream")):
        tabs = [tab["place"].code for tab in tabs_for(person(role), "/desk/", lambda place: None)]
        assert (len(tabs), tabs[0], tabs[1]) == (4, "today", first), role
