"""Telephone first and flash reports: drafted with their facts, checked, numbered and frozen, 初报 to 终报."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from typing import Any

import docx
import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.utils import translation

from groundswell.desk.accounts.models import Oversight, Role, Unit, User
from groundswell.desk.audit.models import Record
from groundswell.desk.bulletins.models import Series
from groundswell.desk.flash import checks, clocks, paper, queries
from groundswell.desk.flash.models import Call, Delivery, Kind, Report, Stage
from groundswell.desk.spine.actions import NotAllowed, Refused, found, perform, possible
from groundswell.desk.spine.models import Entry, Notice, RunningClock, Sequence
from groundswell.desk.spine.preferences import change
from groundswell.desk.spine.queue import waiting
from groundswell.desk.stories.models import State, Story
from tests.conftest import Clock
from tests.desk.county import NOW, lay, tell, water_story

Person = Callable[..., User]
LATER = "清河镇锦绣小区自来水发黄，有很重的铁锈味，十一月二十三日早上六点起三号楼到九号楼都是这样，县水务局说正在冲洗管道，下午还是黄的"


@pytest.fixture(autouse=True)
def _county(desk: None) -> Iterator[None]:
    lay()
    clocks.forget()
    with translation.override("en"):
        yield


@pytest.fixture
def duty(person: Person) -> User:
    return person(Role.DUTY, name="林晓", name_en="Lin Xiao", phone="0000-8101")


@pytest.fixture
def deputy(person: Person) -> User:
    """In charge of the water bureau."""
    user = person(Role.LEADER, name="刘明", name_en="Liu Ming", post="副县长", phone="0000-8001")
    Oversight.objects.create(leader=user, unit=Unit.objects.get(code="water"), since=NOW.date())
    return user


@pytest.fixture
def head(person: Person) -> User:
    """The first leader."""
    user = person(Role.LEADER, name="宋远", name_en="Song Yuan", post="县长", phone="0000-8000")
    Oversight.objects.create(leader=user, whole=True, since=NOW.date())
    return user


@pytest.fixture
def story(clock: Clock) -> Story:
    made = water_story()
    Story.objects.filter(pk=made.pk).update(level=2, level_by_hand=True, unit=Unit.objects.get(code="water"))
    made.refresh_from_db()
    return made


def drafted(user: User, story: Story, **values: Any) -> Report:
    made: Report = found("flash.draft", user, {"story": story} | values)
    return made


def sent(user: User, story: Story, **values: Any) -> Report:
    report = drafted(user, story, **values)
    perform("flash.send", user, report, {"reason": "test"})
    return report


def due_kinds(user: User) -> list[str]:
    return [entry.key.rpartition(":")[2] for entry in waiting(user, NOW)[0] if entry.kind == "flash"]


# ---------------------------------------------------------------- telephone first


def test_the_call_meets_the_first_clock_and_leaves_the_second(duty: User, deputy: User, head: User, story: Story, clock: Clock) -> None:
    clocks.keep(clock.now)
    assert {each.code: round(each.limit.total_seconds() / 60) for each in clocks.open_clocks(clock.now)} == {"phone": 15, "written": 30}
    assert due_kinds(duty) == ["phone"]
    clock.forward(minutes=4)
    perform("story.telephone", duty, story, {"to": f"u:{deputy.pk}", "text": "清河镇自来水发黄，已通知水务局"})
    call = Call.objects.get()
    assert (call.to, call.number, call.by, call.at) == (deputy, "0000-8001", duty, clock.now)
    assert list(clocks.running(story)) == ["written"]
    assert due_kinds(duty) == ["written"]
    entry = Entry.objects.get(action="story.telephone")
    assert (entry.subject_id, entry.data["who"], entry.data["time"]) == (story.pk, "刘明（副县长）", "16:10")
    assert Record.objects.filter(act="story.telephone").count() == 1


def test_the_call_is_filled_in_and_says_what_is_missing(duty: User, deputy: User, head: User, story: Story, client: Client) -> None:
    client.force_login(duty)
    page = client.get(f"/desk/stories/{story.number}/telephone/").content.decode()
    assert f'<option value="u:{deputy.pk}" selected' in page
    assert "0000-8001" in page
    assert "Level II" in page
    answer = client.post(f"/desk/stories/{story.number}/telephone/", {"text": "x", "to": ""})
    assert answer.status_code == 422
    assert "Say whom you told." in answer.content.decode()
    answer = client.post(f"/desk/stories/{story.number}/telephone/", {"text": "x", "to": f"u:{deputy.pk}", "at": "23:00"})
    assert "has not come yet" in answer.content.decode()
    client.post(f"/desk/stories/{story.number}/telephone/", {"text": "已告知", "other": "市舆情办值班室", "at": "15:58"})
    call = Call.objects.get()
    assert (call.name, call.to, f"{call.at:%H:%M}") == ("市舆情办值班室", None, "07:58")


def test_clocks_are_started_once_warned_and_late_once_each_also_after_a_restart(duty: User, story: Story, clock: Clock) -> None:
    for minutes in (0, 1, 11, 5, 3):
        clock.forward(minutes=minutes)
        clocks.keep(clock.now)
        clocks.forget()  # as a new process would begin
    assert RunningClock.objects.filter(subject_type="story").count() == 2
    said = list(Notice.objects.filter(subject_type="clock").order_by("id").values_list("kind", flat=True))
    assert said.count("clock_warned") == 1
    assert said.count("clock_late") == 1
    Story.objects.filter(pk=story.pk).update(state=State.CLOSED)
    clock.forward(minutes=1)
    clocks.keep(clock.now)
    assert not clocks.running(story)


@pytest.mark.parametrize(("level", "phone", "written"), [(1, 15, 30), (2, 15, 30), (3, 30, 60)])
def test_the_limits_are_a_table_by_level(story: Story, clock: Clock, level: int, phone: int, written: int) -> None:
    change(None, "flash.from_level", "3")
    Story.objects.filter(pk=story.pk).update(level=level)
    clocks.keep(clock.now)
    assert [round(each.limit.total_seconds() / 60) for each in clocks.open_clocks(clock.now)] == [phone, written]


def test_below_the_level_nothing_is_due(story: Story, clock: Clock) -> None:
    Story.objects.filter(pk=story.pk).update(level=3)
    clocks.keep(clock.now)
    assert not RunningClock.objects.exists()


# ---------------------------------------------------------------- drafted


def test_a_draft_has_every_head_in_both_languages_with_sources_that_open(duty: User, deputy: User, story: Story, client: Client) -> None:
    report = drafted(duty, story)
    assert report.ref == "KB-2026-1123-01"
    assert (report.kind, report.number, report.state) == (Kind.FIRST, None, Stage.DRAFT)
    assert set(report.facts) == {"what", "where", "when", "who", "spread", "voices", "forecast", "measures", "advice"}
    assert all(said["zh"] and said["en"] for code, said in report.facts.items() if code != "advice"), report.facts
    for code in ("what", "when", "who"):
        assert "[" in report.facts[code]["zh"]
    assert report.figures["items"] == 4
    assert "4条" in report.facts["spread"]["zh"]
    assert [each.code for each in checks.check(report) if each.severity == "error"] == []
    client.force_login(duty)
    page = client.get(f"/desk/flash/{report.ref}/check/").content.decode()
    for n, item in queries.items_of(report):
        assert f'<a href="/desk/items/{item.key}/">[{n}]</a>' in page
        assert client.get(f"/desk/items/{item.key}/").status_code == 200


def test_the_check_page_names_what_is_wrong_and_a_reason_lets_it_go(
    duty: User, deputy: User, story: Story, client: Client, clock: Clock
) -> None:
    report = drafted(duty, story)
    values = {"level": 2, "title": report.title}
    values |= {"what": "网民王小明反映，自来水发黄，已有999条信息。", "who": "首见于论坛。", "spread": "共9条信息。"}
    perform("flash.write", duty, report, values)
    said = {(each.code, each.head) for each in checks.check(report) if each.severity == "error"}
    assert {("private_name", "what"), ("no_source", "what"), ("no_source", "who"), ("figure_differs", "spread")} <= said
    behind = {each.head for each in checks.check(report) if each.code == "english_behind"}
    assert behind == {"what", "who", "spread"}
    client.force_login(duty)
    page = client.get(f"/desk/flash/{report.ref}/check/").content.decode()
    assert "王小明" in page
    answer = client.post(f"/desk/flash/{report.ref}/check/", {"to": [f"u:{deputy.pk}"], "reason": ""})
    assert answer.status_code == 422
    assert Report.objects.get().state == Stage.DRAFT
    answer = client.post(f"/desk/flash/{report.ref}/check/", {"to": [], "reason": "急"})
    assert "Nobody would get it" in answer.content.decode()
    client.post(f"/desk/flash/{report.ref}/check/", {"to": [f"u:{deputy.pk}"], "reason": "急"})
    report.refresh_from_db()
    assert (report.state, report.number, report.total) == (Stage.SENT, 1, 1)
    entry = Entry.objects.get(action="flash.send")
    assert entry.note == "急"
    assert "private_name" in entry.data["overruled"]


def test_counting_again_keeps_what_a_person_wrote(duty: User, story: Story, clock: Clock) -> None:
    report = drafted(duty, story)
    perform("flash.write", duty, report, {"advice": "请水务局今晚公布检测安排。"})
    clock.forward(minutes=20)
    tell([LATER], start=140)
    Story.objects.filter(pk=story.pk).update(item_count=5)
    perform("flash.redraft", duty, report)
    assert report.figures["items"] == 5
    assert "5条" in report.facts["spread"]["zh"]
    assert report.facts["advice"] == {
        "zh": "请水务局今晚公布检测安排。", "en": report.facts["advice"]["en"], "by": "person", "behind": "en",
    }  # fmt: skip


# ---------------------------------------------------------------- sent, frozen, followed, ended


def test_the_series_runs_from_the_first_to_the_last_report(duty: User, deputy: User, story: Story, clock: Clock) -> None:
    clocks.keep(clock.now)
    clock.forward(minutes=10)
    first = sent(duty, story)
    assert (first.kind, first.number) == (Kind.FIRST, 1)
    assert list(clocks.running(story)) == ["follow"]
    assert RunningClock.objects.filter(met_at=clock.now).count() == 2
    clock.forward(minutes=80)
    tell([LATER, LATER + "，居民等得急"], start=190)
    Story.objects.filter(pk=story.pk).update(level=1)
    story.refresh_from_db()
    second = drafted(duty, story)
    assert (second.kind, second.place, second.opening, second.before) == (Kind.FOLLOW, 1, first, first)
    assert next(each.code for each in queries.facts_of(second, [])) == "change"
    said = second.facts["change"]
    assert "新增2条，累计6条" in said["zh"]
    assert "等级由Ⅱ级调为Ⅰ级" in said["zh"]
    assert "2 new items since" in said["en"]
    assert "from II to I" in said["en"]
    perform("flash.send", duty, second, {"reason": "test"})
    assert (second.number, second.total) == (2, 2)
    clock.forward(hours=30)
    clocks.forget()
    assert [row.what for row in queries.due(clock.now)] == ["final"]
    third = sent(duty, story, kind="final")
    assert (third.kind, third.opening) == (Kind.FINAL, first)
    assert "小时无新增信息" in third.facts["outcome"]["zh"]
    assert not clocks.running(story)
    assert queries.due(clock.now) == []
    assert [each.kind_words for each in queries.series_with(third)] == ["First report", "Follow-up report 1", "Final report"]
    assert drafted(duty, story).kind == Kind.FIRST  # what begins anew is a new series


def test_what_was_sent_is_frozen_in_the_database_too(duty: User, deputy: User, story: Story) -> None:
    report = sent(duty, story)
    assert paper.is_whole(report)
    for column, value in (("title", "'x'"), ("facts", "'{}'"), ("number", "7"), ("frozen_hash", "'0'"), ("state", "'draft'")):
        with pytest.raises(IntegrityError, match=r"stays as it is|no act leads"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"update flash_report set {column} = {value} where id = %s", [report.pk])
    for name in ("flash.write", "flash.redraft", "flash.drop", "flash.send"):
        with pytest.raises(Refused):
            perform(name, duty, report)
    story.title = "别的"
    story.save()
    assert paper.brief_of(Report.objects.get(pk=report.pk)).sections[0].title.startswith(report.title)
    perform("flash.correct", duty, report, {"text": "三号楼不在其中"})
    later = Report.objects.get(corrects=report)
    assert later.facts["change"]["zh"] == "更正第1期：三号楼不在其中"
    assert later.kind_words == "Follow-up report 1 (correction)"
    perform("flash.send", duty, later, {"reason": "test"})
    assert later.number == 2


def test_word_and_pdf_say_the_same_and_the_picture_is_a_phones_width(
    duty: User, deputy: User, story: Story, client: Client, shared: object
) -> None:
    from PIL import Image

    report = sent(duty, story)
    client.force_login(duty)
    for language, words in (
        ("zh-hans", ("舆情快报", "第1期（总第1期）", "情况")),
        ("en", ("Flash Report", "Issue 1 (1 in all)", "What happened")),
    ):
        word = client.get(f"/desk/flash/{report.ref}/file.docx?paper={language}")
        text = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(word.content)).paragraphs)
        assert all(each in text for each in words), text
        assert "[1]" in text
        assert "4条" in text or "4 items" in text
        pdf = client.get(f"/desk/flash/{report.ref}/file.pdf?paper={language}").content
        assert pdf.startswith(b"%PDF-")
        picture = client.get(f"/desk/flash/{report.ref}/file.png?paper={language}")
        assert picture["Content-Type"] == "image/png"
        assert len(picture.content) < 1_500_000
        drawn = Image.open(io.BytesIO(picture.content))
        assert drawn.width == 1080
        assert drawn.height > drawn.width
        short = paper.short_of(report, language)
        assert 60 < len(short) <= 200
        assert "II" in short or "Ⅱ" in short


def test_numbers_have_no_gap_under_two_at_once(transactional_db: None, clock: Clock) -> None:
    """Two people send at the same moment, one more fails: 1 and 2 are taken, by one of them each."""
    from datetime import timedelta

    from groundswell.desk.accounts.models import Grant

    duty = User.objects.create_user("one", "a long password 1", name="林晓", language="en")
    leader = User.objects.create_user("two", "a long password 1", name="刘明", language="en")
    for user, role in ((duty, Role.DUTY), (leader, Role.LEADER)):
        Grant.objects.create(user=user, role=role, since=clock.now - timedelta(days=1))
    Oversight.objects.create(leader=leader, whole=True, since=NOW.date())
    first = water_story()
    other = Story.objects.create(
        number="ST-2026-1123-77", engine_id="e77", title="另一件", level=2, first_at=NOW, last_at=NOW, item_count=4
    )
    first.items.filter(pk__in=first.items.order_by("pk").values("pk")[:2]).update(story=other)
    Story.objects.filter(pk=first.pk).update(level=2)
    reports = [drafted(duty, Story.objects.get(pk=pk)) for pk in (first.pk, other.pk)]
    with pytest.raises(Refused):
        perform("flash.send", duty, reports[0], {"to": [], "reason": "x"})
    barrier = threading.Barrier(2)

    def send(report: Report) -> None:
        barrier.wait()
        perform("flash.send", duty, report, {"reason": "x"})
        connections.close_all()

    threads = [threading.Thread(target=send, args=(each,)) for each in reports]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(Report.objects.values_list("number", "total")) == [(1, 1), (2, 2)]
    assert Sequence.objects.get(name="issue:flash").last == 2


def test_the_count_goes_on_from_what_was_before_this_program(duty: User, deputy: User, story: Story) -> None:
    Series.objects.filter(pk="flash").update(total_before=310, number_before=17, number_before_year=2026)
    report = sent(duty, story)
    assert (report.number, report.total) == (18, 311)


def test_every_act_in_every_state_as_every_role(person: Person, duty: User, deputy: User, story: Story) -> None:
    """What is offered goes or is refused for a reason of its own, what is not offered is refused; no other state comes of it."""
    people = [*(person(role, unit=Unit.objects.get(code="water")) for role in Role), duty]
    values: dict[str, dict[str, Any]] = {
        "flash.send": {"reason": "x"}, "flash.hand_on": {"name": "x"}, "flash.correct": {"text": "x"}, "flash.write": {"advice": "x"},
        "flash.refer": {"to": deputy},
    }  # fmt: skip
    allowed = {"duty", "editor", "leader"}
    tried = 0
    for state in Stage:
        with transaction.atomic():
            report = drafted(duty, story)
            if state == Stage.SENT:
                perform("flash.send", duty, report, {"reason": "x"})
            elif state == Stage.DROPPED:
                perform("flash.drop", duty, report)
            for user in people:
                offered = {each.name for each in possible(user, report)}
                assert not offered or {grant.role for grant in user.grants.all()} & allowed
                for name in ("write", "redraft", "drop", "send", "resend", "hand_on", "open", "correct", "seen", "refer"):
                    with transaction.atomic():
                        try:
                            perform(f"flash.{name}", user, Report.objects.get(pk=report.pk), values.get(f"flash.{name}", {}))
                        except Refused:
                            assert f"flash.{name}" not in offered or name in ("resend", "open"), (name, state)
                        else:
                            assert f"flash.{name}" in offered, (name, state)
                        tried += 1
                        transaction.set_rollback(True)
            transaction.set_rollback(True)
    assert tried > 200


def test_who_may_not_report_sees_nothing(person: Person, duty: User, deputy: User, story: Story, client: Client) -> None:
    report = sent(duty, story)
    client.force_login(person(Role.UNIT_OFFICER, unit=Unit.objects.get(code="water")))
    for address in ("/desk/flash/", report.get_absolute_url(), f"{report.get_absolute_url()}file.pdf"):
        assert client.get(address).status_code == 403
    assert client.post(f"/desk/stories/{story.number}/flash/").status_code == 403
    with pytest.raises(NotAllowed):
        perform("story.telephone", person(Role.AUDITOR), story, {"to": f"u:{deputy.pk}", "text": "x"})


def test_markup_in_a_report_is_shown_not_run(duty: User, deputy: User, story: Story, client: Client) -> None:
    report = drafted(duty, story)
    perform("flash.write", duty, report, {"title": "<script>alert(1)</script>", "advice": "<img src=x>"})
    client.force_login(duty)
    for page in ("check/", "write/", ""):
        text = client.get(f"{report.get_absolute_url()}{page}").content.decode()
        assert "<script>alert" not in text
        assert "<img src=x>" not in text
    assert Delivery.objects.count() == 0
