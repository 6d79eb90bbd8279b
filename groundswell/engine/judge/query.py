"""The query language of watches and search: text to a frozen tree, with errors that name their place and the mend.

query = or ;  or = and { "OR" and } ;  and = not { ["AND"] not } ;  not = ["NOT" | "-"] term
term  = word | '"' phrase '"' | "(" or ")" | near | field
near  = (word | phrase) "NEAR/" n term          the term being a word, a phrase, a near, or several with OR in brackets
field = (unit | place | source | kind | lang | tone | level | since | until | title) ":" value
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct

from groundswell.engine.text.normal import fold

FIELDS = ("unit", "place", "source", "kind", "lang", "tone", "level", "since", "until", "title")
MAX_LENGTH, MAX_DEPTH, MAX_TERMS, MAX_NEAR = 4000, 30, 500, 50
TONES = ("negative", "neutral", "positive")
LEVELS = {"1": 1, "2": 2, "3": 3, "4": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}  # folded
ALIKE = str.maketrans("（）“”「」＂：－＝～／\u3000", '()""""":-=~/ ')
WORDS = {"OR": "OR", "AND": "AND", "NOT": "NOT", "或": "OR", "且": "AND", "非": "NOT"}


MENDS = {  # by code: what is wrong and what to do
    "empty": "The query is empty. Write at least one word.",
    "too_long": "The query is longer than %(limit)s characters. Make two watches of it.",
    "too_deep": "Brackets lie more than %(limit)s deep. Take some away.",
    "too_many": "The query has more than %(limit)s terms. Make two watches of it.",
    "quote_open": "A quotation mark is opened here and never closed. Write the second one.",
    "bracket_open": "A bracket is opened here and never closed. Write the second one.",
    "bracket_close": "A bracket is closed here that was never opened. Take it away.",
    "term_missing": "A word is missing here. Write one, or take away what stands before it.",
    "near_number": "NEAR/ needs a number from 1 to %(limit)s, such as NEAR/5.",
    "near_term": "NEAR needs a word or phrase on both sides.",
    "field_value": "“%(field)s:” needs a value. Allowed: %(allowed)s",
    "field_empty": "“%(field)s:” needs a value right after the colon, such as unit:water.",
    "only_not": "A query of nothing but NOT would match nearly everything. Add what is wanted.",
}


class QueryError(ValueError):
    """A query that cannot be read: ``position`` (from 0) in the text, ``code`` of the fault, ``args_`` for its sentence in MENDS."""

    def __init__(self, position: int, code: str, **args: Any) -> None:
        super().__init__(f"character {position + 1}: {MENDS[code] % args}")
        self.position, self.code, self.args_ = position, code, args


class Word(Struct, frozen=True, tag="word"):
    """One word; ``whole`` (=词) only as a whole word, ``loose`` (~词) with homophones and aliases."""

    text: str
    whole: bool = False
    loose: bool = False


class Phrase(Struct, frozen=True, tag="phrase"):
    """Words that stand together as written."""

    text: str


class Near(Struct, frozen=True, tag="near"):
    """A word or phrase and another term, at most ``distance`` words of the segmentation apart, in either order."""

    left: Word | Phrase
    right: Node  # of Word, Phrase, Near and Or only
    distance: int


class Field(Struct, frozen=True, tag="field"):
    name: str
    value: str


class Not(Struct, frozen=True, tag="not"):
    term: Node


class And(Struct, frozen=True, tag="and"):
    terms: tuple[Node, ...]


class Or(Struct, frozen=True, tag="or"):
    terms: tuple[Node, ...]


Node = Word | Phrase | Near | Field | Not | And | Or
Kind = Literal["word", "phrase", "field", "near", "OR", "AND", "NOT", "(", ")", "end"]


class Token(Struct, frozen=True):
    kind: Kind
    text: str
    position: int


TOKEN = re.compile(
    r'(?P<space>\s+)|(?P<phrase>"(?P<inner>[^"]*)")|(?P<open>")|(?P<bracket>[()])'
    r"|(?P<near>NEAR/(?P<n>\S*?)(?=[\s()]|$))"
    r"|(?P<field>(?:" + "|".join(FIELDS) + r')):(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s()"]*))'
    r'|(?P<minus>-(?=[^\s-]))|(?P<word>[^\s()"]+)'
)


def tokens(query: str) -> Iterator[Token]:
    """The tokens of QUERY, positions as in the text given."""
    if len(query) > MAX_LENGTH:
        raise QueryError(MAX_LENGTH, "too_long", limit=MAX_LENGTH)
    text = query.translate(ALIKE)
    at = 0
    while at < len(text):
        found = TOKEN.match(text, at)
        assert found is not None
        at = found.end()
        if found["space"]:
            continue
        yield _token(found)
    yield Token("end", "", len(text))


def _token(found: re.Match[str]) -> Token:
    place = found.start()
    if found["open"]:
        raise QueryError(place, "quote_open")
    if found["phrase"]:
        if not found["inner"].strip():
            raise QueryError(place, "term_missing")
        return Token("phrase", found["inner"].strip(), place)
    if found["bracket"]:
        return Token("(" if found["bracket"] == "(" else ")", found["bracket"], place)
    if found["near"]:
        return Token("near", found["n"], place)
    if found["field"]:
        return Token("field", f"{found['field']}:{(found['quoted'] if found['quoted'] is not None else found['bare']).strip()}", place)
    if found["minus"]:
        return Token("NOT", "-", place)
    if found["word"] == "-":
        raise QueryError(place, "term_missing")
    word = WORDS.get(found["word"])
    return Token(word, found["word"], place) if word else Token("word", found["word"], place)  # type: ignore[arg-type]


