"""What a person enters as a record of the raw archive, and back: the same bytes make the item now and in a replay.

The record holds no private name: mentions are masked and the author is a keyed hash before it is written.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from groundswell.collect.client import content_hash
from groundswell.desk.accounts.models import User
from groundswell.desk.entry.models import Picture
from groundswell.desk.sources import evidence, replay, understand
from groundswell.desk.sources.collecting import institution_names, shared_archive
from groundswell.desk.sources.items import Origin, by_hand
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.preferences import preference
from groundswell.desk.stream.models import Item as Row
from groundswell.desk.stream.voices import voice_of
from groundswell.engine.read import stamp_to_utc
from groundswell.engine.records import Fetched, Item
from groundswell.engine.text.mentions import mask_mentions

ROLE = "entered"
LOOKED = "looked"  # a page that was fetched to help a person enter it: evidence, no item of its own
COUNTS = ("reads", "likes", "comments", "reposts")


class Entered(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry as the archive keeps it."""

    title: str = ""
    text: str = ""
    url: str = ""
    stamp: str = ""
    author: str = ""  # of institutions only
    voice: str = ""  # keyed hash of a private author
    reads: int | None = None
    likes: int | None = None
    comments: int | None = None
    reposts: int | None = None
    by: int = 0  # who entered it
    picture: str = ""  # ref of the screenshot
    width: int = 0
    height: int = 0
    looked: str = ""  # ref of the page that was read for it


@dataclass(frozen=True)
class Said:
    """What the form brought."""

    source: Source
    title: str
    text: str
    url: str
    stamp: str
    author: str
    counts: dict[str, int | None]
    picture: str = ""
    width: int = 0
    height: int = 0
    looked: str = ""


def entered(said: Said, by: int) -> Entered:
    """SAID without a private name in it."""
    keep, source = institution_names(), said.source
    at, _ = stamp_to_utc(said.stamp, preference("body.zone"))
    return Entered(
        title=mask_mentions(said.title, keep),
        text=mask_mentions(said.text, keep),
        url=said.url,
        stamp=said.stamp,
        author=said.author.strip() if source.institutional else "",
        voice="" if source.institutional else voice_of(said.author, source.slug, at or now()),
        by=by,
        picture=said.picture,
        width=said.width,
        height=said.height,
        looked=said.looked,
        **said.counts,
    )


def sealed(record: Entered, source: Source) -> Fetched:
    """RECORD in the archive, flushed, with its ref. Raises ArchiveError."""
    body = msgspec.json.encode(record)
    name = f"entered:{source.slug}/{content_hash(body)[:16]}"
    fetched = Fetched(
        url=name,
        final_url=name,
        status=200,
        headers=(),
        body=body,
        fetched_at=now(),
        content_type="application/json",
        content_hash=content_hash(body),
        source=source.slug,
        role=ROLE,
    )
    return replace(fetched, archive=shared_archive().write(fetched, kind="resource"))


def record_of(fetched: Fetched) -> Entered:
    """What ``sealed`` wrote. Raises msgspec.DecodeError."""
    return msgspec.json.decode(fetched.body, type=Entered)


def item_of(record: Entered, origin: Origin) -> Item:
    """The item of RECORD: its key, its times in UTC."""
    item = by_hand(
        origin,
        title=record.title,
        text=record.text,
        url=record.url,
        stamp=record.stamp,
        author=record.author,
        **{name: getattr(record, name) for name in COUNTS},
    )
    return item if origin.source.institutional else replace(item, author="", voice=record.voice)


def _read_entered(fetched: Fetched, origin: Origin, found: understand.Understood) -> None:
    found.items.append(item_of(record_of(fetched), origin))
    found.seen += 1


def _read_nothing(fetched: Fetched, origin: Origin, found: understand.Understood) -> None:
    """Kept for the eye and as evidence; no item is made of it."""


def _parts(fetched: Fetched) -> list[str]:
    record = record_of(fetched)
    return [ref for ref in (record.picture, record.looked) if ref]


def _beside(fetched: Fetched, row: Row) -> None:
    """Who entered it, and its picture, as they were."""
    record = record_of(fetched)
    Row.objects.filter(pk=row.pk, entered_by=None).update(entered_by=User.objects.filter(pk=record.by).first())
    if record.picture:
        values = {"archive": record.picture, "width": record.width, "height": record.height}
        Picture.objects.get_or_create(item=row, defaults=values)


evidence.PARTS[ROLE] = _parts
replay.BESIDE[ROLE] = _beside
understand.READERS |= {ROLE: _read_entered, LOOKED: _read_nothing, "picture": _read_nothing}
