"""One-time links of tasks: what a unit can do by them, what nobody can, and that nothing of another unit shows."""

from __future__ import annotations

import io
import re
import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from django.test import Client
from django.utils import translation

from groundswell.desk.accounts.door import ADDRESS_TRIES, new_token
from groundswell.desk.accounts.models import Role, Unit, User
from groundswell.desk.audit.chain import verify
from groundswell.desk.audit.models import Record
from groundswell.desk.cases import links
from groundswell.desk.cases.models import Case, Task, TaskLink
from groundswell.desk.spine.actions import NotAllowed, Refused, perform
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.ports import ports
from groundswell.desk.spine.preferences import change
from tests.conftest import Clock
from tests.desk.county import lay, water_story

Person = Callable[..., User]


@pytest.fixture(autouse=True)
def _county(desk: None) -> Iterator[None]:
    lay()
    with translation.override("en"):
        yield


@pytest.fixture
def duty(person: Person) -> User:
    return person(Role.DUTY)


@pytest.fixture
def task(duty: User) -> Task:
    perform("story.open_case", duty, water_story())
    case = Case.objects.get()
    for code, title, text in (("water", "查水质", "请查清原因"), ("education", "通知学校", "学校备水，不外传")):
        perform("case.hand_out", duty, case, {"title": title, "text": text, "unit": Unit.objects.get(code=code), "within": 1})
    perform("case.note", duty, case, {"text": "内部记录一则"})
    return case.tasks.get(title="查水质")


def link_of(task: Task, duty: User) -> str:
    token = new_token()
    perform("task.make_link", duty, task, {"token": token})
    return links.path_of(token)


def visitor() -> Client:
    client = Client(enforce_csrf_checks=True)
    client.cookies["language"] = "en"
    return client


def say(path: str, act: str, client: Client | None = None, **values: Any) -> Any:
    return (client or visitor()).post(path, {"act": act, **{f"{act}-{name}": value for name, value in values.items()}})


def test_a_unit_reads_signs_and_answers_without_an_account(task: Task, duty: User) -> None:
    path = link_of(task, duty)
    page = visitor().get(path)
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "script-src 'self'" in page["Content-Security-Policy"]
    text = page.content.decode()
    assert "请查清原因" in text
    for other in ("通知学校", "学校备水", "内部记录", "Education Bureau", "CA-2026", "ST-2026"):
        assert other not in text
    assert say(path, "sign", who="唐蔚").status_code == 302
    task.refresh_from_db()
    assert task.state == "task.doing"
    done = say(path, "answer", who="唐蔚", text="已换滤芯，水质合格。")
    assert done.status_code == 200
    task.refresh_from_db()
    assert (task.state, task.answer) == ("task.answered", "已换滤芯，水质合格。")
    assert list(Entry.objects.filter(action="system.task_by_link").order_by("id").values_list("data__who", "data__what_en")) == [
        ("唐蔚", "signed for it"), ("唐蔚", "answered"),
    ]  # fmt: skip
    assert Record.objects.filter(act="task.answer").count() == 1
    assert not verify()[1]
    assert visitor().get(path).status_code == 404  # used up
    assert say(path, "answer", who="唐蔚", text="又一次").status_code == 404


def test_only_the_hash_is_kept_and_a_new_link_ends_the_old_one(task: Task, duty: User) -> None:
    first = link_of(task, duty)
    token = first.split("/")[2]
    stored = [str(value) for row in TaskLink.objects.values() for value in row.values()]
    assert not [value for value in stored if token in value]
    assert not [entry for entry in Entry.objects.all() if token in str(entry.data)]
    second = link_of(task, duty)
    assert visitor().get(first).status_code == 404
    assert visitor().get(second).status_code == 200


def test_wrong_used_old_and_foreign_links_all_get_the_same_answer(task: Task, duty: User, clock: Clock) -> None:
    def gone(path: str) -> str:
        page = visitor().get(path)
        assert page.status_code == 404
        return re.sub(r"BREACH.*", "", page.content.decode())

    wrong = gone(links.path_of("x" * 43))
    used = link_of(task, duty)
    say(used, "give_back", who="唐蔚", reason="不归我们管")
    assert gone(used) == wrong
    task.refresh_from_db()
    assert (task.state, task.returned_why) == ("task.returned", "不归我们管")
    perform("task.pass_on", duty, task, {"unit": Unit.objects.get(code="education")})
    other = link_of(task, duty)
    perform("task.give_back", None, task, {"reason": "x"})
    perform("task.pass_on", duty, task, {"unit": Unit.objects.get(code="water")})
    assert gone(other) == wrong  # the task went to another unit
    old = link_of(task, duty)
    clock.forward(days=7)
    assert gone(old) == wrong


def test_guessing_is_throttled_by_address(task: Task, duty: User) -> None:
    good = link_of(task, duty)
    for n in range(ADDRESS_TRIES):
        assert visitor().get(links.path_of(f"guess{n}")).status_code == 404
    assert visitor().get(links.path_of("guess")).status_code == 429
    assert visitor().get(good).status_code == 429
    assert Client(REMOTE_ADDR="10.9.8.7").get(good).status_code == 200


