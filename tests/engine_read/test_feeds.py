"""Feeds and sitemaps: fields, zones, hostile XML."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest

from groundswell.engine.read import ReadError, entry_text, read_feed, read_sitemap

ITEM = (
    "<item><title>停水通知</title><link>{link}</link><guid>g1</guid><pubDate>{date}</pubDate><author>水务局</author>"
    "<category>供水</category><description>&lt;p&gt;明日停水&lt;/p&gt;&lt;p&gt;请储水&lt;/p&gt;</description></item>"
)


def rss(date: str = "Mon, 23 Nov 2026 16:05:00 +0800", link: str = "/a/1.html", encoding: str = "utf-8", head: str = "") -> bytes:
    body = f'<?xml version="1.0" encoding="{encoding}"?>{head}<rss version="2.0"><channel><title>云岭</title><link>http://n.example/</link>{ITEM.format(date=date, link=link)}</channel></rss>'
    return body.encode(encoding)


@pytest.mark.parametrize(
    ("date", "stamp"),
    [
        ("Mon, 23 Nov 2026 16:05:00 +0800", "2026-11-23T16:05:00+08:00"),
        ("Mon, 23 Nov 2026 08:05:00 GMT", "2026-11-23T16:05:00+08:00"),
        ("2026-11-23 16:05:00", "2026-11-23T16:05:00+08:00"),  # no offset: the source's own time, not UTC
        ("2026-11-23", "2026-11-23"),
    ],
)
def test_rss(date: str, stamp: str) -> None:
    feed = read_feed(rss(date), url="http://n.example/rss")
    entry = feed.entries[0]
    assert (feed.title, entry.id, entry.url, entry.title) == ("云岭", "g1", "http://n.example/a/1.html", "停水通知")
    assert entry_text(entry) == "明日停水\n请储水"
    assert "<p>" in entry.summary  # markup stays until somebody wants the text
    assert entry.published_at == stamp


def test_gbk_and_script_links() -> None:
    entry = read_feed(rss(encoding="gbk", link="javascript:alert(1)")).entries[0]
    assert (entry.title, entry.url) == ("停水通知", "")


def test_atom_and_json_say_the_same() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>1</id><title>甲</title><link href="http://n.example/1"/>'
        '<published>2026-11-23T16:05:00+08:00</published><content type="html">&lt;p&gt;正文&lt;/p&gt;</content></entry></feed>'
    )
    json = '{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[{"id":"1","url":"http://n.example/1","title":"甲","content_html":"<p>正文</p>","date_published":"2026-11-23T16:05:00+08:00"}]}'
    one, two = (read_feed(body.encode()).entries[0] for body in (atom, json))
    assert (one.id, one.url, one.title, entry_text(one), one.published_at) == (
        two.id,
        two.url,
        two.title,
        entry_text(two),
        two.published_at,
    )


def test_broken_xml_gives_what_is_there() -> None:
    whole = rss().decode()
    assert read_feed(whole.replace("</item></channel></rss>", "</item><item><title>第二 & 条").encode()).entries[0].title == "停水通知"


ODD = [  # what is wrong with it or odd in it; what must be read all the same
    ('<!-- made by hand -->\n<?xml version="1.0"?><rss version="2.0"><channel><item><title>甲</title></item></channel></rss>', {"title": "甲"}),
    ('<rss version="2.0"><channel><item><title>甲</title></item></channel></rss><!-- cached --><p>', {"title": "甲"}),
    ('<rss version="2.0"><channel><item><title>甲&nbsp;乙 & 丙&colon;</title></item></channel></rss>', {"title": "甲 乙 & 丙:"}),
    ('<rss version="2.0"><channel><item><title>A</title><guid>http://n.example/1</guid></item></channel></rss>', {"url": "http://n.example/1", "id": "http://n.example/1"}),
    ('<rss version="2.0"><channel><item><title>A</title><guid isPermaLink="false">x</guid></item></channel></rss>', {"url": "", "id": "x"}),
    ('<rss version="2.0" xmlns:dc="https://purl.org/misspelt"><channel><item><title>A</title><author>a@b.example (甲)</author><dc:creator>乙</dc:creator></item></channel></rss>', {"author": "乙"}),
    ('<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><item><media:group><media:title>深</media:title></media:group><title>浅</title></item></channel></rss>', {"title": "浅"}),
    ('<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title><author><name>甲</name><email>a@b.example</email></author></entry></feed>', {"author": "甲 (a@b.example)"}),
    ('<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title><link rel="self" href="/s"/><link href="http://n.example/2"/></entry></feed>', {"url": "http://n.example/2"}),
    ('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>c</title></channel><item rdf:about="http://n.example/3"><title>A</title></item></rdf:RDF>', {"id": "http://n.example/3"}),
]  # fmt: skip


@pytest.mark.parametrize(("body", "fields"), ODD)
def test_odd_feeds_are_read(body: str, fields: dict[str, str]) -> None:
    entry = read_feed(body.encode()).entries[0]
    assert {name: getattr(entry, name) for name in fields} == fields


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'


def test_prefixes_and_attributes_that_nobody_can_read_are_recovered() -> None:
    """A feed as a home-made generator wrote it: each parser that we know gives nothing."""
    body = """<!-- made by hand -->
