"""The machine's draft of a piece, in both languages, from the facts of a story alone.

Pure. When, where, what, how many, from where, how much of it negative, what the body said, what is asked. Every sentence that
comes out of an item ends with its [n]. Words that an item says in the first person or in another language stand in quotation marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from groundswell.desk.bulletins import phrases
from groundswell.reports.numerals import numeral
from groundswell.reports.words import MONTHS

ENGLISH_ROOM = 2.6  # characters of English that say as much as one of Chinese
FEW = 5  # below so many items a share says nothing


@dataclass(frozen=True)
class Said:
    """A stretch of an item's own words."""

    text: str
    item: int  # id of the item
    score: float
    source: str = ""
    source_en: str = ""
    channel: str = ""
    lang: str = "zh"
    first_person: bool = False
    institutional: bool = False
    from_start: bool = True  # begins where the item's sentence begins
    on_topic: bool = True  # shares words with the title


@dataclass(frozen=True)
class Facts:
    """What is known of a story or item when it is picked."""

    title: str
    title_as_said: str  # for the other language's paper
    title_item: int | None  # the item that gave the title
    first: datetime | date  # of the first item, in the body's zone; a day where only that is known
    as_of: datetime
    count: int  # items up to as_of
    fresh: int  # of them in the window
    sources: int
    negative: int
    positive: int
    is_old: bool = False  # began before the window
    is_positive: bool = False
    unverified: bool = False
    level: int = 4
    channel: str = "other"  # where most of it was said
    lang: str = "zh"
    places: tuple[tuple[str, str], ...] = ()  # names in Chinese and English
    unit: tuple[str, str] = ("", "")
    items: tuple[int, ...] = ()  # ids of all items where they are few
    facts: tuple[Said, ...] = ()  # best first, of many lengths
    responses: tuple[Said, ...] = ()
    asks: tuple[Said, ...] = ()


@dataclass
class Draft:
    """A piece as the machine would print it."""

    title: str
    text: str
    advice: str
    title_en: str
    text_en: str
    advice_en: str
    citations: list[int] = field(default_factory=list)


ZH: dict[str, str] = {
    "stop": "。",
    "comma": "，",
    "open": "“",
    "close": "”",
    "one": "{when}，{who}",
    "few": "{when}起，{n}条{who}",
    "many_new": "{when}至{until}，{sources}共{n}条信息{places}{share}。",
    "many_old": "{when}以来共{n}条信息，本期新增{fresh}条，{sources}{places}{share}。",
    "sources": "{n}个来源",
    "sources_one": "",
    "places": "，涉及{names}",
    "places_join": "、",
    "share_negative": "，负面占{p}%",
    "share_positive": "，正面占{p}%",
    "says": "反映，",
    "says_quote": "称：",
    "reported": "据{source}报道，",
    "reported_quote": "据{source}报道：",
    "said_by": "网民反映，",
    "quoted_by": "网民称：",
    "praised_by": "网民表示，",
    "praised_quote": "网民称：",
    "response": "据{source}消息，",
    "response_quote": "据{source}消息：",
    "ask": "群众{ask}",
    "unverified": "该信息尚未核实。",
    "title_unverified": "网传“{title}”",
    "advice_unverified": "{unit}尽快核实，发布权威信息。",
    "advice_answer": "{unit}核实情况，公开回应关切。",
    "advice_follow": "{unit}抓紧落实，公布进展和结果。",
    "advice_no_unit": "明确承办单位，核实并回应。",
}
EN: dict[str, str] = {
    "stop": ".",
    "comma": ", ",
    "open": "“",
    "close": "”",
    "one": "{when}, {who} ",
    "few": "From {when}, {n} {who} ",
    "many_new": "From {when} to {until}, {n} items{sources}{places}{share}.",
    "many_old": "{n} items since {when}, {fresh} of them new{sources}{places}{share}.",
    "sources": " in {n} sources",
    "sources_one": "",
    "places": ", on {names}",
    "places_join": ", ",
    "share_negative": ", {p}% negative",
    "share_positive": ", {p}% positive",
    "says": "says: ",
    "say": "say: ",
    "says_quote": "says: ",
    "reported": "{source} reports: ",
    "reported_quote": "{source} reports: ",
    "said_by": "People say: ",
    "quoted_by": "People say: ",
    "praised_by": "People say: ",
    "praised_quote": "People say: ",
    "response": "According to {source}: ",
    "response_quote": "According to {source}: ",
    "ask": "What is asked: {ask}",
    "unverified": "This has not been verified.",
    "title_unverified": "Unverified: {title}",
    "advice_unverified": "{unit} should verify it soon and publish what is known.",
    "advice_answer": "{unit} should look into it and answer in public.",
    "advice_follow": "{unit} should carry it through and publish progress and results.",
    "advice_no_unit": "Name the unit in charge; have it looked into and answered.",
}
WHO_ZH = {"board": "群众留言", "other": "群众留言", "forum": "网民发帖", "microblog": "网民发帖", "video": "短视频", "blog": "博客文章"}
WHO_EN = {"board": "message", "other": "message", "forum": "forum post", "microblog": "post", "video": "short video", "blog": "blog post"}


