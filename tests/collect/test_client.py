"""The client against real servers on loopback that misbehave in every way that the web does."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import brotli
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundswell.collect.client import Client, Limits, NotModified, header
from groundswell.collect.errors import CollectError, Failed
from groundswell.collect.retry import next_delay, retry_after
from groundswell.engine.records import Fetched

from .conftest import NOON, HandClock, Web, answer

HTML = {"Content-Type": "text/html; charset=GB18030"}


def fetched(result: Fetched | NotModified) -> Fetched:
    assert isinstance(result, Fetched)
    return result


def failing(client: Client, url: str, **options: Any) -> CollectError:
    with pytest.raises(CollectError) as caught:
        client.get(url, **options)
    return caught.value


def client_for(allowed: set[str], resolve: Any = None, **limits: Any) -> Client:
    extra = {"resolve": resolve} if resolve else {}
    return Client("Groundswell/1.0", "", allowed=frozenset(allowed), limits=Limits(**limits), **extra)


# ---------------------------------------------------------------- what arrives


def test_a_page_arrives_whole_with_what_is_known_of_it(web: Web, client: Client) -> None:
    body = "供水公告".encode("gb18030")
    web.routes["/a?q=%E6%B0%B4"] = (200, HTML, body)
    got = fetched(client.get(web.url("/a?q=水")))
    assert (got.status, got.body, got.content_type, got.charset) == (200, body, "text/html", "gb18030")
    assert (got.fetched_at, got.address, len(got.content_hash)) == (NOON, "127.0.0.1", 32)
    assert header(got.headers, "content-TYPE") == "text/html; charset=GB18030"
    assert header(got.request_headers, "Host") == web.host


def test_the_user_agent_names_the_body_and_its_contact(web: Web, clock: HandClock) -> None:
    with Client("Groundswell/1.0 (云岭县)", "https://example.org/联系", allowed=frozenset({web.host}), now=clock.now) as client:
        failing(client, web.url())
        assert client.robots_token == "Groundswell"
    agent = web.asked[0][1]["user-agent"]
    assert agent == "Groundswell/1.0 (%E4%BA%91%E5%B2%AD%E5%8E%BF) (+https://example.org/%E8%81%94%E7%B3%BB)"


def test_tags_are_sent_back_and_304_is_not_modified(web: Web, client: Client) -> None:
    def route(handler: BaseHTTPRequestHandler) -> None:
        same = handler.headers["If-None-Match"] == '"7"' and handler.headers["If-Modified-Since"] == "Mon, 23 Nov 2026 00:00:00 GMT"
        answer(handler, 304 if same else 200, {"ETag": '"7"'}, b"")

    web.routes["/feed"] = route
    assert isinstance(client.get(web.url("/feed")), Fetched)
    got = client.get(web.url("/feed"), etag='"7"', last_modified="Mon, 23 Nov 2026 00:00:00 GMT")
    assert isinstance(got, NotModified)
    assert got.etag == '"7"'


def test_a_tag_with_a_line_end_in_it_is_not_sent(web: Web, client: Client) -> None:
    web.routes["/"] = (200, HTML, b"x")
    client.get(web.url(), etag='"7"\r\nX-Evil: 1')
    assert "if-none-match" not in web.asked[0][1]


def test_cookies_are_not_kept(web: Web, client: Client) -> None:
    web.routes["/"] = (200, {"Set-Cookie": "who=1"}, b"x")
    client.get(web.url())
    client.get(web.url())
    assert all("cookie" not in headers for _, headers in web.asked)
    assert list(client.http.cookies.jar) == []


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("gzip", lambda body: gzip.compress(body[:100]) + gzip.compress(body[100:])),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("br", brotli.compress),
        ("identity", bytes),
        ("", bytes),
    ],
)
def test_packings_are_undone(web: Web, client: Client, encoding: str, pack: Any) -> None:
    body = "供水公告".encode() * 30_000
    web.routes["/"] = (200, {"Content-Encoding": encoding}, pack(body[:180_000]))
    assert fetched(client.get(web.url())).body == body[:180_000]


# ---------------------------------------------------------------- limits


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress)])
def test_a_bomb_is_put_out(web: Web, client: Client, encoding: str, pack: Any) -> None:
    web.routes["/"] = (200, {"Content-Encoding": encoding}, pack(bytes(20_000_000)))
    with client_for({web.host}) as roomy:
        assert failing(roomy, web.url()).cause == "bomb"
    assert failing(client, web.url()).cause in {"bomb", "too_large"}


def test_a_body_that_is_too_large_unpacked(web: Web) -> None:
    packed = zlib.compress(b"".join(number.to_bytes(3, "big") for number in range(700_000)))
    web.routes["/"] = (200, {"Content-Encoding": "deflate"}, packed)
    with client_for({web.host}, body_bytes=1_500_000) as small:
        error = failing(small, web.url())
    assert (error.cause, error.failed.args) == ("too_large", {"limit_bytes": 1_500_000})


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_that_is_too_large_on_the_wire(web: Web, client: Client, announced: bool) -> None:
    def route(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        if announced:
            handler.send_header("Content-Length", "999999999")
        else:
            handler.send_header("Connection", "close")
        handler.end_headers()
        try:
            for _ in range(0 if announced else 100):
                handler.wfile.write(bytes(10_000))
        except OSError:
            pass

    web.routes["/"] = route
    error = failing(client, web.url())
    assert (error.cause, error.failed.args) == ("too_large", {"limit_bytes": 200_000})


def test_only_the_first_bytes_where_asked(web: Web, client: Client) -> None:
    web.routes["/"] = (200, {"Content-Type": "text/plain"}, b"a" * 900_000)
    assert len(fetched(client.get(web.url(), keep=1000)).body) == 1000


@pytest.mark.parametrize("part", ["body", "headers"])
def test_a_slow_loris_ends_with_the_total_time(web: Web, part: str) -> None:
    over = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"Content-Length: 9999\r\n\r\n" if part == "body" else b""))
        try:
            while not over.wait(0.05):
                handler.wfile.write(b"x" if part == "body" else b"X-A: b\r\n")
        except OSError:
            pass

    web.routes["/"] = drip
    with client_for({web.host}, total_seconds=0.4, idle_seconds=5) as client:
        error = failing(client, web.url())
    over.set()
    assert (error.cause, error.failed.args) == ("timeout", {"phase": "total", "seconds": 0.4})


def test_a_silent_host_ends_with_the_idle_time(web: Web) -> None:
    over = threading.Event()
    web.routes["/"] = lambda handler: over.wait(5)
    with client_for({web.host}, total_seconds=9, idle_seconds=0.2) as client:
        error = failing(client, web.url())
    over.set()
    assert (error.cause, error.failed.args["phase"]) == ("timeout", "read")


def test_a_resolver_that_never_answers() -> None:
    over = threading.Event()

    def never(host: str, port: int) -> list[str]:
        over.wait(5)
        return []

    with client_for(set(), never, total_seconds=0.2) as client:
        error = failing(client, "http://slow.example.org/")
    over.set()
    assert (error.cause, error.failed.args["phase"]) == ("timeout", "dns")


# ---------------------------------------------------------------- redirects and inside


def test_redirects_are_followed_and_the_last_address_is_told(web: Web, client: Client) -> None:
    web.routes |= {
        "/a": (301, {"Location": "b?x=1#part"}, b""),
        "/b?x=1": (302, {"Location": web.url("/c")}, b""),
        "/c": (200, HTML, b"here"),
    }
    got = fetched(client.get(web.url("/a")))
    assert (got.url, got.final_url, got.body) == (web.url("/a"), web.url("/c"), b"here")


def test_five_redirects_are_followed_and_no_more(web: Web, client: Client) -> None:
    web.routes |= {f"/{n}": (302, {"Location": f"/{n + 1}"}, b"") for n in range(6)} | {"/6": (200, HTML, b"end")}
    assert fetched(client.get(web.url("/1"))).body == b"end"
    assert failing(client, web.url("/0")).cause == "redirect_loop"


@pytest.mark.parametrize(
    ("location", "cause"),
    [
        ("http://169.254.169.254/latest/meta-data/", "blocked_address"),
        ("http://[::ffff:10.0.0.1]/", "blocked_address"),
        ("http://2130706433/", "odd_host"),
        ("http://user@example.org/", "userinfo"),
        ("file:///etc/passwd", "scheme"),
        ("http://[", "bad_url"),
        ("http://1.1.1.1:22/", "port"),
    ],
)
def test_a_redirect_to_the_inside_is_refused(web: Web, client: Client, location: str, cause: str) -> None:
    web.routes["/"] = (302, {"Location": location}, b"")
    assert failing(client, web.url()).cause == cause


def test_loopback_is_refused_where_nobody_listed_it(web: Web) -> None:
    with client_for(set()) as client:
        error = failing(client, web.url())
        assert (error.cause, error.failed.args["reason"], error.failed.url) == ("blocked_address", "loopback", web.url())
        assert failing(client, f"http://localhost:{web.port}/").cause == "blocked_address"
    assert web.asked == []


def test_a_name_that_changes_its_answer_after_the_check_changes_nothing(web: Web) -> None:
    """Rebinding: the first answer may be asked, the second lies inside; only the checked one is connected to."""
    answers: Iterator[str] = iter(["127.0.0.1", "127.0.0.66"])
    asked: list[str] = []

    def turning(host: str, port: int) -> list[str]:
        asked.append(host)
        return [next(answers)]

    web.routes["/"] = (200, {"Connection": "close"}, b"here")
    with client_for({"127.0.0.1"}, turning) as client:
        url = f"http://rebind.example.org:{web.port}/"
        got = fetched(client.get(url))
        assert (got.body, got.address, asked) == (b"here", "127.0.0.1", ["rebind.example.org"])
        assert web.asked[0][1]["host"] == f"rebind.example.org:{web.port}"
        error = failing(client, url)
        assert (error.cause, error.failed.args["address"]) == ("blocked_address", "127.0.0.66")


def test_the_next_address_is_tried_where_the_first_is_dead(web: Web) -> None:
    web.routes["/"] = (200, HTML, b"here")
    with client_for({"127.0.0.0/8", "::1"}, lambda host, port: ["::1", "127.0.0.1"]) as client:
        assert fetched(client.get(f"http://two.example.org:{web.port}/")).address == "127.0.0.1"


def test_every_hop_asks_for_leave(web: Web, client: Client) -> None:
    web.routes |= {"/a": (302, {"Location": "/b"}, b""), "/b": (200, HTML, b"x")}
    hops: list[str] = []
    client.get(web.url("/a"), permit=hops.append)
    assert hops == [web.url("/a"), web.url("/b")]


# ---------------------------------------------------------------- failures are data


@pytest.mark.parametrize(
    ("status", "mend"),
    [(404, "check_address"), (403, "ask_permission"), (410, "retire_source"), (429, "slow_down"), (500, "wait"), (503, "wait")],
)
def test_a_status_says_its_mend(web: Web, client: Client, status: int, mend: str) -> None:
    web.routes["/"] = (status, {}, b"")
    error = failing(client, web.url())
    assert (error.cause, error.mend, error.failed.args) == ("http_status", mend, {"status": status})


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Mon, 23 Nov 2026 04:10:00 GMT", timedelta(minutes=10)),
        ("Mon, 23 Nov 2026 03:00:00 GMT", timedelta(0)),
        ("99999999999999999999", timedelta(hours=24)),
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("", None),
    ],
)
def test_retry_after_is_read(web: Web, client: Client, value: str, wait: timedelta | None) -> None:
    assert retry_after(value, NOON) == wait
    if value.isascii():
        web.routes["/"] = (503, {"Retry-After": value}, b"")
        assert failing(client, web.url()).retry_after == wait


def test_back_off_doubles_to_a_day() -> None:
    assert [next_delay(n) // timedelta(minutes=5) for n in range(12)] == [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 288, 288]


@pytest.mark.parametrize(
    "kind", ["image/png", "video/mp4", "application/zip", "application/vnd.openxmlformats-officedocument", "Application/PDF"]
)
def test_what_is_not_text_is_left_unless_wanted(web: Web, client: Client, kind: str) -> None:
    web.routes["/"] = (200, {"Content-Type": kind}, b"x")
    assert failing(client, web.url()).failed.args == {"content_type": kind.lower()}
    assert fetched(client.get(web.url(), text_only=False)).body == b"x"


@pytest.mark.parametrize(
    ("raw", "cause"),
    [
        (b"what is this\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "protocol"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", "protocol"),
        (b"", "protocol"),
        (b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"b" * 200_000, "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd", "encoding"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: 4\r\n\r\nabcd", "encoding"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: 4\r\n\r\nabcd", "encoding"),
    ],
)
def test_answers_that_are_not_http(web: Web, client: Client, raw: bytes, cause: str) -> None:
    def route(handler: BaseHTTPRequestHandler) -> None:
        try:
            handler.wfile.write(raw)
        except OSError:
            pass
        handler.close_connection = True

    web.routes["/"] = route
    assert failing(client, web.url()).cause == cause


def test_a_port_where_nobody_listens(client: Client) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        error = failing(client, f"http://127.0.0.1:{port}/")
    assert (error.cause, error.failed.args) == ("refused", {"host": "127.0.0.1", "port": port})


def test_a_name_that_nobody_knows() -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "unknown")

    with client_for(set(), nobody) as client:
        assert failing(client, "http://nobody.example.org/").failed.args == {"host": "nobody.example.org"}


def test_threads_share_a_client_and_each_keeps_its_own_time(web: Web, client: Client) -> None:
    web.routes |= {f"/{n}": (200, HTML, str(n).encode()) for n in range(40)}
    got: dict[int, bytes] = {}

    def work(start: int) -> None:
        for n in range(start, 40, 4):
            got[n] = fetched(client.get(web.url(f"/{n}"))).body

    threads = [threading.Thread(target=work, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == {n: str(n).encode() for n in range(40)}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from([b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 Found\r\n", b"HTTP/1.0 200\r\n", b"HTTP/1.1 304 X\r\n", b""]),
    head=st.lists(
        st.tuples(
            st.sampled_from(
                [b"Content-Type", b"Content-Length", b"Content-Encoding", b"Transfer-Encoding", b"Location", b"Retry-After", b"ETag", b"X"]
            ),
            st.one_of(
                st.binary(max_size=30),
                st.sampled_from(
                    [b"gzip", b"br", b"deflate", b"chunked", b"5", b"-1", b"/x", b"http://[", b"//", b"text/html; charset=\xff"]
                ),
            ),
        ),
        max_size=5,
    ),
    body=st.binary(max_size=200),
)
def test_whatever_a_host_answers_is_a_result_or_a_failure(
    web: Web, client: Client, start: bytes, head: list[tuple[bytes, bytes]], body: bytes
) -> None:
    def route(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(start + b"".join(name + b": " + value + b"\r\n" for name, value in head) + b"\r\n" + body)
        handler.close_connection = True

    web.routes["/"] = route
    got: Fetched | NotModified | Failed
    try:
        got = client.get(web.url())
    except CollectError as error:
        got = error.failed
    assert got.url


# ---------------------------------------------------------------- TLS


@pytest.fixture
def secure(web: Web, tmp_path: Path) -> tuple[Web, Path, list[str]]:
    """The server behind TLS with a certificate of its own for secure.example.org; the names it was asked by."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "secure.example.org")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("secure.example.org")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    names: list[str] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    context.sni_callback = lambda sock, server_name, ctx: names.append(server_name)
    web.server.socket = context.wrap_socket(web.server.socket, server_side=True)
    return web, pem, names


def test_the_tls_name_stays_that_of_the_address_while_the_socket_goes_to_the_checked_ip(secure: tuple[Web, Path, list[str]]) -> None:
    web, pem, names = secure
    web.routes["/"] = (200, HTML, b"safe")
    with Client(
        "Groundswell/1.0",
        "",
        allowed=frozenset({"127.0.0.1"}),
        resolve=lambda host, port: ["127.0.0.1"],
        verify=ssl.create_default_context(cafile=str(pem)),
    ) as client:
        got = fetched(client.get(f"https://secure.example.org:{web.port}/"))
        assert (got.body, got.address, names) == (b"safe", "127.0.0.1", ["secure.example.org"])
        error = failing(client, f"https://other.example.org:{web.port}/")
        assert (error.cause, error.failed.args["host"]) == ("tls", "other.example.org")


def test_a_certificate_of_nobody_is_refused(secure: tuple[Web, Path, list[str]]) -> None:
    web, _, _ = secure
    with client_for({"127.0.0.1"}, lambda host, port: ["127.0.0.1"]) as client:
        assert failing(client, f"https://secure.example.org:{web.port}/").cause == "tls"
