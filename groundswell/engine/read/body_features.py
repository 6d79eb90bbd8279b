"""The numbers that the body's two models look at: of frames that may hold the body, of blocks that may belong to it."""
# ruff: noqa: E501 (a pattern or a table stays one line)

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from math import log1p
from struct import pack
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from groundswell.engine.read.blocks import ARTICLE, ASIDE, DECLARED, FIGURE, FORM, HEADER, LIST, QUOTE, TABLE, Block, Frame
from groundswell.engine.read.layout import Layout, Line
from groundswell.engine.read.marks import CAPITALS, COLONS, DIGITS, count_marks
from groundswell.engine.read.roles import BODY, COMMENT, ORDER, RELATED, TEXT
from groundswell.engine.read.small_print import is_caption

Rows = NDArray[np.float32]
ENDS_SENTENCE = re.compile(r"[。！？!?….][”\"’'）)]?$")
YOU = re.compile(r"\b(?:you|your|we|our|us)\b")
SMALL_PRINT = re.compile(
    r"^\W{0,4}(?:责任编辑|责编|编辑\s*[:：|｜/]|记者\s*[:：|｜]|扫描下方|点击菜单|我要跟帖|评论\s*[（(]|（?编辑|作者声明|免责声明|特别声明|版权声明|郑重声明|声明[:：]|相关阅读|"
    r"相关新闻|相关链接|相关文章|延伸阅读|推荐阅读|热门推荐|更多精彩|猜你喜欢|上一篇|下一篇|分享到|分享至|扫一扫|扫描二维码|关注我们|微信公众号|网友评论|我来说两句|发表评论|原标题[:：]|"
    r"返回搜狐|打印本页|关闭窗口|本文来源|文章来源[:：]|来源[:：]|标签[:：]|关键词[:：]|转载请注明|本文由|更多资讯|举报/反馈|校对[:：]|审核[:：]|监制[:：]|"
    r"(?:related|read more|read also|more (?:from|on|stories)|share|sign up|subscribe|follow|comments?|see also|also read|advertisement|copyright|all rights reserved|©|"
    r"tags?\b|filed under|topics|about the author|contact|most (?:read|popular)|click here|watch|listen|get (?:the|our)|join|download|newsletter|by clicking|we use|"
    r"this (?:site|website)|photo|image|getty|credit|source:|email|the views)\b)"
)
ENGLISH_CAPTION = re.compile(r"\W*(?:photo(?: by)?:|image:|getty images|loading)")
CREDIT = re.compile(r"[(（](?:image|photo|picture|credit|pic|getty|reuters|ap)\b")
DATED = re.compile(
    r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}|\d{1,2}:\d\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d|\bago\b|\bupdated|published|minutes?|hours?"
)
SIGNED = re.compile(r"^\W{0,2}(?:by\b|来源|作者|编辑|记者|文/|文|written by|posted|发布|时间|字号|浏览|阅读)")
RIGHTS = (
    "©",
    "copyright",
    "rights reserved",
    "版权所有",
    "未经",
    "icp",
    "公网安备",
    "reuters",
    "associated press",
    "press association",
    "转载",
)
KINDS = {
    "p": 0, "div": 1, "li": 2, "h1": 3, "h2": 4, "h3": 5, "h4": 6, "h5": 6, "h6": 6, "td": 7, "th": 7, "tr": 7, "blockquote": 8, "figcaption": 9, "section": 10,
    "article": 10, "main": 10, "body": 11, "dd": 12, "dt": 12, "pre": 13, "center": 1,
}  # fmt: skip
OTHER_KIND = 14
SHOWN_FLAGS = (LIST, TABLE, QUOTE, FIGURE, ASIDE, HEADER, FORM, DECLARED)
ROLES = tuple(1 << bit for bit in range(len(ORDER)))
SIDES = (COMMENT, RELATED, ~(COMMENT | RELATED))
LEAST_SHARE, LEAST_WEIGHT = 0.015, 60.0  # of running text, for a frame that may hold the body
SMALL_TAGS = frozenset(("p", "h1", "h2", "h3", "h4", "li", "tr"))
AROUND, FAR = 6, 14  # blocks before and after the body's frame that are looked at
SHORT = 160
FARTHEST = 30  # blocks to the next running text
NEIGHBOURS = (-2, -1, 1, 2)


def candidates(layout: Layout) -> list[Frame]:
    """Frames that may hold the body."""
    return [
        frame
        for frame in layout.frames
        if frame.plain >= LEAST_SHARE * layout.score
        and frame.text >= LEAST_WEIGHT
        and (frame.tag not in SMALL_TAGS or frame.plain >= 0.3 * layout.score)
    ]


