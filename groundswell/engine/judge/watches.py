"""Watches against items: all words of all watches at once, then the boolean trees of those that may match."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from operator import attrgetter, ge, le
from zoneinfo import ZoneInfo

import ahocorasick_rs
from msgspec import Struct

from groundswell.engine.judge.homophones import sound_of, spellings
from groundswell.engine.judge.query import And, Field, Near, Node, Not, Or, Phrase, Word, leaves, parse
from groundswell.engine.judge.query_text import Document, Form, Span, Text, finder, form_of, one_line
from groundswell.engine.records import Body, Knowledge, Place, Unit, WatchSpec
from groundswell.engine.text.normal import fold
from groundswell.engine.text.slang import same_meaning
from groundswell.engine.text.tokens import Cut, Segmenter

__all__ = ["Document", "Matcher", "WatchMatch", "match_one"]

BLANKS = re.compile(r"\s")
SEPARATOR = "\n"
MANY = 8  # forms of one word: more are better looked for only where all else is there


class WatchMatch(Struct, frozen=True):
    """A watch that matches, with the marked places: positions in ``title + "\\n" + text``."""

    id: str
    spans: tuple[Span, ...]


Test = Callable[[Text], bool]
Where = Callable[[Text], list[Span]]


class Matcher:
    """Compiled watches. Raises QueryError (from ``parse``) for a watch that cannot be read.

    Only the forms that call a watch are looked for in every text: of what the watch needs the rarest. Once called, it looks for
    the rest itself.
    """

    def __init__(self, watches: Sequence[WatchSpec], segmenter: Segmenter, knowledge: Knowledge | None = None) -> None:
        self.segmenter = segmenter
        self.zone = ZoneInfo(knowledge.body.zone if knowledge else "Asia/Shanghai")
        self._aliases = _aliases(knowledge)
        self._codes = _codes(knowledge)
        self._by_sound = _by_sound(self._aliases)
        self._forms, self._commonness = cache(self._forms_of), cache(segmenter.commonness)
        trees = [parse(watch.query) for watch in watches]
        self._asks_blanks = any(" " in form.text for tree in trees for leaf in _words(tree) for form in self._forms(leaf))
        self._ids = [watch.id for watch in watches]
        self._marks = [self._marks_of(tree) for tree in trees]
        self._always: list[int] = []  # watches that may be true without any word
        self._tests: list[Test | None] = []  # what a watch asks when it is called, None where nothing
        self._calls = self._callers(trees)
        self._automaton = ahocorasick_rs.AhoCorasick([form.text for _asks_edges, form, _watches in self._calls]) if self._calls else None

    def forms(self, leaf: Word | Phrase) -> tuple[str, ...]:
        """The folded strings that LEAF may stand as in a text."""
        base = BLANKS.sub(" ", fold(leaf.text)).strip()
        if not (isinstance(leaf, Word) and leaf.loose):
            return (base,)
        misspelt = {other for other in spellings(base) if not self.segmenter.knows(other)}
        return tuple(
            sorted({base, *self._aliases.get(base, ()), *same_meaning().get(base, ()), *self._by_sound.get(sound_of(base), ()), *misspelt})
        )

    def _forms_of(self, leaf: Word | Phrase) -> frozenset[Form]:
        is_whole = isinstance(leaf, Word) and leaf.whole
        return frozenset(form_of(text, is_whole=is_whole) for text in self.forms(leaf))

    def _callers(self, trees: Sequence[Node]) -> list[tuple[bool, Form, tuple[int, ...]]]:
        """For each form that calls watches whether only edges of words are asked for, the form, and the watches."""
        callers: dict[Form, set[int]] = {}
        for number, tree in enumerate(trees):
            caller = min(self._needed(tree), key=self._dearness, default=frozenset())
            self._tests.append(self._rest(tree, caller))
            for form in caller:
                callers.setdefault(form, set()).add(number)
            if not caller:
                self._always.append(number)
        return [(form.asks_edges, form, tuple(numbers)) for form, numbers in callers.items()]

    def _dearness(self, forms: frozenset[Form]) -> tuple[bool, int]:
        """How much it costs to look for FORMS in every text and to be called by them: few before many, then rare before common."""
        return len(forms) > MANY, sum(self._commonness(form.text) for form in forms)

    def _needed(self, node: Node) -> list[frozenset[Form]]:
        """Sets of forms of which each must have one in a text for NODE to be true."""
        if isinstance(node, Word | Phrase):
            return [self._forms(node)]
        if isinstance(node, Near):
            return [*self._needed(node.left), *self._needed(node.right)]
        if isinstance(node, And):
            return [needed for term in node.terms for needed in self._needed(term)]
        if isinstance(node, Or):
            each = [self._needed(term) for term in node.terms]
            return [frozenset().union(*(min(needed, key=len) for needed in each))] if all(each) else []
        return []

    def match(self, document: Document, cut: Cut | None = None) -> tuple[WatchMatch, ...]:
        """The watches that match DOCUMENT, in the order given, each with its marked places.

        CUT, where it is known already, is ``segmenter.cut(title + "\n" + text)``.
        """
        if cut is None and not self._always and not self._may_call(document):
            return ()  # a search's candidate that need not be cut into words
        text = self._text(document, cut)
        return tuple([self._marked(number, text) for number in self._true_of(text)])

    def ids(self, document: Document, cut: Cut | None = None) -> tuple[str, ...]:
        """The ids of the watches that match DOCUMENT, in the order given; quicker than ``match``, which also says where."""
        ids = self._ids
        return tuple([ids[number] for number in self._true_of(self._text(document, cut))])

    def _marked(self, number: int, text: Text) -> WatchMatch:
        spans = self._marks[number](text)
        return WatchMatch(self._ids[number], tuple(sorted({text.cut.folded.original(*span) for span in spans})))

    def _may_call(self, document: Document) -> bool:
        """Does a string that calls a watch stand in DOCUMENT at all, on boundaries of words or not?"""
        line = one_line(fold(document.title + SEPARATOR + document.text))
        return self._automaton is not None and bool(self._automaton.find_matches_as_indexes(line))

    def _text(self, document: Document, cut: Cut | None) -> Text:
        if cut is None:
            cut = self.segmenter.cut(document.title + SEPARATOR + document.text)
        return Text(document, cut, asks_blanks=self._asks_blanks)

    def _true_of(self, text: Text) -> list[int]:
        """The numbers of the watches that match, rising."""
        called = list(self._always)
        if self._automaton is not None:
            calls, edges = self._calls, text.edges
            for at, start, end in self._automaton.find_matches_as_indexes(text.folded, overlapping=True):
                asks_edges, form, watches = calls[at]
                if (asks_edges and edges[start] and edges[end]) or form.stands(start, end, text):
                    called += watches
        tests = self._tests
        return sorted([number for number in set(called) if (test := tests[number]) is None or test(text)])

    def _rest(self, tree: Node, caller: frozenset[Form]) -> Test | None:
        """What is still to be asked of a text that has one of CALLER; None where that is all. Words come first: they cost least."""
        terms = tree.terms if isinstance(tree, And) else (tree,)
        tests = [self._test(term) for term in sorted(terms, key=lambda term: self._alike(term) is None) if self._alike(term) != caller]
        return _every(tests) if tests else None

    def _test(self, node: Node) -> Test:
        """NODE as a function that says whether it is true of a text."""
        if (alike := self._alike(node)) is not None:
            return finder(alike)
        if isinstance(node, And):
            return _every([self._test(term) for term in node.terms])
        if isinstance(node, Or):
            tests = [self._test(term) for term in node.terms]
            return _either(*tests) if len(tests) == 2 else lambda text: any(test(text) for test in tests)
        if isinstance(node, Not):
            denied = self._test(node.term)
            return lambda text: not denied(text)
        if isinstance(node, Field):
            return self._field(node)
        assert isinstance(node, Near)
        where = self._where(node)
        return _every([self._test(node.left), self._test(node.right), lambda text: bool(where(text))])

    def _alike(self, node: Node) -> frozenset[Form] | None:
        """The forms of which any one makes NODE true, None where it asks for more than that."""
        if isinstance(node, Word | Phrase):
            return self._forms(node)
        if not isinstance(node, Or):
            return None
        each = [self._alike(term) for term in node.terms]
        known = [forms for forms in each if forms is not None]
        return frozenset().union(*known) if len(known) == len(each) else None

    def _where(self, node: Node) -> Where:
        """NODE as a function that says where it stands in a text."""
        if isinstance(node, Or):
            places = [self._where(term) for term in node.terms]
            return lambda text: sorted({span for place in places for span in place(text)})
        if isinstance(node, Near):
            left, right, distance = self._where(node.left), self._where(node.right), node.distance
            return lambda text: _near(left(text), right(text), distance, text.cut)
        assert isinstance(node, Word | Phrase)
        forms = self._forms(node)
        return lambda text: [span for form in forms for span in form.places(text)]

    def _marks_of(self, tree: Node) -> Where:
        """Where the words stand that made TREE true."""
        places = [self._where(node) for node in _positive(tree)]
        return lambda text: [span for place in places for span in place(text)]

    def _field(self, node: Field) -> Test:
        name, value, folded = node.name, node.value, fold(node.value)
        if name == "title":
            return lambda text: folded in fold(text.document.title)
        if name in ("since", "until"):
            day = date.fromisoformat(value)
            zone, holds = self.zone, ge if name == "since" else le
            return lambda text: (on := text.document.published_at) is not None and holds(on.astimezone(zone).date(), day)
        if name == "level":
            level = int(value)
            return lambda text: text.document.level == level
        if name == "lang":
            return lambda text: text.document.lang == value or text.document.lang.startswith(f"{value}-")
        if name in ("unit", "place"):
            codes = {value, *self._codes[name].get(folded, ())}
            return lambda text: not codes.isdisjoint(text.document.units if name == "unit" else text.document.places)
        if name == "source":
            return lambda text: value == text.document.source or folded in fold(text.document.source_name)
        known = attrgetter(name)
        return lambda text: known(text.document) == value  # kind or tone


def _every(tests: Sequence[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        one, other = tests
        return lambda text: one(text) and other(text)
    return lambda text: all(test(text) for test in tests)


def _either(one: Test, other: Test) -> Test:
    return lambda text: one(text) or other(text)


def _near(left: Sequence[Span], right: Sequence[Span], distance: int, cut: Cut) -> list[Span]:
    """The spans of both that stand apart at most DISTANCE words, without sharing a character."""
    if not left or not right:
        return []
    ordered = sorted(right)
    longest = max(end - start for start, end in ordered)
    found: set[Span] = set()
    for one in left:
        low = cut.words_before(one[0]) - distance
        begin = cut.starts[low] if low > 0 else 0
        last = cut.words_before(one[1]) + distance
        finish = cut.starts[last] if last < len(cut.starts) else len(cut.folded.text)
        for other in ordered[bisect_left(ordered, (begin - longest, 0)) : bisect_right(ordered, (finish, 0))]:
            first, second = sorted((one, other))
            if first[1] <= second[0] and cut.words_before(second[0]) - cut.words_before(first[1]) < distance:
                found |= {one, other}
    return sorted(found)


def _aliases(knowledge: Knowledge | None) -> dict[str, frozenset[str]]:
    """Folded name → all names of the same unit, place or thing."""
    found: dict[str, frozenset[str]] = {}
    if knowledge is None:
        return found
    named: list[Body | Unit | Place] = [knowledge.body, *knowledge.units, *knowledge.places]
    groups = [(row.name, *row.aliases) for row in named]
    groups += [(slang.means, slang.word) for slang in knowledge.slang if slang.means]
    for group in groups:
        names = frozenset(fold(name).strip() for name in group) - {""}
        for name in names:
            found[name] = found.get(name, frozenset()) | names
    return found


def _codes(knowledge: Knowledge | None) -> dict[str, dict[str, set[str]]]:
    """unit and place: folded name → codes."""
    found: dict[str, dict[str, set[str]]] = {"unit": {}, "place": {}}
    for kind, rows in (("unit", knowledge.units), ("place", knowledge.places)) if knowledge else ():
        for row in rows:
            for name in (row.name, *row.aliases):
                found[kind].setdefault(fold(name), set()).add(row.id)
    return found


def _by_sound(names: Iterable[str]) -> dict[tuple[str, ...], set[str]]:
    """Sound → the known names that sound so."""
    found: dict[tuple[str, ...], set[str]] = {}
    for name in names:
        found.setdefault(sound_of(name), set()).add(name)
    return found


def _words(tree: Node) -> list[Word | Phrase]:
    return [leaf for leaf in leaves(tree) if not isinstance(leaf, Field)]


def _positive(node: Node) -> Iterable[Word | Phrase | Near]:
    if isinstance(node, And | Or):
        for term in node.terms:
            yield from _positive(term)
    elif isinstance(node, Word | Phrase | Near):
        yield node


def match_one(query: str, document: Document, segmenter: Segmenter, knowledge: Knowledge | None = None) -> WatchMatch | None:
    """QUERY against one document, without a kept matcher."""
    hits = Matcher([WatchSpec(id="query", query=query)], segmenter, knowledge).match(document)
    return hits[0] if hits else None
