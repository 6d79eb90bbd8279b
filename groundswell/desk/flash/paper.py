"""A flash report as paper: the plain data from which Word, PDF, text and the long picture are drawn; frozen with a hash when it is sent."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _

from groundswell.desk.bulletins import facts
from groundswell.desk.bulletins import paper as bulletin_paper
from groundswell.desk.bulletins.models import Series
from groundswell.desk.flash.drafting import HEADS
from groundswell.desk.flash.models import SERIES, Report, Stage
from groundswell.desk.spine.ports import now, zone
from groundswell.desk.spine.preferences import preference
from groundswell.desk.stream.models import Item
from groundswell.reports.paper import Brief, BriefItem, Section, SourceLine
from groundswell.reports.text import brief_text

LANGUAGES = ("zh-hans", "en")
PHONE = 200  # characters of the text for a phone
# the parts of the paper and the heads under each
PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("news", ("change", "outcome")),
    ("matter", ("what", "where", "when", "who")),
    ("talk", ("spread", "voices", "forecast")),
    ("doing", ("measures", "advice")),
)
SHORT = ("change", "outcome", "what", "spread", "measures")  # what 200 characters are made of


def code_of(language: str) -> str:
    return "en" if language.lower().startswith("en") else "zh-hans"


def brief_of(report: Report, language: str = "zh-hans") -> Brief:
    """The paper of REPORT in LANGUAGE: as it was sent, or as it stands now."""
    code = code_of(language)
    if report.frozen:
        return bulletin_paper.thaw(report.frozen["papers"][code])
    return _compose(report, code, _items(report), facts.keep_names())


def short_of(report: Report, language: str = "zh-hans") -> str:
    """200 characters at most, to be pasted into a message."""
    code = code_of(language)
    if report.frozen:
        return str(report.frozen["short"][code])
    return _short(report, code, _items(report), facts.keep_names())


def freeze(report: Report) -> dict[str, Any]:
    """Both papers and both short texts of a report that has just got its number, as JSON data."""
    items, keep = _items(report), facts.keep_names()
    return {
        "papers": {code: msgspec.to_builtins(_compose(report, code, items, keep)) for code in LANGUAGES},
        "short": {code: _short(report, code, items, keep) for code in LANGUAGES},
    }


def is_whole(report: Report) -> bool:
    """Is the frozen paper still the one that was sent?"""
    return report.frozen is not None and bulletin_paper.hash_of(report.frozen) == report.frozen_hash


def _items(report: Report) -> Mapping[int, Item]:
    return Item.objects.select_related("source").defer("tokens", "signature", "judged").in_bulk(report.citations)


def _compose(report: Report, code: str, items: Mapping[int, Item], keep: Collection[str]) -> Brief:
    english = code == "en"
    series = Series.objects.get(pk=SERIES)
    with translation.override(code):
        names = {"news": _("What is new"), "matter": _("The matter"), "talk": _("Talk and outlook"), "doing": _("Handling and advice")}
        title = _("%(title)s (%(kind)s)") % {"title": report.shown_title, "kind": report.kind_words}
        heads = {head: str(words) for head, words in HEADS.items()}
        author = report.sent_by or report.written_by
        sections: list[Section] = []
        for part, codes in PARTS:
            rows = [(head, text) for head in codes if (text := report.words(head))]
            if rows:
                first = not sections
                sections.append(
                    Section(
                        title=title if first else names[part],
                        items=tuple(
                            BriefItem(
                                title=heads[head],
                                text=text,
                                sources=_sources(report, items, text, english, keep),
                                level=report.level if first and place == 0 and report.level <= 3 else None,
                                ends_with_source=False,
                            )
                            for place, (head, text) in enumerate(rows)
                        ),
                    )
                )
    day = (report.sent_at or now()).astimezone(zone()).date()
    office = _either(series.office, series.office_en, english) or str(
        (preference("body.office_en") if english else "") or preference("body.office")
    )
    return Brief(
        title=_either(series.name, series.name_en, english),
        series=SERIES,
        number=report.number,
        total_number=report.total,
        year=report.year,
        body=str((preference("body.name_en") if english else "") or preference("body.name")),
        office=office,
        date=day,
        classification=None if series.classification == bulletin_paper.USUAL_MARK else series.classification,
        sections=tuple(sections),
        editor=_either(author.name, author.name_en, english),
        report_to=_listed(series.report_to),
        send_to=_listed(series.send_to),
        language=code,
        draft=report.state != Stage.SENT,
    )


def _either(words: str, english_words: str, english: bool) -> str:
    return (english_words if english and english_words else words) or ""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in re.split("[，；;,]", text) if name.strip())


def _sources(report: Report, items: Mapping[int, Item], text: str, english: bool, keep: Collection[str]) -> tuple[SourceLine, ...]:
    """The items that TEXT names, in the order of their numbers."""
    named = {int(n) for n in re.findall(r"\[(\d{1,3})\]", text)}
    return tuple(
        bulletin_paper.source_of(items[pk], n, english, keep) for n, pk in enumerate(report.citations, 1) if n in named and pk in items
    )


def _short(report: Report, code: str, items: Mapping[int, Item], keep: Collection[str]) -> str:
    with translation.override(code):
        said = [report.words(head) for head in SHORT]
        item = BriefItem(
            title=_("%(title)s (%(kind)s)") % {"title": report.shown_title, "kind": report.kind_words},
            text=(" " if code == "en" else "").join(text for text in said if text),
            advice=report.words("advice"),
            sources=_sources(report, items, report.words("when"), code == "en", keep),
            level=report.level,
        )
    return brief_text(item, PHONE, code)
