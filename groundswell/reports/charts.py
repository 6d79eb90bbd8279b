"""The small pictures of screens and papers, drawn as SVG strings: sparkline, bars, ring, split, cells, tiles.

The large one, the spread of a story with its forecast, is in ``reports.spread``; both speak the classes of
``reports.svg``. On a screen the string goes into the page as it is (it is escaped and carries no style); the
desk's style sheet needs the rules that ``svg.chart_css()`` returns, about forty lines of this kind, all under
``.chart`` and all by the desk's variables, so that both themes and a strict content policy hold::

    .chart{display:block;overflow:visible;font-family:var(--sans)}
    .chart.wide,.chart.slim{width:100%;height:auto}
    @media (min-width:601px){.chart.slim{display:none}}  @media (max-width:600px){.chart.wide{display:none}}
    .chart .bar{fill:var(--chart)}        .chart .bar-part{fill:var(--band50);stroke:var(--chart)}
    .chart .band50{fill:var(--band50)}    .chart .band80{fill:var(--band80)}
    .chart .median{fill:none;stroke:var(--chart)}    .chart .thr{stroke:var(--thr)}
    .chart .em{fill:var(--ink)}  .chart .lbl{fill:var(--ink2)}  .chart .tick{fill:var(--ink3)}  .chart .ev-dot{fill:var(--ink)}

Variables used: surface sunken line line2 ink ink2 ink3 chart band50 band80 thr lv1 lv1-fg lv2-fg neg neu pos
on-accent, sans. In a document there is no style sheet: pass the string through ``svg.inline`` first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

from groundswell.reports.spread import Event, spread_chart, spread_charts, spread_rows
from groundswell.reports.svg import amount, chart_css, el, finite, fit, inline, nice_steps, plain, points, root, shares, text, text_width
from groundswell.reports.words import Words, words_of

__all__ = [
    "Event",
    "Tile",
    "bars",
    "chart_css",
    "columns",
    "health_cells",
    "inline",
    "ring",
    "sparkline",
    "split_bar",
    "spread_chart",
    "spread_charts",
    "spread_rows",
    "tile_map",
]


class Tile(Struct, frozen=True, kw_only=True):
    """One place of a tile map; ``column`` and ``row`` from 0 put it where it lies, None fills in reading order."""

    name: str
    count: float
    column: int | None = None
    row: int | None = None
    href: str = ""  # a path of this site, or http(s)


def sparkline(
    values: Sequence[float | None],
    median: Sequence[float] = (),
    low: Sequence[float] = (),
    high: Sequence[float] = (),
    label: str = "",
    *,
    words: str | Words = "zh-hans",
    width: float = 150,
    height: float = 36,
) -> str:
    """Counts as a line over a pale ground, then the forecast: median dashed, ``low`` to ``high`` tinted.

    ``label`` names it for readers; without one a sentence is made of the figures. No value gives a flat
    axis, one value a dot."""
    said = words_of(words)
    seen = finite(values)
    ahead = finite(median)
    below, above = finite(low)[: len(ahead)], finite(high)[: len(ahead)]
    label = label or said["spark_label"].format(n=len(seen), top=amount(max(seen, default=0)), last=amount(seen[-1] if seen else 0))
    top = max([*seen, *ahead, *above, 1.0])
    slots = max(len(seen) + len(ahead) - 1, 1)

    def x(i: float) -> float:
        return 3 + i * (width - 6) / slots

    def y(value: float) -> float:
        return height - 3 - (height - 7) * value / top

    if not seen:
        axis = el("line", "axis", x1=3.0, x2=width - 3.0, y1=height - 3.0, y2=height - 3.0)
        return root(width, height, axis, "spark", label)
    last = len(seen) - 1
    line = [(x(i), y(value)) for i, value in enumerate(seen)]
    future = [(x(last), y(seen[-1])), *((x(last + 1 + i), y(value)) for i, value in enumerate(ahead))]
    parts = []
    if below and len(below) == len(above):
        upper = [(x(last + 1 + i), y(value)) for i, value in enumerate(above)]
        lower = [(x(last + 1 + i), y(value)) for i, value in enumerate(below)]
        parts.append(el("polygon", "band80", points=points([future[0], *upper, *reversed(lower)])))
    if last:
        parts.append(el("polygon", "area", points=points([(x(0), height - 3), *line, (x(last), height - 3)])))
        parts.append(el("polyline", "curve", points=points(line), stroke_width=1.6, stroke_linejoin="round", stroke_linecap="round"))
    if ahead:
        parts.append(el("polyline", "median", points=points(future), stroke_width=1.4, stroke_dasharray="2.5 2.5"))
    parts.append(el("circle", "dot", cx=line[-1][0], cy=line[-1][1], r=2.6, stroke_width=1.2))
    return root(width, height, "".join(parts), "spark", label)


def bars(
    rows: Sequence[tuple[str, float]],
    *,
    label: str = "",
    top: float | None = None,
    log: bool = False,
    strong: Sequence[int] = (),
    width: float = 292,
    unit: str = "",
) -> str:
    """Lying bars, a row each: name, bar, figure. ``top`` is the value of a full bar (default: the largest);
    ``log`` lengths by logarithm; rows in ``strong`` stand out. Every length has room beside its figure."""
    values = finite(value for _, value in rows)
    full = top if top and top > 0 else max([*values, 1e-9])
    figures = [amount(value) + unit for value in values]
    named = min(max((text_width(name, 13) for name, _ in rows), default=0.0) + 10, width * 0.42)
    counted = max((text_width(figure, 13) * 1.06 for figure in figures), default=0.0) + 10
    room = max(width - named - counted, 20.0)
    parts = []
    for i, (name, _) in enumerate(rows):
        share = math.log1p(values[i]) / math.log1p(full) if log else values[i] / full
        length = max(room * min(share, 1.0), 3.0) if values[i] else 0.0
        middle = 14 + i * 28
        shown = fit(name, named - 8, 13)
        line = text(0, middle + 4.5, shown, "lbl", size=13)
        if shown != name:
            line = el("g", "", el("title", "", plain(name)) + line)
        parts.append(line)
        if length:
            kind = "bar" if i in strong else "bar-soft"
            parts.append(el("rect", kind, x=named, y=middle - 4.0, width=length, height=8.0, rx=3.0))
        parts.append(text(width, middle + 4.5, figures[i], "em", "end", 13, bold=True))
    return root(width, max(28.0 * len(rows), 1.0), "".join(parts), "bars", label)


def columns(rows: Sequence[tuple[str, float]], *, label: str = "", width: float = 640, height: float = 200, unit: str = "") -> str:
    """Standing bars with an axis of nice steps, for days, months or kinds; names thin out before they would touch."""
    values = finite(value for _, value in rows)
    steps = nice_steps(max([*values, 1.0]), 4)
    left = max(text_width(amount(step)) for step in steps) + 12
    ground, roof = height - 24.0, 14.0
    slot = (width - left) / max(len(rows), 1)

    def y(value: float) -> float:
        return ground - (ground - roof) * value / steps[-1]

    parts = []
    for step in steps:
        parts.append(el("line", "axis" if step == 0 else "grid", x1=left, x2=width, y1=y(step), y2=y(step)))
        parts.append(text(left - 7, y(step) + 4, amount(step), "tick", "end"))
    widest = max((text_width(name) for name, _ in rows), default=1.0) + 10
    every = max(1, math.ceil(widest / slot))
    thick = min(slot * 0.62, 34.0)
    for i, (name, _) in enumerate(rows):
        middle = left + slot * (i + 0.5)
        if values[i]:
            parts.append(
                el("rect", "bar", el("title", "", plain(f"{name} {amount(values[i])}{unit}")), x=middle - thick / 2, y=y(values[i]),
                   width=thick, height=ground - y(values[i]), rx=min(1.5, thick / 3))
            )  # fmt: skip
        if i % every == 0:
            parts.append(text(middle, height - 7, fit(name, slot * every - 4), "tick", "middle"))
        if slot > text_width(amount(values[i])) + 6 and values[i] and len(rows) <= 12:
            parts.append(text(middle, y(values[i]) - 5, amount(values[i]), "em", "middle", bold=True))
    return root(width, height, "".join(parts), "columns", label)


def ring(fraction: float, urgency: str = "", *, size: float = 26, words: str | Words = "zh-hans", label: str | None = None) -> str:
    """How much of a limit is left, 0–1, clockwise from the top. ``urgency``: "", "soon" or "now".
    ``label`` "" hides it from readers (the time stands beside it)."""
    left = min(max(fraction if math.isfinite(fraction) else 0.0, 0.0), 1.0)
    around = 2 * math.pi * 10
    said = words_of(words)["ring_label"].format(percent=round(left * 100)) if label is None else label
    track = el("circle", "ring-track", cx=13, cy=13, r=10, stroke_width=4)
    kind = {"soon": "ring-soon", "now": "ring-now"}.get(urgency, "ring-left")
    arc = el(
        "circle",
        kind,
        cx=13,
        cy=13,
        r=10,
        stroke_width=4,
        stroke_dasharray=f"{around * left:.1f} {around:.1f}",
        transform="rotate(-90 13 13)",
    )
    body = track + (arc if left > 0 else "")
    return root(26, 26, body, "ring", said).replace('width="26" height="26"', f'width="{size:g}" height="{size:g}"', 1)


def split_bar(
    negative: float, neutral: float, positive: float, *, words: str | Words = "zh-hans", labelled: bool = False, width: float | None = None
) -> str:
    """Sentiment as three parts of one bar, counts or shares; ``labelled`` gives the tall one with words inside.

    A part's words are left out where they do not fit; its figure always stands in the name for readers."""
    said = words_of(words)
    percents = shares(finite((negative, neutral, positive)))
    label = said["split_label"].format(neg=percents[0], neu=percents[1], pos=percents[2])
    wide = width or (548.0 if labelled else 102.0)
    tall, radius = (30.0, 6.0) if labelled else (8.0, 4.0)
    kinds = [
        (kind, name, percent)
        for kind, name, percent in zip(("ng", "nu", "ps"), ("negative", "neutral", "positive"), percents, strict=True)
        if percent
    ]
    if not kinds:
        return root(wide, tall, el("rect", "track", width=wide, height=tall, rx=radius), "split", label)
    room = wide - 2.0 * (len(kinds) - 1)
    parts, at = [], 0.0
    marks = {"ng": "− ", "nu": "○ ", "ps": "+ "}
    for i, (kind, name, percent) in enumerate(kinds):
        long = room * percent / sum(share for _, _, share in kinds)
        first, final = i == 0, i == len(kinds) - 1
        parts.append(el("path", kind, d=_rounded(at, long, tall, radius if first else 0.0, radius if final else 0.0)))
        if labelled:
            for shown in (f"{marks[kind]}{said[name]} {percent}%", f"{marks[kind]}{percent}%", f"{percent}%"):
                if text_width(shown, 13) + 16 <= long:
                    parts.append(text(at + 10, 19.5, shown, f"on-{kind}", size=13, bold=True))
                    break
        at += long + 2.0
    return root(wide, tall, "".join(parts), "split", label)


