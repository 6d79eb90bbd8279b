"""People and rights: adding, roles with dates, links shown once, barring, the last administrator, the rights table."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client

from groundswell.desk.accounts import actions, queries
from groundswell.desk.accounts.models import Grant, OneTimeLink, Oversight, Right, Role, Unit, User
from groundswell.desk.accounts.rights import SEED, may, roles_of, seed_rights
from groundswell.desk.accounts.rights_words import PERMISSIONS
from groundswell.desk.audit.models import Record
from groundswell.desk.spine.actions import NotAllowed, Refused, perform, undo
from groundswell.desk.spine.models import Entry

Person = Callable[..., User]
GOOD = {"name": "林晓", "username": "linxiao", "roles": ["duty"], "post": "值班员"}


@pytest.fixture
def chief(person: Person) -> User:
    return person("administrator", name="陈立", name_en="Chen Li")


@pytest.fixture
def desk_client(chief: User, client: Client) -> Client:
    client.force_login(chief)
    return client


def fresh(user: User) -> User:
    """The same person without the rights kept for the request."""
    return User.objects.get(pk=user.pk)


ADDRESSES = (
    "/desk/people/",
    "/desk/people/?role=duty&q=mou",
    "/desk/people/?q=nobody",
    "/desk/people/add/",
    "/desk/people/rights/",
    "/desk/people/rights/?role=duty",
    "/desk/people/rights/item.read/duty/",
    "/desk/people/charge/",
    "/desk/people/p1/",
    "/desk/people/p1/edit/",
    "/desk/people/p1/grant-role/",
    "/desk/people/p1/bar/",
)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_screens_open_in_both_languages_for_the_administrator_only(person: Person, client: Client, language: str, address: str) -> None:
    person("leader", "unit_officer", unit=Unit.objects.create(code="water", name="县水务局", name_en="Water Bureau"))
    client.force_login(person("administrator", language=language))
    page = client.get(address)
    assert page.status_code == 200
    assert "style=" not in page.content.decode()
    client.force_login(person("duty", "editor", "leader", "auditor", language=language))
    office = address == "/desk/people/charge/"  # there the office notes absences
    assert client.get(address).status_code == (200 if office else 403)


def test_adding_shows_the_link_once_and_the_link_opens_the_door(desk_client: Client, chief: User) -> None:
    page = desk_client.post("/desk/people/add/", GOOD)
    text = page.content.decode()
    link = text.split("http://testserver")[1].split("<")[0].strip()
    assert link.startswith("/desk/link/")
    assert link.rsplit("/", 2)[-2] not in str(list(Record.objects.values_list("payload", flat=True))) + str(
        list(Entry.objects.values_list("data", flat=True))
    )
    made = User.objects.get(username="linxiao")
    assert (roles_of(made), made.has_usable_password()) == ({"duty"}, False)
    assert "/desk/link/" not in desk_client.get("/desk/people/linxiao/").content.decode()
    other = Client()
    assert other.post(link)["Location"] == "/desk/me/"
    assert list(Record.objects.order_by("seq").values_list("act", "actor")) == [
        ("user.add", chief.pk),
        ("link.made", chief.pk),
        ("signin.link", made.pk),
    ]


def test_a_new_link_shuts_the_old_one(desk_client: Client, person: Person) -> None:
    person("duty")
    first = desk_client.post("/desk/people/p2/link/").content.decode().split("http://testserver")[1].split("<")[0].strip()
    second = desk_client.post("/desk/people/p2/link/").content.decode().split("http://testserver")[1].split("<")[0].strip()
    assert Client().post(first).status_code == 410
    assert Client().post(second).status_code == 302
    assert OneTimeLink.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "Lin Xiao"}, "username"),
        ({"username": "林晓"}, "username"),
        ({"username": "rights"}, "username"),  # the address of a screen
        ({"username": "p1"}, "username"),  # taken
        ({"name": ""}, "name"),
        ({"email": "nobody"}, "email"),
        ({"roles": ["unit_officer"]}, "unit"),  # needs a unit
        ({"roles": ["king"]}, "roles"),
    ],
)
def test_a_wrong_entry_is_refused_beside_its_field(desk_client: Client, change: dict[str, object], field: str) -> None:
    page = desk_client.post("/desk/people/add/", GOOD | change)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert User.objects.count() == 1


def test_a_role_holds_from_its_first_day_through_its_last(chief: User, person: Person, clock: object) -> None:
    someone = person()
    today = clock.now.date()  # type: ignore[attr-defined]
    perform("user.grant_role", chief, someone, {"role": "duty", "since": today + timedelta(days=1), "until": today + timedelta(days=2)})
    assert not may(fresh(someone), "item.triage")
    clock.forward(days=1)  # type: ignore[attr-defined]
    assert may(fresh(someone), "item.triage")
    clock.forward(days=1)  # type: ignore[attr-defined]  # 16:06 of the last day
    assert may(fresh(someone), "item.triage")
    clock.forward(hours=8)  # type: ignore[attr-defined]  # 00:06 of the day after
    assert not may(fresh(someone), "item.triage")
    assert [grant.phase for grant in queries.grants_of(someone)] == ["ended"]  # type: ignore[attr-defined]


def test_the_same_role_twice_at_the_same_time_is_refused(chief: User, person: Person) -> None:
    someone = person("duty")
    with pytest.raises(Refused):
        perform("user.grant_role", chief, someone, {"role": "duty"})
    perform("user.grant_role", chief, someone, {"role": "editor"})


def test_ending_a_role_can_be_taken_back(chief: User, person: Person) -> None:
    someone = person("duty")
    entry = perform("user.end_role", chief, someone, {"held": Grant.objects.get(user=someone).pk})
    assert not may(fresh(someone), "item.triage")
    undo(chief, entry.batch)
    assert may(fresh(someone), "item.triage")


def test_somebody_elses_grant_cannot_be_ended_through_this_person(chief: User, person: Person) -> None:
    someone, other = person("duty"), person("editor")
    with pytest.raises(Refused):
        perform("user.end_role", chief, someone, {"held": Grant.objects.get(user=other).pk})


def test_the_last_administrator_stays_whatever_is_tried(chief: User, person: Person, desk_client: Client) -> None:
    own = Grant.objects.get(user=chief)
    with pytest.raises(Refused):
        perform("user.end_role", chief, chief, {"held": own.pk})
    with pytest.raises(Refused):
        actions.set_right(chief, "user.manage", "administrator", {"scope": "propose", "reason": "x"})
    with pytest.raises(Refused):
        perform("user.bar", chief, chief, {"reason": "x"})
    page = desk_client.post("/desk/people/p1/end-role/", {"held": own.pk})
    assert page.status_code == 422
    second = person("administrator")
    perform("user.end_role", second, chief, {"held": own.pk})  # now there is another one
    with pytest.raises(Refused):  # who in turn is the last
        perform("user.end_role", second, second, {"held": Grant.objects.get(user=second).pk})


def test_an_administrator_for_a_time_does_not_count_as_the_one_who_stays(chief: User, person: Person, clock: object) -> None:
    stand_in = person()
    perform("user.grant_role", chief, stand_in, {"role": "administrator", "until": (clock.now + timedelta(days=3)).date()})  # type: ignore[attr-defined]
    with pytest.raises(Refused):
        perform("user.end_role", fresh(stand_in), chief, {"held": Grant.objects.get(user=chief).pk})


def test_taking_back_the_second_administrator_cannot_leave_nobody(chief: User, person: Person) -> None:
    second = person()
    entry = perform("user.grant_role", chief, second, {"role": "administrator"})
    perform("user.end_role", fresh(second), chief, {"held": Grant.objects.get(user=chief).pk})
    with pytest.raises(Refused):
        undo(chief, entry.batch)
    assert may(fresh(second), "user.manage")


def test_barring_signs_out_at_once_and_says_why(chief: User, person: Person, client: Client) -> None:
    someone = person("duty")
    client.force_login(someone)
    assert client.get("/desk/").status_code == 200
    entry = perform("user.bar", chief, someone, {"reason": "left the office"})
    assert client.get("/desk/")["Location"].startswith("/desk/sign-in/")
    assert (entry.note, entry.from_state, entry.to_state) == ("left the office", "active", "barred")
    with pytest.raises(Refused):
        actions.give_link(chief, fresh(someone))
    undo(chief, entry.batch)
    assert fresh(someone).is_active


def test_nobody_without_the_right_can_do_any_of_it(person: Person) -> None:
    officer, other = person("duty", "editor", "leader", "auditor"), person("duty")
    for name in ("user.edit", "user.bar", "user.grant_role", "user.end_role", "user.put_in_charge", "user.make_link"):
        with pytest.raises(NotAllowed):
            perform(name, officer, other, {})
    with pytest.raises(NotAllowed):
        actions.set_right(officer, "item.read", "auditor", {"scope": "all"})
    assert not Right.objects.filter(permission="item.read", role="auditor").exists()  # nothing half done
    with pytest.raises(NotAllowed):
        actions.add_person(officer, GOOD)
    assert User.objects.count() == 2


def test_a_changed_right_holds_at_once_survives_seeding_and_shows_as_different(chief: User, person: Person) -> None:
    officer = person("duty")
    entry = actions.set_right(chief, "item.triage", "duty", {"scope": "none", "reason": "training"})
    assert not may(fresh(officer), "item.triage")
    assert str(PERMISSIONS["item.triage"]) not in [words for _area, rows in queries.allowed_to(fresh(officer)) for words, _scope in rows]
    seed_rights()
    assert not may(fresh(officer), "item.triage")
    assert [(cell.permission, cell.role, cell.scope, cell.default) for cell in queries.rights_table().changed] == [
        ("item.triage", "duty", "none", "all")
    ]
    assert Record.objects.get(act="right.set").payload["data"] == {
        "permission": "item.triage",
        "role": "duty",
        "was": "all",
        "became": "none",
    }
    undo(chief, entry.batch)
    assert may(fresh(officer), "item.triage")
    assert queries.rights_table().changed == []


def test_a_right_that_no_role_had_can_be_given(chief: User, person: Person) -> None:
    auditor = person("auditor")
    actions.set_right(chief, "story.read", "auditor", {"scope": "all", "reason": "yearly check"})
    assert may(fresh(auditor), "story.read")


def test_every_permission_has_words() -> None:
    assert set(SEED) == set(PERMISSIONS)


def test_only_a_leader_is_in_charge_and_only_with_a_unit_or_a_field(chief: User, person: Person, desk_client: Client) -> None:
    unit = Unit.objects.create(code="water", name="县水务局")
    with pytest.raises(Refused):
        perform("user.put_in_charge", chief, person("duty"), {"unit": unit, "subject": ""})
    person("leader", name="刘明")
    page = desk_client.post("/desk/people/p3/put-in-charge/", {})
    assert page.status_code == 422
    assert desk_client.post("/desk/people/p3/put-in-charge/", {"unit": unit.pk, "since": "2026-12-01"}).status_code == 302
    charge = Oversight.objects.get()
    assert (charge.unit, charge.since.isoformat(), charge.until) == (unit, "2026-12-01", None)
    assert "县水务局" in desk_client.get("/desk/people/charge/").content.decode()
    entry = perform("user.end_charge", chief, User.objects.get(username="p3"), {"held": charge.pk})
    assert Oversight.objects.get().until is not None
    undo(chief, entry.batch)
    assert Oversight.objects.get().until is None


def test_the_list_finds_by_pinyin_initials_unit_and_role(chief: User, person: Person) -> None:
    unit = Unit.objects.create(code="water", name="县水务局", name_en="Water Bureau")
    tang = person("unit_officer", name="唐蔚", unit=unit)
    found = lambda **choice: [each.pk for each in queries.people_page(**choice).people]  # noqa: E731
    assert found(text="tw") == [tang.pk]
    assert found(text="水务") == [tang.pk]
    assert found(text="water") == [tang.pk]
    assert found(role=Role.ADMINISTRATOR) == [chief.pk]
    assert found(state="barred") == []


def test_last_sign_in_comes_from_the_chain_and_so_from_the_desks_clock(person: Person, client: Client, clock: object) -> None:
    person("duty")
    client.post("/desk/sign-in/", {"username": "p1", "password": "a long password 1"})
    found = queries.person_by_name("p1")
    assert found is not None
    assert found.last_seen == clock.now  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_end_each_other_at_the_same_moment(person: Person) -> None:
    pair = [person("administrator"), person("administrator")]
    start = threading.Barrier(2)
    refused: list[str] = []

    def end_the_other(actor: User, other: User) -> None:
        try:
            held = Grant.objects.get(user=other).pk
            start.wait(10)
            perform("user.end_role", actor, other, {"held": held})
        except (Refused, OperationalError) as refusal:  # NotAllowed if the other was quicker; the database stops a deadlock
            refused.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=end_the_other, args=(one, two)) for one, two in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(refused) == 1
    assert Grant.objects.filter(role="administrator", until=None).count() == 1
