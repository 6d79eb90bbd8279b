"""Turns one of our SVG charts into a PNG, for Word files; typst draws it, no browser is needed."""

from __future__ import annotations

import typst

from groundswell.reports.fonts import known_fonts

_PAGE = '#set page(width: auto, height: auto, margin: 0pt, fill: white)\n#image(bytes(sys.inputs.at("svg")), format: "svg", width: 442pt)\n'


def svg_png(svg: str, pixels_per_inch: float = 220) -> bytes:
    """The chart as PNG, 156 mm wide at the given resolution.

    Raises typst.TypstError where ``svg`` is not a readable SVG."""
    return typst.compile(
        _PAGE.encode(), format="png", ppi=pixels_per_inch, sys_inputs={"svg": svg}, font_paths=known_fonts(), ignore_system_fonts=True
    )
