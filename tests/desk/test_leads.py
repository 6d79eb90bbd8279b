"""Leads on wrongdoing: from the stream to the published outcome, by the right people, in the right order."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta

import pyrage
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import translation

from groundswell.desk.accounts.models import Role, User
from groundswell.desk.audit.chain import verify
from groundswell.desk.audit.models import Record
from groundswell.desk.leads import contents, queries
from groundswell.desk.leads.models import Certificate, Lead, Organ, Outcome, Sealed, Stage
from groundswell.desk.spine.actions import ACTIONS, NotAllowed, Refused, perform, possible
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.queue import waiting
from tests.conftest import Clock
from tests.desk.county import NOW, lay, water_story
from tests.desk.leads_ground import (
    CONTACT,
    DRAFT,
    IDENTITY,
    SECRET,
    Person,
    answered,
    opened,
    organ,
    published,
    registered,
    signed_in,
    transferred,
)
from tests.desk.pressing import Page
from tests.desk.screens import post


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
def duty(person: Person) -> User:
    return person(Role.DUTY, name="林晓")


@pytest.fixture
def leader(person: Person) -> User:
    return person(Role.LEADER, name="刘明")


@pytest.fixture
def body(keeper: User) -> Organ:
    return organ(keeper)


# ---------------------------------------------------------------- the whole way, without script


def test_from_the_stream_to_the_public_in_pages(duty: User, keeper: User, other: User, body: Organ, clock: Clock) -> None:
    item = water_story().items.order_by("pk").first()
    page = Page(signed_in(duty), f"/desk/items/{item.key}/")
    page.press("//form[contains(@action, '/desk/hand-in/')]//button", text="像是有人收了好处")
    lead = Lead.objects.get()
    assert page.says(f"You handed this in: {lead.number}")
    assert not page.says("像是有人收了好处")

    desk = Page(signed_in(keeper), "/desk/leads/")
    assert desk.says(lead.number)
    assert not desk.says("自来水")
    desk = Page(desk.client, lead.get_absolute_url())
    assert not desk.says("自来水")  # not before a reason
    desk.press("//form[contains(@action, '/read/')]//button", why="screen")
    assert desk.says("自来水")
    assert desk.says("像是有人收了好处")
    desk = Page(desk.client, f"{lead.get_absolute_url()}screen/").press("//main//form//button", organ=str(body.pk), text="属于其管辖")
    desk = Page(desk.client, f"{lead.get_absolute_url()}transfer/").press("//main//form//button", letter="请办理")
    packed = desk.client.get(f"{lead.get_absolute_url()}package/")
    assert packed["Cache-Control"] == "no-store"
    assert "自来水".encode() not in packed.content
    parts = zipfile.ZipFile(io.BytesIO(pyrage.decrypt(packed.content, [IDENTITY])))
    assert {"manifest.json", "lead.txt", "origin.txt", "letter.txt"} == set(parts.namelist())
    desk = Page(desk.client, f"{lead.get_absolute_url()}receipt/").press("//main//form//button", number="收1", day="2026-11-23")
    desk = Page(desk.client, f"{lead.get_absolute_url()}feedback/").press(
        "//main//form//button", result="partly", day="2026-11-23", text="部分属实，已责令整改。"
    )
    desk = Page(desk.client, f"{lead.get_absolute_url()}outcome/")
    desk.press("//main//form//button[not(@name)]", title=DRAFT.title, text=DRAFT.text)
    assert desk.says("another keeper, or a leader named on this lead, passes it")
    second = Page(signed_in(other), lead.get_absolute_url())
    second.press("//form[contains(@action, '/read/')]//button", why="outcome")
    second = Page(second.client, f"{lead.get_absolute_url()}pass-outcome/").press("//main//form//button", knowing="on")
    desk = Page(desk.client, f"{lead.get_absolute_url()}publish/").press("//main//form//button", sure="on")
    lead.refresh_from_db()
    assert lead.state == Stage.PUBLISHED
    public = Client().get("/outcomes/").content.decode()
    assert DRAFT.text in public
    assert lead.number not in public
    assert DRAFT.title in Client().get("/en/outcomes/").content.decode()
    assert verify()[1] == []


def test_the_one_who_handed_in_gets_the_same_number_again_and_nobody_else_sees_it(duty: User, person: Person, keeper: User) -> None:
    item = water_story().items.order_by("pk").first()
    client = signed_in(duty)
    for _time in range(2):
        client.post(f"/desk/hand-in/{item.key}/", {"text": ""})
    assert Lead.objects.count() == 1
    number = Lead.objects.get().number
    assert number in client.get(f"/desk/items/{item.key}/").content.decode()
    for role in (Role.DUTY, Role.EDITOR, Role.LEADER):
        assert number not in signed_in(person(role)).get(f"/desk/items/{item.key}/").content.decode()
    assert not Entry.objects.filter(subject_type="item", action__contains="hand").exists()


def test_a_stream_row_offers_the_key_to_those_who_hand_in(duty: User, person: Person) -> None:
    water_story()
    assert 'data-key="9"' in signed_in(duty).get("/desk/stream/?state=ours").content.decode()
    assert "hand-in" not in signed_in(person(Role.EDITOR)).get("/desk/stream/?state=ours").content.decode()


# ---------------------------------------------------------------- acts and states


STAGES = {
    "registered": {"note", "attach", "screen", "set_aside", "name_leader", "unname_leader"},
    "screened": {"note", "attach", "screen", "set_aside", "transfer", "name_leader", "unname_leader"},
    "aside": {"note", "reopen", "destroy", "forget_contact", "name_leader", "unname_leader"},
    "transferred": {"note", "receipt", "feedback", "name_leader", "unname_leader"},
    "receipted": {"note", "feedback", "name_leader", "unname_leader"},
    "answered": {"note", "close", "propose", "pass_outcome", "return_outcome", "publish", "name_leader", "unname_leader"},
    "published": {"note", "withdraw", "destroy", "forget_contact", "name_leader", "unname_leader"},
    "closed": {"note", "destroy", "forget_contact", "name_leader", "unname_leader"},
    "destroyed": set(),
}


@pytest.mark.parametrize("state", STAGES)
def test_every_act_in_every_state_as_every_role(state: str, keeper: User, body: Organ, person: Person) -> None:
    lead = registered(keeper)
    lead.state, lead.organ = state, body  # in memory: what is possible is asked of the record
    assert {each.slug.replace("-", "_") for each in possible(keeper, lead)} == STAGES[state]
    for role in Role:
        if role != Role.LEADS_KEEPER:
            someone = person(role)
            assert possible(someone, lead) == []
            stored = Lead.objects.get(pk=lead.pk)
            for each in ACTIONS.values():
                if each.subject == "lead" and not each.creates:
                    with pytest.raises(NotAllowed):
                        perform(each.name, someone, stored, {})


def test_the_database_refuses_other_ways(keeper: User, body: Organ) -> None:
    lead = registered(keeper)
    for wrong in ("transferred", "published", "destroyed"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Lead.objects.filter(pk=lead.pk).update(state=wrong, organ=body, wrapped=None)
    done = published(keeper, keeper_two(), body)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outcome.objects.filter(lead=done).update(passed_by=keeper)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update leads_lead set state = 'registered' where id = %s", [done.pk])


def keeper_two() -> User:
    from groundswell.desk.accounts.models import Grant

    user = User.objects.create_user("second", "a long password 1", name="丁一", language="en")
    Grant.objects.create(user=user, role=Role.LEADS_KEEPER, since=NOW - timedelta(days=1))
    return user


def test_screening_needs_its_reason_and_a_repeated_one_its_number(keeper: User) -> None:
    first, second = registered(keeper), registered(keeper)
    client = signed_in(keeper)
    answer = client.post(f"{second.get_absolute_url()}set-aside/", {"verdict": "repeated", "repeats": "XS-2026-9999"})
    assert answer.status_code == 422
    client.post(f"{second.get_absolute_url()}set-aside/", {"verdict": "repeated", "repeats": first.number, "text": "同一件事"})
    second.refresh_from_db()
    assert (second.state, second.repeats) == (Stage.ASIDE, first)
    perform("lead.reopen", keeper, second)
    assert second.state == Stage.REGISTERED
    assert second.verdict == ""
    with pytest.raises(Refused):
        perform("lead.set_aside", keeper, first, {"verdict": "repeated", "repeats": first})


def test_a_secrecy_mark_is_refused(keeper: User) -> None:
    answer = signed_in(keeper).post("/desk/leads/new/", {"way": "paper", "matter": "某事", "text": "机密★10年\n\n关于某事的材料"})
    assert answer.status_code == 422
    assert not Lead.objects.exists()


def test_contact_goes_along_only_where_it_was_agreed(keeper: User, body: Organ) -> None:
    for agreed in (False, True):
        lead = transferred(keeper, body, with_contact=agreed)
        packed = signed_in(keeper).get(f"{lead.get_absolute_url()}package/").content
        parts = zipfile.ZipFile(io.BytesIO(pyrage.decrypt(packed, [IDENTITY])))
        assert ("contact.txt" in parts.namelist()) is agreed
        assert agreed or CONTACT.encode() not in b"".join(parts.read(name) for name in parts.namelist())
        manifest = json.loads(parts.read("manifest.json"))
        assert manifest["number"] == lead.number
        assert set(manifest["parts"]) == set(parts.namelist()) - {"manifest.json"}
    stranger = pyrage.x25519.Identity.generate()
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(packed, [stranger])


def test_files_are_drawn_anew_and_go_into_the_package(keeper: User, body: Organ) -> None:
    pytest.importorskip("PIL")
    client = signed_in(keeper)
    picture = SimpleUploadedFile("举报人家门口.jpg", post(["材料"], format="JPEG", exif=b"Exif\0\0GPS-of-a-home"), "image/jpeg")
    client.post("/desk/leads/new/", {"way": "visit", "matter": "某事", "text": "有材料为证", "file": picture})
    lead = Lead.objects.get()
    client.post(f"{lead.get_absolute_url()}attach/", {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.4 x", "application/pdf")})
    refused = client.post(f"{lead.get_absolute_url()}attach/", {"file": SimpleUploadedFile("a.exe", b"MZ", "image/png")})
    assert refused.status_code == 422
    text = opened(client, lead)
    files = contents.opened(lead).files
    assert [one.media_type for one in files] == ["image/png", "application/pdf"]
    assert b"GPS" not in files[0].body
    assert "举报人家门口" not in text
    shown = client.get(f"{lead.get_absolute_url()}file/{files[0].code}/")
    assert shown["Content-Type"] == "image/png"
    assert "sandbox" in shown["Content-Security-Policy"]
    assert client.get(f"{lead.get_absolute_url()}file/nothing/").status_code == 404


def test_clocks_of_receipt_and_answer(keeper: User, body: Organ, clock: Clock) -> None:
    lead = transferred(keeper, body)
    assert not waiting(keeper, clock.now)[0]
    clock.forward(days=16)
    late = waiting(keeper, clock.now)[0]
    assert [row.title for row in late] == [f"{lead.number} · Transferred"]
    assert late[0].due_at is not None
    perform("lead.receipt", keeper, lead, {"number": "1", "day": date(2026, 12, 1)})
    assert not waiting(keeper, clock.now)[0]
    clock.forward(days=50)
    assert [row.why for row in waiting(keeper, clock.now)[0]] == ["answer of the organ"]


def test_the_queue_is_for_keepers_and_says_number_and_state(keeper: User, duty: User, leader: User, clock: Clock) -> None:
    lead = registered(keeper)
    perform("lead.name_leader", keeper, lead, {"leader": leader})
    (row,) = waiting(keeper, clock.now)[0]
    assert row.title == f"{lead.number} · To be screened"
    assert SECRET not in str(row)
    assert not [each for someone in (duty, leader) for each in waiting(someone, clock.now)[0] if each.kind == "lead"]


# ---------------------------------------------------------------- the second person


def test_whoever_wrote_it_never_passes_it(keeper: User, other: User, body: Organ) -> None:
    lead = answered(keeper, body)
    perform("lead.propose", keeper, lead, {"draft": DRAFT, "knowing": True})
    with pytest.raises(Refused, match="another person"):
        perform("lead.pass_outcome", keeper, lead, {"knowing": True})
    with pytest.raises(Refused):
        perform("lead.publish", keeper, lead, {"sure": True})
    perform("lead.pass_outcome", other, lead, {"knowing": True})
    perform("lead.propose", keeper, lead, {"draft": DRAFT, "knowing": True})  # a new text is passed anew
    with pytest.raises(Refused):
        perform("lead.publish", keeper, lead, {"sure": True})
    perform("lead.return_outcome", other, lead)
    assert not Outcome.objects.exists()


def test_a_named_leader_reads_that_lead_alone_and_passes_its_outcome(keeper: User, leader: User, body: Organ) -> None:
    mine, not_mine = answered(keeper, body), registered(keeper)
    client = signed_in(leader)
    assert client.get("/desk/leads/").status_code == 404
    perform("lead.name_leader", keeper, mine, {"leader": leader})
    page = client.get("/desk/leads/").content.decode()
    assert mine.number in page
    assert not_mine.number not in page
    assert client.get(not_mine.get_absolute_url()).status_code == 404
    assert client.post(f"{not_mine.get_absolute_url()}read/", {"why": "supervise"}).status_code == 404
    assert client.get(f"{mine.get_absolute_url()}note/").status_code == 404
    assert client.get("/desk/leads/new/").status_code == 404
    assert SECRET in opened(client, mine, "supervise")
    perform("lead.propose", keeper, mine, {"draft": DRAFT, "knowing": True})
    assert DRAFT.text in client.get(f"{mine.get_absolute_url()}outcome/").content.decode()
    assert client.post(f"{mine.get_absolute_url()}pass-outcome/", {"knowing": "on"}).status_code == 302
    assert Outcome.objects.get().state == Outcome.State.PASSED
    perform("lead.unname_leader", keeper, mine)
    assert client.get(mine.get_absolute_url()).status_code == 404


def test_an_outcome_is_withdrawn_in_public(keeper: User, other: User, body: Organ) -> None:
    lead = published(keeper, other, body)
    perform("lead.withdraw", keeper, lead, {"sure": True})
    public = Client().get("/outcomes/").content.decode()
    outcome = Outcome.objects.get()
    assert outcome.number in public
    assert DRAFT.text not in public
    assert lead.state == Stage.CLOSED


# ---------------------------------------------------------------- reading, destruction, counts


def test_every_reading_has_its_reason_and_its_row(keeper: User) -> None:
    lead = registered(keeper)
    client = signed_in(keeper)
    assert SECRET not in client.get(lead.get_absolute_url()).content.decode()
    assert client.post(f"{lead.get_absolute_url()}read/", {}).status_code == 422
    assert not Record.objects.filter(act="lead.opened").exists()
    assert SECRET in opened(client, lead)
    row = Record.objects.get(act="lead.opened")
    assert (row.actor, row.subject, row.payload) == (keeper, f"lead:{lead.pk}", {"why": "screen"})
    assert SECRET not in signed_in(keeper).get(lead.get_absolute_url()).content.decode()  # another sitting, another reason


def test_destroyed_by_a_person_after_its_time_with_a_certificate(keeper: User, other: User, body: Organ, clock: Clock) -> None:
    lead = published(keeper, other, body)
    with pytest.raises(Refused, match="not over"):
        perform("lead.destroy", keeper, lead, {"sure": True})
    clock.forward(days=366)
    client = signed_in(keeper)
    assert lead.number in client.get("/desk/leads/retention/").content.decode()
    client.post(f"{lead.get_absolute_url()}forget-contact/", {"sure": "on"})
    assert not Sealed.objects.filter(field__in=["contact", "package"]).exists()
    assert Sealed.objects.filter(field="text").exists()
    clock.forward(days=2 * 366)
    client = signed_in(keeper)
    client.post(f"{lead.get_absolute_url()}destroy/", {"sure": "on"})
    lead.refresh_from_db()
    assert lead.state == Stage.DESTROYED
    assert lead.wrapped is None
    assert not lead.sealed.exists()
    assert [one.what for one in Certificate.objects.order_by("pk")] == ["contact", "lead"]
    last = Certificate.objects.latest("pk")
    assert last.number in client.get(f"/desk/leads/certificates/{last.number}/").content.decode()
    assert client.get(lead.get_absolute_url()).status_code == 200
    assert DRAFT.text in Client().get("/outcomes/").content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Sealed.objects.create(lead=lead, field="text", box=b"x", at=clock.now)


MERGED = [  # (counts, what is shown, why)
    ([("a", 7), ("b", 9)], [("a", 7), ("b", 9)], "nothing is small"),
    ([("a", 7), ("b", 3), ("c", 4)], [("a", 7), ("few", 7)], "two small ones together are large enough"),
    ([("a", 7), ("b", 3), ("c", 9)], [("c", 9), ("few", 10)], "a single small one takes the next along, else the sum gives it away"),
    ([("a", 2), ("b", 1)], [("few", None)], "all together are too few"),
    ([("a", 6), ("b", 0)], [("a", 6)], "nought is no case"),
    ([("a", 5), ("b", 1), ("c", 1)], [("few", 7)], "the rest is too small: the last large one goes along"),
]


@pytest.mark.parametrize(("counts", "shown", "why"), MERGED)
def test_small_counts_are_merged(counts: list[tuple[str, int]], shown: list[tuple[str, int | None]], why: str) -> None:
    assert sorted(queries.merged(counts), key=str) == sorted(shown, key=str), why


def test_the_public_counts_whole_quarters(keeper: User, clock: Clock) -> None:
    for _n in range(6):
        registered(keeper)
    assert queries.years(date(2026, 11, 23)) == []
    (year,) = queries.years(date(2027, 1, 2))
    assert year.total == 6
    assert year.rows == [("screening", 6)]
    assert "Leads in all" not in Client().get("/en/outcomes/").content.decode()


def test_an_organ_s_key_must_be_one(keeper: User) -> None:
    client = signed_in(keeper)
    said = {"name": "县委巡察办", "competence": "巡察", "recipient": "age1notakey", "key_checked": "电话核对"}
    assert client.post("/desk/leads/organs/", said).status_code == 422
    assert client.post("/desk/leads/organs/", said | {"recipient": str(IDENTITY.to_public())}).status_code == 302
    made = Organ.objects.get()
    assert client.post(f"/desk/leads/organs/{made.pk}/retire/", {}).status_code == 302
    assert not Organ.objects.filter(is_active=True).exists()


def test_registering_tells_its_number(keeper: User) -> None:
    page = Page(signed_in(keeper), "/desk/leads/new/")
    page.press("//main//form//button", way="telephone", matter="某事", text=SECRET, contact=CONTACT)
    lead = Lead.objects.get()
    assert page.says(lead.number)
    assert lead.has_contact
    assert not page.says(SECRET)