def frame_rows(layout: Layout, frames: list[Frame]) -> Rows:
    """One row for each of FRAMES; the first column is the rule's own answer, 0–1."""
    alike = Counter([frame.path for frame in layout.frames])
    most = max((frame.rule for frame in layout.frames), default=1.0) or 1.0
    before = layout.before
    return _table([_frame_row(frame, layout, before, alike[frame.path], most) for frame in frames])


def _table(rows: list[list[float]]) -> Rows:
    """ROWS as one array: packed by ``struct``, which takes half the time that numpy takes over lists."""
    packed = b"".join([pack(f"{len(row)}f", *row) for row in rows])
    return np.frombuffer(packed, dtype=np.float32).reshape(len(rows), -1)


def _frame_row(frame: Frame, layout: Layout, before: list[float], alike: int, most: float) -> list[float]:
    above, many, good = frame.above, len(layout.blocks), max(frame.good, 1.0)
    away = frame.first - layout.title_at if layout.title_at >= 0 else -99
    text = max(frame.text, 1.0)
    return [
        frame.rule / most, frame.plain / layout.score, frame.good / layout.good, frame.links / text, log1p(frame.count), frame.near / good, frame.paragraphs,
        frame.best_overlap, log1p(frame.commas), frame.described, frame.lively, frame.good / max(frame.count, 1) / 100, frame.side / text, frame.depth,
        frame.first / many, (frame.last - frame.first + 1) / many, before[frame.first], max(min(away, 40), -40),
        layout.title_at >= 0 and frame.first <= layout.title_at <= frame.last, frame.largest / good, frame.kids,
        frame.paragraph_kids, frame.paragraph_kids / max(frame.kids, 1),
        above.good / good if above is not None else 1.0, above.text / text if above is not None else 1.0, alike, log1p(layout.score / 100), log1p(frame.good / 100),
        frame.good / text, *_held(frame.eff, SIDES), bool(frame.marks & BODY),
        above is not None and bool(above.marks & BODY), bool(frame.marks & TEXT), frame.tag in ("article", "main"), bool(frame.flags & ARTICLE),
        bool(frame.flags & DECLARED), frame.tag == "body", bool(frame.flags & LIST), bool(frame.flags & TABLE), frame.tag in ("p", "td", "li", "section"),
    ]  # fmt: skip


def reach(layout: Layout, best: Frame) -> range:
    """The places of the blocks that may belong to the body in BEST: those in it, those beside it."""
    wide = best
    for _ in range(2):
        wide = wide.above or wide
    start = max(0, min(best.first - AROUND, max(wide.first, best.first - FAR)))
    end = min(len(layout.blocks) - 1, max(best.last + AROUND, min(wide.last, best.last + FAR)))
    return range(start, end + 1)


class Way(NamedTuple):
    """From a frame outwards until one that the body is in: the marks and the most worth of those passed, how many, and where it ends."""

    marks: int
    worth: float
    hops: int
    end: Frame


class Surroundings(Struct, frozen=True):
    """What a block is seen against: the frame chosen for the body, how far out those around it are, what the first model says of the candidates."""

    layout: Layout
    best: Frame
    around: dict[Frame, int]
    worth: dict[Frame, float]
    alike: dict[int, list[float]]
    rights: list[str]  # those of RIGHTS that stand anywhere in what is looked at
    ways: dict[Frame, Way]  # those walked already


def block_rows(layout: Layout, places: range, best: Frame, worth: dict[Frame, float]) -> Rows:
    """One row for each block of PLACES; WORTH is what the first model says of the candidates."""
    around = {best: 0}
    step = best.above
    while step is not None:
        around[step] = len(around)
        step = step.above
    shorts = [layout.blocks[place].text[:SHORT] for place in places]
    whole = "\n".join(shorts).lower()
    seen = Surroundings(layout, best, around, worth, _alike(layout), [word for word in RIGHTS if word in whole], {})
    counts = zip(*count_marks(shorts, DIGITS, CAPITALS, COLONS), strict=True)
    core = _table([_block_row(seen, *each) for each in zip(places, shorts, counts, strict=True)])
    return np.hstack([core, *_beside(core), _together(layout, places)])


@lru_cache(maxsize=4096)
def _held(bits: int, masks: tuple[int, ...]) -> tuple[float, ...]:
    """1 for each of MASKS that shares a bit with BITS, else 0; a page has few different ones."""
    return tuple(float(bits & mask != 0) for mask in masks)


def _alike(layout: Layout) -> dict[int, list[float]]:
    """Of each path of tags and classes: weight, links, number of blocks, score."""
    found: dict[int, list[float]] = {}
    for block, line in zip(layout.blocks, layout.lines, strict=True):
        sums = found.setdefault(block.frame.path, [0.0, 0.0, 0.0, 0.0])
        sums[0] += line.weight
        sums[1] += line.link_share * line.weight
        sums[2] += 1
        sums[3] += line.score
    return found


