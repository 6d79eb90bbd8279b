"""Rows back to the engine's records, for scoring, replay and the watch preview."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from groundswell.desk.stream.models import Item
from groundswell.engine import records
from groundswell.engine.judge.sentiment import Tone

LABELS: dict[int, Tone] = {-1: "negative", 0: "neutral", 1: "positive"}  # how the column stores a tone
TONE = {label: number for number, label in LABELS.items()}


def item_record(row: Item, slug: str = "") -> records.Item:
    """The record of ROW; SLUG saves the look-up of its source."""
    return records.Item(
        key=row.key,
        source=slug or row.source.slug,
        channel=row.channel,
        kind=row.kind,
        url=row.url,
        title=row.title,
        text=row.text,
        published_at=row.published_at,
        published_stamp=row.published_stamp,
        collected_at=row.collected_at,
        author=row.author,
        voice=row.voice,
        institutional=row.institutional,
        parent=row.parent,
        reads=row.reads,
        likes=row.likes,
        comments=row.comments,
        reposts=row.reposts,
        archive=row.archive,
    )


def judged_record(row: Item) -> records.Judged:
    """What was judged of ROW, with what a person put right in its place; tokens stay in the database."""
    kept: dict[str, Any] = {
        name: row.judged[name] for name in ("concerns", "places", "toward_body", "level", "credibility", "why") if name in row.judged
    }
    sentiment = {"label": LABELS[row.tone], "confidence": 1.0 if row.tone_by_hand else 0.5, "unsure": row.tone_unsure}
    if not row.tone_by_hand and "sentiment" in row.judged:
        sentiment = row.judged["sentiment"]
    data = {
        "key": row.key,
        "lang": row.lang,
        "tokens": (),
        "signature": bytes(row.signature or b""),
        "about_us": row.about_us,
        "watches": row.watches,
        "sentiment": sentiment,
        "advert": row.advert,
        "lexicon": row.lexicon,
        **kept,
    }
    if row.unit_by_hand and row.unit:
        data["concerns"] = [{"unit": row.unit.code, "confidence": 1.0}]
    return msgspec.convert(data, records.Judged, strict=False)


def pairs(rows: Iterable[Item]) -> list[tuple[records.Item, records.Judged]]:
    return [(item_record(row), judged_record(row)) for row in rows]
