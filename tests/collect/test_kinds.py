"""The kinds against servers on loopback: politeness, following, what is unchanged, and what fails without stopping the rest."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from groundswell.collect.archive import Archive
from groundswell.collect.budget import MemoryBudget
from groundswell.collect.client import Client, Limits
from groundswell.collect.errors import ArchiveError, Failed
from groundswell.collect.kinds import KINDS, Link, Result, step
from groundswell.collect.robots import MemoryRules, Robots
from groundswell.collect.session import Session, Unchanged
from groundswell.engine.records import Fetched, SourceSpec

from .conftest import HandClock, Web, answer

FEED = b"<rss version='2.0'><channel><item><link>/a</link></item></channel></rss>"
RSS = {"Content-Type": "application/rss+xml"}
HTML = {"Content-Type": "text/html"}


@pytest.fixture
def archive(tmp_path: Path, clock: HandClock) -> Archive:
    return Archive(tmp_path / "archive", bytes(32), clock.now)


def session_of(client: Client, clock: HandClock, archive: Archive, **options: Any) -> Session:
    options = {"budget": MemoryBudget(), "delay": timedelta(0), "keep": archive.write} | options
    robots = options.pop("robots", None) or Robots(client.robots_token, MemoryRules(), clock.now)
    return Session(client, robots=robots, now=clock.now, sleep=clock.sleep, **options)


@pytest.fixture
def session(client: Client, clock: HandClock, archive: Archive) -> Session:
    return session_of(client, clock, archive)


def source(kind: str, address: str, **fields: Any) -> SourceSpec:
    return SourceSpec(slug="yunling", kind=kind, address=address, **fields)


def run(spec: SourceSpec, session: Session, links: dict[str, list[Link]] | None = None) -> list[Result]:
    """Drive a kind as a worker does; ``links`` says what is found at each address."""
    steps = KINDS[spec.kind].collect(spec, session)
    results: list[Result] = []
    result = next(steps, None)
    while result is not None:
        results.append(result)
        result = step(steps, tuple((links or {}).get(result.url, ())))
    return results


def asked(web: Web) -> list[str]:
    return [path for path in web.paths() if path != "/robots.txt"]


# ---------------------------------------------------------------- a feed


def test_a_feed_is_on_disk_before_it_is_handed_on(web: Web, session: Session, archive: Archive) -> None:
    web.routes["/feed"] = (200, RSS, FEED)
    [got] = run(source("feed", web.url("/feed")), session)
    assert isinstance(got, Fetched)
    assert (got.body, got.source, got.role) == (FEED, "yunling", "feed")
    assert archive.read(got.archive) == got


def test_a_feed_that_did_not_change_is_unchanged_by_tag_and_by_bytes(web: Web, session: Session, archive: Archive) -> None:
    def route(handler: BaseHTTPRequestHandler) -> None:
        answer(
            handler,
            304 if handler.headers["If-None-Match"] == '"1"' else 200,
            {"ETag": '"1"'},
            FEED if not handler.headers["If-None-Match"] else b"",
        )

    web.routes |= {"/tagged": route, "/plain": (200, RSS | {"ETag": '"2"'}, FEED)}
    [tagged] = run(source("feed", web.url("/tagged"), etag='"1"'), session)
    assert isinstance(tagged, Unchanged)
    assert (tagged.why, tagged.etag) == ("304", '"1"')
    [first] = run(source("feed", web.url("/plain")), session)
    assert isinstance(first, Fetched)
    [second] = run(source("feed", web.url("/plain"), content_hash=first.content_hash), session)
    assert isinstance(second, Unchanged)
    assert (second.why, second.etag) == ("same", '"2"')
    assert len(list(archive.records(session.now(), session.now() + timedelta(days=1)))) == 1


def test_links_that_are_sent_back_are_followed_and_known_ones_are_not(web: Web, session: Session) -> None:
    web.routes |= {"/feed": (200, RSS, FEED), "/a": (200, HTML, b"a"), "/b": (200, HTML, b"b")}
    links = [Link(url=web.url("/a")), Link(url=web.url("/a#top")), Link(url=web.url("/b"), known=True), Link(url=web.url("/feed"))]
    got = run(source("feed", web.url("/feed")), session, {web.url("/feed"): links})
    assert asked(web) == ["/feed", "/a"]
    assert [result.role for result in got if isinstance(result, Fetched)] == ["feed", "page"]


def test_a_plain_loop_follows_nothing(web: Web, session: Session) -> None:
    web.routes["/feed"] = (200, RSS, FEED)
    assert len(list(KINDS["feed"].collect(source("feed", web.url("/feed")), session))) == 1


def test_one_bad_page_stops_nothing(web: Web, session: Session) -> None:
    web.routes |= {"/feed": (200, RSS, FEED), "/b": (200, HTML, b"b")}
    links = [Link(url=web.url("/gone")), Link(url="http://10.0.0.1/"), Link(url=web.url("/b"))]
    got = run(source("feed", web.url("/feed")), session, {web.url("/feed"): links})
    assert [result.cause if isinstance(result, Failed) else "" for result in got] == ["", "http_status", "blocked_address", ""]


def test_three_failures_in_a_row_end_the_run(web: Web, session: Session) -> None:
    web.routes["/feed"] = (200, RSS, FEED)
    got = run(source("feed", web.url("/feed")), session, {web.url("/feed"): [Link(url=web.url(f"/{n}")) for n in range(9)]})
    assert len(got) == 4


def test_a_host_that_asks_for_time_gets_it_from_every_worker(web: Web, client: Client, clock: HandClock, archive: Archive) -> None:
    web.routes |= {"/feed": (200, RSS, FEED), "/a": (429, {"Retry-After": "3600"}, b""), "/b": (200, HTML, b"")}
    budget = MemoryBudget()
    one = session_of(client, clock, archive, budget=budget)
    got = run(source("feed", web.url("/feed")), one, {web.url("/feed"): [Link(url=web.url("/a")), Link(url=web.url("/b"))]})
    assert isinstance(got[-1], Failed)
    assert (got[-1].mend, got[-1].retry_after) == ("slow_down", timedelta(hours=1))
    assert asked(web) == ["/feed", "/a"]
    other = session_of(client, clock, archive, budget=budget)
    [busy] = run(source("page", web.url("/b")), other)
    assert isinstance(busy, Failed)
    assert busy.cause == "host_busy"
    clock.sleep(3600)
    [later] = run(source("page", web.url("/b")), other)
    assert isinstance(later, Fetched)


def test_links_to_other_sites_are_followed_from_a_feed_only(
    web: Web, other_web: Web, client: Client, clock: HandClock, archive: Archive
) -> None:
    names = {"news.example.org": "127.0.0.1", "img.example.org": "127.0.0.1", "else.example.com": "127.0.0.1"}
    with Client("Groundswell/1.0", "", allowed=frozenset({"127.0.0.1"}), resolve=lambda host, port: [names[host]]) as named:
        session = session_of(named, clock, archive)
        home, near, far = (f"http://{name}:{web.port}/{page}" for name, page in zip(names, "abc", strict=True))
        web.routes |= {"/a": (200, HTML, b"a"), "/b": (200, HTML, b"b"), "/c": (200, HTML, b"c")}
        links = {home: [Link(url=far), Link(url=near)]}
        assert [result.url for result in run(source("list", home), session, links)] == [home, near]
        assert [result.url for result in run(source("feed", home), session, links)] == [home, far, near]
        assert [result.url for result in run(source("list", home, options={"off_site": True, "links": 1}), session, links)] == [home, far]


def test_a_listed_inside_host_is_open_to_its_own_source_only(web: Web, other_web: Web, clock: HandClock, archive: Archive) -> None:
    """A stranger's feed, or its redirect, must not reach what the administrator listed for another source."""
    inside, public = f"http://intranet.example.org:{web.port}/", f"http://stranger.example.com:{other_web.port}/"
    names = {"intranet.example.org": "127.0.0.1", "stranger.example.com": "127.0.0.1"}
    web.routes |= {"/": (200, HTML, b"secret"), "/a": (200, HTML, b"secret")}
    other_web.routes |= {"/": (200, RSS, FEED), "/turn": (302, {"Location": inside}, b"")}
    listed = frozenset({"intranet.example.org", f"127.0.0.1:{other_web.port}"})
    with Client("Groundswell/1.0", "", allowed=listed, resolve=lambda host, port: [names[host]]) as client:
        session = session_of(client, clock, archive)
        own = run(source("list", inside), session, {inside: [Link(url=f"{inside}a")]})
        assert [type(result).__name__ for result in own] == ["Fetched", "Fetched"]
        web.asked.clear()
        stranger = run(source("feed", public), session, {public: [Link(url=f"{inside}a")]})
        [turned] = run(source("page", f"{public}turn"), session)
    assert [result.cause for result in (stranger[1], turned) if isinstance(result, Failed)] == ["inside_link", "inside_link"]
    assert web.asked == []


