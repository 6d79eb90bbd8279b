"""What a classifier reads of one row: a title and a text, or only words, brought into one form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from groundswell.engine.text.normal import INVISIBLE, fold

LONGEST = 2000  # characters of a text that are looked at
HEAD_WORDS = 40  # a first paragraph of words that is longer is no title
USUAL_ODD = ("\u200b", "\ufe0f", "\u200d", "…")
BEYOND = "\x80"  # the first character that is not ASCII
_BLANK_AT_HAN = re.compile(r" (?=[^\x00-\x7f])|(?<=[^\x00-\x7f]) ")
_LATIN_GAP = re.compile(r"[\x00-\x08\x0e-\x1b!-\x7f]\s+[\x00-\x08\x0e-\x1b!-\x7f]")
_PARAGRAPH = re.compile(r"\s{3,}")


class Passage(Struct, frozen=True):
    """A folded text without blanks beside Chinese; ``words`` where they came already cut (joined they are the text)."""

    text: str
    head: int = 0  # characters of the title at the beginning
    words: tuple[str, ...] | None = None


def passage_of(row: Mapping[str, Any]) -> Passage:
    """The passage of a row with ``text``, ``title`` and ``text``, or ``tokens`` (words with blanks between them).

    Raises ValueError where the row has none of them or they are no texts.
    """
    words, title, text = row.get("tokens"), row.get("title") or "", row.get("text")
    if isinstance(words, list):
        words = " ".join(map(str, words))
    if isinstance(words, str) and text is None:
        return passage_of_words(words)
    if text is None and not title:
        if "text" in row:  # there, but null: nothing was said
            return Passage("")
        raise ValueError("a row has text, title and text, or tokens")
    if not isinstance(title, str) or not isinstance(text or "", str):
        raise ValueError("title and text must be texts; write them in quotes")
    return passage_of_text(title, text or "")


def passage_of_text(title: str, text: str) -> Passage:
    """The passage of a title (may be "") and a running text."""
    head = squeezed(_folded(title[:LONGEST]))
    body = squeezed(_folded(text[:LONGEST]))
    return Passage(f"{head}\n{body}", len(head)) if head else Passage(body)


def passage_of_words(line: str) -> Passage:
    """The passage of words with blanks between them; a wide gap ends the title."""
    line = _folded(line[: 2 * LONGEST]).strip()
    words = line.split()
    wide = _PARAGRAPH.search(line)
    first = len(line[: wide.start()].split()) if wide else len(words)
    if _LATIN_GAP.search(line):
        words = _with_gaps(words)
    head = sum(map(len, words[:first])) if first <= HEAD_WORDS else 0
    return Passage("".join(words), head, tuple(words))


def _with_gaps(words: Iterable[str]) -> list[str]:
    """WORDS with a blank between two that are both Latin: they need it."""
    found: list[str] = []
    last = BEYOND
    for word in words:
        if word < BEYOND and last < BEYOND:
            found.append(" ")
        found.append(word)
        last = word[-1]
    return found


def _folded(text: str) -> str:
    """TEXT folded; what microblogs are full of is done first, because one odd character makes folding slow."""
    if any(odd in text for odd in USUAL_ODD):
        text = INVISIBLE.sub("", text).replace("…", "...")
    return fold(text)


def squeezed(text: str) -> str:
    """TEXT with one blank for many, and none beside Chinese: spacing there says nothing."""
    text = " ".join(text.split())
    return _BLANK_AT_HAN.sub("", text) if " " in text else text
