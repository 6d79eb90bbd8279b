"""The drawings: any numbers give a picture, nothing needs a style, labels do not touch, words are escaped."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from groundswell.engine.records import Forecast, Heat
from groundswell.reports import charts, spread
from groundswell.reports.raster import svg_png
from groundswell.reports.svg import PAINT, PAPER, amount, chart_css, finite, fit, inline, nice_steps, shares, text_width

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 23, 6, 0, tzinfo=ZONE).astimezone(UTC)
SVG = "{http://www.w3.org/2000/svg}"
SEEN = (1, 1, 1, 2, 2, 3, 3, 4, 4, 3, 5, 4, 6, 9, 13, 17, 21, 23, 28, 31, 7)


def heat(counts=SEEN, minutes=30):
    return Heat(bucket_minutes=minutes, start=START, counts=tuple(counts))


def forecast(n=12, minutes=30, start=START + timedelta(hours=10, minutes=30)):
    middle = tuple(30 + 9 * math.sin(i / 4) for i in range(n))
    line = lambda share: tuple(value * share for value in middle)  # noqa: E731
    return Forecast(
        bucket_minutes=minutes, start=start, median=middle, low50=line(0.85), high50=line(1.2), low80=line(0.6), high80=line(1.5)
    )


def draw(counts=SEEN, ahead=None, *, now=START + timedelta(hours=10, minutes=6), minutes=30, **more):
    return spread.spread_chart(heat(counts, minutes), ahead, now=now, zone=ZONE, words=more.pop("words", "zh-hans"), **more)


def classes(svg: str) -> set[str]:
    return {name for value in re.findall(r'class="([^"]*)"', svg) for name in value.split()}


def every_chart() -> dict[str, str]:
    events = [charts.Event(at=START + timedelta(hours=h), n=n, title="首帖") for n, h in enumerate((1, 6, 8), 1)]
    return {
        "spread": draw(ahead=forecast(), alert=60, events=events),
        "slim": draw(ahead=forecast(), alert=60, events=events, size="slim"),
        "many": draw([i % 50 for i in range(3000)], minutes=5, now=START + timedelta(days=11)),
        "spark": charts.sparkline(SEEN, (8, 9), (6, 5), (9, 14)),
        "bars": charts.bars([("采集", 8412), ("事件", 41)], log=True, strong=(1,)),
        "columns": charts.columns([("一月", 3), ("二月", 0)]),
        "ring": charts.ring(0.3, "now") + charts.ring(0.5, "soon") + charts.ring(1),
        "split": charts.split_bar(58, 31, 11) + charts.split_bar(58, 31, 11, labelled=True),
        "cells": charts.health_cells([1, 0.2, None, 0]),
        "tiles": charts.tile_map(
            [charts.Tile(name="清河", count=171, href="/desk/"), charts.Tile(name="城关", count=24), charts.Tile(name="云台", count=0)]
        ),
    }


# ---------------------------------------------------------------- what the content policy asks


@pytest.mark.parametrize("name", list(every_chart()))
def test_no_style_and_no_script(name):
    svg = every_chart()[name]
    assert not re.search(r"<style|style=|<script|javascript:|\bon\w+=", svg)
    assert not re.search(r'(fill|stroke)="(#|rgb|var)', svg)  # colours come by class only


@pytest.mark.parametrize("name", list(every_chart()))
def test_every_class_has_a_rule_and_inlining_leaves_none(name):
    svg = every_chart()[name]
    structural = {"chart", "wide", "slim", "paper", "spark", "bars", "columns", "ring", "split", "cells", "tiles", "tile", "ev"}
    assert classes(svg) - structural <= set(PAINT)
    assert "class=" not in inline(svg)
    assert PAPER["chart"] in inline(every_chart()["spread"])


def test_the_style_sheet_speaks_of_every_class_by_variable():
    css = chart_css()
    for name, paint in PAINT.items():
        assert f".chart .{name}{{" in css
        assert all(value in PAPER or value == "none" or re.fullmatch(r"\.\d+", value) for value in paint.values())
    assert "#" not in css


def test_a_chart_can_be_drawn_on_paper():
    png = svg_png(inline(every_chart()["spread"]), 72)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("hostile", ['"><script>alert(1)</script>', "]]>&<b a='1'>", "\x00\x0b\ud800x", "Ⅰ" * 500])
def test_hostile_words_stay_words(hostile):
    event = charts.Event(at=START + timedelta(hours=2), n=1, title=hostile)
    for svg in (
        draw(ahead=forecast(), alert=60, alert_label=hostile, events=[event], key="a", words={"lang": "en", "now": hostile + " {time}"}),
        charts.sparkline([1, 2], label=hostile),
        charts.bars([(hostile, 3)], label=hostile),
        charts.columns([(hostile, 3)], label=hostile),
        charts.tile_map([charts.Tile(name=hostile, count=1, href=hostile)], label=hostile),
        charts.split_bar(1, 1, 1, labelled=True, words={"negative": hostile}),
    ):
        root = etree.fromstring(svg)
        assert not root.findall(f".//{SVG}script")
        assert not root.findall(f".//{SVG}b")


def test_a_tile_links_only_to_this_site_or_the_web():
    hrefs = ("/desk/x/", "https://a.example/", "?place=1", "javascript:alert(1)", "//evil.example", "data:text/html,x")
    svg = charts.tile_map([charts.Tile(name="甲", count=1, href=href) for href in hrefs])
    assert [link.get("href") for link in etree.fromstring(svg).iter(f"{SVG}a")] == list(hrefs[:3])


# ---------------------------------------------------------------- any numbers


numbers = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True), st.integers(-5, 10**7))


@settings(max_examples=40, deadline=None)
@given(st.lists(numbers, max_size=30), st.lists(st.floats(0, 1e6), max_size=8))
def test_small_charts_draw_any_numbers(values, ahead):
    for svg in (
        charts.sparkline(values, ahead, ahead, ahead),
        charts.health_cells([value if value is None or math.isfinite(value) else 0 for value in values]),
        charts.bars([("甲", value or 0) for value in values]),
        charts.columns([("甲", value or 0) for value in values]),
        charts.tile_map([charts.Tile(name="甲", count=value or 0) for value in values]),
        *(charts.ring(value or 0) for value in values[:3]),
        *([charts.split_bar(*[value or 0 for value in values[:3]])] if len(values) >= 3 else []),
    ):
        etree.fromstring(svg)
        assert not re.search(r'="[^"]*\b(nan|inf)\b', svg)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 10**5), max_size=60),
    st.integers(0, 12),
    st.sampled_from([1, 5, 30, 60, 240, 1440]),
    st.floats(0, 10**6),
    st.sampled_from(["wide", "slim", "paper"]),
)
def test_spread_draws_any_numbers_inside_its_frame(counts, n, minutes, alert, size):
    end = START + timedelta(minutes=minutes * max(len(counts), 1))
    ahead = forecast(n, minutes, end) if n else None
    svg = draw(
        counts,
        ahead,
        now=end - timedelta(minutes=minutes / 2),
        minutes=minutes,
        alert=alert,
        size=size,
        events=[charts.Event(at=end - timedelta(minutes=1), n=1)],
    )
    root = etree.fromstring(svg)
    width, height = (float(part) for part in root.get("viewBox").split()[2:])
    for rect in root.iter(f"{SVG}rect"):
        assert -1 <= float(rect.get("x")) <= width
        assert -1 <= float(rect.get("y")) <= height
        assert float(rect.get("height")) >= 0
    for circle in root.iter(f"{SVG}circle"):
        assert 0 <= float(circle.get("cx")) <= width
        assert 0 <= float(circle.get("cy")) <= height


def test_none_one_and_many():
    assert "还没有条目" in draw([], now=START + timedelta(hours=1))
    assert draw([5], now=START + timedelta(hours=1)).count('class="bar"') == 1
    many = draw([i % 50 for i in range(3000)], minutes=5, now=START + timedelta(days=11))
    assert len(many) < 30_000  # one stepped shape instead of 3,000 bars
    assert many.count("<rect") < 10


# ---------------------------------------------------------------- what it says


def boxes(svg: str) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Words of the plot and event dots with the room that they take."""
    out = []
    for node in etree.fromstring(svg).iter():
        if node.tag == f"{SVG}text" and node.get("class") in ("em", "lbl", "thr-lbl", "tick"):
            words, x, y = node.text, float(node.get("x")), float(node.get("y"))
            wide = text_width(words, float(node.get("font-size")))
            left = x - {"middle": wide / 2, "end": wide}.get(node.get("text-anchor"), 0)
            out.append((words, (left, y - 10, left + wide, y + 2)))
        if node.tag == f"{SVG}circle":
            x, y = float(node.get("cx")), float(node.get("cy"))
            out.append(("dot", (x - 9, y - 9, x + 9, y + 9)))
    return out


