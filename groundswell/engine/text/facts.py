"""The facts that tell look-alikes apart: numbers, dates and places that differ between two texts which are otherwise nearly the same."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from operator import attrgetter
from typing import Any, NamedTuple

import rjieba
from rapidfuzz.distance import LCSseq

NUMBER = re.compile(r"[a-z]{0,3}\d+(?:\.\d+)*|(?<![a-z])[a-z](?=[省市县区镇乡村路栋座])")
RUN = re.compile(r"[0-9a-z.]+")
NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿两几半")
LONG_ENDINGS = "小区|社区|街道|大道|花园|公寓|广场|大厦|学校|中学|小学|大学|医院|幼儿园|公园|市场|新村|新城|家园"
PLACE_WORD = re.compile(f"(?:[省市县区镇乡村路街巷桥湖河江山站港湾岛州旗]|{LONG_ENDINGS}|高速)\\Z")
PLACE_ENDING = frozenset("省市县区镇乡村路街巷桥站") | frozenset(LONG_ENDINGS.split("|"))
NAMED_BY = re.compile(f"[县镇乡村路街巷]|{LONG_ENDINGS}|铁路|高速")  # what follows a name of two characters and more
NAMED_FOR_SURE = re.compile("[镇路]|街道|大道|小区|社区|医院|[中小大]学|花园")
NAME_WORD = re.compile(f".{{2}}(?:{NAMED_BY.pattern}|区).?\\Z")  # a name and no more than one character after it
BEHIND_AREA = re.compile("[^小社校园宿][省市区县]")
PLACE_TAGS = frozenset({"ns", "nt", "nsf"})
NOT_NAMING = frozenset("这那该本我一各整全在到从的了和与是有")
DAYS, HALVES = frozenset("今昨明前后"), frozenset("上下中")  # 昨天, 上午
OF_DAYS, OF_HALVES = frozenset("天日晚早年"), frozenset("午周月旬")
ISLAND = 1  # equal characters between two gaps that make them one
FEW = 3  # gaps in a text that is otherwise the same
ALONE = 4  # equal characters on both sides of a gap that was not made by changes all over the text
NAME, LONGEST = 2, 8  # characters of a place name that make another place when they change
CUT, ODD = 12, 2  # characters from which on a stretch counts as cut off or put in front, when the other text has ODD at most there
ROUND = 6  # characters on either side of a gap that are cut into words with it


class Span(NamedTuple):
    """A stretch of a text; of a place ``known`` says that the words alone show it, not only what follows them."""

    start: int
    end: int
    known: bool = False


Gap = tuple[int, int, int, int]  # what differs: start and end in the one, start and end in the other


def numbers_in(text: str) -> tuple[str, ...]:
    """Numbers, dates and codes of folded TEXT in order."""
    return tuple(NUMBER.findall(text))


def gaps(one: str, other: str) -> list[Gap]:
    """Where ONE and OTHER differ, by their longest common subsequence; what is equal by chance between two gaps belongs to them."""
    found: list[Gap] = []
    a = c = 0
    last_b = last_d = -2 * ISLAND
    for block in LCSseq.editops(one, other).as_matching_blocks():
        start, start_other, length = block.a, block.b, block.size
        if start > a or start_other > c:
            if a - last_b <= ISLAND and c - last_d <= ISLAND:
                a, _, c, _ = found.pop()
            found.append((a, start, c, start_other))
            last_b, last_d = start, start_other
        a, c = start + length, start_other + length
    return found


def facts_differ(one: str, other: str) -> bool:
    """Do the folded, nearly equal texts ONE and OTHER give other numbers, dates or places?

    What one of them lacks altogether because it was cut, or because the other has a new lead, is no difference.
    """
    size, other_size = len(one), len(other)
    differing = [gap for gap in gaps(one, other) if not _is_cut(gap, size, other_size)]
    if not differing:
        return False
    return _numbers_differ(one, other, differing) or _words_differ(one, other, differing)


def _is_cut(gap: Gap, size: int, other_size: int) -> bool:
    """One side has nothing or next to nothing there, and what the other has is long or stands at an end."""
    a, b, c, d = gap
    least, most = sorted((b - a, d - c))
    at_end = (b == size and d == other_size) or (a == 0 and c == 0)
    return (least == 0 or (least <= ODD and most >= CUT)) and (most >= CUT or (at_end and most >= CUT // 3))


def _numbers_differ(one: str, other: str, differing: Sequence[Gap]) -> bool:
    if RUN.findall(one) == RUN.findall(other):
        return False
    first, second = ([Span(*found.span()) for found in NUMBER.finditer(text)] for text in (one, other))
    for a, b, c, d in differing:
        here = [one[span.start : span.end] for span in _touching(first, a, b)]
        if here != [other[span.start : span.end] for span in _touching(second, c, d)]:
            return True
    return False


def _words_differ(one: str, other: str, differing: Sequence[Gap]) -> bool:
    """Are numerals, days or places others in one of the gaps, or is one word put for another in several?"""
    few = len(differing) <= FEW
    renamed: set[tuple[str, str]] = set()
    last = -ALONE
    for gap, following in zip(differing, [*(gap[0] for gap in differing[1:]), len(one) + ALONE], strict=True):
        a, b, c, d = gap
        here, there = one[a:b], other[c:d]
        if _is_numeral(one, a, b) and _is_numeral(other, c, d):
            return True
        if b - a == d - c == 1 and _days_differ(here, there, one[b : b + 1]):
            return True
        if len(here) >= NAME <= len(there):
            if (here, there) in renamed or (_holds_place(here) and _holds_place(there)) or _are_names(here, there):
                return True
            renamed.add((here, there))
        if (max(len(here), len(there)) >= NAME and _names_differ(one, other, gap)) or (here and there and _places_differ(one, other, gap)):
            return True
        alone = few or (here and there and a - last >= ALONE and following - b >= ALONE)
        if alone and ((few and _is_renamed(here, there, one[b : b + 2])) or _other_place(one, other, gap, few)):
            return True
        last = b
    return False


def _is_numeral(text: str, start: int, end: int) -> bool:
    """Is start–end Chinese numerals, or, where it is empty, does it touch one?"""
    if start == end:
        return text[max(0, start - 1) : start] in NUMERALS or text[start : start + 1] in NUMERALS
    return text[start] in NUMERALS and NUMERALS.issuperset(text[start:end])


def _days_differ(here: str, there: str, after: str) -> bool:
    """Does one text say 昨天 or 上午 where the other says 今天 or 下午?"""
    return (here in DAYS and there in DAYS and after in OF_DAYS) or (here in HALVES and there in HALVES and after in OF_HALVES)


_end = attrgetter("end")


def _touching(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """The spans that share a character with start–end; of an empty stretch, those around it."""
    low, high = (start, end) if end > start else (start - 1, start + 1)
    at = bisect_right(spans, low, key=_end)
    found = []
    while at < len(spans) and spans[at].start < high:
        if end > start or spans[at].start < start < spans[at].end:
            found.append(spans[at])
        at += 1
    return found


def _holds_place(text: str) -> bool:
    """Is a known name of two or three characters in a short TEXT?"""
    if len(text) > LONGEST:
        return False
    for at in range(len(text) - 1):  # noqa: SIM110 -- asked of every gap: a generator would take twice as long
        if _is_place(text[at : at + 2]) or (at + 3 <= len(text) and _is_place(text[at : at + 3])):
            return True
    return False


@lru_cache(maxsize=65_536)
def _is_place(word: str) -> bool:
    return word in _places() or (bool(_tagger().has_word(word)) and _tagger().tag(word, False)[0][1] in PLACE_TAGS)


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    lines = files("groundswell.engine.text").joinpath("places.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


def _are_names(here: str, there: str) -> bool:
    """Do both end as names of roads, estates, offices do?"""
    return len(here) <= LONGEST >= len(there) and bool(NAME_WORD.search(here) and NAME_WORD.search(there))


def _is_renamed(here: str, there: str, after: str) -> bool:
    """Do both stand in front of what ends the names of roads, estates, offices?"""
    return NAME <= len(here) <= LONGEST >= len(there) >= NAME and bool(NAMED_BY.match(after))


def _names_differ(one: str, other: str, gap: Gap) -> bool:
    """Is something else named there, however much is changed around? A slip of one character is not enough."""
    a, b, c, d = gap
    here, there = one[a:b], other[c:d]
    least, most = sorted((len(here), len(there)))
    if most > CUT:
        return False
    if least == 0:
        return most > NAME and bool(NAMED_FOR_SURE.search(here or there))
    if NAMED_BY.search(one, a, b + 1) and NAMED_BY.search(other, c, d + 1):
        return True
    if most <= LONGEST and NAMED_FOR_SURE.match(one, b):
        return True
    return least >= NAME and bool(BEHIND_AREA.search(one, max(0, a - 2), a) and NAMED_FOR_SURE.search(one, b, b + 4))


def _places_differ(one: str, other: str, gap: Gap) -> bool:
    """Is a place that everybody knows changed into another?"""
    a, b, c, d = gap
    if b - a > CUT or d - c > CUT:
        return False
    here = _known_places(one, a, b)
    return bool(here) and bool(there := _known_places(other, c, d)) and not here & there


def _known_places(text: str, start: int, end: int) -> set[str]:
    """Known places of two or three characters that share one with start–end."""
    found = set()
    for at in range(max(0, start - 2), end):
        for word in (text[at : at + 2], text[at : at + 3]):
            if at + len(word) > start and _is_place(word):
                found.add(word)
    return found


def _other_place(one: str, other: str, gap: Gap, few: bool) -> bool:
    """Is one place named instead of another? Where little else differs, a name that stands on one side only is enough."""
    a, b, c, d = gap
    if not few and not (_holds_place(one[max(0, a - 2) : b + 2]) and _holds_place(other[max(0, c - 2) : d + 2])):
        return False
    here, there = _named(one, a, b), _named(other, c, d)
    if few:
        if not (here and there):
            return any(span.known and shared >= NAME for span, shared in here + there)
        if any(shared >= NAME for _, shared in here + there):
            return True
    return any(span.known and _covers(span, a, b) for span, _ in here) and any(span.known and _covers(span, c, d) for span, _ in there)


def _covers(span: Span, start: int, end: int) -> bool:
    """Does SPAN reach over start–end, at least over its end?"""
    return end < span.end or (span.start <= start and end <= span.end)


def _named(text: str, start: int, end: int) -> list[tuple[Span, int]]:
    """The places that start–end touches, each with how many of its characters lie there."""
    low = max(0, start - ROUND)
    spans = [Span(span.start + low, span.end + low, span.known) for span in place_spans(text[low : end + ROUND])]
    return [(span, min(span.end, end) - max(span.start, start)) for span in _touching(spans, start, end)]


@lru_cache(maxsize=1)
def _tagger() -> Any:
    return rjieba.Jieba()


def place_spans(text: str) -> Iterator[Span]:
    """Where folded TEXT names places, as far as its words show: known names, and words in front of 镇, 路, 小区 and their like."""
    at, before = 0, (0, 0, "")
    for word, tag in _tagger().tag(text, False):
        start, at = at, at + len(word)
        if len(word) > 1 and (tag in PLACE_TAGS or (len(word) > 2 and PLACE_WORD.search(word))):
            yield Span(start, at, True)
        elif word in PLACE_ENDING and before[2] and before[2] not in NOT_NAMING and before[1] == start:
            yield Span(before[0], at)
        before = (start, at, word)
