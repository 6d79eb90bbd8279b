"""Turns a brief into the finished words of a sheet of paper, in order: DOCX, PDF and HTML only draw it.

That the three say the same is therefore not a matter of care: they are given the same strings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import count

from msgspec import Struct

from groundswell.reports.clean import one_line, paragraphs, web_address
from groundswell.reports.numerals import numeral
from groundswell.reports.paper import Brief, BriefItem, Chart, SourceLine
from groundswell.reports.words import MONTHS, Words, section_numeral, words_of

_CITE = re.compile(r"\[(\d{1,4})\]")
_STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d))?")


class Run(Struct, frozen=True):
    """A stretch of one look: "" plain, "bold", or "cite" for the raised [n] of a source."""

    text: str
    look: str = ""


class Picture(Struct, frozen=True, kw_only=True):
    svg: str
    caption: str
    alt: str


class SheetItem(Struct, frozen=True, kw_only=True):
    title: str
    paragraphs: tuple[tuple[Run, ...], ...]
    figures: str = ""
    pictures: tuple[Picture, ...] = ()


class SheetSection(Struct, frozen=True, kw_only=True):
    heading: str
    items: tuple[SheetItem, ...]


class SheetSource(Struct, frozen=True, kw_only=True):
    text: str
    url: str = ""


class Sheet(Struct, frozen=True, kw_only=True):
    """All words of the paper; a field that is "" or () is not drawn."""

    lang: str  # zh-Hans or en
    title: str
    issue: str
    draft: bool
    classification: str
    office: str
    date: str
    sections: tuple[SheetSection, ...]
    empty: str
    pictures: tuple[Picture, ...]
    sources_heading: str
    sources: tuple[SheetSource, ...]
    people: tuple[str, ...]  # 编辑, 审核, 签发
    lists: tuple[str, ...]  # 报, 送, 发
    copies: str
    keywords: str = ""


class _Sources:
    """Numbers the sources of the whole issue from 1, one number for one address."""

    def __init__(self) -> None:
        self.lines: list[SourceLine] = []
        self._by_identity: dict[object, int] = {}

    def number(self, line: SourceLine) -> int:
        identity = line.url or (line.platform, line.at, line.title)
        if identity not in self._by_identity:
            self.lines.append(line)
            self._by_identity[identity] = len(self.lines)
        return self._by_identity[identity]


def compose(brief: Brief) -> Sheet:
    """The sheet of a brief, in the brief's language."""
    words = words_of(brief.language)
    sources = _Sources()
    captions = count(1)
    sections = []
    number = 0
    for place, section in enumerate(brief.sections, 1):
        items = []
        for item in section.items:
            number += 1
            items.append(_item(item, number, sources, captions, words))
        heading = words["section"].format(numeral=section_numeral(place, words), title=one_line(section.title))
        sections.append(SheetSection(heading=heading, items=tuple(items)))
    pictures = _pictures(brief.charts, captions, words)
    return Sheet(
        lang=words["lang"],
        title=one_line(brief.title),
        issue=_issue(brief, words),
        draft=brief.draft,
        classification=words["classification"] if brief.classification is None else one_line(brief.classification),
        office=one_line(brief.office or brief.body),
        date=words["date"].format(
            year=brief.date.year, month=brief.date.month, day=brief.date.day, month_name=MONTHS[brief.date.month - 1]
        ),
        sections=tuple(sections),
        empty="" if number else words["empty"],
        pictures=pictures,
        sources_heading=words["sources"] if sources.lines else "",
        sources=tuple(_source(n, line, words) for n, line in enumerate(sources.lines, 1)),
        people=_people(brief, words),
        lists=_lists(brief, words),
        copies=words["copies"].format(n=brief.copies) if brief.copies else "",
        keywords=one_line(", ".join(part for part in (brief.series, str(brief.year or brief.date.year)) if part)),
    )


def stamp_parts(at: str | datetime) -> tuple[int, ...]:
    """(year, month, day) or (year, month, day, hour, minute) as the stamp itself says; () where it says nothing readable."""
    text = at.isoformat() if isinstance(at, datetime) else at
    match = _STAMP.match(text.strip())
    return tuple(int(part) for part in match.groups() if part is not None) if match else ()


def told(at: str | datetime, words: Words, minute: str = "stamp", day: str = "stamp_day") -> str:
    """A stamp in the patterns ``words[minute]`` or, where only the day is known, ``words[day]``:
    ``11-23 09:12``, ``11-23``. An unreadable stamp stays as it is."""
    parts = stamp_parts(at)
    if not parts:
        return one_line(str(at))
    named = dict(zip(("year", "month", "day", "hour", "minute"), parts, strict=False))
    month = MONTHS[parts[1] - 1][:3] if 1 <= parts[1] <= 12 else ""
    return words[minute if len(parts) == 5 else day].format(**named, month_short=month)


