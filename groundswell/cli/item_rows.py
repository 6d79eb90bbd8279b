"""Rows of JSON Lines as items: what ``group``, ``judge`` and their like read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from groundswell.engine.read.dates import stamp_to_utc
from groundswell.engine.records import Item
from groundswell.engine.text.identity import item_key
from groundswell.server.faults import Fault

_WORDS = ("source", "channel", "kind", "url", "author", "voice", "parent")
_COUNTS = ("reads", "likes", "comments", "reposts")


def item_of(row: dict[str, Any], zone: str = "Asia/Shanghai") -> Item:
    """The item of a row: ``id``, ``text``, and where given ``title``, ``published_at`` or ``time``, ``source`` and counts.

    Stamps without a zone are in ``zone``. Raises Fault naming the row where a field is of the wrong kind.
    """
    for name in ("title", "text", *_WORDS):
        if not isinstance(row.get(name) or "", str):
            raise Fault(f"Row {row['id']}: {name} is not text. Write it in quotes.")
    words = {name: row[name] for name in _WORDS if row.get(name)}
    counts: dict[str, Any] = {name: int(row[name]) for name in _COUNTS if isinstance(row.get(name), int | float)}
    return Item(
        key=item_key("", str(row["id"])),
        title=row.get("title") or "",
        text=row.get("text") or "",
        published_at=_moment(row, zone),
        institutional=row.get("institutional") is True,
        **words,
        **counts,
    )


def _moment(row: dict[str, Any], zone: str) -> datetime | None:
    stamp = row.get("published_at", row.get("time"))
    if stamp in (None, ""):
        return None
    if isinstance(stamp, int | float):
        try:
            return datetime.fromtimestamp(stamp, UTC)
        except (OverflowError, OSError, ValueError) as error:
            raise Fault(f"Row {row['id']}: {stamp} is no time in seconds since 1970.") from error
    moment, _only_day = stamp_to_utc(str(stamp), zone)
    if moment is None:
        raise Fault(f"Row {row['id']}: “{stamp}” is no time. Write it as 2026-11-23T16:06+08:00.")
    return moment
