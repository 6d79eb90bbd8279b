"""What a query looks at: a document, the strings that words of queries stand as, and where they stand in its text.

A Chinese word stands where both its ends fall on word boundaries or where it lies inside one word, never across two
(会计 does not stand in 社会计划). A word of Latin letters or digits stands as whole words.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache

from msgspec import Struct

from groundswell.engine.text.tokens import Cut

HAN = re.compile("[\u3400-\u9fff]")
FEW = 5  # forms up to which one after the other is looked for quicker than all at once
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


class Text:
    """A document prepared once for all queries; with blanks for ends of lines where a query has a blank."""

    __slots__ = ("cut", "document", "edges", "folded")

    def __init__(self, document: Document, cut: Cut, *, asks_blanks: bool) -> None:
        self.document = document
        self.cut = cut
        self.edges = cut.edges
        self.folded = one_line(cut.folded.text) if asks_blanks else cut.folded.text


class Form(Struct, frozen=True):
    """A folded string that a word may stand as, and how its ends are checked."""

    text: str
    is_whole: bool  # only as a whole word, no part of one
    asks_edges: bool  # Chinese at both ends, and no whole word: then the edges of the segmentation say all
    han_first: bool
    han_last: bool
    plain_first: bool  # a letter or digit that is not Chinese
    plain_last: bool

    def stands(self, start: int, end: int, text: Text) -> bool:
        """Does the string found at start–end stand as the rules of words ask?"""
        if self.is_whole:
            return text.cut.is_word(start, end)
        if self.asks_edges:  # on edges of words, or within one
            edges = text.edges
            return bool(edges[start] and edges[end]) or edges.find(1, start + 1, end) < 0
        return self._ends_stand(start, end, text.cut)

    def _ends_stand(self, start: int, end: int, cut: Cut) -> bool:
        folded = cut.folded.text
        if self.plain_first and start and _is_plain(folded[start - 1]):
            return False
        if self.plain_last and end < len(folded) and _is_plain(folded[end]):
            return False
        if not (self.han_first or self.han_last):
            return True
        at = bisect_right(cut.starts, start) - 1
        if at >= 0 and end <= cut.ends[at]:
            return True
        if self.han_first and (at < 0 or cut.starts[at] != start):
            return False
        return not self.han_last or cut.ends[bisect_left(cut.starts, end) - 1] == end

    def places(self, text: Text) -> Iterator[Span]:
        """Where it stands."""
        folded, size = text.folded, len(self.text)
        at = folded.find(self.text)
        while at >= 0:
            if self.stands(at, at + size, text):
                yield at, at + size
            at = folded.find(self.text, at + 1)

    def is_in(self, text: Text) -> bool:
        """Does it stand anywhere?"""
        return next(self.places(text), None) is not None


def form_of(text: str, *, is_whole: bool = False) -> Form:
    """The form of a folded string."""
    first, last = text[0], text[-1]
    han_first, han_last = bool(HAN.match(first)), bool(HAN.match(last))
    is_han = han_first and han_last
    return Form(text, is_whole and is_han, is_han and not is_whole, han_first, han_last, _is_plain(first), _is_plain(last))


def finder(forms: Iterable[Form]) -> Callable[[Text], bool]:
    """A function that says whether one of FORMS stands in a text; mostly none is there at all, and that it says quickly."""
    by_string = {form.text: form for form in sorted(forms, key=lambda form: (form.text, form.asks_edges))}
    strings = tuple(by_string)

    def one_by_one(text: Text) -> bool:
        folded = text.folded
        for string in strings:  # noqa: SIM110 - any() takes twice as long
            if string in folded and by_string[string].is_in(text):
                return True
        return False

    @cache
    def search() -> Callable[[str], object]:  # compiled when first asked for
        return re.compile("|".join(map(re.escape, strings))).search

    return one_by_one if len(strings) <= FEW else lambda text: search()(text.folded) is not None and one_by_one(text)


def one_line(folded: str) -> str:
    """A folded text with blanks for ends of lines, position by position the same."""
    return folded.replace("\n", " ").replace("\r", " ").replace("\t", " ")


def _is_plain(char: str) -> bool:
    return char.isalnum() and not HAN.match(char)
