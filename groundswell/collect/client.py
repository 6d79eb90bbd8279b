"""The safe HTTP client: one GET, redirects followed and judged hop by hop, every limit kept, every failure data."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import Message
from hashlib import blake2b
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self
from urllib.parse import quote

import httpx
from msgspec import Struct

from groundswell.engine.records import Fetched

from .decode import ACCEPT_ENCODING, Ceiling, unpack
from .errors import CollectError
from .guard import USUAL_PORTS, Resolve, check_url, system_resolve
from .retry import retry_after
from .site import site
from .transport import GuardedTransport

Permit = Callable[[str], None]  # called with each address before it is asked; raises CollectError to refuse

LONGEST_TYPE = 500  # letters of a Content-Type that are looked at
GZIP_MAGIC = b"\x1f\x8b"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
BINARY = re.compile(
    r"(?:image|audio|video|font)/|application/(?:zip|x-7z|x-rar|vnd\.rar|octet-stream|pdf|msword|vnd\.ms-|vnd\.openxml|x-shockwave)",
    re.IGNORECASE,
)


class Limits(Struct, frozen=True, kw_only=True):
    """Ceilings of one request, redirects included. Bytes, seconds, times."""

    wire_bytes: int = 10 * 1024 * 1024
    body_bytes: int = 30 * 1024 * 1024
    ratio: int = 100  # unpacked to packed, above a megabyte
    total_seconds: float = 60.0
    connect_seconds: float = 10.0
    idle_seconds: float = 20.0  # between two pieces
    redirects: int = 5


class NotModified(Struct, frozen=True, kw_only=True):
    """The host says that nothing changed since the tags that were sent (304)."""

    url: str
    final_url: str
    fetched_at: datetime
    etag: str = ""
    last_modified: str = ""
    address: str = ""


class Taking(Struct, frozen=True, kw_only=True):
    """What is taken of a body; see ``Client.get``."""

    text_only: bool
    gunzip: bool
    keep: int | None


def utc_now() -> datetime:
    return datetime.now(UTC)


class Client:
    """Fetches for all workers of a process; safe to share between threads.

    ``user_agent`` is a product token with a comment that names the body (``Groundswell/1.0 (Yunling County)``),
    ``contact`` the page or mail address where its owner is reached; both are sent with every request.
    ``allowed`` is the administrator's list of inside hosts (see ``guard.resolve_public``).
    """

    def __init__(
        self,
        user_agent: str,
        contact: str,
        *,
        limits: Limits | None = None,
        allowed: frozenset[str] = frozenset(),
        ports: frozenset[int] = USUAL_PORTS,
        now: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        resolve: Resolve = system_resolve,
        verify: ssl.SSLContext | bool = True,
    ) -> None:
        self.agent = ascii_header(f"{user_agent} (+{contact})" if contact else user_agent)
        self.limits = limits or Limits()
        self.now = now
        self.monotonic = monotonic
        transport = GuardedTransport(allowed=allowed, ports=ports, resolve=resolve, verify=verify, monotonic=monotonic)
        self.errand = transport.errand
        self.backend = transport.backend
        self.has_list = bool(allowed)
        self.http = httpx.Client(
            transport=transport,
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            timeout=httpx.Timeout(self.limits.idle_seconds, connect=self.limits.connect_seconds, pool=self.limits.total_seconds),
        )

    @property
    def robots_token(self) -> str:
        """The product token that robots.txt speaks to."""
        return re.split(r"[/\s]", self.agent, maxsplit=1)[0]

    def get(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        accept: str = "",
        text_only: bool = True,
        gunzip: bool = False,
        keep: int | None = None,
        permit: Permit | None = None,
        home: str | None = None,
    ) -> Fetched | NotModified:
        """Fetch one address.

        ``etag`` and ``last_modified`` make it conditional; ``text_only`` refuses pictures, archives and office
        files by their type; ``gunzip`` unpacks a body that is itself a gzip file; ``keep`` takes
        only the first bytes of the body; ``permit`` is asked before every hop.
        With ``home``, the address of the source, listed inside hosts are open to hops of the same site only.
        Raises CollectError with a cause of ``errors.MENDS``; nothing else.
        """
        headers = self.request_headers(etag, last_modified, accept)
        left = self.limits.total_seconds
        hop = url
        for _ in range(self.limits.redirects + 1):
            asked = check_url(hop)
            if permit:
                permit(hop)
            started = self.monotonic()
            try:
                with self.errand.run(left, site(home) if home else None):
                    self.refuse_pooled(asked)
                    answer = self.ask(url, asked, headers, Taking(text_only=text_only, gunzip=gunzip, keep=keep))
            except CollectError as error:
                raise error.at(hop) from None
            except (httpx.HTTPError, httpx.StreamError, OSError) as error:
                late = self.monotonic() - started >= left
                raise self.failure(error, asked, late) from error
            if not isinstance(answer, str):
                return answer
            left -= self.monotonic() - started
            hop = answer
        raise CollectError("redirect_loop", url, hops=self.limits.redirects)

    def refuse_pooled(self, asked: httpx.URL) -> None:
        """An open connection to an inside host may lie in the pool: a hop away from home is checked before it is used."""
        if self.has_list and not self.errand.is_at_home(asked.host):
            self.backend.checked(asked.raw_host.decode("ascii"), port_of(asked), self.limits.connect_seconds)

    def request_headers(self, etag: str, last_modified: str, accept: str) -> list[tuple[str, str]]:
        headers = [
            ("User-Agent", self.agent),
            ("Accept", accept or "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5"),
            ("Accept-Encoding", ACCEPT_ENCODING),
            ("Accept-Language", "zh-CN, zh;q=0.9, en;q=0.5"),
        ]
        conditions = [("If-None-Match", etag), ("If-Modified-Since", last_modified)]
        return headers + [(name, value) for name, value in conditions if value and header_safe(value)]

    def ask(self, url: str, asked: httpx.URL, headers: list[tuple[str, str]], taking: Taking) -> Fetched | NotModified | str:
        """One hop: the answer, or the address that it sends us to."""
        request = httpx.Request("GET", asked, headers=[("Host", asked.netloc.decode("ascii")), *headers])
        response = self.http.send(request, stream=True)
        try:
            if response.status_code in REDIRECTS and "location" in response.headers:
                return next_hop(asked, response.headers["location"])
            if response.status_code == 304:
                return self.unchanged(url, asked, response)
            self.refuse_status(asked, response)
            content_type, charset = media_type(response.headers.get("content-type", ""))
            if taking.text_only and BINARY.match(content_type):
                raise CollectError("not_text", content_type=content_type)
            address = peer(response)
            body = self.body(response, taking)
            return Fetched(
                url=url,
                final_url=str(asked),
                status=response.status_code,
                headers=as_sent(response.headers),
                body=body,
                fetched_at=self.now(),
                content_type=content_type,
                charset=charset,
                content_hash=content_hash(body),
                address=address,
                request_headers=as_sent(request.headers),
            )
        finally:
            response.close()

    def body(self, response: httpx.Response, taking: Taking) -> bytes:
        ceiling = Ceiling(self.limits.wire_bytes, self.limits.body_bytes, self.limits.ratio)
        announced = response.headers.get("content-length", "")
        if taking.keep is None and announced.isascii() and announced.isdigit() and int(announced[:19]) > self.limits.wire_bytes:
            raise CollectError("too_large", limit_bytes=self.limits.wire_bytes)
        body = unpack(response.iter_raw(), response.headers.get("content-encoding", ""), ceiling, taking.keep)
        if taking.gunzip and body.startswith(GZIP_MAGIC):
            return unpack([body], "gzip", Ceiling(self.limits.body_bytes, self.limits.body_bytes, self.limits.ratio))
        return body

    def unchanged(self, url: str, asked: httpx.URL, response: httpx.Response) -> NotModified:
        return NotModified(
            url=url,
            final_url=str(asked),
            fetched_at=self.now(),
            etag=response.headers.get("etag", ""),
            last_modified=response.headers.get("last-modified", ""),
            address=peer(response),
        )

    def refuse_status(self, asked: httpx.URL, response: httpx.Response) -> None:
        if not 200 <= response.status_code < 300:
            wait = retry_after(response.headers.get("retry-after", ""), self.now())
            raise CollectError("http_status", str(asked), retry_after=wait, status=response.status_code)

    def failure(self, error: Exception, asked: httpx.URL, late: bool) -> CollectError:
        """What an exception of the connection means, as one of our causes; ``late``: the total time is over."""
        for link in chain(error):
            if isinstance(link, CollectError):
                return link.at(str(asked))
            if isinstance(link, ssl.SSLError):
                reason = getattr(link, "verify_message", "") or link.reason or "handshake"
                return CollectError("tls", str(asked), host=asked.host, reason=str(reason))
        if isinstance(error, httpx.TimeoutException):
            return self.timeout(error, asked, late)
        if isinstance(error, (httpx.NetworkError, OSError)):
            refused = any(isinstance(link, ConnectionRefusedError) for link in chain(error))
            return CollectError("refused" if refused else "unreachable", str(asked), host=asked.host, port=port_of(asked))
        return CollectError("protocol", str(asked), reason=type(error).__name__)

    def timeout(self, error: httpx.TimeoutException, asked: httpx.URL, late: bool) -> CollectError:
        if late:
            return CollectError("timeout", str(asked), phase="total", seconds=self.limits.total_seconds)
        phases = {httpx.ConnectTimeout: ("connect", self.limits.connect_seconds), httpx.WriteTimeout: ("write", self.limits.idle_seconds)}
        phase, seconds = phases.get(type(error), ("read", self.limits.idle_seconds))
        return CollectError("timeout", str(asked), phase=phase, seconds=seconds)

    def close(self) -> None:
        self.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and what led to it, nearest first."""
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__


