"""Read the yearly notice of holidays: which days rest, which weekend days work. Pure; what is odd is said, not guessed.

The form is that of the State Council's notices: a numbered line a holiday, "放假" for rest, "上班" for make-up work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DATE = re.compile(r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日(?:[（(](?P<note>[^）)]*)[）)])?")
RANGE = re.compile(rf"{DATE.pattern}\s*(?:至|到|—|－|-|~)\s*{DATE.pattern.replace('?P<', '?P<to_')}")
LINE = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十\d]+[)）]?[、.．]\s*)?(?P<name>[^：:\d]{1,20})[：:](?P<rest>.*)$")
COUNT = re.compile(r"共\s*(\d+)\s*天")
WEEKDAYS = "一二三四五六日"
LONGEST = 15  # days; a longer holiday is a slip of the pen


@dataclass(frozen=True)
class NoticedDay:
    """One day that the notice names."""

    day: date
    is_working: bool
    name: str


@dataclass(frozen=True)
class Doubt:
    """Something odd: ``code`` weekday | count | no_date | too_long | no_such_day, the line's number from 1, and what stood there."""

    code: str
    line: int
    text: str


@dataclass(frozen=True)
class Notice:
    """What was read, in order, and what a person must look at."""

    days: list[NoticedDay]
    doubts: list[Doubt]


def read_notice(text: str, year: int) -> Notice:
    """Read TEXT as the notice for YEAR. Lines without a holiday in them are passed over."""
    days: dict[date, NoticedDay] = {}
    doubts: list[Doubt] = []
    for number, line in enumerate(text.splitlines(), 1):
        match = LINE.match(line)
        if match is None or not ("放假" in line or "上班" in line):
            continue
        found, odd = _read_line(match["name"].strip(), match["rest"], year, number)
        days |= {each.day: each for each in found}
        doubts += odd if found else [*odd, Doubt("no_date", number, line.strip()[:60])]
    return Notice([days[day] for day in sorted(days)], doubts)


def _read_line(name: str, rest: str, year: int, number: int) -> tuple[list[NoticedDay], list[Doubt]]:
    days: list[NoticedDay] = []
    doubts: list[Doubt] = []
    month = 0
    for sentence in re.split(r"[。；;]", rest):
        working = "上班" in sentence
        if not working and "放假" not in sentence:
            continue
        spans, month, odd = _spans(sentence, year, month, number)
        doubts += odd
        read = [NoticedDay(day, working, name) for first, last in spans for day in _through(first, last)]
        stated = COUNT.search(sentence)
        if stated and not working and int(stated[1]) != len(read):
            doubts.append(Doubt("count", number, sentence.strip()))
        days += read
    return days, doubts


def _spans(sentence: str, year: int, month: int, number: int) -> tuple[list[tuple[date, date]], int, list[Doubt]]:
    """The spans of days in SENTENCE; a day without a month takes the one before it."""
    spans: list[tuple[date, date]] = []
    doubts: list[Doubt] = []
    at = 0
    while match := RANGE.search(sentence, at) or DATE.search(sentence, at):
        single = DATE.search(sentence, at)
        if single is not None and single.start() < match.start():
            match = single
        groups, at = match.groupdict(), match.end()
        first, month, odd = _day(groups, "", year, month, number, match[0])
        doubts += odd
        last = first
        if "to_day" in groups:
            last, month, odd = _day(groups, "to_", first.year if first else year, month, number, match[0])
            doubts += odd
        if first is None or last is None:
            continue
        if not timedelta(0) <= last - first < timedelta(days=LONGEST):
            doubts.append(Doubt("too_long", number, match[0]))
            continue
        spans.append((first, last))
    return spans, month, doubts


def _day(groups: dict[str, str | None], prefix: str, year: int, month: int, number: int, text: str) -> tuple[date | None, int, list[Doubt]]:
    month = int(groups[f"{prefix}month"] or month or 1)
    try:
        day = date(int(groups[f"{prefix}year"] or year), month, int(groups[f"{prefix}day"] or 0))
    except ValueError:
        return None, month, [Doubt("no_such_day", number, text)]
    said = re.search(r"(?:周|星期)([一二三四五六日天])", groups[f"{prefix}note"] or "")
    if said and WEEKDAYS.index(said[1].replace("天", "日")) != day.weekday():
        return day, month, [Doubt("weekday", number, text)]
    return day, month, []


def _through(first: date, last: date) -> Iterator[date]:
    for step in range((last - first).days + 1):
        yield first + timedelta(days=step)