@pytest.mark.parametrize("size", ["wide", "slim", "paper"])
@pytest.mark.parametrize("words", ["zh-hans", "en"])
@pytest.mark.parametrize("alert", [None, 8, 30, 60, 61, 900])
@pytest.mark.parametrize("hours", [(1, 2), (9.8, 9.9, 10), (0.1, 0.2, 0.3, 0.4), (10.1, 12, 14)])
def test_no_two_labels_touch(size, words, alert, hours):
    events = [charts.Event(at=START + timedelta(hours=hour), n=n) for n, hour in enumerate(hours, 1)]
    svg = draw(ahead=forecast(), alert=alert, events=events, size=size, words=words)
    for (a, one), (b, other) in combinations(boxes(svg), 2):
        touch = one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
        assert not touch, (a, b)


def test_ticks_stand_on_round_local_hours():
    words = [text for text, _ in boxes(draw(ahead=forecast(), alert=60))]
    assert [word for word in words if re.fullmatch(r"\d\d:00", word)] == [f"{hour:02d}:00" for hour in range(6, 23, 2)]
    assert "现在 16:06" in words
    days = [text for text, _ in boxes(draw([3] * 72, minutes=60, now=START + timedelta(days=3)))]
    assert {"11-24", "11-25", "11-26"} <= set(days)