# ---------------------------------------------------------------- lists, boards, sitemaps


def test_a_board_is_walked_by_pages_of_the_board_and_of_its_threads(web: Web, session: Session) -> None:
    web.routes |= {path: (200, HTML, path.encode()) for path in ("/b1", "/b2", "/b3", "/t1", "/t1-2", "/t1-3", "/t2", "/t3")}

    def thread(path: str) -> Link:
        return Link(url=web.url(path), role="thread")

    def further(path: str) -> Link:
        return Link(url=web.url(path), role="next")

    links = {
        web.url("/b1"): [thread("/t1"), thread("/t2"), further("/b2")],
        web.url("/b2"): [thread("/t3"), further("/b3")],
        web.url("/t1"): [further("/t1-2")],
        web.url("/t1-2"): [further("/t1-3")],
    }
    got = run(source("board", web.url("/b1"), options={"thread_pages": 2}), session, links)
    assert asked(web) == ["/b1", "/t1", "/t2", "/b2", "/t1-2", "/t3"]
    assert [result.role for result in got if isinstance(result, Fetched)] == ["board", "thread", "thread", "board", "thread", "thread"]


def test_a_list_goes_on_only_while_it_holds_something_new(web: Web, session: Session) -> None:
    web.routes |= dict.fromkeys(("/l1", "/l2", "/l3", "/a", "/b"), (200, HTML, b""))
    links = {
        web.url("/l1"): [Link(url=web.url("/a")), Link(url=web.url("/l2"), role="next")],
        web.url("/l2"): [Link(url=web.url("/b"), known=True), Link(url=web.url("/l3"), role="next")],
    }
    run(source("list", web.url("/l1"), options={"pages": 9}), session, links)
    assert asked(web) == ["/l1", "/a", "/l2"]


