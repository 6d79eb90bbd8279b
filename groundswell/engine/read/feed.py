"""Feeds: RSS 0.9 to 2.0, RDF, Atom, JSON Feed. A strict parser first, a forgiving one for what it refuses."""
# ruff: noqa: E501 (a pattern or a table stays one line)

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

import orjson

from groundswell.engine.read.dates import EARLIEST, LATEST, read_stamp, write_stamp, zone_of
from groundswell.engine.read.decode import decode
from groundswell.engine.read.errors import ReadError
from groundswell.engine.read.feed_xml import ENTRIES, XmlFeed, parse_xml, recover_xml
from groundswell.engine.read.plain import plain_text, tidy
from groundswell.engine.records import Entry, Feed

ENTITY = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)
RFC_822 = re.compile(r"^(?:[A-Za-z]{3},?\s+)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? ([+-]\d{4}|GMT|UTC?|Z)$")
MONTHS = {name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}  # noqa: SIM905
BLANKS = re.compile(r"(?<!\s)\s{100,}")
TAGGED = re.compile(rb"<(?:[\w.-]{1,30}:)?(?:category|subject|keywords|tags)(?![\w.-])[^<>]*+>(?:\s*+<!\[CDATA\[)?+([^<]*+)", re.IGNORECASE)
LONGEST_DECLARATION = 500  # characters
AS_UTF8 = {"content-type": "application/xml; charset=utf-8"}

MAX_ENTRIES = 2000
MOST_FORGIVEN_TAGS = 2000  # of one entry; the forgiving parser looks for each among all before it
MAX_FORGIVEN = 2 * 1024 * 1024
MAX_BYTES = 16 * 1024 * 1024


def read_feed(body: bytes, *, url: str = "", charset: str = "", zone: str = "Asia/Shanghai") -> Feed:
    """The entries of a feed. Raises ReadError: empty, too_large, entities (a document that declares entities), broken, not_feed."""
    if not body.strip():
        raise ReadError("empty")
    if len(body) > MAX_BYTES:
        raise ReadError("too_large", size=len(body), limit=MAX_BYTES)
    head = body.lstrip()[:1]
    if head in (b"{", b"["):
        return _json(body, zone)
    if ENTITY.search(body[:65536].replace(b"\x00", b"")):  # also where each letter has two bytes
        raise ReadError("entities")
    strict = parse_xml(body, MAX_ENTRIES)
    if strict is not None and strict.entries:
        return _of_strict(strict, url, zone)
    parsed = _forgiving(body, charset)
    if (parsed is None or not parsed[1]) and ENTRIES.search(body):
        if (saved := recover_xml(decode(body, limit_bytes=MAX_BYTES), MAX_ENTRIES)) is not None:
            return _of_strict(saved, url, zone)
        if parsed is not None and strict is None:
            raise ReadError("broken", reason="XML")
    if parsed is None:
        raise ReadError("not_feed")
    channel, entries, version = parsed
    return Feed(
        version=version,
        title=tidy(plain_text(str(channel.get("title") or ""))),
        url=str(channel.get("link") or url),
        lang=str(channel.get("language") or ""),
        hub=_hub(channel),
        entries=tuple(_entry(row, zone, str(channel.get("link") or url) or url) for row in entries[:MAX_ENTRIES]),
    )


Parsed = tuple[Mapping[str, Any], list[Any], str]


def _of_strict(feed: XmlFeed, url: str, zone: str) -> Feed:
    channel = feed.channel
    base = channel.link or url
    return Feed(
        version=feed.version,
        title=tidy(plain_text(channel.title)),
        url=base,
        lang=channel.lang,
        hub=channel.hub,
        entries=tuple(
            Entry(
                id=raw.id or raw.link or raw.title,
                url=_absolute(base or url, raw.link),
                title=tidy(plain_text(raw.title)),
                summary=raw.summary or "",
                content=raw.content[0] if raw.content else "",
                published_at=_stamp(raw.published or raw.created, zone),
                updated_at=_stamp(raw.updated, zone),
                author=raw.author,
                tags=tuple(term for term, _, _ in raw.tags if term),
            )
            for raw in feed.entries
        ),
    )


def _without_prolog(text: str) -> str:
    """A document without its XML declaration and long blanks: what feedparser looks for there takes it the square of a long line."""
    text = text.lstrip()
    if text.startswith("<?"):
        end = text.find("?>", 2, LONGEST_DECLARATION)
        text = text[end + 2 :] if end > 0 else text[2:]
    return BLANKS.sub(" ", text)


def _tags_of(entry: bytes) -> int:
    """How many tags the markup of an entry holds, at the most."""
    return sum(1 + found[1].count(b",") for found in TAGGED.finditer(entry))


def _forgiving(body: bytes, charset: str) -> Parsed | None:
    if len(body) > MAX_FORGIVEN:
        return None  # the forgiving parser takes a second for two million bytes
    import feedparser

    try:
        document = _without_prolog(decode(body, charset, limit_bytes=MAX_BYTES)).encode()
        if any(_tags_of(entry) > MOST_FORGIVEN_TAGS for entry in ENTRIES.split(document)[::2]):  # prefixes stand between
            return None
        feed = feedparser.parse(BytesIO(document), response_headers=AS_UTF8)  # of bare bytes it would open the file that they name
    except ReadError:
        raise
    except Exception:  # broken bytes bring it down in many ways
        return None
    version = str(feed.get("version") or "")
    if not feed.entries and not version:
        return None
    return feed.feed, list(feed.entries), version


