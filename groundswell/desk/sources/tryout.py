"""The try-out: what would be collected at an address, before anything is saved.

A real reading through the same polite and safe client, budget and robots rules as the live run, bounded in time; nothing of
it is stored, neither bytes nor items.
"""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
from msgspec.structs import replace

from groundswell.collect.client import Client
from groundswell.collect.errors import CollectError, Failed
from groundswell.collect.kinds import KINDS, Link
from groundswell.collect.robots import Robots, Verdict
from groundswell.collect.session import Session
from groundswell.collect.site import site
from groundswell.collect.warc import RecordKind
from groundswell.desk.sources import collecting
from groundswell.desk.sources.models import Source
from groundswell.desk.sources.turns import DatabaseBudget, DatabaseRules
from groundswell.desk.sources.understand import Understood, understand
from groundswell.desk.sources.words import Said, say_failure
from groundswell.desk.spine.preferences import preference
from groundswell.engine.read import Detected, ReadError, detect_kind, read_page, stamp_to_utc
from groundswell.engine.records import Fetched, Item, Row, SourceSpec

SECONDS = 20.0  # for the whole try-out
PAGES = 2  # behind a list, a board or a sitemap
SHOWN = 12
FILES = 3
TOTAL = 8.0  # seconds for one address
PATIENCE = timedelta(seconds=12)  # a host whose next turn is further away is not waited for
LISTING = frozenset({"list", "board", "sitemap"})


