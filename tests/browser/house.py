"""The product as a browser meets it: a database with the demo county's last days, and a web server process over it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from groundswell.demo.county import NOW
from groundswell.server.config import clock_setting
from groundswell.server.supervisor import web_command

DAYS = 9  # of the county's past: long enough for stories that slept and woke, short enough to load in seconds
LOCK = 20261123
EMPTY, COUNTY = "browser_empty", "browser_county"
STOP_SECONDS = 10


def other_database(url: str, name: str) -> str:
    """URL of the database NAME on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def surroundings(home: Path, url: str, at: datetime = NOW) -> dict[str, str]:
    """The environment of a process of the product whose clock starts AT, with nothing of the test run's own desk in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GROUNDSWELL")}
    return kept | {
        "GROUNDSWELL_HOME": str(home),
        "GROUNDSWELL_DATABASE_URL": url,
        "GROUNDSWELL_CLOCK": clock_setting(at, 1, time.time()),
        "GROUNDSWELL_PROCESS": "web",
    }


@contextlib.contextmanager
def _only_one(admin: str) -> Iterator[psycopg.Connection[Any]]:
    """One process of a parallel run at a time lays the ground; the others find it laid."""
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", (LOCK,))
        yield connection


def database(server: str, home: Path, model: str, name: str) -> str:
    """URL of a new database NAME, a copy of the empty or of the county's; those are made where they are not there yet."""
    with _only_one(other_database(server, "postgres")) as admin:
        if not _exists(admin, EMPTY):
            _make(admin, EMPTY, "template0")
            _lay(home, other_database(server, EMPTY), "empty")
        if model == COUNTY and not _exists(admin, COUNTY):
            _make(admin, COUNTY, EMPTY)
            _lay(home, other_database(server, COUNTY), "county")
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        _make(admin, name, model)
    return other_database(server, name)


def _exists(admin: psycopg.Connection[Any], name: str) -> bool:
    return admin.execute("select 1 from pg_database where datname = %s", (name,)).fetchone() is not None


def _make(admin: psycopg.Connection[Any], name: str, template: str) -> None:
    admin.execute(sql.SQL("create database {} encoding 'UTF8' template {}").format(sql.Identifier(name), sql.Identifier(template)))


def _lay(home: Path, url: str, what: str) -> None:
    home.mkdir(exist_ok=True)
    home.chmod(0o755)
    command = [sys.executable, "-m", "tests.browser.ground", what, (NOW - timedelta(days=DAYS)).isoformat()]
    done = subprocess.run(command, env=surroundings(home, url), capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-4000:]


class House:
    """A running web server: ``base`` is its address, ``rows`` and ``change`` reach its database."""

    def __init__(self, home: Path, url: str, log: Path, at: datetime = NOW) -> None:
        self.url = url
        self.home = home
        self.log = log
        port = _free_port()
        self.base = f"http://127.0.0.1:{port}"
        with log.open("wb") as stream:
            self._process = subprocess.Popen(
                web_command("127.0.0.1", port, 1), env=surroundings(home, url, at), stdout=stream, stderr=stream, start_new_session=True
            )
        self._wait()

    def _wait(self) -> None:
        for _try in range(600):
            assert self._process.poll() is None, self.log.read_text(errors="replace")[-4000:]
            with contextlib.suppress(OSError, urllib.error.URLError), urllib.request.urlopen(f"{self.base}/health/", timeout=5):
                return
            time.sleep(0.05)
        raise AssertionError("the web server does not answer: " + self.log.read_text(errors="replace")[-4000:])

    def run(self, module: str, *arguments: str) -> None:
        """MODULE as a process of its own at this desk, to its end."""
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(command, env=surroundings(self.home, self.url), capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr[-4000:]

    def said(self) -> str:
        """The end of what the server wrote."""
        written = [self.log, *sorted(self.home.glob("logs/*"))]
        return "\n".join(path.read_text(errors="replace")[-3000:] for path in written if path.is_file())

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(query, values).fetchall()

    def change(self, query: str, values: Sequence[object] = ()) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(query, values)

    def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
