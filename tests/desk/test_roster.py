"""Duty: the roster by rotation, changes and swaps; who is on; the calendar; logs, hand-over and zero reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from groundswell.desk.accounts.models import Role, Unit, User
from groundswell.desk.bulletins.models import KeyPeriod
from groundswell.desk.roster import feed, papers, queries, stretches, swaps, turns, zero
from groundswell.desk.roster.actions import LEADING, PRESETS
from groundswell.desk.roster.models import DutyLog, HandOver, Override, Publication, ShiftType, Swap, ZeroReport
from groundswell.desk.roster.turns import Change, Rota, Shift
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.actions import NotAllowed, Refused, found, perform, undo
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.palette import find
from groundswell.desk.spine.ports import now, zone
from groundswell.desk.spine.preferences import change
from groundswell.desk.spine.queue import waiting
from tests.conftest import Clock
from tests.desk.county import lay, water_story

Person = Callable[..., User]
NOVEMBER = date(2026, 11, 1)
ANN, BOB, EVE = 1, 2, 3


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


# ---------------------------------------------------------------- pure


DAY = Shift(1, time(8), timedelta(hours=9.5))
NIGHT = Shift(2, time(17, 30), timedelta(hours=14.5))
WHOLE = Shift(3, time(8, 30), timedelta(hours=24))
OFFICE = Shift(4, time(8, 30), timedelta(hours=9), "working")
REST = timedelta(hours=11)


def works(day: date) -> bool:
    from groundswell.engine.clocks.working_days import china_calendar, is_working

    return is_working(china_calendar(), day)


def laid(
    shift: Shift, people: tuple[int, ...], first: str, last: str, *, since: str = "2026-11-01", turn: int = 1, seats: int = 1
) -> turns.Base:
    rota = Rota(date.fromisoformat(since), people, turn)
    return turns.rotated(shift, [rota], date.fromisoformat(first), date.fromisoformat(last), lambda _day: seats, works)


def final(base: turns.Base, *changes: Change, shifts: tuple[Shift, ...] = (DAY, NIGHT, WHOLE, OFFICE)) -> list[turns.Turn]:
    from zoneinfo import ZoneInfo

    return turns.final(base, changes, {shift.pk: shift for shift in shifts}, ZoneInfo("Asia/Shanghai"))


def people_of(base: turns.Base) -> list[int | None]:
    return [user for _key, user in sorted(base.items(), key=lambda row: row[0][1:])]


@pytest.mark.parametrize(
    ("shift", "people", "first", "last", "turn", "expected", "why"),
    [
        (WHOLE, (ANN, BOB, EVE), "2026-11-01", "2026-11-04", 1, [ANN, BOB, EVE, ANN], "one after another"),
        (WHOLE, (ANN, BOB, EVE), "2026-11-03", "2026-11-04", 1, [EVE, ANN], "a later window begins where the rotation stands"),
        (WHOLE, (ANN, BOB), "2026-11-06", "2026-11-09", 7, [ANN, ANN, BOB, BOB], "a week a turn, by the calendar"),
        (OFFICE, (ANN, BOB), "2026-11-02", "2026-11-09", 1, [ANN, BOB, ANN, BOB, ANN, BOB], "only working days count"),
        (
            OFFICE,
            (ANN, BOB),
            "2026-10-08",
            "2026-10-12",
            1,
            [None] * 4,
            "before the rotation begins nobody stands; the 10th is a make-up Saturday",
        ),
    ],
)
def test_rotation(shift: Shift, people: tuple[int, ...], first: str, last: str, turn: int, expected: list[int | None], why: str) -> None:
    assert people_of(laid(shift, people, first, last, turn=turn)) == expected, why


def test_a_new_rotation_ends_the_one_before_and_leaves_its_days() -> None:
    rotas = [Rota(date(2026, 11, 1), (ANN,)), Rota(date(2026, 11, 3), (BOB,))]
    base = turns.rotated(WHOLE, rotas, date(2026, 11, 1), date(2026, 11, 4), lambda _day: 1, works)
    assert people_of(base) == [ANN, ANN, BOB, BOB]


def test_two_seats_go_to_two_people_whose_turns_lie_apart() -> None:
    base = laid(WHOLE, (ANN, BOB, EVE, 4), "2026-11-01", "2026-11-02", seats=2)
    assert people_of(base) == [ANN, EVE, BOB, 4]
    assert people_of(laid(WHOLE, (ANN,), "2026-11-01", "2026-11-01", seats=2)) == [ANN, None]


def test_final_is_rotation_then_changes_in_their_order() -> None:
    base = laid(WHOLE, (ANN, BOB), "2026-11-01", "2026-11-02")
    key, at = (WHOLE.pk, date(2026, 11, 1), 0), datetime(2026, 10, 30, tzinfo=UTC)
    swap = Change(at, key, EVE, "swap", taker_of=ANN)
    assert final(base, swap)[0].user == EVE
    assert final(base, Change(at - timedelta(hours=1), key, BOB, "override"), swap)[0].user == BOB, "who lost the turn cannot give it away"
    assert final(base, swap, Change(at + timedelta(hours=1), key, None, "override"))[0].user is None, "what is decided later holds"


def test_findings_name_gap_double_rest_and_thin_cover() -> None:
    base = laid(DAY, (ANN,), "2026-11-02", "2026-11-04") | laid(NIGHT, (BOB, EVE, ANN), "2026-11-01", "2026-11-03")
    gap = Change(datetime(2026, 10, 1, tzinfo=UTC), (DAY.pk, date(2026, 11, 4), 0), None, "override")
    found_ = turns.findings(final(base, gap), REST, lambda day: 2 if day.day == 3 else 1)
    said = {(each.code, each.turn.key[0], each.turn.day.day) for each in found_}
    assert said == {("gap", DAY.pk, 4), ("rest", NIGHT.pk, 3), ("thin", DAY.pk, 3), ("thin", NIGHT.pk, 3)}
    assert next(each.hours for each in found_ if each.code == "rest") == 0
    over = laid(WHOLE, (ANN,), "2026-11-02", "2026-11-02") | laid(DAY, (ANN,), "2026-11-02", "2026-11-02")
    assert [each.code for each in turns.findings(final(over), REST, lambda _day: 1)] == ["double"]
    thirteen = laid(DAY, (ANN,), "2026-11-02", "2026-11-03")
    assert not turns.findings(final(thirteen), REST, lambda _day: 1)


def test_load_counts_nights_weekends_and_holidays_apart_with_make_up_days_right() -> None:
    from groundswell.engine.clocks.working_days import china_calendar, day_of

    base = laid(NIGHT, (ANN,), "2026-10-01", "2026-10-11", since="2026-10-01") | laid(
        DAY, (BOB,), "2026-10-10", "2026-10-11", since="2026-10-01"
    )
    ann, bob = turns.loads(final(base), lambda day: day_of(china_calendar(), day).code)
    assert (ann.user, ann.turns, ann.nights, ann.weekends, ann.holidays) == (ANN, 11, 11, 1, 7)
    assert (bob.turns, bob.nights, bob.weekends, bob.holidays) == (2, 0, 1, 0), "Saturday the 10th is worked"
    assert ann.against > 0 > bob.against


# ---------------------------------------------------------------- at the desk


@pytest.fixture
def staff(person: Person) -> dict[str, User]:
    return {
        "day": person(Role.DUTY, name="林晓", name_en="Lin Xiao", phone="0000-8101"),
        "night": person(Role.DUTY, name="韩梅", name_en="Han Mei"),
        "spare": person(Role.EDITOR, name="李敏", name_en="Li Min"),
        "leader": person(Role.LEADER, name="周建国", name_en="Zhou Jianguo"),
        "admin": person(Role.ADMINISTRATOR, name="陈立", name_en="Chen Li"),
    }


def lay_roster(staff: dict[str, User], publish: bool = True) -> dict[str, ShiftType]:
    leader = staff["leader"]
    kinds = [found("shift.make", leader, row) for row in (*PRESETS[1][2], LEADING)]
    for kind, who, days in ((kinds[0], ["day", "spare"], 1), (kinds[1], ["night"], 1), (kinds[2], ["leader"], 7)):
        people = [staff[name].pk for name in who]
        found("rotation.begin", leader, {"shift": kind, "since": NOVEMBER, "turn_days": days, "people": people})
    if publish:
        found("roster.publish", leader, {"month": NOVEMBER, "knowing": True})
    return {"day": kinds[0], "night": kinds[1], "leader": kinds[2]}


def test_who_is_on_comes_from_the_published_roster_and_else_from_the_setting(staff: dict[str, User]) -> None:
    assert stretches.running(now()).people == ()
    assert stretches.running(now()).words == "Day shift"
    lay_roster(staff, publish=False)
    assert stretches.running(now()).people == (), "a draft says nothing"
    found("roster.publish", staff["leader"], {"month": NOVEMBER, "knowing": True})
    said = stretches.on_duty(now())
    assert said.now.people == (staff["day"],)
    assert said.next.people == (staff["night"],)
    assert said.leader is not None
    assert said.leader.people == (staff["leader"],)
    assert [hit.kind for hit in find(staff["day"], "Han Mei")][:1] == ["on duty next"]


def test_findings_stand_before_publishing_and_versions_are_kept(staff: dict[str, User]) -> None:
    kinds = lay_roster(staff, publish=False)
    with pytest.raises(Refused, match="Look at what was found"):
        found("roster.publish", staff["leader"], {"month": NOVEMBER})
    found("roster.publish", staff["leader"], {"month": NOVEMBER, "knowing": True})
    found("rotation.begin", staff["leader"], {"shift": kinds["day"], "since": NOVEMBER, "turn_days": 1, "people": [staff["spare"].pk]})
    assert queries.holder((kinds["day"].pk, date(2026, 11, 25), 0)) == staff["day"].pk, "what was given out holds"
    found("roster.publish", staff["leader"], {"month": NOVEMBER, "knowing": True})
    assert queries.holder((kinds["day"].pk, date(2026, 11, 25), 0)) == staff["spare"].pk
    assert queries.holder((kinds["day"].pk, date(2026, 11, 3), 0)) == staff["day"].pk, "days that are over stay"
    assert list(Publication.objects.values_list("no", flat=True)) == [2, 1]
    with pytest.raises(Refused, match="no rotation"):
        found("roster.publish", staff["leader"], {"month": date(2026, 9, 1)})
    with pytest.raises(NotAllowed):
        found("roster.publish", staff["day"], {"month": NOVEMBER, "knowing": True})


def test_a_change_holds_at_once_and_is_taken_back(staff: dict[str, User]) -> None:
    kind = lay_roster(staff)["day"]
    day = date(2026, 11, 29)
    values = {"shift": kind, "day": day, "seat": 0, "user": None, "reason": "leave"}
    made = found("turn.put", staff["leader"], values)
    assert queries.holder((kind.pk, day, 0)) is None
    month = queries.month_of(NOVEMBER, staff["day"])
    assert [one.day for one in month.findings if one.code == "gap"] == [day]
    found("turn.put", staff["leader"], values | {"user": staff["spare"]})
    assert queries.holder((kind.pk, day, 0)) == staff["spare"].pk
    assert Override.objects.get(pk=made.pk).withdrawn_at is not None
    last = Override.objects.latest("id")
    undo(staff["leader"], Entry.objects.get(subject_type="turn", subject_id=last.pk).batch)
    assert queries.holder((kind.pk, day, 0)) == staff["day"].pk


def test_a_key_period_wants_two(staff: dict[str, User]) -> None:
    KeyPeriod.objects.create(name="两会", since=date(2026, 11, 26), until=date(2026, 11, 27))
    lay_roster(staff, publish=False)
    month = queries.month_of(NOVEMBER, staff["day"])
    assert {(one.code, one.day.day, str(one.shift)) for one in month.findings if one.code == "thin"} == {
        ("thin", 26, "Night shift"),
        ("thin", 27, "Night shift"),
    }
    assert len([turn for turn in month.turns if turn.day.day == 26 and turn.layer == "duty" and turn.user]) == 3


def test_pages_open_for_those_who_may(staff: dict[str, User], client: Client, person: Person) -> None:
    kinds = lay_roster(staff)
    client.force_login(staff["leader"])
    pages = (
        "/desk/", "/desk/roster/2026/11/", "/desk/roster/2026/11/?layer=rotation", "/desk/roster/2026/12/", "/desk/roster/2026/11/publish/",
        "/desk/roster/days/2026-11-24/", "/desk/roster/setup/", "/desk/roster/swaps/", "/desk/roster/calendar/", "/desk/roster/logs/",
        "/desk/roster/logs/2026-11-23T08:00/", "/desk/handover/", "/desk/zero-reports/", f"/desk/roster/shifts/{kinds['day'].pk}/",
        f"/desk/roster/shifts/{kinds['day'].pk}/rotation/", f"/desk/roster/days/2026-11-24/{kinds['day'].pk}-0/put/",
        f"/desk/roster/versions/{Publication.objects.get().pk}/",
        f"/desk/roster/rotations/{kinds['day'].rotations.get().pk}/",
    )  # fmt: skip
    for page in pages:
        assert client.get(page).status_code == 200, page
    assert client.get("/desk/roster/").status_code == 302
    for page in ("/desk/roster/2026/13/", "/desk/roster/days/2026-02-30/", "/desk/roster/logs/2026-11-23T09:00/"):
        assert client.get(page).status_code == 404, page
    client.force_login(person(Role.UNIT_OFFICER))
    for page in ("/desk/roster/2026/11/", "/desk/handover/", "/desk/roster/setup/", "/desk/roster/logs/"):
        assert client.get(page).status_code == 403, page


# ---------------------------------------------------------------- swaps

FRIDAY, THURSDAY = date(2026, 11, 27), date(2026, 11, 26)  # 林晓 stands on odd days, 李敏 on even ones


def asked(staff: dict[str, User], kinds: dict[str, ShiftType], **more: Any) -> Swap:
    values = {"shift": kinds["day"], "day": FRIDAY, "seat": 0, "other": staff["spare"], "back": (kinds["day"], THURSDAY, 0)} | more
    made: Swap = found("swap.ask", staff["day"], values)
    return made


def holders(kinds: dict[str, ShiftType]) -> list[int | None]:
    return [queries.holder((kinds["day"].pk, day, 0)) for day in (THURSDAY, FRIDAY)]


def test_a_swap_holds_when_the_other_agrees_and_is_taken_back_before_its_day(staff: dict[str, User], clock: Clock) -> None:
    kinds = lay_roster(staff)
    swap = asked(staff, kinds)
    assert [entry.kind for entry in waiting(staff["spare"], now())[0]] == ["swap"]
    assert holders(kinds) == [staff["spare"].pk, staff["day"].pk], "asked is not agreed"
    with pytest.raises(NotAllowed):
        perform("swap.agree", staff["day"], swap)
    perform("swap.agree", staff["spare"], swap)
    assert holders(kinds) == [staff["day"].pk, staff["spare"].pk]
    assert [turn.origin for turn in queries.final_turns(FRIDAY, FRIDAY) if turn.layer == "duty"] == ["swap", "rotation"]
    perform("swap.take_back", staff["spare"], swap)
    assert holders(kinds) == [staff["spare"].pk, staff["day"].pk]
    late = asked(staff, kinds)
    perform("swap.agree", staff["spare"], late)
    clock.now = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
    with pytest.raises(Refused, match="begun"):
        perform("swap.take_back", staff["day"], late)


def test_a_leader_approves_where_the_setting_says_so(staff: dict[str, User]) -> None:
    kinds = lay_roster(staff)
    change(None, "duty.swap_approved", True)
    swap = asked(staff, kinds)
    perform("swap.agree", staff["spare"], swap)
    assert swap.state == Swap.State.AGREED
    assert holders(kinds) == [staff["spare"].pk, staff["day"].pk]
    assert "swap" in [entry.kind for entry in waiting(staff["leader"], now())[0]]
    with pytest.raises(NotAllowed):
        perform("swap.approve", staff["day"], swap)
    perform("swap.approve", staff["leader"], swap)
    assert holders(kinds) == [staff["day"].pk, staff["spare"].pk]


def test_what_cannot_be_swapped_is_refused(staff: dict[str, User]) -> None:
    kinds = lay_roster(staff)
    refused = (
        ({"day": date(2026, 11, 1), "back": None}, "begun"),
        ({"day": THURSDAY, "back": None}, "does not hold"),
        ({"back": (kinds["day"], date(2026, 11, 29), 0)}, "does not hold"),
        ({"day": date(2026, 12, 1), "back": None}, "not published"),
        ({"other": staff["day"], "back": None}, "oneself"),
    )
    for values, words in refused:
        with pytest.raises(Refused, match=words):
            asked(staff, kinds, **values)
    asked(staff, kinds)
    with pytest.raises(Refused, match="already asked"):
        asked(staff, kinds)


def test_nobody_is_swapped_into_two_places(staff: dict[str, User]) -> None:
    kinds = lay_roster(staff)
    whole = found("shift.make", staff["leader"], PRESETS[0][2][0])
    found("rotation.begin", staff["leader"], {"shift": whole, "since": FRIDAY, "turn_days": 1, "people": [staff["spare"].pk]})
    found("roster.publish", staff["leader"], {"month": NOVEMBER, "knowing": True})
    with pytest.raises(Refused, match="two shifts at once"):
        asked(staff, kinds, back=None)


def test_what_nobody_agreed_to_lapses_once(staff: dict[str, User], clock: Clock) -> None:
    swap = asked(staff, lay_roster(staff))
    swaps.lapse(now())
    assert Swap.objects.get(pk=swap.pk).state == Swap.State.ASKED
    clock.now = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
    swaps.lapse(now())
    swaps.lapse(now())
    assert Swap.objects.get(pk=swap.pk).state == Swap.State.LAPSED
    lapsed = Entry.objects.get(action="system.swap_lapsed")
    assert (lapsed.from_state, lapsed.to_state) == ("asked", "lapsed")


def test_a_swap_is_asked_and_agreed_on_screen(staff: dict[str, User], client: Client) -> None:
    kinds = lay_roster(staff)
    client.force_login(staff["day"])
    page = f"/desk/roster/days/{FRIDAY}/{kinds['day'].pk}-0/swap/"
    wrong = {"other": staff["night"].pk, "back": f"{kinds['day'].pk}.{THURSDAY}.0"}
    assert client.post(page, wrong).status_code == 422
    answer = client.post(page, wrong | {"other": staff["spare"].pk})
    assert answer.status_code == 302
    client.force_login(staff["spare"])
    assert b"agree/" in client.get(answer.url).content  # type: ignore[attr-defined]
    client.post(f"{answer.url}agree/")  # type: ignore[attr-defined]
    assert Swap.objects.get().state == Swap.State.HOLDS
    assert client.get(f"/desk/roster/days/{FRIDAY}/{kinds['night'].pk}-0/swap/").status_code == 403, "another's turn"


# ---------------------------------------------------------------- the calendar


def test_the_calendar_reads_back_and_its_address_can_be_renewed(staff: dict[str, User], client: Client) -> None:
    icalendar = pytest.importorskip("icalendar")
    recurring = pytest.importorskip("recurring_ical_events")
    kinds = lay_roster(staff)
    perform("swap.agree", staff["spare"], asked(staff, kinds, back=None))
    User.objects.filter(pk=staff["day"].pk).update(
        language="zh-hans", phone="0000-8101（白天值班电话，夜间请拨打带班领导手机，节假日相同，请勿外传）"
    )
    secret = feed.renew(staff["day"], everybody=False)
    answer = client.get(f"/calendar/{secret}.ics")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    lines = answer.content.split(b"\r\n")
    assert b"\n" not in answer.content.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    assert any(line.startswith(b" ") for line in lines), "the description is folded"
    events = recurring.of(icalendar.Calendar.from_ical(answer.content)).between(
        datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    )
    starts = sorted(event["DTSTART"].dt.astimezone(zone()) for event in events)
    assert [start.day for start in starts] == [23, 25, 29], "the swapped Friday is not in it"
    assert {start.time() for start in starts} == {time(8)}
    assert {str(event["SUMMARY"]) for event in events} == {"白班"}
    assert "请勿外传" in str(events[0]["DESCRIPTION"])
    assert len({str(event["UID"]) for event in events}) == 3
    newer = feed.renew(staff["day"], everybody=True)
    assert client.get(f"/calendar/{secret}.ics").status_code == 404
    assert client.get("/calendar/nothing.ics").status_code == 404
    assert client.get(f"/calendar/{newer}.ics").content.count(b"BEGIN:VEVENT") > 60
    User.objects.filter(pk=staff["day"].pk).update(is_active=False)
    assert client.get(f"/calendar/{newer}.ics").status_code == 404


def test_the_address_is_shown_once(staff: dict[str, User], client: Client) -> None:
    client.force_login(staff["day"])
    answer = client.post("/desk/roster/calendar/", {"everybody": "own"}, follow=True)
    assert b"/calendar/" in answer.content
    assert b".ics" not in client.get("/desk/roster/calendar/").content


# ---------------------------------------------------------------- log and hand-over


def words(facts: list[dict[str, Any]]) -> list[str]:
    return [str(fact["en"]) for fact in facts]


def test_the_log_is_written_from_what_was_done_and_signed_by_its_officer(staff: dict[str, User], client: Client) -> None:
    lay_roster(staff)
    found("note.write", staff["day"], {"text": "水务局来电"})
    found("note.write", staff["spare"], {"text": "不在班"})
    found("case.open", staff["day"], {"kind": "message", "title": "水费算错了", "sort": "complain"})
    stretch = stretches.running(now())
    lines = papers.log_lines(stretch)
    assert sorted(words(lines)) == ["noted: 水务局来电", "水费算错了: entered it"], "only what who is on did"
    page = f"/desk/roster/logs/{stretch.code}/"
    client.force_login(staff["spare"])
    assert client.post(page, {"text": ""}).status_code == 422
    client.force_login(staff["day"])
    assert "水务局来电" in client.get(page).content.decode()
    assert client.post(page, {"text": "设备正常"}).status_code == 302
    log = DutyLog.objects.get()
    assert (words(log.facts), log.text, log.signed_by) == (words(lines), "设备正常", staff["day"])
    found("note.write", staff["day"], {"text": "签后"})
    assert "签后" not in client.get(page).content.decode()
    assert client.post(page, {"text": ""}).status_code == 422


def test_a_hand_over_is_drafted_from_facts_and_signed_in_two_acts(staff: dict[str, User], client: Client, clock: Clock) -> None:
    lay()
    lay_roster(staff)
    found("note.write", staff["day"], {"text": "请核对供水通知", "for_next": True})
    found("case.open", staff["day"], {"kind": "message", "title": "水费算错了", "sort": "complain"})
    perform("story.set_level", staff["day"], water_story(), {"level": 2, "reason": "school nearby"})
    client.force_login(staff["day"])
    shown = client.get("/desk/handover/").content.decode()
    assert "请核对供水通知" in shown
    assert not HandOver.objects.exists(), "looking writes nothing"
    client.post("/desk/handover/", {"text": "盯住供水"})
    paper = HandOver.objects.get()
    with pytest.raises(NotAllowed):
        perform("hand_over.sign", staff["night"], paper)
    client.post("/desk/handover/", {"text": "盯住供水，八点前报领导", "sign": "1"})
    paper.refresh_from_db()
    assert (paper.state, paper.left_by, paper.text) == (HandOver.State.LEFT, staff["day"], "盯住供水，八点前报领导")
    kinds = {fact["kind"] for fact in paper.facts}
    assert {"notes", "stories"} <= kinds
    with pytest.raises(Refused, match="does not take over"):
        perform("hand_over.take", staff["day"], paper)
    assert "handover" in [entry.kind for entry in waiting(staff["night"], now())[0]]
    assert "handover" not in [entry.kind for entry in waiting(staff["spare"], now())[0]]
    clock.forward(hours=2)
    perform("hand_over.take", staff["night"], paper)
    assert (paper.state, paper.taken_by) == (HandOver.State.TAKEN, staff["night"])
    page = client.get(f"/desk/handover/{paper.pk}/").content.decode()
    assert "盯住供水，八点前报领导" in page
    with pytest.raises(Refused):
        perform("hand_over.edit", staff["day"], paper, {"text": "later"})


def test_overdue_clocks_and_silent_sources_stand_in_the_hand_over(staff: dict[str, User], clock: Clock) -> None:
    lay()
    lay_roster(staff)
    case = found("case.open", staff["day"], {"kind": "message", "title": "水费算错了", "sort": "complain"})
    Source.objects.filter(slug="forum").update(silent_since=now() - timedelta(hours=30))
    clock.forward(days=20)
    facts = papers.hand_over_facts(stretches.usual(now()), now())
    late = next(fact for fact in facts if fact["kind"] == "clocks")
    assert late["en"] == "overdue since 12-02 23:59: 水费算错了"
    assert late["url"] == case.get_absolute_url()
    assert [fact["zh"][:4] for fact in facts if fact["kind"] == "sources"] == ["云岭论坛"]


# ---------------------------------------------------------------- zero reports


@pytest.fixture
def asked_units(desk: None, clock: Clock) -> None:
    """Two units are asked on the test's day, due at 17:00; it is 16:06."""
    lay()
    change(None, "duty.zero_report", "17:00")
    zero.keep(now())


