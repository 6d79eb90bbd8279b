"""One-time links by messenger and short message: to real servers on loopback, into the unit's own group, tried again, no token kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from standardwebhooks import Webhook

from groundswell.desk.accounts.models import Role, Unit, User
from groundswell.desk.alerts import sending
from groundswell.desk.alerts.models import Channel, Sending
from groundswell.desk.audit.models import Record
from groundswell.desk.cases import messenger
from groundswell.desk.cases.models import Case, Task, TaskLink
from groundswell.desk.spine.actions import NotAllowed, Refused, perform
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.preferences import change
from groundswell.desk.spine.queue import waiting
from tests.conftest import Clock
from tests.desk.alerting import SECRET, Receiver, channel, receiver, send_all
from tests.desk.county import lay, water_story

Person = Callable[..., User]
DESK = "https://desk.yunling.example"
TAKEN = '{"errcode":0,"errmsg":"ok"}'


@pytest.fixture(autouse=True)
def _county(desk: None) -> Iterator[None]:
    lay()
    change(None, "alerts.inside", ["127.0.0.1"])
    change(None, "links.address", f"{DESK}/")
    with translation.override("en"):
        yield


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as kept:
        kept.answer = lambda: (200, TAKEN)
        yield kept


@pytest.fixture
def duty(person: Person) -> User:
    return person(Role.DUTY)


@pytest.fixture
def admin(person: Person) -> User:
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def task(duty: User) -> Task:
    perform("story.open_case", duty, water_story())
    case = Case.objects.get()
    perform("case.hand_out", duty, case, {"title": "查水质", "text": "请查清原因", "unit": unit("water"), "within": 1})
    return case.tasks.get()


def unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def group(admin: User, hook: Receiver, **values: Any) -> Channel:
    """The water bureau's own group."""
    return channel(admin, "wecom", **{"address": f"{hook.url}/send?key=1", "name": "水务局群", "unit": unit("water")} | values)


def gateway(admin: User, hook: Receiver) -> Channel:
    return channel(
        admin, "sms", address=f"{hook.url}/sms", name="短信", headers="Content-Type: application/json", body='{"to":"{phone}","text":"{title}。{text}"}'
    )  # fmt: skip


def token_in(text: str) -> str:
    found = re.search(rf"{DESK}/t/([\w-]+)/", text)
    assert found is not None, text
    return found[1]


def everything_kept() -> str:
    """All that the database holds of links, messages, timelines and the chain."""
    rows = [*TaskLink.objects.values(), *Sending.objects.values(), *Entry.objects.values(), *Record.objects.values()]
    return json.dumps(rows, default=str, ensure_ascii=False)


def on_today(user: User, clock: Clock) -> list[str]:
    return [entry.why for entry in waiting(user, clock.now)[0] if ":lost:" in entry.key]


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "县水务局：有一件交办事项请办理。"), ("en", "Water Bureau: a task for you.")])
def test_into_the_units_own_group_in_its_language(
    task: Task, duty: User, admin: User, hook: Receiver, clock: Clock, language: str, words: str
) -> None:
    perform("task.message_link", duty, task, {"channel": group(admin, hook, language=language)})
    row = Sending.objects.get()
    assert (row.state, row.text, hook.asked) == ("waiting", "", [])
    sealed = everything_kept()
    send_all()
    (one,) = hook.asked
    content = json.loads(one.body)["text"]["content"]
    assert words in content
    assert "查水质" in content
    assert "请查清原因" not in content  # what is asked stands behind the link only
    token = token_in(content)
    assert token not in sealed
    assert token not in everything_kept()
    row.refresh_from_db()
    assert (row.state, row.sealed) == ("sent", "")
    page = Client().get(f"/t/{token}/")
    assert page.status_code == 200
    assert "请查清原因" in page.content.decode()
    entry = Entry.objects.get(action="task.message_link")
    assert (entry.data["channel"], entry.data["unit"]) == ("水务局群", "县水务局")


def test_by_short_message_and_an_answer_that_repeats_it(task: Task, duty: User, admin: User, hook: Receiver) -> None:
    way = gateway(admin, hook)
    with pytest.raises(Refused, match="number"):
        perform("task.message_link", duty, task, {"channel": way})
    hook.answer = lambda: (200, hook.asked[-1].body.decode()[-200:])
    perform("task.message_link", duty, task, {"channel": way, "phone": "138 0000 8103"})
    send_all()
    said = json.loads(hook.asked[0].body)
    assert said["to"] == "13800008103"
    token = token_in(said["text"])
    assert "•••" in Sending.objects.get().answer
    assert token not in everything_kept()


def test_a_webhook_says_what_it_is_and_is_signed(task: Task, duty: User, admin: User, hook: Receiver) -> None:
    way = channel(admin, "webhook", address=hook.url, secret=SECRET, unit=unit("water"))
    perform("task.message_link", duty, task, {"channel": way})
    send_all()
    told = Webhook(SECRET).verify(hook.asked[0].body, hook.asked[0].headers)
    assert told["type"] == "task.link"
    assert token_in(told["data"]["text"])


