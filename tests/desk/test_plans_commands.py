"""The commands on cases, the roster and plans: lines for people and programs, sheets that run nothing, faults in one sentence."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from groundswell.cli import main
from groundswell.desk.accounts.models import Role, Unit, User
from groundswell.desk.roster.actions import PRESETS
from groundswell.desk.spine.actions import found, perform
from groundswell.server import home
from tests.desk.county import lay, water_story

Person = Callable[..., User]


@pytest.fixture(autouse=True)
def _this_home(desk: None, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextlib.contextmanager
    def here(**_more: object) -> Iterator[None]:
        yield

    monkeypatch.setattr(home, "open_home", here)
    lay()


@pytest.fixture
def duty(person: Person) -> User:
    return person(Role.DUTY, name="=HYPERLINK(1)")


@pytest.fixture
def number(duty: User) -> str:
    story = water_story()
    number = str(perform("story.open_case", duty, story).data["number"])
    case = story.cases.get()
    perform("case.hand_out", duty, case, {"title": "=1+1", "unit": Unit.objects.get(code="water"), "within": 1})
    return number


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_cases_are_listed_shown_and_written(number: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["case", "list", "--json"]) == 0
    [row] = lines(capsys)
    assert (row["number"], row["kind"], row["tasks"], row["tasks_done"], row["overdue"]) == (number, "incident", 1, 0, False)
    assert str(row["opened_at"]).endswith("+08:00")
    assert main(["case", "list", "--kind", "message"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["case", "show", number, "--json"]) == 0
    [whole] = lines(capsys)
    assert whole["task_list"] == [{"title": "=1+1", "unit": "water", "state": "task.sent", "answer": "", "urged": 0}]
    out = tmp_path / "cases.xlsx"
    assert main(["case", "export", "--out", str(out)]) == 0
    sheet = load_workbook(out).active
    assert [cell.value for cell in sheet[1]][:3] == ["number", "kind", "state"]
    assert sheet["A2"].value == number


def test_a_month_of_the_roster_as_a_sheet_runs_no_formula(
    duty: User, person: Person, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    planner = person(Role.ADMINISTRATOR)
    kind = found("shift.make", planner, PRESETS[1][2][0])
    found("rotation.begin", planner, {"shift": kind, "since": date(2026, 11, 1), "turn_days": 1, "people": [duty.pk]})
    assert main(["roster", "show", "--month", "2026-11", "--json"]) == 0
    rows = lines(capsys)
    assert (len(rows), rows[0]["day"], rows[0]["who"]) == (30, "2026-11-01", "=HYPERLINK(1)")
    assert main(["roster", "show", "--published"]) == 0
    assert capsys.readouterr().out == "", "nothing was published"
    out = tmp_path / "roster.xlsx"
    assert main(["roster", "export", "--month", "2026-11", "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"30 turns → {out}\n"
    sheet = load_workbook(out).active
    assert (sheet["F2"].value, sheet["F2"].data_type) == ("'=HYPERLINK(1)", "s")
    assert main(["roster", "now", "--json"]) == 0
    assert {row["which"] for row in lines(capsys)} >= {"now", "next"}


def test_plans_are_listed_shown_and_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["plan", "list", "--json"]) == 0
    assert {row["code"]: row["version"] for row in lines(capsys)}["rumour"] == 1
    assert main(["plan", "show", "school", "--json"]) == 0
    assert lines(capsys)[0]["zh"] == "校园舆情应急预案"
    for name in ("plan.json", "plan.xlsx", "plan.csv"):
        assert main(["plan", "export", "school", "--out", str(tmp_path / name)]) == 0
    assert json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["code"] == "school"
    sheet = load_workbook(tmp_path / "plan.xlsx").active
    assert [cell.value for cell in sheet[1]][:4] == ["code", "grade", "role", "within"]
    assert sheet.max_row == 13


def test_drills_and_responses_are_never_in_one_list(person: Person, capsys: pytest.CaptureFixture[str]) -> None:
    from groundswell.desk.plans.models import Plan

    said = {
        "plan": Plan.objects.get(code="school"),
        "grade": 3,
        "reason": "x",
        "leader": person(Role.LEADER),
        "drill": True,
        "title": "演练",
    }
    found("response.ask", person(Role.DUTY), said)
    assert main(["plan", "responses", "--json"]) == 0
    assert lines(capsys) == []
    assert main(["plan", "responses", "--drills", "--json"]) == 0
    assert lines(capsys)[0]["number"] == "DRILL"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["case", "show", "CA-2026-9999"], "There is no case “CA-2026-9999”"),
        (["case", "list", "--kind", "essay"], "There is no kind “essay”"),
        (["case", "list", "--unit", "nobody"], "There is no unit"),
        (["case", "export", "--out", "cases.pdf"], "no known ending"),
        (["roster", "show", "--month", "November"], "is no month"),
        (["roster", "export", "--out", "nowhere/roster.xlsx"], "cannot be written"),
        (["plan", "show", "war"], "There is no plan “war”"),
        (["plan", "show", "school", "--version", "7"], "has no version 7"),
        (["plan", "export", "school", "--out", "nowhere/plan.json"], "cannot be written"),
    ],
)
def test_a_fault_is_one_sentence(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 1
    told = capsys.readouterr()
    assert said in told.err
    assert told.err.count("\n") == 1
