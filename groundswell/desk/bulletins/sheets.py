"""The red-head paper in a page of the desk: the words of the sheet, each piece beside its row, what is unresolved marked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from groundswell.desk.bulletins import checks, issues, paper, steps
from groundswell.desk.bulletins.checks import Check
from groundswell.desk.bulletins.models import Issue, IssueItem
from groundswell.reports.sheet import Run, Sheet, SheetItem, compose
from groundswell.reports.words import words_of


@dataclass(frozen=True)
class Part:
    """A stretch of a line: its words, its look ("" | bold | cite), whether it is unresolved."""

    text: str
    look: str = ""
    marked: bool = False


@dataclass(frozen=True)
class Entry:
    """One item on the paper, with the piece that it is drawn from while the issue is open."""

    title: Sequence[Part]
    paragraphs: Sequence[Sequence[Part]]
    figures: str
    piece: IssueItem | None = None


@dataclass(frozen=True)
class Section:
    heading: str
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Page:
    """What the template ``paper.html`` draws."""

    sheet: Sheet
    issue_words: str
    provisional: bool
    sections: Sequence[Section] = field(default=())


def page_of(issue: Issue, language: str, found: Sequence[Check] = ()) -> Page:
    """The paper of ISSUE in LANGUAGE; what FOUND says of its pieces is marked."""
    sheet = compose(paper.brief_of(issue, language))
    pieces = [] if issue.frozen else printed(issue)
    trouble = troubled(found)
    rows = iter(pieces)
    sections = []
    for section in sheet.sections:
        entries = []
        for item in section.items:
            piece = next(rows, None)
            entries.append(_entry(item, piece, trouble.get(piece.pk, []) if piece else []))
        sections.append(Section(section.heading, entries))
    return Page(sheet, _issue_words(issue, sheet), issue.number is None, sections)


def printed(issue: Issue) -> list[IssueItem]:
    """The pieces that stand on the paper, in its order."""
    codes = set(issues.section_codes(issue.series))
    return [piece for piece in issues.ordered(issue) if piece.section in codes]


def troubled(found: Sequence[Check]) -> Mapping[int, list[Check]]:
    """piece → what is not in order with it."""
    rows: dict[int, list[Check]] = {}
    for each in found:
        if each.piece is not None and each.severity != checks.OK and each.code != "open_comment":
            rows.setdefault(each.piece.pk, []).append(each)
    return rows


def _issue_words(issue: Issue, sheet: Sheet) -> str:
    """A draft shows the number that it would get now."""
    if issue.number is not None:
        return sheet.issue
    number, total = steps.numbers(issue)
    return words_of(sheet.lang)["issue_total"].format(number=number, total=total)


SPOTS = ("name", "word", "words", "text", "figure", "found", "was", "value")  # what a check's data may name in the text


def _entry(item: SheetItem, piece: IssueItem | None, trouble: Sequence[Check]) -> Entry:
    spots = [spot for each in trouble for key in SPOTS if (spot := each.args.get(key)) and isinstance(spot, str)]
    whole = any(each.severity == checks.ERROR and not any(key in each.args for key in SPOTS) for each in trouble)
    body = [[part for run in runs for part in _parts(run, spots, whole)] for runs in item.paragraphs]
    return Entry(_parts(Run(item.title), spots, False), body, item.figures, piece)


def _parts(run: Run, spots: Sequence[str], whole: bool) -> list[Part]:
    if run.look == "cite" or whole or not spots:
        return [Part(run.text, run.look, whole and run.look != "cite")]
    cut = re.split("(" + "|".join(map(re.escape, sorted(set(spots), key=len, reverse=True))) + ")", run.text)
    return [Part(text, run.look, bool(place % 2)) for place, text in enumerate(cut) if text]
