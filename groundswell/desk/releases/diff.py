"""How two texts differ, in pieces that a page can mark: pure, bounded in time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from msgspec import Struct

SAME, GONE, NEW = "same", "gone", "new"
_PIECE = re.compile(r"[A-Za-z0-9]+|\s+|.", re.S)
_MOST = 3000  # pieces that are compared one by one; longer ones are shown as a whole


class Part(Struct, frozen=True):
    """A piece of text that is the same in both, gone, or new."""

    kind: str
    text: str


def compare(before: str, after: str) -> list[Part]:
    """BEFORE against AFTER: by lines first, then by characters and words inside of lines that changed."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    parts: list[Part] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "replace":
            parts += _inside("".join(old[a:b]), "".join(new[c:d]))
        else:
            parts += _marked(kind, "".join(old[a:b]), "".join(new[c:d]))
    return _joined(parts)


def _inside(before: str, after: str) -> list[Part]:
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    if len(old) > _MOST or len(new) > _MOST:
        return [Part(GONE, before), Part(NEW, after)]
    parts: list[Part] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        parts += _marked(kind, "".join(old[a:b]), "".join(new[c:d]))
    return parts


def _marked(kind: str, before: str, after: str) -> list[Part]:
    if kind == "equal":
        return [Part(SAME, before)]
    return [Part(which, text) for which, text in ((GONE, before), (NEW, after)) if text]


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Neighbours of one kind as one."""
    joined: list[Part] = []
    for part in parts:
        if joined and joined[-1].kind == part.kind:
            joined[-1] = Part(part.kind, joined[-1].text + part.text)
        else:
            joined.append(part)
    return joined
