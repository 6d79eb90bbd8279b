"""The records that travel through the house: frozen structs, no behaviour.

Times are aware ``datetime`` in UTC unless a field says otherwise. ``stamp`` fields are strings in
the contract's written form: the source's wall time with its offset (``2026-11-23T16:05:00+08:00``)
or only the day (``2026-11-23``) where only the day is known. Confidences are 0–1.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct, field

# ---------------------------------------------------------------- collect: what came over the wire


class SourceSpec(Struct, frozen=True, kw_only=True):
    """What a collector must know of a source; the register's row without the register."""

    slug: str
    kind: str  # feed | list | board | sitemap | page | files
    address: str  # URL, or a folder path for ``files``
    options: dict[str, Any] = {}  # per kind: selector, pages, follow, accept, charset, ...
    etag: str = ""
    last_modified: str = ""
    content_hash: str = ""  # of the body seen last; equal means unchanged
    zone: str = "Asia/Shanghai"


class Fetched(Struct, frozen=True, kw_only=True):
    """One response, whole, as it was received; ``archive`` tells where its bytes lie."""

    url: str  # as asked
    final_url: str  # after redirects
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes  # content-decoded, transfer-decoded
    fetched_at: datetime
    content_type: str = ""
    charset: str = ""  # from the header, lower case, "" where not given
    archive: str = ""  # "file.warc.gz:offset" once it is on disk
    content_hash: str = ""  # blake2b-16 hex of the body
    address: str = ""  # IP address that answered
    request_headers: tuple[tuple[str, str], ...] = ()  # as sent, for the evidence
    source: str = ""  # slug of the source it was fetched for: replay needs no database
    role: str = ""  # what it was asked as: feed | list | board | thread | sitemap | page | file
    part_of: str = ""  # address of the thread's or article's first page, where this is a later one


# ---------------------------------------------------------------- read: what stands in the bytes


class Comment(Struct, frozen=True, kw_only=True):
    text: str
    published_at: str = ""  # stamp
    author: str = ""  # in memory only: never stored, see engine.text.mentions


class Post(Struct, frozen=True, kw_only=True):
    text: str
    published_at: str = ""  # stamp
    floor: int | None = None
    author: str = ""
    likes: int | None = None
    comments: tuple[Comment, ...] = ()


class Row(Struct, frozen=True, kw_only=True):
    """A line of a list that leads to a page of its own."""

    title: str
    url: str = ""
    published_at: str = ""  # stamp: when the thread or article was opened
    reply_count: int | None = None
    read_count: int | None = None


PageKind = Literal["article", "thread", "thread_list", "link_list", "search_result", "comments"]


class Page(Struct, frozen=True, kw_only=True):
    """What one HTML page says."""

    kind: PageKind
    url: str = ""
    title: str = ""
    text: str = ""
    published_at: str = ""  # stamp
    site: str = ""
    lang: str = ""
    author: str = ""
    reads: int | None = None
    likes: int | None = None
    posts: tuple[Post, ...] = ()
    rows: tuple[Row, ...] = ()
    next_url: str = ""  # the next page of a thread or list
    confidence: float = 1.0
    reader: str = ""  # which reader gave it: quick, careful, ...


class Entry(Struct, frozen=True, kw_only=True):
    """One entry of a feed."""

    id: str
    url: str = ""
    title: str = ""
    summary: str = ""  # markup as the feed has it; read.entry_text makes plain text
    content: str = ""  # likewise
    published_at: str = ""  # stamp
    updated_at: str = ""  # stamp
    author: str = ""
    tags: tuple[str, ...] = ()


class Feed(Struct, frozen=True, kw_only=True):
    version: str  # rss20, rss10, atom10, json11, ... as feedparser names them
    title: str = ""
    url: str = ""
    lang: str = ""
    hub: str = ""
    entries: tuple[Entry, ...] = ()


# ---------------------------------------------------------------- items: what is judged


ItemKind = Literal["article", "post", "reply", "comment", "notice", "message", "entered"]


class Item(Struct, frozen=True, kw_only=True):
    """One published piece, ready to be judged. No private author's name is in it."""

    key: str  # 32 hex digits, see item_key()
    source: str = ""  # slug of the source
    channel: str = ""  # news | forum | board | microblog | blog | video | mail | file | entered
    kind: str = "article"
    url: str = ""
    title: str = ""
    text: str = ""
    published_at: datetime | None = None
    published_stamp: str = ""  # as the source shows it; day only where only the day is known
    collected_at: datetime | None = None
    author: str = ""  # institutions and media only
    voice: str = ""  # keyed hash of a private author, "" where none
    institutional: bool = False  # the source is a medium, a public body, an institutional account
    parent: str = ""  # key of the post this answers
    reads: int | None = None
    likes: int | None = None
    comments: int | None = None
    reposts: int | None = None
    archive: str = ""


# ---------------------------------------------------------------- knowledge: what the body is


class Body(Struct, frozen=True, kw_only=True):
    name: str
    aliases: tuple[str, ...] = ()
    zone: str = "Asia/Shanghai"