class _Paper:
    """One language's draft under way: numbers the items as they are cited."""

    def __init__(self, facts: Facts, english: bool, room: int, citations: list[int]) -> None:
        self.facts, self.english, self.words = facts, english, EN if english else ZH
        self.room, self.citations, self.text = room, citations, ""
        self.wide = 3 if english else 1
        self.asked = False

    def left(self) -> int:
        return self.room - phrases.length(self.text)

    def add(self, text: str) -> None:
        self.text += (" " if self.english and self.text else "") + text

    def cite(self, said: Said) -> str:
        if said.item not in self.citations:
            self.citations.append(said.item)
        return f"[{self.citations.index(said.item) + 1}]"

    def is_own(self, said: Said) -> bool:
        return said.lang.startswith("en") == self.english

    def sentence(self, lead: str, lead_quote: str, said: Said) -> str:
        """LEAD and what was SAID with its number: in quotation marks where the words are another's own."""
        stop = self.words["stop"]
        if said.first_person or not self.is_own(said):
            return f"{lead_quote}{self.words['open']}{said.text}{self.words['close']}{self.cite(said)}{stop}"
        return f"{lead}{said.text.rstrip('？?') if not self.english else said.text}{self.cite(said)}{stop}"


def compose(facts: Facts, limit: int) -> Draft:
    """The draft of FACTS with at most LIMIT characters of Chinese, text and advice together (citations are not counted)."""
    citations: list[int] = []
    advice, advice_en = _advice(facts, False), _advice(facts, True)
    chinese = _text(_Paper(facts, False, limit - len(advice), citations))
    english = _text(_Paper(facts, True, int(limit * ENGLISH_ROOM) - len(advice_en), citations))
    if not citations and facts.title_item is not None:
        citations.append(facts.title_item)
    return Draft(
        title=_title(facts, False)[:200],
        text=chinese,
        advice=advice,
        title_en=_title(facts, True)[:300],
        text_en=english,
        advice_en=advice_en,
        citations=citations,
    )


def _title(facts: Facts, english: bool) -> str:
    words = EN if english else ZH
    title = facts.title_as_said if english else facts.title
    if english and facts.lang != "en":
        where = facts.unit[1] or (facts.places[0][1] if facts.places else "")
        title = f"{where}: {title}" if where else title
    if facts.unverified and not title.startswith(("网传", "“", "辟谣", "关于")):
        return words["title_unverified"].format(title=title.strip("“”"))
    return title


def _text(paper: _Paper) -> str:
    if paper.facts.count < FEW:
        _opening_few(paper)
        _response(paper)
        _asked(paper)
        _more(paper)
        return paper.text
    _opening_many(paper)
    answer = _best(paper.facts.responses, min(paper.left() - 14, 46 * paper.wide), paper)
    lead = phrases.length(paper.words["response"].format(source=answer.source)) + 2 if answer else 0
    _what(paper, phrases.length(answer.text) + lead if answer else (18 * paper.wide if paper.facts.asks else 0), answer)
    _response(paper)
    _asked(paper)
    return paper.text


