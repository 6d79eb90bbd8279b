"""Pairs of texts that are copies or are not, made by script from real ones; a seed makes the same pairs again.

Copies: the same words in another dress (marks, links, forwarding), cut, with a new lead, in full width or traditional characters,
with up to a quarter of the characters replaced, inserted or left out where no number, date or place stands, and two of these at once.
No copies: other texts, the likest ones that are shorter than half in common, texts with far more changed, and ``facts``: the template
with another number, date or place, also in another dress. What is a number or a place is decided here by rules of its own.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from opencc import OpenCC
from rapidfuzz.distance import LCSseq

SEED = 20261127
PAIRS, CHANGED_FACTS = 20_000, 500
LEAST = 20  # characters of a text that takes part
CITY_NAMES = (
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 "
    "云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 石家庄 太原 沈阳 长春 哈尔滨 南京 杭州 合肥 福州 "
    "南昌 济南 郑州 武汉 长沙 广州 深圳 海口 成都 贵阳 昆明 西安 兰州 苏州 无锡 宁波 温州 青岛 大连 东莞 佛山 厦门 "
    "南宁 三亚 洛阳 株洲 湘潭 日本 美国 英国 法国 德国 韩国 "
)
CITIES = CITY_NAMES.split()
CITY = re.compile("|".join(CITIES))
CODED = re.compile("[A-Z][0-9]{0,2}(?=[市区县省])")
ENDINGS = "小区|社区|街道|大道|路|镇|乡|村|县|广场|花园|医院|中学|小学"
NAMED = re.compile(f"[\u4e00-\u9fff]{{2,4}}(?:{ENDINGS})")
ESTATE = re.compile(
    f"(?<=[A-Z0-9][市区县])[^\\W0-9a-zA-Z的与在有是和及不了到这那各每多上下内外旁边]{{2,4}}?(?:{ENDINGS})"
)  # behind a coded area it is a name for certain
DATE = re.compile("[0-9]{1,2}月[0-9]{1,2}[日号]|[0-9]{4}[-/年.][0-9]{1,2}(?:[-/月.][0-9]{1,2}日?)?")
NUMBER = re.compile("[0-9]+(?:[.][0-9]+)?")
FACT = re.compile(
    "https?:[!-~]+|@\\S+|[A-Za-z]+[0-9]*(?:[省市区县镇村]|.(?=[0-9]))?|[0-9.]+(?:.(?=[0-9]))?|[〇零一二三四五六七八九十百千万亿两几半]+"
    f"|(?:{CITY.pattern})|{NAMED.pattern}"
)
NUMERALS = set("〇零一二三四五六七八九十百千万亿两几半")
LEADS = (
    "【转发求扩散】",
    "据本台消息，",
    "刚看到的，大家都来看看：",
    "今天在群里看到邻居发的一段话，转给有关部门看看。",
    "求助！帮忙转发一下，谢谢大家了！",
    "编者按：以下内容来自网友投稿，不代表本平台观点。",
    "重发一遍，希望这次有人管。",
    "楼主你好，我把原话贴在下面，请版主不要删帖。",
)
TO_HANT = OpenCC("s2t")


@dataclass(frozen=True)
class Pair:
    one: str
    other: str
    is_copy: bool
    edit: str


def make_pairs(texts: Sequence[str], count: int = PAIRS, facts: int = CHANGED_FACTS, seed: int = SEED) -> list[Pair]:
    """COUNT pairs of TEXTS, half of them copies; FACTS of the others have one number, date or place changed."""
    chance = random.Random(seed)
    usable = list(dict.fromkeys(text for text in texts if len(text) >= LEAST))
    common = [char for char, _ in Counter("".join(usable)).most_common(1200) if "\u4e00" <= char <= "\u9fff" and char not in NUMERALS]
    edits = _edits(chance, common)
    pairs: list[Pair] = []
    while len(pairs) < count // 2:
        text, (edit, make) = chance.choice(usable), edits[len(pairs) % len(edits)]
        pairs.append(Pair(text, make(text), True, edit))
    pairs += _changed_facts(chance, usable, common, facts)
    pairs += _others(chance, usable, common, count - len(pairs))
    chance.shuffle(pairs)
    return pairs


def _edits(chance: random.Random, common: Sequence[str]) -> list[tuple[str, Callable[[str], str]]]:
    """Each kind of copy with what makes one."""

    def noise(least: float, most: float) -> Callable[[str], str]:
        return lambda text: _noisy(text, chance.uniform(least, most), chance, common)

    def two(text: str) -> str:
        makers = [noise(0.05, 0.15), lambda t: _cut(t, 0.8, chance), lambda t: _led(t, chance), _hant, _wide]
        first, second = sorted(chance.sample(range(len(makers)), 2))
        return makers[second](makers[first](text))

    return [
        ("the same", lambda text: _dressed(text, chance)),
        ("cut", lambda text: _cut(text, 0.6, chance)),
        ("lead", lambda text: _led(text, chance)),
        ("width", _wide),
        ("script", _hant),
        ("noise to 10 %", noise(0.01, 0.10)),
        ("noise to 18 %", noise(0.10, 0.18)),
        ("noise to 25 %", noise(0.18, 0.25)),
        ("two at once", two),
    ]


def _dressed(text: str, chance: random.Random) -> str:
    return chance.choice(
        [
            text,
            text.replace("，", " ").replace("。", "!!"),
            "//@某用户:" + text,
            text + " http://t.cn/" + "".join(chance.choices("abcdefghjkRTZ123", k=7)),
            " ".join(text.split("，")) + "……",
            text.replace("\n", ""),
        ]
    )


def _cut(text: str, least: float, chance: random.Random) -> str:
    """The front of TEXT, at least so much of it and no number torn."""
    at = int(len(text) * chance.uniform(least, 0.97))
    while at < len(text) and (text[at - 1].isascii() or text[at].isascii() or {text[at], text[at - 1]} & NUMERALS):
        at += 1
    return text[:at]


def _led(text: str, chance: random.Random) -> str:
    """TEXT behind a lead of at most a third of its length."""
    fitting = [lead for lead in LEADS if len(lead) * 3 <= len(text)]
    return (chance.choice(fitting) if fitting else "转：") + text


def _wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def _hant(text: str) -> str:
    return str(TO_HANT.convert(text))


def _noisy(text: str, share: float, chance: random.Random, common: Sequence[str]) -> str:
    """TEXT with SHARE of its characters replaced, doubled by another, or left out; numbers, dates, letters and places stay."""
    kept = {at for found in FACT.finditer(text) for at in range(*found.span())}
    free = [at for at in range(len(text)) if at not in kept and "\u4e00" <= text[at] <= "\u9fff"]
    letters = sum(char.isalnum() for char in text)
    changed = list(text)
    for at in chance.sample(free, min(len(free), int(share * letters))):
        kind = chance.random()
        changed[at] = chance.choice(common) if kind < 0.6 else "" if kind < 0.8 else changed[at] + chance.choice(common)
    return "".join(changed)


def _changed_facts(chance: random.Random, usable: Sequence[str], common: Sequence[str], count: int) -> list[Pair]:
    """Texts with another number, date or place, a third each, as they are or in another dress."""
    names = [name for name, times in Counter(name for text in usable for name in ESTATE.findall(text)).items() if times > 1]
    kinds: list[tuple[str, Callable[[str], str]]] = [
        ("facts: number", lambda text: _swapped(text, NUMBER, lambda old: _other_number(old, chance), chance)),
        ("facts: date", lambda text: _swapped(text, DATE, lambda old: _other_date(old, chance), chance)),
        ("facts: place", lambda text: _swapped(text, CITY, lambda old: chance.choice(CITIES), chance)),
        ("facts: area", lambda text: _swapped(text, CODED, lambda old: chance.choice("ABCDEFGHJKL") + old[1:], chance)),
        ("facts: name", lambda text: _swapped(text, ESTATE, lambda old: chance.choice(names), chance)),
    ]
    dresses: list[Callable[[str], str]] = [
        str,
        str,
        _wide,
        _hant,
        lambda text: _dressed(text, chance),
        lambda text: _noisy(text, 0.08, chance, common),
    ]
    pairs: list[Pair] = []
    while len(pairs) < count:
        text, (edit, swap) = chance.choice(usable), kinds[len(pairs) % len(kinds)]
        swapped = swap(text)
        if swapped != text:
            pairs.append(Pair(text, chance.choice(dresses)(swapped), False, edit))
    return pairs


def _swapped(text: str, pattern: re.Pattern[str], other: Callable[[str], str], chance: random.Random) -> str:
    """TEXT with one of PATTERN's finds, wherever it stands, as something else; links are left alone."""
    finds = [found for found in pattern.finditer(text) if "http" not in text[max(0, found.start() - 30) : found.start()]]
    if not finds:
        return text
    old = chance.choice(finds)[0]
    new = other(old)
    return text if old == new else re.sub(rf"(?<![0-9A-Za-z.]){re.escape(old)}(?![0-9.])", new, text)