def test_the_units_head_approves_by_a_second_link(task: Task, duty: User) -> None:
    change(None, "links.head_approves", True)
    path = link_of(task, duty)
    say(path, "sign", who="唐蔚")
    done = say(path, "answer", who="唐蔚", text="草稿")
    ahead = re.search(r"/t/[\w-]+/", done.content.decode())
    assert ahead is not None
    task.refresh_from_db()
    assert task.state == "task.doing"  # not with the desk yet
    assert say(ahead[0], "answer", who="x", text="y").status_code == 200
    same = say(ahead[0], "approve", who="唐 蔚")
    assert same.status_code == 422
    say(ahead[0], "send_back", who="罗局长", reason="写明时间")
    assert visitor().get(ahead[0]).status_code == 404
    assert "写明时间" in visitor().get(path).content.decode()
    done = say(path, "answer", who="唐蔚", text="11月23日18时前换完滤芯。")
    ahead = re.search(r"/t/[\w-]+/", done.content.decode())
    assert ahead is not None
    assert "11月23日18时前" in visitor().get(ahead[0]).content.decode()
    assert say(ahead[0], "approve", who="罗局长").status_code == 200
    task.refresh_from_db()
    assert (task.state, task.answer) == ("task.answered", "11月23日18时前换完滤芯。")
    assert Entry.objects.get(action="system.task_head_approved").data["who"] == "罗局长"
    client = Client()
    client.force_login(duty)
    assert "Approved within the unit by 罗局长" in client.get(f"/desk/tasks/{task.pk}/").content.decode()


def test_a_photograph_lies_only_in_the_archive_and_each_look_is_written_down(task: Task, duty: User, person: Person) -> None:
    image = pytest.importorskip("PIL.Image")
    body = io.BytesIO()
    image.new("RGB", (40, 30), "green").save(body, "JPEG")
    body.name = "photo.jpg"
    body.seek(0)
    path = link_of(task, duty)
    assert say(path, "answer", who="唐蔚", text="见照片", photo=body).status_code == 200
    link = TaskLink.objects.get()
    assert link.photo
    client = Client()
    client.force_login(duty)
    address = f"/desk/tasks/{task.pk}/photo/{link.pk}/"
    assert address in client.get(f"/desk/tasks/{task.pk}/").content.decode()
    shown = client.post(address)
    assert shown["Content-Type"] == "image/png"
    assert shown.content.startswith(b"\x89PNG")
    assert Record.objects.filter(act="picture.seen").count() == 1
    from groundswell.desk.sources.retention import evidence_kept

    assert link.photo in list(evidence_kept())
    client.force_login(person(Role.UNIT_OFFICER, unit=Unit.objects.get(code="education")))
    assert client.post(address).status_code == 404
    broken = io.BytesIO(b"no picture")
    broken.name = "x.png"
    again = Task.objects.exclude(pk=task.pk).get()
    wrong = say(link_of(again, duty), "answer", who="孙静", text="见照片", photo=broken)
    assert wrong.status_code == 422


def test_the_desk_shows_a_new_link_once_and_only_who_hands_out_may_make_it(task: Task, duty: User, person: Person) -> None:
    client = Client()
    client.force_login(duty)
    address = f"/desk/tasks/{task.pk}/make-link/"
    assert "/t/" not in client.get(address).content.decode()
    path = re.search(r"/t/[\w-]+/", client.post(address).content.decode())
    assert path is not None
    assert visitor().get(path[0]).status_code == 200
    assert path[0] not in client.get(f"/desk/tasks/{task.pk}/").content.decode()
    officer = person(Role.UNIT_OFFICER, unit=task.unit)
    with pytest.raises(NotAllowed):
        perform("task.make_link", officer, task)
    client.force_login(officer)
    assert client.post(address).status_code == 403
    assert "One-time links" not in client.get(f"/desk/tasks/{task.pk}/").content.decode()


class Box:
    """What a real mail server took."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"


@pytest.fixture
def box() -> Iterator[Box]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = Box()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    before, ports.mail_url = ports.mail_url, f"smtp://127.0.0.1:{port}?tls=none&from=desk@yunling.example"
    yield kept
    ports.mail_url = before
    server.stop()


def test_a_link_by_mail_says_where_and_works(task: Task, duty: User, box: Box) -> None:
    with pytest.raises(Refused, match="address of this desk"):
        perform("task.mail_link", duty, task, {"email": "slj@yunling.example"})
    change(None, "links.address", "https://desk.yunling.example/")
    change(None, "body.office", "云岭县网络舆情办公室")
    perform("task.mail_link", duty, task, {"email": "slj@yunling.example"})
    (letter,) = box.letters
    assert "查水质" in str(letter["Subject"])
    assert "desk@yunling.example" in str(letter["From"])
    text = letter.get_content()
    assert "请查清原因" not in text  # what is asked stands behind the link only
    address = re.search(r"https://desk\.yunling\.example(/t/\S+)", text)
    assert address is not None
    assert visitor().get(address[1]).status_code == 200


def test_nothing_is_kept_of_a_link_whose_mail_did_not_leave(task: Task, duty: User) -> None:
    change(None, "links.address", "https://desk.yunling.example/")
    with pytest.raises(Refused, match="did not leave"):
        perform("task.mail_link", duty, task, {"email": "slj@yunling.example"})
    assert not TaskLink.objects.exists()
