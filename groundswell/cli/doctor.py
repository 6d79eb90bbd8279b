"""Say in words what is wrong, and what to do about it."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from groundswell.server.config import Config, read_config
from groundswell.server.faults import Fault, fault_of

MARKS = {"ok": "ok   ", "note": "note ", "wrong": "WRONG"}
LITTLE_MIB, LATE_SECONDS = 500, 60


@dataclass(frozen=True)
class Finding:
    state: str  # ok | note | wrong
    what: str
    mend: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the findings as JSON: state (ok, note, wrong), what, mend")


def run(args: argparse.Namespace) -> int:
    findings = list(examine(read_config()))
    if args.json:
        print(json.dumps([asdict(each) for each in findings], ensure_ascii=False))
    else:
        for each in findings:
            print(f"{MARKS[each.state]}  {each.what}" + (f"\n       {each.mend}" if each.mend else ""))
    return 1 if any(each.state == "wrong" for each in findings) else 0


def examine(config: Config) -> Iterator[Finding]:
    """Look at home, key, font, tools, and what the database holds; each yields one finding or more."""
    for part in (_home, _key, _house, _font, _tools, _database):
        try:
            yield from part(config)
        except Exception as error:
            fault = error if isinstance(error, Fault) else fault_of(error)
            if fault is None:
                raise
            yield Finding("wrong", str(fault))


def _home(config: Config) -> Iterator[Finding]:
    home = config.home
    if not home.exists():
        yield Finding("wrong", f"The home folder {home} does not exist.", "Run “groundswell init”, or set GROUNDSWELL_HOME.")
        return
    if not os.access(home, os.W_OK | os.X_OK):
        yield Finding(
            "wrong",
            f"The home folder {home} may not be written by this user.",
            "Run Groundswell as the user that owns it, or set GROUNDSWELL_HOME to another folder.",
        )
    free = shutil.disk_usage(home).free // 2**20
    if free < LITTLE_MIB:
        yield Finding("wrong", f"Only {free} MiB are free on the disk of {home}.", "Make room: the raw archive and the database grow.")
    else:
        yield Finding("ok", f"Home {home}, {free // 1024} GiB free.")


def _key(config: Config) -> Iterator[Finding]:
    if not config.key_file.exists():
        if config.home.exists():
            yield Finding(
                "wrong",
                f"The key file {config.key_file} is missing.",
                "Put it back from its safe copy, or set GROUNDSWELL_KEY_FILE; without it the raw archive cannot be opened.",
            )
    elif config.key_file.stat().st_mode & 0o077:
        yield Finding("wrong", f"The key file {config.key_file} can be read by others.", f"Run: chmod 600 {config.key_file}")
    elif not os.access(config.key_file, os.R_OK):
        yield Finding("wrong", f"The key file {config.key_file} belongs to another user.", "Run Groundswell as the user that made it.")
    else:
        yield Finding("ok", f"Key file {config.key_file}. Is a copy of it in a safe place?")


def _house(config: Config) -> Iterator[Finding]:
    from groundswell.server.supervisor import check_port, served_at

    where = served_at(config.home)
    if where:
        yield Finding("ok", f"The desk is served at {where}.")
        return
    try:
        check_port("127.0.0.1", 8700)
    except Fault:
        yield Finding("note", "Port 8700, where the desk would be served, is taken.", "Choose another: groundswell serve --port 8701")


def _font(config: Config) -> Iterator[Finding]:
    from groundswell.reports.fonts import find_chinese_font

    font = find_chinese_font()
    if font:
        yield Finding("ok", f"Chinese font for PDF: {font}.")
    else:
        yield Finding("wrong", "No Chinese font was found; PDFs cannot be made.", "Install one, on Debian: apt-get install fonts-noto-cjk")


def _tools(config: Config) -> Iterator[Finding]:
    if shutil.which("tesseract"):
        yield Finding("ok", "tesseract reads the text of screenshots.")
    else:
        yield Finding(
            "note",
            "tesseract is not installed: the text of screenshots is typed by hand.",
            "On Debian: apt-get install tesseract-ocr-chi-sim",
        )


def _database(config: Config) -> Iterator[Finding]:
    from groundswell.server.home import open_home

    with open_home():
        yield from _server()
        yield from _worker(config)
        yield from _chain()
        yield from _people()
        yield from _sources()
        yield from _calendar()
        yield from _mail()


def _server() -> Iterator[Finding]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select version(), pg_size_pretty(pg_database_size(current_database()))")
        version, size = cursor.fetchone()
    yield Finding("ok", f"{version.split(',')[0].split(' on ')[0]}, {size}.")


def _worker(config: Config) -> Iterator[Finding]:
    """Does somebody do the work? Only told where the desk is served."""
    from groundswell.server.figures import figure
    from groundswell.server.supervisor import served_at

    if not served_at(config.home):
        return
    late = figure("last_tick_seconds")
    if late > LATE_SECONDS:
        yield Finding(
            "wrong",
            f"No worker has done anything for {late:,.0f} s: nothing is collected or judged." if late < 1e8 else "No worker has run yet.",
            f"Look at {config.log_folder}. A house without a worker gets one by: groundswell serve --no-web",
        )
    else:
        yield Finding("ok", "The worker is at work.")
    failed = figure("jobs_failed")
    if failed:
        yield Finding("note", f"{failed:,.0f} jobs failed.", f"{config.log_folder} says why; sources are read again by themselves.")


def _chain() -> Iterator[Finding]:
    from groundswell.desk.audit.chain import verify
    from groundswell.desk.spine.ports import ports

    count, breaks = verify(ports.audit_head_file)
    if breaks:
        yield Finding(
            "wrong",
            f"The audit chain does not hold at record {breaks[0].seq}.",
            "Run “groundswell audit verify --head” and call whoever watches the house.",
        )
    else:
        yield Finding("ok", f"The audit chain holds ({count} records).")


def _people() -> Iterator[Finding]:
    from groundswell.desk.accounts.models import User

    if not any(user.has_usable_password() for user in User.objects.filter(grants__role="administrator")):
        yield Finding("note", "No administrator has a password yet.", "Run “groundswell init” for a one-time sign-in link.")


def _sources() -> Iterator[Finding]:
    from groundswell.desk.sources.models import Source

    silent = Source.objects.filter(state="active", silent_since__isnull=False)
    for source in silent[:5]:
        yield Finding("note", f"The source {source.name} is silent since {source.silent_since:%Y-%m-%d %H:%M} UTC.", "See its page.")
    if (more := silent.count() - 5) > 0:
        yield Finding("note", f"{more} more sources are silent.", "See Sources.")


def _calendar() -> Iterator[Finding]:
    from groundswell.desk.spine.models import CalendarDay
    from groundswell.desk.spine.ports import today

    day = today()
    if day.month >= 11 and not CalendarDay.objects.filter(day__year=day.year + 1).exists():
        yield Finding(
            "note",
            f"The holidays of {day.year + 1} are not loaded; due dates beyond it are provisional.",
            "Paste the yearly notice under Settings → Calendar once it is out.",
        )


def _mail() -> Iterator[Finding]:
    from groundswell.desk.spine.preferences import preference

    host, port = str(preference("mail.host")), int(preference("mail.port"))
    if not host:
        yield Finding("note", "No mail server is set: briefs are not mailed.", "Settings → Mail.")
        return
    try:
        socket.create_connection((host, port), timeout=5).close()
        yield Finding("ok", f"Mail server {host}:{port} answers.")
    except OSError as error:
        yield Finding(
            "wrong",
            f"The mail server {host}:{port} does not answer: {error}.",
            "Check Settings → Mail, and that the server lets this machine in.",
        )