@dataclass
class Tryout:
    """What was found, for the page."""

    address: str
    kind: str = ""
    detected: Detected | None = None
    items: list[Item] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    faults: list[tuple[str, Said]] = field(default_factory=list)  # address, words
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    title: str = ""
    final_url: str = ""
    status: int = 0
    size_bytes: int = 0
    seconds: float = 0.0
    found: int = 0
    crawl_delay: timedelta | None = None
    cut_short: bool = False  # the time was over before all was looked at

    @property
    def works(self) -> bool:
        return bool(self.items or self.rows or self.links)

    @property
    def per_day(self) -> float | None:
        """About how many come in a day, by the newer three quarters of the times that were found: an old piece may stand on top."""
        of_rows = [stamp_to_utc(row.published_at, preference("body.zone"))[0] for row in self.rows if row.published_at]
        found = of_rows or [item.published_at for item in self.items if item.published_stamp]
        times = sorted(at for at in found if at is not None)
        times = times[len(times) // 4 :]
        if len(times) < 3 or times[-1] - times[0] < timedelta(hours=1):
            return None
        return round((len(times) - 1) / ((times[-1] - times[0]) / timedelta(days=1)), 1)


def try_source(source: Source, *, detect: bool = False, seconds: float = SECONDS) -> Tryout:
    """Read SOURCE (saved or not) as the live run would, without storing; with DETECT its kind is found first."""
    started = time.monotonic()
    result = Tryout(address=source.address, kind=source.kind)
    with _client() as client:
        session = _session(client, started + seconds)
        reading = _read_folder if source.kind == "files" else _read
        try:
            reading(source, session, result, detect, started + seconds)
        except _TimeIsOver:
            result.cut_short = True
        if source.kind != "files":
            result.crawl_delay, result.sitemaps = _robots_note(session, source.address)
    result.seconds = round(time.monotonic() - started, 1)
    return result


class _TimeIsOver(Exception):
    """The try-out has used its time."""


def _client() -> Client:
    """A client of its own, with shorter limits than the live one; the same name, guard and list of inside hosts."""
    return collecting.make_client(total_seconds=TOTAL, connect_seconds=5.0, idle_seconds=6.0)


def _session(client: Client, end: float) -> Session:
    def sleep(seconds: float) -> None:
        if time.monotonic() + seconds > end:
            raise _TimeIsOver
        time.sleep(seconds)

    return Session(
        client,
        robots=Robots(client.robots_token, DatabaseRules(), collecting.real_now),
        budget=DatabaseBudget(PATIENCE),
        keep=_keep_nothing,
        now=collecting.real_now,
        sleep=sleep,
        delay=timedelta(seconds=float(preference("collect.host_seconds"))),
    )


def _keep_nothing(fetched: Fetched, *, kind: RecordKind = "response") -> str:
    return ""


def _read(source: Source, session: Session, result: Tryout, detect: bool, end: float) -> None:
    spec = SourceSpec(slug=source.slug, kind=source.kind, address=source.address, options=source.options, zone=preference("body.zone"))
    first = session.visit(spec, source.address, role=_role_of(source, detect))
    if isinstance(first, Failed):
        _fault(result, first)
        return
    assert isinstance(first, Fetched)  # nothing was asked conditionally
    result.final_url, result.status, result.size_bytes = first.final_url, first.status, len(first.body)
    if detect and not _detect(source, first, result):
        return
    found = _understood(source, replace(first, role=KINDS[source.kind].follow.role), result)
    result.found = found.seen
    result.items += found.items[:SHOWN]
    result.items += list(found.reserve.values())[: SHOWN - len(result.items)]
    result.links = found.links
    if source.kind in LISTING:
        result.rows = _rows(source, first)
        _sample(source, spec, session, result, end)


def _read_folder(source: Source, session: Session, result: Tryout, detect: bool, end: float) -> None:
    """The first files of a drop folder, without taking them in."""
    spec = SourceSpec(slug=source.slug, kind=source.kind, address=source.address)
    for answer in itertools.islice(KINDS["files"].collect(spec, session), FILES):
        if isinstance(answer, Failed):
            _fault(result, answer)
        elif isinstance(answer, Fetched):
            found = _understood(source, answer, result)
            result.found += found.seen
            result.items += found.items[: SHOWN - len(result.items)]


def _role_of(source: Source, detect: bool) -> str:
    """As what the address is asked first: where the kind is not known yet, whatever it is may come."""
    packed = source.address.lower().endswith(".gz") or "sitemap" in source.address.lower()
    if detect:
        return "sitemap" if packed else "feed"
    return KINDS[source.kind].follow.role


def _detect(source: Source, first: Fetched, result: Tryout) -> bool:
    try:
        detected = detect_kind(first.body, url=first.final_url, content_type=first.content_type, charset=first.charset)
    except ReadError as error:
        result.faults.append((first.url, say_failure(error.cause, error.mend, error.filling)))
        return False
    result.detected, result.feeds = detected, detected.feeds[:6]
    result.title = detected.title
    source.kind = result.kind = detected.kind
    return True


def _understood(source: Source, fetched: Fetched, result: Tryout) -> Understood:
    found = understand(fetched, collecting.origin_of(source, fetched))
    for fault in found.faults:
        _fault(result, fault)
    return found


def _rows(source: Source, first: Fetched) -> list[Row]:
    """The lines of a list or board, as they are shown; a sitemap has none."""
    if source.kind == "sitemap":
        return []
    page = read_page(
        first.body,
        url=first.final_url,
        charset=first.charset,
        now=first.fetched_at,
        zone=preference("body.zone"),
        kind=source.kind,
        options=source.options,
    )
    return list(page.rows[:SHOWN])


def _sample(source: Source, spec: SourceSpec, session: Session, result: Tryout, end: float) -> None:
    """Read the first pages behind a list, as far as the time reaches."""
    near = [link for link in result.links if link.role in ("page", "thread") and site(link.url) == site(result.final_url)]
    for link in near[:PAGES]:
        if time.monotonic() > end - TOTAL:
            raise _TimeIsOver
        answer = session.visit(spec, link.url, role=link.role)
        if isinstance(answer, Failed):
            _fault(result, answer)
        elif isinstance(answer, Fetched):
            result.items += _understood(source, answer, result).items[: SHOWN - len(result.items)]


def _fault(result: Tryout, failed: Failed) -> None:
    result.faults.append((failed.hop or failed.url, say_failure(failed.cause, failed.mend, failed.args)))


def _robots_note(session: Session, address: str) -> tuple[timedelta | None, tuple[str, ...]]:
    """What the host's robots.txt says, from what was just learnt; nothing is asked for it."""

    def nothing(url: str) -> Fetched:
        raise CollectError("host_busy", url)

    try:
        verdict: Verdict = session.robots.ask(address, nothing)
    except (CollectError, httpx.InvalidURL, ValueError):
        return None, ()
    return verdict.delay, verdict.sitemaps[:3]