def report_of(code: str) -> ZeroReport:
    return ZeroReport.objects.select_related("unit").get(unit__code=code)


def test_nobody_is_asked_by_default_or_too_early(desk: None, clock: Clock) -> None:
    lay()
    zero.keep(now())
    change(None, "duty.zero_report", "23:30")
    zero.keep(now())
    change(None, "duty.zero_report", "soon")
    zero.keep(now())
    assert not ZeroReport.objects.exists()


def test_each_unit_reports_and_the_missing_are_urged_once(asked_units: None, staff: dict[str, User], person: Person, clock: Clock) -> None:
    zero.keep(now())
    assert ZeroReport.objects.count() == 2
    officer = person(Role.UNIT_OFFICER, unit=Unit.objects.get(code="water"))
    assert [entry.kind for entry in waiting(officer, now())[0]] == ["zero"]
    with pytest.raises(NotAllowed):
        perform("zero_report.nothing", officer, report_of("education"))
    perform("zero_report.nothing", officer, report_of("water"))
    assert not waiting(officer, now())[0]
    assert "zero" not in [entry.kind for entry in waiting(staff["day"], now())[0]], "not due yet"
    clock.forward(hours=1)
    for _again in range(3):
        zero.keep(now())
    missing = next(entry for entry in waiting(staff["day"], now())[0] if entry.kind == "zero")
    assert missing.why == "Education Bureau"
    assert Entry.objects.filter(action="system.zero_urged").count() == 1
    perform("zero_report.tell", officer, report_of("water"), {"text": "停水两小时"})
    assert report_of("water").state == ZeroReport.State.REPORTED