<?xml?xml version="1.0" encoding="UTF-8" ??>
<rss rss:version=2.0><rss:channel><rss:title>desk</rss:title><rss:link>http://n.example/</rss:link>
<rss:item><rss:title>水压恢复</rss:title><rss:link>http://n.example/1</rss:link><rss:guid rss:isPermaLink=true>http://n.example/1</rss:guid>
<rss:description>Water &amp; pressure</rss:description><rss:pubDate>Wed, 18 Nov 2026 00:00:00 GMT</rss:pubDate></rss:item>
<rss:item><rss:title>Second</rss:title><rss:link>http://n.example/2</rss:link></rss:item></rss:channel>"""
    feed = read_feed(body.encode())
    assert [(entry.title, entry.url) for entry in feed.entries] == [("水压恢复", "http://n.example/1"), ("Second", "http://n.example/2")]
    assert feed.entries[0].published_at == "2026-11-18T08:00:00+08:00"
    assert feed.entries[0].summary == "Water & pressure"


def test_entries_that_cannot_be_recovered_are_no_quiet_feed() -> None:
    with pytest.raises(ReadError) as error:
        read_feed(b"<rss version='2.0'><channel><!-- <item> --></oops>")
    assert error.value.cause == "broken"
    assert read_feed(b"<rss version='2.0'><channel><!-- <item> --></channel></rss>").entries == ()
    assert read_feed(b"<rss version='2.0'><channel><title>new</title></channel></rss>").entries == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_before_parsing(encoding: str) -> None:
    with pytest.raises(ReadError) as error:
        read_feed(rss(head=BOMB, encoding=encoding))
    assert error.value.cause == "entities"


@pytest.mark.parametrize(("body", "cause"), [(b"", "empty"), (b"<html><body>hello</body></html>", "not_feed")])
def test_what_is_no_feed(body: bytes, cause: str) -> None:
    with pytest.raises(ReadError) as error:
        read_feed(body)
    assert error.value.cause == cause


def test_tags_of_an_entry_by_the_ten_thousand() -> None:
    deep = '<itunes:category text="深">' * 3000 + "</itunes:category>" * 3000
    many = "".join(f"<category>类{n}</category>" for n in range(50_000))
    body = f'<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>云岭</title><item>{many}</item><item>{deep}</item></channel></rss>'
    began = time.process_time()
    first, second = read_feed(body.encode()).entries
    assert time.process_time() - began < 5
    assert first.tags[:2] == ("类0", "类1")
    assert second.tags == ("深",)


def test_a_body_that_names_a_file_opens_none(tmp_path: Path) -> None:
    inside = tmp_path / "inside.xml"
    inside.write_bytes(rss())
    for body in (str(inside), f"<?{inside}"):
        with pytest.raises(ReadError) as error:
            read_feed(body.encode())
        assert error.value.cause == "not_feed"


def test_mutants_raise_nothing_else() -> None:
    whole = rss()
    begun = time.process_time()
    for place in range(0, len(whole), 7):
        for mutant in (whole[:place], whole[:place] + b"<" + whole[place:], whole[:place] + b"\xff\x00" + whole[place + 3 :]):
            try:
                read_feed(mutant)
            except ReadError:
                pass
    assert time.process_time() - begun < 60


MAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>http://n.example/1</loc><lastmod>2026-11-23</lastmod><image:image><image:loc>http://n.example/1.jpg</image:loc><image:title>图</image:title></image:image></url></urlset>'


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_sitemap(pack: object) -> None:
    rows = read_sitemap(pack(MAP.encode()), url="http://n.example/sitemap.xml")  # type: ignore[operator]
    assert [(row.url, row.title, row.published_at) for row in rows] == [("http://n.example/1", "", "2026-11-23")]


def test_sitemap_that_swells_is_refused() -> None:
    with pytest.raises(ReadError) as error:
        read_sitemap(gzip.compress(b"<urlset>" + b" " * 20_000_000))
    assert error.value.cause == "too_large"
