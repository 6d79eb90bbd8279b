"""What an address is, for the try-out: feed, sitemap, list, board, one page; and the feeds that a page announces."""

from __future__ import annotations

import re

from msgspec import Struct

from groundswell.engine.read.errors import ReadError
from groundswell.engine.read.feed import read_feed
from groundswell.engine.read.page import read_page
from groundswell.engine.read.sitemap import read_sitemap
from groundswell.engine.read.tree import PageTree

LOOKS_XML = re.compile(rb"<(?:\?xml|rss|feed|rdf:RDF|channel|atom:feed)", re.IGNORECASE)
FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json")


class Detected(Struct, frozen=True, kw_only=True):
    """KIND as the register names it; ``why`` is a code for the screen."""

    kind: str  # feed | sitemap | list | board | page
    why: str
    title: str = ""
    found: int = 0
    feeds: tuple[str, ...] = ()


def detect_kind(body: bytes, *, url: str = "", content_type: str = "", charset: str = "") -> Detected:
    """Look at BODY and say what it is. Raises ReadError where it is nothing that can be read."""
    head = body.lstrip()[:400]
    if LOOKS_XML.search(head) or head[:1] in (b"{", b"[") or ("xml" in content_type and b"<html" not in head.lower()):
        for reader, kind in ((_feed, "feed"), (_sitemap, "sitemap")):
            found = reader(body, url, charset)
            if found:
                return Detected(kind=kind, why=f"is_{kind}", title=found[0], found=found[1])
    tree = PageTree(body, url, charset)
    feeds = tuple(
        dict.fromkeys(
            filter(
                None,
                (
                    tree.absolute(link.attributes.get("href"))
                    for link in tree.quick.css("link[rel=alternate]")
                    if link.attributes.get("type") in FEED_TYPES
                ),
            )
        )
    )
    page = read_page(body, url=url, charset=charset)
    if page.rows:
        kind = "board" if page.kind == "thread_list" else "list"
        return Detected(kind=kind, why=f"has_{page.kind}", title=page.title, found=len(page.rows), feeds=feeds)
    return Detected(kind="page", why="is_page", title=page.title, found=len(page.posts) or 1, feeds=feeds)


def _feed(body: bytes, url: str, charset: str) -> tuple[str, int] | None:
    try:
        feed = read_feed(body, url=url, charset=charset)
    except ReadError:
        return None
    return (feed.title, len(feed.entries)) if feed.entries or feed.title else None


def _sitemap(body: bytes, url: str, charset: str) -> tuple[str, int] | None:
    try:
        return "", len(read_sitemap(body, url=url))
    except ReadError:
        return None
