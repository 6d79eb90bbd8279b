"""A story in one to five of its own sentences, each with the item it stands in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from groundswell.engine.records import Digest, DigestSentence, Item, Judged, SourceRecord
from groundswell.engine.stories.coverage import chosen, favour_of
from groundswell.engine.stories.sentences import Sentence, denies, pieces_of, sentences_of

__all__ = ["digest_of", "pieces_of"]
MOST_ITEMS = 60  # that are read


def digest_of(pairs: Sequence[tuple[Item, Judged]], sources: dict[str, SourceRecord], most: int = 5, longest: int = 220) -> Digest:
    """Title and at most ``most`` sentences of at most ``longest`` characters in all, in order of time.

    Every sentence stands word for word in the item that it names. Adverts are not read.
    """
    order = sorted(pairs, key=lambda pair: (_moment(pair[0]), pair[0].key))
    read = _spread([pair for pair in order if not pair[1].advert] or order)
    if not read:
        return Digest()
    items = [item for item, _judged in read]
    sentences = sentences_of(items)
    title = _title(read, sources)
    if not sentences:
        return Digest(title=title)
    favour = [_favour(sentence, items[sentence.item], sources) for sentence in sentences]
    taken = chosen(sentences, favour, most, longest, _denial(sentences, favour))
    taken = taken or [min(sentences, key=lambda s: (len(s.text), s.item, s.at))]
    taken.sort(key=lambda s: (s.item, s.at))
    return Digest(title=title, sentences=tuple(DigestSentence(text=s.text, item=items[s.item].key) for s in taken))


def _denial(sentences: Sequence[Sentence], favour: Sequence[float]) -> Sentence | None:
    """The best sentence that denies what others of the story tell: disagreement is shown."""
    rows = [(favour[n], -sentence.length, -n) for n, sentence in enumerate(sentences) if denies(sentence.text)]
    denying = {sentences[-n].item for _share, _length, n in rows}
    if not rows or denying == {sentence.item for sentence in sentences}:
        return None
    return sentences[-max(rows)[2]]


def _favour(sentence: Sentence, item: Item, sources: dict[str, SourceRecord]) -> float:
    source = sources.get(item.source)
    return favour_of(sentence, source is not None and source.official, item.institutional)


def _moment(item: Item) -> float:
    when = item.published_at or item.collected_at
    return when.timestamp() if when else 0.0


def _spread(pairs: Sequence[tuple[Item, Judged]]) -> list[tuple[Item, Judged]]:
    """At most MOST_ITEMS: the first third, and the rest evenly out of what follows up to the newest."""
    if len(pairs) <= MOST_ITEMS:
        return list(pairs)
    first = MOST_ITEMS // 3
    rest = MOST_ITEMS - first
    left = len(pairs) - first
    return [*pairs[:first], *(pairs[first + (k + 1) * left // rest - 1] for k in range(rest))]


def _title(pairs: Sequence[tuple[Item, Judged]], sources: dict[str, SourceRecord]) -> str:
    """The title that most of the story's words stand in; else the opening of the sentence that would be first."""
    rows = [(number, item.title.strip()) for number, (item, _judged) in enumerate(pairs) if 4 <= len(item.title.strip()) <= 60]
    if not rows:
        first = next((item.text.strip() for item, _judged in pairs if item.text.strip()), "")
        opening = re.split(r"[。！？!?；;\n]", first, maxsplit=1)[0].strip()
        return opening if len(opening) <= 40 else opening[:39] + "…"
    said: Counter[str] = Counter()
    for item, _judged in pairs:
        said.update(pieces_of(item.title + "\n" + item.text[:400]))
    few = max(1, len(pairs))

    def centrality(row: tuple[int, str]) -> tuple[float, int]:
        number, title = row
        item = pairs[number][0]
        source = sources.get(item.source)
        pieces = pieces_of(title)
        common = sum(said[p] for p in pieces) / few / max(6, len(pieces))
        trusted = 1.25 if source and source.official else 1.15 if item.institutional else 1.0
        return common * trusted, -number

    return max(rows, key=centrality)[1]
