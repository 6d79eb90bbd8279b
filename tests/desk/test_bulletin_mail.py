"""A signed issue by mail to its list, over a real SMTP server on loopback: attachments, retries, kills, hostile names, encryption."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import connection, connections

from groundswell.desk.accounts.models import User
from groundswell.desk.audit.models import Record
from groundswell.desk.bulletins import dispatch, mail, paper
from groundswell.desk.bulletins.jobs import send_signed, start_mails
from groundswell.desk.bulletins.models import Dispatch, Issue, Recipient
from groundswell.desk.bulletins.queue import bulletins_waiting
from groundswell.desk.spine import preferences
from groundswell.desk.spine.actions import Refused, perform
from groundswell.desk.spine.models import Notice
from groundswell.desk.spine.ports import now, ports
from groundswell.desk.spine.preferences import change
from groundswell.desk.spine.settings_seal import seal
from groundswell.reports.docx import brief_docx
from groundswell.reports.pdf import brief_pdf
from tests.conftest import Clock
from tests.desk.press import readers, series, signed

Person = Callable[..., User]


class Box:
    """A server's handler that keeps what it is given and says no where it is told to."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.no: dict[str, str] = {}  # recipient → answer
        self.on_data: Callable[[], str] = lambda: "250 kept"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if address in self.no:
            return self.no[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.on_data()
        if answer.startswith("250"):
            made = email.message_from_bytes(envelope.content or b"", policy=email.policy.default)
            assert isinstance(made, EmailMessage)
            self.mails.append(made)
        return answer

    def to(self) -> list[str]:
        return [str(mail_["To"].addresses[0].addr_spec) for mail_ in self.mails]


@pytest.fixture
def box() -> Iterator[Box]:
    yield from _running(Box())


def _running(kept: Box, **options: Any) -> Iterator[Box]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(kept, hostname="127.0.0.1", port=port, **options)
    server.start()
    before = ports.mail_url
    ports.mail_url = f"smtp://127.0.0.1:{port}?tls=none&from=desk@yunling.example"
    yield kept
    ports.mail_url = before
    server.stop()


def deliver_all() -> None:
    """What the worker does until nothing is due."""
    for pk in dispatch.due(now()):
        dispatch.send_one(pk)


def states(issue: Issue) -> dict[str, str]:
    return dict(issue.dispatches.values_list("recipient__email", "state"))


def test_everybody_on_the_list_gets_the_paper_as_text_word_and_pdf(person: Person, box: Box) -> None:
    issue = signed(person)
    readers("a@unit.example", "b@unit.example")
    Recipient.objects.create(series=issue.series, name="Foreign Affairs", email="c@unit.example", language="en")
    Recipient.objects.create(series=issue.series, name="不再收", email="old@unit.example", is_active=False)
    perform("issue.send", person("editor"), issue)
    deliver_all()
    assert box.to() == ["a@unit.example", "b@unit.example", "c@unit.example"]
    first, last = box.mails[0], box.mails[2]
    assert first["Subject"] == "舆情日报 第1期（总第1期） 2026年11月23日"
    assert last["Subject"] == "Daily Brief Issue 1 (1 in all) 23 November 2026"
    body = first.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == mail.plain(paper.brief_of(issue)).strip()
    files = {part.get_filename(): part.get_content() for part in first.iter_attachments()}
    assert files == {
        "brief-2026-001.docx": brief_docx(paper.brief_of(issue)),
        "brief-2026-001.pdf": brief_pdf(paper.brief_of(issue)),
    }
    assert set(states(issue).values()) == {"sent"}
    assert issue.sent_at is not None


def test_one_that_is_refused_stops_no_other_is_named_and_can_be_sent_again(person: Person, box: Box) -> None:
    issue, editor = signed(person), person("editor")
    readers("a@unit.example", "gone@unit.example", "c@unit.example")
    box.no["gone@unit.example"] = "550 no such user"
    perform("issue.send", editor, issue)
    deliver_all()
    assert box.to() == ["a@unit.example", "c@unit.example"]
    failed = issue.dispatches.get(state="failed")
    assert (failed.cause, failed.tries) == ("refused", 1)
    assert "550 no such user" in failed.error
    assert Notice.objects.get(kind="dispatch_failed", closed_at=None).data == {"n": 1}
    assert any(entry.key.endswith(":unsent") for entry in bulletins_waiting(editor, now()))
    box.no.clear()
    perform("issue.resend", editor, issue, {"dispatch": failed})
    deliver_all()
    assert box.to()[2:] == ["gone@unit.example"]
    assert not Notice.objects.filter(kind="dispatch_failed", closed_at=None).exists()
    with pytest.raises(Refused):
        perform("issue.resend", editor, issue)


def test_a_server_that_is_busy_is_tried_again_with_growing_pauses_and_given_up_at_last(person: Person, box: Box, clock: Clock) -> None:
    issue = signed(person)
    readers("a@unit.example")
    box.on_data = lambda: "451 come later"
    perform("issue.send", person("editor"), issue)
    pauses = []
    for _n in range(len(dispatch.PAUSES) + 1):
        deliver_all()
        deliver_all()  # not due yet: nothing happens
        row = issue.dispatches.get()
        pauses.append(int((row.next_try_at - row.at).total_seconds() // 60) if row.next_try_at and row.at else None)
        clock.now = row.next_try_at or clock.now
    assert pauses == [*dispatch.PAUSES, None]
    row = issue.dispatches.get()
    assert (row.state, row.tries) == ("failed", len(dispatch.PAUSES) + 1)
    assert box.mails == []


def test_a_busy_server_that_comes_back_gets_it_once(person: Person, box: Box, clock: Clock) -> None:
    issue = signed(person)
    readers("a@unit.example")
    answers = iter(["451 come later", "421 closing", "250 kept"])
    box.on_data = lambda: next(answers)
    perform("issue.send", person("editor"), issue)
    for _n in range(5):
        deliver_all()
        clock.forward(minutes=30)
    assert len(box.mails) == 1
    assert issue.dispatches.get().tries == 3


def test_nobody_is_sent_it_twice_whatever_is_pressed(person: Person, box: Box) -> None:
    issue, editor = signed(person), person("editor")
    readers("a@unit.example")
    perform("issue.send", editor, issue)
    deliver_all()
    for pk in issue.dispatches.values_list("pk", flat=True):
        assert dispatch.send_one(pk) == ""
    with pytest.raises(Refused):
        perform("issue.send", editor, issue)
    Recipient.objects.create(series=issue.series, name="新单位", email="new@unit.example")
    perform("issue.send", editor, issue)
    deliver_all()
    assert box.to() == ["a@unit.example", "new@unit.example"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_a_killed_one_send_it_once(box: Box, clock: Clock) -> None:
    """While one worker is at it another passes it over; one that dies before its commit leaves it waiting, with the same Message-ID."""
    issue = _signed_alone()
    row = Dispatch.objects.create(issue=issue, recipient=readers("a@unit.example")[0], next_try_at=now())
    inside, leave = threading.Event(), threading.Event()

    def slow() -> str:
        inside.set()
        leave.wait(20)
        return "250 kept"

    box.on_data = slow

    def work() -> None:
        dispatch.send_one(row.pk)
        connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    assert inside.wait(20)
    assert dispatch.send_one(row.pk) == "", "passed over while another worker is at it"
    leave.set()
    worker.join()
    assert len(box.mails) == 1

    class Killed(BaseException):
        pass

    def killed() -> str:
        return "250 kept"

    box.on_data = killed
    other = Dispatch.objects.create(
        issue=issue, recipient=Recipient.objects.create(series=series(), name="乙", email="b@unit.example"), next_try_at=now()
    )
    saved = Dispatch.save
    try:
        Dispatch.save = lambda *_args, **_more: (_ for _ in ()).throw(Killed())  # type: ignore[method-assign,assignment]
        with pytest.raises(Killed):
            dispatch.send_one(other.pk)
    finally:
        Dispatch.save = saved  # type: ignore[method-assign]
    other.refresh_from_db()
    assert other.state == "waiting"
    dispatch.send_one(other.pk)
    assert [str(each["Message-ID"]) for each in box.mails[1:]] == [str(box.mails[1]["Message-ID"])] * 2
    connection.close()


def _signed_alone() -> Issue:
    """A signed issue without the fixtures of one transaction."""
    from groundswell.server.first_steps import lay_ground

    lay_ground()
    issue = Issue.objects.create(
        series=series(), day=now().date(), year=2026, window_from=now() - dt.timedelta(days=1), window_to=now(), due_at=now(),
        state="issued", number=1, total=1, signed_at=now(),
    )  # fmt: skip
    issue.frozen = paper.freeze(issue)
    issue.frozen_hash = paper.hash_of(issue.frozen)
    issue.save()
    return issue


def test_names_and_words_cannot_smuggle_headers(person: Person, box: Box) -> None:
    issue = signed(person)
    series(name="日报\r\nBcc: evil@x.example")
    brief = series()
    issue.refresh_from_db()
    Recipient.objects.create(series=brief, name="单位\r\nBcc: evil@x.example\r\n\r\n<b>", email="a@unit.example")
    issue.frozen["papers"]["zh-hans"]["title"] = "日报\r\nBcc: evil@x.example"
    issue.save()
    perform("issue.send", person("editor"), issue)
    deliver_all()
    assert box.to() == ["a@unit.example"]
    assert box.mails[0]["Bcc"] is None
    assert "\n" not in box.mails[0]["Subject"]
    assert box.mails[0]["To"].addresses[0].display_name.startswith("单位 Bcc:")


def test_an_address_that_is_none_fails_at_once_and_alone(person: Person, box: Box) -> None:
    issue = signed(person)
    readers("not an address", "b@unit.example")
    perform("issue.send", person("editor"), issue)
    deliver_all()
    assert states(issue) == {"not an address": "failed", "b@unit.example": "sent"}
    assert issue.dispatches.get(state="failed").cause == "address"


def test_without_a_server_nothing_is_begun(person: Person) -> None:
    issue = signed(person)
    readers("a@unit.example")
    with pytest.raises(Refused):
        perform("issue.send", person("editor"), issue)
    assert not Dispatch.objects.exists()
    assert issue.sent_at is None


def test_a_server_that_is_not_there_is_tried_again(person: Person) -> None:
    issue = signed(person)
    readers("a@unit.example")
    before, ports.mail_url = ports.mail_url, "smtp://127.0.0.1:1?tls=none"
    try:
        perform("issue.send", person("editor"), issue)
        deliver_all()
    finally:
        ports.mail_url = before
    row = issue.dispatches.get()
    assert (row.state, row.cause, row.tries) == ("waiting", "unreachable", 1)


def test_a_signed_issue_goes_by_itself_at_its_clock_and_not_before(person: Person, box: Box, clock: Clock) -> None:
    issue = signed(person)  # 16:06, its clock is 17:00
    readers("a@unit.example")
    send_signed(now())
    assert not Dispatch.objects.exists()
    clock.now = issue.due_at
    send_signed(now())
    start_mails(now())
    assert Dispatch.objects.count() == 1
    send_signed(now())
    assert Dispatch.objects.count() == 1
    assert Record.objects.filter(act="issue.send", actor=None).count() == 1
    deliver_all()
    assert box.to() == ["a@unit.example"]


def test_by_hand_where_the_settings_say_so(person: Person, box: Box, clock: Clock) -> None:
    issue = signed(person)
    readers("a@unit.example")
    change(None, "bulletins.send_by_itself", False)
    clock.now = issue.due_at
    send_signed(now())
    assert not Dispatch.objects.exists()


# ---- encryption and the settings


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself; the file holds key and certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    day = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(day - dt.timedelta(days=1))
        .not_valid_after(day + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def locked_box(certificate: Path) -> Iterator[Box]:
    """A server that wants STARTTLS, then user and password."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    def door(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"desk@yunling.example", b"p@ss word"), handled=False)

    yield from _running(Box(), tls_context=context, require_starttls=True, authenticator=door, auth_required=True)


def _settings(port: int, password: str = "p@ss word", security: str = "starttls") -> None:
    for key, value in {
        "mail.host": "127.0.0.1", "mail.port": port, "mail.user": "desk@yunling.example",
        "mail.password": seal("mail.password", password), "mail.security": security, "mail.sender": "云岭县舆情办 <desk@yunling.example>",
    }.items():  # fmt: skip
        change(None, key, value)
    preferences.forget()


def _port() -> int:
    """The port of the running server; the settings alone say the rest."""
    port = urlsplit(ports.mail_url).port
    ports.mail_url = ""
    return port or 0


def test_encrypted_and_signed_in_as_the_settings_say(
    person: Person, locked_box: Box, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    _settings(_port())
    issue = signed(person)
    readers("a@unit.example")
    perform("issue.send", person("editor"), issue)
    deliver_all()
    assert issue.dispatches.get().error == ""
    assert str(locked_box.mails[0]["From"]) == "云岭县舆情办 <desk@yunling.example>"


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(person: Person, locked_box: Box) -> None:
    _settings(_port())
    issue = signed(person)
    readers("a@unit.example")
    perform("issue.send", person("editor"), issue)
    deliver_all()
    row = issue.dispatches.get()
    assert (row.state, row.cause) == ("failed", "tls")
    assert locked_box.mails == []


def test_a_wrong_password_is_named_and_not_written_into_the_error(
    person: Person, locked_box: Box, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    _settings(_port(), password="wrong secret")
    issue = signed(person)
    readers("a@unit.example")
    perform("issue.send", person("editor"), issue)
    deliver_all()
    row = issue.dispatches.get()
    assert (row.state, row.cause) == ("failed", "login"), row.error
    assert "secret" not in row.error


def test_encryption_is_never_left_off_because_the_server_has_none(person: Person, box: Box) -> None:
    _settings(_port())
    issue = signed(person)
    readers("a@unit.example")
    perform("issue.send", person("editor"), issue)
    deliver_all()
    assert issue.dispatches.get().cause == "tls"
    assert box.mails == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 25, "", "none")),
        ("smtp://u%40x.example:p%2Fw@mail.example", ("mail.example", 587, "u@x.example", "starttls")),
        ("smtp://mail.example:2525?tls=starttls", ("mail.example", 2525, "", "starttls")),
        ("smtps://u:p@mail.example", ("mail.example", 465, "u", "tls")),
    ],
)
def test_the_address_of_a_server(desk: None, url: str, expected: tuple[str, int, str, str]) -> None:
    before, ports.mail_url = ports.mail_url, url
    try:
        server = mail.server()
    finally:
        ports.mail_url = before
    assert server is not None
    assert (server.host, server.port, server.user, server.security) == expected
