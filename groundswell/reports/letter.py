"""A letter of the body to an institution, on its red-head paper: the same words as Word and PDF."""

from __future__ import annotations

from datetime import UTC, date, datetime

from msgspec import Struct

from groundswell.reports.clean import one_line, paragraphs
from groundswell.reports.docx import sheet_docx
from groundswell.reports.pdf import sheet_pdf
from groundswell.reports.sheet import Run, Sheet, SheetItem, SheetSection
from groundswell.reports.words import MONTHS, words_of


class Letter(Struct, frozen=True, kw_only=True):
    """Plain words; each part is (heading, paragraphs)."""

    signed: str  # whose head the paper bears and who signs
    title: str
    number: str
    to: str
    opening: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    closing: tuple[str, str]  # heading, text
    contact: str = ""
    date: date
    language: str = "zh-hans"


def letter_docx(letter: Letter) -> bytes:
    """The letter as a Word file; equal letters give equal bytes."""
    return sheet_docx(sheet_of(letter), _at(letter))


def letter_pdf(letter: Letter) -> bytes:
    """The letter as PDF/A. Raises ``fonts.NoChineseFont`` where no Chinese face is installed."""
    return sheet_pdf(sheet_of(letter), _at(letter))


def _at(letter: Letter) -> datetime:
    return datetime(letter.date.year, letter.date.month, letter.date.day, tzinfo=UTC)


def sheet_of(letter: Letter) -> Sheet:
    """The finished words of LETTER."""
    words = words_of(letter.language)
    day = letter.date
    parts = (
        (f"{one_line(letter.to)}{'：' if words['lang'] == 'zh-Hans' else ':'}", (letter.opening,)),
        *letter.parts,
        (letter.closing[0], letter.closing[1:]),
    )
    items = tuple(SheetItem(title=one_line(heading), paragraphs=_runs(texts)) for heading, texts in parts)
    return Sheet(
        lang=words["lang"],
        title=one_line(letter.signed),
        issue=one_line(letter.number),
        draft=False,
        classification="",
        office="",
        date=words["date"].format(year=day.year, month=day.month, day=day.day, month_name=MONTHS[day.month - 1]),
        sections=(SheetSection(heading=one_line(letter.title), items=items),),
        empty="",
        pictures=(),
        sources_heading="",
        sources=(),
        people=(one_line(letter.signed),),
        lists=tuple(line for line in (one_line(letter.contact),) if line),
        copies="",
    )


def _runs(texts: tuple[str, ...]) -> tuple[tuple[Run, ...], ...]:
    return tuple((Run(line),) for text in texts for line in paragraphs(text))