def test_following_can_be_switched_off(web: Web, session: Session) -> None:
    web.routes["/l"] = (200, HTML, b"")
    assert len(run(source("list", web.url("/l"), options={"follow": False}), session, {web.url("/l"): [Link(url=web.url("/a"))]})) == 1


def test_a_number_that_is_none_in_the_options_is_passed_over(web: Web, session: Session) -> None:
    web.routes |= {"/l": (200, HTML, b""), "/a": (200, HTML, b"")}
    for wrong in ("many", -1, True, None, 10**9):
        assert len(run(source("list", web.url("/l"), options={"links": wrong}), session, {web.url("/l"): [Link(url=web.url("/a"))]})) == 2


def test_packed_sitemaps_are_unpacked(web: Web, session: Session, archive: Archive) -> None:
    import gzip

    xml = b"<urlset><url><loc>/a</loc></url></urlset>"
    web.routes["/sitemap.xml.gz"] = (200, {"Content-Type": "application/gzip"}, gzip.compress(xml))
    [got] = run(source("sitemap", web.url("/sitemap.xml.gz")), session)
    assert isinstance(got, Fetched)
    assert (got.body, archive.read(got.archive).body) == (xml, xml)
    web.routes["/sitemap.xml.gz"] = (200, {"Content-Type": "application/gzip"}, gzip.compress(bytes(50_000_000)))
    [bomb] = run(source("sitemap", web.url("/sitemap.xml.gz")), session)
    assert isinstance(bomb, Failed)
    assert bomb.cause in {"bomb", "too_large"}


