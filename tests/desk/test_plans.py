"""Plans: shipped in both languages, proposed with reasons, started by the named leader alone, led through grades to the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import translation

from groundswell.desk.accounts.models import Role, Unit, User
from groundswell.desk.cases.models import Case, Task
from groundswell.desk.plans import matching, playbook, queries, steps
from groundswell.desk.plans.models import Plan, PlanVersion, Response, ResponseStep, Stage
from groundswell.desk.spine.actions import NotAllowed, Refused, found, perform, possible, undo
from groundswell.desk.spine.models import Entry, Sequence
from groundswell.desk.spine.preferences import change
from groundswell.desk.spine.queue import waiting
from groundswell.desk.stories.models import Story
from tests.conftest import Clock
from tests.desk.county import NOW, lay, water_story

Person = Callable[..., User]
SHIPPED = ("hospital", "labour", "rumour", "school", "utilities", "weather")


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
    return person(Role.UNIT_OFFICER, unit=Unit.objects.get(code="water"))


@pytest.fixture
def story() -> Story:
    found = water_story()
    Story.objects.filter(pk=found.pk).update(unit=Unit.objects.get(code="water"), level=2)
    found.refresh_from_db()
    return found


def plan(code: str = "utilities") -> Plan:
    return Plan.objects.get(code=code)


def asked(duty: User, leader: User, story: Story | None, **values: Any) -> Response:
    said: dict[str, Any] = {"plan": plan(), "grade": 3, "reason": "居民反映集中", "leader": leader, "story": story} | values
    made: Response = found("response.ask", duty, said)
    return made


def started(duty: User, leader: User, story: Story | None, grade: int = 3, **values: Any) -> Response:
    made = asked(duty, leader, story, **values)
    perform("response.approve", leader, made, {"grade": grade, "reason": "同意"})
    return made


def step_of(response: Response, code: str) -> ResponseStep:
    return response.steps.filter(code=code).latest("round")


def drill(duty: User, leader: User) -> Response:
    return started(duty, leader, None, drill=True, title="城区大面积停水", text="主管爆裂，三个小区无水。")


# ---------------------------------------------------------------- the library


def test_six_plans_come_with_the_desk_in_both_languages() -> None:
    assert tuple(sorted(book.code for book in playbook.shipped())) == SHIPPED
    assert tuple(Plan.objects.order_by("code").values_list("code", flat=True)) == SHIPPED
    for version in PlanVersion.objects.all():
        book = version.book
        assert (version.number, version.made_by) == (1, None)
        assert [row.grade for row in book.grades] == [4, 3, 2, 1]
        assert len(book.steps) >= 10
        assert sum(step.text is not None for step in book.steps) > 3, "texts that can be used"
        for words in (book.name, book.about, *(row.words for row in (*book.roles, *book.grades, *book.steps))):
            assert words.zh.strip()
            assert words.en.strip()
            assert not any("\u4e00" <= char <= "\u9fff" for char in words.en), words.en
        for step in book.steps:
            if step.text:
                assert not any("\u4e00" <= char <= "\u9fff" for char in step.text.en), step.text.en


@pytest.mark.parametrize(
    ("change_", "words"),
    [
        ({"steps": []}, "it has no steps"),
        ({"grades": [{"grade": 5, "zh": "一", "en": "one", "items": 1}]}, "grades are I to IV"),
        ({"grades": [{"grade": 1, "zh": "一", "en": "one"}]}, "grade 1 has no threshold"),
        ({"zh": ""}, "stands in one language only"),
        ({"roles": [{"code": "nobody", "zh": "无", "en": "none"}]}, "for the role “duty”"),
        ({"extra": 1}, "unknown field"),
    ],
)
def test_a_fault_in_a_plan_is_named(change_: dict[str, Any], words: str) -> None:
    data = playbook.data_of(next(book for book in playbook.shipped() if book.code == "school")) | change_
    with pytest.raises(ValueError, match="school") as fault:
        playbook.read_playbook(data, "school")
    assert words in str(fault.value)


def test_times_of_steps_are_read() -> None:
    assert [playbook.span_of(text).total_seconds() for text in ("20m", "2h", "1d")] == [1200, 7200, 86400]
    for wrong in ("0m", "soon", "5", "2w", "-1h"):
        with pytest.raises(ValueError, match="is no time"):
            playbook.span_of(wrong)


# ---------------------------------------------------------------- proposed with reasons


def figures(**values: Any) -> matching.Figures:
    said: dict[str, Any] = {"text": "清河镇自来水发黄", "unit": "water", "level": 2, "items": 70, "sources": 5, "rate": 9, "negative": 80}
    return matching.Figures(**(said | values))


@pytest.mark.parametrize(
    ("values", "code", "grade"),
    [
        ({}, "utilities", 2),
        ({"items": 40}, "utilities", 3),  # the level would do for II, the items do not: all must be met
        ({"level": 4}, "utilities", 4),
        ({"level": 1, "items": 500}, "utilities", 1),
        ({"items": 3}, "", 0),  # no grade is reached
        ({"text": "供水公司招聘抄表员"}, "", 0),
        ({"text": "图书馆延长开放"}, "", 0),
        ({"text": "幼儿园隔壁着火了", "unit": "emergency"}, "", 0),  # one word alone stands in stories about anything
        ({"text": "县医院夜间儿科开诊", "unit": "health", "negative": 4, "items": 58}, "hospital", 4),  # good news is no grade III
        ({"text": "图书馆要搬走", "credibility": "low", "unit": ""}, "rumour", 2),
        ({"text": "小学食堂有异物，学校回应", "unit": "education", "items": 30}, "school", 3),
    ],
)
def test_what_is_proposed_follows_from_thresholds(values: dict[str, Any], code: str, grade: int) -> None:
    found = matching.proposals(figures(**values), playbook.shipped())
    assert (found[0].code, found[0].grade) == (code, grade) if code else not found


def test_a_proposal_says_why_and_the_request_keeps_it(duty: User, leader: User, story: Story, client: Client) -> None:
    Story.objects.filter(pk=story.pk).update(item_count=64, negative=40)
    story.refresh_from_db()
    [first, *_rest] = queries.proposed_for(story)
    assert (first.version.plan.code, first.proposal.grade) == ("utilities", 2)
    assert {"code": "items", "want": 60, "have": 64} in first.proposal.why
    client.force_login(duty)
    page = client.get(f"/desk/plans/ask/?on=story:{story.number}").content.decode()
    assert "64 items, at least 60" in page
    sent = client.post(
        f"/desk/plans/ask/?on=story:{story.number}", {"plan": "utilities", "grade": "2", "reason": "学校也没水", "leader": leader.pk}
    )
    made = Response.objects.get()
    assert sent["Location"] == made.get_absolute_url()
    assert {"code": "items", "want": 60, "have": 64} in made.why
    assert queries.proposed_for(story) == [] or queries.proposed_for(story)[0].version.plan.code != "utilities", "asked for already"
    client.force_login(leader)
    assert "64 items, at least 60" in client.get(made.get_absolute_url()).content.decode()


# ---------------------------------------------------------------- the leader decides


def test_from_asking_to_the_end(duty: User, leader: User, officer: User, story: Story, clock: Clock) -> None:
    response = asked(duty, leader, story)
    assert (response.state, response.number, response.steps.count()) == (Stage.ASKED, None, 0)
    assert [entry.button.url for entry in waiting(leader, NOW)[0] if entry.kind == "plan"] == [f"{response.get_absolute_url()}approve/"]
    assert [entry for entry in waiting(duty, NOW)[0] if entry.kind == "plan"] == []
    perform("response.approve", leader, response, {"grade": 3, "reason": "同意"})
    assert (response.state, response.number, response.grade) == (Stage.RUNNING, "YA-2026-0001", 3)
    assert response.case is not None
    assert response.case.story == story, "a case was opened for it"
    wanted = {step.code for step in response.book.steps if step.grade >= 3}
    assert set(response.steps.values_list("code", flat=True)) == wanted
    assert step_of(response, "phone").due_at - NOW == playbook.span_of("20m")
    clock.forward(minutes=30)
    due = [entry for entry in waiting(duty, clock())[0] if entry.kind == "plan"]
    assert due[0].title == "Telephone the leader on duty and the first leader"
    perform("step.done", duty, step_of(response, "phone"), {"note": "16:20 已电话报告"})
    # a step becomes a task of the case; the unit's accepted answer makes it done
    repair = step_of(response, "repair")
    unit = Unit.objects.get(code="water")
    perform("step.hand_out", duty, repair, {"unit": unit, "title": "查明原因", "text": "两小时内", "within": 0})
    task = Task.objects.get()
    assert (repair.state, repair.task, task.case) == ("handed", task, response.case)
    perform("task.sign", officer, task)
    perform("task.answer", officer, task, {"text": "主管抢修，20时恢复"})
    perform("task.accept", duty, task)
    steps.follow_tasks(clock())
    repair.refresh_from_db()
    told = Entry.objects.get(subject_type="step", subject_id=repair.pk, action="system.step_task_done")
    assert (repair.state, told.from_state, told.to_state) == ("done", "handed", "done")
    # another grade: asked by the desk, set by the leader; new steps begin from now
    perform("response.ask_grade", duty, response, {"grade": 2, "reason": "又有两个小区"})
    assert [entry.button.url for entry in waiting(leader, clock())[0] if entry.kind == "plan"] == [
        f"{response.get_absolute_url()}change-grade/"
    ]
    perform("response.change_grade", leader, response, {"grade": 2, "reason": "同意调级"})
    assert [row.grade for row in response.grades.all()] == [3, 2]
    assert step_of(response, "sample").begins_at == clock()
    assert response.wanted_grade is None
    # down again: what was not done of the higher grade is left out
    perform("response.change_grade", leader, response, {"grade": 4, "reason": "已缓和"})
    assert step_of(response, "sample").state == "skipped"
    perform("response.ask_end", duty, response, {"reason": "已恢复供水"})
    perform("response.end", leader, response, {"conclusion": "全部恢复，回访满意"})
    assert (response.state, response.ended_at) == (Stage.ENDED, clock())
    with pytest.raises(Refused):
        perform("step.done", duty, step_of(response, "word"))
    said = list(Entry.objects.filter(subject_type="story", subject_id=story.pk).values_list("action", flat=True))
    assert {"system.response_asked", "system.response_started", "system.response_grade", "system.response_ended"} <= set(said)


def test_only_the_named_leader_or_the_deputy_starts_it(duty: User, leader: User, story: Story, person: Person) -> None:
    other, editor = person(Role.LEADER), person(Role.EDITOR)
    response = asked(duty, leader, story)
    for name, values in (("approve", {"grade": 3}), ("refuse", {"reason": "x"})):
        for who in (duty, editor, other):
            with pytest.raises(NotAllowed):
                perform(f"response.{name}", who, response, values)
            assert f"response.{name}" not in [each.name for each in possible(who, response)]
    change(None, "instructions.deputies", [f"{leader.username}={other.username}"])
    perform("response.approve", other, response, {"grade": 4})
    assert response.grades.get().by == other
    for name, values in (("change_grade", {"grade": 2, "reason": "x"}), ("end", {"conclusion": "x"})):
        with pytest.raises(NotAllowed):
            perform(f"response.{name}", duty, response, values)


def test_another_leader_is_asked_where_the_first_is_away(duty: User, leader: User, story: Story, person: Person) -> None:
    other = person(Role.LEADER)
    response = asked(duty, leader, story)
    with pytest.raises(Refused, match="asked already"):
        perform("response.ask_other", duty, response, {"leader": leader})
    perform("response.ask_other", duty, response, {"leader": other})
    with pytest.raises(NotAllowed):
        perform("response.approve", leader, response, {"grade": 3})
    perform("response.refuse", other, response, {"reason": "先由单位处理"})
    assert response.state == Stage.REFUSED


def test_one_plan_runs_once_at_a_story(duty: User, leader: User, story: Story) -> None:
    response = asked(duty, leader, story)
    with pytest.raises(Refused, match="already"):
        asked(duty, leader, story)
    with pytest.raises(Refused, match="which story"):
        asked(duty, leader, None)
    perform("response.withdraw", duty, response, {"reason": "误报"})
    assert asked(duty, leader, story).pk != response.pk


def test_the_database_guards_states_versions_and_drills(duty: User, leader: User, story: Story) -> None:
    response = asked(duty, leader, story)
    for state in ("ended", "reviewed", "nonsense"):
        with pytest.raises(IntegrityError, match=r"no act leads|real response"), transaction.atomic():
            Response.objects.filter(pk=response.pk).update(state=state)
    with pytest.raises(IntegrityError, match="a drill stays a drill"), transaction.atomic():
        Response.objects.filter(pk=response.pk).update(drill=True)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update plans_planversion set data = '{}'")
    perform("response.approve", leader, response, {"grade": 4})
    with pytest.raises(IntegrityError, match="no act leads"), transaction.atomic():
        ResponseStep.objects.filter(pk=step_of(response, "phone").pk).update(state="nonsense")
    with pytest.raises(IntegrityError, match="legal_level"), transaction.atomic():
        Response.objects.filter(pk=response.pk).update(legal_level=2)


def test_the_emergencys_own_level_is_entered_and_computed_from_nothing(duty: User, leader: User, story: Story) -> None:
    response = started(duty, leader, story, grade=4)
    perform("response.legal_level", duty, response, {"level": 3, "organ": "县政府令〔2026〕3号"})
    assert (response.grade, response.legal_level, Story.objects.get(pk=story.pk).level) == (4, 3, 2)
    perform("response.change_grade", leader, response, {"grade": 1, "reason": "x"})
    assert (response.legal_level, response.legal_organ) == (3, "县政府令〔2026〕3号")


def test_a_step_that_repeats_begins_again_and_undo_takes_it_back(duty: User, leader: User, story: Story, clock: Clock) -> None:
    response = started(duty, leader, story)
    clock.forward(hours=3)
    entry = perform("step.done", duty, step_of(response, "report"), {"note": "续报一"})
    again = step_of(response, "report")
    assert (again.round, again.state, again.due_at) == (2, "todo", NOW + playbook.span_of("8h"))
    undo(duty, entry.batch)
    again = step_of(response, "report")
    assert (again.round, again.state, again.done_at) == (1, "todo", None)
    perform("step.skip", duty, again, {"reason": "合并到专报"})
    assert step_of(response, "report").round == 1


def test_roles_are_given_and_given_up_as_rows(duty: User, leader: User, story: Story, person: Person) -> None:
    response, other = started(duty, leader, story), person(Role.EDITOR)
    perform("response.take_role", duty, response, {"role": "word", "user": duty})
    perform("response.take_role", duty, response, {"role": "word", "user": other})
    assert [(row.user, row.renounced_at is None) for row in response.roles.order_by("id")] == [(duty, False), (other, True)]
    with pytest.raises(Refused, match="no such role"):
        perform("response.take_role", duty, response, {"role": "king", "user": duty})


def test_a_ready_text_is_filled_literally(duty: User, leader: User, story: Story) -> None:
    Story.objects.filter(pk=story.pk).update(title="{unit} <b>水</b>", item_count=41)
    story.refresh_from_db()
    response = started(duty, leader, story)
    row = next(each for each in queries.steps_of(response)[0] if each.row.code == "phone")
    assert "{unit} <b>水</b>. 41 items" in row.text
    assert "Water Bureau concerned" in row.text


# ---------------------------------------------------------------- drills


def test_a_drill_leaves_nothing_outside(duty: User, leader: User, story: Story) -> None:
    before = (Case.objects.count(), Task.objects.count(), dict(Sequence.objects.values_list("name", "last")), story.version)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("smtplib.SMTP.__init__", lambda *_said, **_more: pytest.fail("a drill mails nothing"))
        response = drill(duty, leader)
        unit = Unit.objects.get(code="water")
        perform("step.hand_out", duty, step_of(response, "repair"), {"unit": unit, "title": "抢修", "text": "", "within": 0})
        perform("response.change_grade", leader, response, {"grade": 1, "reason": "情景升级"})
        perform("response.end", leader, response, {"conclusion": "演练结束"})
    assert (response.number, response.case, response.story) == (None, None, None)
    assert step_of(response, "repair").note.startswith("would be handed to")
    assert (Case.objects.count(), Task.objects.count(), dict(Sequence.objects.values_list("name", "last")), story.version) == before
    assert queries.listed() == {"now": 0, "past": 0, "drills": 1}
    assert not Entry.objects.filter(subject_type__in=["case", "task", "story"]).exists()
    perform("response.review", duty, response, {"good": "电话首报快", "bad": "名单旧", "next": "林晓月底前更新名单"})
    assert response.state == Stage.REVIEWED
    with pytest.raises(IntegrityError, match="stays_in_the_house"), transaction.atomic():
        Response.objects.filter(pk=response.pk).update(number="YA-2026-0009")


def test_a_real_response_is_not_reviewed_as_a_drill(duty: User, leader: User, story: Story) -> None:
    response = started(duty, leader, story)
    perform("response.end", leader, response, {"conclusion": "x"})
    with pytest.raises(Refused, match="page of its case"):
        perform("response.review", duty, response, {"good": "a", "bad": "b", "next": "c"})


def test_everything_of_a_drill_is_marked(duty: User, leader: User, client: Client) -> None:
    made = asked(duty, leader, None, drill=True, title="停水演练")
    assert [entry.kind_words for entry in waiting(leader, NOW)[0] if entry.kind == "plan"] == ["DRILL"]
    client.force_login(duty)
    for address in (made.get_absolute_url(), "/desk/plans/?tab=drills", "/desk/plans/"):
        assert "DRILL" in client.get(address).content.decode()
    perform("response.approve", leader, made, {"grade": 3})
    assert "【DRILL】" in client.get(made.get_absolute_url()).content.decode(), "texts that could be copied say it too"
    assert str(made).startswith("DRILL")


# ---------------------------------------------------------------- versions


def edited(admin: User, **changes: Any) -> PlanVersion:
    data = plan().current.data | changes
    made: PlanVersion = found("planversion.make", admin, {"plan": plan(), "data": data, "reason": "年度修订"})
    return made


def test_what_runs_keeps_its_version(duty: User, leader: User, story: Story, person: Person) -> None:
    admin = person(Role.ADMINISTRATOR)
    response = started(duty, leader, story)
    made = edited(admin, en="Water, power and heat", zh="水电热应急预案", steps=plan().current.data["steps"][:3])
    assert made.number == 2
    response = Response.objects.get(pk=response.pk)
    assert (str(response.book.name), len(response.book.steps)) == ("Water and power", 12)
    perform("response.end", leader, response, {"conclusion": "x"})
    assert asked(duty, leader, story).plan_version == made
    with pytest.raises(Refused, match="Nothing was changed"):
        edited(admin)
    with pytest.raises(Refused, match="it has no steps"):
        edited(admin, steps=[])
    with pytest.raises(NotAllowed):
        edited(duty, en="Other")


def test_the_forms_of_a_plan_give_back_what_they_were_given() -> None:
    from groundswell.desk.plans import edit_forms

    for book in playbook.shipped():
        parts = (edit_forms.head_of, edit_forms.roles_of, edit_forms.grades_of, edit_forms.steps_of)
        data = edit_forms.data_from(book, *(part(book) for part in parts))
        again = playbook.read_playbook(data, book.code)
        assert again.steps == book.steps
        assert sorted(again.grades, key=lambda row: row.grade) == sorted(book.grades, key=lambda row: row.grade)
        assert (again.words, again.roles, again.about) == (book.words, book.roles, book.about)


def test_an_administrator_edits_on_one_page(person: Person, client: Client) -> None:
    client.force_login(person(Role.ADMINISTRATOR))
    page = client.get("/desk/plans/library/labour/edit/")
    fields = filled(page)
    fields |= {"reason": "改短时限", "steps-0-within": "15m"}
    sent = client.post("/desk/plans/library/labour/edit/", fields)
    assert sent.status_code == 302, sent.content.decode()[:3000]
    version = plan("labour").current
    assert (version.number, version.book.steps[0].within, version.reason) == (2, "15m", "改短时限")
    wrong = client.post("/desk/plans/library/labour/edit/", fields | {"steps-1-within": "soon", "steps-2-en": ""})
    assert wrong.status_code == 422
    assert "Write 20m, 2h or 1d." in wrong.content.decode()
    assert "It is wanted in both languages." in wrong.content.decode()
    unneeded = client.post("/desk/plans/library/labour/edit/", fields | {"roles-0-zh": "", "roles-0-en": ""})
    assert unneeded.status_code == 422
    assert "Steps still need the role" in unneeded.content.decode()
    role = {f"roles-{len(version.book.roles)}-zh": "记录", f"roles-{len(version.book.roles)}-en": "Minutes"}
    assert client.post("/desk/plans/library/labour/edit/", fields | role | {"reason": "加一个角色"}).status_code == 302
    added = plan("labour").current.book.roles[-1]
    assert (added.code, added.zh, added.en) == ("role-1", "记录", "Minutes")
    assert client.get("/desk/plans/library/labour/1/").status_code == 200
    assert client.get("/desk/plans/library/labour/9/").status_code == 404


def filled(page: Any) -> dict[str, str]:
    """The values that the forms of PAGE send where nobody touches them."""
    from lxml import html

    form = html.fromstring(page.content.decode()).xpath("//form[contains(@class, 'planform')]")[0]
    return {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}


def test_a_retired_plan_is_not_proposed(person: Person, story: Story) -> None:
    Story.objects.filter(pk=story.pk).update(item_count=64, negative=40)
    story.refresh_from_db()
    perform("plan.retire", person(Role.ADMINISTRATOR), plan(), {"reason": "并入总预案"})
    assert "utilities" not in {each.version.plan.code for each in queries.proposed_for(story)}


# ---------------------------------------------------------------- screens


def test_screens_by_role(duty: User, leader: User, officer: User, story: Story, person: Person, client: Client) -> None:
    response = started(duty, leader, story)
    pages = [
        "/desk/plans/",
        "/desk/plans/?tab=library",
        "/desk/plans/?tab=past",
        "/desk/plans/library/rumour/",
        response.get_absolute_url(),
    ]
    admin, auditor = person(Role.ADMINISTRATOR), person(Role.AUDITOR)
    for who, status in ((duty, 200), (leader, 200), (admin, 200), (officer, 403), (auditor, 403)):
        client.force_login(who)
        assert [client.get(page).status_code for page in pages] == [status] * len(pages)
    client.force_login(duty)
    assert client.get("/desk/plans/library/rumour/edit/").status_code == 403
    assert client.get("/desk/plans/ask/?on=story:ST-nothing").status_code == 404
    assert client.get("/desk/plans/drill/?plan=school").status_code == 200
    assert client.post("/desk/plans/drill/", {}).status_code == 422
    assert client.get(f"/desk/plans/steps/{step_of(response, 'phone').pk}/")["Location"].startswith(response.get_absolute_url())
    for page in (f"/desk/stories/{story.number}/", f"/desk/cases/{response.case.number}/"):  # type: ignore[union-attr]
        assert response.get_absolute_url() in client.get(page).content.decode()
    with translation.override("zh-hans"):
        User.objects.filter(pk=duty.pk).update(language="zh-hans")
        client.force_login(User.objects.get(pk=duty.pk))
        assert "水电供应应急预案" in client.get(response.get_absolute_url()).content.decode()