def test_a_one_time_link_answers_once(asked_units: None, staff: dict[str, User], client: Client, clock: Clock) -> None:
    report = report_of("water")
    first, link = zero.make_link(report), zero.make_link(report)
    token = link.strip("/").split("/")[-1]
    assert token not in str(ZeroReport.objects.filter(pk=report.pk).values())
    assert client.get(first).status_code == 404, "a newer link makes the older one useless"
    page = client.get(link)
    assert (page.status_code, page["Referrer-Policy"]) == (200, "no-referrer")
    assert client.post(link, {"text": ""}).status_code == 422
    assert client.post(link, {"nothing": "1"}).status_code == 200
    assert report_of("water").state == ZeroReport.State.NOTHING
    assert client.get(link).status_code == 404
    assert client.post(link, {"text": "again"}).status_code == 404
    other = zero.make_link(report_of("education"))
    clock.forward(hours=25)
    assert client.get(other).status_code == 404, "it ran out"
    with pytest.raises(Refused):
        zero.make_link(report_of("water"))


def test_whoever_guesses_links_is_shut_out(asked_units: None, client: Client, clock: Clock) -> None:
    good = zero.make_link(report_of("water"))
    for _guess in range(30):
        assert client.get("/z/guess/").status_code == 404
    assert client.get(good).status_code == 429
    assert client.get(good, REMOTE_ADDR="192.0.2.7").status_code == 200, "another visitor is not"
    clock.forward(minutes=16)
    assert client.get(good).status_code == 200


def test_the_list_of_a_day_and_a_link_on_screen(asked_units: None, staff: dict[str, User], client: Client) -> None:
    client.force_login(staff["day"])
    page = client.get("/desk/zero-reports/").content.decode()
    assert "Water Bureau" in page
    answer = client.post(f"/desk/zero-reports/{report_of('water').pk}/link/", follow=True).content.decode()
    assert "/z/" in answer
    assert "/z/" not in client.get("/desk/zero-reports/").content.decode()
    client.force_login(staff["spare"])
    assert client.get("/desk/zero-reports/").status_code == 403
