"""Sets a brief as PDF by typst: the same words and look as the Word file, tagged, archival (PDF/A-2a).

The words reach typst as data (JSON in ``sys.inputs``) and are shown as strings; the template is the
only markup, so nothing that a source wrote can become a command.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import typst

from groundswell.reports import look
from groundswell.reports.fonts import installed_of, known_fonts, require_chinese_font
from groundswell.reports.paper import Brief
from groundswell.reports.sheet import Sheet, compose
from groundswell.reports.words import words_of

_TEMPLATE = Path(__file__).with_name("paper.typ")


def brief_pdf(brief: Brief, at: datetime | None = None) -> bytes:
    """The PDF of a brief.

    ``at`` (aware) is written as the time of making; without it the brief's own day is. The same brief,
    stamp and fonts give the same bytes. Raises ``fonts.NoChineseFont`` where no Chinese face is installed,
    which English papers need too, since they quote Chinese sources."""
    return sheet_pdf(compose(brief), at or datetime(brief.date.year, brief.date.month, brief.date.day, tzinfo=UTC))


def sheet_pdf(sheet: Sheet, at: datetime) -> bytes:
    """The PDF of finished words, made ``at`` (aware). Raises ``fonts.NoChineseFont``."""
    require_chinese_font()
    inputs = {"sheet": msgspec.json.encode(sheet).decode(), "look": msgspec.json.encode(_look(sheet)).decode()}
    return typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs=inputs,
        font_paths=known_fonts(),
        ignore_system_fonts=True,
        pdf_standards=["a-2a"],
        timestamp=int(at.timestamp()),
    )


def _look(sheet: Sheet) -> dict[str, object]:
    """Measures, colours and the faces that this machine has."""
    latin = installed_of(look.LATIN)
    chinese = sheet.lang == "zh-Hans"
    return {
        "margins": {"top": look.TOP_MM, "bottom": look.BOTTOM_MM, "left": look.LEFT_MM, "right": look.RIGHT_MM},
        "body": _faces(look.FANGSONG, latin, chinese),
        "head": _faces(look.BIAOSONG, latin, chinese),
        "black": _faces(look.HEITI, (), chinese),
        "body_pt": look.BODY_PT,
        "small_pt": look.SMALL_PT,
        "note_pt": look.NOTE_PT,
        "imprint_pt": look.BODY_PT if chinese else look.SMALL_PT,
        "line_pt": look.LINE_PT,
        "head_pt": look.masthead_pt(sheet.title),
        "head_spacing": look.masthead_spacing(sheet.title),
        "red": look.RED,
        "ink": look.INK,
        "grey": look.GREY,
        "chinese": chinese,
        "page": words_of(sheet.lang)["page"].split("{n}"),
    }


def _faces(wanted: tuple[str, ...], latin: tuple[str, ...], chinese: bool) -> list[str]:
    """Faces to try in order. In Chinese papers one face sets everything, so that “ ” — … are full width."""
    own = installed_of(wanted) + installed_of(look.SONG) + installed_of(look.HEITI)
    return list(own if chinese else latin + own)
