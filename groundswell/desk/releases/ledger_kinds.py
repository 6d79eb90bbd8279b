"""Which ledgers there are and which fields each has: data (``ledgers/*.yaml``), read once. A further ledger is a further file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec
import yaml
from django.utils.translation import get_language
from msgspec import Struct

TYPES = ("text", "long", "number", "choice", "url", "people")


class Words(Struct, frozen=True):
    """Words in both languages; printed in the reader's."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if get_language() == "en" else self.zh


class Choice(Struct, frozen=True):
    code: str
    zh: str
    en: str

    @property
    def words(self) -> str:
        return self.en if get_language() == "en" else self.zh


class Field(Struct, frozen=True):
    """One field: how it is asked, shown and counted (``sum``: its numbers are added up)."""

    code: str
    type: str
    words: Words
    required: bool = False
    hint: Words | None = None
    choices: tuple[Choice, ...] = ()
    least: int = 0
    most: int = 1_000_000
    sum: bool = False

    def __post_init__(self) -> None:
        if self.type not in TYPES:
            raise ValueError(f"Field.type of {self.code} is {self.type!r}; use one of {', '.join(TYPES)}.")
        if (self.type == "choice") != bool(self.choices):
            raise ValueError(f"Field.choices of {self.code} go with the type choice and with no other.")

    def choice_words(self, code: object) -> str:
        return next((each.words for each in self.choices if each.code == code), str(code))


class LedgerKind(Struct, frozen=True):
    """A ledger: its name, what its rows are called, its fields."""

    code: str
    place: int
    words: Words
    title: Words
    fields: tuple[Field, ...]


@cache
def ledger_kinds() -> dict[str, LedgerKind]:
    """code → ledger, in their order. Raises ValidationError or ValueError where a file is not well made."""
    folder = files("groundswell.desk.releases").joinpath("ledgers")
    rows = [
        msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), LedgerKind)
        for path in folder.iterdir()
        if path.name.endswith(".yaml")
    ]
    return {row.code: row for row in sorted(rows, key=lambda row: row.place)}
