"""The judge of single items: everything that is compiled once for a body's knowledge, and one verdict an item."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import datetime

import msgspec
from msgspec import Struct

from groundswell.engine.judge.adverts import advert_signs
from groundswell.engine.judge.credibility import credibility_of_item, sources_by_slug
from groundswell.engine.judge.finder import Finder
from groundswell.engine.judge.importance import ImportanceReader
from groundswell.engine.judge.lessons import likenesses
from groundswell.engine.judge.level_layer import corrected_level
from groundswell.engine.judge.models import Models
from groundswell.engine.judge.places import PlaceReader, Where
from groundswell.engine.judge.routing import Sign, UnitReader
from groundswell.engine.judge.sentiment import Learnt, ToneReader
from groundswell.engine.judge.watches import Document, Matcher
from groundswell.engine.learn.labelling import Labeller
from groundswell.engine.learn.passage import Passage, squeezed
from groundswell.engine.records import Concern, Item, Judged, Knowledge, Level, Sentiment, Why
from groundswell.engine.text.language import detect_language
from groundswell.engine.text.normal import fold, fold_many
from groundswell.engine.text.tokens import Cut, Segmenter, lexicon_version, lexicon_words, tokens_of

TAUGHT_LENGTH = 2000  # characters by which an item is compared with those that people gave to a unit
LONGEST = 20_000  # characters of one item that are judged
ASKS = re.compile(r"\?|请问|想问|问一下|打听|求助|求证")
AN_OFFER = 0.5
ABOUT_US_BY_UNIT = 0.5  # from this confidence on a unit's business at a place of ours concerns us without a watch
ABOUT_US_AT_HOME = 0.65  # the same where only the source is ours: a duty's word alone does not do
ABOUT_US_AS_TAUGHT = 0.6  # likeness from which on an item is about us, or not, as a person said of another
OFFICES = (
    "政府",
    "县委",
    "县里",
    "领导",
    "书记",
    "县长",
    "镇长",
    "局长",
    "有关部门",
    "相关部门",
    "主管部门",
    "职能部门",
    "官方",
    "council",
    "government",
    "mayor",
    "officials",
    "authorities",
)


def _without_half_characters(item: Item) -> Item:
    """The item with a question mark for each lone surrogate: half a character, as broken encodings leave behind."""
    try:
        (item.title + item.text).encode("utf-8")
    except UnicodeEncodeError:
        whole = {name: getattr(item, name).encode("utf-8", "replace").decode("utf-8") for name in ("title", "text")}
        return msgspec.structs.replace(item, **whole)
    return item


def _memories(models: Models) -> dict[str, Labeller]:
    """What people said of single texts, by what they said it of."""
    memories = {"unit": models.unit_memory, "level": models.level_memory, "about": models.about_memory}
    return {field: Labeller(memory) for field, memory in memories.items() if memory is not None}


def _as_people_say(alike: Mapping[str, float]) -> tuple[bool, tuple[Why, ...]] | None:
    """Whether an item is about us, where a person said so of one that is written like it."""
    said, likeness = max(alike.items(), key=lambda row: row[1], default=("", 0.0))
    return (said == "yes", (Why(code="about.taught", weight=round(likeness, 3)),)) if likeness >= ABOUT_US_AS_TAUGHT else None


def _speaks(text: str, sentiment: Sentiment, offering: float) -> bool:
    """Does a text blame, or praise or ask without OFFERING anything (the weight of signs of an advert)?"""
    if sentiment.label == "negative":
        return True
    return offering < AN_OFFER and (sentiment.label == "positive" or ASKS.search(text) is not None)


class Begun(Struct, frozen=True):
    """An item on its way: folded, its units and places found."""

    item: Item
    text: str
    title_length: int
    signs: list[tuple[Sign, int, int]]
    where: Where
    toward: str  # the sentences that name the body


class Judge:
    """Automata of one body's knowledge and models; keep it as long as neither changes."""

    def __init__(self, knowledge: Knowledge, models: Models) -> None:
        self.knowledge = knowledge
        self.models = models
        self.lexicon = knowledge.version or lexicon_version(knowledge)
        self._segmenter = Segmenter(lexicon_words(knowledge))
        self._matcher = Matcher(knowledge.watches, self._segmenter, knowledge) if knowledge.watches else None
        self._places = PlaceReader(knowledge)
        self._units = UnitReader(knowledge)
        self._tone = ToneReader(models.tone, knowledge.slang, models.tone_model)
        self._memories = _memories(models)
        self._importance = ImportanceReader(models.importance)
        self._offices = Finder([fold(word) for word in OFFICES])
        self._body = Finder([fold(word) for word in (knowledge.body.name, *knowledge.body.aliases)])
        self._watch_units = {watch.id for watch in knowledge.watches if watch.unit}
        self._sources = sources_by_slug(knowledge)

    def __call__(self, items: Iterable[Item], now: datetime) -> list[Judged]:
        """The verdicts in the order of the items; each depends on its item alone."""
        whole = [_without_half_characters(item) for item in items]
        folded = fold_many([text for item in whole for text in (item.title, item.text[:LONGEST])])
        begun = [self._begin(item, title, body) for item, title, body in zip(whole, folded[::2], folded[1::2], strict=True)]
        texts = dict.fromkeys(text for one in begun for text in (one.text, one.toward) if text)
        learnt = dict(zip(texts, self._tone.learnt(list(texts)), strict=True))
        taught = self._taught(begun)
        return [self._finish(one, learnt, likeness) for one, likeness in zip(begun, taught, strict=True)]

    def with_models(self, models: Models) -> Judge:
        """A judge of the same knowledge with other MODELS; what is compiled of the knowledge is shared."""
        if models is self.models:
            return self
        other = copy(self)
        other.models = models
        other._tone = ToneReader(models.tone, self.knowledge.slang, models.tone_model)
        other._memories = _memories(models)
        other._importance = ImportanceReader(models.importance)
        return other

    def _taught(self, begun: Sequence[Begun]) -> list[dict[str, dict[str, float]]]:
        """How like each item is to those of which people said something: field → label → likeness."""
        found: list[dict[str, dict[str, float]]] = [{} for _ in begun]
        if not self._memories:
            return found
        passages = [Passage(squeezed(one.text[:TAUGHT_LENGTH])) for one in begun]
        for field, memory in self._memories.items():
            for own, (scores, _words) in zip(found, memory.scores(passages, reasons=False), strict=True):
                own[field] = likenesses(memory.model.labels, scores)
        return found

    def judge(self, item: Item, now: datetime) -> Judged:
        """The verdict on one item."""
        return self([item], now)[0]

    def _begin(self, item: Item, title: str, body: str) -> Begun:
        """What must be known before the tone can be asked for, of many items at once; TITLE and BODY are folded."""
        text = title + "\n" + body if title else body
        signs = self._units.signs(text)
        named = any(sign.code != "unit.duty" for sign, _start, _end in signs)
        where = self._places.read(text, item.source, units_named=named, business=bool(signs))
        return Begun(item, text, len(title), signs, where, self._tone.stretch(text, self._targets(text, signs, where)))

    def _finish(self, begun: Begun, learnt: Mapping[str, Learnt | None], taught: Mapping[str, Mapping[str, float]]) -> Judged:
        item, text, title_length, signs, where = begun.item, begun.text, begun.title_length, begun.signs, begun.where
        sentiment = self._tone.read(text, learnt.get(text))
        credibility = credibility_of_item(item, text, self._sources)
        level = self._level(item, text, sentiment, credibility.score, taught.get("level", {}))
        advert, advert_why = advert_signs(item, text)
        lang = detect_language(item.title + "\n" + item.text)
        concerns = self._units.read(text, title_length, item.source, signs, where, (), taught.get("unit"))
        cut = self._segmenter.cut_folded(text)
        watches = self._watches(item, cut, lang, concerns, where, sentiment.label, level.value)
        if any(watch in self._watch_units for watch in watches):
            concerns = self._units.read(text, title_length, item.source, signs, where, watches, taught.get("unit"))
        speaks = not advert and _speaks(text, sentiment, sum(why.weight for why in advert_why))
        about_us, about_why = _as_people_say(taught.get("about", {})) or self._concerns_the_body(where, concerns, watches, speaks)
        return Judged(
            key=item.key,
            lang=lang,
            tokens=tokens_of(cut),
            signature=b"",
            about_us=about_us,
            concerns=concerns if about_us else (),
            places=where.hits,
            watches=watches,
            sentiment=sentiment,
            toward_body=self._tone.read_toward(begun.toward, sentiment, learnt.get(begun.toward)),
            level=level,
            credibility=credibility,
            advert=advert,
            why=(*about_why, *advert_why),
            lexicon=self.lexicon,
        )

    def _level(self, item: Item, text: str, sentiment: Sentiment, credibility: float, alike: Mapping[str, float]) -> Level:
        level = self._importance.level_of_item(item, text, sentiment, credibility)
        likeness = {int(label): share for label, share in alike.items()}
        return corrected_level(level, self.models.level_layer, likeness, self.models.importance)

    def _watches(
        self, item: Item, cut: Cut, lang: str, concerns: Sequence[Concern], where: Where, tone: str, level: int
    ) -> tuple[str, ...]:
        """Ids of the watches that match."""
        if self._matcher is None:
            return ()
        source = self._sources.get(item.source)
        document = Document(
            title=item.title,
            text=item.text[:LONGEST],
            source=item.source,
            source_name=source.name if source else "",
            kind=item.kind,
            lang=lang,
            units=tuple(concern.unit for concern in concerns),
            places=tuple(hit.id for hit in where.hits),
            tone=tone,
            level=level,
            published_at=item.published_at,
        )
        return self._matcher.ids(document, cut)

    def _targets(self, text: str, signs: Sequence[tuple[Sign, int, int]], where: Where) -> list[tuple[int, int]]:
        """Where a text names the body, one of its units, or those who govern."""
        named = [(start, end) for sign, start, end in signs if sign.code != "unit.duty"]
        named += [(found.start, found.end) for found in self._offices.find(text)]
        if where.body_named:
            named += [(found.start, found.end) for found in self._body.find(text)]
        return named

    def _concerns_the_body(
        self, where: Where, concerns: Sequence[Concern], watches: Sequence[str], speaks: bool
    ) -> tuple[bool, tuple[Why, ...]]:
        """Whether an item is about us: a watch says so, or it speaks of a unit's business at a place of ours or in a source
        of ours, and of nowhere else, or it blames, praises or asks something (SPEAKS) where a place of ours is named.

        Without watches everything is.
        """
        if not self.knowledge.watches:
            return True, ()
        if where.elsewhere:
            return False, (Why(code="about.elsewhere"),)
        if watches:
            return True, tuple(Why(code="watch.match", weight=1.0, args={"watch": watch}) for watch in watches)
        enough = ABOUT_US_BY_UNIT if where.hits or where.body_named else ABOUT_US_AT_HOME if where.at_home else 1.0
        if concerns and concerns[0].confidence >= enough:
            return True, (Why(code="about.place_and_unit", weight=concerns[0].confidence, args={"unit": concerns[0].unit}),)
        if speaks and where.hits:
            return True, (Why(code="about.place", weight=where.hits[0].confidence, args={"word": where.hits[0].id}),)
        if speaks and where.body_named:
            return True, (Why(code="about.body", weight=1.0),)
        return False, (Why(code="about.no_watch"),)
