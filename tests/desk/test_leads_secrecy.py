"""Nobody else learns of leads: unknown addresses for everybody, a hundred planted secrets looked for everywhere, keys, lock, reasons."""

from __future__ import annotations

import base64
import io
import logging
import re
from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import get_resolver
from django.utils import translation
from lxml import html

from groundswell.cli.export import export
from groundswell.desk.accounts.models import Grant, Role, Unit, User
from groundswell.desk.audit.models import Record
from groundswell.desk.leads import contents, rotation, sealing, urls
from groundswell.desk.leads.contents import Draft
from groundswell.desk.leads.models import Generation, Lead, Organ, Sealed, Stage
from groundswell.desk.leads.rotation import rotate
from groundswell.desk.spine.actions import found, perform
from groundswell.desk.spine.models import Entry, Notice
from groundswell.desk.spine.ports import ports
from groundswell.desk.spine.ticks import run_ticks
from groundswell.server.logs import EventFormatter
from tests.conftest import Clock
from tests.desk.county import lay, water_story
from tests.desk.leads_ground import SECRET, Person, answered, opened, organ, registered, signed_in, transferred

OTHERS = [role for role in Role if role != Role.LEADS_KEEPER]
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@pytest.fixture(autouse=True)
def _county(desk: None) -> Iterator[None]:
    lay()
    with translation.override("en"):
        yield


@pytest.fixture
def keeper(person: Person) -> User:
    return person(Role.LEADS_KEEPER, name="乔云")


@pytest.fixture
def other(person: Person) -> User:
    return person(Role.LEADS_KEEPER, name="丁一")


@pytest.fixture
def body(keeper: User) -> Organ:
    return organ(keeper)


# ---------------------------------------------------------------- the address does not exist


def addresses(lead: Lead, body: Organ, item_key: str) -> list[str]:
    """Every address of the app, filled with what is really there."""
    real = {"number": lead.number, "key": item_key, "code": "abc", "ref": lead.number}
    found = []
    for pattern in urls.urlpatterns:
        route = str(pattern.pattern)
        values = real | ({"ref": str(body.pk)} if "organs" in route else {})
        found.append("/desk/" + PARAMETER.sub(lambda match, values=values: values[match[1]], route))
    return found


def unlike_unknown(client: Client, address: str, method: str) -> str:
    """ "" where ADDRESS answers exactly as one that nobody ever made."""
    known, unknown = (client.generic(method, each) for each in (address, "/desk/nothing-of-the-sort/"))
    for what in ("status_code", "content", "headers"):
        one, two = (getattr(answer, what) for answer in (known, unknown))
        if (dict(one) if what == "headers" else one) != (dict(two) if what == "headers" else two):
            return f"{method} {address}: {what}"
    return ""


@pytest.mark.parametrize("role", [*OTHERS, None])
def test_every_address_is_unknown_to_everybody_else(role: Role | None, keeper: User, body: Organ, person: Person) -> None:
    lead = answered(keeper, body)
    item = water_story().items.order_by("pk").first()
    strict = Client(enforce_csrf_checks=True)
    if role is not None:
        strict.force_login(person(role, unit=Unit.objects.get(code="water")))
    wrong = []
    for address in addresses(lead, body, item.key):
        if role == Role.DUTY and address.startswith("/desk/hand-in/"):
            continue
        for method in ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"):
            if role is None and method == "GET":
                assert strict.get(address).status_code == strict.get("/desk/nothing-of-the-sort/").status_code == 302
            elif role is not None:
                wrong.append(unlike_unknown(strict, address, method))
    wrong += [unlike_unknown(strict, address.rstrip("/"), "GET") for address in addresses(lead, body, item.key)] if role else []
    assert [words for words in wrong if words] == []
    lead.refresh_from_db()
    assert lead.state == Stage.ANSWERED
    assert Lead.objects.count() == 1