def test_the_running_interval_is_drawn_apart():
    assert draw().count('class="bar-part"') == 1
    assert draw(now=START + timedelta(hours=10, minutes=30)).count('class="bar-part"') == 0


def test_description_tells_the_figures():
    root = etree.fromstring(draw(ahead=forecast(), alert=60, key="story-7"))
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title.text == "每半小时新增条数与预测"
    assert desc.text.startswith("06:00为1条，16:00为7条，最高15:30为31条。预测中位数在")
    assert desc.text.endswith("Ⅰ级警戒线60条。")
    assert root.get("aria-labelledby") == "story-7-t story-7-d"
    both = spread.spread_charts(heat(), None, now=START, zone=ZONE, words="en", key="k")
    assert len(set(re.findall(r' id="([^"]+)"', both))) == 4


def test_split_adds_up_to_a_hundred():
    assert shares((1, 1, 1)) == [34, 33, 33]
    assert shares((0, 0, 0)) == [0, 0, 0]
    assert "负面58%，中性31%，正面11%" in charts.split_bar(580, 310, 110)


@pytest.mark.parametrize(
    ("top", "most", "steps"),
    [(0, 5, [0, 1]), (3, 5, [0, 1, 2, 3]), (61, 5, [0, 20, 40, 60, 80]), (8412, 4, [0, 5000, 10000]), (math.nan, 5, [0, 1])],
)
def test_axis_steps_are_round(top, most, steps):
    assert nice_steps(top, most) == steps


@given(st.floats(0.001, 1e9), st.integers(3, 8))
def test_axis_covers_and_is_short(top, most):
    steps = nice_steps(top, most)
    assert steps[-1] >= top * (1 - 1e-6)
    assert len(steps) <= most + 1
    assert all(step == int(step) for step in steps)


def test_what_is_no_count_is_zero():
    assert finite([-1, None, math.nan, math.inf, 3, 1e300]) == [0, 0, 0, 0, 3, 1e12]


def test_words_of_numbers():
    assert [amount(value) for value in (0, 8412, 0.5, 12.4)] == ["0", "8,412", "0.5", "12"]
    assert fit("一个特别特别长的名称", 60) == "一个特别…"


def test_table_view_has_the_figures_of_the_drawing():
    rows = charts.spread_rows(heat(), forecast(3), START + timedelta(hours=10, minutes=6))
    assert [row.count for row in rows] == [*SEEN, None, None, None]
    assert [row.running for row in rows].index(True) == 20
    assert rows[-1].low80 < rows[-1].median < rows[-1].high80
    assert rows[-1].start == START + timedelta(hours=11, minutes=30)
