"""An issue as paper: the plain data from which Word, PDF, HTML and text are drawn; frozen with a hash when it is signed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
import orjson

from groundswell.desk.accounts.models import User
from groundswell.desk.bulletins import facts, issues, phrases
from groundswell.desk.bulletins.models import Issue, IssueItem
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.preferences import preference
from groundswell.desk.stream.models import Item
from groundswell.reports.paper import Brief, BriefItem, Chart, Figure, Section, SourceLine

LANGUAGES = ("zh-hans", "en")
USUAL_MARK = "内部资料 注意保存"  # each language's paper has its own words for it


def brief_of(issue: Issue, language: str = "zh-hans") -> Brief:
    """The paper of ISSUE in LANGUAGE: as it was signed, or as it stands now."""
    code = "en" if language.lower().startswith("en") else "zh-hans"
    if issue.frozen:
        return thaw(issue.frozen["papers"][code])
    return _compose(issue, code, gather(issue))


@dataclass(frozen=True)
class Gathered:
    """What the papers of an issue are composed from, read once for both languages."""

    pieces: Sequence[IssueItem]
    items: Mapping[int, Item]
    keep: Collection[str]  # names that may stand in the titles of sources


def gather(issue: Issue, keep: Collection[str] | None = None) -> Gathered:
    pieces = issues.ordered(issue)
    items = Item.objects.select_related("source").defer("tokens", "signature", "judged")
    found = items.in_bulk({pk for piece in pieces for pk in piece.citations})
    return Gathered(pieces, found, facts.keep_names() if keep is None else keep)


def freeze(issue: Issue, gathered: Gathered | None = None) -> dict[str, Any]:
    """The papers of an issue that has just got its number, as JSON data."""
    ground = gathered or gather(issue)
    return {"papers": {code: msgspec.to_builtins(_compose(issue, code, ground)) for code in LANGUAGES}}


def thaw(data: Mapping[str, Any]) -> Brief:
    """The paper that ``freeze`` wrote down."""
    sections = tuple(Section(title=row["title"], items=tuple(map(_thaw_item, row["items"]))) for row in data["sections"])
    lists = {name: tuple(data[name]) for name in ("report_to", "send_to", "issue_to")}
    charts = tuple(Chart(**row) for row in data["charts"])
    return Brief(**{**data, **lists, "date": date.fromisoformat(data["date"]), "sections": sections, "charts": charts})


def _thaw_item(row: Mapping[str, Any]) -> BriefItem:
    parts = {
        "sources": tuple(SourceLine(**line) for line in row["sources"]),
        "figures": tuple(Figure(**figure) for figure in row["figures"]),
        "charts": tuple(Chart(**chart) for chart in row["charts"]),
    }
    return BriefItem(**{**row, **parts})


def hash_of(frozen: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of a frozen paper: the same before and after the database kept it."""
    return hashlib.sha256(orjson.dumps(frozen, option=orjson.OPT_SORT_KEYS)).hexdigest()


def is_whole(issue: Issue) -> bool:
    """Is the frozen paper still the one that was signed?"""
    return issue.frozen is not None and hash_of(issue.frozen) == issue.frozen_hash


def _compose(issue: Issue, language: str, ground: Gathered) -> Brief:
    series, english = issue.series, language == "en"
    sections = []
    for row in series.sections or [{"code": "", "name": "", "name_en": ""}]:
        mine = [_item(piece, ground.items, english, ground.keep) for piece in ground.pieces if piece.section == row["code"]]
        if mine:
            sections.append(Section(title=_either(row.get("name_en"), row.get("name"), english), items=tuple(mine)))
    return Brief(
        title=_either(series.name_en, series.name, english),
        series=series.code,
        number=issue.number,
        total_number=issue.total,
        year=issue.year,
        body=_setting("body.name", english),
        office=_either(series.office_en, series.office, english) or _setting("body.office", english),
        date=issue.day,
        classification=None if series.classification == USUAL_MARK else series.classification,
        sections=tuple(sections),
        editor=_name(issue.editor, english),
        checker=_name(issue.checker, english),
        signer=_name(issue.signer, english),
        report_to=_names(series.report_to),
        send_to=_names(series.send_to),
        issue_to=_names(series.issue_to),
        copies=series.copies or None,
        language=language,
        draft=issue.number is None,
    )


def _item(piece: IssueItem, items: Mapping[int, Item], english: bool, keep: Collection[str]) -> BriefItem:
    text, advice = _either(piece.text_en, piece.text, english), _either(piece.advice_en, piece.advice, english)
    return BriefItem(
        title=_either(piece.title_en, piece.title, english),
        text=text,
        advice=advice,
        level=piece.level if piece.level <= 3 and piece.section != "positive" else None,
        sources=_sources(piece, items, text + advice, english, keep),
    )


def _sources(piece: IssueItem, items: Mapping[int, Item], words: str, english: bool, keep: Collection[str]) -> tuple[SourceLine, ...]:
    """The items that WORDS cite, else all of the piece; the one that was read most ends the item."""
    known = [(n, items[pk]) for n, pk in enumerate(piece.citations, 1) if pk in items]
    named = {int(n) for n in re.findall(r"\[(\d{1,3})\]", words)}
    cited = [(n, item) for n, item in known if n in named] or known
    main = max(cited, key=lambda row: ((row[1].reads or 0) + (row[1].comments or 0), -row[0]), default=None)
    return tuple(source_of(item, n, english, keep) for n, item in sorted(cited, key=lambda row: (row != main, row[0])))


def source_of(item: Item, n: int, english: bool, keep: Collection[str]) -> SourceLine:
    """Where an item was said; its title without the names of private persons."""
    stamp = item.published_stamp
    if not stamp:
        moment = item.published_at or item.collected_at
        stamp = moment.astimezone(zone()).isoformat(timespec="seconds")
    return SourceLine(
        platform=_either(item.source.name_en, item.source.name, english),
        at=stamp,
        reads=item.reads,
        comments=item.comments,
        reposts=item.reposts,
        url=item.url,
        title=phrases.unnamed(item.title, keep),
        n=n,
    )


def _either(english_words: str | None, words: str | None, english: bool) -> str:
    return (english_words if english and english_words else words) or ""


def _setting(key: str, english: bool) -> str:
    return str((preference(f"{key}_en") if english else "") or preference(key))


def _name(user: User | None, english: bool) -> str:
    return _either(user.name_en, user.name, english) if user else ""


def _names(text: str) -> tuple[str, ...]:
    """The names of a list as it is kept, with ， or ; between; 、 stands within a name (县委、县政府)."""
    for mark in ("，", "；", ";"):
        text = text.replace(mark, ",")
    return tuple(name.strip() for name in text.split(",") if name.strip())
