"""What a host allows robots to read: RFC 9309, with the crawl delay that many hosts add to it.

4xx: there are no rules, everything may be read. 5xx, 429 and no answer at all: nothing may be read; the
rules seen last stand in for up to 30 days, after which a host that never answered counts as one without.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol

import httpx
from msgspec import Struct
from msgspec.structs import replace
from protego import Protego

from groundswell.engine.records import Fetched

from .errors import CollectError

READ_BYTES = 500 * 1024  # RFC 9309 § 2.5
FRESH = timedelta(hours=24)  # § 2.4
ASK_AGAIN = timedelta(hours=1)  # where the host did not answer
STANDS_IN = timedelta(days=30)  # § 2.3.1.4
AGENT_LINE = re.compile(r"^([^\S\n]*user[-\t ]*agent[^\S\n]*:?[^\S\n]*)(.*)$", re.IGNORECASE | re.MULTILINE)
OTHERS = "any-other-robot"
UNREACHED = frozenset({"dns", "refused", "unreachable", "timeout", "tls", "blocked_address", "inside_link", "port", "odd_host"})

Fetch = Callable[[str], Fetched]  # gets robots.txt itself, politely; raises CollectError


class Rules(Struct, frozen=True, kw_only=True):
    """What is known of one host's robots.txt; what the cache keeps."""

    text: str = ""  # empty: everything may be read
    again_at: datetime  # when to ask again
    read_at: datetime | None = None  # last answer (2xx or 4xx); None: never one
    silent_since: datetime | None = None  # first try after that which failed


class RulesCache(Protocol):
    """Where rules are kept between runs, by origin (``https://example.org:8443``)."""

    def get(self, origin: str) -> Rules | None: ...

    def put(self, origin: str, rules: Rules) -> None: ...


class MemoryRules:
    """The cache of one process."""

    def __init__(self) -> None:
        self.kept: dict[str, Rules] = {}

    def get(self, origin: str) -> Rules | None:
        return self.kept.get(origin)

    def put(self, origin: str, rules: Rules) -> None:
        self.kept[origin] = rules


class Verdict(Struct, frozen=True, kw_only=True):
    """May this address be read, how long to wait between two requests (None: nothing said), and where sitemaps lie."""

    allowed: bool
    cause: str = ""  # robots | robots_unreachable where not allowed
    delay: timedelta | None = None
    sitemaps: tuple[str, ...] = ()


class Robots:
    """Answers for one agent, asking each host at most once a day."""

    def __init__(self, agent: str, cache: RulesCache, now: Callable[[], datetime]) -> None:
        self.agent = agent
        self.cache = cache
        self.now = now

    def ask(self, url: str, fetch: Fetch) -> Verdict:
        """May ``url`` be read? ``fetch`` is used where the host's rules are not known or too old.

        Raises CollectError where the host cannot be reached at all: that says more than a refusal.
        """
        where = origin(url)
        rules = self.cache.get(where)
        if rules is None or self.now() >= rules.again_at:
            rules = self.refresh(url, where, rules, fetch)
        return self.judge(url, rules)

    def refresh(self, url: str, where: str, known: Rules | None, fetch: Fetch) -> Rules:
        now = self.now()
        try:
            text = fetch(f"{where}/robots.txt").body[:READ_BYTES].decode("utf-8-sig", "replace")
        except CollectError as error:
            if error.cause == "host_busy":
                raise error.about(url) from None
            if not means_no_rules(error):
                return self.silent(url, where, known, error)
            text = ""
        rules = Rules(text=text, again_at=now + FRESH, read_at=now)
        self.cache.put(where, rules)
        return rules

    def silent(self, url: str, where: str, known: Rules | None, error: CollectError) -> Rules:
        """Write down that the host did not tell its rules; raise where it did not answer and none stand in."""
        now = self.now()
        known = known or Rules(again_at=now)
        unreached = error.cause in UNREACHED
        rules = replace(known, again_at=now if unreached else now + ASK_AGAIN, silent_since=known.silent_since or now)
        self.cache.put(where, rules)
        if unreached and self.must_wait(rules):
            raise error.about(url) from None
        return rules

    def must_wait(self, rules: Rules) -> bool:
        """The host is silent, nothing stands in for its rules, and it has not been so for long."""
        now = self.now()
        return rules.silent_since is not None and now - rules.silent_since < STANDS_IN and not stands_in(rules, now)

    def judge(self, url: str, rules: Rules) -> Verdict:
        if self.must_wait(rules):
            return Verdict(allowed=False, cause="robots_unreachable")
        parsed = parse(rules.text if rules.silent_since is None or stands_in(rules, self.now()) else "", self.agent)
        seconds = parsed.crawl_delay(self.agent)
        allowed = is_robots_file(url) or parsed.can_fetch(url, self.agent)
        return Verdict(
            allowed=allowed,
            cause="" if allowed else "robots",
            delay=timedelta(seconds=min(max(float(seconds), 0.0), 86400.0)) if seconds is not None else None,
            sitemaps=tuple(parsed.sitemaps),
        )


def stands_in(rules: Rules, now: datetime) -> bool:
    return rules.read_at is not None and now - rules.read_at <= STANDS_IN


def means_no_rules(error: CollectError) -> bool:
    status = error.failed.args.get("status", 0)
    return error.cause == "redirect_loop" or (400 <= status < 500 and status != 429)


def is_robots_file(url: str) -> bool:
    return httpx.URL(url).path == "/robots.txt"


def origin(url: str) -> str:
    """Scheme, host and port where it is not the usual one."""
    parsed = httpx.URL(url)
    return f"{parsed.scheme}://{parsed.netloc.decode('ascii')}"


@lru_cache(maxsize=32)
def parse(text: str, agent: str) -> Protego:
    """The rules, with every agent that is not ours under one name.

    Protego copies each rule to each agent of its group: half a megabyte of names over rules would take
    minutes and gigabytes.
    """
    ours = agent.lower()

    def named(match: re.Match[str]) -> str:
        name = match[2].partition("#")[0].strip().lower()
        return match[0] if name.strip("*") in ours else f"{match[1]}{OTHERS}"

    return Protego.parse(AGENT_LINE.sub(named, "\n".join(text.splitlines())))