def test_what_is_busy_is_tried_again_with_the_same_link(task: Task, duty: User, admin: User, hook: Receiver, clock: Clock) -> None:
    hook.answer = lambda: (503, "later")
    perform("task.message_link", duty, task, {"channel": group(admin, hook)})
    send_all()
    assert Sending.objects.get().state == "waiting"
    hook.answer = lambda: (200, TAKEN)
    clock.forward(seconds=sending.PAUSES[0])
    send_all()
    row = Sending.objects.get()
    assert (row.state, row.tries, row.sealed) == ("sent", 2, "")
    assert len({token_in(json.loads(one.body)["text"]["content"]) for one in hook.asked}) == 1
    assert not Entry.objects.filter(action="system.task_link_lost")


def test_what_does_not_arrive_is_over_and_stands_on_today(task: Task, duty: User, admin: User, hook: Receiver, clock: Clock) -> None:
    hook.answer = lambda: (200, '{"errcode":93000,"errmsg":"invalid webhook url"}')
    perform("task.message_link", duty, task, {"channel": group(admin, hook)})
    send_all()
    row = Sending.objects.get()
    assert (row.state, row.cause, row.sealed) == ("failed", "refused", "")
    assert Client().get(f"/t/{token_in(json.loads(hook.asked[0].body)['text']['content'])}/").status_code == 404
    assert Entry.objects.get(action="system.task_link_lost").data["channel"] == "水务局群"
    assert on_today(duty, clock) == ["the link did not reach Water Bureau"]
    clock.forward(seconds=1)
    perform("task.make_link", duty, task)
    assert on_today(duty, clock) == []


def test_a_task_that_was_withdrawn_meanwhile_sends_nothing(task: Task, duty: User, admin: User, hook: Receiver) -> None:
    perform("task.message_link", duty, task, {"channel": group(admin, hook)})
    perform("task.recall", duty, task, {"reason": "x"})
    send_all()
    assert hook.asked == []
    row = Sending.objects.get()
    assert (row.state, row.sealed) == ("dropped", "")


def test_a_channel_that_is_switched_off_loses_what_waits(task: Task, duty: User, admin: User, hook: Receiver, clock: Clock) -> None:
    way = group(admin, hook)
    perform("task.message_link", duty, task, {"channel": way})
    perform("alert_channel.off", admin, way)
    row = Sending.objects.get()
    assert (row.state, row.cause, row.sealed) == ("failed", "switched_off", "")
    assert on_today(duty, clock)
    send_all()
    assert hook.asked == []


def test_no_other_group_is_offered_and_nobody_else_sends(task: Task, duty: User, admin: User, hook: Receiver, person: Person) -> None:
    own, foreign, desk = (
        group(admin, hook),
        group(admin, hook, unit=unit("education"), name="教育局群"),
        group(admin, hook, unit=None, name="值班群"),
    )
    mail = channel(admin, "mail", name="邮件")
    assert list(messenger.ways_to(task.unit)) == [own]
    for way in (foreign, desk, mail):
        with pytest.raises(Refused, match="does not lead"):
            perform("task.message_link", duty, task, {"channel": way})
    with pytest.raises(NotAllowed):
        perform("task.message_link", person(Role.UNIT_OFFICER, unit=task.unit), task, {"channel": own})
    change(None, "links.address", "")
    with pytest.raises(Refused, match="address of this desk"):
        perform("task.message_link", duty, task, {"channel": own})
    assert not TaskLink.objects.exists()


def test_by_the_pages(task: Task, duty: User, admin: User, hook: Receiver, person: Person) -> None:
    person(Role.UNIT_OFFICER, unit=unit("water"), phone="0000-8201")
    client = Client()
    client.force_login(duty)
    make, send = f"/desk/tasks/{task.pk}/make-link/", f"/desk/tasks/{task.pk}/message-link/"
    assert send not in client.get(make).content.decode()  # no channel leads to the unit
    assert "No channel leads to this unit yet" in client.get(send).content.decode()
    own, foreign = group(admin, hook), group(admin, hook, unit=unit("education"), name="教育局群")
    sms = gateway(admin, hook)
    assert send in client.get(make).content.decode()
    assert "水务局群" in client.get(send).content.decode()
    assert "0000-8201" in client.get(send).content.decode()
    wrong = client.post(send, {"channel": foreign.pk})
    assert (wrong.status_code, Sending.objects.count()) == (422, 0)
    assert client.post(send, {"channel": sms.pk, "phone": "please call"}).status_code == 422
    assert client.post(send, {"channel": own.pk}).status_code == 302
    send_all()
    token = token_in(json.loads(hook.asked[0].body)["text"]["content"])
    client.force_login(admin)
    page = client.get(own.get_absolute_url()).content.decode()
    assert "A task&#x27;s one-time link" in page
    assert token not in page
    assert "查水质" not in page  # whoever sets channels reads no case
    edit = {"name": "水务局群", "name_en": "", "language": "en", "unit": unit("education").pk, "address": "", "version": ""}
    assert client.post(own.get_absolute_url(), edit).status_code == 302
    own.refresh_from_db()
    assert (own.unit, own.language) == (unit("education"), "en")
