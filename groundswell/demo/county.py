"""Yunling county as data: its units, places and watches, its people, its 85 sources."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import yaml
from msgspec import Struct

from groundswell.engine.records import Knowledge, SourceRecord, SourceSpec

ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
NOW = datetime(2026, 11, 23, 16, 6, tzinfo=ZONE)  # where the demo's clock starts
START = datetime(2026, 9, 24, 16, 6, tzinfo=ZONE)  # 60 days before
SEED = 20261123
HOST = "127.0.0.1"
PORT0 = 8720  # the first of the demo web's ports, one for each of SITES
SITES = ("county", "bureaus", "towns", "press", "blogs", "forum", "bbs", "workers", "micro", "letters")


class Broken(Struct, frozen=True, kw_only=True):
    """How a source fails, and from when on."""

    how: str  # redesign | errors | malformed | silent
    since: datetime


class DemoSource(Struct, frozen=True, kw_only=True):
    """One row of the demo's register of sources."""

    slug: str
    name: str
    name_en: str
    owner: str
    channel: str  # news | forum | microblog | video | board
    kind: str  # feed | list | board | sitemap | page | manual
    site: str  # which port of the demo web, "" for what people enter
    path: str
    style: str  # which template its pages are drawn with
    interval: int  # minutes
    ground: str
    ground_en: str
    institutional: bool
    official: bool
    trust: float
    unit: str | None = None
    place: str | None = None
    weight: float = 1.0  # how much is written there, relative within its channel
    feed: str = ""  # rss | atom | json
    broken: Broken | None = None

    def record(self) -> SourceRecord:
        """The part of the row that bears on judgement."""
        return SourceRecord(
            slug=self.slug,
            name=self.name,
            channel=self.channel,
            institutional=self.institutional,
            official=self.official,
            trust=self.trust,
            unit=self.unit,
            place=self.place,
        )


class Person(Struct, frozen=True, kw_only=True):
    """One member of the staff."""

    id: str
    name: str
    name_en: str
    title: str
    title_en: str
    roles: tuple[str, ...]
    unit: str | None = None
    phone: str = ""
    shift: str = ""  # day | night | leader | relief
    fields: tuple[str, ...] = ()  # units that a leader is in charge of
    first: bool = False  # the first leader


def _load(name: str) -> Any:
    text = files("groundswell.demo").joinpath(name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def knowledge_path() -> str:
    """Where the county's knowledge file lies, for commands that take ``--knowledge``."""
    return str(files("groundswell.demo").joinpath("knowledge.yaml"))


@cache
def knowledge_data() -> dict[str, Any]:
    """The knowledge file as it is written, with the English names that the record leaves out."""
    data: dict[str, Any] = _load("knowledge.yaml")
    return data


@cache
def knowledge() -> Knowledge:
    """The county as the engine takes it, with the sources' records."""
    plain = dict(knowledge_data())
    plain["sources"] = [msgspec.to_builtins(source.record()) for source in sources()]
    return msgspec.convert(plain, Knowledge)


@cache
def sources() -> tuple[DemoSource, ...]:
    """All 85 sources, in the order of the register."""
    return msgspec.convert(_load("sources.yaml")["sources"], tuple[DemoSource, ...])


@cache
def source_named() -> dict[str, DemoSource]:
    """Slug to source."""
    return {source.slug: source for source in sources()}


@cache
def people() -> tuple[Person, ...]:
    """The staff: the desk, the leaders, one information officer for each unit."""
    return msgspec.convert(_load("people.yaml")["people"], tuple[Person, ...])


@cache
def office() -> dict[str, str]:
    """Name, English name, short name and telephone of the desk."""
    data: dict[str, str] = _load("people.yaml")["office"]
    return data


@cache
def places_within() -> dict[str, tuple[str, ...]]:
    """Town id to the ids of its estates, schools, roads and villages."""
    inside: dict[str, list[str]] = {}
    for place in knowledge_data()["places"]:
        if place["within"] not in (None, "yunling"):
            inside.setdefault(place["within"], []).append(place["id"])
    return {town: tuple(ids) for town, ids in inside.items()}


@cache
def place_names() -> dict[str, str]:
    """Place id to its name."""
    return {place["id"]: place["name"] for place in knowledge_data()["places"]}


def base_of(source: DemoSource, host: str = HOST, port0: int = PORT0) -> str:
    """``http://host:port`` of the site that shows a source; empty for one that people enter."""
    return f"http://{host}:{port0 + SITES.index(source.site)}" if source.site else ""


_ENTRANCE = {"feed": "feed", "sitemap": "sitemap.xml"}


def address_of(source: DemoSource, host: str = HOST, port0: int = PORT0) -> str:
    """Where the collector starts to read a source; the account's page for one that people enter."""
    base = base_of(source, host, port0) or "https://video.example"
    return base + source.path + _ENTRANCE.get(source.kind, "")


# What to look for on the pages of each kind of markup: the register's selectors, where finding by itself is not certain.
READ_WITH: dict[str, dict[str, str]] = {
    "cms": {"title": "h1.title", "body": "#zoom"},
    "table": {"title": "td.bt", "body": "#nr"},
    "modern": {"body": ".article-body"},
    "plain": {"body": "body > div"},
    "classic": {"posts": "table.post"},
    "floors": {"posts": "div.floor"},
    "flow": {"posts": "article.topic, div.comment"},
    "timeline": {"body": ".txt"},
    "letters": {"posts": "div.post"},
}


def options_of(source: DemoSource) -> dict[str, str]:
    """The options with which the register holds a source: selectors for its markup, none for feeds and what people enter."""
    return {} if source.kind in ("feed", "manual", "page") else dict(READ_WITH.get(source.style, {}))


def spec_of(source: DemoSource, host: str = HOST, port0: int = PORT0) -> SourceSpec:
    """The source as a collector takes it."""
    return SourceSpec(slug=source.slug, kind=source.kind, address=address_of(source, host, port0), options=options_of(source))
