"""The day's brief as a paper: as it was signed, or a draft without a number."""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import date, datetime
from datetime import time as dtime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundswell.server.faults import Fault

if TYPE_CHECKING:
    from groundswell.desk.bulletins.models import Issue, Series
    from groundswell.reports.paper import Brief

ENDINGS = (".docx", ".pdf", ".html", ".txt")
END_OF_DAY = dtime(17)
LANGUAGES = {"zh": "zh-hans", "zh-hans": "zh-hans", "zh-cn": "zh-hans", "en": "en"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--date", required=True, metavar="DAY", help="the day of the issue, as 2026-11-23")
    parser.add_argument("--out", required=True, metavar="FILE", help=".docx, .pdf, .html or .txt; “-” writes the text to standard output")
    parser.add_argument("--series", default="brief", help="code of the series (default brief)")
    parser.add_argument("--language", default="zh-hans", help="zh-hans (default) or en")
    parser.add_argument("--clock", metavar="HH:MM", help="which of the day's issues, where it has two (default the last)")
    parser.add_argument("--redraft", action="store_true", help="throw the machine's unsigned draft away and make it anew")
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")


def run(args: argparse.Namespace) -> int:
    started = time.monotonic()
    path, language = Path(args.out), _language(args.language)
    if args.out != "-" and path.suffix.lower() not in ENDINGS:
        raise Fault(f"“{path.name}” has no known ending. Choose one of {', '.join(ENDINGS)} for --out.")
    if args.out != "-" and not path.absolute().parent.is_dir():
        raise Fault(f"There is no folder {path.absolute().parent}. Make it first, or choose another place with --out.")
    day = _day(args.date)
    from groundswell.server.home import open_home

    with open_home():
        from groundswell.desk.bulletins.paper import brief_of

        issue = find_or_draft(_series(args.series), day, _clock(args.clock), anew=args.redraft)
        brief = brief_of(issue, language)
        _write(brief, path, args.out)
        told = _told(issue, brief, args.out, time.monotonic() - started)
    if args.json:
        print(json.dumps(told, ensure_ascii=False), file=sys.stderr if args.out == "-" else sys.stdout)
    elif args.out != "-":
        number = f"no. {told['number']} ({told['total']} in all)" if told["number"] else "a draft without a number"
        print("{out}: {0}, {items} items citing {sources} sources; {seconds} s".format(number, **told))
    return 0


def find_or_draft(series: Series, day: date, clock: dtime | None, *, anew: bool = False) -> Issue:
    """The issue of DAY: signed or being made as it stands; where there is none, or it is empty, one drafted by machine."""
    from groundswell.desk.bulletins import issues
    from groundswell.desk.bulletins.models import Issue
    from groundswell.desk.spine.actions import perform

    rows = Issue.objects.filter(series=series, day=day).select_related("series").order_by("due_at")
    at = _moment(series, day, clock)
    signed = rows.exclude(number=None)
    found = rows.filter(due_at=at).first() or (signed.last() if clock is None else None)
    if found is not None and found.number is not None:
        return found
    issue = found or issues.make_for(series, at, by_clock=_is_ahead(series, at))
    if anew and issue.is_open:
        issue.pieces.filter(drafted_by_machine=True).delete()
    if issue.is_open and not issue.pieces.exists():
        perform("issue.autodraft", None, issue)
    return Issue.objects.select_related("series", "editor", "checker", "signer").get(pk=issue.pk)


def _is_ahead(series: Series, at: datetime) -> bool:
    """Is AT the clock that the desk is working towards? An issue for another day waits for no clock."""
    from groundswell.desk.bulletins.issues import rhythm_of
    from groundswell.desk.spine.ports import now

    return at == rhythm_of(series).next_after(now())


def _moment(series: Series, day: date, clock: dtime | None) -> datetime:
    """When the issue of DAY is due: the CLOCK asked for, else the day's last one, 17:00 for a series without clocks."""
    from groundswell.desk.bulletins.issues import rhythm_of
    from groundswell.desk.spine.ports import zone

    if clock:
        return datetime.combine(day, clock, zone())
    clocks = rhythm_of(series).on(day)
    return clocks[-1] if clocks else datetime.combine(day, END_OF_DAY, zone())


def _series(code: str) -> Series:
    from groundswell.desk.bulletins.models import Series

    found = Series.objects.filter(code=code).first()
    if found is None:
        known = ", ".join(Series.objects.order_by("code").values_list("code", flat=True))
        raise Fault(f"There is no series “{code}”. --series knows: {known}.")
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Fault(f"“{text}” is no day. Write --date as 2026-11-23.") from error


def _clock(text: str | None) -> dtime | None:
    try:
        return dtime.fromisoformat(text) if text else None
    except ValueError as error:
        raise Fault(f"“{text}” is no time of day. Write --clock as 17:00.") from error


def _language(text: str) -> str:
    if text.lower() not in LANGUAGES:
        raise Fault(f"--language knows zh-hans and en, not “{text}”.")
    return LANGUAGES[text.lower()]


def _write(brief: Brief, path: Path, out: str) -> None:
    from groundswell.desk.bulletins.mail import plain
    from groundswell.reports.docx import brief_docx
    from groundswell.reports.fonts import NoChineseFont
    from groundswell.reports.html import brief_html
    from groundswell.reports.pdf import brief_pdf

    if out == "-":
        print(plain(brief))
        return
    draw: dict[str, Any] = {".docx": brief_docx, ".pdf": brief_pdf, ".html": brief_html, ".txt": lambda one: plain(one) + "\n"}
    try:
        made = draw[path.suffix.lower()](brief)
        path.write_bytes(made if isinstance(made, bytes) else made.encode())
    except NoChineseFont as error:
        raise Fault(str(error)) from error
    except OSError as error:
        raise Fault(f"{path} cannot be written: {error.strerror or error}. Choose another place with --out.") from error


def _told(issue: Issue, brief: Brief, out: str, seconds: float) -> dict[str, Any]:
    from groundswell.desk.spine.ports import zone

    pieces = list(issue.pieces.all())
    return {
        "out": out,
        "series": issue.series_id,
        "day": issue.day.isoformat(),
        "number": issue.number,
        "total": issue.total,
        "draft": brief.draft,
        "state": issue.state,
        "window": [at.astimezone(zone()).isoformat() for at in (issue.window_from, issue.window_to)],
        "items": sum(len(section.items) for section in brief.sections),
        "sources": len({pk for piece in pieces for pk in piece.citations}),
        "hash": issue.frozen_hash,
        "seconds": round(seconds, 1),
    }
