"""What the screens of units, places and netizen words read: the tree, the counts, what hangs on a unit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from groundswell.desk.accounts.gazetteer_forms import PLACE_KINDS
from groundswell.desk.accounts.models import Oversight, Place, SlangWord, Unit
from groundswell.desk.spine.palette import matches
from groundswell.desk.spine.ports import today
from groundswell.engine.text.slang import NetWord, shipped_slang


@dataclass(frozen=True)
class Branch:
    """A unit or place with its depth in the tree (0 at the top, at most 4 are drawn)."""

    record: Any
    depth: int


@dataclass(frozen=True)
class Gazetteer:
    """A list as filtered, with how many there are."""

    branches: list[Branch]
    active: int
    retired: int
    kinds: list[tuple[str, Any, int]]


def units_page(text: str = "", state: str = "active") -> Gazetteer:
    """The tree of units, or the flat list of those that TEXT finds (pinyin and initials too)."""
    rows = list(
        Unit.objects.annotate(
            n_people=Count("people", filter=Q(people__is_active=True), distinct=True),
            n_places=Count("places", filter=Q(places__is_active=True), distinct=True),
        )
    )
    active = sum(unit.is_active for unit in rows)
    shown = [unit for unit in rows if unit.state == state]
    if text:
        branches = [Branch(unit, 0) for unit in shown if matches(text, unit.name, unit.name_en, unit.code, *unit.aliases, *unit.duties)]
    else:
        branches = _tree(shown, "parent_id")
    return Gazetteer(branches, active, len(rows) - active, [])


def places_page(text: str = "", kind: str = "", state: str = "active") -> Gazetteer:
    """The tree of places, or the flat list of those of KIND or that TEXT finds."""
    rows = list(Place.objects.select_related("unit", "within"))
    active = sum(place.is_active for place in rows)
    shown = [place for place in rows if place.state == state]
    counts = Counter(place.kind for place in shown)
    kinds = [(code, kind_words(code), counts[code]) for code in sorted(counts, key=_kind_order)]
    if text or kind:
        found = [place for place in shown if not kind or place.kind == kind]
        branches = [Branch(place, 0) for place in found if not text or matches(text, place.name, place.name_en, place.code, *place.aliases)]
    else:
        branches = _tree(shown, "within_id")
    return Gazetteer(branches, active, len(rows) - active, kinds)


def kind_words(code: str) -> Any:
    return PLACE_KINDS.get(code, code)


def _kind_order(code: str) -> int:
    return list(PLACE_KINDS).index(code) if code in PLACE_KINDS else len(PLACE_KINDS)


def _tree(rows: Sequence[Any], column: str) -> list[Branch]:
    """ROWS (already in order) as a tree walked from the top; a row whose parent is not among them is a top itself."""
    there = {row.pk for row in rows}
    below: dict[int | None, list[Any]] = defaultdict(list)
    for row in rows:
        above = getattr(row, column)
        below[above if above in there else None].append(row)
    branches: list[Branch] = []

    def walk(above: int | None, depth: int) -> None:
        for row in below.pop(above, []):
            branches.append(Branch(row, min(depth, 4)))
            walk(row.pk, depth + 1)

    walk(None, 0)
    for rest in list(below):  # a circle that came with a file still shows
        walk(rest, 0)
    return branches


def leaders_of(unit: Unit) -> list[Oversight]:
    """Who is in charge of UNIT today."""
    day = today()
    return list(unit.overseers.filter(Q(until=None) | Q(until__gte=day), since__lte=day).select_related("leader"))


@dataclass(frozen=True)
class Words:
    """Netizen words by state; ``shown`` are those of the chosen one, ``shipped`` those that the program brings along."""

    shown: list[SlangWord]
    shipped: list[NetWord]
    proposed: int
    accepted: int
    refused: int


def words_page(state: str = "", text: str = "") -> Words:
    """The words in STATE ("proposed", "accepted", "refused", "shipped"), by pinyin; proposed ones by how many posts have them."""
    rows = list(SlangWord.objects.order_by("word"))
    counts = Counter(word.state for word in rows)
    shown = [word for word in rows if word.state == state and (not text or matches(text, word.word, word.means))]
    if state == "proposed":
        shown.sort(key=lambda word: -word.posts)
    brought = (
        [each for each in shipped_slang() if not text or matches(text, each.word, each.means, each.english)] if state == "shipped" else []
    )
    return Words(shown, brought, counts["proposed"], counts["accepted"], counts["refused"])
