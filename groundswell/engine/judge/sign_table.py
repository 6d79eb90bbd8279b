"""Reads tables of signs: a code, a weight and the regular expression that shows it."""

from __future__ import annotations

import re
from importlib.resources import files

from msgspec import Struct


class SignRow(Struct, frozen=True):
    """One sign."""

    code: str
    weight: float
    pattern: re.Pattern[str]


def read_sign_table(text: str, name: str) -> tuple[SignRow, ...]:
    """The rows of a table of signs: three cells separated by tabs; lines that begin with # are passed over.

    Raises ValueError naming file and line where a row is something else.
    """
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != 3:
            raise ValueError(f"{name}, line {number}: code, weight and expression separated by tabs are expected")
        try:
            rows.append(SignRow(cells[0], float(cells[1]), re.compile(cells[2])))
        except (ValueError, re.error) as error:
            raise ValueError(f"{name}, line {number}: {error}") from error
    return tuple(rows)


def shipped_sign_table(name: str) -> tuple[SignRow, ...]:
    """A table that comes with the program, by its file name."""
    return read_sign_table(files("groundswell.engine.judge").joinpath(name).read_text(encoding="utf-8"), name)
