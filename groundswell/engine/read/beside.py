"""What stands beside the title of a row: when it was opened, how many answered, how many read."""
# ruff: noqa: E501 (a pattern or a table stays one line)

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from msgspec import Struct

from groundswell.engine.read.repeat import number, stamp_of, times
from groundswell.engine.read.tree import Element, split_address, words

COUNT = r"(?<![\d,])(\d[\d,]{0,11}(?:\.\d{1,3})?\s*[万wWkK]?)(?![\d:-])"
REPLY_WORD = r"(?:回复|回覆|回帖|评论|跟帖|跟贴|回应|回答|留言|repl(?:y|ies)|comments?|answers?)"
READ_WORD = r"(?:浏览|阅读|查看|点击|人气|views?|reads?)"
REPLIES = (
    re.compile(REPLY_WORD + r"(?:数|量)?\s*[:：(（]?\s*" + COUNT, re.I),
    re.compile(COUNT + r"\s*(?:条|个|则)?\s*" + REPLY_WORD, re.I),
)
READS = (re.compile(READ_WORD + r"(?:数|量|次数)?\s*[:：(（]?\s*" + COUNT, re.I), re.compile(COUNT + r"\s*(?:次)?\s*" + READ_WORD, re.I))
REPLY_MARK = re.compile(r"repl|comment|answer|huifu|rep_?num|cmt|回复|评论|跟帖", re.I)
READ_MARK = re.compile(r"view|(?<!th)read|click|hits|浏览|阅读|点击", re.I)
COUNT_MARK = re.compile(r"num|count|badge|cnt", re.I)
LAST_MARK = re.compile(r"last|latest|最后|最新回|lzhf|reply_?(?:time|date)|回复时间", re.I)
NUMBER = re.compile(r"^\d[\d,]{0,9}(?:\.\d)?[万wWkK]?\+?$")
PAIR = re.compile(r"^(\d[\d,]{0,11})\s*[/|／]\s*(\d[\d,]{0,11})$")
LAST_HEAD = re.compile(r"最后|最新|最近|last", re.I)
HEADS = (  # what the head of a column says, the surest first
    ("last", LAST_HEAD),
    ("replies", re.compile(REPLY_WORD, re.I)),
    ("reads", re.compile(READ_WORD, re.I)),
    ("time", re.compile(r"时间|日期|发表|发布|date|posted", re.I)),
)
HOLDERS = ("span", "em", "td", "div", "a", "b", "i", "strong", "small", "font", "p", "dd", "cite", "li")
LONGEST_BESIDE = 1500  # characters
LONGEST_HEAD, MOST_HEAD_ROWS, MOST_COLUMNS = 10, 3, 60


class Counts(Struct, frozen=True):
    replies: int | None = None
    reads: int | None = None


def columns_of(rows: list[Element]) -> dict[int, str]:
    """What the columns of a table of ROWS are, by their heads: replies, reads, last, time, or ``reads/replies`` where one cell shows both."""
    table = next((above for above in rows[0].iterancestors("table")), None) if rows and rows[0].tag in ("tr", "tbody") else None
    if table is None:
        return {}
    own = set(rows)
    for row in list(table.iter("tr"))[:MOST_HEAD_ROWS]:
        if row in own or (row.getparent() in own):
            continue
        cells = [words(cell) for cell in row if cell.tag in ("td", "th")]
        found = {place: role for place, text in enumerate(cells[:MOST_COLUMNS]) if (role := _head(text))}
        if found and max(map(len, cells)) <= 4 * LONGEST_HEAD:
            return found
    return {}


def _head(text: str) -> str:
    if not text or len(text) > LONGEST_HEAD:
        return ""
    parts = [part for part in re.split(r"\s*[/|／]\s*", text) if part]
    roles = [next((role for role, pattern in HEADS if pattern.search(part)), "") for part in parts]
    return "/".join(roles) if len(roles) == 2 and all(roles) else (roles[0] if len(roles) == 1 else "")


def cell_role(each: Element, box: Element, columns: dict[int, str]) -> str:
    """The role of the column that EACH stands in."""
    if not columns:
        return ""
    step: Element | None = each
    while step is not None and step is not box:
        parent = step.getparent()
        if step.tag in ("td", "th") and parent is not None:
            before = len(list(islice(step.itersiblings("td", "th", preceding=True), MOST_COLUMNS)))
            return columns.get(before, "")
        step = parent
    return ""