def test_a_disk_that_is_full_hands_nothing_on(web: Web, client: Client, clock: HandClock, archive: Archive) -> None:
    def full(fetched: Fetched, *, kind: str = "response") -> str:
        raise ArchiveError("disk", "no space")

    web.routes["/feed"] = (200, RSS, FEED)
    [got] = run(source("feed", web.url("/feed")), session_of(client, clock, archive, keep=full))
    assert isinstance(got, Failed)
    assert (got.cause, got.mend) == ("archive", "check_disk")


# ---------------------------------------------------------------- politeness


def test_robots_say_no(web: Web, session: Session) -> None:
    web.routes |= {"/robots.txt": (200, {}, b"User-agent: groundswell\nDisallow: /no"), "/no": (200, HTML, b""), "/yes": (200, HTML, b"")}
    [refused] = run(source("page", web.url("/no")), session)
    assert isinstance(refused, Failed)
    assert (refused.cause, refused.mend) == ("robots", "ask_permission")
    [taken] = run(source("page", web.url("/yes")), session)
    assert isinstance(taken, Fetched)
    assert web.paths() == ["/robots.txt", "/yes"]


def test_a_redirect_to_what_robots_forbid_is_not_followed(web: Web, other_web: Web, session: Session) -> None:
    web.routes["/a"] = (302, {"Location": other_web.url("/no")}, b"")
    other_web.routes |= {"/robots.txt": (200, {}, b"User-agent: *\nDisallow: /no"), "/no": (200, HTML, b"")}
    [got] = run(source("page", web.url("/a")), session)
    assert isinstance(got, Failed)
    assert (got.cause, got.url, got.hop) == ("robots", web.url("/a"), other_web.url("/no"))
    assert asked(other_web) == []


def test_the_delay_lies_between_requests_and_the_crawl_delay_lengthens_it(
    web: Web, client: Client, clock: HandClock, archive: Archive
) -> None:
    web.routes |= {"/feed": (200, RSS, FEED), "/a": (200, HTML, b""), "/b": (200, HTML, b"")}
    links = {web.url("/feed"): [Link(url=web.url("/a")), Link(url=web.url("/b"))]}
    run(source("feed", web.url("/feed")), session_of(client, clock, archive, delay=timedelta(seconds=3)), links)
    assert clock.slept == [3, 3, 3]
    clock.slept.clear()
    web.routes["/robots.txt"] = (200, {}, b"User-agent: *\nCrawl-delay: 10")
    run(source("feed", web.url("/feed")), session_of(client, clock, archive, delay=timedelta(seconds=3)), links)
    assert clock.slept == [3, 10, 10]


class LaneClock:
    """A clock for two threads: each sleeper's time is its own, and what was asked when is written down."""

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.mine = threading.local()

    def now(self) -> Any:
        return self.clock.time + timedelta(seconds=getattr(self.mine, "passed", 0.0))

    def sleep(self, seconds: float) -> None:
        self.mine.passed = getattr(self.mine, "passed", 0.0) + seconds


