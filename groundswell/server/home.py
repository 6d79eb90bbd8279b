"""Opening a home: the database reachable, Django ready, the schema right. Every command on the desk's data goes through here."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

from groundswell.server import keys, postgres
from groundswell.server.config import Config, read_config
from groundswell.server.faults import Fault

MIGRATING = 0x67726F756E64  # the advisory lock of whoever brings the schema up to date


class Desk(NamedTuple):
    """An open home: its configuration, and how to start its database again where it was killed."""

    config: Config
    revive: Callable[[], bool]


@contextlib.contextmanager
def open_home(*, make: bool = False, migrate: bool = False) -> Iterator[Config]:
    """Start or reach the database and set Django up. MAKE creates home and keys; MIGRATE brings the schema up to date.

    Raises Fault with one sentence: no home yet, lost key file, database of a newer version.
    """
    with open_desk(make=make, migrate=migrate) as desk:
        yield desk.config


@contextlib.contextmanager
def open_desk(*, make: bool = False, migrate: bool = False) -> Iterator[Desk]:
    """``open_home`` for those who stay: also gives the way to start a killed database again."""
    config = read_config()
    if not make and not config.database_url and not _has_database(config):
        raise Fault(f"There is no desk in {config.home} yet. Run “groundswell init” first, or set GROUNDSWELL_HOME.")
    database = postgres.start(config)
    try:
        os.environ["GROUNDSWELL_DATABASE_URL"] = database.url
        os.environ["GROUNDSWELL_HOME"] = str(config.home)
        if make:
            _make_secret(config)
        set_up_django()
        check_schema(migrate=migrate)
        keys.read_or_make_key(config.key_file, may_make=make and not _holds_sealed_data(config))
        yield Desk(config, database.revive)
    finally:
        _close_connections()
        if not config.database_url:
            os.environ.pop("GROUNDSWELL_DATABASE_URL", None)
        database.stop()


def _has_database(config: Config) -> bool:
    """Raises Fault where the home may not be looked into."""
    try:
        return config.postgres_folder.is_dir()
    except PermissionError as error:
        raise Fault(f"The home folder {config.home} may not be entered by this user. Run Groundswell as its owner.") from error


def set_up_django() -> None:
    """Make Django ready in this process (once)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "groundswell.server.settings")
    import django

    django.setup()


def check_schema(*, migrate: bool) -> None:
    """Migrate where asked; raise Fault when the schema is missing, older or newer than this program."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    known = set(executor.loader.disk_migrations)
    taken_in = {step for migration in executor.loader.disk_migrations.values() for step in migration.replaces}
    applied = set(executor.loader.applied_migrations)
    ours = {label for label, _ in known}
    newer = sorted(f"{label}.{name}" for label, name in applied - known - taken_in if label in ours)
    if newer:
        raise Fault(
            f"The database was made by a newer version of Groundswell ({newer[-1]}). "
            "Install that version; this one is older and would damage it."
        )
    missing = known - applied
    if missing and migrate:
        if applied:
            print("Bringing the database up to date with this version; all data are kept …", file=sys.stderr, flush=True)
        with _alone():
            call_command("migrate", interactive=False, verbosity=0)
    elif missing:
        raise Fault("The database is not up to date with this version. Run “groundswell init” (it keeps all data) or “groundswell serve”.")


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One process at a time changes the schema; the others wait."""
    import psycopg

    with psycopg.connect(os.environ["GROUNDSWELL_DATABASE_URL"], autocommit=True) as lock:
        lock.execute("select pg_advisory_lock(%s)", [MIGRATING])
        yield


def _holds_sealed_data(config: Config) -> bool:
    """Is there anything that only the key file can open?"""
    from groundswell.desk.leads.models import Lead
    from groundswell.desk.spine.models import AuthorKey

    folder = config.archive_folder
    return AuthorKey.objects.exists() or Lead.objects.exists() or (folder.is_dir() and any(folder.rglob("*.warc*")))


def _make_secret(config: Config) -> None:
    config.home.mkdir(parents=True, exist_ok=True)
    if config.secret_file.exists():
        return
    try:
        descriptor = os.open(config.secret_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Fault(
            f"The home folder {config.home} may not be written: {error.strerror}. Run Groundswell as the user that owns it, "
            "or set GROUNDSWELL_HOME to another folder."
        ) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(48))


def _close_connections() -> None:
    from django.db import connections

    with contextlib.suppress(Exception):
        connections.close_all()