def port_of(url: httpx.URL) -> int:
    return url.port or (80 if url.scheme == "http" else 443)


def next_hop(asked: httpx.URL, location: str) -> str:
    try:
        return str(asked.join(location.strip()).copy_with(fragment=None))
    except (httpx.InvalidURL, ValueError):
        raise CollectError("bad_url", str(asked), reason="location") from None


def media_type(value: str) -> tuple[str, str]:
    """Content-Type as (type, charset), both lower case; empty where the header says nothing."""
    message = Message()
    value = value[:LONGEST_TYPE]
    message["content-type"] = value
    charset = message.get_param("charset", "")
    kind = value.split(";", 1)[0].strip().lower()
    return kind, charset.strip(" '\"").lower() if isinstance(charset, str) else ""


def as_sent(headers: httpx.Headers) -> tuple[tuple[str, str], ...]:
    """Names and values as they stood on the wire, byte for byte (latin-1)."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw)


def header(headers: tuple[tuple[str, str], ...], name: str) -> str:
    """The first value of a header, whatever its case; empty where it is missing."""
    return next((value for key, value in headers if key.lower() == name.lower()), "")


def content_hash(body: bytes) -> str:
    """blake2b of 16 bytes as 32 hex digits: equal means the same body."""
    return blake2b(body, digest_size=16).hexdigest()


def peer(response: httpx.Response) -> str:
    stream = response.extensions.get("network_stream")
    address = stream.get_extra_info("server_addr") if stream else None
    return str(address[0]) if address else ""


def ascii_header(value: str) -> str:
    """A header value in printable ASCII: other letters are percent-encoded as UTF-8, line ends go."""
    return quote(" ".join(value.split()), safe="".join(map(chr, range(0x20, 0x7F))))


def header_safe(value: str) -> bool:
    return value.isascii() and value.isprintable()
