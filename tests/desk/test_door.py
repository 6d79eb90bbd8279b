"""The door: sign-in with throttle, one-time links, the gate, the strict policy on every page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from groundswell.desk.accounts.door import make_link


def test_the_gate_leads_to_the_door_and_back(person: Callable[..., object], client: Client) -> None:
    person("duty")
    answer = client.get("/desk/stream/?state=open")
    assert answer.status_code == 302
    assert answer["Location"] == "/desk/sign-in/?next=/desk/stream/%3Fstate%3Dopen"
    answer = client.post("/desk/sign-in/", {"username": "p1", "password": "a long password 1", "next": "/desk/"})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    page = client.get("/desk/")
    assert page.status_code == 200
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert page["Cache-Control"] == "no-store"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_next_never_leaves_the_house(person: Callable[..., object], client: Client, target: str) -> None:
    person("duty")
    answer = client.post("/desk/sign-in/", {"username": "p1", "password": "a long password 1", "next": target})
    assert answer["Location"] == "/desk/"


def test_five_failures_shut_the_door_for_that_name_and_time_opens_it(person: Callable[..., object], client: Client, clock: object) -> None:
    person("duty")
    for _ in range(5):
        assert client.post("/desk/sign-in/", {"username": "p1", "password": "wrong"}).status_code == 422
    assert client.post("/desk/sign-in/", {"username": "p1", "password": "a long password 1"}).status_code == 429
    clock.forward(minutes=16)  # type: ignore[attr-defined]
    assert client.post("/desk/sign-in/", {"username": "p1", "password": "a long password 1"}).status_code == 302


def test_a_link_works_once_and_only_fresh(person: Callable[..., object], client: Client, clock: object) -> None:
    link = make_link(person("duty"))
    assert client.get(link).status_code == 200  # looking does not use it up
    assert client.post(link).status_code == 302
    assert Client().post(link).status_code == 410
    late = make_link(person("duty"))
    clock.forward(minutes=31)  # type: ignore[attr-defined]
    assert Client().post(late).status_code == 410


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("address", ["/desk/", "/desk/me/", "/desk/go/", "/desk/go/?q=t", "/desk/keys/", "/desk/more/", "/desk/live/"])
def test_small_pages_open_in_both_languages(person: Callable[..., object], client: Client, language: str, address: str) -> None:
    client.force_login(person("duty", "editor", "leader", "administrator", language=language))
    page = client.get(address)
    assert page.status_code == 200
    assert "style=" not in page.content.decode()
