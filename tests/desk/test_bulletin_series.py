"""The settings of a series: clocks, sections, recipients, key periods, new series."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from groundswell.desk.accounts.models import Role, User
from groundswell.desk.bulletins import queries
from groundswell.desk.bulletins.models import Issue, IssueItem, KeyPeriod, Recipient, Series
from groundswell.desk.spine.ports import today
from tests.desk.bulletin_steps import client_of
from tests.desk.county import lay
from tests.desk.pressing import Page

Person = Callable[..., User]
HOSTILE = '<script>alert(1)</script>"onload="x'
HX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _county(desk: None) -> None:
    lay()


# ---------------------------------------------------------------- settings of a series


def settings_of(client: Client, **changed: Any) -> Any:
    """Post the settings of the daily brief as its form shows them, with CHANGED."""
    page = Page(client, "/desk/bulletins/brief/settings/")
    return page.press("//form[@data-ctrl-enter]//button", **changed)


def test_clocks_are_read_as_people_write_them_and_kept_in_order(edits: User) -> None:
    page = settings_of(client_of(edits), clock_times="17:00，8:30", most_pieces="9")
    series = Series.objects.get(pk="brief")
    assert (page.status, series.clock_times, series.most_pieces) == (200, ["08:30", "17:00"], 9)
    page.press("//form[@id='undo']//button")
    assert Series.objects.get(pk="brief").clock_times == ["17:00"]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [("clock_times", "25:00", "no time of day"), ("classification", "机密", "no place here"), ("name", "", "required")],
)
def test_what_cannot_be_is_refused_with_the_mend(edits: User, field: str, value: str, says: str) -> None:
    page = settings_of(client_of(edits), **{field: value})
    assert page.status == 422
    assert page.says(says)
    assert Series.objects.get(pk="brief").name == "舆情日报"


def test_sections_are_added_moved_renamed_and_not_taken_from_under_a_piece(issue: Issue, piece: IssueItem, edits: User) -> None:
    client, base = client_of(edits), "/desk/bulletins/brief/"
    client.post(f"{base}add-section/", {"name": "境外", "name_en": "Abroad"})
    codes = [row["code"] for row in Series.objects.get(pk="brief").sections]
    assert len(codes) == 4
    client.post(f"{base}move-section/", {"code": codes[3], "direction": "up"})
    assert [row["code"] for row in Series.objects.get(pk="brief").sections] == [*codes[:2], codes[3], codes[2]]
    client.post(f"{base}rename-section/", {"code": codes[3], "name": "外媒", "name_en": ""})
    client.post(f"{base}drop-section/", {"code": piece.section})
    assert piece.section in [row["code"] for row in Series.objects.get(pk="brief").sections]
    client.post(f"{base}drop-section/", {"code": codes[3]})
    assert [row["code"] for row in Series.objects.get(pk="brief").sections] == codes[:3]


def test_recipients_come_and_go(edits: User) -> None:
    client = client_of(edits)
    sent = {"name": "县委办", "email": "office@example.org", "language": "zh-hans"}
    client.post("/desk/bulletins/brief/add-recipient/", sent)
    assert client.post("/desk/bulletins/brief/add-recipient/", sent | {"email": "OFFICE@example.org"}).status_code == 422
    one = Recipient.objects.get()
    page = Page(client, "/desk/bulletins/brief/settings/").press("//section[@id='recipients']//form[contains(@action, '/stop/')]//button")
    assert not Recipient.objects.get().is_active
    page.press("//form[contains(@action, '/resume/')]//button")
    client.post(f"/desk/bulletins/recipients/{one.pk}/change/", sent | {"name": "县委办公室", "language": "en"})
    assert list(Recipient.objects.values_list("name", "language", "is_active")) == [("县委办公室", "en", True)]
    assert client.get(f"/desk/bulletins/recipients/{one.pk}/").url == "/desk/bulletins/brief/settings/#recipients"


def test_a_key_period_begins_and_is_ended(person: Person) -> None:
    client = client_of(person(Role.ADMINISTRATOR))
    assert (
        client.post("/desk/bulletins/key-periods/new/", {"name": "两会", "since": "2026-11-25", "until": "2026-11-20"}).status_code == 422
    )
    client.post("/desk/bulletins/key-periods/new/", {"name": "两会", "since": "2026-11-20", "until": "2026-11-25"})
    period = KeyPeriod.objects.get()
    Page(client, "/desk/bulletins/brief/settings/").press("//section[@id='key-periods']//form[contains(@action, '/end/')]//button")
    assert KeyPeriod.objects.get().until < today()
    assert client.get(f"/desk/bulletins/key-periods/{period.pk}/").status_code == 302


def test_a_new_series_begins_with_the_sections_of_the_brief(edits: User) -> None:
    client = client_of(edits)
    assert client.post("/desk/bulletins/new/", {"code": "brief", "name": "x"}).status_code == 422
    assert client.post("/desk/bulletins/new/", {"code": "weekly", "name": "舆情周报"}).url == "/desk/bulletins/weekly/settings/"
    series = Series.objects.get(pk="weekly")
    assert series.sections == Series.objects.get(pk="brief").sections
    assert series.serial not in Series.objects.exclude(pk="weekly").values_list("serial", flat=True)
    page = Page(client, "/desk/bulletins/weekly/").press("//button[contains(., 'Open an issue')]")
    assert queries.issue_at("weekly", 2026, page.url.split("/")[-3]) is not None


def test_settings_are_read_only_for_readers(issue: Issue, person: Person) -> None:
    client = client_of(person(Role.DUTY))
    page = Page(client, "/desk/bulletins/brief/settings/")
    assert not page.tree.xpath("//main//button")
    assert client.post("/desk/bulletins/brief/settings/", {"name": "x"}).status_code == 403
    assert client.post("/desk/bulletins/brief/add-recipient/", {"name": "x", "email": "x@example.org"}).status_code == 403


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_both_languages_draw_every_page(issue: Issue, edits: User, language: str) -> None:
    edits.language = language
    edits.save()
    client = client_of(edits)
    for url in ("/desk/bulletins/", "/desk/bulletins/brief/", "/desk/bulletins/brief/settings/", issue.address, f"{issue.address}edit/"):
        text = client.get(url).content.decode()
        assert (">待选<" in text or ">Candidates<" in text) or not url.endswith("edit/")
        assert not re.search(r' style="|<script>', text), "nothing inline: the policy is strict"