def long_time(at: str | datetime) -> str:
    """``2026-11-23 09:12`` for the list of sources, the same in both languages."""
    parts = stamp_parts(at)
    if not parts:
        return one_line(str(at))
    day = "-".join(f"{part:02d}" for part in parts[:3])
    return f"{day} {parts[3]:02d}:{parts[4]:02d}" if len(parts) == 5 else day


def ending(line: SourceLine, words: Words) -> str:
    """What stands behind an item: （云岭论坛，11-23 09:12，阅3120 评42 转7）; counts that are not known are left out."""
    counts = words["counts_join"].join(
        words[name].format(n=numeral(value, words["lang"]))
        for name, value in (("reads", line.reads), ("comments", line.comments), ("reposts", line.reposts))
        if value is not None
    )
    parts = [part for part in (one_line(line.platform), told(line.at, words), counts) if part]
    return words["ending"].format(parts=words["ending_join"].join(parts)) if parts else ""


def _issue(brief: Brief, words: Words) -> str:
    if brief.draft:
        return words["draft"]
    pattern = words["issue_total"] if brief.total_number else words["issue"]
    return pattern.format(number=brief.number, total=brief.total_number)


def _item(item: BriefItem, number: int, sources: _Sources, captions: Iterator[int], words: Words) -> SheetItem:
    title = one_line(item.title)
    if item.level:
        title = words["item_level"].format(title=title, level=words[f"level_{item.level}"])
    renumbered = {line.n: sources.number(line) for line in item.sources if line.n}
    cited: set[int] = set()
    body = [_runs(text, renumbered, cited) for text in paragraphs(item.text)]
    advice = paragraphs(item.advice)
    if advice:
        body.append([Run(words["advice"], "bold"), *_runs(advice[0], renumbered, cited)])
        body.extend(_runs(text, renumbered, cited) for text in advice[1:])
    if item.sources and item.ends_with_source:
        body = body or [[]]
        body[-1].append(Run(ending(item.sources[0], words)))
        rest = sorted({sources.number(line) for line in item.sources} - cited)
        if rest:
            body[-1].append(Run("".join(f"[{n}]" for n in rest), "cite"))
    figures = words["figure_join"].join(
        words["figure"].format(label=one_line(figure.label), value=one_line(figure.value)) for figure in item.figures
    )
    return SheetItem(
        title=words["item"].format(number=number, title=title),
        paragraphs=tuple(tuple(run for run in runs if run.text) for runs in body),
        figures=words["figures"].format(figures=figures) if figures else "",
        pictures=_pictures(item.charts, captions, words),
    )


def _runs(text: str, renumbered: dict[int, int], cited: set[int]) -> list[Run]:
    """Plain text with the [n] of known sources set apart under their numbers in the whole issue; other brackets stay."""
    runs: list[Run] = []
    done = 0
    for match in _CITE.finditer(text):
        n = renumbered.get(int(match[1]))
        if n is None:
            continue
        cited.add(n)
        if match.start() > done:
            runs.append(Run(text[done : match.start()]))
        if match.start() == done and runs and runs[-1].look == "cite":
            if f"[{n}]" not in runs[-1].text:  # two items that look the same on paper are one source
                runs[-1] = Run(f"{runs[-1].text}[{n}]", "cite")
        else:
            runs.append(Run(f"[{n}]", "cite"))
        done = match.end()
    if done < len(text):
        runs.append(Run(text[done:]))
    return runs


def _pictures(charts: tuple[Chart, ...], captions: Iterator[int], words: Words) -> tuple[Picture, ...]:
    return tuple(
        Picture(
            svg=chart.svg,
            caption=words["chart"].format(n=next(captions), caption=one_line(chart.caption)).strip(),
            alt=one_line(chart.alt or chart.caption),
        )
        for chart in charts
    )


def _source(n: int, line: SourceLine, words: Words) -> SheetSource:
    platform = one_line(line.platform)
    title = one_line(line.title)
    if title:
        platform = f"{platform}《{title}》" if words["lang"].startswith("zh") else f"{platform}, “{title}”"
    text = words["source"].format(n=n, platform=platform, time=long_time(line.at))
    return SheetSource(text=text.rstrip("，, "), url=web_address(line.url))


def _people(brief: Brief, words: Words) -> tuple[str, ...]:
    """编辑, 审核, 签发: a place without a name stays open on a draft, to be signed by hand, and is left out when signed."""
    named = (("editor", brief.editor), ("checker", brief.checker), ("signer", brief.signer))
    return tuple(words[key].format(name=one_line(name)) for key, name in named if name or brief.draft)


def _lists(brief: Brief, words: Words) -> tuple[str, ...]:
    named = (("report_to", brief.report_to), ("send_to", brief.send_to), ("issue_to", brief.issue_to))
    return tuple(words[key].format(names=words["names_join"].join(map(one_line, names))) for key, names in named if names)
