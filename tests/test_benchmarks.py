"""The benchmarks run, name their yardstick, and say what machine they ran on."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from benchmarks import pages_read
from benchmarks.__main__ import main, names
from benchmarks.measure import Figure, alternate


def test_every_benchmark_says_what_it_measures() -> None:
    for name in names():
        module = importlib.import_module(f"benchmarks.{name}")
        assert (module.__doc__ or "").splitlines()[0].endswith(".")
        assert callable(module.run)


def test_figures_stand_beside_their_yardstick(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["working_days", "--quick"]) == 0
    shown = capsys.readouterr().out
    for words in ("cores", "Python", "is_workday in a loop", "yardstick", "0 differ"):
        assert words in shown


def test_made_pages_are_read_where_there_are_no_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pages_read, "PAGES", tmp_path)
    figures = pages_read.run(quick=True)
    assert [figure.is_yardstick for figure in figures] == [True, False]
    assert figures[1].note.startswith("8 with text")


def test_an_unknown_benchmark_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["no-such"])
    assert "no benchmark no-such" in capsys.readouterr().err


def test_rates_and_turns() -> None:
    assert Figure("x", 10, "rows", 0.5).rate == 20
    turns: list[str] = []
    assert set(alternate(2, one=lambda: turns.append("one"), other=lambda: turns.append("other"))) == {"one", "other"}
    assert turns == ["one", "other", "one", "other"]
