"""Leaders' instructions: three different acts, the ledger from its giving to 销号, and who may do what."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import translation

from groundswell.desk.accounts.models import Role, Unit, User
from groundswell.desk.audit.models import Record
from groundswell.desk.bulletins.models import Issue, IssueItem, IssueState, Series
from groundswell.desk.cases.models import Case, Task
from groundswell.desk.instructions import queries
from groundswell.desk.instructions.actions import working_days_until
from groundswell.desk.instructions.models import Instruction, Passing, Stage
from groundswell.desk.instructions.reading import Thing, find
from groundswell.desk.spine.actions import NotAllowed, Refused, found, perform, possible
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.preferences import change
from groundswell.desk.spine.queue import waiting
from groundswell.desk.stories.models import Story
from tests.conftest import Clock
from tests.desk.county import NOW, lay, water_story

Person = Callable[..., User]


@pytest.fixture(autouse=True)
def _county(desk: None) -> Iterator[None]:
    lay()
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
def story() -> Story:
    return water_story()


def unit(code: str = "water") -> Unit:
    return Unit.objects.get(code=code)


def given(leader: User, story: Story, **values: Any) -> Instruction:
    said: dict[str, Any] = {"on": Thing(story=story), "text": "今晚公布检测安排", "units": [unit()], "within": 1} | values
    made: Instruction = found("instruction.give", leader, said)
    return made


def spoken(duty: User, leader: User, story: Story) -> Instruction:
    made: Instruction = found(
        "instruction.record", duty, {"on": Thing(story=story), "by": leader, "way": "spoken", "text": "查清楚，报我", "units": [unit()]}
    )
    return made


def handed(duty: User, row: Instruction, *codes: str) -> list[Task]:
    perform(
        "instruction.hand_out", duty, row, {"title": "公布检测安排", "units": [unit(code) for code in codes or ("water",)], "within": 1}
    )
    return list(row.tasks.order_by("id"))


def answered(duty: User, officer: User, row: Instruction) -> None:
    for task in handed(duty, row):
        perform("task.sign", officer, task)
        perform("task.answer", officer, task, {"text": "19时公布，20时恢复"})
        perform("task.accept", duty, task)
    perform("instruction.report", duty, row, {"text": "县水务局19时已公布。"})


def issue_with_pieces(story: Story) -> Issue:
    series = Series.objects.get(pk="brief")
    section = series.sections[0]["code"]
    issue = Issue.objects.create(
        series=series,
        day=NOW.date(),
        year=2026,
        number=226,
        total=1318,
        state=IssueState.ISSUED,
        window_from=NOW,
        window_to=NOW,
        due_at=NOW,
    )
    for n in range(1, 6):
        IssueItem.objects.create(issue=issue, section=section, position=n, title=f"第{n}件", text="内容", story=story if n == 5 else None)
    return issue


# ---------------------------------------------------------------- three acts


def test_reading_instructing_and_passing_on_are_different_acts(leader: User, duty: User, person: Person, story: Story) -> None:
    perform("story.seen", leader, story)
    assert not Instruction.objects.exists()
    other = person(Role.LEADER, name="宋远")
    perform("story.refer", leader, story, {"to": other, "text": "请阅"})
    assert [entry.kind_words for entry in waiting(other, NOW)[0] if entry.kind == "instruction"] == ["Passed on"]
    row = given(other, story)
    assert row.number == "PS-2026-0001"
    assert Passing.objects.get().done_at is not None  # dealt with by instructing
    said = list(Entry.objects.filter(subject_type="story", subject_id=story.pk).order_by("id").values_list("action", flat=True))
    assert said[-3:] == ["story.seen", "story.refer", "system.instructed"]
    with pytest.raises(Refused, match="another leader"):
        perform("story.refer", leader, story, {"to": leader})
    for name, values in (("story.seen", {}), ("story.refer", {"to": other})):
        with pytest.raises(NotAllowed):
            perform(name, duty, story, values)


def test_it_hangs_on_one_item_of_an_issue_and_says_so(leader: User, story: Story) -> None:
    issue = issue_with_pieces(story)
    thing = find(leader, f"piece:{issue.pieces.get(position=5).pk}")
    assert thing is not None
    row = found("instruction.give", leader, {"on": thing, "text": "请办"})
    with translation.override("zh-hans"):
        assert queries.rows(Instruction.objects.all(), NOW)[0].thing.words.endswith("第226期第5条：第5件")
    assert Entry.objects.filter(subject_type="issue", subject_id=issue.pk, action="system.instructed").count() == 1
    assert row.issue == issue
    assert thing.about == story
    with pytest.raises(IntegrityError), transaction.atomic():
        Instruction.objects.filter(pk=row.pk).update(story=story)  # two things at once


# ---------------------------------------------------------------- the way to 销号


def test_from_the_line_to_its_closing(leader: User, duty: User, officer: User, story: Story, clock: Clock) -> None:
    row = given(leader, story)
    first = next(entry for entry in waiting(duty, clock.now)[0] if entry.key == f"instruction:{row.pk}:given")
    assert first.due_at is not None
    assert first.due_at.astimezone(clock.now.tzinfo).strftime("%H:%M") == "09:30"  # 17:30 of the same day in the body's zone
    (task,) = handed(duty, row)
    assert task.text.startswith("刘明")
    assert "今晚公布检测安排" in task.text
    assert task.case.kind == "list"
    with pytest.raises(Refused, match="Water Bureau"):
        perform("instruction.report", duty, row, {"text": "好了"})
    perform("task.sign", officer, task)
    perform("task.answer", officer, task, {"text": "19时公布"})
    perform("task.accept", duty, task)
    assert "every unit has answered" in [entry.why for entry in waiting(duty, clock.now)[0]]
    perform("instruction.report", duty, row, {"text": "县水务局19时已公布。"})
    assert [entry.kind_words for entry in waiting(leader, clock.now)[0] if entry.kind == "instruction"] == ["Feedback"]
    with pytest.raises(Refused):
        perform("instruction.close", duty, row)  # not accepted yet
    perform("instruction.accept", leader, row)
    perform("instruction.close", duty, row)
    row.refresh_from_db()
    assert (row.state, row.closed_at) == (Stage.CLOSED, clock.now)
    assert Entry.objects.filter(subject_type="story", action="system.instruction_closed").count() == 1
    assert not [entry for entry in waiting(duty, clock.now)[0] if entry.kind == "instruction"]


def test_what_the_leader_sends_back_goes_on(leader: User, duty: User, officer: User, story: Story) -> None:
    row = given(leader, story)
    answered(duty, officer, row)
    perform("instruction.send_back", leader, row, {"reason": "水质呢"})
    perform("instruction.add_task", duty, row, {"title": "补报水质", "units": [unit()], "within": 1})
    assert row.tasks.count() == 2
    with pytest.raises(Refused):
        perform("instruction.report", duty, row, {"text": "再报"})
    task = row.tasks.latest("id")
    perform("task.answer", officer, task, {"text": "合格"})
    perform("task.accept", duty, task)
    perform("instruction.report", duty, row, {"text": "水质合格。"})
    assert row.state == Stage.ANSWERED


def test_only_the_leader_who_gave_it_or_the_deputy_accepts(leader: User, duty: User, officer: User, person: Person, story: Story) -> None:
    row = given(leader, story)
    answered(duty, officer, row)
    other = person(Role.LEADER)
    for user in (other, duty, officer, person(Role.EDITOR)):
        with pytest.raises(NotAllowed):
            perform("instruction.accept", user, row)
        assert "instruction.accept" not in {each.name for each in possible(user, row)}
    change(None, "instructions.deputies", [f"{leader.username}={other.username}"])
    assert [entry.kind_words for entry in waiting(other, NOW)[0] if entry.kind == "instruction"] == ["Feedback"]
    perform("instruction.accept", other, row)
    with pytest.raises(NotAllowed):
        perform("instruction.close", person(Role.LEADER), row)
    perform("instruction.close", leader, row)


def test_the_database_lets_nothing_close_without_the_answer(leader: User, story: Story) -> None:
    row = given(leader, story)
    for state in ("closed", "accepted", "answered", "recorded"):
        with pytest.raises(IntegrityError, match="no act leads"), transaction.atomic():
            Instruction.objects.filter(pk=row.pk).update(state=state)
    with pytest.raises(IntegrityError, match="nothing_closes_without_the_answer"):
        _closed_past_the_guard(row)


def _closed_past_the_guard(row: Instruction) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute("update instructions_instruction set state = 'closed' where id = %s", [row.pk])


def test_every_act_in_every_state_as_every_role(person: Person, leader: User, story: Story, duty: User) -> None:
    """What is offered goes, what is not offered is refused, and no other state comes of it than the database allows."""
    people = {role: leader if role == Role.LEADER else person(role, unit=unit() if role == Role.UNIT_OFFICER else None) for role in Role}
    values: dict[str, dict[str, Any]] = {
        "withdraw": {"reason": "x"}, "send_back": {"reason": "x"}, "hand_out": {"title": "t", "units": [unit()], "within": 1},
        "add_task": {"title": "t", "units": [unit()], "within": 1}, "report": {"text": "answer"},
    }  # fmt: skip
    tried = 0
    for state in Stage:
        row = given(leader, story)
        with connection.cursor() as cursor:
            cursor.execute("set session_replication_role = replica")
            cursor.execute(
                "update instructions_instruction set state = %s, feedback = 'x', accepted_at = now() where id = %s", [str(state), row.pk]
            )
            cursor.execute("set session_replication_role = origin")
        row.refresh_from_db()
        for user in people.values():
            for code in ("confirm", "withdraw", "hand_out", "add_task", "report", "accept", "send_back", "close"):
                offered = f"instruction.{code}" in {each.name for each in possible(user, row)}
                with transaction.atomic():
                    try:
                        perform(f"instruction.{code}", user, Instruction.objects.get(pk=row.pk), values.get(code, {}))
                    except Refused:
                        assert not offered, (code, state)
                    else:
                        assert offered, (code, state)
                    tried += 1
                    transaction.set_rollback(True)
    assert tried > 300


# ---------------------------------------------------------------- spoken, on paper


def test_a_spoken_one_holds_when_the_leader_taps(leader: User, duty: User, person: Person, story: Story) -> None:
    row = spoken(duty, leader, story)
    assert (row.state, row.by, row.recorded_by) == (Stage.RECORDED, leader, duty)
    assert not Entry.objects.filter(action="system.instructed").exists()
    with pytest.raises(Refused):
        perform("instruction.hand_out", duty, row, {"title": "x", "units": [unit()], "within": 1})
    with pytest.raises(NotAllowed):
        perform("instruction.confirm", duty, row)
    entry = next(entry for entry in waiting(leader, NOW)[0] if entry.kind == "instruction")
    assert (entry.button.post, entry.button.url) == (True, f"/desk/instructions/{row.number}/confirm/")
    client = Client()
    client.force_login(leader)
    assert client.post(entry.button.url).status_code == 302
    row.refresh_from_db()
    assert row.state == Stage.GIVEN
    assert Entry.objects.filter(action="system.instructed").count() == 1
    other = spoken(duty, leader, story)
    perform("instruction.withdraw", leader, other, {"reason": "没有这样说"})
    assert other.state == Stage.VOID


def test_paper_comes_with_a_scan_that_lies_in_the_archive_only(leader: User, duty: User, person: Person, story: Story) -> None:
    image = pytest.importorskip("PIL.Image")
    client = Client()
    client.force_login(duty)
    address = f"/desk/instructions/new/?on=story:{story.number}"
    said = {"act": "instruct", "by": leader.pk, "way": "paper", "text": "请水务局今晚公布", "units": [unit().pk], "within": 1}
    assert client.post(address, said).status_code == 422
    body = io.BytesIO()
    image.new("RGB", (60, 40), "white").save(body, "PNG")
    body.seek(0)
    body.name = "scan.png"
    made = client.post(address, said | {"scan": body})
    assert made.status_code == 302
    row = Instruction.objects.get()
    assert (row.state, row.way) == (Stage.GIVEN, "paper")
    page = client.get(row.get_absolute_url()).content.decode()
    assert "Show the scan" in page
    shown = client.post(f"{row.get_absolute_url()}scan/")
    assert shown.content.startswith(b"\x89PNG")
    assert shown["Cache-Control"] == "no-store"
    assert Record.objects.filter(act="picture.seen").count() == 1
    from groundswell.desk.sources.retention import evidence_kept

    assert row.scan in list(evidence_kept())
    client.force_login(person(Role.UNIT_OFFICER, unit=unit()))
    assert client.post(f"{row.get_absolute_url()}scan/").status_code == 403


# ---------------------------------------------------------------- tasks, days


def test_tasks_go_into_the_open_case_of_the_story(leader: User, duty: User, story: Story) -> None:
    perform("story.open_case", duty, story)
    case = Case.objects.get()
    row = given(leader, story)
    tasks = handed(duty, row, "water", "education")
    assert {task.case for task in tasks} == {case}
    assert perform("instruction.urge", duty, row).data["units_en"] == "Water Bureau, Education Bureau"
    assert set(row.tasks.values_list("urged", flat=True)) == {1}
    client = Client()
    client.force_login(duty)
    assert row.number in client.get(case.get_absolute_url()).content.decode()
    notice = client.get(f"{row.get_absolute_url()}notice/{tasks[0].pk}/").content.decode()
    for words in ("Notice of urging", "Water Bureau", "公布检测安排", "刘明"):
        assert words in notice


def test_a_day_becomes_working_days() -> None:
    assert working_days_until(date(2026, 11, 23), date(2026, 11, 23)) == 0
    assert working_days_until(date(2026, 11, 23), date(2026, 11, 27)) == 4
    assert working_days_until(date(2026, 11, 27), date(2026, 11, 30)) == 1
    assert working_days_until(date(2026, 9, 30), date(2026, 10, 10)) == 3  # Thursday and Friday after the holiday, then a make-up Saturday


# ---------------------------------------------------------------- screens


def test_a_leader_gives_one_on_the_phone_by_a_quick_phrase(leader: User, duty: User, officer: User, story: Story) -> None:
    client = Client()
    client.force_login(leader)
    assert f"/desk/instructions/new/?on=story:{story.number}" in client.get(f"/desk/stories/{story.number}/").content.decode()
    address = f"/desk/instructions/new/?on=story:{story.number}"
    page = client.get(address).content.decode()
    assert "Find out what happened today and answer in public." in page
    assert client.post(address, {"act": "instruct", "within": 1}).status_code == 422  # no words
    assert client.post(address, {"act": "instruct", "text": "x", "within": -1}).status_code == 422  # no day
    assert client.post(address, {"act": "instruct", "text": "x", "within": -1, "date": "2020-01-01"}).status_code == 422
    phrase = "Find out what happened today and answer in public."
    made = client.post(
        address, {"act": "instruct", "phrase": phrase, "text": "报我", "units": [unit().pk], "within": -1, "date": "2026-11-25"}
    )
    row = Instruction.objects.get()
    assert made["Location"] == row.get_absolute_url()
    assert (row.text, row.date, list(row.units.all())) == (f"{phrase}\n报我", date(2026, 11, 25), [unit()])
    assert client.post(address, {"act": "seen"}).status_code == 302
    assert Entry.objects.filter(action="story.seen").count() == 1
    for user, status in ((duty, 200), (leader, 200), (officer, 403)):
        client.force_login(user)
        assert client.get("/desk/instructions/").status_code == status
        assert client.get("/desk/instructions/?month=2026-11").status_code == status
        assert client.get(row.get_absolute_url()).status_code == status
    client.force_login(officer)
    assert client.get(address).status_code in (403, 404)


def test_the_month_is_sorted_and_counted(leader: User, duty: User, officer: User, story: Story, clock: Clock) -> None:
    done = given(leader, story)
    answered(duty, officer, done)
    perform("instruction.accept", leader, done)
    perform("instruction.close", leader, done)
    late = given(leader, story, text="第二件")
    handed(duty, late)
    spoken(duty, leader, story)
    clock.forward(days=3)
    month = queries.month_of(Instruction.objects.all(), date(2026, 11, 1), clock.now)
    assert (month.given, month.closed, month.open, month.late) == (3, 1, 2, 1)
    assert [words for words, _rows in month.groups] == ["To be confirmed", "In hand", "Closed off"]
    assert queries.month_of(Instruction.objects.all(), date(2026, 10, 1), clock.now).given == 0


def test_the_issue_offers_each_of_its_items(leader: User, person: Person, story: Story) -> None:
    issue = issue_with_pieces(story)
    client = Client()
    client.force_login(leader)
    page = client.get(issue.address).content.decode()
    assert f"/desk/instructions/new/?on=issue:{issue.pk}" in page
    assert page.count("/desk/instructions/new/?on=piece:") == 5
    client.force_login(person(Role.EDITOR))
    assert "/desk/instructions/new/" not in client.get(issue.address).content.decode()
    assert find(leader, "issue:99999") is None
    assert find(leader, "nonsense") is None
