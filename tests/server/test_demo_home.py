"""The demo's home: never a real desk's, never emptied under a running demo, begun anew where its loading was cut off."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundswell.cli import main
from groundswell.cli.demo import _marked
from groundswell.demo.county import PORT0
from groundswell.server.supervisor import held_home


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path))
    monkeypatch.delenv("GROUNDSWELL_DATABASE_URL")
    for name in ("GROUNDSWELL_DEMO", "GROUNDSWELL_HOSTS", "GROUNDSWELL_REACHABLE"):
        monkeypatch.setenv(name, "")  # the command sets them; they are put back
    return tmp_path


def test_a_real_desk_is_not_touched(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "groundswell.key").write_text("precious")
    assert main(["demo", "--reset"]) == 1
    assert "holds a real desk" in capsys.readouterr().err
    assert (home / "groundswell.key").read_text() == "precious"


def test_a_running_demo_is_not_emptied(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "demo").write_text(f"{PORT0} loaded")
    (home / "postgres").mkdir()
    with held_home(home, "http://127.0.0.1:8700/desk/"):
        assert main(["demo", "--reset"]) == 1
    assert "served already, at http://127.0.0.1:8700/desk/" in capsys.readouterr().err
    assert (home / "postgres").exists()


@pytest.mark.parametrize(
    ("noted", "wanted", "reset", "port0", "kept"),
    [
        (None, None, False, PORT0, True),  # a new one
        (None, 8900, False, 8900, True),
        ("", None, False, PORT0, True),  # of a version that noted nothing
        ("8900 loaded", None, False, 8900, True),
        ("8900 loaded", 8900, False, 8900, True),
        ("8900 loaded", 8910, True, 8910, False),
        ("8900 loading", None, False, PORT0, False),  # cut off: half a county is none
    ],
)
def test_its_ports_are_remembered(home: Path, noted: str | None, wanted: int | None, reset: bool, port0: int, kept: bool) -> None:
    if noted is not None:
        (home / "demo").write_text(noted)
    (home / "postgres").mkdir()
    assert _marked(home, wanted, reset=reset) == port0
    assert (home / "postgres").exists() is kept


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--speed", "0"], "--speed 0 is no speed"),
        (["--web-port", "8910"], "made with its public web from port 8900 on"),
    ],
)
def test_what_cannot_be_is_one_sentence(home: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "demo").write_text("8900 loaded")
    assert main(["demo", *words]) == 1
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
