"""What is known of a story or an item when it is picked, read from the archive: counts as of that moment, and who said what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from math import sqrt
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from groundswell.desk.accounts.models import Oversight, Place, Unit, User
from groundswell.desk.bulletins import phrases
from groundswell.desk.bulletins.models import Issue
from groundswell.desk.bulletins.wording import FEW, Facts, Said, percent
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.ports import zone
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item
from groundswell.engine.judge.importance import ImportanceReader
from groundswell.engine.pipeline import Models
from groundswell.engine.stories.digest import pieces_of
from groundswell.engine.text.normal import fold

READ = 90  # items of a story whose words are looked at
LONGEST = 100  # characters of one stretch of an item's words
MOST_SAID = 40  # stretches handed on of each sort
ANSWERS = ("表示", "回应", "说明", "通报", "介绍", "答复", "预计", "正在", "已", "将", "原因", "说", "said", "will", "expects")


@dataclass(frozen=True)
class Gathered:
    """The facts for the words, and the figures that the piece keeps."""

    facts: Facts
    figures: dict[str, Any]


def known_at(rows: QuerySet[Item], as_of: datetime, counted_at: datetime) -> QuerySet[Item]:
    """Of ROWS what had been published by AS_OF and had reached the desk by COUNTED_AT: the same rows whenever it is asked."""
    published = Q(published_at__lte=as_of) | Q(published_at=None, collected_at__lte=as_of)
    return rows.filter(published, collected_at__lte=counted_at)


def counts(rows: QuerySet[Item], since: datetime) -> dict[str, int]:
    """The figures of ROWS: items, those since SINCE, sources, tones, reads, comments, reposts."""
    found = rows.aggregate(
        items=Count("pk"),
        fresh=Count("pk", filter=Q(published_at__gte=since)),
        sources=Count("source", distinct=True),
        negative=Count("pk", filter=Q(tone=-1)),
        positive=Count("pk", filter=Q(tone=1)),
        reads=Sum("reads"),
        comments=Sum("comments"),
        reposts=Sum("reposts"),
    )
    return {name: int(value or 0) for name, value in found.items()}


def gather(issue: Issue, story: Story | None, item: Item | None, at: datetime) -> Gathered:
    """All that a draft needs, as of AT or the end of the issue's window, whichever comes first."""
    return gather_since(story, item, issue.window_from, min(at, issue.window_to), at)


def gather_since(story: Story | None, item: Item | None, since: datetime, as_of: datetime, at: datetime) -> Gathered:
    """The same for any span: what is new is new SINCE, what is known was published by AS_OF and had reached the desk by AT."""
    rows = Item.objects.filter(pk=item.pk) if item is not None else known_at(Item.objects.filter(story=story), as_of, at)
    figures: dict[str, Any] = counts(rows, since)
    figures |= {
        "share": percent(figures["negative"], figures["items"]),
        "as_of": as_of.isoformat(),
        "counted_at": at.isoformat(),
        "since": since.isoformat(),
    }
    subject = story or item
    assert subject is not None
    first = rows.order_by("published_at", "pk").first() or item
    read = _to_read(rows, since)
    made = gathered_from(subject, read, first, figures, since, as_of, keep_names())
    few = tuple(rows.order_by("published_at", "pk").values_list("pk", flat=True)) if figures["items"] < FEW else ()
    return Gathered(replace(made.facts, items=few), figures)


def gathered_from(
    subject: Story | Item,
    read: Sequence[Item],
    first: Item | None,
    figures: dict[str, Any],
    since: datetime,
    as_of: datetime,
    keep: Collection[str],
) -> Gathered:
    """The facts of SUBJECT from the items READ, the FIRST of them all and the FIGURES counted."""
    story = subject if isinstance(subject, Story) else None
    is_positive = story is not None and looks_positive(story, figures["positive"], figures["negative"], figures["items"])
    title, title_item = _title(subject, read)
    unit = subject.unit
    selection = _Selection(read, title, keep)
    made = Facts(
        title=phrases.headline(title, keep),
        title_as_said=phrases.headline(title, keep, longest=60, forms=False),
        title_item=title_item or (first.pk if first else None),
        first=_moment(first, as_of),
        as_of=as_of.astimezone(zone()),
        count=figures["items"],
        fresh=figures["fresh"],
        sources=figures["sources"],
        negative=figures["negative"],
        positive=figures["positive"],
        is_old=bool(first and first.published_at and first.published_at < since),
        is_positive=is_positive,
        unverified=story is not None and is_unverified(story) and not is_positive,
        level=subject.level,
        channel=_usual(row.channel for row in read) or "other",
        lang=_usual(row.lang for row in read) or "zh",
        places=_places(story),
        unit=(unit.name, unit.name_en) if unit else ("", ""),
        facts=selection.facts(),
        responses=selection.responses(),
        asks=selection.asks(),
    )
    return Gathered(made, figures)


def is_unverified(story: Story) -> bool:
    """Little backs it, or somebody denies it."""
    return story.credibility == "low"


