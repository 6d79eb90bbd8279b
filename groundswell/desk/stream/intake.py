"""From records to rows: what is new is judged, grouped and stored in one transaction; what is known only brings its counts up to date.

The judging is order-free and happens outside the lock. Under the lock of the grouping state, items take their place in the
order of arrival. A crash anywhere leaves either all of a batch or nothing of it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
import orjson
from django.db import connection, transaction
from django.db.models import F

from groundswell.desk.accounts.models import Unit
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.ports import now
from groundswell.desk.stories import grouping
from groundswell.desk.stream.knowledge import current_knowledge
from groundswell.desk.stream.learnt import current_models
from groundswell.desk.stream.models import Item, ItemState, ItemVersion
from groundswell.desk.stream.records import LABELS, TONE
from groundswell.engine import records
from groundswell.engine.judge.sentiment import ECHO, Tone
from groundswell.engine.pipeline import Models, judge_items

log = logging.getLogger("groundswell.intake")
COUNTS = ("reads", "likes", "comments", "reposts")
AUTO_UNIT = 0.5  # confidence from which the suggested unit is filled in
COLUMNS = (
    "key", "source_id", "channel", "kind", "url", "title", "text", "published_at", "published_stamp", "collected_at", "author", "voice",
    "institutional", "parent", "reads", "likes", "comments", "reposts", "archive", "judged_at", "lexicon", "lang", "tokens", "signature",
    "about_us", "advert", "units", "places", "watches", "tone", "tone_unsure", "toward_body", "level", "credibility", "judged",
    "duplicate_of", "copies", "state", "state_by_hand", "reason", "tone_by_hand", "unit_id", "unit_by_hand", "story_id",
    "story_confidence", "suggested_story_id", "suggested_confidence", "for_bulletin", "entered_by_id", "version",
)  # fmt: skip


@dataclass(frozen=True)
class Stored:
    """What became of a batch: keys of new items, of changed ones, and how many were known."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    known: int = 0


def store(
    items: Sequence[records.Item],
    *,
    entered_by: int | None = None,
    models: Models | None = None,
    prejudged: Mapping[str, records.Judged] | None = None,
) -> Stored:
    """Store ITEMS in their order. An item whose key is there already is never doubled.

    PREJUDGED holds verdicts made elsewhere with the present knowledge (on many cores, on a cluster).
    Raises LookupError for an item of a source that is not in the register.
    """
    items = list({item.key: _storable(item) for item in items}.values())
    if not items:
        return Stored()
    sources = {source.slug: source for source in Source.objects.filter(slug__in={item.source for item in items})}
    missing = {item.source for item in items} - set(sources)
    if missing:
        raise LookupError(f"no source {sorted(missing)[0]!r} in the register")
    knowledge, models = current_knowledge(), models or current_models()
    known = set(Item.objects.filter(key__in=[item.key for item in items]).values_list("key", flat=True))
    judged: dict[str, records.Judged | None] = dict(prejudged or {})
    judged |= _judge([item for item in items if item.key not in known and item.key not in judged], knowledge, models)
    with transaction.atomic(), grouping.locked() as groups:
        there = {item.key: item for item in Item.objects.filter(key__in=[item.key for item in items])}
        fresh = [item for item in items if item.key not in there]
        late = [item for item in fresh if item.key not in judged]  # known a moment ago, gone since: judge now
        judged |= _judge(late, knowledge, models)
        judged |= _inherited(fresh, judged)
        placed = groups.place([(item, judged[item.key]) for item in fresh if judged[item.key] is not None], now())
        _insert(fresh, judged, placed, sources, entered_by)
        groups.save(placed)
        changed = [item.key for item in items if item.key in there and _bring_up_to_date(there[item.key], item)]
    return Stored(tuple(item.key for item in fresh), tuple(changed), len(there))


def _judge(items: Sequence[records.Item], knowledge: records.Knowledge, models: Models) -> dict[str, records.Judged | None]:
    """Judge a batch; where it fails, one by one, so that one bad item stops no other (it is stored unjudged)."""
    if not items:
        return {}
    try:
        return {each.key: each for each in judge_items(items, knowledge, models, now())}
    except Exception:
        if len(items) == 1:
            log.exception("item could not be judged", extra={"key": items[0].key})
            return {items[0].key: None}
        return {key: value for item in items for key, value in _judge([item], knowledge, models).items()}


