"""Likely names of private persons in a text: a check when a brief is edited, and for watches that would watch a person.

A table of surnames, the words that stand before and after a private person's name, and what looks like a name but is
not. It is a check that a person reads, not a verdict: it would rather point at one word too many.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

import msgspec
import yaml
from msgspec import Struct

from groundswell.engine.judge.finder import Finder
from groundswell.engine.text.normal import fold_same_length


class _Table(Struct, frozen=True):
    single: str
    double: str
    roles_before: str
    titles_after: str
    offices_after: str
    not_given: str
    not_names: str
    english: str


def _table() -> _Table:
    text = files("groundswell.engine.judge").joinpath("person_names.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(text), _Table)


def _any(words: str) -> str:
    """An expression that matches any of the words, the longest first."""
    return "|".join(sorted(words.split(), key=lambda word: (-len(word), word)))


_WORDS = _table()
_NOT_GIVEN = frozenset(_WORDS.not_given)
_NOT_NAMES = tuple(_WORDS.not_names.split())
_ENGLISH = frozenset(_WORDS.english.split())


class NameSpan(Struct, frozen=True):
    """A likely name: text[start:end], and what points to it."""

    start: int
    end: int
    text: str
    sign: str  # "role_before" | "title_after" | "masked" | "verb_after"


_SINGLE = "".join(_WORDS.single.split())
_SURNAME = f"(?:{_any(_WORDS.double)}|[{_SINGLE}])"
_GIVEN = r"[\u4e00-\u9fff]"
_MASKED = re.compile(rf"{_SURNAME}(?:某某|某[\u4e00-\u9fff]?(?=[^\u4e00-\u9fff]|$|[（(称说的在、，。；：])|某|[*＊xX×○〇]{{1,2}})")
_AFTER_ROLE = re.compile(rf"(?:{_any(_WORDS.roles_before)})[:：]?(?P<name>{_SURNAME}{_GIVEN}{{1,2}})")
_BEFORE_TITLE = re.compile(rf"(?P<name>{_SURNAME}{_GIVEN}{{0,2}}?)(?={_any(_WORDS.titles_after)})")
_SPEAKS = re.compile(
    rf"(?:^|[，。；！？、\n\s“（(])(?P<name>{_SURNAME}{_GIVEN}{{1,2}}?)(?=(?:表示|说|称|反映|告诉记者|介绍|回忆|今年\d|，[男女]，|[（(][男女]|[（(]化名|身份证|手机号))"
)
_ROLE_ENGLISH = re.compile(
    r"\b(?i:resident|villager|owner|parent|driver|victim|patient|pupil|student|mr|mrs|ms|miss)\.?,?\s+(?P<name>[A-Z][a-z]+(?:\s[A-Z][a-z]+){0,2})\b"
)
_OFFICE_AFTER = re.compile(_any(_WORDS.offices_after))
_QUERY_NOISE = re.compile(r"[\s\"“”'()（）=~]|\b(?:AND|OR|且|或)\b")
_QUERY_WORD = re.compile(r"[\u4e00-\u9fff·]+|[A-Za-z]+(?:\s[A-Za-z]+)*")


def private_names(text: str, keep: Iterable[str] = ()) -> list[NameSpan]:
    """Likely names of private persons in a text, from left to right, with positions in the text itself.

    ``keep``: names that may stand, those of places, units, media and office holders. Masked names (陈某) count too:
    they are what is left when a name was taken out, and the editor decides.
    """
    folded = fold_same_length(text)
    allowed = [(f.start, f.end) for f in _kept(tuple(keep)).find(folded)]
    found: dict[int, NameSpan] = {}
    for sign, pattern, source in (
        ("masked", _MASKED, text),
        ("role_before", _AFTER_ROLE, text),
        ("title_after", _BEFORE_TITLE, text),
        ("verb_after", _SPEAKS, text),
        ("role_before", _ROLE_ENGLISH, text),
    ):
        for match in pattern.finditer(source):
            start, end = match.span("name" if "name" in pattern.groupindex else 0)
            end = _trimmed(source, start, end)
            if end - start < (1 if sign == "title_after" else 2) or _is_no_name(source, start, end):
                continue
            if any((s <= start and end <= e) or start <= s < end for s, e in allowed):
                continue
            if not any(span.start < end and start < span.end for span in found.values()):
                found[start] = NameSpan(start, end, source[start:end], sign)
    return [found[start] for start in sorted(found)]


@lru_cache(maxsize=8)
def _kept(words: tuple[str, ...]) -> Finder:
    """Finds the names that may stand; the same few lists are asked for again and again."""
    return Finder([fold_same_length(word) for word in words if word])


def _trimmed(text: str, start: int, end: int) -> int:
    """The end without a last character that no given name has."""
    while end - start > 1 and text[end - 1] in _NOT_GIVEN:
        end -= 1
    return end


def _is_no_name(text: str, start: int, end: int) -> bool:
    """Known words, and holders of an office."""
    around = text[start : end + 1]
    if any(around.startswith(word) or text[start:end] == word for word in _NOT_NAMES):
        return True
    return bool(_OFFICE_AFTER.match(text, end))


def is_only_a_name(query: str, keep: Iterable[str] = ()) -> bool:
    """Whether a watch's query asks for nothing but a person's name: topics are watched, not people.

    ``keep``: names that may be watched although they look so (places, units).
    """
    words = _QUERY_WORD.findall(_QUERY_NOISE.sub(" ", re.sub(r"\bNOT\b.*", "", query)))
    allowed = set(keep)
    meant = [word for part in words for word in part.split()] if not re.search("[a-zA-Z]", query) else words
    return bool(meant) and all(_looks_like_a_name(word) and word not in allowed for word in meant)


def _looks_like_a_name(word: str) -> bool:
    if word.isascii():
        parts = word.split()
        return len(parts) == 2 and parts[0] in _ENGLISH and parts[1].istitle()
    if word in _NOT_NAMES or any(word.startswith(known) for known in _NOT_NAMES):
        return False
    bare = re.sub(rf"(?:{_any(_WORDS.titles_after)})$", "", word)
    if bare != word and re.fullmatch(rf"{_SURNAME}{_GIVEN}{{0,2}}", bare):
        return True
    double = re.fullmatch(rf"(?:{_any(_WORDS.double)}){_GIVEN}{{1,2}}", word)
    single = re.fullmatch(rf"[{_SINGLE}]{_GIVEN}{{1,2}}", word)
    return bool(double or single) and not any(char in _NOT_GIVEN for char in word[1:]) and not _common_word(word)


def _common_word(word: str) -> bool:
    """Whether the segmenter's dictionary knows a word that is no name: by its tag."""
    return _tag(word) not in ("nr", "nrt", "nrfg", "x")


def _tag(word: str) -> str:
    import rjieba

    tags = rjieba.tag(word)
    return str(tags[0][1]) if len(tags) == 1 else "x"
