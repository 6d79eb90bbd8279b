"""Words: one segmentation for search, watches, places and signatures; the body's own words are words of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import accumulate, compress, islice

import rjieba

from groundswell.engine.records import Knowledge
from groundswell.engine.text.normal import Folded, fold, fold_many, fold_many_with_positions, fold_with_positions
from groundswell.engine.text.slang import slang_words

HAN_RUN = re.compile("[\u3400-\u9fff]+")
RUN = re.compile(r"[^\W_\u3400-\u9fff]+")  # letters and digits that are not Chinese
NOT_CHINESE = re.compile(
    r"[0-9a-z\u00aa-\u2fff\u3040-\u33ff\ua000-\uffff\U00010000-\U0010ffff]"
)  # of a folded text, what a run may begin with
QUERY_WORD = re.compile(r"[\u3400-\u9fffA-Za-z0-9]+")
OPERATORS = frozenset({"AND", "OR", "NOT", "NEAR", "且", "或", "非"})
FIELDS = frozenset({"unit", "place", "source", "kind", "lang", "tone", "level", "since", "until", "title"})
VERSION = "3"
TOKEN_LENGTH = 100  # characters of a token that are kept: the index has a limit
LONG = 12  # of a word longer than this only pairs are indexed


class Segmenter:
    """Cuts texts into words by dictionary alone, nothing guessed: the same text around a word cuts it alike.

    WORDS are added to the dictionary; two segmenters of the same words cut alike.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._jieba = rjieba.Jieba()
        for word in sorted({fold(word).strip() for word in words}, key=lambda word: (len(word), word)):
            if len(word) > 1:  # just frequent enough to win against its parts, which come first
                self._jieba.add_word(word, self._jieba.suggest_freq(word), "nz")

    def knows(self, word: str) -> bool:
        """Is the folded WORD in the dictionary?"""
        return bool(self._jieba.has_word(word))

    def commonness(self, word: str) -> int:
        """How often the folded WORD stands in the dictionary's texts, or would have to to be one word."""
        return int(self._jieba.suggest_freq(word))

    def words(self, text: str) -> list[str]:
        """The words of TEXT in order, folded, without blanks and punctuation."""
        return self._words(fold(text))

    def words_many(self, texts: Sequence[str]) -> list[list[str]]:
        """``words`` of each of TEXTS; many short ones together are faster."""
        cut = self._jieba.cut
        return [_words_of(cut(folded, False), folded) for folded in fold_many(texts)]

    def _words(self, folded: str) -> list[str]:
        return _words_of(self._jieba.cut(folded, False), folded)

    def cut(self, text: str) -> Cut:
        """TEXT folded, with its words and where they stand: made once, used by search and watches."""
        return self._cut(fold_with_positions(text))

    def cut_folded(self, folded: str) -> Cut:
        """``cut`` of a text that is folded already; positions are those in FOLDED."""
        return self._cut(Folded(folded))

    def cut_many(self, texts: Sequence[str]) -> list[Cut]:
        """``cut`` of each of TEXTS; many short ones together are faster."""
        return [self._cut(folded) for folded in fold_many_with_positions(texts)]

    def _cut(self, folded: Folded) -> Cut:
        return Cut(folded, self._jieba.cut(folded.text, False))

    def spans(self, text: str) -> list[tuple[str, int, int]]:
        """(word, start, end) with character positions in TEXT itself; the words are those of ``words``."""
        cut = self.cut(text)
        return [(word, *cut.folded.original(start, end)) for word, start, end in zip(cut.words, cut.starts, cut.ends, strict=True)]

    def index_tokens(self, text: str) -> tuple[str, ...]:
        """What search indexes of TEXT, see ``tokens_of``."""
        folded = fold(text)
        return _tokens(self._words(folded), folded)


def _words_of(pieces: Sequence[str], folded: str) -> list[str]:
    """The words among the PIECES of a text."""
    words = list(filter(str.isalnum, pieces))
    if len(pieces) - len(words) == len(folded) - len("".join(words)):
        return words  # each piece left out is one character, so no word with a mark in it (c++) is among them
    return [piece for piece in pieces if piece[0].isalnum()]