def _opening_few(paper: _Paper) -> None:
    """1月6日12时9分，群众留言反映，……"""
    facts, words = paper.facts, paper.words
    mark = paper.words["unverified"] if facts.unverified else ""
    room = paper.room - phrases.length(mark)
    lead = _lead(paper)
    asks_only = not facts.facts
    pool = facts.asks if asks_only else facts.facts
    keep = 0 if asks_only or not facts.asks else min(phrases.length(facts.asks[0].text) + 8, int(room * 0.42))
    said = _best(pool, room - phrases.length(lead) - 6 - keep, paper, least=0.6 if asks_only else 0.82)
    if said is None:
        names = words["open"] + facts.title + words["close"]
        cite = paper.cite(Said("", facts.title_item, 0)) if facts.title_item is not None else ""
        paper.add(
            lead + words["says_quote"].lstrip() + names + cite + words["stop"]
            if paper.english
            else f"{lead}{words['says'][:2]}{names}{cite}{words['stop']}"
        )
    elif asks_only and not paper.english and phrases.asked(said.text):
        paper.asked = True
        paper.add(f"{lead}{phrases.asked(said.text)}{paper.cite(said)}{words['stop']}")
    else:
        says = words["says" if facts.count == 1 or not paper.english else "say"]
        paper.add(paper.sentence(lead + says, lead + (says if paper.english else words["says_quote"]), said))
    if mark:
        paper.add(mark)


def _lead(paper: _Paper) -> str:
    facts, english = paper.facts, paper.english
    who = (WHO_EN if english else WHO_ZH).get(facts.channel, "")
    if not who:
        source = next(iter((*facts.facts, *facts.responses, *facts.asks)), None)
        name = (source.source_en or source.source if english else source.source) if source else ""
        who = name or ("item" if english else "网上信息")
        if facts.count == 1:
            return f"{_when(facts.first, english)}, {who} " if english else f"{_when(facts.first, english)}，{who}"
        who = "items" if english else "网上信息"
    elif english:
        who = f"a {who}" if facts.count == 1 else f"{who}s"
    pattern = paper.words["one" if facts.count == 1 else "few"]
    all_of = "".join(paper.cite(Said("", pk, 0.0)) for pk in facts.items) if facts.count > 1 else ""
    return pattern.format(when=_when(facts.first, english), who=who + all_of, n=facts.count)


def _opening_many(paper: _Paper) -> None:
    """11月23日6时52分至16时6分，20个来源共143条信息，涉及清河镇，负面占38%。"""
    facts, words, code = paper.facts, paper.words, "en" if paper.english else "zh-hans"
    named = any(pair[0][:2] in facts.title for pair in facts.places)
    names = [] if named else [pair[1 if paper.english and pair[1] else 0] for pair in facts.places][:2]
    share = ""
    if facts.is_positive:
        share = words["share_positive"].format(p=percent(facts.positive, facts.count))
    elif facts.negative:
        share = words["share_negative"].format(p=percent(facts.negative, facts.count))
    text = words["many_old" if facts.is_old else "many_new"].format(
        when=_when(facts.first, paper.english, minute=not facts.is_old),
        until=_until(facts, paper.english),
        n=numeral(facts.count, code),
        fresh=numeral(facts.fresh, code),
        sources=words["sources"].format(n=facts.sources) if facts.sources > 1 else words["sources_one"],
        places=words["places"].format(names=words["places_join"].join(names)) if names else "",
        share=share,
    )
    paper.add(text.replace("，，", "，"))
    if facts.unverified:
        paper.add(words["unverified"])


def _response(paper: _Paper) -> None:
    """据云岭融媒消息，2号水泵损坏，预计11月24日18时前恢复[2]。"""
    said = _best(paper.facts.responses, min(paper.left() - 14, 52 * paper.wide), paper, new=True)
    if said is None:
        return
    lead, quote = _by_source(paper, said, "response")
    paper.add(paper.sentence(lead, quote, said))


def _by_source(paper: _Paper, said: Said, name: str) -> tuple[str, str]:
    source = said.source_en or said.source if paper.english else said.source
    return paper.words[name].format(source=source), paper.words[f"{name}_quote"].format(source=source)


