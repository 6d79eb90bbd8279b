"""Receipts to due dates in working days, calendar days or hours, with the sum day by day."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from groundswell.cli.lines import open_in, open_out, rows, write
from groundswell.server.faults import Fault

CALENDARS = ("cn", "weekdays")
HOURS = ("working_hour", "hour", "minute")
ONLY_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--in", dest="input", metavar="FILE", help="rows with id, received, n, unit and perhaps pauses [[from, to], …]")
    parser.add_argument("--out", metavar="FILE", help="rows with id, due, provisional, why; error where a row cannot be counted")
    parser.add_argument("--calendar", choices=CALENDARS, default="cn", help="cn: China's lists (default); weekdays: no holidays")
    parser.add_argument("--zone", default="Asia/Shanghai", help="zone of times without one, and of the due dates")
    parser.add_argument("--next-day-after-hours", action="store_true", help="receipt after office hours counts as the next working day")


def run(args: argparse.Namespace) -> int:
    from groundswell.engine.clocks.working_days import china_calendar, weekday_calendar

    calendar = china_calendar() if args.calendar == "cn" else weekday_calendar()
    try:
        zone = ZoneInfo(args.zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Fault(f"There is no time zone {args.zone}. Write it as Asia/Shanghai.") from error
    bad = 0
    with open_in(args.input) as source, open_out(args.out) as out:
        for row in rows(source, args.input or "input"):
            answer = _answer(row, calendar, zone, args.next_day_after_hours)
            if "error" in answer:
                bad += 1
                print(f"row {row['id']}: {answer['error']}", file=sys.stderr)
            write(out, answer)
    return 1 if bad else 0


def _answer(row: Mapping[str, Any], calendar: Any, zone: ZoneInfo, next_day: bool) -> dict[str, Any]:
    """The row's due date with its sum, or its error."""
    from groundswell.engine.clocks.due import due

    try:
        unit = row.get("unit", "working_day")
        received = _stamp(row.get("received"), "received", zone)
        if unit in HOURS and not isinstance(received, datetime):
            raise ValueError(f"received is only a day ({received}); {unit} needs its time too.")
        pauses = _pauses(row.get("pauses") or [], zone)
        after_hours = bool(row.get("next_day_after_hours", next_day))
        found = due(received, row.get("n"), unit, pauses, calendar=calendar, zone=zone, next_day_after_hours=after_hours)  # type: ignore[arg-type]
    except (ValueError, OverflowError) as error:
        return {"id": row["id"], "due": None, "provisional": False, "why": [], "error": str(error)}
    why = [_line(step, zone) for step in found.why]
    return {"id": row["id"], "due": _written(found.at, zone), "provisional": found.provisional, "why": why}


def _pauses(pauses: object, zone: ZoneInfo) -> list[tuple[date | datetime, date | datetime]]:
    if not isinstance(pauses, list) or not all(isinstance(pause, list) and len(pause) == 2 for pause in pauses):
        raise ValueError(f"pauses is {pauses!r}. Write pauses as [[from, to], …].")
    return [(_stamp(first, "the pause's start", zone), _stamp(last, "the pause's end", zone)) for first, last in pauses]


def _stamp(value: object, name: str, zone: ZoneInfo) -> date | datetime:
    """A written moment, or a bare day. Raises ValueError naming the field."""
    from groundswell.engine.read.dates import stamp_to_utc

    text = str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    try:
        if ONLY_DAY.fullmatch(text):
            return date.fromisoformat(text)
        moment, only_day = stamp_to_utc(text, str(zone)) if text else (None, False)
    except (ValueError, OverflowError):
        moment, only_day = None, False
    if moment is None:
        raise ValueError(f"{name} is {value!r}, which is no time. Write it as 2026-11-23T16:06+08:00 or 2026-11-23.")
    return moment.astimezone(zone).date() if only_day else moment


def _line(step: Any, zone: ZoneInfo) -> dict[str, Any]:
    line = {"date": step.date.isoformat(), "counted": step.counted, "reason": step.code, "total": round(step.total, 4)}
    if step.name:
        line["name"] = step.name
    if step.provisional:
        line["provisional"] = True
    if step.start and step.end:
        line["from"], line["to"] = _written(step.start, zone), _written(step.end, zone)
    return line


def _written(at: date | datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(timespec="seconds") if isinstance(at, datetime) else at.isoformat()