def _other_number(old: str, chance: random.Random) -> str:
    at = chance.choice([n for n, char in enumerate(old) if char.isdigit()])
    return old[:at] + chance.choice([digit for digit in "123456789" if digit != old[at]]) + old[at + 1 :]


def _other_date(old: str, chance: random.Random) -> str:
    last = list(NUMBER.finditer(old))[-1]
    return old[: last.start()] + str(chance.choice([n for n in range(1, 12) if n != int(float(last[0]))])) + old[last.end() :]


def _others(chance: random.Random, usable: Sequence[str], common: Sequence[str], count: int) -> list[Pair]:
    """A third each: any two texts; the likest of fifty that has less than 60 % in common; one with 40 to 60 % changed."""
    pairs: list[Pair] = []
    while len(pairs) < count:
        text, kind = chance.choice(usable), len(pairs) % 3
        if kind == 0:
            other, edit = chance.choice(usable), "any other"
            if _in_common(text, other) >= 0.6:
                continue
        elif kind == 1:
            close = [(share, each) for each in chance.sample(usable, 50) if (share := _in_common(text, each)) < 0.6]
            other, edit = max(close)[1], "the likest"
        else:
            other, edit = _noisy(text, chance.uniform(0.45, 0.6), chance, common), "half changed"
            if _in_common(text, other) >= 0.7:
                continue
        pairs.append(Pair(text, other, False, edit))
    return pairs


def _in_common(one: str, other: str) -> float:
    return float(LCSseq.normalized_similarity(one, other))
