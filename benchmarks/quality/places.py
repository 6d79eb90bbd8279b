"""Places and units: 510 hard sentences of our own with their truth, against a gazetteer of 14 units and 18 places."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from msgspec import Struct

from benchmarks.quality.figures import Figure
from groundswell.engine.judge.finder import Finder
from groundswell.engine.judge.models import Models
from groundswell.engine.knowledge import read_knowledge
from groundswell.engine.pipeline import judge_items
from groundswell.engine.records import Item, Knowledge
from groundswell.engine.text.normal import fold

DATA = Path(__file__).parent.parent / "data"
NOW = datetime(2026, 11, 23, 8, 6, tzinfo=UTC)
AUTOMATIC = 0.5  # confidence from which the desk fills a unit in
RESAMPLED = 500
LATER = "written when the rules stood"


class Row(Struct, frozen=True):
    """A sentence and what it is about; ``half``: a was looked at while rules were written, b only counted, c written later."""

    group: str
    text: str
    source: str
    units: frozenset[str]
    places: frozenset[str]
    half: str


class Said(Struct, frozen=True):
    """What somebody says of a sentence."""

    units: frozenset[str]
    places: frozenset[str]


def run(quick: bool) -> list[Figure]:
    rows = [row for row in sentences() if row.half == "b"]
    ours, plain = judged(rows), [by_words(row.text) for row in rows]
    figures = []
    for what, goals in (("places", (0.97, 0.90)), ("units", (None, None))):
        for n, (name, goal) in enumerate(zip(("precision", "recall"), goals, strict=True)):
            draws = sorted(precision_recall(rows, ours, what, drawn)[n] for drawn in _draws(len(rows)))
            spread = f"of resampled ones 90 % lie from {draws[RESAMPLED // 20]:.3f} to {draws[-RESAMPLED // 20]:.3f}"
            every = range(len(rows))
            value, other = precision_recall(rows, ours, what, every)[n], precision_recall(rows, plain, what, every)[n]
            note = f"{len(rows)} sentences; {spread}" + ("; yardstick: every name, alias and duty that stands there" if not figures else "")
            figures.append(Figure(f"{what}: {name}, half b", [value], goal, [other], note=note))
    looked, later = ([row for row in sentences() if row.half == half] for half in "ac")
    first, last = judged(looked), judged(later)
    return [
        *figures,
        Figure(
            "places, half a: precision", [precision_recall(looked, first, "places", range(len(looked)))[0]], note="rules were written on it"
        ),
        Figure("places, half a: recall", [precision_recall(looked, first, "places", range(len(looked)))[1]]),
        *(
            Figure(f"{what}: {name}, {len(later)} later sentences", [precision_recall(later, last, what, range(len(later)))[n]], note=LATER)
            for what in ("places", "units")
            for n, name in enumerate(("precision", "recall"))
        ),
        Figure("elsewhere, words and noise kept away, half b", [_kept_away(rows, ours)], None, [_kept_away(rows, plain)]),
    ]


def sentences() -> list[Row]:
    """The sentences of gazetteer.txt."""
    found, group, number = [], "", 0
    for line in (DATA / "gazetteer.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            group, number = line[2:], 0
        elif line and not line.startswith("#"):
            told, _bar, text = line.partition(" | ")
            units, *places = told.split()
            source = "m" if places and places[-1] == "m" else "f"
            named = frozenset(places) - {"m", "-"}
            half = "c" if group.startswith("later") else "ab"[number % 2]
            found.append(Row(group, text, source, frozenset(units.split(",")) - {"-"}, named, half))
            number += 1
    return found


@cache
def gazetteer() -> Knowledge:
    return read_knowledge(DATA / "gazetteer.yaml")


def judged(rows: Sequence[Row]) -> list[Said]:
    """What the program says: units it would fill in, and places."""
    items = [Item(key=f"{n:032x}", text=row.text, source=row.source, published_at=NOW) for n, row in enumerate(rows)]
    return [
        Said(frozenset(c.unit for c in one.concerns if c.confidence >= AUTOMATIC), frozenset(p.id for p in one.places))
        for one in judge_items(items, gazetteer(), Models.default(), NOW)
    ]


@cache
def _words() -> tuple[Callable[[str], frozenset[str]], Callable[[str], frozenset[str]]]:
    knowledge = gazetteer()
    units = [(fold(word), unit.id) for unit in knowledge.units for word in (unit.name, *unit.aliases, *unit.duties)]
    places = [(fold(word), place.id) for place in knowledge.places for word in (place.name, *place.aliases)]

    def finder(rows: list[tuple[str, str]]) -> Callable[[str], frozenset[str]]:
        found = Finder([word for word, _own in rows], longest_only=True)
        return lambda text: frozenset(rows[hit.word][1] for hit in found.find(text))

    return finder(units), finder(places)


def by_words(text: str) -> Said:
    """The yardstick: every name that stands there is meant."""
    units, places = _words()
    return Said(units(fold(text)), places(fold(text)))


def precision_recall(rows: Sequence[Row], said: Sequence[Said], what: str, drawn: Sequence[int]) -> tuple[float, float]:
    """Of all that was said how much is right, of all that is right how much was said."""
    pairs = [(getattr(rows[n], what), getattr(said[n], what)) for n in drawn]
    right = sum(len(truth & answer) for truth, answer in pairs)
    return right / max(1, sum(len(answer) for _truth, answer in pairs)), right / max(1, sum(len(truth) for truth, _answer in pairs))


def _kept_away(rows: Sequence[Row], said: Sequence[Said]) -> float:
    """Of the sentences that have nothing to do with the county, those of which nothing is said."""
    away = [answer for row, answer in zip(rows, said, strict=True) if not row.units and not row.places]
    return sum(not answer.units and not answer.places for answer in away) / len(away)


def _draws(count: int) -> list[list[int]]:
    chance = random.Random(6)
    return [chance.choices(range(count), k=count) for _ in range(RESAMPLED)]
