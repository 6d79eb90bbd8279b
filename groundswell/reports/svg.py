"""The ground of our charts: elements, escaping, number words, axis steps, and colours by class.

Strings only: no style attribute, no style element, no script, so that the strictest content policy
shows them. A shape's colour is its class; ``PAINT`` says which token each class takes. From that one
table come the style sheet of the screen (``chart_css``) and the fixed colours of paper (``inline``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from html import escape

from groundswell.reports.clean import one_line

# class -> property -> token name, or a plain value where it is no colour
PAINT: dict[str, dict[str, str]] = {
    "bar": {"fill": "chart"},
    "bar-part": {"fill": "band50", "stroke": "chart"},
    "bar-soft": {"fill": "band50"},
    "track": {"fill": "line"},
    "band50": {"fill": "band50"},
    "band80": {"fill": "band80"},
    "area": {"fill": "chart", "fill-opacity": ".1"},
    "curve": {"fill": "none", "stroke": "chart"},
    "median": {"fill": "none", "stroke": "chart"},
    "dot": {"fill": "chart", "stroke": "surface"},
    "grid": {"stroke": "line"},
    "axis": {"stroke": "line2"},
    "thr": {"stroke": "thr"},
    "thr-lbl": {"fill": "lv1-fg"},
    "now": {"stroke": "ink2"},
    "lead": {"stroke": "ink2"},
    "ev-dot": {"fill": "ink"},
    "ev-num": {"fill": "surface"},
    "tick": {"fill": "ink3"},
    "lbl": {"fill": "ink2"},
    "em": {"fill": "ink"},
    "plate": {"fill": "surface", "fill-opacity": ".82"},
    "ng": {"fill": "neg"},
    "nu": {"fill": "neu"},
    "ps": {"fill": "pos"},
    "on-ng": {"fill": "surface"},
    "on-nu": {"fill": "ink"},
    "on-ps": {"fill": "surface"},
    "cell": {"fill": "pos", "fill-opacity": ".75"},
    "cell-low": {"fill": "pos", "fill-opacity": ".42"},
    "cell-none": {"fill": "none", "stroke": "lv1"},
    "ring-track": {"fill": "none", "stroke": "line"},
    "ring-left": {"fill": "none", "stroke": "ink3"},
    "ring-soon": {"fill": "none", "stroke": "lv2-fg"},
    "ring-now": {"fill": "none", "stroke": "lv1"},
    "heat0": {"fill": "sunken"},
    "heat1": {"fill": "band80"},
    "heat2": {"fill": "band50"},
    "heat3": {"fill": "chart"},
    "on-heat0": {"fill": "ink2"},
    "on-heat1": {"fill": "ink"},
    "on-heat2": {"fill": "ink"},
    "on-heat3": {"fill": "on-accent"},
}

# The light theme's tokens: what paper is printed with.
PAPER: dict[str, str] = {
    "surface": "#FFFFFF",
    "sunken": "#ECEFF3",
    "line": "#DCE0E5",
    "line2": "#C5CBD2",
    "ink": "#171F28",
    "ink2": "#444D58",
    "ink3": "#5E6773",
    "chart": "#284FAB",
    "band50": "#B5C9F2",
    "band80": "#D8E3FA",
    "thr": "#B71920",
    "lv1": "#B71920",
    "lv1-fg": "#A9141C",
    "lv2-fg": "#944915",
    "neg": "#6D2569",
    "neu": "#8F949A",
    "pos": "#057E77",
    "on-accent": "#FFFFFF",
}
PAPER_FONTS = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
TEXT_PX = 12.0

_CLASS = re.compile(r' class="([^"]*)"')


def chart_css() -> str:
    """The rules that the desk's style sheet needs, one line a class, colours by its variables."""
    rules = []
    for name, paint in PAINT.items():
        body = ";".join(f"{key}:{f'var(--{value})' if value in PAPER else value}" for key, value in paint.items())
        rules.append(f".chart .{name}{{{body}}}")
    return "\n".join(
        (
            ".chart{display:block;overflow:visible;font-family:var(--sans)}",
            ".chart.wide,.chart.slim{width:100%;height:auto}",
            ".chart text{font-variant-numeric:tabular-nums}",
            "@media (min-width:601px){.chart.slim{display:none}}",
            "@media (max-width:600px){.chart.wide{display:none}}",
            *rules,
        )
    )


def inline(svg: str, tokens: dict[str, str] = PAPER) -> str:
    """The chart with fixed colours instead of classes, for documents and files that no style sheet reaches."""

    def paint(match: re.Match[str]) -> str:
        attributes: dict[str, str] = {}
        for name in match[1].split():
            if name == "chart":
                attributes["font-family"] = PAPER_FONTS
            attributes.update(PAINT.get(name, {}))
        return "".join(f' {key}="{tokens.get(value, value)}"' for key, value in attributes.items())

    return _CLASS.sub(paint, svg)


