"""When a page was published: what stands between its title and its body, then what it declares, then any date it shows."""
# ruff: noqa: E501 (a pattern or a table stays one line)

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from groundswell.engine.read.dates import read_stamp, write_stamp, zone_of
from groundswell.engine.read.layout import Layout
from groundswell.engine.read.tree import PageTree, split_address

META = (
    "article:published_time", "og:published_time", "pubdate", "publishdate", "publish-date", "publish_date", "datepublished", "og:release_date", "date", "dc.date",
    "dc.date.issued", "dcterms.created", "firstpublishedtime", "weibo: article:create_at", "article:create_at", "apub:time", "bytedance:published_time",
    "parsely-pub-date", "sailthru.date", "publication_date", "created", "og:time",
)  # fmt: skip
SHOWN = re.compile(
    r"(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?(?:[T\s|｜,，]*(?:(?:星期|周)[一二三四五六日天]\s*)?(?:上午|下午|晚上|凌晨)?\s*\d{1,2}\s*[:：时点]\s*\d{2}(?:\s*[:：分]\s*\d{2})?)?"
)  # fmt: skip
SHORT_YEAR = re.compile(
    r"(?<!\d)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}\s+\d{1,2}:\d{2}(?!\d)|(?<![\d.-])\d{1,2}[-/月]\d{1,2}日?\s+\d{1,2}:\d{2}(?!\d)"
)
SPOKEN = re.compile(r"(?:\d{1,3}|半)\s*(?:个)?(?:秒钟?|分钟|小时|天)前|刚刚|(?:今天|昨天|前天)\s*\d{1,2}:\d{2}")
ENGLISH = re.compile(
    r"(?:\d{1,2}(?:st|nd|rd|th)?\s+)?\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,?\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?(?:19|20)\d{2}(?:[,\s]+(?:at\s+)?\d{1,2}:\d{2}(?:\s*[ap]\.?m)?)?",
    re.I,
)  # fmt: skip
OF_TIME = re.compile(r"[\d半刚]")  # one of them stands in whatever the four patterns find
SHORTEST_TITLE, MOST_PLACES = 6, 12
MIDNIGHT = re.compile(r"[T ]00:00(?::00)?")  # of a day without a time, as programs write it
SCRIPT_NAMES = (
    "datePublished", "date_published", "publishTime", "publish_time", "published_time", "publishDate", "publish_date", "publishdate", "publishAt", "publishedAt",
    "published_at", "pubTime", "pubtime", "pub_time", "pubDate", "pubdate", "ptime", "newsTime", "news_time", "releaseDate", "release_time", "createTime",
    "create_time", "dateCreated", "createdAt", "created_at", "showTime", "uploadDate", "cTime", "ctime",
)  # fmt: skip
# One of these stands in each of the names: six searches of a long page instead of thirty.
PARTS = ("ublish", "time", "Time", "Date", "reated", "pubdate")
NAMES_WITH = {part: [name for name in SCRIPT_NAMES if part == next(each for each in PARTS if each in name)] for part in PARTS}
SCRIPT_VALUE = re.compile(r"[\"']?\s*[:=]\s*[\"']?([^\"',};<>]{8,40})")
EPOCH = re.compile(r"^1\d{9}(?:\d{3})?$")
EPOCH_ATTRIBUTES = (
    "data-time",
    "data-timestamp",
    "data-date",
    "data-publish-time",
    "data-pubtime",
    "data-utime",
    "timestamp",
    "t",
    "data-ts",
    "data-published",
)
HINT = re.compile(r"发布|发表|日期|时间|更新|时间[:：]|posted|published", re.I)
IN_ADDRESS = re.compile(r"(?<!\d)((?:19|20)\d{2})[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?!\d)")
AROUND_TITLE = 5  # blocks before it
FAR_FROM_TITLE = 14  # blocks after it, where the body is not found
FIRST_LINES = 2  # of the body
FARTHEST = 40
LONGEST_NOTE = 60  # characters of a line of the body that is no sentence of it
DATELINE = re.compile(r"^.{0,20}(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s+\d{1,2}:\d{2}")
LONGEST_LINE = 240  # characters of a line that shows a time
LATER = 3000  # characters of the page in which any date is taken at last


def published_at(tree: PageTree, layout: Layout, body: Sequence[int], told: list[str], title: str, now: datetime | None, zone: str) -> str:
    """The first candidate that knows the minute, else the first that knows the day. TOLD are texts that the source's own selector found."""
    day = ""
    for text in _candidates(tree, layout, body, told, title):
        stamp = _local(read_stamp(text, now=now, zone=zone, words=False), zone)
        if len(stamp) > 10 and not (MIDNIGHT.search(stamp) and MIDNIGHT.search(text)):
            return stamp if not day or stamp.startswith(day) else day
        day = day or stamp[:10]
    return day


