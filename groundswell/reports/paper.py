"""What a brief, flash report or numbered summary says: frozen structs, before any layout.

Times in ``SourceLine.at`` are stamps in the contract's written form, ``2026-11-23T09:12:00+08:00``
or only the day ``2026-11-23``; they are printed with the wall time that they carry.
"""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct


class SourceLine(Struct, frozen=True, kw_only=True):
    """Where an item was said. Counts that are not known are None and are not printed."""

    platform: str
    at: str | datetime = ""  # stamp; an aware datetime is printed in its own zone
    reads: int | None = None
    comments: int | None = None
    reposts: int | None = None
    url: str = ""
    title: str = ""
    n: int = 0  # the number by which this item's text cites it, 0 where it does not


class Figure(Struct, frozen=True, kw_only=True):
    """One number with its name, e.g. 条数 214."""

    label: str
    value: str


class Chart(Struct, frozen=True, kw_only=True):
    """A picture drawn by ``reports.charts``; ``alt`` says in words what it shows."""

    svg: str
    caption: str = ""
    alt: str = ""


class BriefItem(Struct, frozen=True, kw_only=True):
    title: str
    text: str  # paragraphs are separated by line ends; [n] cites the source with that n
    advice: str = ""
    sources: tuple[SourceLine, ...] = ()  # the first is the main one and ends the item
    level: int | None = None  # 1 to 4
    figures: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
    ends_with_source: bool = True  # the main source with its counts behind the text; False: only the [n] in it


class Section(Struct, frozen=True, kw_only=True):
    title: str
    items: tuple[BriefItem, ...] = ()


class Brief(Struct, frozen=True, kw_only=True):
    """One issue. A draft has no number; a signed issue has one.

    ``classification`` None prints the usual words of the language, "" prints none.
    ``__post_init__`` raises ValueError with the field and the mend."""

    title: str  # of the masthead: 重要舆情摘要
    series: str = ""  # brief, flash, summary, ...
    number: int | None = None  # in its year
    total_number: int | None = None  # since the series began
    year: int | None = None
    body: str = ""  # 云岭县
    office: str = ""  # 云岭县网络舆情办公室
    date: date
    classification: str | None = None
    sections: tuple[Section, ...] = ()
    editor: str = ""
    checker: str = ""
    signer: str = ""
    report_to: tuple[str, ...] = ()  # 报
    send_to: tuple[str, ...] = ()  # 送
    issue_to: tuple[str, ...] = ()  # 发
    copies: int | None = None
    language: str = "zh-hans"
    draft: bool = True
    charts: tuple[Chart, ...] = ()  # of the whole issue, after the last section

    def __post_init__(self) -> None:
        if self.draft and (self.number is not None or self.total_number is not None):
            raise ValueError(f"Brief.number is {self.number} on a draft: a draft has no number, leave it out or set draft=False.")
        if not self.draft and (self.number is None or self.number < 1):
            raise ValueError(f"Brief.number is {self.number} on a signed issue: give the number taken at sign-off, 1 or more.")
        for section in self.sections:
            for item in section.items:
                if item.level not in (None, 1, 2, 3, 4):
                    raise ValueError(f"BriefItem.level is {item.level} on “{item.title}”: it is 1 to 4, or None.")
