"""From a response to what it says and where it leads: the one function of the live run, the try-out and the replay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from groundswell.collect.errors import Failed
from groundswell.collect.kinds import Link
from groundswell.desk.sources.items import Origin, from_entry, from_page, from_row
from groundswell.engine.read import ReadError, read_feed, read_page, read_sitemap, read_table, stamp_to_utc
from groundswell.engine.records import Entry, Fetched, Item, Row
from groundswell.engine.text.identity import canonical_url

SITEMAP_DAYS = 30  # addresses of a sitemap that changed longer ago are not read
PAGE_ROLES = {"list": "list", "board": "board", "thread": "thread"}


@dataclass
class Understood:
    """Items, links (not yet compared with what is known), replies by address, entries kept in reserve, faults."""

    items: list[Item] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    replies: dict[str, int | None] = field(default_factory=dict)  # thread address → replies as the board shows them
    reserve: dict[str, Item] = field(default_factory=dict)  # address → the feed's own text, where its page cannot be had
    faults: list[Failed] = field(default_factory=list)
    seen: int = 0


def understand(fetched: Fetched, origin: Origin) -> Understood:
    """Read FETCHED by its role. A page that cannot be read is a fault, never an exception."""
    found = Understood()
    try:
        READERS.get(fetched.role, _page)(fetched, origin, found)
    except ReadError as error:
        found.faults.append(_fault(error, fetched))
    return found


def _fault(error: ReadError, fetched: Fetched) -> Failed:
    return Failed(url=fetched.url, cause=error.cause, mend=error.mend, args=dict(error.filling), at=fetched.fetched_at)


def _feed(fetched: Fetched, origin: Origin, found: Understood) -> None:
    feed = read_feed(fetched.body, url=fetched.final_url, charset=fetched.charset)
    follows = origin.source.options.get("follow") is True
    identities = _identities(feed.entries)
    for entry, identity in zip(feed.entries, identities, strict=True):
        item = from_entry(entry, origin, identity)
        if item is None:
            continue
        found.seen += 1
        if follows and entry.url and identity == canonical_url(entry.url):
            found.links.append(Link(url=entry.url))
            found.reserve[entry.url] = item
        else:
            found.items.append(item)


def _identities(entries: Sequence[Entry]) -> list[str]:
    """What tells each entry from the others: its address, else its own id, else the id with its time.

    Feeds whose links are all alike, or differ only behind ``#``, are told apart by their ids; those that repeat even the id by time.
    """
    told = [(canonical_url(entry.url) if entry.url else "", entry.id, entry.published_at or entry.updated_at) for entry in entries]
    by_address = Counter(address for address, _id, _time in set(told))
    by_id = Counter(each for _address, each, _time in set(told))
    return [
        address if address and by_address[address] == 1 else each if by_id[each] == 1 else f"{each}\n{time}" for address, each, time in told
    ]


def _sitemap(fetched: Fetched, origin: Origin, found: Understood) -> None:
    limit = origin.at - timedelta(days=int(origin.source.options.get("days") or SITEMAP_DAYS))
    for row in read_sitemap(fetched.body, url=fetched.final_url):
        found.seen += 1
        moment, _ = stamp_to_utc(row.published_at, origin.zone) if row.published_at else (None, False)
        if moment is None or moment >= limit:
            found.links.append(Link(url=row.url, role="sitemap" if row.title == "sitemap" else "page"))


def _rows(fetched: Fetched, origin: Origin, found: Understood) -> None:
    page = read_page(
        fetched.body,
        url=fetched.final_url,
        charset=fetched.charset,
        now=fetched.fetched_at,
        zone=origin.zone,
        kind=PAGE_ROLES[fetched.role],
        options=origin.source.options,
    )
    role = "thread" if fetched.role == "board" else "page"
    for row in page.rows:
        found.seen += 1
        found.links.append(Link(url=row.url, role=role))
        found.replies[row.url] = _replies(row)
    if page.next_url:
        found.links.append(Link(url=page.next_url, role="next"))
    if not page.rows:
        raise ReadError("nothing_found")


def _replies(row: Row) -> int | None:
    return row.reply_count


def _page(fetched: Fetched, origin: Origin, found: Understood) -> None:
    kind = "thread" if fetched.role == "thread" else "" if origin.source.kind == "page" else "article"
    page = read_page(
        fetched.body,
        url=fetched.final_url,
        charset=fetched.charset,
        now=fetched.fetched_at,
        zone=origin.zone,
        kind=kind,
        options=origin.source.options,
    )
    found.items += from_page(page, fetched, origin)
    found.seen += len(found.items)
    if page.next_url and page.posts:
        found.links.append(Link(url=page.next_url, role="next"))
    if not found.items:
        raise ReadError("nothing_found")


def _file(fetched: Fetched, origin: Origin, found: Understood) -> None:
    name = fetched.url.rsplit("/", 1)[-1]
    for number, row in enumerate(read_table(fetched.body, name=name), 1):
        if isinstance(row, ReadError):
            found.faults.append(_fault(row, fetched))
        else:
            found.items.append(from_row(row, origin, number))
            found.seen += 1


READERS = {"feed": _feed, "sitemap": _sitemap, "list": _rows, "board": _rows, "page": _page, "thread": _page, "file": _file}
