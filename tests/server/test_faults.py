"""What the surroundings do wrong, as one sentence each; what the program does wrong stays a trace."""

from __future__ import annotations

import errno
from types import SimpleNamespace

import psycopg
import pytest
from django.db import OperationalError

from groundswell.cli import COMMANDS, doctor, main
from groundswell.reports import fonts
from groundswell.server.config import read_config
from groundswell.server.faults import Fault, fault_of


def caused(by: BaseException) -> OperationalError:
    """BY as Django wraps it."""
    error = OperationalError(str(by))
    error.__cause__ = by
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/data/archive/x.warc"), "The disk is full: /data/archive/x.warc"),
        (OSError(errno.EDQUOT, "Disk quota exceeded", "/data/x"), "The disk is full: /data/x"),
        (OSError(errno.EROFS, "Read-only file system", "/data/x"), "/data/x lies on a disk that can only be read"),
        (PermissionError(errno.EACCES, "Permission denied", "/data/x"), "/data/x may not be read or written by this user"),
        (OSError(errno.EMFILE, "Too many open files", "/data/x"), "ulimit -n"),
        (caused(psycopg.errors.DiskFull("could not extend file")), "The disk of the database is full"),
        (caused(psycopg.OperationalError("could not write: No space left on device")), "The disk of the database is full"),
        (
            caused(psycopg.OperationalError("server closed the connection\nunexpectedly")),
            "stopped answering: server closed the connection.",
        ),
        (caused(psycopg.errors.AdminShutdown("terminating connection")), "stopped answering: terminating connection"),
        (caused(psycopg.errors.InsufficientPrivilege("permission denied for schema public")), "all rights on its database"),
        (fonts.NoChineseFont(), "fonts-noto-cjk"),
    ],
)
def test_a_trouble_of_the_surroundings_is_a_sentence(error: Exception, words: str) -> None:
    fault = fault_of(error)
    assert isinstance(fault, Fault)
    assert words in str(fault)
    assert "\n" not in str(fault)


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("x"), caused(psycopg.errors.UndefinedColumn("x")), OSError("x")])
def test_a_fault_of_the_program_is_none_of_them(error: Exception) -> None:
    assert fault_of(error) is None


def test_the_command_line_says_it_and_ends_with_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def full(args: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", "/data/x")

    monkeypatch.setattr("groundswell.cli.doctor.run", full)
    assert main(["doctor"]) == 1
    assert capsys.readouterr().err == (
        "groundswell: The disk is full: /data/x could not be written. Make room and run the command again; what was done is kept.\n"
    )
    assert COMMANDS["doctor"].module == "groundswell.cli.doctor"


def test_doctor_misses_the_chinese_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_installed", dict)
    (found,) = doctor._font(read_config())
    assert (found.state, found.mend) == ("wrong", "Install one, on Debian: apt-get install fonts-noto-cjk")


def test_doctor_sees_a_home_that_it_may_not_enter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where a check itself is refused, doctor goes on with the others."""

    def refused(config: object) -> object:
        raise PermissionError(errno.EACCES, "Permission denied", "/data/home")

    monkeypatch.setattr(doctor, "_home", refused)
    monkeypatch.setattr(doctor, "_database", lambda config: iter(()))
    found = list(doctor.examine(read_config()))
    assert found[0].state == "wrong"
    assert "/data/home may not be read" in found[0].what
    assert any("font" in each.what for each in found)


def test_doctor_says_that_a_full_disk_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: SimpleNamespace(free=70 * 2**20))
    assert next(each.what for each in doctor._home(read_config()) if each.state == "wrong").startswith("Only 70 MiB are free")
