"""The house as its owner meets it: a new home, a served desk that survives what is killed, and one clear sentence for each trouble."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from groundswell.cli import main
from groundswell.server.embedded import Embedded

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home made by ``groundswell init``, used by all tests of this file in turn."""
    folder = tmp_path_factory.mktemp("house")
    done = command(folder, "init", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sign_in"].startswith("http://127.0.0.1:8700/desk/link/")
    yield folder
    assert Embedded(folder).pid() is None  # nothing is left running


def command(home: Path, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "groundswell", *arguments]
    return subprocess.run(program, capture_output=True, text=True, env=surroundings(home, **extra), timeout=180, check=False)


def script(home: Path, *lines: str) -> str:
    """Run LINES inside the opened home; gives what they print."""
    program = "from groundswell.server.home import open_home\nwith open_home():\n" + "".join(f"    {line}\n" for line in lines)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=surroundings(home), timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def surroundings(home: Path, **extra: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GROUNDSWELL")}
    return kept | {"GROUNDSWELL_HOME": str(home)} | extra


def one_sentence(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """DONE failed with one line that says WORDS, and no trace of the program's inside."""
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert all(word in done.stderr for word in words), done.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], object], seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_second_init_keeps_everything(home: Path) -> None:
    key = (home / "groundswell.key").read_text()
    done = command(home, "init")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert (home / "groundswell.key").read_text() == key
    assert (home / "groundswell.key").stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o066 == 0  # nobody else looks into it
    assert command(home, "audit", "verify", "--head").returncode == 0


class Served:
    """A house served on a port of its own."""

    def __init__(self, home: Path) -> None:
        self.home, self.port, self.lines = home, free_port(), [""]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "groundswell", "serve", "--port", str(self.port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=surroundings(home),
        )
        while "Ctrl-C" not in self.lines[-1]:
            assert self.process.stdout is not None
            self.lines.append(self.process.stdout.readline())
            assert self.lines[-1], "".join(self.lines)

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            return 0, b""

    def ready(self) -> dict[str, Any]:
        status, body = self.get("/health/ready/")
        return json.loads(body) if status in (200, 503) and body.startswith(b"{") else {}

    def children(self, words: str) -> set[int]:
        """The processes of the house whose command line holds WORDS."""
        listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
        rows = [line.split(None, 2) for line in listed.splitlines()]
        return {int(pid) for pid, parent, args in rows if int(parent) == self.process.pid and words in args}

    def end(self, number: int) -> str:
        self.process.send_signal(number)
        out, _ = self.process.communicate(timeout=60)
        return out


def test_a_house_serves_survives_and_stops(home: Path) -> None:
    house = Served(home)
    try:
        assert any(f"http://127.0.0.1:{house.port}/desk/" in line for line in house.lines)
        assert house.get("/desk/")[0] == 200
        assert "登录" in house.get("/desk/")[1].decode()
        wait_until(lambda: house.ready().get("ready"))
        one_sentence(command(home, "serve", "--port", str(free_port())), f"served already, at http://127.0.0.1:{house.port}/desk/")
        assert "administrator" in command(home, "users", "list").stdout  # commands work beside it
        assert house.get("/desk/")[0] == 200  # and take nothing from it
        for words in ("granian", "server.worker"):
            (killed,) = house.children(words)
            os.kill(killed, signal.SIGKILL)
            wait_until(lambda words=words, killed=killed: house.children(words) - {killed})
        wait_until(lambda: house.get("/desk/")[0] == 200)
        database = Embedded(home).pid()
        assert database is not None
        os.kill(database, signal.SIGKILL)
        wait_until(lambda: Embedded(home).pid() not in (None, database))
        wait_until(lambda: house.ready().get("ready"))
        assert house.get("/desk/")[0] == 200
    finally:
        out = house.end(signal.SIGTERM)
        print(out)  # seen where the test fails
    assert house.process.returncode == 0
    assert out.endswith("Stopped.\n")
    assert "The web stopped (signal 9); it is started again." in out
    assert "The worker stopped (signal 9); it is started again." in out
    assert "The database stopped; it is started again." in out
    assert "Traceback" not in out
    assert Embedded(home).pid() is None
    assert {path.name.partition("-")[0] for path in home.glob("logs/*")} <= {"web", "worker"}


def test_a_house_that_was_killed_whole_is_served_again(home: Path) -> None:
    house = Served(home)
    children = house.children("")
    everything = [house.process.pid, *children, Embedded(home).pid() or 0]
    everything += [
        int(pid)
        for parent in children
        for pid in subprocess.run(["pgrep", "-P", str(parent)], capture_output=True, check=False).stdout.split()
    ]
    for pid in everything:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    house.process.wait()
    again = Served(home)
    wait_until(lambda: again.get("/desk/")[0] == 200)
    assert again.end(signal.SIGINT).endswith("Stopped.\n")
    assert Embedded(home).pid() is None


def test_a_database_that_does_not_answer_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path))
    for url, words in (
        (f"postgresql://nobody:secret@127.0.0.1:{free_port()}/x", "Connection refused"),
        ("postgresql://nobody:secret@127.0.0.1:54a/x", "port in GROUNDSWELL_DATABASE_URL is no number"),
        ("mysql://nobody:secret@127.0.0.1/x", "starts with “mysql”, not postgresql://"),
    ):
        monkeypatch.setenv("GROUNDSWELL_DATABASE_URL", url)
        assert main(["users", "list"]) == 1
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert words in said
        assert "GROUNDSWELL_DATABASE_URL" in said
        assert "secret" not in said


