"""What a case needs beside its tasks: consultation, situation report, following until, review, similar cases, stamped answers, urging by mail."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from groundswell.desk.accounts.models import Role, Unit, User
from groundswell.desk.audit.models import Record
from groundswell.desk.cases import clocks, reports, reviews, similar
from groundswell.desk.cases.actions import end_following
from groundswell.desk.cases.models import Case, Consultation, Improvement, Task
from groundswell.desk.spine.actions import NotAllowed, Refused, found, perform, undo
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.queue import waiting
from groundswell.desk.stories.models import KeptForecast, State, Story
from tests.conftest import Clock
from tests.desk.county import NOW, lay, tell, water_story

Person = Callable[..., User]


@pytest.fixture(autouse=True)
def _county(desk: None) -> Iterator[None]:
    lay()
    clocks._looked.clear()
    with translation.override("en"):
        yield


@pytest.fixture
def duty(person: Person) -> User:
    return person(Role.DUTY, name="林晓")


@pytest.fixture
def leader(person: Person) -> User:
    return person(Role.LEADER, name="刘明")


@pytest.fixture
def officer(person: Person) -> User:
    return person(Role.UNIT_OFFICER, unit=unit())


@pytest.fixture
def case(duty: User) -> Case:
    perform("story.open_case", duty, water_story())
    made = Case.objects.get(kind="incident")
    perform("case.incident_accept", duty, made)
    return made


def unit(code: str = "water") -> Unit:
    return Unit.objects.get(code=code)


def called(duty: User, case: Case, *people: User, hours: int = 1) -> Consultation:
    values = {"title": "水质会商", "at": NOW + timedelta(hours=hours), "place": "二楼会议室", "agenda": "是否公布检测", "units": [unit()]}
    perform("case.consult", duty, case, values | {"people": list(people)})
    return Consultation.objects.latest("id")


# ---------------------------------------------------------------- 会商研判


def test_from_the_call_to_minutes_whose_decisions_are_tasks(duty: User, leader: User, case: Case, clock: Clock) -> None:
    row = called(duty, case, leader)
    assert [entry.title for entry in waiting(leader, NOW)[0] if entry.kind_words == "Consultation"] == ["水质会商"]
    with pytest.raises(Refused, match="not begun"):
        perform("consultation.minutes", duty, row, {"text": "x"})
    clock.forward(hours=2)
    perform("consultation.attend", duty, row, {"present": [leader], "present_units": [unit()]})
    perform("consultation.view", duty, row, {"speaker": "县水务局", "text": "冲洗后浊度已下降"})
    perform("consultation.decide", duty, row, {"text": "19时公布检测安排", "unit": unit(), "within": 0})
    task = Task.objects.get()
    assert (task.case, task.title, row.decisions.get().task) == (case, "19时公布检测安排", task)
    from groundswell.desk.cases.consultations import draft_minutes

    drafted = draft_minutes(row)
    for words in ("二楼会议室", "刘明, Water Bureau", "县水务局：冲洗后浊度已下降", "1. 19时公布检测安排（Water Bureau）"):
        assert words in drafted
    assert [entry.why for entry in waiting(duty, clock())[0] if entry.kind_words == "Consultation"] == ["the minutes are wanted"]
    perform("consultation.minutes", duty, row, {"text": drafted})
    assert (row.state, row.held_at) == ("held", clock())
    assert Entry.objects.filter(action="system.consultation_held", subject_id=case.pk).get().data["n"] == 1
    with pytest.raises(Refused):
        perform("consultation.view", duty, row, {"speaker": "x", "text": "zu spät"})


def test_a_consultation_with_decisions_is_not_called_off_and_states_are_guarded(duty: User, leader: User, case: Case) -> None:
    row = called(duty, case, leader)
    for state in ("held", "nonsense"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Consultation.objects.filter(pk=row.pk).update(state=state)
    perform("consultation.decide", duty, row, {"text": "x", "unit": unit(), "within": 1})
    with pytest.raises(Refused, match="settle the minutes"):
        perform("consultation.call_off", duty, row, {"reason": "x"})
    other = called(duty, case, leader, hours=5)
    perform("consultation.call_off", duty, other, {"reason": "改为电话沟通"})
    with pytest.raises(IntegrityError, match="no act leads"), transaction.atomic():
        Consultation.objects.filter(pk=other.pk).update(state="called")


def test_the_screens_of_a_consultation(duty: User, leader: User, officer: User, case: Case, client: Client) -> None:
    client.force_login(duty)
    page = client.get(f"/desk/cases/{case.number}/consult/")
    assert page.status_code == 200
    values = {"title": "<b>会商</b>", "at": "2026-11-23T17:30", "people": [leader.pk], "place": "", "agenda": ""}
    assert client.post(f"/desk/cases/{case.number}/consult/", values).status_code == 302
    row = Consultation.objects.get()
    assert row.at.isoformat() == "2026-11-23T09:30:00+00:00", "the body's zone"
    text = client.get(row.get_absolute_url()).content.decode()
    assert "&lt;b&gt;会商" in text
    assert row.get_absolute_url() in client.get(f"/desk/cases/{case.number}/").content.decode()
    wrong = client.post(f"/desk/cases/{case.number}/consult/", {"title": "x", "at": "2026-11-23T17:30"})
    assert (wrong.status_code, "at least one person or unit" in wrong.content.decode()) == (422, True)
    client.force_login(officer)
    assert client.get(row.get_absolute_url()).status_code == 403


# ---------------------------------------------------------------- 情况报告


def test_reports_are_drafted_from_facts_since_the_last_and_kept(duty: User, case: Case, clock: Clock, client: Client) -> None:
    perform("case.report_every", duty, case, {"hours": 4})
    assert case.report_due_at == NOW + timedelta(hours=4)
    clock.forward(hours=3, minutes=45)
    assert [entry.kind_words for entry in waiting(duty, clock())[0] if entry.key.endswith(":report")] == ["Situation report"]
    drafted = reports.draft(case, clock())
    assert "Online: 0 new items, 4 in all" in drafted
    assert "林晓 accepted it" in drafted
    with translation.override("zh-hans"):
        assert "网上情况：新增 0 条，累计 4 条" in reports.draft(case, clock())
    perform("case.report", duty, case, {"text": drafted + "\nAll quiet."})
    assert case.report_due_at == clock() + timedelta(hours=4)
    perform("case.hand_out", duty, case, {"title": "查水质", "unit": unit(), "within": 1})
    clock.forward(hours=4)
    second = reports.draft(case, clock())
    assert "accepted it" not in second, "told in the first one"
    assert "Tasks: 0 of 1 done." in second
    perform("case.report", duty, case, {"text": second})
    kept = case.reports.get(number=1)
    assert kept.text.endswith("All quiet.")
    client.force_login(duty)
    page = client.get(kept.get_absolute_url()).content.decode()
    assert "林晓 accepted it" in page
    perform("case.report_every", duty, case, {"hours": 0})
    assert (case.report_hours, case.report_due_at) == (None, None)


def test_notes_stay_out_of_reports(duty: User, case: Case, clock: Clock) -> None:
    perform("case.note", duty, case, {"text": "内部：等刘县长口径"})
    clock.forward(hours=1)
    assert "noted" not in reports.draft(case, clock())


# ---------------------------------------------------------------- following until


def back(case: Case, moment: Any) -> str:
    """The fact by which CASE came back at MOMENT, or ""."""
    before = Entry.objects.filter(subject_type="case", subject_id=case.pk, action__startswith="system.case_").count()
    end_following(moment)
    rows = Entry.objects.filter(subject_type="case", subject_id=case.pk, action__startswith="system.case_").order_by("-id")
    case.refresh_from_db()
    return rows[0].action.removeprefix("system.") if rows.count() > before else ""


def test_it_comes_back_when_its_story_was_quiet_long_enough(duty: User, case: Case, clock: Clock) -> None:
    Story.objects.update(state=State.FOLLOWING)
    perform("case.incident_follow", duty, case, {"days": 2, "until": "quiet"})
    assert (case.follow_quiet, case.follow_until) == (2, None)
    clock.forward(days=1)
    assert back(case, clock()) == ""
    Story.objects.update(last_at=clock())  # somebody wrote again
    clock.forward(days=1, hours=12)
    assert back(case, clock()) == "", "the days begin anew with what came"
    clock.forward(hours=12)
    assert back(case, clock()) == "case_quiet"
    assert (case.state, case.follow_quiet) == ("incident.handling", None)


def test_it_comes_back_when_its_forecast_is_left(duty: User, case: Case, clock: Clock) -> None:
    Story.objects.update(state=State.FOLLOWING)
    perform("case.incident_follow", duty, case, {"days": 7, "until": "quiet"})
    clock.forward(hours=8)
    kept = KeptForecast.objects.create(
        story=case.story,
        made_at=NOW + timedelta(hours=1),
        due_at=NOW + timedelta(hours=7),
        expected=4,
        low80=1,
        high80=9,
        unchanged=4,
        came=11,
    )
    assert back(case, clock()) == "", "by a hair"
    KeptForecast.objects.filter(pk=kept.pk).update(came=12)
    assert back(case, clock()) == "case_forecast_left"


def test_for_a_time_and_rising_as_before(duty: User, case: Case, clock: Clock) -> None:
    Story.objects.update(state=State.FOLLOWING)
    entry = perform("case.incident_follow", duty, case, {"days": 3})
    clock.forward(days=2)
    assert back(case, clock()) == ""
    undo(duty, entry.batch)
    case.refresh_from_db()
    assert (case.state, case.follow_until, case.follow_since) == ("incident.handling", None, None)
    perform("case.incident_follow", duty, case, {"days": 3, "until": "time"})
    Story.objects.update(state=State.REOPENED)
    assert back(case, clock()) == "case_story_rises"


# ---------------------------------------------------------------- 复盘


@pytest.mark.parametrize(("level", "wanted"), [(1, True), (2, True), (3, False), (4, False)])
def test_grave_incidents_close_only_after_their_review(duty: User, case: Case, level: int, wanted: bool) -> None:
    Story.objects.update(level=level)
    case.refresh_from_db()
    assert reviews.needs_review(case) is wanted
    if wanted:
        with pytest.raises(Refused, match="reviewed before it closes"):
            perform("case.incident_close", duty, case, {"outcome": "已恢复"})
        with pytest.raises(Refused, match="review first"):
            perform("case.improve", duty, case, {"kind": "preventive", "text": "x", "unit": unit(), "within": 7})
        perform("case.review", duty, case, {"happened": "主管老化", "good": "首报快", "bad": "公布慢"})
        with pytest.raises(Refused, match="reviewed before it closes"):
            perform("case.incident_close", duty, case, {"outcome": "已恢复"})
        perform("case.improve", duty, case, {"kind": "preventive", "text": "更换老旧主管", "unit": unit(), "within": 15})
        task = Improvement.objects.get().task
        assert (task.case.kind, task.case != case) == ("list", True), "so that the incident itself may close"
    perform("case.incident_close", duty, case, {"outcome": "已恢复"})
    assert case.state == "incident.closed"


def test_a_lowered_level_does_not_spare_the_review(duty: User, leader: User, case: Case) -> None:
    story = Story.objects.get()
    perform("story.set_level", leader, story, {"level": 2, "reason": "x"})
    perform("story.set_level", leader, story, {"level": 4, "reason": "x"})
    case.refresh_from_db()
    assert reviews.worst_level(case) == 2
    assert reviews.needs_review(case)


def test_the_page_says_that_a_review_is_wanted_and_shows_it(duty: User, case: Case, client: Client) -> None:
    Story.objects.update(level=1)
    client.force_login(duty)
    address = f"/desk/cases/{case.number}/"
    assert "closes only after a review" in client.get(address).content.decode()
    assert client.post(f"{address}review/", {"happened": "<i>老化</i>", "good": "快", "bad": "慢"}).status_code == 302
    assert (
        client.post(f"{address}improve/", {"kind": "detecting", "text": "管网在线监测", "unit": unit().pk, "within": 15}).status_code == 302
    )
    page = client.get(address).content.decode()
    assert "closes only after a review" not in page
    assert "&lt;i&gt;老化" in page
    assert "管网在线监测" in page


# ---------------------------------------------------------------- similar cases


def test_similar_cases_put_closed_ones_first_and_say_what_came_of_them(duty: User, person: Person, clock: Clock) -> None:
    def message(title: str) -> Case:
        made: Case = found("case.open", duty, {"kind": "message", "title": title, "sort": "complain", "unit": unit()})
        return made

    near, still_open = message("锦绣小区自来水发黄有铁锈味"), message("清河镇自来水又发黄了，铁锈味很重")
    for title in ("图书馆周日延长开放", "路灯坏了三盏没人修"):
        message(title)
    clock.forward(days=2)
    perform("case.message_accept", duty, near)
    perform("case.message_submit", duty, near, {"text": "已冲洗"})
    perform("case.message_answer", person(Role.EDITOR), near)
    perform("case.message_close", duty, near, {"outcome": "冲洗后恢复"})
    asked = message("自来水发黄，有铁锈味，什么时候能好")
    rows = similar.similar(asked, Case.objects.all())
    assert [row.case for row in rows] == [near, still_open]
    assert (rows[0].case.outcome, rows[0].days, rows[1].days) == ("冲洗后恢复", 3, None)


def test_likeness_weighs_rare_words_more() -> None:
    texts = [frozenset({"停水", "小区"}), frozenset({"小区", "路灯"}), frozenset({"小区", "噪音"})]
    found_ = similar.likenesses(texts, frozenset({"小区", "停水"}))
    assert found_[0] > found_[1] == pytest.approx(found_[2])
    assert similar.likenesses([frozenset()], frozenset({"停水"})) == [0.0]


# ---------------------------------------------------------------- units: stamped answers, urging by mail


def png() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()


def test_a_stamped_answer_stands_on_the_piece(duty: User, officer: User, case: Case, client: Client, person: Person) -> None:
    perform("case.hand_out", duty, case, {"title": "查水质", "unit": unit(), "within": 1})
    task = Task.objects.get()
    address = f"{task.get_absolute_url()}stamp/"
    for who, status in ((officer, 200), (duty, 200), (person(Role.UNIT_OFFICER, unit=unit("education")), 404), (person(Role.EDITOR), 403)):
        client.force_login(who)
        assert client.get(address).status_code == status
    client.force_login(officer)
    bad = client.post(address, {"scan": SimpleUploadedFile("a.png", b"no picture", "image/png"), "who": "张局长"})
    assert bad.status_code == 422
    sent = client.post(address, {"scan": SimpleUploadedFile("a.png", png(), "image/png"), "who": "副局长"})
    assert sent.status_code == 302
    task.refresh_from_db()
    assert (bool(task.stamp), task.stamp_who) == (True, "副局长")
    client.force_login(duty)
    assert "approved within the unit by 副局长" in client.get(task.get_absolute_url()).content.decode()
    shown = client.post(f"{task.get_absolute_url()}scan/")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    assert Record.objects.filter(act="picture.seen").exists()
    from groundswell.desk.cases.scans import photos_kept

    assert task.stamp in set(photos_kept())


def test_urging_by_mail_goes_by_a_real_server_or_is_not_counted(duty: User, case: Case, person: Person) -> None:
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Message

    from groundswell.desk.spine.ports import ports

    class Box(Message):
        def __init__(self) -> None:
            super().__init__()
            self.mails: list[Any] = []

        def handle_message(self, message: Any) -> None:
            self.mails.append(message)

    perform("case.hand_out", duty, case, {"title": "查水质\r\nBcc: x@example.org", "unit": unit(), "within": 1})
    task, box, before = Task.objects.get(), Box(), ports.mail_url
    with pytest.raises(NotAllowed):
        perform("task.mail_urging", person(Role.EDITOR), task, {"email": "water@example.org"})
    try:
        ports.mail_url = "smtp://127.0.0.1:1?tls=none"
        with pytest.raises(Refused, match="did not leave"):
            perform("task.mail_urging", duty, task, {"email": "water@example.org"})
        assert Task.objects.get().urged == 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        server = Controller(box, hostname="127.0.0.1", port=port)
        server.start()
        try:
            ports.mail_url = f"smtp://127.0.0.1:{port}?tls=none"
            perform("task.mail_urging", duty, task, {"email": "water@example.org"})
        finally:
            server.stop()
    finally:
        ports.mail_url = before
    [mail] = box.mails
    assert (mail["To"], mail["Bcc"], Task.objects.get().urged) == ("water@example.org", None, 1)
    assert "Urged so far, with this letter: 1" in mail.get_payload(decode=True).decode()


def test_a_story_that_grows_is_told_in_the_next_report(duty: User, case: Case, clock: Clock) -> None:
    clock.forward(hours=1)
    tell(["清河镇锦绣小区自来水发黄，有很重的铁锈味，现在还是这样，县水务局说正在冲洗管道"], start=150)
    case.refresh_from_db()
    assert "Online: 1 new items" in reports.draft(case, clock())
