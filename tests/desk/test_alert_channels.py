"""Channels of alerts: to real servers on loopback; signatures as receivers check them; log, retry, once; nothing inside but what is listed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connections
from django.test import Client
from django.utils import translation
from standardwebhooks import Webhook

from groundswell.desk.accounts.models import Role, User
from groundswell.desk.alerts import chain, sending
from groundswell.desk.alerts.house_rules import allowed_inside
from groundswell.desk.alerts.models import Alert, Channel, Sending
from groundswell.desk.alerts.signing import dingtalk_address, feishu_fields
from groundswell.desk.audit.models import Record
from groundswell.desk.spine.actions import NotAllowed, perform
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.preferences import change
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item
from tests.conftest import Clock
from tests.desk.alerting import SECRET, People, Receiver, channel, people, raised, receiver, rule, send_all
from tests.desk.county import lay, water_story
from tests.desk.test_bulletin_mail import Box, box  # noqa: F401 (a real mail server)

Person = Callable[..., User]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def who(desk: None, person: Person) -> People:
    lay()
    return people(person)


@pytest.fixture
def admin(who: People, person: Person) -> User:
    return person(Role.ADMINISTRATOR, name="陈立", name_en="Chen Li", email="chenli@desk.example", phone="0000-8105")


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as kept:
        yield kept


@pytest.fixture
def listed(desk: None) -> None:
    """The administrator listed loopback as a host that may be told."""
    change(None, "alerts.inside", ["127.0.0.1"])


def called(who: People, clock: Clock, *by: Channel) -> Alert:
    """An alert that has called the duty officer by the screen and BY."""
    made = raised(rule(who.editor, channels=list(by)), water_story())
    chain.go_on(clock.now)
    send_all()
    return made


# ---------------------------------------------------------------- each kind


def test_a_webhook_is_signed_as_the_receiver_checks_it(who: People, admin: User, hook: Receiver, listed: None, clock: Clock) -> None:
    made = called(who, clock, channel(admin, "webhook", address=f"{hook.url}/in?t=1", secret=SECRET, language="en"))
    (one,) = hook.asked
    told = Webhook(SECRET).verify(one.body, one.headers)
    assert (told["type"], told["data"]["alert"], told["data"]["level"]) == ("alert.called", made.number, made.level)
    assert one.headers["webhook-id"] == f"{made.number}:0:{made.sendings.exclude(channel=None).get().channel_id}:group"
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(SECRET).verify(one.body.replace(b"alert.called", b"alert.forged"), one.headers)
    row = made.sendings.exclude(channel=None).get()
    assert (row.state, row.answer) == ("sent", "200 {}")


def test_mail_goes_to_each_person_in_their_language(who: People, admin: User, box: Box, clock: Clock) -> None:  # noqa: F811
    User.objects.filter(pk=who.duty.pk).update(language="zh-hans")
    made = called(who, clock, channel(admin, "mail"))
    chain.go_on(clock.forward(minutes=15))
    send_all()
    assert box.to() == ["hanmei@desk.example", "zhou@desk.example"]
    chinese, english = box.mails
    assert str(chinese["Subject"]).startswith("【预警】")
    assert str(english["Subject"]).startswith("Alert: ")
    body = english.get_body(("plain",))
    assert body is not None
    assert made.number in body.get_content()
    assert "Please accept it by 16:36" in body.get_content()
    assert str(english["Message-ID"]) != str(chinese["Message-ID"])


def test_no_author_stands_in_any_message(who: People, admin: User, hook: Receiver, listed: None, clock: Clock) -> None:
    story = water_story()
    Item.objects.filter(story=story).update(author="", voice="feedfacefeedface")
    raised(rule(who.editor, channels=[channel(admin, "webhook", address=hook.url, secret=SECRET)]), story)
    chain.go_on(clock.now)
    send_all()
    sent = hook.asked[0].body.decode() + "".join(f"{row.title}{row.text}" for row in Sending.objects.all())
    assert "feedface" not in sent


def test_dingtalk_signs_by_its_published_formula(who: People, admin: User, hook: Receiver, listed: None, clock: Clock) -> None:
    called(who, clock, channel(admin, "dingtalk", address=f"{hook.url}/robot/send?access_token=abc", secret="SECdead"))
    hook.asked.clear()
    hook.answer = lambda: (200, '{"errcode":0,"errmsg":"ok"}')
    made = Sending.objects.exclude(channel=None).get()
    assert (made.state, made.cause) == ("failed", "refused")  # {} is no errcode 0
    Sending.objects.filter(pk=made.pk).update(state="waiting", next_try_at=clock.now)
    send_all()
    (one,) = hook.asked
    asked = parse_qs(urlsplit(one.path).query)
    stamp = asked["timestamp"][0]
    wanted = base64.b64encode(hmac.new(b"SECdead", f"{stamp}\nSECdead".encode(), hashlib.sha256).digest()).decode()
    assert asked["sign"] == [wanted]
    assert asked["access_token"] == ["abc"]
    said = json.loads(one.body)
    assert said["msgtype"] == "text"
    assert said["text"]["content"].startswith("【预警】")
    made.refresh_from_db()
    assert made.state == "sent"


def test_the_formulas_on_fixed_values() -> None:
    """As the developer pages of both makers compute them: key and text change places."""
    from datetime import UTC, datetime

    at = datetime(2026, 11, 23, 8, 6, tzinfo=UTC)
    address = dingtalk_address("https://x.example/send?access_token=a", "this is secret", at)
    made = hmac.new(b"this is secret", b"1795421160000\nthis is secret", hashlib.sha256).digest()
    assert parse_qs(urlsplit(address).query)["sign"] == [base64.b64encode(made).decode()]
    fields = feishu_fields("demo", at)
    assert fields["timestamp"] == "1795421160"
    assert fields["sign"] == base64.b64encode(hmac.new(b"1795421160\ndemo", b"", hashlib.sha256).digest()).decode()


def test_feishu_and_wecom_say_by_a_code_whether_they_took_it(who: People, admin: User, hook: Receiver, listed: None, clock: Clock) -> None:
    feishu = channel(admin, "feishu", address=f"{hook.url}/hook/1", secret="demo")
    wecom = channel(admin, "wecom", address=f"{hook.url}/send?key=1")
    answers = iter(['{"code":0}', '{"errcode":45009,"errmsg":"freq out of limit"}', '{"errcode":0}'])
    hook.answer = lambda: (200, next(answers))
    called(who, clock, feishu, wecom)
    said = json.loads(hook.asked[0].body)
    stamp = said["timestamp"]
    assert said["sign"] == base64.b64encode(hmac.new(f"{stamp}\ndemo".encode(), b"", hashlib.sha256).digest()).decode()
    assert Sending.objects.get(channel=feishu).state == "sent"
    waiting = Sending.objects.get(channel=wecom)
    assert (waiting.state, waiting.tries) == ("waiting", 1)  # too fast: another try helps
    clock.forward(seconds=5)
    send_all()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.tries) == ("sent", 2)


def test_a_gateway_is_filled_in_by_its_template(who: People, admin: User, hook: Receiver, listed: None, clock: Clock) -> None:
    values = {
        "address": f"{hook.url}/sms?to={{phone}}", "secret": 'k"1', "method": "POST", "headers": "Content-Type: application/json\nX-Key: {secret}",
        "body": '{"mobile":"{phone}","content":"{title}：{text}","sign":"{secret}"}', "success_field": "result.code", "success_value": "OK",
    }  # fmt: skip
    gateway = channel(admin, "sms", **values)
    hook.answer = lambda: (200, '{"result":{"code":"OK","echo":"k\\"1"}}')
    story = water_story()
    Story.objects.filter(pk=story.pk).update(title='水"发黄"\\了', title_by_hand=True)
    raised(rule(who.editor, channels=[gateway]), Story.objects.get(pk=story.pk))
    chain.go_on(clock.now)
    send_all()
    (one,) = hook.asked
    assert one.path == "/sms?to=00008103"
    said = json.loads(one.body)
    assert (said["mobile"], said["sign"], one.headers["X-Key"]) == ("00008103", 'k"1', 'k"1')
    assert '水"发黄"\\了' in said["content"]
    assert Sending.objects.get(channel=gateway).state == "sent"
    hook.answer = lambda: (200, '{"result":{"code":"LIMIT"}}')
    assert sending.test_of(gateway, admin).state == "failed"


# ---------------------------------------------------------------- retry, once


def test_a_receiver_that_is_busy_is_tried_again_with_growing_pauses_and_given_up_at_last(
    who: People, admin: User, hook: Receiver, listed: None, clock: Clock
) -> None:
    hook.answer = lambda: (503, "later")
    called(who, clock, channel(admin, "webhook", address=hook.url, secret=SECRET))
    pauses = []
    for _try in range(len(sending.PAUSES)):
        row = Sending.objects.exclude(channel=None).get()
        assert row.next_try_at is not None
        assert row.at is not None
        pauses.append((row.next_try_at - row.at).total_seconds())
        send_all()  # not due yet
        clock.now = row.next_try_at
        send_all()
    row = Sending.objects.exclude(channel=None).get()
    assert pauses == list(sending.PAUSES)
    assert (row.state, row.tries, row.answer) == ("failed", len(sending.PAUSES) + 1, "503 later")
    assert len({one.headers["webhook-id"] for one in hook.asked}) == 1  # a receiver that took it once knows it again
    hook.answer = lambda: (204, "")
    made = Alert.objects.get()
    perform("alert.send_again", who.duty, made)
    send_all()
    row.refresh_from_db()
    assert row.state == "sent"


@pytest.mark.parametrize(("status", "state"), [(400, "failed"), (401, "failed"), (302, "failed"), (429, "waiting"), (500, "waiting")])
def test_what_another_try_cannot_mend_is_not_tried_again(
    who: People, admin: User, hook: Receiver, listed: None, clock: Clock, status: int, state: str
) -> None:
    hook.answer = lambda: (status, "http://127.0.0.1:1/elsewhere")
    called(who, clock, channel(admin, "webhook", address=hook.url, secret=SECRET))
    assert Sending.objects.exclude(channel=None).get().state == state
    assert len(hook.asked) == 1  # a redirect is not followed


def test_gone_for_good_switches_the_channel_off(who: People, admin: User, hook: Receiver, listed: None, clock: Clock) -> None:
    hook.answer = lambda: (410, "gone")
    made = channel(admin, "webhook", address=hook.url, secret=SECRET)
    called(who, clock, made)
    made.refresh_from_db()
    assert made.state == "off"
    assert Entry.objects.filter(action="alert_channel.gone", actor=None).count() == 1


def test_what_somebody_accepted_meanwhile_is_not_sent_any_more(
    who: People, admin: User, hook: Receiver, listed: None, clock: Clock
) -> None:
    made = raised(rule(who.editor, channels=[channel(admin, "webhook", address=hook.url, secret=SECRET)]), water_story())
    chain.go_on(clock.now)
    perform("alert.accept", who.duty, made)
    send_all()
    assert hook.asked == []
    assert Sending.objects.exclude(channel=None).get().state == "dropped"


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_it_once(clock: Clock, hook: Receiver) -> None:
    from groundswell.server.first_steps import lay_ground

    lay_ground()
    change(None, "alerts.inside", ["127.0.0.1"])
    made = _channel_alone(hook)
    row = Sending.objects.create(key="k", channel=made, to="x", title="t", made_at=clock.now, next_try_at=clock.now)
    inside, leave = threading.Event(), threading.Event()

    def slow() -> tuple[int, str]:
        inside.set()
        leave.wait(20)
        return 200, '{"errcode":0}'

    hook.answer = slow

    def work() -> None:
        sending.send_one(row.pk)
        connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    assert inside.wait(20)
    assert sending.send_one(row.pk) == "", "passed over while another worker is at it"
    leave.set()
    worker.join()
    row.refresh_from_db()
    assert (row.state, len(hook.asked)) == ("sent", 1)
    assert sending.send_one(row.pk) == ""


def _channel_alone(hook: Receiver) -> Channel:
    """A channel without the fixtures of one transaction."""
    from groundswell.desk.alerts.wire import seal_name
    from groundswell.desk.spine.settings_seal import seal

    made = Channel(code="abc", kind="wecom", name="群")
    made.sealed_address = seal(seal_name(made, "address"), hook.url)
    made.save()
    return made


# ---------------------------------------------------------------- guarded, sealed


@pytest.mark.parametrize(
    ("address", "cause"),
    [
        ("http://127.0.0.1:{port}/", "blocked_address"),
        ("http://169.254.169.254/latest/", "blocked_address"),
        ("http://10.0.0.8/", "blocked_address"),
        ("http://2130706433/", "odd_host"),
        ("ftp://x.example/", "scheme"),
        ("http://user:pw@x.example/", "userinfo"),
    ],
)
def test_nothing_inside_is_reached_that_the_administrator_did_not_list(
    who: People, admin: User, hook: Receiver, clock: Clock, address: str, cause: str
) -> None:
    made = channel(admin, "wecom", address=address.replace("{port}", hook.url.rpartition(":")[2]))
    row = sending.test_of(made, admin)
    assert (row.state, row.cause) == ("failed", cause)
    assert hook.asked == []
    client = Client()
    client.force_login(admin)
    form = {"name": "x", "language": "en", "address": address.replace("{port}", "80")}
    assert client.post("/desk/alerts/channels/new/?kind=wecom", form).status_code == 422


def test_the_list_of_hosts_inside_takes_only_hosts(admin: User) -> None:
    client = Client()
    client.force_login(admin)
    page = client.get("/desk/settings/alerts/")
    assert page.status_code == 200
    said = {name: field.value() for name, field in ((name, page.context["form"][name]) for name in page.context["form"].fields)}
    said = {name: "、".join(value) if isinstance(value, list) else value for name, value in said.items()}
    wrong = client.post("/desk/settings/alerts/", said | {"alerts__inside": "127.1, sms.example"})
    assert wrong.status_code == 422
    assert "is no host" in wrong.content.decode()
    assert client.post("/desk/settings/alerts/", said | {"alerts__inside": "sms.example, 10.1.2.3:8080"}).status_code == 302
    assert allowed_inside() >= {"sms.example", "10.1.2.3:8080"}
    change(None, "alerts.inside", ["127.1", "sms.example"])  # however it came there
    assert "127.1" not in allowed_inside()


def test_secrets_are_sealed_and_shown_nowhere(who: People, admin: User, hook: Receiver, listed: None) -> None:
    client = Client()
    client.force_login(admin)
    form = {
        "name": "热线群",
        "language": "zh-hans",
        "address": f"{hook.url}/robot/send?access_token=planted-token",
        "secret": "planted-secret",
    }
    made = client.post("/desk/alerts/channels/new/?kind=dingtalk", form)
    assert made.status_code == 302, made.content.decode()[-3000:]
    row = Channel.objects.get()
    hook.answer = lambda: (200, '{"errcode":310000,"errmsg":"planted-secret is wrong"}')
    assert client.post(f"{row.get_absolute_url()}test/").status_code == 302
    assert len(hook.asked) == 1
    page = client.get(row.get_absolute_url()).content.decode()
    assert "refused" in page
    kept = page + json.dumps([list(each) for each in Record.objects.values_list("payload")], default=str)
    kept += json.dumps([list(each) for each in Entry.objects.values_list("data", "before", "after")], default=str)
    kept += json.dumps(list(Channel.objects.values()) + list(Sending.objects.values()), default=str)
    assert "planted" not in kept
    changed = client.post(
        row.get_absolute_url(), {"name": "热线群", "name_en": "", "language": "en", "address": "", "secret": "", "version": ""}
    )
    assert changed.status_code == 302
    before = row.sealed_address
    row.refresh_from_db()
    assert row.sealed_address == before  # empty keeps it
    with pytest.raises(NotAllowed):
        perform("alert_channel.test", who.editor, row)


def test_a_secret_that_is_none_and_a_page_for_each_kind(admin: User, listed: None) -> None:
    client = Client()
    client.force_login(admin)
    for kind in ("mail", "webhook", "wecom", "dingtalk", "feishu", "sms"):
        assert client.get(f"/desk/alerts/channels/new/?kind={kind}").status_code == 200
    assert client.get("/desk/alerts/channels/new/?kind=pigeon").status_code == 404
    form = {"name": "x", "language": "en", "address": "http://127.0.0.1/", "secret": "hunter2"}
    assert "Standard Webhooks" in client.post("/desk/alerts/channels/new/?kind=webhook", form).content.decode()
    assert client.post("/desk/alerts/channels/new/?kind=mail", {"name": "邮件"}).status_code == 302
    assert client.post(f"{Channel.objects.get().get_absolute_url()}test/").status_code == 302
    assert Sending.objects.get().cause == "no_server"
