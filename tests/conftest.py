"""A real PostgreSQL for the whole run, one database a test process; a clock that the test holds."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings

HOME = Path(tempfile.mkdtemp(prefix="groundswell-test-"))
os.environ["GROUNDSWELL_HOME"] = str(HOME)
os.environ["GROUNDSWELL_DEBUG"] = ""
os.environ["DJANGO_SETTINGS_MODULE"] = "groundswell.server.settings"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
_POSTGRES = None
MEANWHILE = ("tests/clocks/", "tests/collect/", "tests/demo/", "tests/engine_")  # need no browser and no county
SHARED = Path(__file__).parent.parent.parent / "shared"


# how long one example takes says what else the machine does, not whether the code is right
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded PostgreSQL, or use the one that the parent process of a parallel run started."""
    global _POSTGRES
    url = os.environ.get("GROUNDSWELL_TEST_POSTGRES", "")
    if not url:
        from groundswell.server import postgres
        from groundswell.server.config import read_config

        _POSTGRES = postgres.start(read_config())
        url = os.environ["GROUNDSWELL_TEST_POSTGRES"] = _POSTGRES.url
        _hurry(url)
    os.environ["GROUNDSWELL_DATABASE_URL"] = url
    HOME.chmod(0o755)
    from groundswell.server import keys

    key = HOME / "groundswell.key"
    keys.read_or_make_key(key, may_make=True)
    from tools.build_messages import compile_catalogues

    if not hasattr(config, "workerinput"):
        compile_catalogues(Path(__file__).parent.parent / "groundswell")
    import django
    from django.apps import apps
    from django.conf import settings as desk_settings

    from groundswell.server.config import read_config

    django.setup()
    # a process of a parallel run has read the settings before this file, with the home of the process that started it
    desk_settings.CONFIG = read_config()
    apps.get_app_config("server").ready()
    from django.conf import settings

    # a password of a test person guards nothing, and a good hash takes a fifth of a second
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In a parallel run a file's tests stay together; the walk over every screen, the longest by far, is shared by two processes.

    One of them begins with its half, and lays the county's ground for it; the other comes to browsers when that ground is there.
    """
    turns: dict[str, int] = {}
    for number, item in enumerate(items):
        name = item.nodeid.partition("::")[0]
        turn = 2 if name.startswith(("tests/browser/", "tests/soak/")) else 1 if name.startswith(("tests/clocks/", "tests/collect/")) else 3
        if "::test_screen[" in item.nodeid or "::test_screen_in_every_dress[" in item.nodeid:
            name += f"/{number % 2}"
            turn = 0 if number % 2 else 2
        elif "::test_killed_at_random" in item.nodeid:
            name += "/kills"  # beside the histories, not after them
        turns[item.nodeid] = turn
        item.add_marker(pytest.mark.xdist_group(name))
    items.sort(key=lambda item: turns[item.nodeid])


def _hurry(url: str) -> None:
    """Data that nobody will miss need not reach the disk."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"alter system set {name} = off")
        connection.execute("select pg_reload_conf()")


def pytest_unconfigure(config: pytest.Config) -> None:
    if _POSTGRES is not None:
        _POSTGRES.stop()
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture
def shared() -> Path:
    """The development data beside the checkout; the test is skipped where it is not."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the development data is not here")
    return SHARED


class Clock:
    """The desk's time, held by the test."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


@pytest.fixture
def clock() -> Iterator[Clock]:
    """2026-11-23 16:06 in the body's zone, as in the demo."""
    from groundswell.desk.spine.ports import ports

    before, held = ports.clock, Clock(datetime(2026, 11, 23, 8, 6, tzinfo=UTC))
    ports.clock = held
    yield held
    ports.clock = before


@pytest.fixture(autouse=True)
def _fresh_preferences() -> Iterator[None]:
    from groundswell.desk.spine import preferences
    from groundswell.desk.stream import knowledge, learnt, voices

    preferences.forget()
    knowledge.forget()  # what a test before knew and was taught half a second ago
    learnt.forget()
    voices.forget()  # a key that a committed test kept in memory is in no later test's database
    (HOME / "audit-head.jsonl").unlink(missing_ok=True)  # heads of a chain that is gone
    yield
    preferences.forget()


@pytest.fixture
def desk(db: None, clock: Clock) -> None:
    """A desk with its ground laid: rights and series."""
    from groundswell.server.first_steps import lay_ground

    lay_ground()


@pytest.fixture
def person(desk: None) -> Callable[..., object]:
    """Make a person with roles: ``person("duty", "editor", unit=…)``."""
    from groundswell.desk.accounts.models import Grant, User
    from groundswell.desk.spine.ports import now

    made: list[int] = []

    def make(*roles: str, **fields: object) -> User:
        made.append(1)
        values = {"name": f"某{len(made)}", "language": "en"} | fields
        user = User.objects.create_user(f"p{len(made)}", "a long password 1", **values)
        for role in roles:
            Grant.objects.create(user=user, role=role, since=now() - timedelta(days=1))
        return user

    return make
