"""Which places of the gazetteer an item speaks of, told apart from other places of the same name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files

from msgspec import Struct

from groundswell.engine.judge.denial import is_denied
from groundswell.engine.judge.finder import Finder, Found
from groundswell.engine.records import Body, Knowledge, Place, PlaceHit, SourceRecord, Why
from groundswell.engine.text.normal import fold

FULL = 0  # number of the body's whole name among its names
SURE = 0.5  # a place below this is not given

# Starting points and what speaks for or against; the sum is cut to 0–0.99.
FULL_NAME, LONG_ALIAS, SHORT_ALIAS = 0.85, 0.72, 0.55
BODY_NAMED, OTHER_PLACE_NAMED, SOURCE_AT_HOME, UNIT_NAMED = 0.25, 0.15, 0.25, 0.15
SOURCE_ELSEWHERE, FOREIGN_NEAR, FOREIGN_IN_FRONT, LONGER_NAME, NOT_WHEN_NEAR = -0.2, -0.3, -0.7, -0.7, -0.5
NOT_WHEN_NEAR_FULL = -0.2  # a full name is seldom the other one
WORD_ALONE = -0.35  # a short name that may be a word, where nothing else speaks of us: 阳光真好
NEAR = 24  # characters

# What turns a short name into another place when it follows at once: 清河 + 区.
_OTHER_ENDING = re.compile(
    "区(?!域|间|别|分)|市(?!场|民|政|容|区|里|长)|县(?!城|里|医|委|政|长)|省(?!得|了)|州|盟|旗|山(?!上|下|洪|村)|大学|火锅|牌"
    "|镇(?!上|里)|乡(?!下|里|亲|村|间)|街道"
)
_BETWEEN = re.compile(r"[省市县区]?(?:那边|这边|有个|也有个?)?的?")  # between a far place and what lies in it


def _far_places() -> list[str]:
    text = files("groundswell.engine.judge").joinpath("far_places.txt").read_text(encoding="utf-8")
    return [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]


BODY, NOT_MEANT = -1, -2


class _Name(Struct, frozen=True):
    place: int  # number of the place; BODY or NOT_MEANT
    start: float = 0.0
    full: bool = False


class Mention(Struct, frozen=True):
    """One mention of one of our places."""

    place: str
    start: int
    end: int
    confidence: float
    why: tuple[Why, ...]


class Where(Struct, frozen=True):
    """What an item says of places: ours that are named, every mention, and whether it speaks of somewhere else."""

    hits: tuple[PlaceHit, ...] = ()
    mentions: tuple[Mention, ...] = ()
    elsewhere: bool = False  # a same name that is not ours, or a far place, and none of ours
    body_named: bool = False
    at_home: bool | None = None  # whether the source is at home here; None where the register does not say


class PlaceReader:
    """The gazetteer as an automaton."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.places = knowledge.places
        self._by_id = {place.id: place for place in knowledge.places}
        self._ours = {place.id for place in knowledge.places}
        self._sources = {source.slug: source for source in knowledge.sources}
        names = _names(knowledge.body, knowledge.places)
        self._names: list[list[_Name]] = list(names.values())
        self._finder = Finder(list(names), longest_only=True)
        self._not_when = [Finder([fold(word) for word in place.not_when]) for place in self.places]
        self._body = Finder([fold(word) for word in (knowledge.body.name, *knowledge.body.aliases)])  # the whole name first
        self._far = Finder([fold(word) for word in _far_places() if word not in (knowledge.body.name, *knowledge.body.aliases)])

    def read(self, text: str, source: str = "", units_named: bool = False, business: bool = True) -> Where:
        """Places named in a folded text.

        ``source`` is the slug of the source, whose home settles same names; ``units_named`` says that a unit of ours
        is named too, ``business`` that a unit or the business of one is.
        """
        far = [(f.start, f.end) for f in self._far.find(text)]
        body_named = any(self._means_the_body(text, f, far) for f in self._body.find(text))
        if not self.places:
            return Where(body_named=body_named)
        found = self._finder.find(text)
        at_home = self._at_home(self._sources.get(source))
        named = {name.place for f in found for name in self._names[f.word] if name.full and name.place >= 0}
        short = {name.place for f in found for name in self._names[f.word] if not name.full and name.place >= 0}
        mentions = []
        not_when: dict[int, list[Found]] = {}
        refused = any(name.place == NOT_MEANT for f in found for name in self._names[f.word])
        for f in found:
            options = [n for n in self._names[f.word] if n.place >= 0]
            if options and is_denied(text, f.start, f.end):
                continue
            if len(options) > 1:
                settled = [n for n in options if _settled(self._by_id, self.places[n.place], named | short, self.places)]
                options = settled or options
            for name in options:
                others = bool(named - {name.place})
                if name.place not in not_when:
                    not_when[name.place] = self._not_when[name.place].find(text)
                why = self._weigh(text, f.start, f.end, name, others, body_named, at_home, units_named, far, not_when[name.place])
                alone = not (name.full or name.start > SHORT_ALIAS or others or body_named or units_named or business)
                if alone:
                    why = (*why, Why(code="place.word_alone", weight=WORD_ALONE, args={"word": text[f.start : f.end]}))
                confidence = round(min(0.99, max(0.0, sum(w.weight for w in why))), 3)
                if len(options) > 1 and not _settled(self._by_id, self.places[name.place], named, self.places):
                    confidence = round(confidence / len(options) + 0.2, 3)
                if confidence < SURE:
                    refused = refused or not (alone and at_home)
                    continue
                mentions.append(Mention(self.places[name.place].id, f.start, f.end, confidence, why))
        hits = _gather(mentions)
        elsewhere = not hits and not body_named and (refused or at_home is False or (bool(far) and at_home is None))
        return Where(hits, tuple(mentions), elsewhere, body_named, at_home)

    def _means_the_body(self, text: str, name: Found, far: Sequence[tuple[int, int]]) -> bool:
        """Its name, not denied, not said of a far place, and a short one not part of another name (云岭 in 云岭镇)."""
        if is_denied(text, name.start, name.end) or any(_in_front(text, start, end, name.start) for start, end in far):
            return False
        return name.word == FULL or not _OTHER_ENDING.match(text, name.end)

    def _at_home(self, source: SourceRecord | None) -> bool | None:
        if source is None or source.place is None:
            return None
        return source.place in self._ours

    def _weigh(
        self,
        text: str,
        start: int,
        end: int,
        name: _Name,
        others: bool,
        body_named: bool,
        at_home: bool | None,
        units_named: bool,
        far: Sequence[tuple[int, int]],
        not_when: Sequence[Found],
    ) -> tuple[Why, ...]:
        word = {"word": text[start:end]}
        why = [Why(code="place.full_name" if name.full else "place.alias", weight=name.start, args=word)]
        if body_named:
            why.append(Why(code="place.body_named", weight=BODY_NAMED))
        if others:
            why.append(Why(code="place.neighbour_named", weight=OTHER_PLACE_NAMED))
        if units_named:
            why.append(Why(code="place.unit_named", weight=UNIT_NAMED))
        if at_home is not None:
            why.append(
                Why(
                    code="place.source_home" if at_home else "place.source_elsewhere",
                    weight=SOURCE_AT_HOME if at_home else SOURCE_ELSEWHERE,
                )
            )
        if any((f.start <= start and f.end >= end) or (f.start < end and f.end > end) for f in not_when):
            why.append(Why(code="place.other_of_that_name", weight=LONGER_NAME, args=word))
        elif any(f.end > start - NEAR and f.start < end + NEAR for f in not_when):
            near = NOT_WHEN_NEAR_FULL if name.full else NOT_WHEN_NEAR
            why.append(Why(code="place.other_of_that_name", weight=near, args=word))
        elif not name.full and _OTHER_ENDING.match(text, end):
            why.append(Why(code="place.longer_name", weight=LONGER_NAME, args={"word": text[start : end + 1]}))
        in_front = [text[s:e] for s, e in far if _in_front(text, s, e, start)]
        if in_front:
            why.append(Why(code="place.far_in_front", weight=FOREIGN_IN_FRONT, args={"word": in_front[0]}))
        elif not body_named and any(e > start - NEAR and s < end + NEAR for s, e in far):
            why.append(Why(code="place.far_near", weight=FOREIGN_NEAR))
        return tuple(why)