class Cut:
    """A folded text and its words, with positions in the folded text; blanks and punctuation are in no word."""

    def __init__(self, folded: Folded, pieces: list[str]) -> None:
        self.folded = folded
        self._pieces = pieces  # words, marks and blanks

    @cached_property
    def words(self) -> list[str]:
        return _words_of(self._pieces, self.folded.text)

    @cached_property
    def starts(self) -> list[int]:
        return list(compress(self._bounds, self._is_word))

    @cached_property
    def ends(self) -> list[int]:
        return list(compress(islice(self._bounds, 1, None), self._is_word))

    @cached_property
    def edges(self) -> bytes:
        """Of each position 1 where a word, a mark or a blank begins or ends, else 0."""
        bounds = self._bounds
        edges = bytearray(bounds[-1] + 1)
        for at in bounds:
            edges[at] = 1
        return bytes(edges)

    @cached_property
    def _is_word(self) -> list[bool]:
        return [piece[0].isalnum() for piece in self._pieces]

    @cached_property
    def _bounds(self) -> list[int]:
        return [0, *accumulate(map(len, self._pieces))]

    def is_word(self, start: int, end: int) -> bool:
        """Is start–end one word?"""
        at = bisect_left(self.starts, start)
        return at < len(self.starts) and self.starts[at] == start and self.ends[at] == end

    def words_before(self, position: int) -> int:
        """How many words begin before POSITION."""
        return bisect_left(self.starts, position)


def tokens_of(cut: Cut) -> tuple[str, ...]:
    """What search indexes, without doubles: words, the parts of Chinese words (自来水 finds 自来水厂), runs of other letters and digits."""
    return _tokens(cut.words, cut.folded.text)


def _tokens(words: Sequence[str], folded: str) -> tuple[str, ...]:
    tokens = dict.fromkeys(words)
    for word in list(tokens):
        if len(word) > 2:
            tokens.update(parts(word))
    if NOT_CHINESE.search(folded):
        tokens.update(dict.fromkeys(RUN.findall(folded)))
    if any(map(TOKEN_LENGTH.__lt__, map(len, tokens))):
        tokens = dict.fromkeys(token[:TOKEN_LENGTH] for token in tokens)
    return tuple(tokens)


@lru_cache(maxsize=65_536)
def parts(word: str) -> dict[str, None]:
    """WORD itself, and of each longer Chinese run in it everything of two and more characters that lies inside."""
    found = [word]
    for run in HAN_RUN.findall(word):
        if run != word:
            found.append(run)
        size = len(run)
        for length in range(2, size if size <= LONG else 3):
            found += [run[start : start + length] for start in range(size - length + 1)]
    return dict.fromkeys(found)


def lexicon_words(knowledge: Knowledge) -> list[str]:
    """The words of watches, places, units and netizen words, the body's and those that ship, in a fixed order."""
    words: set[str] = {knowledge.body.name, *knowledge.body.aliases}
    for unit in knowledge.units:
        words |= {unit.name, *unit.aliases, *unit.duties}
    for place in knowledge.places:
        words |= {place.name, *place.aliases}
    for watch in knowledge.watches:
        words |= set(query_words(watch.query))
    words |= {slang.word for slang in knowledge.slang}
    words.update(slang_words())
    return sorted(word.strip() for word in words if word and word.strip())


def query_words(query: str) -> list[str]:
    """The plain words in a watch's query; operators and field values are left out."""
    plain = re.sub(r"\b(?:" + "|".join(FIELDS) + r')\s*[:：]\s*(?:"[^"]*"|\S+)', " ", query)
    return [word for word in QUERY_WORD.findall(plain) if word not in OPERATORS and not re.fullmatch(r"NEAR\d*|\d+", word)]


def lexicon_version(knowledge: Knowledge) -> str:
    """A short hash of all words: items carry it, so that search knows which are out of date."""
    return blake2b("\n".join([VERSION, *lexicon_words(knowledge)]).encode(), digest_size=8).hexdigest()
