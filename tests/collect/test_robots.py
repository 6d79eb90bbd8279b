"""RFC 9309 as a table: what each answer to robots.txt means, today and while the host stays silent."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundswell.collect.client import Client
from groundswell.collect.errors import CollectError
from groundswell.collect.robots import MemoryRules, Robots, Verdict
from groundswell.engine.records import Fetched

from .conftest import HandClock, Web

RULES = b"""\xef\xbb\xbfUser-agent: *
Disallow: /

User-agent: Groundswell
Crawl-delay: 2.5
Disallow: /private
Allow: /private/open
Disallow: /*.pdf$
Disallow: /\xe6\xb0\xb4

Sitemap: https://example.org/sitemap.xml
"""


class Host:
    """A host whose robots.txt is what the test says: bytes, a status, or a cause of failure."""

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.tells: bytes | int | str = b""
        self.asked = 0
        self.robots = Robots("Groundswell", MemoryRules(), clock.now)

    def fetch(self, url: str) -> Fetched:
        assert url.endswith("/robots.txt")
        self.asked += 1
        if isinstance(self.tells, bytes):
            return Fetched(url=url, final_url=url, status=200, headers=(), body=self.tells, fetched_at=self.clock.now())
        if isinstance(self.tells, int):
            raise CollectError("http_status", url, status=self.tells)
        raise CollectError(self.tells, url)

    def ask(self, path: str = "/page") -> Verdict:
        return self.robots.ask(f"https://example.org{path}", self.fetch)


@pytest.fixture
def host(clock: HandClock) -> Host:
    return Host(clock)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/private", False),
        ("/private/x", False),
        ("/private/open/x", True),  # the longer rule wins
        ("/a.pdf", False),
        ("/a.pdf?x=1", True),  # $ is the end
        ("/%E6%B0%B4/1", False),
        ("/robots.txt", True),
    ],
)
def test_rules_are_obeyed(host: Host, path: str, allowed: bool) -> None:
    host.tells = RULES
    verdict = host.ask(path)
    assert verdict.allowed is allowed
    assert verdict.delay == timedelta(seconds=2.5)
    assert verdict.sitemaps == ("https://example.org/sitemap.xml",)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_host_without_rules_may_be_read(host: Host, status: int) -> None:
    host.tells = status
    assert host.ask().allowed


def test_a_loop_of_redirects_counts_as_no_rules(host: Host) -> None:
    host.tells = "redirect_loop"
    assert host.ask().allowed


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_host_in_trouble_is_left_alone_for_an_hour(host: Host, clock: HandClock, status: int) -> None:
    host.tells = status
    verdict = host.ask()
    assert (verdict.allowed, verdict.cause) == (False, "robots_unreachable")
    clock.sleep(3599)
    host.ask()
    assert host.asked == 1
    host.tells = b""
    clock.sleep(1)
    assert host.ask().allowed
    assert host.asked == 2


@pytest.mark.parametrize("cause", ["dns", "refused", "timeout", "blocked_address"])
def test_a_host_that_cannot_be_reached_says_why(host: Host, cause: str) -> None:
    host.tells = cause
    with pytest.raises(CollectError) as caught:
        host.ask()
    assert (caught.value.cause, caught.value.failed.url) == (cause, "https://example.org/page")


@pytest.mark.parametrize("silence", [503, "timeout"])
def test_old_rules_stand_in_for_thirty_days(host: Host, clock: HandClock, silence: int | str) -> None:
    host.tells = RULES
    host.ask()
    host.tells = silence
    for _ in range(29):
        clock.sleep(86400)
        assert host.ask().allowed
        assert host.ask("/private").cause == "robots"
    clock.sleep(2 * 86400)
    assert host.ask("/private").allowed  # silent for thirty days: as if there were none


@pytest.mark.parametrize("silence", [503, "timeout"])
def test_a_host_that_never_answered_is_closed_for_thirty_days(host: Host, clock: HandClock, silence: int | str) -> None:
    def closed() -> bool:
        try:
            return not host.ask().allowed
        except CollectError:
            return True

    host.tells = silence
    for _ in range(30):
        assert closed()
        clock.sleep(86400)
    assert not closed()


def test_rules_are_asked_once_a_day(host: Host, clock: HandClock) -> None:
    host.tells = RULES
    for _ in range(5):
        host.ask()
    clock.sleep(86399)
    host.ask("/other")
    assert host.asked == 1
    clock.sleep(1)
    host.ask()
    assert host.asked == 2


def test_half_a_megabyte_is_read_and_no_more(host: Host) -> None:
    host.tells = b"User-agent: *\n" + b"# filling\n" * 51_200 + b"Disallow: /\n"
    assert host.ask().allowed
    host.tells = b"User-agent: *\nDisallow: /no\n" + b"# filling\n" * 51_200
    assert not Robots("Groundswell", MemoryRules(), host.clock.now).ask("https://example.org/no", host.fetch).allowed


@pytest.mark.parametrize(
    "body", [b"\x00\xff\xfe", b"<html>not found</html>", b"User-agent: *\nCrawl-delay: soon\n", b"Disallow: /\n", b"\xff\xfeU\x00"]
)
def test_rubbish_is_no_rule(host: Host, body: bytes) -> None:
    host.tells = body
    verdict = host.ask()
    assert (verdict.allowed, verdict.delay) == (True, None)


LINES = [
    b"User-agent: *",
    b"User-agent: groundswell",
    b"Disallow: ",
    b"Allow: /",
    b"*",
    b"$",
    b"%",
    b"%zz",
    b"?",
    b"Crawl-delay: ",
    b"1/5s",
    b"Request-rate: ",
    b"\n",
    b"\r",
    b"#",
    b":",
    b"\xe6\xb0",
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.sampled_from(LINES), st.binary(max_size=4)), max_size=20).map(b"".join))
def test_whatever_stands_in_it_there_is_a_verdict(host: Host, body: bytes) -> None:
    host.tells = body
    host.robots.cache = MemoryRules()
    assert host.ask("/a%zz?b=%E6%B0%B4") is not None


@pytest.mark.parametrize(("value", "seconds"), [(b"-5", 0), (b"1e9", 86400), (b"0", 0), (b"0.5", 0.5)])
def test_odd_crawl_delays_are_bounded(host: Host, value: bytes, seconds: float) -> None:
    host.tells = b"User-agent: *\nCrawl-delay: " + value
    assert (host.ask().delay or timedelta(0)).total_seconds() == seconds


def test_ports_have_rules_of_their_own(clock: HandClock) -> None:
    robots, asked = Robots("Groundswell", MemoryRules(), clock.now), list[str]()

    def fetch(url: str) -> Fetched:
        asked.append(url)
        return Fetched(url=url, final_url=url, status=200, headers=(), body=b"", fetched_at=clock.now())

    for url in ("http://example.org/", "http://example.org:80/a", "http://example.org:8080/", "https://example.org/"):
        robots.ask(url, fetch)
    assert asked == ["http://example.org/robots.txt", "http://example.org:8080/robots.txt", "https://example.org/robots.txt"]


@pytest.mark.parametrize("form", ["User-agent: {}", "user agent {}", "USERAGENT:{}", " User-Agent :{} # x"])
def test_thousands_of_agents_over_thousands_of_rules_take_no_time(host: Host, form: str) -> None:
    names = "\n".join(form.format(f"x{number}") for number in range(12_000))
    rules = "\n".join(f"Disallow: /{number}" for number in range(12_000))
    host.tells = f"{names}\n{rules}\nUser-agent: groundswell\nDisallow: /no\n".encode()
    started = time.monotonic()
    assert not host.ask("/no").allowed
    assert host.ask("/5").allowed
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("filling", [b"\n", b" ", b"user ", b"user-", b"User-agent:", b"*", b"$", b"#", b"\x0b", b"Disallow: /*$\n"])
def test_half_a_megabyte_of_anything_takes_no_time(host: Host, filling: bytes) -> None:
    host.tells = filling * (500_000 // len(filling))
    started = time.monotonic()
    host.ask("/" + "a" * 2000)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("name", "ours"),
    [("groundswell", True), ("GroundSwell", True), ("groundswell*", True), ("*", True), ("swell", False), ("otherbot", False), ("", False)],
)
def test_which_group_is_ours(host: Host, name: str, ours: bool) -> None:
    host.tells = f"User-agent: otherbot\nUser-agent: {name}\nDisallow: /\n\nUser-agent: last\nDisallow: /page\n".encode()
    assert host.ask().allowed is not ours


def test_a_large_file_is_cut_on_the_wire(web: Web, client: Client, clock: HandClock) -> None:
    web.routes["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /no\n" + b"#" * 3_000_000)
    fetch: Callable[[str], Fetched] = lambda url: client.get(url, text_only=False, keep=150_000)  # type: ignore[assignment,return-value]  # noqa: E731
    robots = Robots("Groundswell", MemoryRules(), clock.now)
    assert not robots.ask(web.url("/no"), fetch).allowed
    assert robots.ask(web.url("/yes"), fetch).allowed
