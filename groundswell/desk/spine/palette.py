"""The palette: finds screens and records by what people type, also in pinyin or initials."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from django.utils.translation import gettext as _
from pypinyin import Style, lazy_pinyin

from groundswell.desk.accounts.models import User
from groundswell.desk.spine.shell import places_for


@dataclass(frozen=True)
class Hit:
    words: str
    url: str
    kind: str = ""
    icon: str = "right"
    hint: str = ""


Finder = Callable[[User, str], Iterable[Hit]]
FINDERS: list[Finder] = []


def finder(function: Finder) -> Finder:
    """Register FUNCTION: (user, text) → hits that the user may open, few and quick."""
    FINDERS.append(function)
    return function


@lru_cache(maxsize=20_000)
def pinyin_key(name: str) -> str:
    """Pinyin of NAME without tones, for sorting (editable where it is stored, since place names have their own readings)."""
    return " ".join(lazy_pinyin(name)).lower()


@lru_cache(maxsize=20_000)
def initials(name: str) -> str:
    """城管局 → "cgj"."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()


def matches(text: str, *names: str) -> bool:
    """Does TEXT stand in one of NAMES, its pinyin or its initials?"""
    wanted = text.lower().replace(" ", "")
    return any(wanted in form for name in names if name for form in (name.lower(), pinyin_key(name).replace(" ", ""), initials(name)))


def find(user: object, text: str, limit: int = 12) -> list[Hit]:
    """What TEXT may mean for USER: screens first, then what the finders know, at last the search itself."""
    assert isinstance(user, User)
    hits = [
        Hit(str(place.words), place.url, _("screen"), place.icon, f"g {place.chord}" if place.chord and user.shortcuts else "")
        for place in places_for(user)
        if not text or matches(text, str(place.words), place.code)
    ]
    if text:
        for each in FINDERS:
            hits += list(each(user, text))[:6]
        hits = hits[:limit]
        hits.append(Hit(_("Search the archive for “%(text)s”") % {"text": text}, f"/desk/archive/?q={quote(text)}", "", "search"))
    return hits