class Unit(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    aliases: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    parent: str | None = None


class Place(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    kind: str = "town"
    aliases: tuple[str, ...] = ()
    within: str | None = None
    not_when: tuple[str, ...] = ()  # words that say it is another place of that name
    unit: str | None = None  # the unit that answers for it


class WatchSpec(Struct, frozen=True, kw_only=True):
    id: str
    name: str = ""
    query: str = ""
    unit: str | None = None


class Slang(Struct, frozen=True, kw_only=True):
    word: str
    means: str = ""
    tone: str = ""  # negative | neutral | positive | ""


class SourceRecord(Struct, frozen=True, kw_only=True):
    """What the register knows of a source that bears on weight and trust."""

    slug: str
    name: str = ""
    channel: str = ""
    institutional: bool = False
    official: bool = False  # speaks for a public body
    trust: float = 0.5  # 0–1, the source's record
    unit: str | None = None
    place: str | None = None  # where the source is at home: settles same names


class Knowledge(Struct, frozen=True, kw_only=True):
    body: Body
    units: tuple[Unit, ...] = ()
    places: tuple[Place, ...] = ()
    watches: tuple[WatchSpec, ...] = ()
    slang: tuple[Slang, ...] = ()
    sources: tuple[SourceRecord, ...] = ()
    version: str = ""  # of the lexicon: hash of all words, see engine.text.tokens.lexicon_version


# ---------------------------------------------------------------- judgement


class Why(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One reason, as data: the screens render it in both languages."""

    code: str  # e.g. "unit.alias", "place.within", "level.harm_word", "watch.match"
    weight: float = 0.0
    args: dict[str, Any] = {}  # e.g. {"word": "水务局", "count": 2}


class Concern(Struct, frozen=True, kw_only=True):
    unit: str
    confidence: float
    why: tuple[Why, ...] = ()


class PlaceHit(Struct, frozen=True, kw_only=True):
    id: str
    confidence: float
    why: tuple[Why, ...] = ()


class Sentiment(Struct, frozen=True, kw_only=True):
    label: Literal["negative", "neutral", "positive"]
    confidence: float
    unsure: bool = False
    why: tuple[Why, ...] = ()


class Level(Struct, frozen=True, kw_only=True):
    """Opinion level 1 (especially major) to 4 (general); factors each 0–100."""

    value: int
    confidence: float
    score: float = 0.0
    factors: dict[str, float] = {}  # safety, speed, reach, people, tone, credibility
    why: tuple[Why, ...] = ()


class Credibility(Struct, frozen=True, kw_only=True):
    label: Literal["high", "medium", "low"]
    score: float
    why: tuple[Why, ...] = ()


class Judged(Struct, frozen=True, kw_only=True):
    """What ``judge_items`` says of one item."""

    key: str
    lang: str
    tokens: tuple[str, ...]  # what search indexes
    signature: bytes  # for near-duplicates and grouping
    about_us: bool
    concerns: tuple[Concern, ...] = ()
    places: tuple[PlaceHit, ...] = ()
    watches: tuple[str, ...] = ()
    sentiment: Sentiment = Sentiment(label="neutral", confidence=0.0, unsure=True)
    toward_body: Sentiment = Sentiment(label="neutral", confidence=0.0, unsure=True)
    level: Level = Level(value=4, confidence=0.0)
    credibility: Credibility = Credibility(label="medium", score=0.5)
    advert: bool = False
    why: tuple[Why, ...] = ()
    lexicon: str = ""  # version of the lexicon it was made with


# ---------------------------------------------------------------- stories


class StoryChange(Struct, frozen=True, kw_only=True):
    """What ``grow_stories`` says of one item, in order of arrival."""

    key: str  # of the item
    story: str  # engine id of the story it joins or founds
    new: bool  # founds it
    confidence: float
    duplicate_of: str = ""  # key of the first of its kind
    suggest: str = ""  # a story that a person might join it to
    suggest_confidence: float = 0.0
    why: tuple[Why, ...] = ()


class Heat(Struct, frozen=True, kw_only=True):
    """Counts per bucket, oldest first; the last bucket is the running one."""

    bucket_minutes: int
    start: datetime
    counts: tuple[int, ...]


class Outlook(Struct, frozen=True, kw_only=True):
    """The sum of the next hours: items expected, their 80 % band, and how many there were in as many hours before ("no change")."""

    hours: int
    expected: float
    low80: float
    high80: float
    unchanged: float


class NextLevel(Struct, frozen=True, kw_only=True):
    """When a story may need more attention: how many more items would raise its level, and how likely they come within 12 hours."""

    value: int  # the level that it would have
    items: int
    chance: float  # 0–1
    at: datetime | None = None  # when they are expected to have come; None: not within 12 hours


class Burst(Struct, frozen=True, kw_only=True):
    """The last hour beside the same hour before; None where the story was not there yet."""

    hour: int
    yesterday: int | None = None
    last_week: int | None = None


class Forecast(Struct, frozen=True, kw_only=True):
    """Per bucket after the last observed one: median and the 50 % and 80 % bands."""

    bucket_minutes: int
    start: datetime
    median: tuple[float, ...]
    low50: tuple[float, ...]
    high50: tuple[float, ...]
    low80: tuple[float, ...]
    high80: tuple[float, ...]
    above: float = 1.0  # last full bucket over the upper 80 % bound forecast for it
    peak_at: datetime | None = None
    trend: Literal["rising", "steady", "falling", "new", "quiet"] = "steady"
    outlook: Outlook | None = None
    why: tuple[Why, ...] = ()


class DigestSentence(Struct, frozen=True, kw_only=True):
    text: str
    item: str  # key of the item it stands in


class Digest(Struct, frozen=True, kw_only=True):
    title: str = ""
    sentences: tuple[DigestSentence, ...] = ()


class Scored(Struct, frozen=True, kw_only=True):
    """What ``score_story`` says of a story as a whole."""

    level: Level
    credibility: Credibility
    heat: Heat
    forecast: Forecast | None
    digest: Digest
    tone: dict[str, int] = field(default_factory=dict)  # label -> items
    unit: Concern | None = None
    units: tuple[Concern, ...] = ()
    places: tuple[tuple[str, int], ...] = ()  # place id, items
    silence: Why | None = None  # why there is no forecast
    next_level: NextLevel | None = None
    burst: Burst = Burst(hour=0)