def test_the_crawl_delay_holds_across_two_threads(web: Web, client: Client, clock: HandClock, archive: Archive) -> None:
    web.routes |= {"/robots.txt": (200, {}, b"User-agent: *\nCrawl-delay: 7")} | {f"/{n}": (200, HTML, b"") for n in range(10)}
    lanes = LaneClock(clock)
    turns: list[Any] = []
    rules, budget, lock = MemoryRules(), MemoryBudget(), threading.Lock()
    Robots(client.robots_token, rules, clock.now).ask(web.url("/"), session_of(client, clock, archive).robots_file)

    def work(numbers: range) -> None:
        def told(seconds: float) -> None:
            lanes.sleep(seconds)

        session = Session(
            client,
            robots=Robots(client.robots_token, rules, clock.now),
            budget=budget,
            keep=archive.write,
            now=lanes.now,
            sleep=told,
            delay=timedelta(seconds=1),
        )
        for number in numbers:
            [got] = run(source("page", web.url(f"/{number}")), session)
            assert isinstance(got, Fetched)
            with lock:
                turns.append(lanes.now())

    threads = [threading.Thread(target=work, args=(numbers,)) for numbers in (range(5), range(5, 10))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    turns.sort()
    assert len(turns) == 10
    assert [(later - earlier).total_seconds() for earlier, later in pairwise(turns)] == [7] * 9


# ---------------------------------------------------------------- a page and a folder


def test_a_watched_page_is_yielded_when_it_changes(web: Web, session: Session) -> None:
    web.routes["/p"] = (200, HTML, b"one")
    [first] = run(source("page", web.url("/p")), session, {web.url("/p"): [Link(url=web.url("/q"))]})
    assert isinstance(first, Fetched)
    [same] = run(source("page", web.url("/p"), content_hash=first.content_hash), session)
    assert isinstance(same, Unchanged)
    web.routes["/p"] = (200, HTML, b"two")
    [second] = run(source("page", web.url("/p"), content_hash=first.content_hash), session)
    assert isinstance(second, Fetched)


@pytest.fixture
def folder(tmp_path: Path, clock: HandClock) -> Path:
    made = tmp_path / "投递"
    made.mkdir()
    for name, body in {
        "b.csv": "标题,时间\n停水,2026-11-23\n".encode("gb18030"),
        "a.jsonl": b'{"text": "x"}\n',
        "c.xlsx": b"PK",
        "d.exe": b"MZ",
    }.items():
        (made / name).write_bytes(body)
    for name in (".hidden.csv", "e.csv.part", "~$c.xlsx"):
        (made / name).write_bytes(b"x")
    (made / "sub").mkdir()
    (made / "link.csv").symlink_to("/etc/hostname")
    for path in made.iterdir():
        os.utime(path, (clock.time.timestamp() - 60,) * 2, follow_symlinks=False)
    (made / "growing.csv").write_bytes(b"x")
    os.utime(made / "growing.csv", (clock.time.timestamp() - 1,) * 2)
    return made


def test_a_drop_folder_yields_each_file_once(folder: Path, client: Client, clock: HandClock, archive: Archive) -> None:
    known: set[str] = set()
    session = session_of(client, clock, archive, is_known=lambda slug, taken: taken in known)
    got = run(source("files", str(folder)), session)
    assert [result.url for result in got] == ["drop:yunling/a.jsonl", "drop:yunling/b.csv", "drop:yunling/c.xlsx", "drop:yunling/d.exe"]
    assert isinstance(got[3], Failed)
    assert got[3].cause == "file_kind"
    taken = [result for result in got if isinstance(result, Fetched)]
    assert all(archive.read(result.archive) == result for result in taken)
    known |= {result.content_hash for result in taken}
    os.utime(folder / "growing.csv", (clock.time.timestamp() - 60,) * 2)
    again = run(source("files", str(folder)), session)
    assert [type(result).__name__ for result in again] == ["Unchanged", "Unchanged", "Unchanged", "Failed", "Fetched"]
    assert sorted(path.name for path in folder.iterdir() if path.name[0] in "abcd") == ["a.jsonl", "b.csv", "c.xlsx", "d.exe"]


def test_a_folder_that_is_not_there(tmp_path: Path, session: Session) -> None:
    [got] = run(source("files", str(tmp_path / "nowhere")), session)
    assert isinstance(got, Failed)
    assert (got.cause, got.mend) == ("folder_missing", "check_folder")


def test_a_file_that_is_too_large(folder: Path, clock: HandClock, archive: Archive) -> None:
    with Client("Groundswell/1.0", "", limits=Limits(body_bytes=10)) as small:
        got = run(source("files", str(folder)), session_of(small, clock, archive))
    assert [result.cause for result in got if isinstance(result, Failed)] == ["too_large", "too_large", "file_kind"]


def test_every_kind_says_how_far_it_follows() -> None:
    assert set(KINDS) == {"feed", "list", "board", "sitemap", "page", "files"}
    assert all(kind.follow.role for kind in KINDS.values())


def interrupted(web: Web, session: Session) -> Iterator[Result]:
    yield from KINDS["feed"].collect(source("feed", web.url("/feed")), session)


def test_a_run_may_be_left_at_any_step(web: Web, session: Session) -> None:
    web.routes["/feed"] = (200, RSS, FEED)
    steps = KINDS["feed"].collect(source("feed", web.url("/feed")), session)
    assert isinstance(next(steps), Fetched)
    steps.close()
    assert step(steps, ()) is None
