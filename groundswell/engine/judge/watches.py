"""Watches against items: all words of all watches in one automaton, then the boolean trees of those that may match.

A Chinese word matches where both its ends fall on word boundaries or where it lies inside one word, never across two
(会计 does not match in 社会计划). A word of Latin letters or digits matches whole words.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from operator import ge, le
from zoneinfo import ZoneInfo

import ahocorasick_rs
from msgspec import Struct

from groundswell.engine.judge.homophones import sound_of, spellings
from groundswell.engine.judge.query import And, Field, Near, Node, Not, Or, Phrase, Word, leaves, parse
from groundswell.engine.records import Body, Knowledge, Place, Unit, WatchSpec
from groundswell.engine.text.normal import fold
from groundswell.engine.text.slang import same_meaning
from groundswell.engine.text.tokens import Cut, Segmenter

HAN = re.compile("[\u3400-\u9fff]")
BLANKS = re.compile(r"\s")
SEPARATOR = "\n"

Span = tuple[int, int]


class Document(Struct, frozen=True, kw_only=True):
    """What a query looks at. What is not known is empty, and a field asking for it does not match."""

    title: str = ""
    text: str = ""
    source: str = ""
    source_name: str = ""
    kind: str = ""
    lang: str = ""
    units: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    tone: str = ""
    level: int = 0
    published_at: datetime | None = None


class WatchMatch(Struct, frozen=True):
    """A watch that matches, with the marked places: positions in ``title + "\\n" + text``."""

    id: str
    spans: tuple[Span, ...]


class _Text:
    """A document prepared once for all watches."""

    __slots__ = ("cut", "day", "document", "hits")

    def __init__(self, document: Document, cut: Cut, hits: dict[int, list[Span]]) -> None:
        self.document = document
        self.cut = cut
        self.hits = hits  # number of a form → where it stands as the rules of words ask, in the folded text
        self.day: date | None = None


class _Form(Struct, frozen=True):
    """A folded string that a word may stand as, and how its ends are checked."""

    text: str
    han_first: bool
    han_last: bool
    plain_first: bool  # a letter or digit that is not Chinese
    plain_last: bool

    @property
    def is_han(self) -> bool:
        """Chinese at both ends: then the cuts of the segmentation say all."""
        return self.han_first and self.han_last


Test = Callable[[_Text], bool]
Where = Callable[[_Text], list[Span]]


class Matcher:
    """Compiled watches. Raises QueryError (from ``parse``) for a watch that cannot be read."""

    def __init__(self, watches: Sequence[WatchSpec], segmenter: Segmenter, knowledge: Knowledge | None = None) -> None:
        self.segmenter = segmenter
        self.zone = ZoneInfo(knowledge.body.zone if knowledge else "Asia/Shanghai")
        self._aliases = _aliases(knowledge)
        self._codes = _codes(knowledge)
        self._by_sound = _by_sound(self._aliases)
        trees = [parse(watch.query) for watch in watches]
        self._forms = [_form(text) for text in sorted({form for tree in trees for leaf in _words(tree) for form in self.forms(leaf)})]
        self._numbers = {form.text: number for number, form in enumerate(self._forms)}
        self._automaton = ahocorasick_rs.AhoCorasick([form.text for form in self._forms]) if self._forms else None
        self._han = [form.is_han for form in self._forms]
        self._watches = [(watch.id, self._marks(tree)) for watch, tree in zip(watches, trees, strict=True)]
        self._rests = [self._rest(tree) for tree in trees]
        self._asks_blanks = any(" " in form.text for form in self._forms)
        self._triggers: list[tuple[tuple[int, tuple[frozenset[int], ...]], ...]] = []
        self._always: list[int] = []
        self._find_triggers(trees)

    def forms(self, leaf: Word | Phrase) -> tuple[str, ...]:
        """The folded strings that LEAF may stand as in a text."""
        base = BLANKS.sub(" ", fold(leaf.text)).strip()
        if not (isinstance(leaf, Word) and leaf.loose):
            return (base,)
        misspelt = {other for other in spellings(base) if not self.segmenter.knows(other)}
        return tuple(
            sorted({base, *self._aliases.get(base, ()), *same_meaning().get(base, ()), *self._by_sound.get(sound_of(base), ()), *misspelt})
        )

    def _find_triggers(self, trees: Sequence[Node]) -> None:
        """For each form the trees that it can make true, each with the sets of forms of which one more must be there.

        Of what a tree needs, its rarest is what it is called by. Trees that may be true without any word are always looked at.
        """
        common = [self.segmenter.commonness(form.text) for form in self._forms]
        triggers: list[list[tuple[int, tuple[frozenset[int], ...]]]] = [[] for _ in self._forms]
        for number, tree in enumerate(trees):
            needed = sorted(self._needed(tree), key=lambda forms: sum(common[form] for form in forms))
            if not needed:
                self._always.append(number)
                continue
            for form in needed[0]:
                triggers[form].append((number, tuple(needed[1:])))
        self._triggers = [tuple(called) for called in triggers]

    def _needed(self, node: Node) -> list[frozenset[int]]:
        """Sets of forms of which each must have one in a text for NODE to be true."""
        if isinstance(node, Word | Phrase):
            return [frozenset(self._numbers[form] for form in self.forms(node))]
        if isinstance(node, Near):
            return [*self._needed(node.left), *self._needed(node.right)]
        if isinstance(node, And):
            return list(dict.fromkeys(needed for term in node.terms for needed in self._needed(term)))
        if isinstance(node, Or):
            each = [self._needed(term) for term in node.terms]
            return [frozenset().union(*(min(needed, key=len) for needed in each))] if all(each) else []
        return []

    def match(self, document: Document, cut: Cut | None = None) -> tuple[WatchMatch, ...]:
        """The watches that match DOCUMENT, in the order given, each with its marked places.

        CUT, where it is known already, is ``segmenter.cut(title + "\n" + text)``.
        """
        if cut is None and not self._always and not self._holds_a_form(document):
            return ()  # a search's candidate that need not be cut into words
        text, numbers = self._true_of(document, cut)
        return tuple(self._marked(number, text) for number in numbers)

    def ids(self, document: Document, cut: Cut | None = None) -> tuple[str, ...]:
        """The ids of the watches that match DOCUMENT, in the order given; quicker than ``match``, which also says where."""
        _text, numbers = self._true_of(document, cut)
        return tuple([self._watches[number][0] for number in numbers])

    def _marked(self, number: int, text: _Text) -> WatchMatch:
        watch, marks = self._watches[number]
        return WatchMatch(watch, tuple(sorted({text.cut.folded.original(*span) for span in marks(text)})))

    def _holds_a_form(self, document: Document) -> bool:
        """Does a string that is looked for stand in DOCUMENT at all, on boundaries of words or not?"""
        folded = _on_one_line(fold(document.title + SEPARATOR + document.text))
        return self._automaton is not None and bool(self._automaton.find_matches_as_indexes(folded))

    def _true_of(self, document: Document, cut: Cut | None) -> tuple[_Text, list[int]]:
        """DOCUMENT prepared, and the numbers of the watches that match, rising."""
        if cut is None:
            cut = self.segmenter.cut(document.title + SEPARATOR + document.text)
        text = _Text(document, cut, self._hits(cut))
        likely = self._likely(text.hits)
        return text, [number for number in likely if (rest := self._rests[number]) is None or rest(text)] if likely else likely

    def _hits(self, cut: Cut) -> dict[int, list[Span]]:
        """Where each form stands as the rules of words ask."""
        hits: dict[int, list[Span]] = {}
        if self._automaton is None:
            return hits
        folded = _on_one_line(cut.folded.text) if self._asks_blanks else cut.folded.text
        found = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        if not found:
            return hits
        edges, han = cut.edges, self._han
        for number, start, end in found:
            if han[number]:  # on edges of words, or within one
                if not ((start in edges and end in edges) or edges.isdisjoint(range(start + 1, end))):
                    continue
            elif not _stands(self._forms[number], start, end, cut):
                continue
            if number in hits:
                hits[number].append((start, end))
            else:
                hits[number] = [(start, end)]
        return hits

    def _likely(self, hits: Mapping[int, object]) -> list[int]:
        """The trees of which all words that they need are there."""
        likely = list(self._always)
        for form in hits:
            for number, others in self._triggers[form]:
                for needed in others:
                    if needed.isdisjoint(hits):
                        break
                else:
                    likely.append(number)
        return sorted(set(likely)) if len(likely) > 1 else likely

    def _rest(self, tree: Node) -> Test | None:
        """What is still to be asked of a text that has all words that TREE needs; None where that is all."""
        terms = tree.terms if isinstance(tree, And) else (tree,)
        tests = [self._test(term) for term in terms if self._alike(term) is None]
        return None if not tests else tests[0] if len(tests) == 1 else lambda text: all(test(text) for test in tests)

    def _test(self, node: Node) -> Test:
        """NODE as a function that says whether it is true of a text."""
        if (alike := self._alike(node)) is not None:
            return lambda text: not alike.isdisjoint(text.hits)
        if isinstance(node, And | Or):
            tests = [self._test(term) for term in node.terms]
            if len(tests) == 2:
                one, other = tests
                return (lambda text: one(text) and other(text)) if isinstance(node, And) else (lambda text: one(text) or other(text))
            every = all if isinstance(node, And) else any
            return lambda text: every([test(text) for test in tests])
        if isinstance(node, Not):
            denied = self._test(node.term)
            return lambda text: not denied(text)
        if isinstance(node, Field):
            return self._field(node)
        where = self._where(node)
        return lambda text: bool(where(text))

    def _alike(self, node: Node) -> frozenset[int] | None:
        """The forms of which any one makes NODE true, None where it asks for more than that."""
        if isinstance(node, Word | Phrase):
            return None if _is_whole(node) else frozenset(self._numbers[form] for form in self.forms(node))
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
        numbers = tuple(self._numbers[form] for form in self.forms(node))
        if isinstance(node, Word) and node.whole:
            number = numbers[0]
            is_han = self._han[number]
            return lambda text: [span for span in text.hits.get(number, ()) if not is_han or text.cut.is_word(*span)]
        if len(numbers) == 1:
            number = numbers[0]
            return lambda text: text.hits.get(number, [])
        wanted = frozenset(numbers)
        return lambda text: [span for number, spans in text.hits.items() if number in wanted for span in spans]

    def _day(self, text: _Text) -> date | None:
        """The day of the document in the body's zone."""
        if text.day is None and text.document.published_at is not None:
            text.day = text.document.published_at.astimezone(self.zone).date()
        return text.day

    def _marks(self, tree: Node) -> Where:
        """Where the words stand that made TREE true."""
        places = [self._where(node) for node in _positive(tree)]
        return lambda text: [span for place in places for span in place(text)]

    def _field(self, node: Field) -> Test:
        name, value, folded = node.name, node.value, fold(node.value)
        if name == "title":
            return lambda text: folded in fold(text.document.title)
        if name in ("since", "until"):
            day = date.fromisoformat(value)
            holds = ge if name == "since" else le
            return lambda text: (on := self._day(text)) is not None and holds(on, day)
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
        return lambda text: str(getattr(text.document, name)) == value


def _is_whole(leaf: Word | Phrase) -> bool:
    return isinstance(leaf, Word) and leaf.whole


def _on_one_line(folded: str) -> str:
    return folded.replace("\n", " ").replace("\r", " ").replace("\t", " ")


def _form(text: str) -> _Form:
    first, last = bool(HAN.match(text[0])), bool(HAN.match(text[-1]))
    return _Form(text, first, last, not first and text[0].isalnum(), not last and text[-1].isalnum())


def _stands(form: _Form, start: int, end: int, cut: Cut) -> bool:
    """Does the found string stand as the rules of words ask?"""
    folded = cut.folded.text
    if form.plain_first and start and _is_plain(folded[start - 1]):
        return False
    if form.plain_last and end < len(folded) and _is_plain(folded[end]):
        return False
    if not (form.han_first or form.han_last):
        return True
    at = bisect_right(cut.starts, start) - 1
    if at >= 0 and end <= cut.ends[at]:
        return True
    if form.han_first and (at < 0 or cut.starts[at] != start):
        return False
    return not form.han_last or cut.ends[bisect_left(cut.starts, end) - 1] == end


def _is_plain(char: str) -> bool:
    return char.isalnum() and not HAN.match(char)


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