class _Above(NamedTuple):
    """What is taken over from what an item answers."""

    ours: bool
    concerns: Any
    places: Any
    tone: Tone
    unsure: bool


def _inherited(items: Sequence[records.Item], judged: Mapping[str, records.Judged | None]) -> dict[str, records.Judged]:
    """A reply, comment or repost concerns us where what it answers does; it takes over unit and place where it names none itself,
    and the tone where it only agrees."""
    parents = {item.parent for item in items if item.parent}
    rows = Item.objects.filter(key__in=parents).values_list("key", "about_us", "advert", "judged", "tone", "tone_unsure")
    answered = {
        key: _Above(about and not advert, data.get("concerns", []), data.get("places", []), LABELS[tone], unsure)
        for key, about, advert, data, tone, unsure in rows
    }
    changed: dict[str, records.Judged] = {}
    for item in items:
        verdict = judged[item.key]
        if verdict is None:
            continue
        above = answered.get(item.parent) if item.parent else None
        if above is not None and above.ours:
            sentiment = verdict.sentiment
            if any(why.code == ECHO for why in sentiment.why):
                sentiment = msgspec.structs.replace(sentiment, label=above.tone, unsure=above.unsure)
            verdict = msgspec.structs.replace(
                verdict,
                about_us=True,
                concerns=verdict.concerns or msgspec.convert(above.concerns, tuple[records.Concern, ...]),
                places=verdict.places or msgspec.convert(above.places, tuple[records.PlaceHit, ...]),
                why=verdict.why if verdict.about_us else (records.Why(code="about.answers", weight=1.0),),
                sentiment=sentiment,
            )
            changed[item.key] = verdict
        answered[item.key] = _Above(
            verdict.about_us and not verdict.advert,
            msgspec.to_builtins(verdict.concerns),
            msgspec.to_builtins(verdict.places),
            verdict.sentiment.label,
            verdict.sentiment.unsure,
        )
    return changed


def _insert(
    items: Sequence[records.Item],
    judged: Mapping[str, records.Judged | None],
    placed: Mapping[str, grouping.Placed],
    sources: Mapping[str, Source],
    entered_by: int | None,
) -> None:
    units = dict(Unit.objects.values_list("code", "pk"))
    moment = now()
    columns = ", ".join(f'"{name}"' for name in COLUMNS)
    with connection.cursor() as cursor, cursor.copy(f"COPY stream_item ({columns}) FROM STDIN") as copy:
        for item in items:
            row = _row(item, judged[item.key], placed.get(item.key), sources[item.source], units, moment, entered_by)
            copy.write_row([row[name] for name in COLUMNS])
    _count_copies([place.duplicate_of for place in placed.values() if place.duplicate_of])


def _row(
    item: records.Item,
    judged: records.Judged | None,
    placed: grouping.Placed | None,
    source: Source,
    units: Mapping[str, int],
    moment: datetime,
    entered_by: int | None,
) -> dict[str, object]:
    base: dict[str, object] = {
        "key": item.key,
        "source_id": source.pk,
        "channel": item.channel or source.channel,
        "kind": item.kind,
        "url": item.url[:2000],
        "title": item.title[:500],
        "text": item.text,
        "published_at": item.published_at,
        "published_stamp": item.published_stamp[:32],
        "collected_at": item.collected_at or moment,
        "author": item.author[:120],
        "voice": item.voice,
        "institutional": item.institutional,
        "parent": item.parent,
        **{name: _small(getattr(item, name)) for name in COUNTS},
        "archive": item.archive,
        "copies": 0,
        "state_by_hand": False,
        "reason": "",
        "tone_by_hand": False,
        "unit_by_hand": False,
        "for_bulletin": False,
        "entered_by_id": entered_by,
        "version": 0,
    }
    return base | (_judgement(judged, placed, units, moment) if judged else UNJUDGED)


