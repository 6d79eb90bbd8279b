"""Due dates counted apart from this code: from the State Council's notices, day by day and minute by minute, and looked through by eye.

The table says of each: the limit ("20 working_day", or a code of the dated rules), the receipt, what else holds, which weekdays rest and
which weekend days work up to the due day by the national list, and when it is due. What else may hold: ``next_day`` (receipt after hours
counts as the next working day), ``pause a..b``, ``extend n``, and of a unit ``week``, ``office``, ``no_holidays``, ``rest``, ``work``.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from groundswell.cli import main
from groundswell.engine.clocks import (
    Calendar,
    Event,
    Override,
    Rule,
    china_calendar,
    clock_state,
    day_of,
    due,
    for_unit,
    rule_on,
    with_days,
)

CN = china_calendar()
ZONE = ZoneInfo("Asia/Shanghai")
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
OF_A_UNIT = ("week", "office", "no_holidays", "rest", "work")


class Row(NamedTuple):
    rule: str
    received: str
    given: str
    calendar: str
    due: str
    why: str

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What else holds, as (name, value)."""
        parts = [] if self.given == "-" else self.given.split("; ")
        return [(part.partition(" ")[0], part.partition(" ")[2]) for part in parts]

    @property
    def is_for_all(self) -> bool:
        """Can the command count it: no extension, no unit's calendar?"""
        return not any(name in (*OF_A_UNIT, "extend") for name, _value in self.facts)


with Path(__file__).with_name("due_dates.tsv").open(encoding="utf-8") as _table:
    ROWS = [Row(**row) for row in csv.DictReader(_table, delimiter="\t")]


def stamp(text: str) -> date | datetime:
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text).replace(tzinfo=ZONE)


def written(at: date | datetime) -> str:
    return f"{at.astimezone(ZONE):%Y-%m-%dT%H:%M}" if isinstance(at, datetime) else at.isoformat()


def limit(row: Row) -> Rule:
    n, _space, unit = row.rule.partition(" ")
    return Rule(code="x", n=float(n), unit=unit) if unit else rule_on(n, date.fromisoformat(row.received[:10]))


def calendar_of(row: Row) -> Calendar:
    """China's, or the unit's."""
    said = dict(row.facts)
    week = [WEEK.index(day) for day in said["week"].split(",")] if "week" in said else None
    found = for_unit(CN, weekdays=week, office=said.get("office", ""), rests_on_holidays="no_holidays" not in said)
    own = {date.fromisoformat(said[name]): Override(name == "work") for name in ("rest", "work") if name in said}
    return with_days(found, own)


def pauses_of(row: Row) -> list[tuple[date | datetime, date | datetime]]:
    return [(stamp(first), stamp(last)) for name, value in row.facts if name == "pause" for first, last in [value.split("..")]]


def test_there_are_enough_of_each_kind() -> None:
    assert len(ROWS) >= 200
    assert len({row[:3] for row in ROWS}) == len(ROWS)
    years = Counter(row.received[:4] for row in ROWS)
    assert all(years[str(year)] >= 14 for year in range(2019, 2027)), years
    make_up = {day for day, each in CN.overrides.items() if each.is_working and 2019 <= day.year <= 2026}
    due_on = {row.due[:10] for row in ROWS}
    assert not [day for day in sorted(make_up) if day.isoformat() not in due_on], "make-up days on which nothing is due"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.rule}-{row.received}-{row.given}".replace(" ", "_"))
def test_due(row: Row) -> None:
    rule, said = limit(row), dict(row.facts)
    received = stamp(row.received)
    calendar, pauses, after = calendar_of(row), pauses_of(row), "next_day" in said
    n = rule.n + float(said.get("extend", 0))
    found = due(received, n, rule.unit, pauses, calendar=calendar, zone=ZONE, next_day_after_hours=after)
    assert written(found.at) == row.due, row.why
    assert not found.provisional


@pytest.mark.parametrize("row", [row for row in ROWS if "extend" in row.given], ids=lambda row: f"{row.rule}-{row.given}")
def test_an_extended_clock_runs_to_the_same_day(row: Row) -> None:
    """The same out of a history of events, as cases keep it."""
    start = _moment(stamp(row.received))
    events = [Event(kind="start", at=start), Event(kind="extend", at=start + timedelta(minutes=1), n=float(dict(row.facts)["extend"]))]
    for first, last in pauses_of(row):
        events += [Event(kind="pause", at=_moment(first)), Event(kind="resume", at=_moment(last))]
    state = clock_state(limit(row), events, max(event.at for event in events), CN, ZONE)
    assert written(state.due) == row.due, row.why


def _moment(at: date | datetime) -> datetime:
    return at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, 10, tzinfo=ZONE)


def test_the_list_of_days_agrees_with_the_notices() -> None:
    """What the table says of the days between receipt and due day, each year's make-up days among them."""
    for row in ROWS:
        assert _between(date.fromisoformat(row.received[:10]), date.fromisoformat(row.due[:10])) == row.calendar, row


def _between(first: date, last: date) -> str:
    days = [day_of(CN, first + timedelta(days=n)) for n in range((last - first).days + 1)]
    rest = _folded([day.date for day in days if not day.is_working and day.date.weekday() < 5])
    work = _folded([day.date for day in days if day.is_working and day.date.weekday() >= 5])
    return "; ".join(part for part in (f"rest {rest}" if rest else "", f"work {work}" if work else "") if part) or "-"


def _folded(days: list[date]) -> str:
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(f"{run[0]:%m-%d}" if len(run) == 1 else f"{run[0]:%m-%d}..{run[-1]:%m-%d}" for run in runs)


def test_the_command_counts_the_same(tmp_path: Path) -> None:
    rows = [row for row in ROWS if row.is_for_all]
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join(json.dumps(_asked(row)) for row in rows), encoding="utf-8")
    assert main(["due", "--in", str(source), "--out", str(target)]) == 0
    answers = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert len(rows) > 180
    assert [answer["due"][: len(row.due)] for row, answer in zip(rows, answers, strict=True)] == [row.due for row in rows]


def _asked(row: Row) -> dict[str, object]:
    rule = limit(row)
    pauses = [value.split("..") for name, value in row.facts if name == "pause"]
    return {"received": row.received, "n": rule.n, "unit": rule.unit, "pauses": pauses, "next_day_after_hours": "next_day" in row.given}