def test_an_auditor_sees_that_it_was_read_but_no_way_to_it(keeper: User, person: Person) -> None:
    lead = registered(keeper)
    opened(signed_in(keeper), lead)
    page = signed_in(person(Role.AUDITOR)).get("/desk/audit/").content.decode()
    assert "read a sensitive record" in page
    assert "/desk/leads/" not in page


# ---------------------------------------------------------------- a hundred secrets


class Plants:
    """Words that stand nowhere else: ten leads, ten places in each."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def __call__(self) -> str:
        n = len(self.words)
        self.words.append(
            f"zq{n:03d}" + "".join(chr(97 + (n * 7 + step * 11) % 26) for step in range(5))
            if n % 3
            else "藏" + "".join(chr(0x7000 + 37 * n + step) for step in range(3))
        )
        return self.words[-1]


def planted(keeper: User, other: User, leader: User, duty: User, body: Organ) -> tuple[Plants, list[Lead]]:
    """Leads at every stage with a hundred secrets in what they say and in notes, put in by the same doors as always."""
    plant, leads = Plants(), []
    client = signed_in(keeper)
    for n in range(10):
        said = {"way": "paper", "matter": plant(), "text": f"{plant()} {plant()}", "contact": f"{plant()} {plant()}"}
        lead = registered(keeper, **said)
        leads.append(lead)
        client.post(f"{lead.get_absolute_url()}note/", {"text": f"{plant()} {plant()}"})
        client.post(
            f"{lead.get_absolute_url()}attach/",
            {"file": SimpleUploadedFile(f"{plant()}.pdf", b"%PDF-1.4 " + plant().encode(), "application/pdf")},
        )
        if n == 9:
            perform("lead.set_aside", keeper, lead, {"verdict": "no_facts", "text": plant()})
            continue
        perform("lead.screen", keeper, lead, {"organ": body, "text": plant()})
        perform("lead.name_leader", keeper, lead, {"leader": leader})
        if n:
            perform("lead.transfer", keeper, lead, {"letter": plant.words[-1], "with_contact": True})
        if n > 1:
            perform("lead.receipt", keeper, lead, {"number": plant.words[-1], "day": date(2026, 11, 20), "text": plant.words[-1]})
        if n > 2:
            perform("lead.feedback", keeper, lead, {"result": "partly", "day": date(2026, 11, 21), "text": plant.words[-1]})
        if n > 3:
            perform("lead.propose", keeper, lead, {"draft": Draft("某处", f"已处理 {plant.words[-1]}"), "knowing": True})
    assert len(set(plant.words)) == 100
    return plant, leads


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(EventFormatter())
    roots = [logging.getLogger(name) for name in ("", "groundswell", "django", "django.request", "procrastinate")]
    before = [(each, each.level) for each in roots]
    for each in roots:
        each.addHandler(handler)
        each.setLevel(logging.DEBUG if each.name == "groundswell" else logging.INFO)
    yield out
    for each, level in before:
        each.removeHandler(handler)
        each.setLevel(level)


def table_dump() -> bytes:
    """Every row of every table as text, byte columns in hex, as a dump has them."""
    out = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.execute(
            "select quote_ident(table_name) from information_schema.tables where table_schema = 'public' and table_type like 'BASE%'"
        )
        names = [row[0] for row in cursor.fetchall()]
        for name in names:
            with cursor.copy(f"copy {name} to stdout") as copy:  # type: ignore[attr-defined]
                for chunk in copy:
                    out.write(bytes(chunk))
    return out.getvalue()


def seen_in(words: list[str], where: bytes) -> list[str]:
    """Those of WORDS that stand in WHERE: plain, in hex, in base64, or escaped as JSON does."""

    def forms(word):
        return (
            word.encode(),
            word.encode().hex().encode(),
            base64.b64encode(word.encode() + b"\0\0")[: len(word.encode()) // 3 * 4],
            word.encode("unicode_escape"),
        )

    return [word for word in words if any(form in where for form in forms(word))]


def crawled(client: Client, most: int) -> Iterator[tuple[str, bytes]]:
    """What CLIENT gets at every address without a parameter, and along links."""
    waiting, met = deque(["/desk/", *plain_routes()]), set()
    while waiting and len(met) < most:
        address = waiting.popleft()
        if address in met or "sign-out" in address:
            continue
        met.add(address)
        answer = client.get(address, follow=True)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        yield address, content + str(dict(answer.headers)).encode()
        if "html" in answer.headers.get("Content-Type", "") and content.strip():
            links = html.fromstring(content.decode()).xpath("//a/@href")
            waiting.extend(link.partition("#")[0] for link in links if link.startswith("/") and not link.startswith("/static/"))


def plain_routes() -> list[str]:
    """All addresses of the product that have no parameter."""

    def walk(resolver: object, before: str) -> Iterator[str]:
        for each in resolver.url_patterns:  # type: ignore[attr-defined]
            route = before + str(each.pattern)
            if hasattr(each, "url_patterns"):
                yield from walk(each, route)
            elif "<" not in route:
                yield "/" + route

    return [route for route in walk(get_resolver(), "") if "static" not in route]


def test_a_hundred_secrets_are_found_nowhere(
    keeper: User, other: User, body: Organ, person: Person, clock: Clock, logged: io.StringIO, tmp_path: Path
) -> None:
    leader, duty = person(Role.LEADER, name="刘明"), person(Role.DUTY, name="林晓")
    water_story()
    plant, leads = planted(keeper, other, leader, duty, body)
    for lead in leads:  # the keeper at work leaves traces, if any
        assert seen_in(plant.words, opened(signed_in(keeper), lead).encode())
    clock.forward(days=16)
    run_ticks(clock.now)
    wrong: dict[str, list[str]] = {}

    def look(where: str, content: bytes) -> None:
        if found := seen_in(plant.words, content):
            wrong[where] = found

    for role in (*OTHERS, None):
        client = Client(raise_request_exception=False)
        if role is not None:
            someone = person(role, unit=Unit.objects.get(code="water"))
            client.force_login(someone)
        for address, content in crawled(client, 110 if role in (Role.DUTY, Role.ADMINISTRATOR, Role.LEADER) else 40):
            look(f"{role} {address}", content)
            assert b'href="/desk/leads/' not in content, f"{role} {address} leads to the leads"
        for word in plant.words[::33]:
            for address in ("/desk/archive/?q=", "/desk/go/?q=", "/desk/stories/?q="):
                half = word[: len(word) // 2]
                look(f"{role} {address}{half}", client.get(address + half, follow=True).content)
    with_leads = signed_in(keeper)
    look("the keeper's list and queue", with_leads.get("/desk/leads/").content + with_leads.get("/desk/").content)
    for word in plant.words[::33]:
        look("the keeper's palette", with_leads.get(f"/desk/go/?q={word[:2]}").content)
    for what in ("items", "stories"):
        export(what, tmp_path / f"{what}.jsonl")
        look(f"export of {what}", (tmp_path / f"{what}.jsonl").read_bytes())
    look("database", table_dump())
    look("logs", logged.getvalue().encode())
    look("mail", "".join(str(each.message()) for each in mail.outbox).encode())
    look("timelines", str(list(Entry.objects.values())).encode())
    look("audit", str(list(Record.objects.values())).encode())
    look("notices", str(list(Notice.objects.values())).encode())
    assert wrong == {}


def test_the_search_finds_what_it_looks_for() -> None:
    """The look-out itself: a secret in any of these forms is seen."""
    for form in ("藏深", "藏深".encode().hex(), base64.b64encode("x藏深深".encode()[1:]).decode(), "\\u85cf\\u6df1"):
        assert seen_in(["藏深"], form.encode()), form


def test_a_page_that_fails_says_nothing_of_it(keeper: User, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    lead = registered(keeper)
    client = signed_in(keeper)
    opened(client, lead)
    client.raise_request_exception = False

    def breaks(_lead: Lead) -> None:
        matter = sealing.get_text(_lead, "text")
        raise RuntimeError(len(matter))

    monkeypatch.setattr(contents, "opened", breaks)
    answer = client.get(lead.get_absolute_url())
    assert answer.status_code == 500
    assert SECRET not in answer.content.decode() + logged.getvalue()


# ---------------------------------------------------------------- sealed


def test_boxes_cannot_be_swapped(keeper: User) -> None:
    one, two = registered(keeper), registered(keeper)
    boxes = {(row.lead_id, row.field): bytes(row.box) for row in Sealed.objects.all()}
    client = signed_in(keeper)
    opened(client, one)
    for lead, field, box in (
        (one, "matter", boxes[one.pk, "text"]),  # another field of the same lead
        (one, "text", boxes[two.pk, "text"]),  # the same field of another lead
        (one, "text", boxes[one.pk, "text"][:-1] + b"\0"),  # one byte changed
        (one, "text", b"short"),
    ):
        Sealed.objects.filter(lead=lead, field=field).update(box=box)
        with pytest.raises(sealing.SealBroken, match=f"A sealed part of {one.number} does not open"):
            contents.opened(one)
        page = client.get(one.get_absolute_url())
        assert page.status_code == 200
        assert "was changed or moved in the database" in page.content.decode()
        assert SECRET not in page.content.decode()
        Sealed.objects.filter(lead=lead, field=field).update(box=boxes[lead.pk, field])
    Lead.objects.filter(pk=one.pk).update(wrapped=Lead.objects.get(pk=two.pk).wrapped)  # another lead's key
    with pytest.raises(sealing.SealBroken):
        contents.opened(one)


def test_another_key_file_is_one_clear_sentence(keeper: User, monkeypatch: pytest.MonkeyPatch) -> None:
    lead = registered(keeper)
    client = signed_in(keeper)
    monkeypatch.setattr(ports, "master_key", lambda: b"\1" * 32)
    assert "were sealed with another key file" in opened(client, lead)
    assert registered(keeper).generation != lead.generation  # what comes from now on is sealed with the key that is there


def silent(_done: int, _of: int) -> None:
    """Tells nobody."""


def test_rotation_seals_everything_anew_and_drops_the_old_key(keeper: User, body: Organ) -> None:
    leads = [transferred(keeper, body) for _n in range(3)]
    before = {row.pk: bytes(row.box) for row in Sealed.objects.all()}
    old = Generation.objects.get()
    assert rotate(silent) == 3
    assert Generation.objects.get().pk != old.pk
    assert all(bytes(row.box) != before[row.pk] for row in Sealed.objects.all())
    assert [contents.opened(Lead.objects.get(pk=lead.pk)).text for lead in leads] == [SECRET] * 3
    assert Record.objects.filter(act="leads.rotated").count() == 1


def test_a_rotation_that_is_killed_loses_nothing_and_goes_on(keeper: User, body: Organ) -> None:
    leads = [registered(keeper) for _n in range(5)]

    class Killed(BaseException):
        pass

    def kill(done: int, _of: int) -> None:
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        rotate(kill)
    assert Lead.objects.values("generation").distinct().count() == 2
    assert [contents.opened(Lead.objects.get(pk=lead.pk)).text for lead in leads] == [SECRET] * 5  # half and half: all open
    late = registered(keeper)  # comes in between, under the new key
    assert rotate(silent) == 3
    assert Generation.objects.count() == 1
    assert {contents.opened(Lead.objects.get(pk=lead.pk)).text for lead in (*leads, late)} == {SECRET}
    assert rotation.unfinished() is None


def test_rotation_to_another_master_key(keeper: User, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    item = water_story().items.order_by("pk").first()
    duty = person(Role.DUTY)
    lead = found("lead.hand_in", duty, {"item": item})
    former = ports.master_key()
    monkeypatch.setattr(ports, "master_key", lambda: b"\2" * 32)
    with pytest.raises(sealing.SealBroken):
        rotate(silent)
    assert rotate(silent, former) == 1
    lead = Lead.objects.get(pk=lead.pk)
    assert contents.opened(lead).text == item.text
    assert lead.origin_hash == sealing.origin(item.key)  # whoever handed it in still gets the number


# ---------------------------------------------------------------- the lock


def test_after_ten_minutes_without_use_the_password_is_asked(keeper: User, clock: Clock) -> None:
    lead = registered(keeper)
    client = signed_in(keeper)
    opened(client, lead)
    for _n in range(3):
        clock.forward(minutes=9)
        assert SECRET in client.get(lead.get_absolute_url()).content.decode()  # in use
    clock.forward(minutes=11)
    client.get("/desk/")  # other pages are no use of these
    page = client.get(lead.get_absolute_url()).content.decode()
    assert "Locked" in page
    assert SECRET not in page
    assert lead.number not in html.fromstring(page).findtext(".//title")
    assert client.get(lead.get_absolute_url(), headers={"HX-Request": "true"})["HX-Redirect"] == "/desk/leads/"
    assert client.get("/desk/leads/awake/")["HX-Refresh"] == "true"
    wrong = client.post(lead.get_absolute_url(), {"unlock": "", "unlock_password": "nonsense"})
    assert wrong.status_code == 422
    assert SECRET not in wrong.content.decode()
    right = client.post(lead.get_absolute_url(), {"unlock": "", "unlock_password": "a long password 1"})
    assert right.status_code == 302
    page = client.get(lead.get_absolute_url()).content.decode()
    assert SECRET not in page  # unlocked, but a new sitting: a reason is asked
    assert "Say why, then read" in page


def test_what_was_being_sent_is_done_after_the_password(keeper: User, clock: Clock) -> None:
    lead = registered(keeper)
    client = signed_in(keeper)
    clock.forward(minutes=11)
    asked = client.post(f"{lead.get_absolute_url()}note/", {"text": "eine Notiz", "version": ""})
    fields = {
        field.get("name"): field.get("value") for field in html.fromstring(asked.content.decode()).xpath("//main//input[@type='hidden']")
    }
    assert not Sealed.objects.filter(field__startswith="note:").exists()
    assert fields["text"] == "eine Notiz"
    done = client.post(f"{lead.get_absolute_url()}note/", fields | {"unlock_password": "a long password 1"})
    assert done.status_code == 302
    assert [note.text for note in contents.opened(lead).notes] == ["eine Notiz"]


def test_guessing_the_password_is_throttled(keeper: User, clock: Clock) -> None:
    client = signed_in(keeper)
    clock.forward(minutes=11)
    tries = [client.post("/desk/leads/", {"unlock": "", "unlock_password": f"guess {n}"}).content.decode() for n in range(7)]
    assert "This is not your password." in tries[0]
    assert "Too many tries" in tries[-1]


def test_an_open_page_asks_without_keeping_awake(keeper: User, clock: Clock) -> None:
    client = signed_in(keeper)
    client.get("/desk/leads/")
    for _n in range(11):
        clock.forward(minutes=1)
        answer = client.get("/desk/leads/awake/")
    assert answer["HX-Refresh"] == "true"
    client = signed_in(keeper)
    for _n in range(11):
        clock.forward(minutes=1)
        assert client.post("/desk/leads/awake/").status_code == 204  # somebody writes
    assert "Locked" not in client.get("/desk/leads/").content.decode()


def test_every_page_of_leads_is_kept_by_no_cache(keeper: User, body: Organ) -> None:
    lead = answered(keeper, body)
    client = signed_in(keeper)
    opened(client, lead)
    for address in addresses(lead, body, "none"):
        assert client.get(address)["Cache-Control"] == "no-store", address


def test_a_keeper_who_is_none_any_more_finds_nothing(keeper: User, clock: Clock) -> None:
    lead = registered(keeper)
    client = signed_in(keeper)
    assert client.get(lead.get_absolute_url()).status_code == 200
    Grant.objects.update(until=clock.now - timedelta(seconds=1))
    assert client.get(lead.get_absolute_url()).status_code == 404
