"""The embedded PostgreSQL: shared by who needs it, stopped by the last, whole again after anything was killed."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from groundswell.server.embedded import SETTINGS, VERSION, Embedded
from groundswell.server.faults import Fault


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with a server's folder in it; each test leaves the server stopped."""
    folder = tmp_path_factory.mktemp("embedded")
    server = Embedded(folder)
    server.start()
    server.stop()
    assert server.pid() is None
    yield folder
    assert server.pid() is None


@pytest.fixture
def server(home: Path) -> Iterator[Embedded]:
    server = Embedded(home)
    server.start()
    yield server
    server.stop()


def rows(server: Embedded, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(server.url("template1"), autocommit=True) as connection:
        found = connection.execute(sql)
        return found.fetchall() if found.description else []


def kill_nine(server: Embedded) -> None:
    pid = server.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: server.pid() is None)


def wait_until(true: object, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_our_settings_hold(server: Embedded) -> None:
    for name in ("jit", "max_connections", "log_min_error_statement"):
        assert rows(server, f"show {name}") == [(SETTINGS[name].strip("'"),)]


def test_nobody_else_gets_at_the_data(server: Embedded) -> None:
    assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700


def test_no_text_of_a_statement_reaches_the_log(server: Embedded) -> None:
    with pytest.raises(psycopg.Error), psycopg.connect(server.url("template1")) as connection:
        connection.execute("select 1/0, '张三的电话'")
    with pytest.raises(psycopg.Error), psycopg.connect(server.url("template1")) as connection:
        connection.execute("select %s::text::int", ["李四的电话"])
    said = "".join(path.read_text(encoding="utf-8") for path in (server.folder / "logs").glob("*.log"))
    assert "division by zero" in said
    assert "张三" not in said


def test_the_last_one_stops_it(home: Path, server: Embedded) -> None:
    other = Embedded(home)
    other.start()
    assert other.pid() == server.pid()
    other.stop()
    assert server.pid() is not None
    server.stop()
    assert server.pid() is None


def test_a_process_that_was_killed_holds_it_no_longer(home: Path, server: Embedded) -> None:
    holder = (
        "import sys, time; from pathlib import Path; from groundswell.server.embedded import Embedded\n"
        "Embedded(Path(sys.argv[1])).start(); print('in', flush=True); time.sleep(600)"
    )
    child = subprocess.Popen([sys.executable, "-c", holder, str(home)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "in\n"
    child.kill()
    child.wait()
    server.stop()
    assert server.pid() is None


def test_after_kill_nine_it_starts_again_with_all_that_was_committed(home: Path, server: Embedded) -> None:
    rows(server, "create table if not exists kept (n int)")
    rows(server, "insert into kept values (7)")
    kill_nine(server)
    again = Embedded(home)
    again.start()
    try:
        assert rows(again, "select n from kept") == [(7,)]
    finally:
        again.stop()


def test_a_server_that_dies_under_a_house_is_revived(server: Embedded) -> None:
    assert server.revive() is False
    kill_nine(server)
    assert server.revive() is True
    wait_until(lambda: server._lines()[7:8] == ["ready"])
    assert rows(server, "select 1") == [(1,)]


def test_children_that_outlive_their_server_do_not_stop_it(home: Path, server: Embedded) -> None:
    with psycopg.connect(server.url("template1"), autocommit=True) as busy:
        busy.execute("set client_min_messages to error")
        pid = busy.execute("select pg_backend_pid()").fetchone()
        assert pid is not None
        os.kill(pid[0], signal.SIGSTOP)  # it does not see that its server dies
        kill_nine(server)
        threading.Timer(0.5, os.kill, (pid[0], signal.SIGCONT)).start()
        again = Embedded(home)
        again.start()
        try:
            assert rows(again, "select 1") == [(1,)]
        finally:
            again.stop()


@pytest.mark.parametrize("left", ["", "12", "{foreign}\n{folder}\n1700000000\n5432\n{folder}\n\n  1 1\nready\n"])
def test_a_stale_note_of_a_process_does_not_stop_it(home: Path, left: str) -> None:
    """After the machine's restart the number in the note may be cut off, or belong to a program that has nothing to do with it."""
    server = Embedded(home)
    (server.folder / "postmaster.pid").write_text(left.format(foreign=os.getpid(), folder=server.folder))
    assert server.pid() is None
    server.start()
    try:
        assert rows(server, "select 1") == [(1,)]
    finally:
        server.stop()


def test_a_making_that_was_cut_off_is_begun_anew(tmp_path: Path) -> None:
    server = Embedded(tmp_path / "a" / ("long" * 25))
    server.home.mkdir(parents=True)
    server.folder.mkdir()
    (server.folder / "base").mkdir()
    server.start()
    try:
        sockets = Path(server._lines()[4])
        assert sockets != server.folder  # the path of this home is longer than a socket's may be
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert rows(server, "select 1") == [(1,)]
    finally:
        server.stop()


def test_data_of_another_postgresql_are_left_alone(tmp_path: Path) -> None:
    server = Embedded(tmp_path)
    server.folder.mkdir()
    (server.folder / "PG_VERSION").write_text("14\n")
    with pytest.raises(Fault, match=f"belong to PostgreSQL 14; this version of Groundswell brings PostgreSQL {VERSION}"):
        server.start()
    assert [path.name for path in server.folder.iterdir()] == ["PG_VERSION"]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("shared_buffers = '7000GB'", "too little"),
        ("no_such_setting = 1", "did not start: configuration file .* contains errors"),
    ],
)
def test_why_it_does_not_start_is_one_sentence(home: Path, setting: str, words: str) -> None:
    server = Embedded(home)
    conf = server.folder / "postgresql.conf"
    before = conf.read_text()
    conf.write_text(before + setting + "\n")
    try:
        with pytest.raises(Fault, match=words) as told:
            server.start()
        assert "\n" not in str(told.value)
    finally:
        conf.write_text(before)
