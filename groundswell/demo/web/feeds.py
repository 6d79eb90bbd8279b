"""Feeds of the demo web: RSS 2.0, Atom, JSON Feed, and sitemaps."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

from email.utils import format_datetime

import orjson

from groundswell.demo.acts.act import Act
from groundswell.demo.addresses import path_of
from groundswell.demo.web.page import Ask, Reply, paragraphs, state_of, text

ENTRIES = 40
SITEMAP = 60


def feed(ask: Ask) -> Reply:
    """The source's feed in its format."""
    acts = ask.world.latest(ask.source.slug, ENTRIES)
    write, kind = _FORMATS[ask.source.feed or "rss"]
    return Reply(write=lambda: write(ask, acts), state=state_of(acts), changed=acts[0].at if acts else None, kind=kind)


def sitemap(ask: Ask) -> Reply:
    """The latest pages of the source with the day of their last change."""
    acts = ask.world.latest(ask.source.slug, SITEMAP)

    def write() -> str:
        rows = "".join(f"<url><loc>{text(_link(ask, act))}</loc><lastmod>{act.at.isoformat()}</lastmod></url>" for act in acts)
        return f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'

    return Reply(write=write, state=state_of(acts), changed=acts[0].at if acts else None, kind="application/xml; charset=utf-8")


def _link(ask: Ask, act: Act) -> str:
    return ask.base + path_of(act, ask.source)


def _html(act: Act) -> str:
    return paragraphs(act.text)


def _title(act: Act) -> str:
    return f"<title>{text(act.title)}</title>" if act.title else ""


def _rss(ask: Ask, acts: list[Act]) -> str:
    items = "".join(
        f'<item>{_title(act)}<link>{text(_link(ask, act))}</link><guid isPermaLink="true">{text(_link(ask, act))}</guid>'
        f"<pubDate>{format_datetime(act.at)}</pubDate><dc:creator>{text(act.author)}</dc:creator><description>{text(_html(act))}</description></item>"
        for act in acts
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>{text(ask.source.name)}</title>'
        f"<link>{ask.base}{ask.source.path}</link><description>{text(ask.source.name)}</description><language>zh-cn</language>{items}</channel></rss>"
    )


def _atom(ask: Ask, acts: list[Act]) -> str:
    updated = acts[0].at.isoformat() if acts else ask.now.isoformat()
    entries = "".join(
        f'<entry><id>{text(_link(ask, act))}</id><title>{text(act.title)}</title><link rel="alternate" href="{text(_link(ask, act))}"/><published>{act.at.isoformat()}</published>'
        f'<updated>{act.at.isoformat()}</updated><author><name>{text(act.author)}</name></author><content type="html">{text(_html(act))}</content></entry>'
        for act in acts
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN"><id>{ask.base}{ask.source.path}</id><title>{text(ask.source.name)}</title>'
        f'<link rel="self" href="{ask.base}{ask.source.path}feed"/><updated>{updated}</updated>{entries}</feed>'
    )


def _json(ask: Ask, acts: list[Act]) -> str:
    rows = []
    for act in acts:
        row = {
            "id": _link(ask, act),
            "url": _link(ask, act),
            "content_text": act.text,
            "date_published": act.at.isoformat(),
            "authors": [{"name": act.author}],
        }
        rows.append({**row, "title": act.title} if act.title else row)
    return orjson.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": ask.source.name,
            "home_page_url": ask.base + ask.source.path,
            "language": "zh-CN",
            "items": rows,
        }
    ).decode()


def malformed(ask: Ask) -> Reply:
    """A feed whose maker stopped escaping and is cut off in the middle: no parser should accept it as whole."""
    acts = ask.world.latest(ask.source.slug, ENTRIES)
    whole = _rss(ask, acts)
    cut = whole[: len(whole) * 2 // 5].replace("&lt;p&gt;", "<p>&nbsp; & ").replace("</title><link>", "</titel><link>")
    return Reply(write=lambda: cut + "<item><title>\x0b路况", state=state_of(acts), kind="application/rss+xml; charset=utf-8")


_FORMATS = {
    "rss": (_rss, "application/rss+xml; charset=utf-8"),
    "atom": (_atom, "application/atom+xml; charset=utf-8"),
    "json": (_json, "application/feed+json; charset=utf-8"),
}
