"""The cards of the models that ship with the program: what each is made of, when, and how good it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_MADE = re.compile(r"\b(20\d\d-\d\d-\d\d)\b")


@dataclass(frozen=True)
class Card:
    """One card: its name in addresses, its title, the day it was made ("" where it says none), its whole text."""

    code: str
    title: str
    made: str
    text: str


@cache
def cards() -> tuple[Card, ...]:
    """Every card that lies beside a model of the engine."""
    found = []
    for room in files("groundswell.engine").iterdir():
        if room.is_dir():
            found += [_read(path.name, path.read_text(encoding="utf-8")) for path in room.iterdir() if path.name.endswith(".md")]
    return tuple(sorted(found, key=lambda card: card.code))


def _read(name: str, text: str) -> Card:
    title, _line, rest = text.partition("\n")
    made = _MADE.search(rest)
    return Card(name.removesuffix(".md").removesuffix(".card"), title.lstrip("# "), made[1] if made else "", rest.strip())
