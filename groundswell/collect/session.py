"""One run at one source: every request polite, every response on disk before it is handed on, every failure data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

import httpx
from msgspec import Struct
from msgspec.structs import replace

from groundswell.engine.records import Fetched, SourceSpec

from .budget import Budget
from .client import Client, NotModified, header
from .errors import ArchiveError, CollectError, Failed
from .robots import READ_BYTES, Robots
from .warc import RecordKind


class Keep(Protocol):
    """Puts a response on disk and returns its ref: ``Archive.write``."""

    def __call__(self, fetched: Fetched, *, kind: RecordKind = "response") -> str: ...


IsKnown = Callable[[str, str], bool]  # (slug, content hash): was a body of that hash taken from that source before?

USUAL_DELAY = timedelta(seconds=2)
ASKS_FOR_TIME = frozenset({429, 503})


class Ask(Struct, frozen=True, kw_only=True):
    """How an address of one role is asked for."""

    accept: str
    text_only: bool = True
    gunzip: bool = False


PAGE = "text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.3"
FEED = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.3"
ASKS: dict[str, Ask] = {
    "page": Ask(accept=PAGE),
    "feed": Ask(accept=FEED, text_only=False),  # many hosts send feeds as application/octet-stream
    "sitemap": Ask(accept="application/xml, text/xml, text/plain;q=0.8, */*;q=0.3", text_only=False, gunzip=True),
}


class Unchanged(Struct, frozen=True, kw_only=True):
    """The address was asked and nothing is new; ``why`` is 304 (the host says so) or same (the bytes are)."""

    url: str
    at: datetime
    why: str
    etag: str = ""
    last_modified: str = ""


Result = Fetched | Unchanged | Failed


def never_known(slug: str, content_hash: str) -> bool:
    return False


class Session:
    """What a kind asks through. One a run; not shared between threads, its parts are.

    ``delay`` is the least time between two requests to a host, lengthened by the host's crawl delay.
    ``keep`` puts what was fetched on disk. ``now`` and ``sleep`` (seconds) are the clock.
    """

    def __init__(
        self,
        client: Client,
        *,
        robots: Robots,
        budget: Budget,
        keep: Keep,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
        delay: timedelta = USUAL_DELAY,
        is_known: IsKnown = never_known,
    ) -> None:
        self.client = client
        self.robots = robots
        self.budget = budget
        self.keep = keep
        self.now = now
        self.sleep = sleep
        self.delay = delay
        self.is_known = is_known
        self.home: str | None = None  # address of the source that is being visited
        self.unfinished = False  # a kind ended with addresses still to ask: they are due again next time

    def first(self, spec: SourceSpec, *, role: str) -> Result:
        """Ask the source's own address, only for what changed since the spec's tags and hash."""
        return self.visit(spec, spec.address, role=role, etag=spec.etag, last_modified=spec.last_modified, same=spec.content_hash)

    def visit(
        self, spec: SourceSpec, url: str, *, role: str, etag: str = "", last_modified: str = "", same: str = "", part_of: str = ""
    ) -> Result:
        """Ask one address. The answer is on disk, with its ``archive`` ref, source and role, when it is returned.

        ``same`` is the hash of the body seen last, ``part_of`` the first page of the thread that goes on here. Never raises
        for what the web does.
        """
        how = ASKS.get(role, ASKS["page"])
        self.home = spec.address
        try:
            answer = self.client.get(
                url,
                etag=etag,
                last_modified=last_modified,
                accept=how.accept,
                text_only=how.text_only,
                gunzip=how.gunzip,
                permit=self.permit,
                home=self.home,
            )
            if isinstance(answer, NotModified):
                return not_modified(answer, etag, last_modified)
            if same and answer.content_hash == same:
                return unchanged_bytes(answer)
            return self.kept(replace(answer, source=spec.slug, role=role, part_of=part_of))
        except CollectError as error:
            return self.failed(error, url)

    def kept(self, fetched: Fetched, kind: RecordKind = "response") -> Fetched:
        """The response with the place where its bytes lie; CollectError archive where they could not be put there."""
        try:
            return replace(fetched, archive=self.keep(fetched, kind=kind))
        except ArchiveError as error:
            raise CollectError("archive", fetched.url, reason=error.code) from error

    def permit(self, url: str) -> None:
        """Leave for one hop: robots.txt of its host, then a turn at the host."""
        verdict = self.robots.ask(url, self.robots_file)
        if not verdict.allowed:
            raise CollectError(verdict.cause, url, agent=self.robots.agent, host=httpx.URL(url).host)
        self.wait_for_turn(url, max(self.delay, verdict.delay or timedelta(0)))

    def robots_file(self, url: str) -> Fetched:
        def pace(hop: str) -> None:
            self.wait_for_turn(hop, self.delay)

        answer = self.client.get(url, accept="text/plain, */*;q=0.1", text_only=False, keep=READ_BYTES, permit=pace, home=self.home)
        if isinstance(answer, NotModified):
            raise CollectError("protocol", url, reason="304")
        return answer

    def wait_for_turn(self, url: str, delay: timedelta) -> None:
        host = host_port(url)
        now = self.now()
        turn = self.budget.reserve(host, delay, now)
        if turn is None:
            raise CollectError("host_busy", url, host=host)
        if turn > now:
            self.sleep((turn - now).total_seconds())

    def failed(self, error: CollectError, url: str) -> Failed:
        """The failure as data; a host that asked for time gets it from all workers."""
        failed = error.at(url).failed
        if failed.retry_after and failed.args.get("status") in ASKS_FOR_TIME:
            self.budget.hold(host_port(failed.url), self.now() + failed.retry_after)
        return replace(failed, url=url, hop=failed.url if failed.url != url else "", at=self.now())


def not_modified(answer: NotModified, etag: str, last_modified: str) -> Unchanged:
    """The tags that a 304 leaves out stay the ones that were sent."""
    return Unchanged(
        url=answer.url,
        at=answer.fetched_at,
        why="304",
        etag=answer.etag or etag,
        last_modified=answer.last_modified or last_modified,
    )


def unchanged_bytes(answer: Fetched) -> Unchanged:
    return Unchanged(
        url=answer.url,
        at=answer.fetched_at,
        why="same",
        etag=header(answer.headers, "etag"),
        last_modified=header(answer.headers, "last-modified"),
    )


def host_port(url: str) -> str:
    """``example.org:443``: the key of a host's budget."""
    parsed = httpx.URL(url)
    port = parsed.port or (80 if parsed.scheme == "http" else 443)
    return f"{parsed.raw_host.decode('ascii')}:{port}"
