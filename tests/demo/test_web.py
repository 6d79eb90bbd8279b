"""The demo web over HTTP: every site answers, pages say what the script says, and nothing is sent twice without need."""

from __future__ import annotations

import re
import socket
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import urljoin
from xml.etree import ElementTree

import httpx
import pytest

from groundswell.demo.acts.act import Act
from groundswell.demo.county import HOST, NOW, SEED, SITES, DemoSource, address_of, source_named, sources
from groundswell.demo.past import keyed, past_items
from groundswell.demo.script import acts
from groundswell.demo.web import Server, serve


class Hands:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def free_block(count: int) -> int:
    """The first of so many free ports in a row."""
    for first in range(21_000, 60_000, 50):
        held = [socket.socket() for _ in range(count)]
        try:
            for offset, sock in enumerate(held):
                sock.bind((HOST, first + offset))
        except OSError:
            continue
        finally:
            for sock in held:
                sock.close()
        return first
    raise AssertionError("no free ports")


@pytest.fixture(scope="module")
def hands() -> Hands:
    return Hands()


@pytest.fixture(scope="module")
def port0() -> int:
    return free_block(len(SITES))


@pytest.fixture(scope="module")
def web(hands: Hands, port0: int) -> Iterator[Server]:
    with Server(hands, port0=port0) as server:
        yield server


@pytest.fixture(scope="module")
def client(web: Server) -> Iterator[httpx.Client]:
    with httpx.Client(timeout=5) as client:
        yield client


@pytest.fixture(scope="module")
def past() -> list[Act]:
    return list(acts(SEED, NOW))


@pytest.fixture(scope="module")
def records(port0: int) -> dict[str, set[str]]:
    """Addresses of the records of each source."""
    found: dict[str, set[str]] = {}
    for item in past_items(NOW, voice=keyed(b"k" * 32), port0=port0):
        found.setdefault(item.source, set()).add(item.url)
    return found


READABLE = [source for source in sources() if source.site and not (source.broken and source.broken.how == "errors")]


@pytest.mark.parametrize("source", READABLE, ids=lambda source: source.slug)
def test_every_source_answers_and_says_when_nothing_is_new(client: httpx.Client, port0: int, source: DemoSource) -> None:
    address = address_of(source, port0=port0)
    first = client.get(address)
    assert first.status_code == 200
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    if "Last-Modified" in first.headers:
        since = client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})
        assert since.status_code == 304
        older = client.get(address, headers={"If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT"})
        assert older.status_code == 200


def own_pages(source: DemoSource, text: str) -> list[str]:
    """Addresses of the source's own pieces in a list, feed or sitemap."""
    found = re.findall(r'(?:href="|<loc>|<link>|"url":")([^"<]*\d{8,}[^"<]*)', text)
    return [unescape(link) for link in found if source.path in link]


def plain(page: str) -> str:
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", page.replace("<br>", ""))))


@pytest.mark.parametrize("source", [s for s in READABLE if s.kind != "page" and not s.broken], ids=lambda source: source.slug)
def test_the_newest_piece_can_be_read_where_the_record_says(
    client: httpx.Client, port0: int, past: list[Act], records: dict[str, set[str]], source: DemoSource
) -> None:
    address = address_of(source, port0=port0)
    listed = client.get(address)
    listed.encoding = "gb18030" if source.style == "table" else "utf-8"
    opened = [act for act in past if act.source == source.slug and not (act.reply_to and act.kind != "repost")][-1]
    links = [urljoin(address, link) for link in own_pages(source, listed.text)]
    page = next(link for link in links if str(opened.number) in link)
    assert page in records[source.slug]
    shown = client.get(page)
    shown.encoding = "gb18030" if source.style == "table" else "utf-8"
    assert shown.status_code == 200
    assert re.sub(r"\s+", "", opened.text) in plain(shown.text)
    assert "<script>" not in shown.text