def _in_front(text: str, start: int, end: int, place: int) -> bool:
    """Does a far place (START to END) stand before the name that begins at PLACE, as what it lies in?"""
    return 0 <= place - end <= 2 or (0 < place - end <= 6 and _BETWEEN.fullmatch(text, end, place) is not None)


def _names(body: Body, places: Sequence[Place]) -> dict[str, list[_Name]]:
    """Every name and alias, folded, and the places that bear it."""
    names: dict[str, list[_Name]] = {}
    for number, place in enumerate(places):
        for word in dict.fromkeys((place.name, *place.aliases)):
            full = word == place.name
            start = FULL_NAME if full else LONG_ALIAS if len(word) >= 3 else SHORT_ALIAS
            names.setdefault(fold(word), []).append(_Name(number, start, full))
    for place in places:
        for word in place.not_when:
            names.setdefault(fold(word), [_Name(NOT_MEANT)])  # the longer name takes the text away from the shorter
    for word in (body.name, *body.aliases):
        names.setdefault(fold(word), [_Name(BODY)])
    names.pop("", None)
    return names


def _settled(by_id: dict[str, Place], place: Place, named: set[int], places: Sequence[Place]) -> bool:
    """Two of ours bear one name: the one whose town is named too is meant."""
    above = place.within
    while above is not None:
        if any(places[number].id == above for number in named):
            return True
        above = by_id[above].within if above in by_id else None
    return False


def _gather(mentions: Sequence[Mention]) -> tuple[PlaceHit, ...]:
    """One hit a place: its best mention, a little surer for each further one; surest first."""
    by_place: dict[str, list[Mention]] = {}
    for mention in mentions:
        by_place.setdefault(mention.place, []).append(mention)
    hits = []
    for place, own in by_place.items():
        best = max(own, key=lambda m: m.confidence)
        hits.append((min(0.99, round(best.confidence + 0.02 * (len(own) - 1), 3)), own[0].start, place, best.why))
    return tuple(
        PlaceHit(id=place, confidence=confidence, why=why)
        for confidence, _start, place, why in sorted(hits, key=lambda h: (-h[0], h[1], h[2]))
    )