def parse(query: str) -> Node:
    """Read QUERY. Raises QueryError. A query of nothing but NOT is refused: it would match nearly everything."""
    reader = _Reader(list(tokens(query)))
    if reader.look.kind == "end":
        raise QueryError(0, "empty")
    node = reader.read_or(0)
    if reader.look.kind == ")":
        raise QueryError(reader.look.position, "bracket_close")
    if not _asserts_something(node):
        raise QueryError(0, "only_not")
    return node


class _Reader:
    """Recursive descent over the tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.at, self.terms = tokens, 0, 0

    @property
    def look(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def read_or(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise QueryError(self.look.position, "too_deep", limit=MAX_DEPTH)
        terms = [self.read_and(depth)]
        while self.look.kind == "OR":
            self.take()
            terms.append(self.read_and(depth))
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    def read_and(self, depth: int) -> Node:
        terms = [self.read_not(depth)]
        while self.look.kind not in ("end", "OR", ")"):
            if self.look.kind == "AND":
                self.take()
            terms.append(self.read_not(depth))
        return terms[0] if len(terms) == 1 else And(tuple(terms))

    def read_not(self, depth: int) -> Node:
        if self.look.kind == "NOT":
            self.take()
            return Not(self.read_term(depth))
        return self.read_term(depth)

    def read_term(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise QueryError(self.look.position, "too_deep", limit=MAX_DEPTH)
        token = self.take()
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise QueryError(token.position, "too_many", limit=MAX_TERMS)
        if token.kind == "(":
            node = self.read_or(depth + 1)
            if self.look.kind != ")":
                raise QueryError(token.position, "bracket_open")
            self.take()
            return node
        if token.kind == "field":
            return _field(token)
        if token.kind in ("word", "phrase"):
            return self.read_near(_word(token), depth)
        self.at -= 1
        raise QueryError(token.position, "near_term" if token.kind == "near" else "term_missing")

    def read_near(self, left: Word | Phrase, depth: int) -> Node:
        if self.look.kind != "near":
            return left
        near = self.take()
        if not near.text.isdecimal() or not 0 < int(near.text) <= MAX_NEAR:
            raise QueryError(near.position, "near_number", limit=MAX_NEAR)
        if self.look.kind not in ("word", "phrase", "("):
            raise QueryError(self.look.position, "near_term")
        place = self.look.position
        right = self.read_term(depth + 1)
        if not _has_places(right):
            raise QueryError(place, "near_term")
        return Near(left, right, int(near.text))


def _has_places(node: Node) -> bool:
    """Can it be said where in a text NODE stands?"""
    if isinstance(node, Or):
        return all(_has_places(term) for term in node.terms)
    return isinstance(node, Word | Phrase | Near)


def _word(token: Token) -> Word | Phrase:
    if not fold(token.text.lstrip("=~") if token.kind == "word" else token.text).strip():
        raise QueryError(token.position, "term_missing")
    if token.kind == "phrase":
        return Phrase(token.text)
    mark, bare = token.text[0], token.text[1:]
    if mark in "=~":
        return Word(bare, whole=mark == "=", loose=mark == "~")
    return Word(token.text)


def _field(token: Token) -> Field:
    name, _, value = token.text.partition(":")
    if not value:
        raise QueryError(token.position, "field_empty", field=name)
    if name == "tone" and value.lower() not in TONES:
        raise QueryError(token.position, "field_value", field=name, allowed=", ".join(TONES))
    if name == "level" and fold(value) not in LEVELS:
        raise QueryError(token.position, "field_value", field=name, allowed="1–4, I–IV")
    if name in ("since", "until") and not _is_day(value):
        raise QueryError(token.position, "field_value", field=name, allowed="2026-11-23")
    if name == "level":
        return Field(name, str(LEVELS[fold(value)]))
    return Field(name, value.lower() if name == "tone" else value)


def _is_day(text: str) -> bool:
    from datetime import date

    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _asserts_something(node: Node) -> bool:
    if isinstance(node, Not):
        return False
    if isinstance(node, And):
        return any(_asserts_something(term) for term in node.terms)
    return all(_asserts_something(term) for term in node.terms) if isinstance(node, Or) else True


def leaves(node: Node) -> Iterator[Word | Phrase | Field]:
    """Every word, phrase and field of the tree."""
    if isinstance(node, And | Or):
        for term in node.terms:
            yield from leaves(term)
    elif isinstance(node, Not):
        yield from leaves(node.term)
    elif isinstance(node, Near):
        yield node.left
        yield from leaves(node.right)
    else:
        yield node


def explain(node: Node) -> dict[str, Any]:
    """The tree as plain data, from which a screen says it in words: ``{"all": […]}``, ``{"any": […]}``, ``{"none": …}``, leaves."""
    if isinstance(node, And):
        return {"all": [explain(term) for term in node.terms]}
    if isinstance(node, Or):
        return {"any": [explain(term) for term in node.terms]}
    if isinstance(node, Not):
        return {"none": explain(node.term)}
    if isinstance(node, Near):
        return {"near": [explain(node.left), explain(node.right)], "distance": node.distance}
    if isinstance(node, Field):
        return {"field": node.name, "value": node.value}
    if isinstance(node, Phrase):
        return {"phrase": node.text}
    return {"word": node.text, "whole": node.whole, "loose": node.loose}
