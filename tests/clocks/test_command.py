"""``groundswell due``: rows in, due dates out, bad rows named without stopping the others."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from groundswell.cli import main


def answers(folder: Path, *rows: dict[str, Any], options: tuple[str, ...] = (), code: int = 0) -> list[dict[str, Any]]:
    source, target = folder / "in.jsonl.gz", folder / "out.jsonl"
    source.write_bytes(gzip.compress("\n".join(json.dumps(row) for row in rows).encode()))
    assert main(["due", "--in", str(source), "--out", str(target), *options]) == code
    return [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]


def test_rows_keep_their_ids_and_say_why(tmp_path: Path) -> None:
    first, second, third = answers(
        tmp_path,
        {"id": "a", "received": "2026-02-09", "n": 20, "unit": "working_day"},
        {"received": "2026-11-23T16:06", "n": 48, "unit": "hour", "pauses": [["2026-11-24", "2026-11-24"]]},
        {"id": 7, "received": "2026-12-04T09:00:00+08:00", "n": 20, "unit": "working_day", "pauses": None},
    )
    assert (first["id"], first["due"], first["provisional"]) == ("a", "2026-03-13", False)
    assert first["why"][5] == {"date": "2026-02-14", "counted": True, "reason": "make_up_day", "total": 5, "name": "spring_festival"}
    assert (second["id"], second["due"]) == (1, "2026-11-26T16:06:00+08:00")
    assert second["why"][1]["reason"] == "paused"
    assert (third["id"], third["due"], third["provisional"]) == (7, "2027-01-04", True)


def test_options(tmp_path: Path) -> None:
    row = {"received": "2026-02-13T18:00", "n": 1, "unit": "working_day"}
    assert answers(tmp_path, row)[0]["due"] == "2026-02-14"
    assert answers(tmp_path, row, options=("--calendar", "weekdays"))[0]["due"] == "2026-02-16"
    assert answers(tmp_path, row, options=("--next-day-after-hours",))[0]["due"] == "2026-02-24"
    assert answers(tmp_path, row | {"next_day_after_hours": True})[0]["due"] == "2026-02-24"
    assert answers(tmp_path, row | {"received": "2026-02-13T18:00+00:00"}, options=("--zone", "UTC"))[0]["due"] == "2026-02-14"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"received": "soon", "n": 1, "unit": "hour"}, "received is 'soon'"),
        ({"n": 1, "unit": "hour"}, "received is None"),
        ({"received": "2026-02-13", "n": 1, "unit": "hour"}, "needs its time"),
        ({"received": "2026-02-13", "n": 1, "unit": "fortnight"}, "no unit"),
        ({"received": "2026-02-13", "unit": "working_day"}, "n is None"),
        ({"received": "2026-02-13", "n": "3", "unit": "working_day"}, "n is '3'"),
        ({"received": "2026-02-13", "n": 3, "unit": "working_day", "pauses": ["2026-02-14"]}, "Write pauses as"),
        ({"received": "2026-02-13", "n": 3, "unit": "working_day", "pauses": 5}, "Write pauses as"),
        ({"received": "9999-12-31", "n": 3, "unit": "working_day"}, "outside the years"),
        ({"received": "9998-12-31", "n": 3, "unit": "calendar_day"}, "beyond"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: dict[str, Any], words: str
) -> None:
    bad, good = answers(tmp_path, row, {"received": "2026-11-20", "n": 7, "unit": "working_day"}, code=1)
    assert (bad["id"], bad["due"]) == (0, None)
    assert words in bad["error"]
    assert words in capsys.readouterr().err
    assert good["due"] == "2026-12-01"
