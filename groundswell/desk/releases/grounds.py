"""The legal grounds that a secrecy review (保密审查) may name, as data (``grounds.yaml``)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec
import yaml
from django.utils.translation import get_language
from msgspec import Struct


class Ground(Struct, frozen=True):
    """One ground: what it leads to (pass | back | ask), where it stands in the law, in both languages."""

    code: str
    result: str
    law: str
    zh: str
    en: str

    @property
    def words(self) -> str:
        return f"{self.en} ({self.law})" if get_language() == "en" else f"{self.zh}（{self.law}）"


@cache
def grounds() -> dict[str, Ground]:
    """code → ground, in the file's order. Raises ValidationError where the file is not well made."""
    text = files("groundswell.desk.releases").joinpath("grounds.yaml").read_text(encoding="utf-8")
    rows = msgspec.convert(yaml.safe_load(text), list[Ground])
    return {row.code: row for row in rows}


def ground_words(code: str) -> str:
    """The ground CODE in the reader's language; the code itself where nobody knows it any more."""
    return grounds()[code].words if code in grounds() else code


def choices(*results: str) -> list[tuple[str, str]]:
    """(code, words) of the grounds that lead to RESULTS, or of all."""
    return [(code, row.words) for code, row in grounds().items() if not results or row.result in results]
