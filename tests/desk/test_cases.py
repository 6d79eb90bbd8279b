"""Cases and tasks: kinds as data, moves as acts, clocks out of history, and who may see what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import translation

from groundswell.desk.accounts.models import Role, Unit, User
from groundswell.desk.cases import clocks, kinds, queries
from groundswell.desk.cases.models import Case, CaseRole, Task
from groundswell.desk.spine.actions import ACTIONS, NotAllowed, Refused, found, perform, possible, undo
from groundswell.desk.spine.models import Entry, Notice, RunningClock
from groundswell.desk.spine.queue import waiting
from groundswell.desk.stories.models import State
from tests.conftest import Clock
from tests.desk.county import lay, water_story

Person = Callable[..., User]


@pytest.fixture(autouse=True)
def _county(desk: None) -> Iterator[None]:
    lay()
    clocks._looked.clear()
    with translation.override("en"):
        yield


@pytest.fixture
def duty(person: Person) -> User:
    return person(Role.DUTY)


@pytest.fixture
def leader(person: Person) -> User:
    return person(Role.LEADER)


@pytest.fixture
def officer(person: Person) -> User:
    return person(Role.UNIT_OFFICER, unit=Unit.objects.get(code="water"))


def unit(code: str = "water") -> Unit:
    return Unit.objects.get(code=code)


def incident(duty: User) -> Case:
    perform("story.open_case", duty, water_story())
    return Case.objects.get(kind="incident")


def message(duty: User, sort: str = "complain") -> Case:
    made: Case = found("case.open", duty, {"kind": "message", "title": "水费算错了", "sort": sort, "unit": unit()})
    return made


def task_of(case: Case, duty: User, within: int = 1, code: str = "water") -> Task:
    perform("case.hand_out", duty, case, {"title": "查水质", "unit": unit(code), "within": within})
    return case.tasks.latest("id")


def open_clocks(record: Case | Task, at: Any) -> dict[str, Any]:
    return {each.row.code: each.state for each in clocks.standing(record, at) if each.is_open}


# ---------------------------------------------------------------- what is late


def test_a_case_with_two_late_clocks_is_one_late_case_on_every_screen(duty: User, clock: Clock) -> None:
    first, paused = incident(duty), message(duty)
    perform("case.message_accept", duty, paused)
    perform("case.message_ask", duty, paused, {"reason": "等群众补材料"})
    RunningClock.objects.create(
        subject_type="case", subject_id=first.pk, rule="x:opinion.respond", amount=1, unit="hour", started_at=clock.now, due_at=clock.now
    )
    clock.forward(days=40)
    assert RunningClock.objects.filter(subject_type="case", subject_id=first.pk, due_at__lt=clock.now).count() > 1
    client = Client()
    client.force_login(duty)
    board = client.get("/desk/cases/").content.decode()
    assert "1 overdue" in re.findall(r'id="count-cases">(.*?)<', board)
    assert re.findall(r'class="chip warn"[^>]*>(\d+) overdue', board) == ["1"]
    listed = client.get("/desk/cases/?late=1&view=list").content.decode()
    assert first.number in listed
    assert paused.number not in listed


# ---------------------------------------------------------------- kinds


def test_every_kind_is_sound_and_said_in_both_languages() -> None:
    assert {"incident", "message", "request", "superior", "list", "task"} <= set(kinds.kinds())
    for kind in kinds.kinds().values():
        for row in kind.states.values():
            for language, word in (("en", row.en), ("zh-hans", row.zh)):
                with translation.override(language):
                    assert str(row.words) == word
            assert row.en != row.zh


@pytest.mark.parametrize(
    ("was", "became", "words"),
    [
        ("opens: open", "opens: new", "opens in “new”"),
        ("from: [review], to: answered", "from: [review], to: sent", "names the state “sent”"),
        ("column: review", "column: middle", "none of open, handling"),
        ("meets: [answer, close]", "meets: [reply]", "names the move “reply”"),
        ("form: reason", "form: essay", "the form “essay”"),
        (
            "code: withdraw, from: [open, handling], to: void",
            "code: withdraw, from: [open, handling], to: closed",
            "nothing leads to the state “void”",
        ),
        ("prefix: CA", "prefix: [CA", "incident.yaml"),
        ("prefix: CA", "shape: CA", "incident.yaml"),
    ],
)
def test_a_fault_in_a_kinds_file_is_named(was: str, became: str, words: str) -> None:
    from importlib.resources import files

    text = files(kinds.FOLDER).joinpath("kinds", "incident.yaml").read_text(encoding="utf-8")
    assert was in text
    with pytest.raises(ValueError, match=r"incident\.yaml") as error:
        kinds.read_kind(text.replace(was, became, 1), "incident.yaml")
    assert words in str(error.value)


def test_the_database_itself_refuses_unknown_moves(duty: User) -> None:
    case = incident(duty)
    for state in ("incident.answered", "message.open", "incident.nonsense", ""):
        with pytest.raises(IntegrityError, match="no move leads"), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(state=state)
    with pytest.raises(IntegrityError, match="no move leads"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update cases_case set state = 'incident.closed' where id = %s", [case.pk])
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(number="X", kind="incident", state="incident.closed", title="x", opened_at=case.opened_at)
    Case.objects.filter(pk=case.pk).update(state="incident.handling")  # this one there is


# ---------------------------------------------------------------- every act, in every state, as every role


def test_every_act_in_every_state_as_every_role_does_what_the_kinds_say(person: Person, duty: User) -> None:
    """Whatever is offered goes; whatever is not offered is refused; the state afterwards is one that the kind allows."""
    people = {role: person(role, unit=unit() if role == Role.UNIT_OFFICER else None) for role in Role}
    values: dict[str, dict[str, Any]] = {
        "": {}, "reason": {"reason": "because"}, "answer": {"text": "the answer"}, "follow": {"days": 3}, "outcome": {"outcome": "done"}, "unit": {"unit": unit("education")},
    }  # fmt: skip
    allowed, tried = kinds.allowed_moves(), 0
    for kind in kinds.kinds().values():
        for state in kind.states:
            for role, user in people.items():
                for move in kind.moves:
                    name = f"task.{move.code}" if kind.subject == "task" else f"case.{kind.code}_{move.code}"
                    with transaction.atomic():
                        record = _at(kind, state, duty)
                        offered = name in {each.name for each in possible(user, record)}
                        fits = state in move.from_
                        before = record.state
                        try:
                            perform(name, user, record, values[move.form])
                        except Refused:
                            assert not offered, (name, state, role)
                            record.refresh_from_db()
                            assert record.state == before
                        else:
                            assert offered, (name, state, role)
                            assert fits, (name, state, role)
                            assert (before, record.state) in allowed
                            assert record.state == kind.whole(move.to)
                        tried += 1
                        transaction.set_rollback(True)
    assert tried > 1000


def _at(kind: kinds.Kind, state: str, duty: User) -> Any:
    """A record of KIND that stands in STATE, whatever led there."""
    from groundswell.desk.spine.ports import now

    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")  # past the guard: only here
        common = {"kind": kind.code, "title": "x", "opened_at": now(), "unit": unit()}
        if kind.subject == "case":
            record: Any = Case.objects.create(number=f"T-{state}", state=kind.whole(state), sort=next(iter(kind.sorts), ""), **common)
        else:
            case = Case.objects.create(number="T-1", state="incident.handling", **(common | {"kind": "incident"}))
            record = Task.objects.create(case=case, state=kind.whole(state), title="x", unit=unit(), handed_at=now(), handed_by=duty)
        cursor.execute("set local session_replication_role = origin")
    return record


FORBIDDEN = (
    "delete_post",
    "remove_post",
    "takedown",
    "take_down",
    "sock",
    "disguise",
    "anonymous_post",
    "profile",
    "dossier",
    "blacklist",
    "suspect",
    "删帖",
    "水军",
)


def test_no_act_deletes_others_posts_disguises_the_body_or_keeps_a_file_on_a_person() -> None:
    from django.apps import apps

    words = [f"{each.name} {each.verb} {each.did}".lower() for each in ACTIONS.values()]
    fields = [
        f"{model._meta.label} {column.name}".lower()
        for model in apps.get_models()
        if model.__module__.startswith("groundswell")
        for column in model._meta.get_fields()
    ]
    for said in (*words, *fields):
        assert not [word for word in FORBIDDEN if word in said], said


# ---------------------------------------------------------------- a case from its story to its end


def test_one_key_opens_the_case_of_a_story_and_takes_it_back(duty: User) -> None:
    story = water_story()
    entry = perform("story.open_case", duty, story)
    case = Case.objects.get()
    assert (case.number, case.state, case.story_id, case.unit_id) == ("CA-2026-0001", "incident.open", story.pk, story.unit_id)
    with pytest.raises(Refused, match="CA-2026-0001"):
        perform("story.open_case", duty, story)
    undo(duty, entry.batch)
    case.refresh_from_db()
    assert case.state == "incident.void"
    assert not open_clocks(case, case.opened_at)
    perform("story.open_case", duty, story)
    assert Case.objects.latest("id").number == "CA-2026-0002"  # a number is never used twice


def test_from_open_to_closed_with_two_units_one_of_which_returns_it(duty: User, leader: User, officer: User, clock: Clock) -> None:
    case = incident(duty)
    perform("case.incident_accept", duty, case)
    mine = task_of(case, duty)
    other = task_of(case, duty, code="education")
    with pytest.raises(Refused, match="查水质"):
        perform("case.incident_close", duty, case, {"outcome": "fixed"})
    perform("task.recall", duty, other, {"reason": "not theirs"})
    clock.forward(minutes=20)
    perform("task.sign", officer, mine)
    assert set(open_clocks(mine, clock.now)) == {"answer"}
    perform("task.answer", officer, mine, {"text": "已换滤芯，水质合格。"})
    assert not open_clocks(mine, clock.now)
    perform("task.send_back", duty, mine, {"reason": "报告呢"})
    assert set(open_clocks(mine, clock.now)) == {"answer"}  # it runs on from its old beginning
    assert open_clocks(mine, clock.now)["answer"].started_at == mine.handed_at
    perform("task.answer", officer, mine, {"text": "报告附后。"})
    perform("task.accept", duty, mine)
    perform("case.incident_submit", duty, case, {"text": "水质已合格，检测报告公开。"})
    with pytest.raises(NotAllowed):
        perform("case.incident_answer", duty, case)
    perform("case.incident_answer", leader, case)
    assert not open_clocks(case, clock.now)
    perform("case.incident_close", duty, case, {"outcome": "解决"})
    case.refresh_from_db()
    assert (case.state, case.outcome, case.closed_at) == ("incident.closed", "解决", clock.now)
    said = [entry.action for entry in Entry.objects.filter(subject_type="case", subject_id=case.pk).order_by("id")]
    assert said[-1] == "case.incident_close"
    assert said.count("system.task_moved") == 6


def test_whoever_writes_an_answer_does_not_review_it(person: Person, duty: User) -> None:
    case = incident(duty)
    both = person(Role.DUTY, Role.LEADER)
    perform("case.incident_accept", duty, case)
    perform("case.incident_submit", both, case, {"text": "答复"})
    with pytest.raises(Refused, match="Another person"):
        perform("case.incident_answer", both, case)
    perform("case.incident_answer", person(Role.EDITOR), case)


def test_a_returned_task_goes_to_another_unit_with_new_clocks(duty: User, officer: User, clock: Clock) -> None:
    case = incident(duty)
    task = task_of(case, duty)
    clock.forward(hours=1)
    perform("task.give_back", officer, task, {"reason": "不归我们管"})
    assert not open_clocks(task, clock.now)
    assert [entry.title for entry in waiting(duty, clock.now)[0] if entry.kind == "task"] == ["查水质"]
    perform("task.pass_on", duty, task, {"unit": unit("education")})
    task.refresh_from_db()
    assert (task.unit_id, task.state, task.returned_why) == (unit("education").pk, "task.sent", "")
    assert {state.started_at for state in open_clocks(task, clock.now).values()} == {clock.now}
    with pytest.raises(NotAllowed):
        perform("task.sign", officer, task)


def test_urging_is_counted_and_stands_on_both_timelines(duty: User) -> None:
    case = incident(duty)
    task = task_of(case, duty)
    for n in (1, 2):
        assert perform("task.urge", duty, task).data["n"] == n
    task.refresh_from_db()
    assert task.urged == 2
    assert Entry.objects.filter(subject_type="case", action="system.task_moved", data__what_en="urged").count() == 2


def test_roles_are_rows_with_a_beginning_and_an_end(duty: User, leader: User, clock: Clock) -> None:
    case = incident(duty)
    perform("case.take_role", duty, case, {"role": "lead"})
    clock.forward(hours=2)
    perform("case.take_role", leader, case, {"role": "lead"})
    rows = list(CaseRole.objects.order_by("id").values_list("user_id", "renounced_at"))
    assert rows == [(duty.pk, clock.now), (leader.pk, None)]


# ---------------------------------------------------------------- clocks


def test_a_message_has_the_time_of_its_sort_and_rests_while_the_writer_is_asked(duty: User, clock: Clock) -> None:
    case = message(duty, "complain")  # Monday 23 November 2026, 16:06
    assert clocks.standing(case, clock.now)[0].state.due.isoformat() == "2026-12-02"  # seven working days
    assert clocks.standing(message(duty, "consult"), clock.now)[0].state.due.isoformat() == "2026-11-30"
    perform("case.message_accept", duty, case)
    clock.forward(days=1)
    perform("case.message_ask", duty, case, {"reason": "哪一户"})
    clock.forward(days=2)
    standing = clocks.standing(case, clock.now)[0].state
    assert standing.paused
    perform("case.message_told", duty, case, {"reason": "3 号楼"})
    after = clocks.standing(case, clock.now)[0].state
    assert not after.paused
    assert after.due.isoformat() == "2026-12-07"  # Tuesday to Thursday are not counted
    assert [step.code for step in after.why].count("paused") == 3


def test_a_task_from_above_is_due_on_the_day_that_its_letter_says(duty: User, leader: User, clock: Clock) -> None:
    due = clock.now.date() + timedelta(days=4)
    case = found("case.open", duty, {"kind": "superior", "title": "回复材料", "letter": "市网办函〔2026〕31号", "date": due})
    assert clocks.standing(case, clock.now)[0].state.due == due
    perform("case.superior_accept", duty, case)
    perform("case.superior_submit", duty, case, {"text": "材料"})
    perform("case.superior_answer", leader, case)
    assert clocks.standing(case, clock.now)[0].state.state == "met"


def test_more_time_is_given_with_a_reason_and_stands_in_the_sum(duty: User, leader: User, clock: Clock) -> None:
    case = message(duty)
    perform("case.extend", leader, case, {"clock": "answer", "n": 3, "reason": "要现场测"})
    assert clocks.standing(case, clock.now)[0].state.due.isoformat() == "2026-12-07"
    with pytest.raises(Refused, match="does not run"):
        perform("case.extend", leader, case, {"clock": "sign", "n": 3, "reason": "x"})


def test_warned_and_late_are_said_once_each_also_after_a_restart(duty: User, clock: Clock) -> None:
    case = message(duty, "consult")

    def said(what: str) -> int:
        return Entry.objects.filter(subject_type="case", subject_id=case.pk, action=f"system.{what}").count()

    for day in range(12):
        clock.forward(days=1)
        for _ in range(2):
            clocks._looked.clear()  # a restart
            clocks.watch_clocks(clock.now)
        assert said("clock_warned") == (1 if day >= 4 else 0), day
        assert said("clock_late") == (1 if day >= 7 else 0), day
    assert Notice.objects.filter(subject_type="clock", closed_at=None).count() == 2


def test_a_public_word_meets_the_first_clock_and_leaves_the_second(duty: User, clock: Clock) -> None:
    case = incident(duty)
    assert set(open_clocks(case, clock.now)) == {"first_word", "respond"}
    clock.forward(hours=2)
    perform("case.spoke", duty, case, {"text": "正在抢修，今晚恢复", "address": "https://county.example/1"})
    assert set(open_clocks(case, clock.now)) == {"respond"}
    met = next(each for each in clocks.standing(case, clock.now) if each.row.code == "first_word")
    assert (met.state.state, met.state.is_overdue, met.source) == ("met", False, "国办发〔2016〕80号")
    with pytest.raises(Refused):
        perform("case.spoke", duty, message(duty), {"text": "x"})


def test_a_changed_calendar_changes_the_due_day(duty: User, clock: Clock) -> None:
    from groundswell.desk.spine.models import CalendarDay

    case = message(duty, "consult")
    CalendarDay.objects.create(day=(clock.now + timedelta(days=2)).date(), is_working=False, name="storm")
    assert clocks.standing(case, clock.now)[0].state.due.isoformat() == "2026-12-01"
    clocks.watch_clocks(clock.now)
    assert RunningClock.objects.get().due_at.isoformat() == "2026-12-01T16:00:00+00:00"


def test_a_followed_case_comes_back_in_time_or_when_its_story_rises(duty: User, clock: Clock) -> None:
    from groundswell.desk.cases.actions import end_following

    case = incident(duty)
    perform("case.incident_accept", duty, case)
    perform("case.incident_follow", duty, case, {"days": 3})
    end_following(clock.now)
    case.refresh_from_db()
    assert case.state == "incident.following"
    clock.forward(days=3)
    end_following(clock.now)
    end_following(clock.now)
    case.refresh_from_db()
    assert case.state == "incident.handling"
    back = Entry.objects.get(subject_type="case", action="system.case_back")
    assert (back.from_state, back.to_state) == ("incident.following", "incident.handling")
    perform("case.incident_follow", duty, case, {"days": 30})
    type(case.story).objects.filter(pk=case.story_id).update(state=State.RISING)
    end_following(clock.now)
    case.refresh_from_db()
    assert case.state == "incident.handling"


# ---------------------------------------------------------------- screens


def test_the_board_shows_each_open_case_in_its_column_with_its_clock(duty: User, client: Client, clock: Clock) -> None:
    case, other = incident(duty), message(duty)
    perform("case.message_accept", duty, other)
    task_of(case, duty)
    client.force_login(duty)
    columns = {column.code: column for column in client.get("/desk/cases/").context["columns"]}
    assert [card.case for card in columns["open"].cards] == [case]
    assert (columns["open"].cards[0].done, columns["open"].cards[0].tasks) == (0, 1)
    assert [card.case for card in columns["handling"].cards] == [other]
    clock.forward(days=1)
    page = client.get("/desk/cases/?view=list")
    assert [card.case for card in page.context["cards"]] == [case, other]
    assert page.context["late"] == 1
    assert [card.case for card in client.get("/desk/cases/?view=list&late=1").context["cards"]] == [case]
    assert [card.case for card in client.get("/desk/cases/?view=list&kind=message").context["cards"]] == [other]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_open_in_both_languages(person: Person, client: Client, language: str, duty: User) -> None:
    case = incident(duty)
    task = task_of(case, duty)
    for role in (Role.DUTY, Role.EDITOR, Role.LEADER):
        client.force_login(person(role, language=language))
        for path in ("/desk/cases/", "/desk/cases/?view=list", f"/desk/cases/{case.number}/", f"/desk/tasks/{task.pk}/"):
            assert client.get(path).status_code == 200, (role, path)
    client.force_login(person(Role.UNIT_OFFICER, unit=unit(), language=language))
    for path in ("/desk/tasks/", "/desk/tasks/?tab=done", f"/desk/tasks/{task.pk}/", "/desk/"):
        assert client.get(path).status_code == 200, path


def test_a_unit_sees_its_own_tasks_and_no_case(person: Person, officer: User, client: Client, duty: User) -> None:
    case = incident(duty)
    mine, others = task_of(case, duty), task_of(case, duty, code="education")
    client.force_login(officer)
    assert client.get(f"/desk/tasks/{mine.pk}/").status_code == 200
    assert client.get(f"/desk/tasks/{others.pk}/").status_code == 404
    assert client.get("/desk/cases/").status_code == 403
    assert client.get(f"/desk/cases/{case.number}/").status_code == 403
    assert client.post(f"/desk/tasks/{others.pk}/sign/").status_code == 403
    client.force_login(person(Role.UNIT_OFFICER))  # of no unit
    assert client.get(f"/desk/tasks/{mine.pk}/").status_code == 404
    for role in (Role.LEADS_KEEPER, Role.AUDITOR, Role.ADMINISTRATOR):
        client.force_login(person(role))
        assert client.get("/desk/cases/").status_code == 403
        assert client.get(f"/desk/tasks/{mine.pk}/").status_code == 404


def test_a_message_is_entered_by_hand_and_says_what_is_missing(duty: User, client: Client) -> None:
    client.force_login(duty)
    fields = {"kind": "message", "title": "路灯不亮", "text": "晚上黑", "unit": unit().pk}
    answer = client.post("/desk/cases/new/", fields)
    assert answer.status_code == 422
    assert "its time limit hangs on that" in answer.content.decode()
    assert client.post("/desk/cases/new/", {"kind": "superior", "title": "x"}).status_code == 422
    answer = client.post("/desk/cases/new/", fields | {"sort": "consult"})
    assert answer.status_code == 302
    assert Case.objects.get().number == "LY-2026-0001"
    page = client.get(answer["Location"]).content.decode()
    assert "路灯不亮" in page
    assert "2026-11-30" in page  # the sum day by day


def test_markup_in_titles_and_answers_is_shown_not_run(duty: User, officer: User, client: Client) -> None:
    evil = "<script>alert(1)</script>"
    case = found("case.open", duty, {"kind": "list", "title": evil, "text": evil})
    task = task_of(case, duty)
    perform("task.answer", officer, task, {"text": evil})
    client.force_login(duty)
    for path in ("/desk/cases/", case.get_absolute_url(), task.get_absolute_url(), "/desk/"):
        assert evil not in client.get(path).content.decode(), path


def test_whose_turn_it_is_stands_in_one_sentence(duty: User, officer: User) -> None:
    case = incident(duty)
    task = task_of(case, duty)
    with translation.override("en"):
        assert str(queries.whose_turn(case, case.tasks.all())) == "Waiting for Water Bureau"
        perform("task.answer", officer, task, {"text": "done"})
        assert "answered" in str(queries.whose_turn(case, case.tasks.all()))
        perform("task.accept", duty, task)
        assert str(queries.whose_turn(case, case.tasks.all())) == "Not accepted: the desk's turn"


def test_the_board_asks_a_fixed_number_of_queries(duty: User, client: Client, django_assert_max_num_queries: Callable[..., Any]) -> None:
    for _ in range(12):
        task_of(message(duty), duty)
    client.force_login(duty)
    client.get("/desk/cases/")
    with django_assert_max_num_queries(40):
        client.get("/desk/cases/")
