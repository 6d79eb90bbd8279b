"""Sentences from patterns: ``{a|b|}`` chooses, ``<name>`` fills a slot and remembers it, ``<name*>`` draws anew."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from random import Random
from typing import TypeVar

_TOKEN = re.compile(r"[{|}]|<[a-z_]+\*?>|[^{|}<]+|<")


class _Choice(tuple[tuple[object, ...], ...]):
    """Alternatives, each a sequence of parts."""


class _Slot(str):
    """The name of a slot; a trailing ``*`` means that it is drawn anew each time."""


def _sequence(tokens: list[str], at: int, inside: bool) -> tuple[_Choice, int]:
    branches: list[tuple[object, ...]] = []
    parts: list[object] = []
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if token == "{":
            choice, at = _sequence(tokens, at, True)
            parts.append(choice)
        elif token == "}" and inside:
            break
        elif token == "|" and inside:
            branches.append(tuple(parts))
            parts = []
        elif token.startswith("<") and len(token) > 1:
            parts.append(_Slot(token[1:-1]))
        else:
            parts.append(token)
    branches.append(tuple(parts))
    return _Choice(branches), at


@lru_cache(maxsize=8192)
def _compiled(pattern: str) -> tuple[object, ...]:
    choice, _ = _sequence(_TOKEN.findall(pattern), 0, False)
    return choice[0]


T = TypeVar("T")

Slots = Mapping[str, "str | Sequence[str]"]


def _pick(rng: Random, options: Sequence[object]) -> object:
    return options[int(rng.random() * len(options))]


def _write(parts: tuple[object, ...], rng: Random, slots: Slots, known: dict[str, str], out: list[str]) -> None:
    for part in parts:
        if isinstance(part, _Choice):
            _write(_pick(rng, part), rng, slots, known, out)  # type: ignore[arg-type]
        elif isinstance(part, _Slot):
            out.append(_filled(part, rng, slots, known))
        else:
            out.append(part)  # type: ignore[arg-type]


def _filled(slot: _Slot, rng: Random, slots: Slots, known: dict[str, str]) -> str:
    fresh = slot.endswith("*")
    name = slot[:-1] if fresh else str(slot)
    if not fresh and name in known:
        return known[name]
    value = slots[name]
    pattern = value if isinstance(value, str) else _pick(rng, value)
    inner: list[str] = []
    _write(_compiled(str(pattern)), rng, slots, known, inner)
    text = "".join(inner)
    if not fresh:
        known[name] = text
    return text


def expand(pattern: str, rng: Random, slots: Slots, known: dict[str, str] | None = None) -> str:
    """One sentence out of a pattern. Slots drawn are written into ``known``, so that a title and its text agree.

    Raises ``KeyError`` with the slot's name where the pattern asks for one that is not given.
    """
    out: list[str] = []
    _write(_compiled(pattern), rng, slots, {} if known is None else known, out)
    return "".join(out)


def draw(rng: Random, options: Sequence[T]) -> T:
    """One of the options."""
    return options[int(rng.random() * len(options))]
