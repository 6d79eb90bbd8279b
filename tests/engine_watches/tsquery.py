"""A small evaluator of tsquery text over a set of tokens, as PostgreSQL's ``@@`` decides it."""

from __future__ import annotations

import re

TOKEN = re.compile(r"\s*(?:'((?:[^'\\]|''|\\.)*)'|([&|()]))")


def accepts(query: str, tokens: set[str]) -> bool:
    """Is QUERY (quoted lexemes, &, |, brackets) true of TOKENS?"""
    parts = [(_plain(found[1]) if found[1] is not None else None, found[2]) for found in TOKEN.finditer(query)]
    assert "".join(found[0] for found in TOKEN.finditer(query)) == query, "not a tsquery"
    value, rest = _any(parts, tokens)
    assert not rest
    return value


def _plain(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted.replace("''", "'"))


def _any(parts, tokens):
    value, parts = _all(parts, tokens)
    while parts and parts[0][1] == "|":
        other, parts = _all(parts[1:], tokens)
        value = value or other
    return value, parts


def _all(parts, tokens):
    value, parts = _one(parts, tokens)
    while parts and parts[0][1] == "&":
        other, parts = _one(parts[1:], tokens)
        value = value and other
    return value, parts


def _one(parts, tokens):
    lexeme, mark = parts[0]
    if mark == "(":
        value, parts = _any(parts[1:], tokens)
        assert parts[0][1] == ")"
        return value, parts[1:]
    assert lexeme is not None
    return lexeme in tokens, parts[1:]
