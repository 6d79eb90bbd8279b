"""The numbers and quotations of a piece against the archive: counted again as of picking, looked up in the items cited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from groundswell.desk.bulletins import facts
from groundswell.desk.bulletins.models import IssueItem
from groundswell.desk.bulletins.wording import percent
from groundswell.desk.stream.models import Item
from groundswell.engine.text.normal import fold
from groundswell.reports.numerals import numeral, rounded, value_of
from groundswell.reports.words import MONTHS

_N = r"(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s*"
# what a number counts, how it is written, and which figures it may be
_COUNTED = (
    (re.compile(_N + r"(万|亿)?余?\s*条(?!例|款|路|街|线|龙|件|鱼|狗|规|理)"), ("items", "fresh")),
    (re.compile(_N + r"(million)?\s*(?:new )?items?\b"), ("items", "fresh")),
    (re.compile(r"(\d+)()\s*个来源"), ("sources",)),
    (re.compile(r"(\d+)()\s*sources?\b"), ("sources",)),
    (re.compile(r"(?:阅读量?|浏览量?)[达约为共近超]*" + _N + r"(万|亿)?"), ("reads",)),
    (re.compile(r"(?:评论量?)[达约为共近超]*" + _N + r"(万|亿)?条?"), ("comments",)),
    (re.compile(r"(?:转发量?)[达约为共近超]*" + _N + r"(万|亿)?"), ("reposts",)),
)
_SHARES = (
    (re.compile(r"负面(?:信息|情绪|评论)?(?:占比?|约占|占到)[约为近]?\s*(\d+(?:\.\d+)?)\s*[%％]"), "negative"),
    (re.compile(r"正面(?:信息|情绪|评论)?(?:占比?|约占|占到)[约为近]?\s*(\d+(?:\.\d+)?)\s*[%％]"), "positive"),
    (re.compile(r"(\d+(?:\.\d+)?)\s*% negative"), "negative"),
    (re.compile(r"(\d+(?:\.\d+)?)\s*% positive"), "positive"),
)
_CITED = re.compile(r"([^。！？!?\n]*?)((?:\[\d{1,3}\])+)")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_OF_TIME = re.compile(r"\d+\s*(?:年|月|日|号|时|分|点|：\d+|:\d+)|\d{1,2}:\d\d|\d{1,2} (?:" + "|".join(MONTHS) + ")")
_QUOTE = re.compile(r"“([^“”]{8,})”((?:\[\d{1,3}\])+)")
_INK = re.compile(r"[^\w\u3400-\u9fff]+")


def wrong_figures(piece: IssueItem, items: Mapping[int, Item]) -> Iterator[dict[str, Any]]:
    """``{"figure": what stands there, "now": what the archive says}`` for each number that differs."""
    if piece.story_id and piece.figures.get("as_of"):
        now = counted_again(piece)
        for text in (piece.text, piece.advice):
            yield from _wrong_counts(text, now, "zh-hans")
        for text in (piece.text_en, piece.advice_en):
            yield from _wrong_counts(text, now, "en")
    for text in (piece.text, piece.advice):
        yield from _not_in_source(text, piece, items)


def counted_again(piece: IssueItem) -> dict[str, int]:
    """The figures of the piece's story as the archive has them now for the moment of picking."""
    as_of, counted_at = (datetime.fromisoformat(piece.figures[name]) for name in ("as_of", "counted_at"))
    since = datetime.fromisoformat(piece.figures.get("since") or piece.issue.window_from.isoformat())
    return facts.counts(facts.known_at(Item.objects.filter(story=piece.story_id), as_of, counted_at), since)


def since_picking(piece: IssueItem, now: datetime) -> int:
    """Items of the story that reached us after the piece's figures were counted."""
    return Item.objects.filter(
        story=piece.story_id, collected_at__gt=datetime.fromisoformat(piece.figures["counted_at"]), collected_at__lte=now
    ).count()


def _wrong_counts(text: str, now: Mapping[str, int], language: str) -> Iterator[dict[str, Any]]:
    own = re.sub(r"“[^”]*”", "", text)  # what is quoted is the source's
    for pattern, names in _COUNTED:
        for match in pattern.finditer(own):
            if _is_of_source(own, match.start()):
                continue
            said = value_of(match[1] + (match[2] or ""))
            if said is not None and not any(rounded(said) == rounded(now[name]) for name in names):
                yield {"figure": match[0], "now": " / ".join(numeral(now[name], language) for name in names)}
    for pattern, name in _SHARES:
        for match in pattern.finditer(own):
            share = percent(now[name], now["items"])
            if abs(float(match[1]) - 100 * now[name] / max(1, now["items"])) > 0.55:
                yield {"figure": match[0], "now": f"{share}%"}


def _is_of_source(text: str, at: int) -> bool:
    """The number stands in a sentence that ends with [n]: it is the item's own and is looked up there."""
    end = re.search(r"[。！？\n]", text[at:])
    sentence = text[at : at + end.start()] if end else text[at:]
    return bool(re.search(r"\[\d{1,3}\]", sentence)) and "本期新增" not in text[max(0, at - 8) : at]


def _not_in_source(text: str, piece: IssueItem, items: Mapping[int, Item]) -> Iterator[dict[str, Any]]:
    """Numbers of a sentence with [n] that none of the items it names has; days and hours may be told in other words."""
    for match in _CITED.finditer(text):
        cited = [items[pk] for n in re.findall(r"\d+", match[2]) if (pk := _cited(piece, int(n))) in items]
        if not cited:
            continue
        known = set(_NUMBER.findall(fold(" ".join(f"{item.title} {item.text} {item.url}" for item in cited)).replace(",", "")))
        sentence = _without_counts(_OF_TIME.sub(" ", match[1]), piece)
        for number in _NUMBER.findall(fold(sentence).replace(",", "")):
            if len(number) > 1 and number not in known:
                yield {"figure": number, "now": "—"}


def _without_counts(sentence: str, piece: IssueItem) -> str:
    """A sentence may hold our own counts beside the source's words: 2条群众留言反映……[1]."""
    own = {str(piece.figures.get(name)) for name in ("items", "fresh", "sources", "share") if piece.figures.get(name) is not None}
    return re.sub(r"\d+(?=\s*(?:条|个来源|%))", lambda match: "" if match[0] in own else match[0], sentence)


def _cited(piece: IssueItem, n: int) -> int:
    return int(piece.citations[n - 1]) if 1 <= n <= len(piece.citations) else 0


def wrong_quotes(piece: IssueItem, items: Mapping[int, Item]) -> Iterator[str]:
    """Quotations with [n] that do not stand so in the items they name; days made definite may differ."""
    for text in (piece.text, piece.text_en):
        for match in _QUOTE.finditer(text):
            cited = [items[pk] for n in re.findall(r"\d+", match[2]) if (pk := _cited(piece, int(n))) in items]
            if cited and not any(_stands_in(match[1], item) for item in cited):
                yield match[1]


def _stands_in(quote: str, item: Item) -> bool:
    whole = _INK.sub("", fold(f"{item.title} {item.text}"))
    parts = [_INK.sub("", fold(part)) for part in re.split(r"……|…|\d{1,2}月\d{1,2}日(?:早上|凌晨|晚)?", quote)]
    return all(part in whole for part in parts if len(part) > 1)
