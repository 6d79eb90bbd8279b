"""Which units an item concerns, and by which words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from msgspec import Struct

from groundswell.engine.judge.denial import is_denied
from groundswell.engine.judge.finder import Finder, outermost
from groundswell.engine.judge.places import Where
from groundswell.engine.records import Concern, Knowledge, Why
from groundswell.engine.text.normal import fold

TOP = 3
LEAST = 0.2  # a unit below this confidence is not given
IN_TITLE = 1.5  # a word in the title counts so much more
# Evidence in logits by what kind of word it is; a second one of a kind adds half, a third a quarter, ...
NAME, ALIAS, DUTY, WATCH, PLACE_UNIT, SOURCE_UNIT = 3.0, 2.4, 2.0, 1.0, 0.7, 0.8
PLACE_ALIAS = 1.8  # a hospital may be where it happens: what is said to be somebody's duty comes first
PLACE_DUTY = 0.4  # a town's office answers for all that happens there: whose subject it is comes first
TAUGHT, TAUGHT_FROM = 8.0, 0.3  # a text wholly like one that a person gave to the unit; likeness below which nothing is said
START = -1.6  # logit of a unit of which nothing is said
SHORT_ALIAS_LETTERS = 2  # an alias so short may be part of something else: counts as a duty


class Sign(Struct, frozen=True):
    """One word that points to a unit: its name, an alias, or a duty."""

    unit: str
    code: str
    weight: float


class UnitReader:
    """Names, aliases and duties of all units as an automaton."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.units = knowledge.units
        self._parent = {unit.id: unit.parent for unit in knowledge.units}
        self._order = {unit.id: number for number, unit in enumerate(knowledge.units)}
        self._place_unit = {place.id: place.unit for place in knowledge.places if place.unit}
        self._within = {place.id: place.within for place in knowledge.places}
        self._watch_unit = {watch.id: watch.unit for watch in knowledge.watches if watch.unit}
        self._source_unit = {source.slug: source.unit for source in knowledge.sources if source.unit}
        signs = _signs(knowledge)
        self._signs = list(signs.values())
        self._finder = Finder(list(signs))

    def signs(self, text: str) -> list[tuple[Sign, int, int]]:
        """Every sign of a unit in a folded text, with where it stands; names in longer ones and names that are denied left out."""
        found = outermost(self._finder.find(text))
        return [(sign, f.start, f.end) for f in found if not is_denied(text, f.start, f.end) for sign in self._signs[f.word]]

    def read(
        self,
        text: str,
        title_length: int,
        source: str,
        signs: Sequence[tuple[Sign, int, int]],
        where: Where,
        watches: Sequence[str],
        taught: Mapping[str, float] | None = None,
    ) -> tuple[Concern, ...]:
        """The likeliest units, at most TOP, likeliest first.

        ``text`` is folded, its first ``title_length`` characters are the title; ``source`` is the slug of the source;
        ``taught`` says how like the text is to those that people gave to each unit, 0–1.
        """
        evidence: dict[str, dict[tuple[str, str], float]] = {}

        def say(unit: str | None, code: str, word: str, weight: float) -> None:
            if unit in self._order:
                own = evidence.setdefault(unit, {})
                own[code, word] = max(own.get((code, word), 0.0), weight)

        for sign, start, end in signs:
            say(sign.unit, sign.code, text[start:end], sign.weight * (IN_TITLE if end <= title_length else 1.0))
        for watch in watches:
            say(self._watch_unit.get(watch), "unit.watch", watch, WATCH)
        answering: set[str | None] = set()
        for hit in where.hits:  # of several places of one unit the surest speaks
            unit = self._unit_of_place(hit.id)
            if unit not in answering:
                say(unit, "unit.place", hit.id, PLACE_UNIT * hit.confidence)
            answering.add(unit)
        say(self._source_unit.get(source), "unit.source", source, SOURCE_UNIT)
        for unit, likeness in (taught or {}).items():
            if likeness > TAUGHT_FROM:
                say(unit, "unit.taught", "", TAUGHT * (min(likeness, 1.0) - TAUGHT_FROM) / (1.0 - TAUGHT_FROM))
        return _ranked(evidence, self._order)

    def _unit_of_place(self, place: str | None) -> str | None:
        """The unit that answers for a place or for the nearest place it lies in."""
        while place is not None:
            if place in self._place_unit:
                return self._place_unit[place]
            place = self._within.get(place)
        return None


def _signs(knowledge: Knowledge) -> dict[str, list[Sign]]:
    signs: dict[str, list[Sign]] = {}
    places = {name for place in knowledge.places for name in (place.name, *place.aliases)}

    def add(word: str, sign: Sign) -> None:
        own = signs.setdefault(fold(word), [])
        if all(known.unit != sign.unit for known in own):
            own.append(sign)

    for unit in knowledge.units:
        add(unit.name, Sign(unit.id, "unit.name", NAME))
        for alias in unit.aliases:
            weight = PLACE_ALIAS if alias in places else DUTY if len(alias) <= SHORT_ALIAS_LETTERS else ALIAS
            add(alias, Sign(unit.id, "unit.alias", weight))
        for duty in unit.duties:
            add(duty, Sign(unit.id, "unit.duty", PLACE_DUTY if duty in places else DUTY))
    signs.pop("", None)
    return signs


def _ranked(evidence: dict[str, dict[tuple[str, str], float]], order: dict[str, int]) -> tuple[Concern, ...]:
    totals = {unit: _total(own) for unit, own in evidence.items()}
    crowd = sum(math.exp(total) for total in totals.values())
    rows = []
    for unit, own in evidence.items():
        alone = 1.0 / (1.0 + math.exp(-(START + totals[unit])))
        share = math.exp(totals[unit]) / crowd  # units that are named as strongly share the certainty
        confidence = round(alone * (0.5 + 0.5 * share), 3)
        if confidence >= LEAST:
            rows.append((-confidence, order[unit], unit, own))
    top = sorted(rows, key=lambda row: row[:2])[:TOP]
    return tuple(Concern(unit=unit, confidence=-negative, why=_why(own)) for negative, _order, unit, own in top)


def _total(own: dict[tuple[str, str], float]) -> float:
    by_code: dict[str, list[float]] = {}
    for (code, _word), weight in own.items():
        by_code.setdefault(code, []).append(weight)
    return sum(weight * 0.5**k for weights in by_code.values() for k, weight in enumerate(sorted(weights, reverse=True)))


def _why(own: dict[tuple[str, str], float]) -> tuple[Why, ...]:
    rows = sorted(own.items(), key=lambda row: (-row[1], row[0]))[:5]
    return tuple(Why(code=code, weight=round(weight, 2), args={"word": word} if word else {}) for (code, word), weight in rows)