UNJUDGED: dict[str, object] = {
    "judged_at": None, "lexicon": "", "lang": "", "tokens": None, "signature": None, "about_us": False, "advert": False, "units": "{}",
    "places": "{}", "watches": "{}", "tone": 0, "tone_unsure": True, "toward_body": 0, "level": 4, "credibility": "medium", "judged": "{}",
    "duplicate_of": "", "state": ItemState.ARRIVED.value, "unit_id": None, "story_id": None, "story_confidence": 0.0,
    "suggested_story_id": None, "suggested_confidence": 0.0,
}  # fmt: skip


def _judgement(judged: records.Judged, placed: grouping.Placed | None, units: Mapping[str, int], moment: datetime) -> dict[str, object]:
    first = judged.concerns[0] if judged.concerns else None
    wanted = judged.about_us and not judged.advert
    state = ItemState.ASIDE if not wanted else ItemState.OPEN if placed is None or placed.asks else ItemState.IN_STORY
    return {
        "judged_at": moment,
        "lexicon": judged.lexicon[:32],
        "lang": judged.lang[:8],
        "tokens": tsvector(judged.tokens),
        "signature": judged.signature,
        "about_us": judged.about_us,
        "advert": judged.advert,
        "units": [concern.unit for concern in judged.concerns],
        "places": [place.id for place in judged.places],
        "watches": list(judged.watches),
        "tone": TONE[judged.sentiment.label],
        "tone_unsure": judged.sentiment.unsure,
        "toward_body": TONE[judged.toward_body.label],
        "level": judged.level.value,
        "credibility": judged.credibility.label,
        "judged": reasons(judged),
        "duplicate_of": placed.duplicate_of if placed else "",
        "state": state.value,
        "unit_id": units.get(first.unit) if first and first.confidence >= AUTO_UNIT else None,
        "story_id": placed.story_id if placed else None,
        "story_confidence": placed.confidence if placed else 0.0,
        "suggested_story_id": placed.suggested_id if placed else None,
        "suggested_confidence": placed.suggested_confidence if placed else 0.0,
    }


def reasons(judged: records.Judged) -> str:
    """The judgement with its reasons as JSON; tokens and signature stand in columns of their own."""
    kept = {"concerns", "places", "sentiment", "toward_body", "level", "credibility", "why"}
    data = {name: value for name, value in msgspec.to_builtins(judged, builtin_types=(datetime,)).items() if name in kept}
    return orjson.dumps(data).decode().replace("\\u0000", "")


def tsvector(tokens: Sequence[str]) -> str:
    """TOKENS as the text form of a tsvector without positions; longer than 100 characters are cut, doubles fall together."""
    seen = dict.fromkeys(token[:100] for token in tokens if token.strip())
    return " ".join("'" + token.replace("\\", "\\\\").replace("'", "''") + "'" for token in seen)


def _storable(item: records.Item) -> records.Item:
    """ITEM with no character that the database cannot hold."""
    texts = {name: clean(getattr(item, name)) for name in ("title", "text", "url", "author", "published_stamp")}
    return msgspec.structs.replace(item, **texts) if any(getattr(item, name) != text for name, text in texts.items()) else item


def clean(text: str) -> str:
    """PostgreSQL holds no NUL, and a lone surrogate is no text."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _small(value: int | None) -> int | None:
    return None if value is None else max(0, min(int(value), 2_147_483_647))


def _count_copies(keys: Sequence[str]) -> None:
    for key, count in Counter(keys).items():
        Item.objects.filter(key=key).update(copies=F("copies") + count)


def _bring_up_to_date(row: Item, item: records.Item) -> bool:
    """Take over counts that moved and a text that its publisher changed (the earlier one is kept). Says whether the text changed."""
    fields = [name for name in COUNTS if getattr(item, name) is not None and getattr(item, name) != getattr(row, name)]
    for name in fields:
        setattr(row, name, _small(getattr(item, name)))
    title, text = item.title[:500], item.text
    changed = bool(text) and (row.text, row.title) != (text, title)
    if changed:
        ItemVersion.objects.create(item=row, replaced_at=now().astimezone(UTC), title=row.title, text=row.text, archive=row.archive)
        row.title, row.text, row.archive = title, text, item.archive or row.archive
        fields += ["title", "text", "archive"]
    if fields:
        row.save(update_fields=fields)
    return changed
