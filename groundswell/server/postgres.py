"""The database: the embedded PostgreSQL below the home folder, or the one that a URL names."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg

from groundswell.server.config import Config
from groundswell.server.embedded import Embedded
from groundswell.server.faults import Fault

DATABASE = "groundswell"
OLDEST = 15  # PostgreSQL
NEEDED_NEW, NEEDED = 200 * 2**20, 50 * 2**20  # bytes free for a new home, and for one that is there


def django_database(url: str) -> dict[str, Any]:
    """Turn a PostgreSQL URL into Django's DATABASES entry; a unix socket comes as ``?host=/folder``."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise Fault(
            f"GROUNDSWELL_DATABASE_URL starts with “{parts.scheme}”, not postgresql://. Write postgresql://user:password@host:5432/name."
        )
    try:
        port = parts.port
    except ValueError as error:
        raise Fault("The port in GROUNDSWELL_DATABASE_URL is no number. Write postgresql://user:password@host:5432/name.") from error
    query = dict(parse_qsl(parts.query))
    options: dict[str, Any] = {key: value for key, value in query.items() if key not in ("host",)}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or DATABASE,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": str(port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
    }


class Postgres:
    """A running database: ``url`` to reach it, ``stop()`` to let go of it, ``revive()`` to start it again where it was killed."""

    def __init__(self, url: str, server: Embedded | None = None) -> None:
        self.url = url
        self._server = server

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None

    def revive(self) -> bool:
        """Returns whether the embedded server had to be started again. Raises Fault where it does not come up."""
        return self._server.revive() if self._server is not None else False


def start(config: Config) -> Postgres:
    """Make the database reachable, creating the embedded one where none is.

    Raises Fault with one sentence when the disk is full, the folder is not writable, the server does not come up or does not suit.
    """
    if config.database_url:
        django_database(config.database_url)
        with _as_fault(config.database_url), psycopg.connect(config.database_url, connect_timeout=10) as connection:
            _check_suits(connection)
        return Postgres(config.database_url)
    check_room(config.home)
    server = Embedded(config.home)
    server.start()
    try:
        with psycopg.connect(server.url("template1"), autocommit=True) as connection:
            if not connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone():
                connection.execute(f"create database {DATABASE} encoding 'UTF8' template template0")
    except BaseException:
        server.stop()
        raise
    return Postgres(server.url(DATABASE), server)


def _check_suits(connection: psycopg.Connection[Any]) -> None:
    """Raise Fault where the server is too old or its database holds no Unicode."""
    version = connection.info.server_version
    if version < OLDEST * 10_000:
        raise Fault(
            f"The database is PostgreSQL {version // 10_000}; {OLDEST} or newer is needed. Set GROUNDSWELL_DATABASE_URL to such a one."
        )
    if (encoding := connection.info.parameter_status("server_encoding")) != "UTF8":
        raise Fault(f"The database holds {encoding}, not UTF8. Make one: create database groundswell encoding 'UTF8' template template0")


def check_room(home: Path) -> None:
    """Make the home folder. Raises Fault where it cannot be made or written, or its disk is full."""
    try:
        new = not home.exists()
        home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Fault(f"The home folder {home} cannot be made: {error.strerror}. Set GROUNDSWELL_HOME to a folder you may write.") from error
    needed = NEEDED_NEW if new or not (home / "postgres").exists() else NEEDED
    free = shutil.disk_usage(home).free
    if free < needed:
        raise Fault(
            f"The disk of {home} is full: {free // 2**20} MiB free, {needed // 2**20} MiB needed. "
            "Make room or set GROUNDSWELL_HOME to another disk."
        )


@contextlib.contextmanager
def _as_fault(url: str) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        place = urlsplit(url).hostname or dict(parse_qsl(urlsplit(url).query)).get("host", "?")
        cause = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        raise Fault(
            f"The database on {place} does not answer: {cause}. Check GROUNDSWELL_DATABASE_URL and that the server runs."
        ) from error
