"""OPML in and out: Chinese names, nested folders, old encodings, and lists that mean harm."""

from __future__ import annotations

import time

import listparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.collect.opml import OpmlRow, read_opml, write_opml

from .conftest import NOON

LIST = """<?xml version="1.0" encoding="{encoding}"?>
<opml version="2.0"><head><title>云岭县 信源</title></head><body>
  <outline text="新闻"><outline text="县级">
    <outline type="rss" text="云岭&amp;新闻网" xmlUrl="http://example.org/feed?a=1&amp;b=2" htmlUrl="http://example.org/"/>
  </outline></outline>
  <outline type="rss" text="论坛" xmlUrl="https://例子.中国/rss"/>
  <outline type="rss" text="again" xmlUrl="https://例子.中国/rss"/>
  <outline type="link" text="公告栏" url="http://example.org/notices"/>
  <outline type="rss" text="harm" xmlUrl="javascript:alert(1)"/>
  <outline type="rss" text="disk" xmlUrl="file:///etc/passwd"/>
</body></opml>"""

ROWS = (
    OpmlRow(name="云岭&新闻网", address="http://example.org/feed?a=1&b=2", folder=("新闻", "县级")),
    OpmlRow(name="论坛", address="https://例子.中国/rss"),
    OpmlRow(name="公告栏", address="http://example.org/notices", kind=""),
)


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("gb2312", "gbk"),
        ("GBK", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-8", "gbk"),
        ("nonsense", "utf-8"),
    ],
)
def test_a_list_is_read_in_any_of_the_usual_encodings(declared: str, written: str) -> None:
    got = read_opml(LIST.format(encoding=declared).encode(written))
    assert (got.title, got.rows) == ("云岭县 信源", ROWS)
    assert [failed.cause for failed in got.refused] == ["scheme", "scheme"]


def test_what_is_written_is_read_back() -> None:
    assert read_opml(write_opml(ROWS, title="信源", now=NOON)).rows == ROWS


def test_the_written_list_says_its_version_and_nests_folders_once() -> None:
    rows = [OpmlRow(name=str(n), address=f"http://example.org/{n}", folder=("新闻", "县级") if n % 2 else ("新闻",)) for n in range(6)]
    text = write_opml(rows, title="信源", now=NOON).decode()
    assert '<opml version="2.0">' in text
    assert "<dateCreated>Mon, 23 Nov 2026 04:00:00 +0000</dateCreated>" in text
    assert (text.count('text="新闻"'), text.count('text="县级"')) == (1, 1)
    assert listparser.parse(text.encode()).version == "opml2"


names = (
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).map(lambda text: " ".join(text.split())).filter(bool)
)


@given(st.lists(st.tuples(names, st.lists(names, max_size=3)), max_size=8))
def test_any_names_survive_the_way_out_and_in(entries: list[tuple[str, list[str]]]) -> None:
    rows = tuple(OpmlRow(name=name, address=f"http://example.org/{n}", folder=tuple(folder)) for n, (name, folder) in enumerate(entries))
    got = read_opml(write_opml(rows, title="x", now=NOON)).rows
    assert sorted(got, key=lambda row: row.address) == sorted(rows, key=lambda row: row.address)


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    assert (
        read_opml(write_opml([OpmlRow(name="a\x00\x0b\ud800b", address="http://example.org/")], title="\x01", now=NOON)).rows[0].name
        == "ab"
    )


@pytest.mark.parametrize("body", [b"", b"   ", b"\x00\xff", b"<html><body>no</body></html>", b"just words", b"PK\x03\x04"])
def test_what_is_no_list_is_refused_with_the_mend(body: bytes) -> None:
    with pytest.raises(ValueError, match="export it again"):
        read_opml(body)


def test_entities_are_not_expanded_and_no_file_is_read() -> None:
    bomb = b'<!DOCTYPE o [<!ENTITY a "xxxxxxxx"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    body = bomb + b'<opml version="2.0"><body><outline type="rss" text="&b;&f;" xmlUrl="http://example.org/"/></body></opml>'
    assert read_opml(body).rows[0].name == "&b;&f;"


@pytest.mark.parametrize(
    ("body", "match"),
    [
        (b"<opml>" + b" " * 6_000_000, "split"),
        (b'<opml version="2.0"><body>' + b'<outline text="a">' * 50_000, "flatten"),
        (b'<opml version="2.0"><body><outline ' + b"".join(b'a%d="" ' % n for n in range(50_000)) + b"/>", "shorten"),
    ],
)
def test_lists_that_are_too_large_or_too_deep(body: bytes, match: str) -> None:
    started = time.monotonic()
    with pytest.raises(ValueError, match=match):
        read_opml(body)
    assert time.monotonic() - started < 5


def test_a_tag_that_never_ends_takes_no_time() -> None:
    started = time.monotonic()
    with pytest.raises(ValueError, match="export it again"):
        read_opml(b"<outline " * 200_000)
    assert time.monotonic() - started < 5