def health_cells(values: Sequence[float | None], *, words: str | Words = "zh-hans", label: str = "", low: float = 0.5) -> str:
    """A source's last hours, a cell each: full, pale where under ``low`` of what is usual, hollow red where None (no data).

    ``values`` are shares of the usual yield: 1.0 as usual, 0 means that nothing came though it was read."""
    kinds = ["cell-none" if value is None else "cell-low" if value < low else "cell" for value in values]
    said = words_of(words)["health_label"].format(n=len(kinds), silent=kinds.count("cell-none"), low=kinds.count("cell-low"))
    parts = []
    for i, kind in enumerate(kinds):
        hollow = kind == "cell-none"
        inset = 0.6 if hollow else 0.0
        parts.append(
            el(
                "rect",
                kind,
                x=i * 6.0 + inset,
                y=inset,
                width=4.6 - 2 * inset,
                height=14.0 - 2 * inset,
                rx=1.2,
                stroke_width=1.2 if hollow else None,
            )
        )
    return root(max(len(kinds) * 6.0 - 1.4, 1.0), 14, "".join(parts), "cells", label or said)


def tile_map(tiles: Sequence[Tile], *, words: str | Words = "zh-hans", label: str = "", across: int = 4, width: float = 284) -> str:
    """Places as equal tiles, count over name, darker with more (four steps of the largest); a tile with ``href`` is a link."""
    said = words_of(words)
    placed = [
        (tile.column if tile.column is not None else i % across, tile.row if tile.row is not None else i // across)
        for i, tile in enumerate(tiles)
    ]
    wide = max([across, *(column + 1 for column, _ in placed)])
    deep = max([row + 1 for _, row in placed], default=0)
    gap = 5.0
    side = (width - gap * (wide - 1)) / wide
    tall = max(side / 1.4, 42.0)
    top = max([*finite(tile.count for tile in tiles), 1e-9])
    parts = []
    for tile, (column, row) in zip(tiles, placed, strict=True):
        count = finite([tile.count])[0]
        step = 0 if count == 0 else 3 if count > top * 0.5 else 2 if count > top * 0.15 else 1 if count > top * 0.05 else 0
        x, y = column * (side + gap), row * (tall + gap)
        said_tile = said["tile"].format(name=tile.name, count=amount(count))
        body = (
            el("title", "", plain(said_tile))
            + el("rect", f"heat{step}", x=x, y=y, width=side, height=tall, rx=6.0)
            + text(x + side / 2, y + tall / 2 - 2, amount(count), f"on-heat{step}" if step == 3 else "em", "middle", 14, bold=True)
            + text(x + side / 2, y + tall / 2 + 14, fit(tile.name, side - 6), f"on-heat{step}", "middle")
        )
        parts.append(el("a", "tile", body, href=tile.href, aria_label=said_tile) if _safe(tile.href) else el("g", "tile", body))
    image = root(width, max(deep * (tall + gap) - gap, 1.0), "".join(parts), "tiles", label or " ")
    return image.replace('role="img"', 'role="group"', 1) if any(_safe(tile.href) for tile in tiles) else image


def _safe(href: str) -> bool:
    """Whether an address may stand behind a tile: a path of this site, a query, or http(s)."""
    return href.startswith(("?", "https://", "http://")) or (href.startswith("/") and not href.startswith("//"))


def _rounded(x: float, width: float, height: float, left: float, right: float) -> str:
    """The path of a bar from ``x`` with its left and right corners rounded."""
    left, right = min(left, width / 2, height / 2), min(right, width / 2, height / 2)
    end = x + width
    return (
        f"M{x + left:.1f} 0H{end - right:.1f}A{right:.1f} {right:.1f} 0 0 1 {end:.1f} {right:.1f}V{height - right:.1f}"
        f"A{right:.1f} {right:.1f} 0 0 1 {end - right:.1f} {height:.1f}H{x + left:.1f}"
        f"A{left:.1f} {left:.1f} 0 0 1 {x:.1f} {height - left:.1f}V{left:.1f}A{left:.1f} {left:.1f} 0 0 1 {x + left:.1f} 0Z"
    )