def test_new_pieces_appear_as_the_clock_goes_on(client: httpx.Client, port0: int, hands: Hands) -> None:
    address = address_of(source_named()["mb-qinghe"], port0=port0)
    before = client.get(address)
    hands.now = NOW + timedelta(minutes=30)
    try:
        after = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
        assert after.status_code == 200
        coming = [act for act in acts(SEED, hands.now) if act.source == "mb-qinghe" and act.at > NOW]
        assert coming
        assert all(str(act.number) in after.text for act in coming)
        assert not any(str(act.number) in before.text for act in coming)
    finally:
        hands.now = NOW


def test_a_long_thread_goes_on_over_pages_with_floors_in_order(client: httpx.Client, port0: int, past: list[Act]) -> None:
    forum = source_named()["qinghe-forum"]
    answered = Counter(act.reply_to for act in past if act.source == "qinghe-forum" and act.kind == "reply")
    busiest = answered.most_common(1)[0][0]
    thread = next(act for act in past if act.ref == busiest)
    first = client.get(f"{address_of(forum, port0=port0)}thread-{thread.number}-1.html").text
    assert "楼主" in first
    assert 'rel="next"' in first
    second = client.get(urljoin(address_of(forum, port0=port0), re.findall(r'class="nxt"[^>]*href="([^"]+)"', first)[0])).text
    assert "16楼" in second
    assert "16楼" not in first


def test_times_are_said_as_people_say_them(client: httpx.Client, port0: int) -> None:
    board = client.get(address_of(source_named()["qinghe-forum"], port0=port0)).text
    assert re.search(r"\d+分钟前", board)
    assert "昨天" in board


def test_old_sites_are_in_gbk_and_do_not_say_so_in_the_header(client: httpx.Client, port0: int) -> None:
    page = client.get(address_of(source_named()["gov-housing"], port0=port0))
    assert page.headers["Content-Type"] == "text/html"
    assert b"charset=gbk" in page.content
    assert "县住建局" in page.content.decode("gb18030")


def test_robots_delay_and_forbidden_paths(client: httpx.Client, web: Server) -> None:
    rules = client.get(f"http://{HOST}:{web.ports['letters']}/robots.txt").text
    assert "Crawl-delay: 1" in rules
    assert "Disallow: /write" in rules
    assert client.get(f"http://{HOST}:{web.ports['blogs']}/robots.txt").status_code == 404


def test_broken_sources_break_each_in_their_way(client: httpx.Client, port0: int, hands: Hands) -> None:
    relaunched = client.get(address_of(source_named()["gov-market"], port0=port0))
    assert not own_pages(source_named()["gov-market"], relaunched.text)
    busy = client.get(address_of(source_named()["workers"], port0=port0))
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "600")
    with pytest.raises(httpx.TimeoutException):
        client.get(f"{address_of(source_named()['workers'], port0=port0)}topic/12345678", timeout=0.3)
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(client.get(address_of(source_named()["mb-road"], port0=port0)).content)
    silent = [act for act in acts(SEED, NOW) if act.source == "gov-hr"]
    assert silent[-1].at < source_named()["gov-hr"].broken.since  # type: ignore[union-attr]


def test_what_was_not_published_is_not_there(client: httpx.Client, port0: int) -> None:
    coming = next(
        act
        for act in acts(SEED, NOW + timedelta(hours=4))
        if act.at > NOW + timedelta(hours=1) and act.source == "yunling-forum" and act.kind == "thread"
    )
    assert client.get(f"{address_of(source_named()['yunling-forum'], port0=port0)}thread-{coming.number}-1.html").status_code == 404
    assert client.get(f"{address_of(source_named()['yunling-forum'], port0=port0)}../../etc/passwd").status_code == 404


def test_a_taken_port_is_named(web: Server, hands: Hands, port0: int) -> None:
    with pytest.raises(OSError, match=str(port0)):
        serve(hands, port0=port0)
