"""Markup on which every parser takes the square of a page's length, or more, cut down before one sees it.

Elements open within hundreds of others, words in bold that are never closed (a parser opens each of them again in every
paragraph that follows, as HTML § 13.2.4.3 says), and thousands of attributes of one element. Browsers bound the first likewise.
"""

from __future__ import annotations

import re
from collections.abc import Callable

VERY_FEW_TAGS = 1500  # with so few nothing grows too large, whatever they are
FEW_TAGS, FEW_FORMS = 10_000, 300  # nor with so many, if so few are of FORMS
SHORT_TAG = 10_000  # characters, within which no element has too many attributes
DEEPEST = 500  # elements open at once
MOST_FORMS = 8  # of FORMS open at once
MOST_ATTRIBUTES = 500
ATTRIBUTE = r"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>"'][^\s>]*+|(?=>)))?+"""
ONE_ATTRIBUTE = re.compile(ATTRIBUTE, re.ASCII)
TOKEN = re.compile(
    rf"""<!--.*?(?:-->|\Z)|<(?P<raw>script|style|textarea|title|iframe|xmp)(?![^\s/>]).*?(?:</(?P=raw)|\Z)"""
    rf"""|<(?P<end>/?)(?P<name>[a-z][^\s/>]*+)(?:[\s/]++|{ATTRIBUTE})*+(?:>|\Z)""",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
FORMS = frozenset("b big code em font i s small strike strong tt u".split())  # noqa: SIM905
A_FORM = re.compile(rf"<(?:{'|'.join(sorted(FORMS))})(?![^\s/>])", re.IGNORECASE | re.ASCII)
CLOSED_BY_THE_NEXT = frozenset("p tr td th tbody thead tfoot caption option a nobr html head body".split())  # noqa: SIM905
SIBLINGS = {"li": ("li",), "dt": ("dt", "dd"), "dd": ("dt", "dd")}  # closed by the next one, if nothing but PASSED stands between
PASSED = FORMS | {"div", "address", "span"}
EMPTY = frozenset("area base br col embed hr img input link meta param source track wbr".split())  # noqa: SIM905


def tame(source: str) -> str:
    """SOURCE, of which only what would hold a parser up is taken out: tags, never text."""
    tags = source.count("<")
    few = tags <= VERY_FEW_TAGS or (tags <= FEW_TAGS and len(A_FORM.findall(source)) <= FEW_FORMS)
    if few and not _has_long_stretch(source):
        return source
    kept, place = [], 0
    around = _Around()
    for token in TOKEN.finditer(source):
        name = token["name"]
        if name is None:
            continue
        name = name.lower()
        if token["end"]:
            around.close(name)
        elif not around.open(name):
            kept.append(source[place : token.start()])
            place = token.end()
        elif token.end() - token.start() > SHORT_TAG:
            end = _with_few_attributes(source, token)
            if end:
                kept += [source[place:end], ">"]
                place = token.end()
    return "".join([*kept, source[place:]]) if kept else source


def _has_long_stretch(source: str) -> bool:
    """Do more than SHORT_TAG characters stand between two tags, or in one?"""
    place = 0
    while place + SHORT_TAG < len(source):
        last = source.rfind("<", place, place + SHORT_TAG)
        if last < 0:
            return True
        place = last + 1
    return False


class _Around:
    """The elements that are open where a page is being read."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.forms: list[str] = []

    def open(self, name: str) -> bool:
        """Enter an element; False where too many are open."""
        if name in EMPTY or name in CLOSED_BY_THE_NEXT:  # they hold nothing, or not one another
            return True
        if name in SIBLINGS:
            self._leave(SIBLINGS[name], PASSED.__contains__)
        if len(self.names) >= DEEPEST or (name in FORMS and len(self.forms) >= MOST_FORMS):
            return False
        self.names.append(name)
        if name in FORMS:
            self.forms.append(name)
        return True

    def close(self, name: str) -> None:
        """Leave an element with all that is open in it, but for what a table holds: nothing outside closes that."""
        if name in self.forms:
            del self.forms[len(self.forms) - 1 - self.forms[::-1].index(name)]
        self._leave((name,), lambda between: between != "table")

    def _leave(self, names: tuple[str, ...], passes: Callable[[str], bool]) -> None:
        """Leave the innermost element of NAMES, unless one stands in it that does not let it pass."""
        for at in range(len(self.names) - 1, -1, -1):
            if self.names[at] in names:
                del self.names[at:]
                return
            if not passes(self.names[at]):
                return


def _with_few_attributes(source: str, token: re.Match[str]) -> int:
    """Where the last attribute ends that the element of TOKEN may keep; 0 where it has no more."""
    for number, found in enumerate(ONE_ATTRIBUTE.finditer(source, token.end("name"), token.end())):
        if number == MOST_ATTRIBUTES:
            return found.start()
    return 0
