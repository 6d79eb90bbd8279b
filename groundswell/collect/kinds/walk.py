"""From a first address along the links that come back: how many, how deep, how far from home."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from groundswell.engine.records import Fetched, SourceSpec

from ..errors import CollectError, Failed
from ..guard import check_url
from ..session import Result, Session
from ..site import site

GIVE_UP_AFTER = 3  # failures in a row: the host has a bad day, the rest waits for the next run
OWN_FAULTS = frozenset({"robots", "not_text", "blocked_address", "too_large"})  # of one link, not of the host


class Link(Struct, frozen=True, kw_only=True):
    """An address found in a response. ``known``: it was read before and nothing says that it changed.

    ``role`` is what it leads to: page (an article), thread, sitemap, or next (where the list or the thread
    in which it stands goes on).
    """

    url: str
    known: bool = False
    role: str = "page"


class Follow(Struct, frozen=True, kw_only=True):
    """How far a kind goes in one run. A source's options of the same names replace the numbers and ``off_site``."""

    role: str  # what the first address is asked as
    links: int = 30  # addresses asked after the first, at most
    pages: int = 1  # pages of the list itself, the first included
    thread_pages: int = 1  # pages of one thread or article
    off_site: bool = False  # also links to other sites (registrable domains)


Steps = Generator[Result, tuple[Link, ...] | None, None]

COUNTS = ("links", "pages", "thread_pages")


def policy(follow: Follow, options: dict[str, Any]) -> Follow:
    """A kind's policy with what the source's options say otherwise; what is no number there is passed over.

    ``follow: false`` among the options means no links at all.
    """
    counts = {name: options[name] for name in COUNTS if is_count(options.get(name))}
    if options.get("follow") is False:
        counts["links"] = 0
    off_site = options.get("off_site")
    return replace(follow, **counts, off_site=off_site if isinstance(off_site, bool) else follow.off_site)


def is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10_000


def walk(spec: SourceSpec, session: Session, follow: Follow) -> Steps:
    """Yield the first response, then every due link, breadth first, until the policy's numbers are used up.

    Known links are passed over, and none is asked twice. Three failures in a row, or a host that asks for
    time, end the run: what is left is due again next time.
    """
    follow = policy(follow, spec.options)
    first = session.first(spec, role=follow.role)
    trail = Trail(spec, follow, first)
    trail.add((yield first), Step(link=Link(url=first.url, role=follow.role)), first)
    failures = 0
    while failures < GIVE_UP_AFTER and (here := trail.next()):
        result = session.visit(spec, here.link.url, role=here.link.role, part_of=here.part_of)
        trail.add((yield result), here, result)
        if isinstance(result, Failed) and (result.retry_after or result.cause == "host_busy"):
            session.unfinished = True
            return
        failures = failures + 1 if isinstance(result, Failed) and result.cause not in OWN_FAULTS else 0
    session.unfinished = session.unfinished or bool(trail.waiting and follow.links)


class Step(Struct, frozen=True, kw_only=True):
    """A link with its page number in the list or thread that it belongs to."""

    link: Link
    page: int = 1
    part_of: str = ""  # the first page of the thread or article, on the later ones


class Trail:
    """The addresses still to ask and those that were, with the numbers that are left."""

    def __init__(self, spec: SourceSpec, follow: Follow, first: Result) -> None:
        self.follow = follow
        start = first.final_url if isinstance(first, Fetched) else spec.address
        self.homes = {site(spec.address), site(start)}
        self.met = {plain(spec.address), plain(start)}
        self.waiting: deque[Step] = deque()
        self.left = follow.links

    def add(self, links: Iterable[Link] | None, here: Step, result: Result) -> None:
        """Queue those of the links found ``here``, in ``result``, that are new, near and within the numbers.

        A list goes on only while its page held something new: behind the known lies the known.
        """
        links = tuple(links or ())
        goes_on = here.link.role != self.follow.role or any(not link.known and link.role != "next" for link in links)
        for link in links:
            step = self.step(link, here, result)
            due = not link.known and (link.role != "next" or goes_on) and step.page <= self.pages_of(step.link.role)
            if due and self.may_ask(link.url):
                self.met.add(plain(link.url))
                self.waiting.append(step)

    def step(self, link: Link, here: Step, result: Result) -> Step:
        """A next page is of the same role as the page where it was found, one further on, and part of the same thread."""
        if link.role == "next":
            start = result.final_url if isinstance(result, Fetched) else here.link.url
            first = "" if here.link.role == self.follow.role else here.part_of or start
            return Step(link=replace(link, role=here.link.role), page=here.page + 1, part_of=first)
        return Step(link=link)

    def pages_of(self, role: str) -> int:
        return self.follow.pages if role == self.follow.role else self.follow.thread_pages

    def may_ask(self, url: str) -> bool:
        try:
            check_url(url)
        except CollectError:
            return False
        return plain(url) not in self.met and (self.follow.off_site or site(url) in self.homes)

    def next(self) -> Step | None:
        if not self.waiting or self.left <= 0:
            return None
        self.left -= 1
        return self.waiting.popleft()


def plain(url: str) -> str:
    """An address without its fragment: what is asked of the host."""
    return url.partition("#")[0]
