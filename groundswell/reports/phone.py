"""A paper as one long picture of a phone's width, to be sent on by messenger; typst draws it, no browser is needed.

The words are those of the sheet from which Word and PDF are drawn; they reach typst as data and are shown as strings.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import typst

from groundswell.reports import look
from groundswell.reports.fonts import installed_of, known_fonts, require_chinese_font
from groundswell.reports.paper import Brief
from groundswell.reports.sheet import compose

WIDTH_PT = 360.0
PIXELS = 1080  # three for each point of a phone's screen
_TEMPLATE = Path(__file__).with_name("phone.typ")


def brief_png(brief: Brief) -> bytes:
    """The picture of a brief, PIXELS wide and as long as its words need.

    Raises ``fonts.NoChineseFont`` where no Chinese face is installed."""
    require_chinese_font()
    sheet = compose(brief)
    faces = installed_of(look.HEITI)
    drawn = {
        "width": WIDTH_PT,
        "faces": list(faces if sheet.lang == "zh-Hans" else (*installed_of(("Liberation Sans", "Noto Sans", "DejaVu Sans")), *faces)),
        "head": list(installed_of(look.BIAOSONG) or faces),
        "red": look.RED,
        "ink": look.INK,
        "grey": look.GREY,
        "chinese": sheet.lang == "zh-Hans",
    }
    inputs = {"sheet": msgspec.json.encode(sheet).decode(), "look": msgspec.json.encode(drawn).decode()}
    return typst.compile(
        _TEMPLATE.read_bytes(),
        format="png",
        ppi=72 * PIXELS / WIDTH_PT,
        sys_inputs=inputs,
        font_paths=known_fonts(),
        ignore_system_fonts=True,
    )
