"""The sentences of a story's items, and what each tells: pieces of words, figures, moments, offices, requests, doubts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from groundswell.engine.records import Item
from groundswell.engine.text.normal import fold

SHORTEST, LONGEST = 8, 140  # characters of a sentence
MOST_PER_ITEM = 40  # sentences
_CUT = re.compile(r"(?<=[。！？!?；;])(?![。！？!?”’」』）)】])|(?<=[。！？!?][”’」』）)】])|(?<=[a-z0-9)][.])\s+(?=[A-Z\"“])|\n+")
_GREETING = re.compile(
    r"^\W*(尊敬的.{0,16}|.{0,6}(您们?好|你好)|领导(您)?好|各位.{0,8}|大家好|谢谢.{0,6}|敬礼|dear .{0,30}|hello|hi)[，,：:！!。.\s]*$", re.I
)
_PIECE = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
_NOT_TEXT = re.compile(r"https?://\S+|[@#]\w+|\[[^\]\s]{1,8}\]|\s+")
_FIGURE = re.compile(
    r"(?:[a-z]+\d+[a-z0-9]*|\d+[a-z][a-z0-9]*)"
    r"|\d+(?:\.\d+)?\s*(?:[%％]|[万亿]?[元块人名户米吨斤辆栋套个起次岁条楼层号天年月日时分点]|万|亿|公里)?"
    r"|[两二三四五六七八九十百千几数上]+[多余来]?[万亿]?[元人名户米吨辆栋套个起次岁天年月]"
)
_WHEN = re.compile(
    r"\d{1,2}[:：]\d{2}|(?:\d{4}年)?\d{1,2}月(?:\d{1,2}[日号])?|\d{4}[年.]\d{0,2}|今天|昨天|昨日|今日|今早|昨晚|凌晨|上午|下午|晚上|深夜|去年|今年"
    r"|yesterday|today|last night|monday|tuesday|wednesday|thursday|friday|saturday|sunday",
    re.I,
)
_WHO = re.compile(
    r"[\u4e00-\u9fff]{2,6}(?:局|公司|医院|法院|学校|小学|中学|幼儿园|派出所|委员会|管委会|街道办|集团|警方|物业|开发商|记者)"
    r"|council|police|hospital|company|ministry|mayor"
)
_WHERE = re.compile(
    r"[\u4e00-\u9fffa-z0-9]{1,6}(?:小区|大道|路口|[省市县区镇乡村路街桥河湖]|社区|广场|花园|工地|车站)(?![民长委府])|street|road|square|park|bridge"
)
_ASKS = re.compile(
    r"希望|恳请|请求|请政府|请(?:相关|有关|市|县|领导|部门)|呼吁|要求|盼|建议|什么时候|何时|能不能"
    r"|督促|给个说法|转发|扩散|please|when will|we ask|demand",
    re.I,
)
_DOUBTS = re.compile(
    r"谣言|不实|辟谣|求证|求真相|真的假的|真假|未经证实|据说|网传|有消息称|并非|属实|rumou?r|not true|denied|unconfirmed", re.I
)
_DENIES = re.compile(r"谣言|不实|辟谣|不属实|并无此事|没有此事|系误读|是误读|false rumou?r|rumou?r is false|not true|denied", re.I)
KINDS = {"many": _FIGURE, "when": _WHEN, "who": _WHO, "where": _WHERE, "asks": _ASKS, "doubts": _DOUBTS}
_ONE = ("asks", "doubts")  # kinds of which it matters only that something is told


class Sentence(Struct, frozen=True):
    """A sentence, word for word, and what it tells."""

    text: str
    item: int  # number of the item
    at: int  # which sentence of the item
    pieces: frozenset[str]
    told: frozenset[tuple[str, str]]  # (kind, words)

    @property
    def length(self) -> int:
        return len(self.text)


def pieces_of(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters and words, for measuring what two sentences share."""
    found = _PIECE.findall(fold(text))
    pairs = (
        a + b if len(a) == len(b) == 1 and a > "\u3000" and b > "\u3000" else a for a, b in zip(found, [*found[1:], "end"], strict=False)
    )
    return frozenset(pairs)


def told_of(text: str) -> frozenset[tuple[str, str]]:
    """The figures, moments, offices and places that a text names, whether it asks and whether it doubts."""
    folded = fold(text)
    return frozenset(
        (kind, "" if kind in _ONE else re.sub(r"\s", "", found)) for kind, pattern in KINDS.items() for found in pattern.findall(folded)
    )


def denies(text: str) -> bool:
    """Does a text say that something told is not so?"""
    return bool(_DENIES.search(fold(text)))


def sentences_of(items: Sequence[Item]) -> list[Sentence]:
    """Every sentence of the items that says something, each wording once: where it stands first."""
    found: dict[str, Sentence] = {}
    for number, item in enumerate(items):
        for at, text in enumerate(_cut(item)):
            if text not in found:
                found[text] = Sentence(text, number, at, pieces_of(text), told_of(text))
    return list(found.values())


def _cut(item: Item) -> list[str]:
    if item.title and len(item.text.strip()) < SHORTEST:
        return [item.title.strip()]
    parts = (part.strip() for part in _CUT.split(item.text)[: 4 * MOST_PER_ITEM])
    return [part for part in parts if _says_something(part)][:MOST_PER_ITEM]


def _says_something(text: str) -> bool:
    return len(_NOT_TEXT.sub("", text)) >= SHORTEST and len(text) <= 2 * LONGEST and not _GREETING.match(text)