def _entry(row: Any, zone: str, base: str) -> Entry:
    content = row.get("content") or []
    body = str(content[0].get("value") or "") if content and isinstance(content, list) else ""
    summary = str(row.get("summary") or row.get("description") or "")
    link = _absolute(base, str(row.get("link") or "").strip())
    return Entry(
        id=str(row.get("id") or link or row.get("title") or ""),
        url=link,
        title=tidy(plain_text(str(row.get("title") or ""))),
        summary=summary,
        content=body,
        published_at=_stamp(row.get("published") or row.get("created") or row.get("issued"), zone),
        updated_at=_stamp(row.get("updated") or row.get("modified"), zone),
        author=str(row.get("author") or "").strip(),
        tags=tuple(str(tag.get("term") or "") for tag in row.get("tags") or [] if isinstance(tag, Mapping) and tag.get("term")),
    )


def entry_text(entry: Entry) -> str:
    """What an entry says, as plain text: its content, or its summary where that says more. Markup is only unfolded here, for few entries of a feed are new."""
    content, summary = plain_text(entry.content), plain_text(entry.summary) if entry.summary != entry.content else ""
    return content if len(content) >= len(summary) else summary


def _absolute(base: str, link: str) -> str:
    """LINK as a web address, "" where it leads elsewhere (scripts, files)."""
    if link.startswith(("http://", "https://")):
        return link
    try:
        address = urljoin(base, link) if link else ""
        return address if urlsplit(address).scheme in ("http", "https", "") else ""
    except ValueError:
        return ""


def _stamp(value: Any, zone: str) -> str:
    """In ZONE where the feed writes UTC: the wall time that readers of the source know."""
    if not value:
        return ""
    text = str(value)
    moment = _written(text)
    if moment is None:
        stamp = read_stamp(text, zone=zone)
        return write_stamp(datetime.fromisoformat(stamp).astimezone(zone_of(zone))) if stamp.endswith("+00:00") else stamp
    return write_stamp(moment if moment.utcoffset() else moment.astimezone(zone_of(zone)))


def _written(text: str) -> datetime | None:
    """The two ways in which most feeds write a time with its offset; None for others."""
    found = RFC_822.match(text)
    try:
        if not found:
            moment = datetime.fromisoformat(text) if len(text) > 18 and text[4] == "-" else None
            return moment if moment is not None and moment.tzinfo and EARLIEST <= moment.year <= LATEST else None
        day, month, year, hour, minute, second, offset = found.groups()
        minutes = int(offset[1:3]) * 60 + int(offset[3:]) if offset[0] in "+-" else 0
        zone = timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))
        return datetime(int(year), MONTHS[month.title()], int(day), int(hour), int(minute), int(second or 0), tzinfo=zone)
    except (ValueError, KeyError):
        return None


def _hub(channel: Mapping[str, Any]) -> str:
    for link in channel.get("links") or []:
        if isinstance(link, Mapping) and link.get("rel") == "hub":
            return str(link.get("href") or "")
    return ""


def _json(body: bytes, zone: str) -> Feed:
    """JSON Feed 1 and 1.1 (jsonfeed.org)."""
    try:
        data = orjson.loads(decode(body, limit_bytes=MAX_BYTES).encode())
    except orjson.JSONDecodeError as error:
        raise ReadError("broken", reason=str(error)[:100]) from None
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise ReadError("not_feed")
    rows = [row for row in data["items"] if isinstance(row, dict)]
    hubs = [hub for hub in data.get("hubs") or [] if isinstance(hub, dict)]
    version = "json11" if "1.1" in str(data.get("version")) else "json1"
    return Feed(
        version=version,
        title=str(data.get("title") or ""),
        url=str(data.get("home_page_url") or ""),
        lang=str(data.get("language") or ""),
        hub=str(hubs[0].get("url") or "") if hubs else "",
        entries=tuple(_json_entry(row, zone) for row in rows[:MAX_ENTRIES]),
    )


def _json_entry(row: dict[str, Any], zone: str) -> Entry:
    authors = row.get("authors") or ([row["author"]] if isinstance(row.get("author"), dict) else [])
    html, text = str(row.get("content_html") or ""), str(row.get("content_text") or "")
    return Entry(
        id=str(row.get("id") or row.get("url") or ""),
        url=str(row.get("url") or row.get("external_url") or ""),
        title=str(row.get("title") or ""),
        summary=str(row.get("summary") or ""),
        content=html or text,
        published_at=_stamp(row.get("date_published"), zone),
        updated_at=_stamp(row.get("date_modified"), zone),
        author=str(authors[0].get("name") or "") if authors and isinstance(authors[0], dict) else "",
        tags=tuple(str(tag) for tag in row.get("tags") or []),
    )