def _block_row(seen: Surroundings, place: int, short: str, counts: tuple[int, int, int]) -> list[float]:
    layout, best, around, worth, before = seen.layout, seen.best, seen.around, seen.worth, seen.layout.before
    block, line = layout.blocks[place], layout.lines[place]
    frame = block.frame
    above = frame.above or frame
    way = _way(seen, frame)
    good = max(best.good, 1.0)
    path = seen.alike[frame.path]
    return [
        *_words(seen, line, block, short, *counts),
        KINDS.get(frame.tag, OTHER_KIND), KINDS.get(above.tag, OTHER_KIND), frame.depth - best.depth, block.broken, block.after_image, line.han > 0,
        *_held(frame.flags, SHOWN_FLAGS), *_held(way.marks, ROLES), *_held(frame.eff, SIDES), before[place], place / len(layout.blocks),
        max(min(place - layout.title_at, 60), -20) if layout.title_at >= 0 else -30, line.is_title, line.overlap, line.twice, line.described,
        frame.good / good, frame.links / max(frame.text, 1.0), log1p(frame.count), above.good / good, above.links / max(above.text, 1.0), log1p(above.count),
        way.hops, around[way.end], max(way.worth, worth.get(way.end, 0.0)), worth.get(best, 0.0), (before[place] - before[best.first]) * layout.good / good, place - best.first,
        best.last - place, path[3] / layout.score, path[1] / max(path[0], 1.0), log1p(path[2]), path[3] / path[2] / 100, path[0] / path[2],
        log1p(layout.score / 100), line.free / 100, log1p(good / 100),
    ]  # fmt: skip


def _way(seen: Surroundings, frame: Frame) -> Way:
    """The way from FRAME; each frame is passed once, however many blocks are in it."""
    passed, step = [], frame
    while step not in seen.around and step not in seen.ways:
        passed.append(step)
        assert step.above is not None  # the body is around everything
        step = step.above
    way = seen.ways.get(step) or Way(0, 0.0, 0, step)
    for step in reversed(passed):
        way = seen.ways[step] = Way(way.marks | step.marks, max(way.worth, seen.worth.get(step, 0.0)), way.hops + 1, way.end)
    return way


CENTRAL = (0, 1, 2, 5, 6, 18, -2)  # columns that are also shown of the neighbours: size, links, marks, sentence end, bold, kind, score


def _words(seen: Surroundings, line: Line, block: Block, short: str, digits: int, capitals: int, colons: int) -> list[float]:
    text, low, small = block.text, short.lower(), line.size < SHORT
    return [
        log1p(line.weight), line.link_share, line.stops / (line.weight + 20) * 100, line.commas, line.ends, ENDS_SENTENCE.search(text[-3:]) is not None,
        block.bold / line.size, digits / len(short), capitals / len(short), text[0].islower(), SMALL_PRINT.match(low) is not None,
        small and _is_aside(low), small and digits > 0 and DATED.search(low) is not None, small and SIGNED.match(low) is not None,
        any(map(low.__contains__, seen.rights)), len(YOU.findall(low)), text.isupper(), colons,
    ]  # fmt: skip


def _is_aside(low: str) -> bool:
    """A caption, a credit, a note of where the text is from."""
    return is_caption(low) or ENGLISH_CAPTION.match(low) is not None or (("(" in low or "（" in low) and CREDIT.search(low) is not None)


def _beside(core: Rows) -> list[Rows]:
    """The central columns of the blocks before and after; -1 where there is none."""
    central = core[:, CENTRAL]
    found = []
    for step in NEIGHBOURS:
        moved = np.full_like(central, -1.0)
        if len(central) > abs(step):
            moved[max(0, -step) : len(central) - max(0, step)] = central[max(0, step) : len(central) + min(0, step)]
        found.append(moved)
    return found


def _together(layout: Layout, places: range) -> Rows:
    """Whether the neighbours share the frame, and how many blocks away the next running text is, on either side."""
    frames = [layout.blocks[place].frame for place in places]
    same = [one is other or one.above is other.above for one, other in pairwise(frames)]
    steps = np.arange(len(places))
    lively = np.array([layout.lines[place].free > 60 for place in places])
    before = steps - np.maximum.accumulate(np.where(lively, steps, -FARTHEST))
    behind = np.minimum.accumulate(np.where(lively, steps, len(steps) + FARTHEST)[::-1])[::-1] - steps
    rows = np.array([[False, *same], [*same, False], np.minimum(before, FARTHEST), np.minimum(behind, FARTHEST)], dtype=np.float32)
    return rows.T
