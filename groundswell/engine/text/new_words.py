"""New words: what many people suddenly write and no dictionary knows, to be proposed to a person.

Runs of two to six Chinese characters are weighed by statistics alone: how firmly their characters hold together (pointwise mutual
information, Church and Hanks 1990), how freely they stand among others (entropy of the neighbours, Jin Zhihui and Tanaka-Ishii
2006), how suddenly they came up (distance from an even spread, Kolmogorov–Smirnov), and how many voices and sources use them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from math import inf, log2, sqrt

import ahocorasick_rs
from msgspec import Struct

from groundswell.engine.text.normal import fold_many
from groundswell.engine.text.tokens import Segmenter

HAN_RUN = re.compile("[\u4e00-\u9fff]{2,}")
LONGEST = 6  # characters of a word
LEAST_POSTS, LEAST_VOICES, LEAST_SOURCES = 6, 5, 3
HOLD, FREE, SUDDEN = 4.0, 1.0, 1.4  # bits, bits, and D·√n above which a run counts as firm, free and sudden
LOOKED_AT, WHOLE = 20, 0.6  # posts in which it is looked whether a run is cut through, and the share that must not
WITHIN = 0.7  # of a run's posts have it within one longer run: then the longer one is meant
# characters that bind words together: a run that begins or ends with one is a phrase
BINDING = frozenset(
    "的了在是我你他她它们这那就都也很不没有和与把被给对从到为个着过吗呢吧啊呀嘛哦又再还才只最更太真别请问让跟向比得地说看去来要会能想可"
)


class Post(Struct, frozen=True):
    """What a person wrote: its text, whose voice it is, where it stood; in order of time."""

    text: str
    voice: str
    source: str


class NewWord(Struct, frozen=True):
    """A run of characters that may be a new word: posts, voices and sources that have it, the first post by number, and its weights."""

    word: str
    posts: int
    voices: int
    sources: int
    first: int
    hold: float
    free: float
    sudden: float


class _Seen:
    """Where a run was met."""

    def __init__(self) -> None:
        self.posts: list[int] = []
        self.voices: set[str] = set()
        self.sources: set[str] = set()
        self.before: Counter[str] = Counter()
        self.after: Counter[str] = Counter()


def new_words(
    posts: Sequence[Post], segmenter: Segmenter, names: Collection[str] = (), refused: Callable[[str], bool] | None = None
) -> list[NewWord]:
    """Runs of POSTS that may be new words, the surest first.

    None that the SEGMENTER knows or cuts through, none that lies in one of NAMES (places, units) or holds one, none that is REFUSED
    (the names of private persons, words that a person refused).
    """
    texts = fold_many([post.text for post in posts])
    runs = [HAN_RUN.findall(text) for text in texts]
    counts = _counts(runs)
    candidates = [run for run, count in counts.items() if len(run) > 1 and count >= LEAST_POSTS and _may_be(run, segmenter, names)]
    seen = _seen(candidates, posts, texts)
    total = sum(count for run, count in counts.items() if len(run) == 1)
    found = [word for run in candidates if (word := _weighed(run, seen[run], counts, total, len(posts))) is not None]
    wanted = [word for word in _outermost(found) if refused is None or not refused(word.word)]
    whole = [word for word in wanted if _is_whole(word.word, seen[word.word].posts, texts, segmenter)]
    return sorted(whole, key=lambda word: (-word.sudden * min(word.hold, 12) * word.free, word.word))


def _counts(runs: Iterable[Sequence[str]]) -> Counter[str]:
    """How often each run of up to LONGEST characters stands in the texts, those within longer ones too."""
    counts: Counter[str] = Counter()
    for found in runs:
        for run in found:
            for size in range(1, LONGEST + 1):
                counts.update([run[at : at + size] for at in range(len(run) - size + 1)])
    return counts


def _may_be(run: str, segmenter: Segmenter, names: Collection[str]) -> bool:
    if run[0] in BINDING or run[-1] in BINDING or segmenter.knows(run):
        return False
    return not any(run in name or name in run for name in names)


def _seen(candidates: Sequence[str], posts: Sequence[Post], texts: Sequence[str]) -> dict[str, _Seen]:
    seen = {run: _Seen() for run in candidates}
    if not candidates:
        return seen
    automaton = ahocorasick_rs.AhoCorasick(list(candidates))
    for number, (post, text) in enumerate(zip(posts, texts, strict=True)):
        for which, start, end in automaton.find_matches_as_indexes(text, overlapping=True):
            one = seen[candidates[which]]
            if not one.posts or one.posts[-1] != number:
                one.posts.append(number)
                one.voices.add(post.voice)
                one.sources.add(post.source)
            one.before[_neighbour(text, start - 1)] += 1
            one.after[_neighbour(text, end)] += 1
    return seen


def _neighbour(text: str, at: int) -> str:
    """The letter beside a run; all marks and the ends of the text count as one."""
    return text[at] if 0 <= at < len(text) and text[at].isalnum() else ""


def _weighed(run: str, seen: _Seen, counts: Counter[str], total: int, posts: int) -> NewWord | None:
    """RUN with its weights, None where it falls short of one."""
    if len(seen.posts) < LEAST_POSTS or len(seen.voices) < LEAST_VOICES or len(seen.sources) < LEAST_SOURCES:
        return None
    free = min(_entropy(seen.before), _entropy(seen.after))
    if free < FREE:
        return None
    hold = min(log2(counts[run] * total / (counts[run[:at]] * counts[run[at:]])) for at in range(1, len(run)))
    sudden = _suddenness(seen.posts, posts)
    if hold < HOLD or sudden < SUDDEN:
        return None
    return NewWord(
        run, len(seen.posts), len(seen.voices), len(seen.sources), seen.posts[0], round(hold, 2), round(free, 2), round(sudden, 2)
    )


def _entropy(neighbours: Counter[str]) -> float:
    """Bits by which a neighbour surprises."""
    total = sum(neighbours.values())
    return -sum(count / total * log2(count / total) for count in neighbours.values())


def _suddenness(numbers: Sequence[int], posts: int) -> float:
    """D·√n of Kolmogorov and Smirnov: how far posts, by their numbers, are from being spread evenly over all."""
    size = len(numbers)
    most = -inf
    for rank, number in enumerate(numbers):
        even = (number + 0.5) / posts
        most = max(most, even - rank / size, (rank + 1) / size - even)
    return most * sqrt(size)


def _is_whole(run: str, numbers: Sequence[int], texts: Sequence[str], segmenter: Segmenter) -> bool:
    """Do known words begin and end where RUN does, in most of the posts that have it, and does no number stand before it?"""
    looked_at = numbers[:LOOKED_AT]
    whole = 0
    for number in looked_at:
        edges, start = segmenter.cut(texts[number]).edges, texts[number].index(run)
        ends_stand = edges[start] and edges[start + len(run)]
        whole += bool(ends_stand) and not texts[number][max(0, start - 1) : start].isdigit()
    return whole >= WHOLE * len(looked_at)


def _outermost(found: Sequence[NewWord]) -> list[NewWord]:
    """FOUND without runs that mostly stand within one longer run, and without longer ones that add to a run what may be left out."""
    by_length = sorted(found, key=lambda word: -len(word.word))
    kept: list[NewWord] = []
    for word in by_length:
        around = [other for other in kept if word.word in other.word]
        if any(other.posts >= WITHIN * word.posts for other in around):
            continue
        kept = [other for other in kept if other not in around]
        kept.append(word)
    return kept
