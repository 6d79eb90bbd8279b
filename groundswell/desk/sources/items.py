"""From what was read to items: identity, times in UTC, private authors hashed, mentions masked. After this no name is left.

One rule gives an item its key, whether it comes live, in an import or in a replay: the source's slug and the item's own
identity, which is its canonical address, for a post of a thread the address and its floor, for a comment its post and text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from groundswell.desk.sources.models import Source
from groundswell.desk.stream.voices import voice_of
from groundswell.engine.read import entry_text
from groundswell.engine.read.dates import stamp_to_utc
from groundswell.engine.records import Comment, Entry, Fetched, Item, Page, Post
from groundswell.engine.text.identity import canonical_url, item_key
from groundswell.engine.text.mentions import mask_mentions

FUTURE_GRACE_HOURS = 26  # a source's clock may be a zone off; later than that is a misread date


@dataclass(frozen=True)
class Origin:
    """Where and when something was read."""

    source: Source
    zone: str
    at: datetime
    archive: str = ""
    keep: frozenset[str] = frozenset()  # names of institutions that mentions may keep


def from_page(page: Page, fetched: Fetched, origin: Origin) -> Iterator[Item]:
    """The items of PAGE: the article, or the posts of a thread with their comments."""
    url = page.url or fetched.final_url
    if page.posts:
        yield from _thread(page, url, origin, fetched.part_of)
    elif page.text.strip():
        yield _item(
            origin,
            identity=canonical_url(url),
            url=url,
            title=page.title,
            text=page.text,
            stamp=page.published_at,
            author=page.author,
            kind="article",
            reads=page.reads,
            likes=page.likes,
        )


def _thread(page: Page, url: str, origin: Origin, part_of: str) -> Iterator[Item]:
    """Posts in their order. On a later page of the thread (PART_OF is its first) all posts answer the opening one, and one
    without a floor is told from the others by what it says: its place on the page is not its place in the thread."""
    first = canonical_url(part_of or url)
    opener = item_key(origin.source.slug, first) if part_of else ""
    for place, post in enumerate(page.posts):
        floor = post.floor if post.floor is not None or part_of else place + 1
        opens = floor in (0, 1)
        identity = first if opens else f"{first}#{floor}" if floor is not None else f"{first}#{_mark(post)}"
        item = _post(post, identity, page, url, origin, "" if opens else opener, None if part_of else len(page.posts) - 1)
        if opens:
            opener = item.key
        yield item
        for comment in post.comments:
            yield _comment(comment, identity, item.key, url, origin)


def _mark(said: Post | Comment) -> str:
    return blake2b(f"{said.published_at}\n{said.text}".encode(), digest_size=8).hexdigest()


def _post(post: Post, identity: str, page: Page, url: str, origin: Origin, opener: str, answers: int | None) -> Item:
    opens = "#" not in identity.rsplit("/", 1)[-1]
    return _item(
        origin,
        identity=identity,
        url=url,
        title=page.title if opens else "",
        text=post.text,
        stamp=post.published_at,
        author=post.author,
        kind="post" if opens else "reply",
        parent="" if opens else opener,
        likes=post.likes,
        reads=page.reads if opens else None,
        comments=answers if opens else None,
    )


def _comment(comment: Comment, identity: str, parent: str, url: str, origin: Origin) -> Item:
    return _item(
        origin,
        identity=f"{identity}/{_mark(comment)}",
        url=url,
        title="",
        text=comment.text,
        stamp=comment.published_at,
        author=comment.author,
        kind="comment",
        parent=parent,
    )


def from_entry(entry: Entry, origin: Origin, identity: str = "") -> Item | None:
    """The item of a feed entry, None where it says nothing. IDENTITY tells it from the others of its feed (default: its address)."""
    text = entry_text(entry)
    if not text.strip() and not entry.title.strip():
        return None
    identity = identity or (canonical_url(entry.url) if entry.url else entry.id)
    return _item(
        origin,
        identity=identity,
        url=entry.url,
        title=entry.title,
        text=text,
        stamp=entry.published_at or entry.updated_at,
        author=entry.author,
        kind="article",
    )


def from_row(row: dict[str, Any], origin: Origin, number: int) -> Item:
    """The item of a row of a file (JSONL, CSV, XLSX): named columns, everything optional but a text or title."""
    url = str(row.get("url") or "")
    identity = str(row.get("id") or "") or (canonical_url(url) if url else "") or _content_identity(row, number)
    return _item(
        origin,
        identity=identity,
        url=url,
        title=str(row.get("title") or ""),
        text=str(row.get("text") or ""),
        stamp=str(row.get("published_at") or row.get("time") or ""),
        author=str(row.get("author") or ""),
        kind=str(row.get("kind") or "article"),
        reads=_count(row.get("reads")),
        likes=_count(row.get("likes")),
        comments=_count(row.get("comments")),
        reposts=_count(row.get("reposts")),
    )


def by_hand(origin: Origin, *, title: str, text: str, url: str, stamp: str, author: str, **counts: int | None) -> Item:
    """An item that a person entered."""
    identity = canonical_url(url) if url else _content_identity({"title": title, "text": text}, 0)
    return _item(origin, identity=identity, url=url, title=title, text=text, stamp=stamp, author=author, kind="entered", **counts)  # type: ignore[arg-type]


def _content_identity(row: dict[str, Any], number: int) -> str:
    text = "\n".join(str(row.get(name) or "") for name in ("title", "text", "published_at", "time"))
    return "text:" + blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _item(
    origin: Origin,
    *,
    identity: str,
    url: str,
    title: str,
    text: str,
    stamp: str,
    author: str,
    kind: str,
    parent: str = "",
    **counts: int | None,
) -> Item:
    source = origin.source
    published, _ = stamp_to_utc(stamp, origin.zone)
    if published and (published - origin.at).total_seconds() > FUTURE_GRACE_HOURS * 3600:
        published, stamp = None, ""
    named = source.institutional
    return Item(
        key=item_key(source.slug, identity),
        source=source.slug,
        channel=source.channel,
        kind=kind,
        url=url,
        title=mask_mentions(title, keep=origin.keep).strip(),
        text=mask_mentions(text, keep=origin.keep).strip(),
        published_at=published or origin.at,
        published_stamp=stamp,
        collected_at=origin.at,
        author=author.strip() if named else "",
        voice="" if named else voice_of(author, source.slug, published or origin.at),
        institutional=named,
        parent=parent,
        archive=origin.archive,
        **counts,
    )


def _count(value: Any) -> int | None:
    """ "1.2万" → 12000; None where there is no number."""
    if value is None or value == "":
        return None
    text = str(value).strip().replace(",", "")
    scale = 10_000 if text.endswith("万") else 100_000_000 if text.endswith("亿") else 1
    try:
        return int(float(text.rstrip("万亿")) * scale)
    except (ValueError, OverflowError):  # no number, or none that is finite
        return None
