"""Reads the table of words and turns that carry a tone."""

from __future__ import annotations

import re
from importlib.resources import files

from msgspec import Struct

_KINDS = ("word", "turn", "no", "more", "irony", "praise", "trouble", "mend")


class ToneRow(Struct, frozen=True):
    """One word or turn: its kind, language and weight."""

    kind: str
    lang: str
    weight: float
    what: str  # a word, or a regular expression where kind is turn


def read_tone_table(text: str, name: str = "tone.tsv") -> tuple[ToneRow, ...]:
    """The rows of a tone table.

    Raises ValueError naming file and line where a row is not kind, language, weight, words.
    """
    rows: list[ToneRow] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != 4 or cells[0] not in _KINDS:
            raise ValueError(f"{name}, line {number}: four cells separated by tabs are expected, the first one of {', '.join(_KINDS)}")
        kind, lang, weight, what = cells
        try:
            value = float(weight)
        except ValueError:
            raise ValueError(f"{name}, line {number}: the weight {weight!r} is not a number") from None
        rows += [ToneRow(kind, lang, value, word) for word in _words(kind, lang, what, name, number)]
    return tuple(rows)


def _words(kind: str, lang: str, what: str, name: str, number: int) -> list[str]:
    if kind == "turn":
        try:
            re.compile(what)
        except re.error as error:
            raise ValueError(f"{name}, line {number}: the turn is not a regular expression: {error}") from error
        return [what]
    words = what.split("|") if lang == "en" else what.split()
    return [word for word in dict.fromkeys(words) if word]


def shipped_tone_table() -> tuple[ToneRow, ...]:
    """The table that comes with the program."""
    return read_tone_table(files("groundswell.engine.judge").joinpath("tone.tsv").read_text(encoding="utf-8"))