def looks_positive(story: Story, positive: int, negative: int, count: int) -> bool:
    """Mostly praise, with words of praise in title or digest and no harm in the title: irony is counted as praise too often."""
    enough = positive >= max(2, 1.5 * negative) and positive >= 0.25 * count
    if not enough or _harm().safety(fold(story.title)).value or phrases.complains(story.title):
        return False
    said = [part["text"] for part in story.digest]
    return phrases.praises(story.title) or sum(map(phrases.praises, said)) >= max(1, len(said) / 3)


@cache
def _harm() -> ImportanceReader:
    return ImportanceReader(Models.default().importance)


def _to_read(rows: QuerySet[Item], since: datetime) -> list[Item]:
    """The items whose words are looked at: those of the window, else all; at most READ, evenly spread, institutions always."""
    light = rows.filter(advert=False).select_related("source").defer("tokens", "signature", "judged").order_by("published_at", "pk")
    fresh = list(light.filter(published_at__gte=since)[:2000])
    found = fresh if len(fresh) >= 3 else (list(light.order_by("-published_at", "-pk")[:READ])[::-1] or list(rows.select_related("source")))
    if len(found) <= READ:
        return found
    public = [row for row in found if row.institutional or row.source.official][: READ // 3]
    rest = [row for row in found if row not in public]
    step = len(rest) / (READ - len(public))
    return sorted(
        [*public, *(rest[int(n * step)] for n in range(READ - len(public)))],
        key=lambda row: (row.published_at is None, row.published_at, row.pk),
    )


def _moment(first: Item | None, as_of: datetime) -> datetime | date:
    if first is None:
        return as_of.astimezone(zone())
    stamp = first.published_stamp
    if len(stamp) == 10:
        return date.fromisoformat(stamp)
    return (first.published_at or first.collected_at).astimezone(zone())


def _usual(values: Iterable[str]) -> str:
    """The value that stands most often, the first of those in case of doubt."""
    return next((value for value, _n in Counter(values).most_common(1)), "")


def _places(story: Story | None) -> tuple[tuple[str, str], ...]:
    """Names of the story's places, the most named first; a place that holds another one named comes before it."""
    if story is None:
        return ()
    codes = [code for code, count in story.places if count >= max(1, 0.15 * story.item_count)][:3]
    known = {place.code: place for place in Place.objects.filter(code__in=codes)}
    return tuple((known[code].name, known[code].name_en) for code in codes if code in known)


def keep_names() -> list[str]:
    """Names that are no private person's: units, places, institutional sources, officials in office."""
    words: list[str] = []
    for model in (Unit, Place):
        for name, english, aliases in model._default_manager.values_list("name", "name_en", "aliases"):
            words += [name, english, *aliases]
    words += Source.objects.filter(Q(institutional=True) | Q(official=True)).values_list("name", flat=True)
    leaders = Oversight.objects.values("leader")
    for name, english in User.objects.filter(Q(grants__role="leader") | Q(pk__in=leaders)).values_list("name", "name_en").distinct():
        words += [name, english]
    return [word for word in words if word]


def _title(subject: Story | Item, read: Sequence[Item]) -> tuple[str, int | None]:
    """The story's own title or a better one among its items: an institution's, without question or cry."""
    if isinstance(subject, Item):
        return subject.title or _opening(subject), subject.pk
    by_hand = subject.title_by_hand
    rows = (
        [(subject.title, None)]
        if by_hand
        else [(subject.title, None), *((row.title, row.pk) for row in read if row.title and row.kind not in ("reply", "comment"))]
    )
    known = pieces_of(" ".join(row.title + row.text[:120] for row in read[:READ]))
    said = Counter(piece for row in read for piece in pieces_of(row.title + row.text[:200]))
    institutional = {row.pk for row in read if row.institutional or row.source.official}
    short = {row.pk for row in read if row.channel in ("microblog", "video")}  # their titles are the beginning of the text

    def worth(row: tuple[str, int | None]) -> float:
        title, pk = row
        pieces = pieces_of(title) & known
        if not 5 <= len(title) <= 60 or not pieces:
            return 0.0
        value: float = sum(said[piece] for piece in pieces) / max(1, len(read)) / max(8, len(pieces))
        value *= (len(pieces) / len(pieces_of(title))) ** 2  # what today's items do not speak of is no heading for today
        value *= 0.5 if pk in short else 1.6 if pk in institutional else 1.15 if pk is None else 1.0
        value *= 0.4 if phrases.is_heated(title) or phrases.is_casual(title) else 1.0
        value *= 1.25 if _harm().safety(fold(title)).value else 1.0
        value *= 1.1 if 8 <= len(title) <= 28 else 1.0
        return value * (0.5 if phrases.is_first_person(title) else 1.0)

    return max(rows, key=worth)


def _opening(item: Item) -> str:
    first = next(phrases.sentences(item.text), item.text)
    return phrases.ended(phrases.clauses(first)[0] if len(first) > 40 else first)[:60] or item.key


class _Selection:
    """The stretches of items' words worth printing, weighed by how many items say the same."""

    def __init__(self, rows: Sequence[Item], title: str, keep: Collection[str]) -> None:
        self.keep, self.title = keep, pieces_of(title)
        said = frozenset(name for row in rows[:20] for name in phrases.repeated_names(row.text))
        self.names = frozenset(name for name in said if not any(name in one for one in keep))
        self.few = len({row.text for row in rows}) < 3  # one voice: its own order is the order of the piece
        said_by: dict[str, set[int]] = {}
        sentences: list[tuple[Item, int, str]] = []
        for number, row in enumerate(rows):
            for place, sentence in enumerate(phrases.sentences(row.text or row.title)):
                if place >= 30:
                    break
                sentences.append((row, place, sentence))
                for piece in pieces_of(sentence):
                    said_by.setdefault(piece, set()).add(number)
        self.weight = {piece: sqrt(min(len(by), 8)) for piece, by in said_by.items()}
        self.sentences = sentences

    def facts(self) -> tuple[Said, ...]:
        return self._best((row, place, s, 1.0) for row, place, s in self.sentences if not phrases.asks(s) or len(s) > 40)

    def responses(self) -> tuple[Said, ...]:
        rows = ((row, place, s, _answers(s)) for row, place, s in self.sentences if row.source.official or row.institutional)
        return self._best((row, place, phrases.of_office(s), worth) for row, place, s, worth in rows if worth)

    def asks(self) -> tuple[Said, ...]:
        rows = (
            (row, place, s, 1.0) for row, place, s in self.sentences if phrases.asks(s) and not (row.source.official or row.institutional)
        )
        return self._best(rows, asking=True)

    def _best(self, rows: Iterable[tuple[Item, int, str, float]], asking: bool = False) -> tuple[Said, ...]:
        found = [said for row, place, sentence, worth in rows for said in self._spans(row, place, sentence, worth, asking)]
        found.sort(key=lambda said: (-said.score, said.item))
        chosen, count = [], 0
        for said in found:
            if count >= MOST_SAID:
                break
            if said.score > 0 and not self._is_private(said.text):
                chosen.append(said)
                count += 1
        return tuple(chosen)

    def _is_private(self, text: str) -> bool:
        return any(name in text for name in self.names) or phrases.has_private(text, self.keep)

    def _spans(self, row: Item, place: int, sentence: str, worth: float, asking: bool) -> Iterator[Said]:
        day = (row.published_at or row.collected_at).astimezone(zone()).date()
        whole = phrases.ended(sentence)
        for span in phrases.spans(sentence, LONGEST):
            if asking != _is_asked(span, row.lang):
                continue
            text = phrases.opened(phrases.definite(span, day))
            yield Said(
                text=text,
                item=row.pk,
                score=worth * self._worth(row, place, span, whole.startswith(span), whole.endswith(span), asking),
                source=_source_name(row.source.name),
                source_en=row.source.name_en,
                channel=row.channel,
                lang=row.lang or "zh",
                first_person=phrases.is_first_person(text),
                institutional=row.institutional or row.source.official,
                from_start=whole.startswith(span),
                on_topic=sum(len(piece) == 2 for piece in pieces_of(span) & self.title) >= 2,
            )

    def _worth(self, row: Item, place: int, span: str, from_start: bool, to_end: bool, asking: bool) -> float:
        pieces = pieces_of(span)
        if not pieces:
            return 0.0
        value = sum(self.weight.get(piece, 1.0) * (2.0 if piece in self.title else 1.0) for piece in pieces)
        value /= (len(span) + 14) ** 0.72
        value *= 1.2 if any(char.isdigit() for char in span) else 1.0
        value *= 1.0 / (1.0 + 0.1 * place) if self.few else 1.15 if place == 0 else 1.0
        value *= (1.3 if from_start else 1.0) * (1.2 if to_end else 1.0)
        value *= 1.25 if row.institutional or row.source.official else 1.0
        value *= 0.55 if phrases.is_first_person(span) else 1.0
        value *= 0.35 if phrases.is_heated(span) and not asking else 1.0
        value *= 0.5 if phrases.starts_weak(span) and not from_start else 0.8 if phrases.starts_weak(span) else 1.0
        return float(value * (0.7 if row.kind in ("comment", "reply") else 1.0))


def _is_asked(span: str, lang: str) -> bool:
    """Does SPAN begin with asking? In English: does it ask at all?"""
    return bool(phrases.asked(span)) if lang != "en" else phrases.asks(span)


def _answers(sentence: str) -> float:
    """How much SENTENCE of an institution sounds like an answer: what is being done, by when, why."""
    signs = sum(word in sentence for word in ANSWERS)
    dated = 0.5 if "预计" in sentence or ("前" in sentence and any(char.isdigit() for char in sentence)) else 0.0
    return 0.4 * min(signs, 3) + dated


def _source_name(name: str) -> str:
    """The name without its bracket: 云岭水务公司（微博类） is 云岭水务公司."""
    return name.split("（")[0].split("(")[0].strip() or name