def opened_at(box: Element, link: Element, columns: dict[int, str], now: datetime | None, zone: str) -> str:
    """When the row was opened: the first time in it that is not said to be of the last answer."""
    for each, text in times(box):
        if each is link or any(above is link for above in each.iterancestors()):
            continue
        role = cell_role(each, box, columns)
        if role == "last" or (not role and _is_last(each, box)):
            continue
        stamp = stamp_of(text, now, zone)
        if stamp:
            return stamp
    return ""


def _is_last(each: Element, box: Element) -> bool:
    """A name, a title or the words before it say that a time is of the last answer."""
    parent = each.getparent()
    marks = [each.get("class") or "", each.get("title") or ""]
    if parent is not None and parent is not box:
        marks.append(parent.get("class") or "")
    mark = " ".join(marks)
    if LAST_MARK.search(mark):
        return "创建" not in mark
    return LAST_HEAD.search(words(each)[:8]) is not None


def counts_of(box: Element, link: Element, columns: dict[int, str]) -> Counts:
    """Answers and readings: by the heads of the columns, by the names of their elements, by words beside them, else by bare numbers."""
    found: dict[str, int] = {}
    bare: list[int] = []
    linked: list[int] = []
    for each, own in _numbers(box, link):
        role = cell_role(each, box, columns)
        pair = PAIR.match(own)
        if pair:
            _pair(found, role or "replies/reads", pair)
            continue
        value = number(own)
        if value is None:
            continue
        mark, wider = _names(each, box)
        if role in ("replies", "reads"):
            found.setdefault(role, value)
        elif REPLY_MARK.search(mark):
            found.setdefault("replies", value)
        elif READ_MARK.search(wider):
            found.setdefault("reads", value)
        elif COUNT_MARK.search(wider):
            bare.append(value)
        elif each.tag == "a" and _same_page(each, link):
            linked.append(value)
    beside = words(box).replace(words(link), " ", 1)[:LONGEST_BESIDE]
    for role, patterns in (("replies", REPLIES), ("reads", READS)):
        if role not in found and (said := _said(patterns, beside)) is not None:
            found[role] = said
    return _guessed(found, bare or linked)


def _numbers(box: Element, link: Element) -> Iterator[tuple[Element, str]]:
    """The elements that hold a number (or a pair of them) and nothing else, the innermost ones."""
    for each in box.iter(*HOLDERS):
        if each is link or len(each) >= 3:
            continue
        own = words(each)
        inner = any(words(child)[:1].isdigit() for child in each if isinstance(child.tag, str))
        if not inner and (NUMBER.match(own) or PAIR.match(own)):
            yield each, own


def _names(each: Element, box: Element) -> tuple[str, str]:
    parent = each.getparent()
    mark = f"{each.get('class') or ''} {each.get('title') or ''}"
    return mark, f"{mark} {(parent.get('class') or '') if parent is not None and parent is not box else ''}"


def _pair(found: dict[str, int], roles: str, pair: re.Match[str]) -> None:
    for role, text in zip(roles.split("/"), pair.groups(), strict=False):
        value = number(text)
        if role in ("replies", "reads") and value is not None:
            found.setdefault(role, value)


def _same_page(each: Element, link: Element) -> bool:
    """Both lead to the same page: the number of its answers, most likely."""
    one, other = split_address(each.get("href") or ""), split_address(link.get("href") or "")
    return (one.path, one.query) == (other.path, other.query)


def _said(patterns: tuple[re.Pattern[str], ...], text: str) -> int | None:
    found = next((hit for pattern in patterns if (hit := pattern.search(text))), None)
    return number(found[1]) if found else None


def _guessed(found: dict[str, int], bare: list[int]) -> Counts:
    """Two bare numbers are answers and readings, the smaller the answers; one alone counts answers."""
    replies, reads = found.get("replies"), found.get("reads")
    if replies is None and len(bare) == 2:
        replies, reads = min(bare), max(bare)
    elif replies is None and len(bare) == 1 and (reads is None or bare[0] <= reads):
        replies = bare[0]
    return Counts(replies=replies, reads=reads)