def _local(stamp: str, zone: str) -> str:
    """A time that a program wrote in UTC, as the readers of the source know it."""
    return write_stamp(datetime.fromisoformat(stamp).astimezone(zone_of(zone))) if stamp.endswith("+00:00") else stamp


def _candidates(tree: PageTree, layout: Layout, body: Sequence[int], told: list[str], title: str) -> Iterator[str]:
    """Texts that may be the time, the surest first."""
    yield from told
    yield from _beside_title(layout, body)
    yield from (tree.meta[name] for name in META if tree.meta.get(name))
    yield from (node.attributes.get("datetime") or node.text() for node in tree.quick.css("time")[:2])
    yield from _in_scripts(tree.source, title)
    yield from _attributes(tree)
    yield from _hinted(layout, body)
    yield from (found[0] for found in islice(SHOWN.finditer(tree.text, 0, LATER), 2))
    yield from (found[0] for found in islice(ENGLISH.finditer(tree.text, 0, LATER), 1))
    yield from ("-".join(found.groups()) for found in islice(IN_ADDRESS.finditer(split_address(tree.url).path if tree.url else ""), 1))


def _beside_title(layout: Layout, body: Sequence[int]) -> list[str]:
    """Times that stand between the title and the body, at the body's beginning, or just before the title; a spoken one where there is no other."""
    title = layout.title_at
    if title < 0 and not body:
        return []
    start = title if title >= 0 else max(0, body[0] - AROUND_TITLE)
    first = next((place for place in body if place >= start), -1)
    end = first + FIRST_LINES if first >= 0 else start + FAR_FROM_TITLE
    after = [layout.blocks[place].text for place in range(start, min(end, start + FARTHEST, len(layout.blocks)))]
    after = [text for place, text in enumerate(after, start) if place not in body or len(text) < LONGEST_NOTE or DATELINE.match(text)]
    before = [layout.blocks[place].text for place in range(max(0, start - AROUND_TITLE), start)]
    after, before = ([line for line in lines if OF_TIME.search(line)] for lines in (after, before))
    return next(
        (
            found
            for pattern in (SHOWN, ENGLISH, SHORT_YEAR, SPOKEN)
            if (found := _found(pattern, after)[:1] or _found(pattern, before)[-1:])
        ),
        [],
    )


def _found(pattern: re.Pattern[str], lines: list[str]) -> list[str]:
    return [hit[0] for line in lines for hit in pattern.finditer(line[:LONGEST_LINE])]


def _in_scripts(source: str, title: str) -> list[str]:
    """What scripts call the time of publication: JSON-LD, and the variables that a page is completed from; the nearest to the title first."""
    said = [
        (place, value[1].strip())
        for name, places in _named(source).items()
        for place in places
        if (value := SCRIPT_VALUE.match(source, place + len(name)))
    ]
    titles = _places(source, title) if said and len(title) >= SHORTEST_TITLE else []
    return [value for _, value in sorted(said, key=lambda pair: min((abs(pair[0] - each) for each in titles), default=0))]


def _named(source: str) -> dict[str, list[int]]:
    """Where each of SCRIPT_NAMES stands, the first few places."""
    found: dict[str, list[int]] = {name: [] for name in SCRIPT_NAMES}
    for part, names in NAMES_WITH.items():
        starts = [(name, name.index(part)) for name in names]
        place = source.find(part)
        while place >= 0:
            for name, before in starts:
                if place >= before and source.startswith(name, place - before) and len(found[name]) < MOST_PLACES:
                    found[name].append(place - before)
            place = source.find(part, place + 1)
    return found


def _places(source: str, word: str) -> list[int]:
    """Where WORD stands, the first few places."""
    found: list[int] = []
    place = source.find(word)
    while place >= 0 and len(found) < MOST_PLACES:
        found.append(place)
        place = source.find(word, place + 1)
    return found


def _attributes(tree: PageTree) -> list[str]:
    """Seconds since 1970 in an attribute that is named after time."""
    found = []
    for name in EPOCH_ATTRIBUTES:
        node = tree.quick.css_first(f"[{name}]")
        said = (node.attributes.get(name) or "").strip() if node is not None else ""
        if EPOCH.match(said):
            found.append(said)
    return found


def _hinted(layout: Layout, body: Sequence[int]) -> list[str]:
    """Lines that say themselves that they are of the time, those near the body first."""
    middle = body[-1] if body else 0
    lines = [
        (abs(place - middle), hit[0])
        for place, block in enumerate(layout.blocks)
        if len(block.text) < LONGEST_LINE and OF_TIME.search(block.text) and (hit := SHOWN.search(block.text)) and HINT.search(block.text)
    ]
    return [text for _, text in sorted(lines)[:2]]
