"""Which addresses may be asked: a table of what the public web is, and of every way round it that is known."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.collect.errors import MENDS, STATUS_MENDS, CollectError
from groundswell.collect.guard import check_url, inside, parse_allowed, resolve_public

INSIDE_CASES = [
    ("127.0.0.1", "loopback"),
    ("127.8.9.10", "loopback"),
    ("::1", "loopback"),
    ("0.0.0.0", "unspecified"),
    ("::", "unspecified"),
    ("10.1.2.3", "private"),
    ("172.16.0.1", "private"),
    ("172.31.255.255", "private"),
    ("192.168.1.1", "private"),
    ("fc00::1", "private"),
    ("fd12:3456::1", "private"),
    ("fec0::1", "private"),
    ("100.64.0.1", "carrier"),
    ("100.127.255.255", "carrier"),
    ("169.254.1.1", "link_local"),
    ("fe80::1", "link_local"),
    ("169.254.169.254", "metadata"),
    ("fd00:ec2::254", "metadata"),
    ("100.100.100.200", "metadata"),
    ("168.63.129.16", "metadata"),
    ("224.0.0.1", "multicast"),
    ("ff02::1", "multicast"),
    ("240.0.0.1", "reserved"),
    ("255.255.255.255", "reserved"),
    ("192.0.0.8", "reserved"),
    ("198.18.0.1", "benchmark"),
    ("203.0.113.5", "documentation"),
    ("2001:db8::1", "documentation"),
    ("::ffff:127.0.0.1", "loopback"),  # mapped
    ("::ffff:10.0.0.1", "private"),
    ("::ffff:169.254.169.254", "metadata"),
    ("::127.0.0.1", "reserved"),  # compatible, long abandoned
    ("64:ff9b::7f00:1", "loopback"),  # NAT64
    ("64:ff9b::a00:1", "private"),
    ("64:ff9b:1::a00:1", "translated"),
    ("2002:7f00:1::1", "loopback"),  # 6to4
    ("2002:a00:1::", "private"),
    ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "reserved"),  # Teredo
    ("2400:3200::5efe:10.0.0.1", "private"),  # ISATAP
    ("2400:3200::200:5efe:192.168.0.1", "private"),
    ("4000::1", "reserved"),  # not given out
]
PUBLIC_CASES = [
    "1.1.1.1",
    "114.114.114.114",
    "172.15.0.1",
    "172.32.0.1",
    "100.63.255.255",
    "2400:3200::1",
    "64:ff9b::101:101",
    "::ffff:1.1.1.1",
]


@pytest.mark.parametrize(("address", "reason"), INSIDE_CASES)
def test_inside_addresses_are_refused_with_their_reason(address: str, reason: str) -> None:
    assert inside(ip_address(address)) == reason
    with pytest.raises(CollectError) as caught:
        resolve_public("news.example.org", 443, resolve=lambda host, port: [address])
    assert caught.value.failed.args == {"host": "news.example.org", "address": str(ip_address(address)), "reason": reason}
    assert caught.value.cause == "blocked_address"
    assert caught.value.mend == "list_host"


@pytest.mark.parametrize("address", PUBLIC_CASES)
def test_public_addresses_are_returned(address: str) -> None:
    assert resolve_public("news.example.org", 80, resolve=lambda host, port: [address]) == (ip_address(address),)


def test_one_inside_address_among_public_ones_refuses_the_name() -> None:
    with pytest.raises(CollectError, match="blocked_address"):
        resolve_public("mixed.example.org", 443, resolve=lambda host, port: ["1.1.1.1", "10.0.0.1"])


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f000001", "0x7f.0.0.1", "127.1", "127.0.1", "0177.0.0.1", "127.0.0.01", "1.1.1.1.1", "0x", "a.0x7f", "01.1.1.1"],
)
def test_odd_spellings_of_addresses_are_refused_without_asking_the_resolver(host: str) -> None:
    def resolver(host: str, port: int) -> list[str]:
        raise AssertionError("the resolver was asked")

    with pytest.raises(CollectError, match="odd_host"):
        resolve_public(host, 80, resolve=resolver)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1.", "[::1]", "LOCALHOST"])
def test_literals_and_final_dots(host: str) -> None:
    with pytest.raises(CollectError, match="blocked_address"):
        resolve_public(host, 80, resolve=lambda host, port: ["127.0.0.1"])


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        ("ftp://example.org/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://example.org/", "scheme"),
        ("//example.org/", "scheme"),
        ("example.org", "scheme"),
        ("http://user@example.org/", "userinfo"),
        ("http://user:word@example.org/", "userinfo"),
        ("http://example.org@127.0.0.1/", "userinfo"),
        ("http://example.org\\@127.0.0.1/", "bad_url"),
        ("http://example.org\\.evil.org/", "bad_url"),
        ("http://exam ple.org/", "bad_url"),
        ("http://example.org/\r\nHost: inside", "bad_url"),
        ("http:///nowhere", "bad_url"),
        ("http://a%2eb/", "bad_url"),
        ("http://a..b/", "bad_url"),
        ("http://[fe80::1%25eth0]/", "bad_url"),
        ("http://[::1/", "bad_url"),
        ("http://2130706433/", "odd_host"),
        ("http://127.1/", "odd_host"),
        ("http://0x7f.1/", "odd_host"),
    ],
)
def test_addresses_that_must_not_be_asked(url: str, cause: str) -> None:
    with pytest.raises(CollectError) as caught:
        check_url(url)
    assert caught.value.cause == cause
    assert caught.value.failed.url == url


def test_chinese_names_and_paths_are_written_for_the_wire() -> None:
    assert str(check_url("http://例子.中国/路?q=水")) == "http://xn--fsqu00a.xn--fiqs8s/%E8%B7%AF?q=%E6%B0%B4"


def test_full_width_dots_do_not_hide_an_address() -> None:
    with pytest.raises(CollectError, match="blocked_address"):
        resolve_public(check_url("http://127。0。0。1/").host, 80)


def public(host: str, port: int) -> list[str]:
    return ["1.1.1.1"]


def private(host: str, port: int) -> list[str]:
    return ["10.1.2.3"]


@pytest.mark.parametrize("port", [22, 25, 6379, 5432, 9200, 81])
def test_other_ports_are_refused(port: int) -> None:
    with pytest.raises(CollectError, match="port"):
        resolve_public("example.org", port, resolve=public)
    assert resolve_public("example.org", port, ports=frozenset({port}), resolve=public)


@pytest.mark.parametrize(
    ("entry", "port", "may"),
    [
        ("intranet.example.org", 80, True),
        ("intranet.example.org", 9000, True),
        ("intranet.example.org:9000", 9000, True),
        ("intranet.example.org:9000", 80, False),
        ("INTRANET.example.org", 80, True),
        ("10.0.0.0/8", 7777, True),
        ("10.1.2.3", 80, True),
        ("10.1.2.3:80", 80, True),
        ("10.1.2.3:80", 81, False),
        ("10.2.0.0/16", 80, False),
        ("example.org", 80, False),  # a listed name does not list its children
        ("[::1]:80", 80, False),
    ],
)
def test_what_the_administrator_listed_may_be_asked(entry: str, port: int, may: bool) -> None:
    def ask() -> object:
        return resolve_public("intranet.example.org", port, allowed=frozenset({entry}), resolve=private)

    if may:
        assert ask() == (ip_address("10.1.2.3"),)
    else:
        with pytest.raises(CollectError, match="blocked_address"):
            ask()


@pytest.mark.parametrize("entry", ["10.0.0.0/33", "a b", "http://x/", "127.1", ""])
def test_a_bad_entry_of_the_list_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match="allowed hosts"):
        parse_allowed(frozenset({entry}))


def test_a_name_without_an_answer() -> None:
    def nothing(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(CollectError, match="dns"):
        resolve_public("missing.example.org", 80, resolve=nothing)


PIECES = [
    "http",
    "https",
    "ftp",
    "://",
    "//",
    "/",
    "\\",
    "@",
    ":",
    "[",
    "]",
    "::1",
    "127.0.0.1",
    "0x7f",
    "example.org",
    "。",
    "．",
    "%",
    "%2e",
    ".",
    "..",
    "#",
    "?",
    "\t",
    "\n",
    "水",
    "xn--",
    "80",
    "99999",
]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=8).map("".join))
def test_any_text_is_a_plain_address_or_a_failure(text: str) -> None:
    try:
        url = check_url(text)
    except CollectError:
        return
    assert url.scheme in {"http", "https"}
    assert not url.userinfo
    assert check_url(str(url)) == url


def test_every_status_mend_is_a_known_mend() -> None:
    assert set(STATUS_MENDS.values()) <= set(MENDS.values()) | {"slow_down", "retire_source"}