def test_a_home_that_cannot_be_made_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.delenv("GROUNDSWELL_DATABASE_URL")
    for folder, words in ((tmp_path / "file" / "home", "Not a directory"), (Path("/proc/groundswell"), "cannot be made")):
        monkeypatch.setenv("GROUNDSWELL_HOME", str(folder))
        assert main(["init"]) == 1
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert words in said
        assert "GROUNDSWELL_HOME" in said


def test_a_full_disk_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A disk of its own, too small; where none can be mounted, one that says that it is full."""
    from groundswell.server import postgres
    from groundswell.server.config import read_config
    from groundswell.server.faults import Fault

    small = tmp_path / "small"
    small.mkdir()
    mounted = (
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=60m", "tmpfs", str(small)], capture_output=True, check=False).returncode == 0
    )
    if not mounted:
        monkeypatch.setattr(postgres.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 60 * 2**20})())
    try:
        with pytest.raises(Fault, match="full: 60 MiB free, 200 MiB needed"):
            postgres.start(read_config({"GROUNDSWELL_HOME": str(small / "home")}))
        assert not (small / "home" / "postgres").exists()
    finally:
        if mounted:
            subprocess.run(["umount", str(small)], check=True)


def test_a_key_that_others_can_read_is_refused(home: Path) -> None:
    key = home / "groundswell.key"
    key.chmod(0o644)
    try:
        one_sentence(command(home, "users", "list"), "can be read by others", f"chmod 600 {key}")
    finally:
        key.chmod(0o600)


def test_a_lost_key_file_is_named_and_never_made_anew(home: Path) -> None:
    script(home, "from groundswell.desk.stream.voices import month_key", "month_key('2026-11')")
    key = home / "groundswell.key"
    kept = key.read_text()
    key.unlink()
    try:
        for arguments in (("init",), ("users", "list")):
            one_sentence(command(home, *arguments), f"key file {key} is gone", "safe copy")
            assert not key.exists()
        told = {each["what"]: each for each in json.loads(command(home, "doctor", "--json").stdout)}
        assert told[f"The key file {key} is missing."]["state"] == "wrong"
    finally:
        key.write_text(kept)
        key.chmod(0o600)


def test_the_key_is_not_in_the_database(home: Path) -> None:
    """A backup of the database alone opens nothing."""
    dump = script(
        home,
        "from django.db import connection",
        "cursor = connection.cursor()",
        "for table in connection.introspection.table_names(cursor):",
        "    cursor.execute(f'select row_to_json(t)::text from {table} t')",
        "    print(*(row[0] for row in cursor.fetchall()), sep='\\n')",
    )
    assert "2026-11" in dump  # the wrapped key of the month is there
    key = (home / "groundswell.key").read_text().strip()
    assert key not in dump
    assert key not in dump.replace("\\x", "")


def test_a_database_of_another_version(home: Path) -> None:
    """One of a newer version is left alone; one of an older is brought up to date and keeps all that it holds."""
    change = ("from django.db import connection", "connection.cursor().execute({!r})")
    add = "insert into django_migrations (app, name, applied) values ('stream', '9999_from_the_future', now())"
    take = "delete from django_migrations where name = '9999_from_the_future'"
    script(home, change[0], change[1].format(add))
    try:
        one_sentence(command(home, "serve", "--port", str(free_port())), "newer version of Groundswell (stream.9999_from_the_future)")
        told = json.loads(command(home, "doctor", "--json").stdout)
        assert any(each["state"] == "wrong" and "newer version" in each["what"] for each in told)
    finally:
        server = Embedded(home)
        server.start()
        import psycopg

        with psycopg.connect(server.url("groundswell"), autocommit=True) as connection:
            connection.execute(take)
        server.stop()
    back = "call_command('migrate', 'stories', '0001', verbosity=0)"
    before = script(
        home, "from groundswell.desk.bulletins.models import Series", "print(sorted(Series.objects.values_list('code', flat=True)))"
    )
    script(home, "from django.core.management import call_command", back)
    one_sentence(command(home, "users", "list"), "not up to date", "groundswell init")
    house = Served(home)
    try:
        assert any("Bringing the database up to date" in line for line in house.lines)
    finally:
        assert house.end(signal.SIGINT).endswith("Stopped.\n")
    assert (
        script(home, "from groundswell.desk.bulletins.models import Series", "print(sorted(Series.objects.values_list('code', flat=True)))")
        == before
    )


def test_a_foreign_database_by_url_works_like_the_embedded_one(home: Path, tmp_path: Path) -> None:
    """Another PostgreSQL reached by its URL: here the embedded one of the first home, a database of its own in it."""
    import psycopg

    server = Embedded(home)
    server.start()
    try:
        with psycopg.connect(server.url("template1"), autocommit=True) as connection:
            connection.execute("create database elsewhere")
            connection.execute("create database latin encoding 'LATIN1' locale 'C' locale_provider libc template template0")
        elsewhere = {"GROUNDSWELL_DATABASE_URL": server.url("elsewhere")}
        assert command(tmp_path, "init", **elsewhere).returncode == 0
        assert command(tmp_path, "audit", "verify", **elsewhere).returncode == 0
        assert not (tmp_path / "postgres").exists()
        one_sentence(command(tmp_path, "init", GROUNDSWELL_DATABASE_URL=server.url("latin")), "holds LATIN1, not UTF8")
    finally:
        server.stop()
