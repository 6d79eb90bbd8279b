"""A flash report to its readers: mail over a real server, who has read it, absence and stand-in, instructions that hang on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from groundswell.desk.accounts import leaders
from groundswell.desk.accounts.models import Absence, Oversight, Role, Unit, User
from groundswell.desk.bulletins.models import Recipient, Series
from groundswell.desk.flash import clocks, paper, sending
from groundswell.desk.flash.models import Call, Delivery, Kind, Report
from groundswell.desk.instructions.house_rules import deputy_of, leaders_of
from groundswell.desk.instructions.models import Instruction
from groundswell.desk.instructions.reading import find
from groundswell.desk.roster.papers import log_lines
from groundswell.desk.roster.stretches import running
from groundswell.desk.spine.actions import NotAllowed, Refused, found, perform, undo
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.preferences import change
from groundswell.desk.spine.queue import waiting
from groundswell.desk.stories.models import Story
from tests.conftest import Clock
from tests.desk.county import NOW, lay, tell, water_story
from tests.desk.pressing import Page
from tests.desk.test_bulletin_mail import Box, box  # noqa: F401  (the fixture)

Person = Callable[..., User]
LATER = "清河镇锦绣小区自来水发黄，有很重的铁锈味，县水务局说正在冲洗管道，下午还是黄的，居民希望公布水质检测结果"


@pytest.fixture(autouse=True)
def _county(desk: None) -> Iterator[None]:
    lay()
    clocks.forget()
    with translation.override("en"):
        yield


@pytest.fixture
def duty(person: Person) -> User:
    return person(Role.DUTY, name="林晓", name_en="Lin Xiao")


@pytest.fixture
def deputy(person: Person) -> User:
    user = person(Role.LEADER, name="刘明", name_en="Liu Ming", email="liuming@county.example", phone="0000-8001")
    Oversight.objects.create(leader=user, unit=Unit.objects.get(code="water"), since=NOW.date())
    return user


@pytest.fixture
def head(person: Person) -> User:
    user = person(Role.LEADER, name="宋远", name_en="Song Yuan", phone="0000-8000")
    Oversight.objects.create(leader=user, whole=True, since=NOW.date())
    return user


@pytest.fixture
def story(clock: Clock) -> Story:
    made = water_story()
    Story.objects.filter(pk=made.pk).update(level=2, level_by_hand=True, unit=Unit.objects.get(code="water"))
    made.refresh_from_db()
    return made


def sent(user: User, story: Story) -> Report:
    report: Report = found("flash.draft", user, {"story": story})
    perform("flash.send", user, report, {"reason": "test"})
    return report


def deliver() -> None:
    for pk in sending.due(now()):
        sending.send_one(pk)


def listed(*emails: str) -> list[Recipient]:
    series = Series.objects.get(pk="flash")
    return [Recipient.objects.create(series=series, name=f"单位{n}", email=email) for n, email in enumerate(emails, 1)]


# ---------------------------------------------------------------- the whole way, by the screens


def test_from_the_story_to_the_last_report(
    duty: User,
    deputy: User,
    head: User,
    story: Story,
    clock: Clock,
    box: Box,  # noqa: F811
) -> None:
    """Story → telephone → draft → check → sent by a real server → read → 续报 → 终报."""
    change(None, "links.address", "https://desk.example")
    listed("office@city.example")
    clocks.keep(clock.now)
    client = Client()
    client.force_login(duty)
    page = Page(client, f"/desk/stories/{story.number}/telephone/")
    page.press("//form[@class='form']//button[contains(@class,'pri')]")
    assert Call.objects.get().to == deputy
    assert list(clocks.running(story)) == ["written"]
    page = Page(client, f"/desk/stories/{story.number}/").press("//form[contains(@action,'/flash/')]//button")
    assert page.url.endswith("/check/")
    assert page.says("Reported by telephone to 刘明") or page.says("Reported by telephone to Liu Ming")
    names = [label.text_content() for label in page.tree.xpath("//div[@class='flashreaders']//b")]
    assert [name.split(" ")[0] for name in names] == ["Liu", "Song", "单位1"]
    clock.forward(seconds=6)
    page.press("//form[@id='send']//button")
    report = Report.objects.get()
    assert report.sent_at == clock.now
    assert page.says("no. 1 (1 in all)")
    assert [row.name for row in report.deliveries.all()] == ["刘明", "宋远", "单位1"]
    assert [row.way for row in report.deliveries.all()] == ["mail", "desk", "mail"]
    assert max(row.next_try_at for row in report.deliveries.filter(state="waiting")) - report.sent_at < timedelta(seconds=60)
    deliver()
    assert sorted(box.to()) == ["liuming@county.example", "office@city.example"]
    letter = next(mail for mail in box.mails if "liuming" in str(mail["To"]))
    body = letter.get_body(("plain",))
    assert body is not None
    assert {part.get_filename() for part in letter.iter_attachments()} == {f"{report.ref}.docx", f"{report.ref}.pdf"}
    assert not any(part.get_content_maintype() == "image" for part in letter.walk())  # nothing in the mail tells that it was opened
    other = next(mail for mail in box.mails if "office" in str(mail["To"]))
    assert "/f/" not in other.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    link = re.search(r"https://desk\.example(/f/\S+)", body.get_content())
    assert link is not None
    stranger = Page(Client(), link[1])
    assert report.deliveries.get(user=deputy).read_at is None  # a program that looks at links does not read
    clock.forward(minutes=2)
    stranger.press("//button")
    assert "自来水发黄" in stranger.text
    assert (report.deliveries.get(user=deputy).read_at, report.deliveries.get(user=deputy).read_by_link) == (clock.now, True)
    assert Client().get(link[1]).status_code == 404
    clock.forward(minutes=100)
    tell([LATER], start=200)
    page = Page(client, report.get_absolute_url()).press("//form[contains(@action,'/next/')][not(input[@name='kind'])]//button")
    assert page.says("1 new item since")
    page.press("//form[@id='send']//button", reason="x")
    clock.forward(hours=30)
    second = Report.objects.get(kind=Kind.FOLLOW)
    page = Page(client, second.get_absolute_url()).press("//form[contains(@action,'/next/')][input[@name='kind']]//button")
    page.press("//form[@id='send']//button", reason="x")
    assert sorted(Report.objects.values_list("kind", "number")) == [("final", 3), ("first", 1), ("follow", 2)]
    assert not clocks.running(story)
    trail = Page(client, f"/desk/stories/{story.number}/")
    assert all(trail.says(words) for words in ("Final report", "Follow-up report 1", "First report", "By telephone"))
    lines = [line["zh"] for line in log_lines(running(NOW))]
    assert any("电话报告" in line for line in lines)
    assert any("发出第1期" in line for line in lines)


# ---------------------------------------------------------------- mail


def test_what_failed_is_sent_again_alone(duty: User, deputy: User, story: Story, clock: Clock, box: Box) -> None:  # noqa: F811
    listed("a@city.example", "b@city.example")
    box.no["b@city.example"] = "550 no such user"
    report = sent(duty, story)
    deliver()
    assert sorted(report.deliveries.values_list("email", "state")) == [
        ("a@city.example", "sent"), ("b@city.example", "failed"), ("liuming@county.example", "sent"),
    ]  # fmt: skip
    assert [entry.key for entry in waiting(duty, now())[0] if entry.key.endswith(":unsent")]
    del box.no["b@city.example"]
    perform("flash.resend", duty, report)
    deliver()
    assert sorted(box.to()) == ["a@city.example", "b@city.example", "liuming@county.example"]
    with pytest.raises(Refused, match="Nothing has failed"):
        perform("flash.resend", duty, report)


def test_a_server_that_is_away_is_tried_again_and_one_that_is_missing_said(duty: User, deputy: User, story: Story, clock: Clock) -> None:
    change(None, "mail.host", "127.0.0.1")
    change(None, "mail.port", 9)
    change(None, "mail.security", "none")
    change(None, "mail.sender", "desk@county.example")
    report = sent(duty, story)
    deliver()
    row = report.deliveries.get()
    assert (row.state, row.tries, row.cause) == ("waiting", 1, "unreachable")
    assert row.next_try_at == clock.now + timedelta(minutes=1)
    change(None, "mail.host", "")
    client = Client()
    client.force_login(duty)
    listed("a@city.example")
    Story.objects.filter(pk=story.pk).update(level=2)
    draft = found("flash.draft", duty, {"story": story})
    page = client.get(f"/desk/flash/{draft.ref}/check/").content.decode()
    assert "No mail server is set: 1 recipient" in page


# ---------------------------------------------------------------- who has read it


def test_opening_reading_and_instructing_are_all_readings(duty: User, deputy: User, head: User, story: Story, clock: Clock) -> None:
    report = sent(duty, story)
    client = Client()
    assert [entry.key for entry in waiting(head, now())[0] if entry.key.startswith("flash:read")]
    clock.forward(minutes=3)
    client.force_login(duty)
    client.get(report.get_absolute_url())
    assert not Delivery.objects.exclude(read_at=None).exists()  # the duty officer is no reader
    client.force_login(head)
    client.get(report.get_absolute_url())
    opened = report.deliveries.get(user=head)
    assert opened.read_at == clock.now
    assert Entry.objects.filter(action="flash.open", actor=head).count() == 1
    clock.forward(minutes=3)
    client.get(report.get_absolute_url())
    opened.refresh_from_db()
    assert opened.read_at == clock.now - timedelta(minutes=3)  # the first time counts
    assert not [entry for entry in waiting(head, now())[0] if entry.key.startswith("flash:read")]
    thing = find(deputy, f"flash:{report.ref}")
    assert thing is not None
    row: Instruction = found(
        "instruction.give", deputy, {"on": thing, "text": "今晚公布检测安排", "units": [Unit.objects.get(code="water")]}
    )
    assert row.report == report
    assert report.deliveries.get(user=deputy).read_at == clock.now
    said = set(Entry.objects.filter(action="system.instructed").values_list("subject_type", flat=True))
    assert said == {"flash", "story"}
    client.force_login(deputy)
    page = client.get(f"/desk/instructions/{row.number}/").content.decode()
    assert report.get_absolute_url() in page
    assert "Flash report First report" in page
    perform("flash.refer", head, report, {"to": deputy, "text": "请阅处"})
    perform("flash.seen", deputy, report)
    clock.forward(minutes=90)
    later: Report = found("flash.draft", duty, {"story": story})
    assert "刘明批示：“今晚公布检测安排”" in later.facts["change"]["zh"]
    perform("instruction.hand_out", duty, row, {"title": "公布检测安排", "units": [Unit.objects.get(code="water")], "within": 1})
    perform("flash.redraft", duty, later)
    assert "已交办县水务局“公布检测安排”" in later.facts["measures"]["zh"]


def test_a_draft_is_nothing_to_be_read_or_instructed_on(deputy: User, duty: User, story: Story) -> None:
    draft: Report = found("flash.draft", duty, {"story": story})
    assert find(deputy, f"flash:{draft.ref}") is None


def test_a_read_link_is_shown_once_and_wrong_ones_are_counted(duty: User, head: User, story: Story, clock: Clock) -> None:
    report = sent(duty, story)
    row = report.deliveries.get(user=head)
    client = Client()
    client.force_login(duty)
    client.post(f"/desk/flash/{report.ref}/link/{row.pk}/")
    page = client.get(report.get_absolute_url()).content.decode()
    link = re.search(r"http://testserver(/f/[^\"]+)", page)
    assert link is not None
    assert "/f/" not in client.get(report.get_absolute_url()).content.decode()
    answer = Client().get(link[1])
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert "自来水" not in answer.content.decode()  # not before it is confirmed
    clock.forward(days=8)
    assert Client().get(link[1]).status_code == 404
    for _try in range(40):
        status = Client().get("/f/wrong/").status_code
    assert status == 429


def test_what_left_by_messenger_is_a_row_that_says_to_whom(duty: User, deputy: User, story: Story) -> None:
    report = sent(duty, story)
    client = Client()
    client.force_login(duty)
    page = Page(client, report.get_absolute_url())
    assert paper.short_of(report, "en") in page.tree.get_element_by_id("phone-text").text
    page.press("//form[contains(@action,'/hand-on/')]//button", name="市舆情办工作群", form="picture")
    row = report.deliveries.get(form="picture")
    assert (row.name, row.way, row.by, row.state) == ("市舆情办工作群", "messenger", duty, "sent")
    assert page.says("gave the picture to 市舆情办工作群 by messenger")


# ---------------------------------------------------------------- 分管, absence, stand-ins


def test_the_order_follows_the_charge_and_whoever_is_away_is_stood_in_for(
    duty: User, deputy: User, head: User, person: Person, story: Story, clock: Clock
) -> None:
    unit = Unit.objects.get(code="water")
    third, fourth = person(Role.LEADER, name="周建国"), person(Role.LEADER, name="赵敏")
    order = lambda level=2: [one.user for one in leaders.put_before(unit, level)]  # noqa: E731
    assert order() == [deputy, head]
    assert order(3) == [deputy]
    assert [one.user for one in leaders.put_before(unit, 2, on_duty=[head])] == [head, deputy]  # each once
    entry = perform("user.set_away", duty, deputy, {"until": NOW.date() + timedelta(days=2), "stand_in": third})
    found_ = leaders.put_before(unit, 2)
    assert [(one.user, one.instead_of) for one in found_] == [(third, deputy), (head, None)]
    assert deputy_of(deputy) == third.pk
    assert leaders_of(third) == [third.username, deputy.username]
    report = sent(duty, story)
    row = report.deliveries.get(user=third)
    assert (row.instead_of, row.why) == (deputy, "in_charge")
    assert "in place of Liu Ming" in next(each.why for each in waiting(third, now())[0] if each.key.startswith("flash:read"))
    perform("user.set_away", duty, third, {"until": NOW.date(), "stand_in": deputy})  # both away, each for the other
    assert order() == [head]
    chief = person(Role.ADMINISTRATOR)
    perform("user.name_deputy", chief, head, {"deputy": fourth})
    perform("user.set_away", duty, head, {"until": NOW.date()})
    assert order() == [fourth]
    undo(duty, entry.batch)
    assert order() == [deputy, fourth]
    clock.forward(days=1)
    assert order() == [deputy, head]


def test_an_absence_ends_early_and_comes_back_by_undo(duty: User, deputy: User, person: Person, clock: Clock) -> None:
    perform("user.set_away", duty, deputy, {"since": NOW.date() - timedelta(days=2), "until": NOW.date() + timedelta(days=5)})
    absence = Absence.objects.get()
    entry = perform("user.end_away", duty, deputy, {"held": absence.pk})
    absence.refresh_from_db()
    assert absence.until == NOW.date() - timedelta(days=1)
    assert leaders.acting_for(deputy) == deputy
    undo(duty, entry.batch)
    assert leaders.acting_for(deputy) is None
    with pytest.raises(Refused, match="another person"):
        perform("user.set_away", duty, deputy, {"until": NOW.date(), "stand_in": deputy})
    with pytest.raises(Refused, match="leaders only"):
        perform("user.set_away", duty, duty, {"until": NOW.date()})
    with pytest.raises(NotAllowed):
        perform("user.name_deputy", duty, deputy, {"deputy": person(Role.LEADER)})


def test_the_office_notes_an_absence_on_its_page(duty: User, deputy: User, person: Person, client: Client) -> None:
    third = person(Role.LEADER, name="周建国", name_en="Zhou Jianguo")
    client.force_login(duty)
    page = Page(client, "/desk/people/charge/")
    assert page.says("Liu Ming")
    assert "/desk/people/p2/" not in "".join(page.tree.xpath("//a/@href")).replace("/desk/people/p2/set-away/", "")
    form = Page(client, f"/desk/people/{deputy.username}/set-away/?next=/desk/people/charge/")
    form.press("//form[contains(@class,'form')]//button[contains(@class,'pri')]", until="2026-11-25", stand_in=str(third.pk))
    assert form.says("stands in: Zhou Jianguo")
    assert client.get("/desk/people/").status_code == 403