def _what(paper: _Paper, keep: int, answer: Said | None) -> None:
    """What is said, with KEEP characters left for what follows; not what ANSWER will say."""
    words = paper.words
    pool = [each for each in paper.facts.facts if answer is None or not _known(each.text, answer.text)]
    said = _best(pool, paper.left() - 10 - keep, paper, new=True)
    if said is None or phrases.length(said.text) < 8:
        return
    if said.institutional:
        lead, quote = _by_source(paper, said, "reported")
    else:
        lead, quote = (words[name] for name in (("praised_by", "praised_quote") if paper.facts.is_positive else ("said_by", "quoted_by")))
    paper.add(paper.sentence(lead, quote, said))


def _asked(paper: _Paper) -> None:
    """群众希望公布水质检测结果[3]。"""
    for said in () if paper.asked else paper.facts.asks:
        words = phrases.asked(said.text)
        if paper.english or not paper.is_own(said):
            words = f"{paper.words['open']}{said.text}{paper.words['close']}" if not paper.is_own(said) else said.text
        if not words:
            continue
        text = f"{paper.words['ask'].format(ask=words)}"
        if phrases.length(text) + 1 <= paper.left() and not _known(words, paper.text):
            paper.add(f"{text}{paper.cite(said)}{paper.words['stop']}")
            return


def _more(paper: _Paper) -> None:
    """What room is left for of a short matter's own words, before what is asked has been said twice."""
    top = paper.facts.facts[0].score if paper.facts.facts else 0.0
    pool = [
        each
        for each in paper.facts.facts
        if each.score > 0.4 * top
        and each.from_start
        and each.on_topic
        and not (each.first_person or phrases.starts_weak(each.text) or phrases.is_heated(each.text))
    ]
    said = _best(pool, paper.left() - 2, paper, new=True)
    if said is None or phrases.length(said.text) < 10 or paper.english:
        return
    sentence = paper.sentence("", "", said)
    head, mark, tail = paper.text.rpartition("。群众")
    paper.text = f"{head}。{sentence}群众{tail}" if mark else paper.text + sentence


def _best(pool: Sequence[Said], room: int, paper: _Paper, new: bool = False, least: float = 0.82) -> Said | None:
    """The best of POOL that fits into ROOM and, where NEW, says what the text does not say yet; in its longest form that fits."""
    fits = [said for said in pool if phrases.length(said.text) <= room and (not new or not _known(said.text, paper.text))]
    if not fits:
        return None
    longer = [said for said in fits if fits[0].text in said.text and said.item == fits[0].item and said.score >= least * fits[0].score]
    return max(longer, key=lambda said: len(said.text))


def _known(text: str, already: str) -> bool:
    """Most pairs of TEXT's characters stand in ALREADY."""
    pairs = {text[n : n + 2] for n in range(len(text) - 1)}
    return bool(pairs) and sum(pair in already for pair in pairs) > 0.55 * len(pairs)


def _advice(facts: Facts, english: bool) -> str:
    """Only where a leader must decide: level III and above, or what is not verified."""
    words, unit = EN if english else ZH, facts.unit[1 if english and facts.unit[1] else 0]
    if facts.is_positive or (facts.level > 3 and not facts.unverified):
        return ""
    if not unit:
        return words["advice_no_unit"] if facts.level <= 2 or facts.unverified else ""
    code = "advice_unverified" if facts.unverified else "advice_follow" if facts.responses else "advice_answer"
    return words[code].format(unit=unit)


def percent(part: int, whole: int) -> int:
    """PART of WHOLE in whole per cent, halves up."""
    return int(100 * part / whole + 0.5) if whole else 0


def _when(at: datetime | date, english: bool, minute: bool = True) -> str:
    exact = isinstance(at, datetime) and minute
    if english:
        day = f"{at.day} {MONTHS[at.month - 1]}"
        return f"{at:%H:%M} on {day}" if exact else day
    day = f"{at.month}月{at.day}日"
    return f"{day}{_clock(at)}" if exact and isinstance(at, datetime) else day


def _until(facts: Facts, english: bool) -> str:
    first = facts.first.date() if isinstance(facts.first, datetime) else facts.first
    if english:
        return f"{facts.as_of:%H:%M}" if first == facts.as_of.date() else _when(facts.as_of, True)
    return _clock(facts.as_of) if first == facts.as_of.date() else _when(facts.as_of, False)


def _clock(at: datetime) -> str:
    return f"{at.hour}时{at.minute}分" if at.minute else f"{at.hour}时"