def el(name: str, classes: str = "", body: str = "", **attributes: object) -> str:
    """One element. ``body`` is markup; attribute names write ``_`` for ``-``; attributes that are None are left out."""
    out = [f"<{name}"]
    if classes:
        out.append(f' class="{escape(classes, quote=True)}"')
    for key, value in attributes.items():
        if value is not None:
            shown = num(value) if isinstance(value, float) else one_line(str(value))
            out.append(f' {key.rstrip("_").replace("_", "-")}="{escape(shown, quote=True)}"')
    out.append(f">{body}</{name}>" if body else "/>")
    return "".join(out)


def plain(words: str) -> str:
    """Untrusted words as the body of an element."""
    return escape(one_line(words))


def text(x: float, y: float, words: str, classes: str = "tick", anchor: str = "start", size: float = TEXT_PX, bold: bool = False) -> str:
    """A line of text whose ``words`` are plain."""
    return el(
        "text",
        classes,
        plain(words),
        x=x,
        y=y,
        text_anchor=None if anchor == "start" else anchor,
        font_size=size,
        font_weight="600" if bold else None,
    )


def root(width: float, height: float, body: str, classes: str = "", label: str = "", title: str = "", desc: str = "", key: str = "") -> str:
    """The svg element. With ``title`` and ``key`` it is named by <title> and <desc>, with ``label`` by aria-label,
    with neither it is hidden from readers since the words stand beside it."""
    said: dict[str, object] = {"role": "img"}
    if title:
        said["aria_labelledby"] = f"{key}-t {key}-d" if desc else f"{key}-t"
        body = el("title", "", plain(title), id=f"{key}-t") + (
            el("desc", "", plain(desc), id=f"{key}-d") if desc else ""
        ) + body  # fmt: skip
    elif label:
        said["aria_label"] = label
    else:
        said = {"aria_hidden": "true"}
    return el(
        "svg",
        f"chart {classes}".strip(),
        body,
        xmlns="http://www.w3.org/2000/svg",
        width=width,
        height=height,
        viewBox=f"0 0 {num(width)} {num(height)}",
        **said,
    )


def num(value: object) -> str:
    """A coordinate with one decimal at most; what is no number becomes 0."""
    number = float(value) if isinstance(value, int | float) else 0.0
    if not math.isfinite(number):
        number = 0.0
    return f"{number:.1f}".removesuffix(".0").replace("-0", "0") if abs(number) < 0.05 else f"{number:.1f}".removesuffix(".0")


def points(pairs: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{num(x)},{num(y)}" for x, y in pairs)


_MOST = 1e12  # more than any count; keeps sums and steps within what a float holds


def finite(values: Iterable[float | None]) -> list[float]:
    """The values as floats of 0 or more; None, NaN, infinities and negative counts become 0, monsters become a million millions."""
    return [min(float(value), _MOST) if value is not None and math.isfinite(value) and value > 0 else 0.0 for value in values]


def amount(value: float) -> str:
    """A count for the eye: 8,412, 0.5."""
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 10 else f"{value:.1f}"


def nice_steps(top: float, most: int = 5, whole: bool = True) -> list[float]:
    """Axis values from 0 up to the first step at or above ``top``: steps of 1, 2 or 5 times a power of ten, at most ``most`` of them."""
    top = min(top, _MOST * 10) if math.isfinite(top) and top > 0 else 1.0
    power = math.floor(math.log10(top / most))
    power = max(power, 0) if whole else power
    step = next(
        base * 10.0**exponent
        for exponent in range(power, power + 3)
        for base in (1, 2, 5)
        if base * 10.0**exponent * most >= top * (1 - 1e-9)
    )
    return [step * i for i in range(math.ceil(top / step - 1e-9) + 1)]


def text_width(words: str, size: float = TEXT_PX) -> float:
    """About how wide a line runs in pixels: Han characters an em, others a little over half."""
    return size * sum(1.0 if ord(char) >= 0x2E80 else 0.32 if char in " .,:;|!'iIjl" else 0.6 for char in words)


def fit(words: str, width: float, size: float = TEXT_PX) -> str:
    """The words, cut with … where they would run wider than ``width`` pixels."""
    words = one_line(words)
    if text_width(words, size) <= width:
        return words
    while words and text_width(words + "…", size) > width:
        words = words[:-1]
    return words + "…"


def shares(values: Sequence[float]) -> list[int]:
    """Whole percentages that add up to 100 (largest remainders); all 0 where there is nothing."""
    total = sum(values)
    if total <= 0:
        return [0 for _ in values]
    exact = [100 * value / total for value in values]
    whole = [math.floor(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda i: (whole[i] - exact[i], i))
    for i in order[: 100 - sum(whole)]:
        whole[i] += 1
    return whole
