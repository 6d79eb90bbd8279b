"""A query as a PostgreSQL ``tsquery`` over the index tokens: a superset of what matches, so that the past can be searched.

Pure string building. Whatever the matcher matches, the tsquery accepts; the matcher decides afterwards.
"""

from __future__ import annotations

from groundswell.engine.judge.query import And, Field, Near, Node, Not, Or, Phrase, Word
from groundswell.engine.judge.watches import Matcher
from groundswell.engine.text.tokens import HAN_RUN, RUN, TOKEN_LENGTH

CUT_UP_TO = 4  # characters of a Chinese word of which every way of cutting is written out


def candidates(node: Node, matcher: Matcher) -> str | None:
    """The tsquery text for NODE over the 'simple' tokens, None where it cannot restrict anything."""
    if isinstance(node, And):
        return _all([candidates(term, matcher) for term in node.terms])
    if isinstance(node, Or):
        return _any([candidates(term, matcher) for term in node.terms])
    if isinstance(node, Near):
        return _all([candidates(node.left, matcher), candidates(node.right, matcher)])
    if isinstance(node, Not | Field):
        return None
    return _leaf(node, matcher)


def _leaf(leaf: Word | Phrase, matcher: Matcher) -> str | None:
    return _any([_form(form) for form in matcher.forms(leaf)])


def _form(form: str) -> str | None:
    """Tokens that a text holding FORM must have: of each run of letters and digits the run, of each Chinese run see ``_han``."""
    return _all([*(_quote(run) for run in RUN.findall(form)), *(_han(run) for run in HAN_RUN.findall(form))])


def _han(run: str) -> str | None:
    """Tokens that a text must have where a Chinese RUN lies inside one word, or on boundaries, cut into words in any way.

    Single characters inside a word are not indexed, so one alone restricts nothing.
    """
    if len(run) == 1:
        return None
    inside_long_word = _all([_quote(run[at : at + 2]) for at in range(len(run) - 1)])
    return _any([_quote(run), inside_long_word, *_ways(run)])


def _ways(run: str) -> list[str | None]:
    """The ways of cutting RUN into two words and more; of a long one only its first and its last word are asked for."""
    places = range(1, len(run))
    if len(run) <= CUT_UP_TO:
        return [_all([_quote(run[:at]), _any([_quote(run[at:]), *_ways(run[at:])])]) for at in places]
    return [_all([_any([_quote(run[:at]) for at in places]), _any([_quote(run[at:]) for at in places])])]


def _all(parts: list[str | None]) -> str | None:
    return _join([part for part in parts if part is not None], " & ")


def _any(parts: list[str | None]) -> str | None:
    known = [part for part in parts if part is not None]
    return _join(known, " | ") if len(known) == len(parts) else None


def _join(parts: list[str], operator: str) -> str | None:
    different = list(dict.fromkeys(parts))
    return None if not different else different[0] if len(different) == 1 else "(" + operator.join(different) + ")"


def _quote(token: str) -> str:
    return "'" + token[:TOKEN_LENGTH].replace("\\", "\\\\").replace("'", "''") + "'"
