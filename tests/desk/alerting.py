"""Rules, channels and alerts made short, for the tests of alerts; and a web server that takes what is sent to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from groundswell.desk.accounts.models import Oversight, Role, User
from groundswell.desk.alerts import raising, sending
from groundswell.desk.alerts.models import Alert, Channel, Rule
from groundswell.desk.spine import ports
from groundswell.desk.spine.actions import found
from groundswell.desk.spine.preferences import change
from groundswell.desk.stories.models import Story

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass
class People:
    """Who stands in the chain."""

    editor: User
    duty: User
    leader: User
    first: User


def people(person: Callable[..., User], **fields: Any) -> People:
    """A duty officer, the leader on duty by the settings, the first leader by what he is in charge of."""
    said = {"language": "en"} | fields
    made = People(
        person(Role.EDITOR, name="李敏", name_en="Li Min"),
        person(Role.DUTY, name="韩梅", name_en="Han Mei", email="hanmei@desk.example", phone="0000-8103", **said),
        person(Role.LEADER, name="周建国", name_en="Zhou Jianguo", email="zhou@desk.example", phone="0000-8102", **said),
        person(Role.LEADER, name="宋远", name_en="Song Yuan", email="song@desk.example", phone="0000-8000", **said),
    )
    change(None, "alerts.duty", [made.duty.username])
    change(None, "alerts.leader", [made.leader.username])
    Oversight.objects.create(leader=made.first, whole=True, since=ports.today())
    return made


def rule(editor: User, **values: Any) -> Rule:
    """A rule that is at work: two items and the level of everything, at any hour, unless VALUES say otherwise."""
    said: dict[str, Any] = {"name": "供水", "name_en": "Water", "level": 4, "least_items": 2, "night_level": 4}
    said |= {"group_minutes": 120, "accept_minutes": 15, "attend_minutes": 30} | values
    made: Rule = found("alert_rule.make", editor, said)
    Rule.objects.filter(pk=made.pk).update(enabled_at=ports.now() - timedelta(days=1))
    made.refresh_from_db()
    return made


def raised(of: Rule, story: Story) -> Alert:
    """An alert of OF about STORY."""
    made = raising.consider_story(of, story, ports.now())
    assert made is not None
    return made


def channel(admin: User, kind: str, **values: Any) -> Channel:
    made: Channel = found("alert_channel.make", admin, {"kind": kind, "name": kind} | values)
    return made


def send_all() -> None:
    """What the worker does until nothing is due."""
    for pk in sending.due(ports.now()):
        sending.send_one(pk)


@dataclass
class Asked:
    """One request that came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A server on loopback: what it was asked, and what it answers."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    answer: Callable[[], tuple[int, str]] = lambda: (200, "{}")


@contextmanager
def receiver() -> Iterator[Receiver]:
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def _take(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kept.asked.append(Asked(self.command, self.path, dict(self.headers), body))
            status, text = kept.answer()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", text)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = do_PUT = _take

        def log_message(self, format: str, *args: Any) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    kept.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
