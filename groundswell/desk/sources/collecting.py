"""One run at one source: ask politely, keep the bytes, read them, store what is new, write down how it went."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec.structs import replace

import groundswell
from groundswell.collect.archive import Archive
from groundswell.collect.client import Client, Limits
from groundswell.collect.errors import Failed
from groundswell.collect.guard import USUAL_PORTS
from groundswell.collect.kinds import KINDS, Link, step
from groundswell.collect.retry import LONGEST_DELAY, next_delay
from groundswell.collect.robots import Robots
from groundswell.collect.schedule import next_interval
from groundswell.collect.session import Result, Session, Unchanged
from groundswell.desk.sources.items import Origin
from groundswell.desk.sources.models import Failure, FetchRun, SeenPage, Source
from groundswell.desk.sources.turns import DatabaseBudget, DatabaseRules
from groundswell.desk.sources.understand import Understood, understand
from groundswell.desk.spine.ports import now, ports
from groundswell.desk.spine.preferences import preference
from groundswell.desk.stream.intake import store
from groundswell.engine.records import Fetched, Item, SourceSpec

log = logging.getLogger("groundswell.collect")
KEPT_FAILURES = 50
LASTING = frozenset(
    {
        "robots",
        "not_text",
        "not_html",
        "too_large",
        "bomb",
        "blocked_address",
        "inside_link",
        "userinfo",
        "scheme",
        "odd_host",
        "bad_url",
        "port",
        "redirect_loop",
        "too_deep",
        "empty",
    }
)  # fmt: skip  (of one page: asking again soon would be in vain)
LASTING_STATUS = frozenset({400, 401, 403, 404, 405, 406, 410, 451})
LONG, TRIES = timedelta(days=7), 5
_lock = threading.Lock()
_shared: dict[str, Any] = {}


@dataclass
class Run:
    """What one run found, for its row."""

    pages: int = 0
    size_bytes: int = 0
    seen: int = 0
    new: int = 0
    changed: int = 0
    status: int | None = None
    first: Result | None = None
    failures: list[Failed] = field(default_factory=list)
    expected: dict[str, int] = field(default_factory=dict)  # thread → replies that its board showed
    blind: bool = False  # the source's own address was answered, but not with what it is read for
    unfinished: bool = False  # addresses were left that must be asked next time


def collect_source(pk: int) -> FetchRun | None:
    """Read the source PK once. Everything that goes wrong outside becomes a row; None where the source is not to be read."""
    source = Source.objects.select_related("unit", "place").get(pk=pk)
    if source.state != "active" or source.kind not in KINDS:
        return None
    Source.objects.filter(pk=pk).update(fetching_since=now())
    started, run = time.monotonic(), Run()
    try:
        _walk(source, run)
    except Exception as error:  # a fault of ours: it is written down and must not stop the other sources
        log.exception("run failed", extra={"source": source.slug})
        run.unfinished = True
        run.failures.append(Failed(url=source.address, cause="internal", mend="tell_us", args={"error": type(error).__name__}, at=now()))
    return _write_down(source, run, time.monotonic() - started)


def take_file(source: Source, fetched: Fetched) -> FetchRun:
    """Take in one file that a person handed in: archived first, then read and stored like any other. Raises ArchiveError."""
    started, run = time.monotonic(), Run()
    run.first = replace(fetched, archive=shared_archive().write(fetched, kind="resource"))
    _take(source, run, run.first, {})
    return _write_down(source, run, time.monotonic() - started)


def _walk(source: Source, run: Run) -> None:
    session = make_session()
    steps = KINDS[source.kind].collect(spec_of(source), session)
    reserve: dict[str, Item] = {}
    result = next(steps, None)
    while result is not None:
        run.first = run.first or result
        links = _take(source, run, result, reserve)
        result = step(steps, links)
    run.unfinished = run.unfinished or session.unfinished
    failed = {each.url for each in run.failures}
    _store(run, [item for url, item in reserve.items() if url in failed])


def _take(source: Source, run: Run, result: Result, reserve: dict[str, Item]) -> tuple[Link, ...]:
    """Deal with one result; returns the links to follow."""
    if isinstance(result, Failed):
        run.failures.append(result)
        run.status = run.status or result.args.get("status")
        if result.cause == "host_busy":  # no fault of the page's
            run.unfinished = True
        elif result is not run.first:
            _be_patient(source, run, result.url, lasting=result.cause in LASTING or result.args.get("status") in LASTING_STATUS)
        return ()
    if isinstance(result, Unchanged):
        run.status = run.status or (304 if result.why == "304" else 200)
        _remember(source, run, result.url, result.etag, result.last_modified)
        return ()
    run.pages, run.size_bytes, run.status = run.pages + 1, run.size_bytes + len(result.body), run.status or result.status
    found = _understood(source, result)
    run.seen += found.seen
    run.failures += found.faults
    run.blind = run.blind or (result is run.first and bool(found.faults) and not found.seen)
    _store(run, found.items)
    reserve.update(found.reserve)
    headers = {name.lower(): value for name, value in result.headers}
    _remember(source, run, result.url, headers.get("etag", ""), headers.get("last-modified", ""), result.content_hash, result.archive)
    run.expected |= {url: replies for url, replies in found.replies.items() if replies is not None}
    return _with_knowledge(source, run, found)


def _understood(source: Source, result: Fetched) -> Understood:
    """What the response says. A fault of ours in reading one page is written down and stops no other page."""
    try:
        return understand(result, origin_of(source, result))
    except Exception as error:
        log.exception("page could not be read", extra={"source": source.slug})
        fault = Failed(url=result.url, cause="internal", mend="tell_us", args={"error": type(error).__name__}, at=result.fetched_at)
        return Understood(faults=[fault])


def _store(run: Run, items: Sequence[Item]) -> None:
    if items:
        stored = store(items)
        run.new, run.changed = run.new + len(stored.new), run.changed + len(stored.changed)


def _with_knowledge(source: Source, run: Run, found: Understood) -> tuple[Link, ...]:
    """Mark the links that were read before; a thread counts as new again when its board shows other replies than last time.

    While a page that failed waits for its next try, its list must be read again even where it did not change.
    """
    wanted = {_hash(link.url): link for link in found.links}
    known = {row.url_hash: row for row in SeenPage.objects.filter(source=source, url_hash__in=wanted)}
    soon = now() + LONGEST_DELAY
    run.unfinished = run.unfinished or any(row.failures and row.due_at and row.due_at <= soon for row in known.values())
    return tuple(replace(link, known=_is_known(known.get(_hash(link.url)), found.replies.get(link.url), link)) for link in found.links)


def _is_known(row: SeenPage | None, replies: int | None, link: Link) -> bool:
    if row is None or link.role in ("next", "sitemap"):
        return False
    if row.failures:
        return row.due_at is not None and row.due_at > now()
    return not (link.role == "thread" and replies is not None and replies != row.replies)


def _remember(
    source: Source, run: Run, url: str, etag: str, last_modified: str, content_hash: str | None = None, archive: str = ""
) -> None:
    """The page was read. The replies that its board showed count from now on as read."""
    values: dict[str, Any] = {"fetched_at": now(), "etag": etag[:400], "last_modified": last_modified[:80], "failures": 0, "due_at": None}
    if content_hash is not None:
        values |= {"content_hash": content_hash, "archive": archive}
    if url in run.expected:
        values["replies"] = run.expected[url]
    SeenPage.objects.update_or_create(source=source, url_hash=_hash(url), defaults=values)


def _be_patient(source: Source, run: Run, url: str, *, lasting: bool) -> None:
    """A page below the source failed: it is asked again after a while that doubles, one that says no for good after a week."""
    row, _ = SeenPage.objects.get_or_create(source=source, url_hash=_hash(url), defaults={"fetched_at": now()})
    row.failures += 1
    given_up = lasting or row.failures >= TRIES
    row.due_at = now() + (LONG if given_up else next_delay(row.failures))
    row.save(update_fields=["failures", "due_at"])
    run.unfinished = run.unfinished or not given_up


def _write_down(source: Source, run: Run, seconds: float) -> FetchRun:
    """The run's row, its failures, and when the source is due again."""
    moment = now()
    internal = any(failure.cause == "internal" for failure in run.failures) and run.first is None
    failed = isinstance(run.first, Failed) or run.blind or internal
    outcome = (
        "failed"
        if failed and not run.new
        else "partly"
        if run.failures
        else "items"
        if run.new or run.changed
        else "unchanged"
        if isinstance(run.first, Unchanged)
        else "nothing_new"
    )
    row = FetchRun.objects.create(source=source, at=moment, seconds=round(seconds, 2), outcome=outcome, status=run.status, pages=run.pages,
                                  size_bytes=run.size_bytes, seen=run.seen, new=run.new, changed=run.changed)  # fmt: skip
    Failure.objects.bulk_create(
        Failure(
            source=source,
            run=row,
            at=moment,
            url=failure.url[:2000],
            cause=failure.cause[:40],
            args=_plain(failure.args),
            mend=failure.mend[:40],
        )
        for failure in run.failures[:KEPT_FAILURES]
    )
    _bring_up_to_date(source, run, moment, outcome, complete=not run.unfinished and not failed)
    log.info(
        "collected", extra={"source": source.slug, "outcome": outcome, "new": run.new, "pages": run.pages, "failures": len(run.failures)}
    )
    return row


def _bring_up_to_date(source: Source, run: Run, moment: datetime, outcome: str, *, complete: bool) -> None:
    source.refresh_from_db(fields=["interval_minutes", "adapted_minutes", "failures", "state"])
    source.failures = source.failures + 1 if outcome == "failed" else 0
    source.last_cause = run.failures[0].cause[:40] if outcome == "failed" and run.failures else ""
    source.last_run_at, source.fetching_since = moment, None
    if outcome != "failed":
        source.last_success_at = moment
    if run.new:
        source.last_item_at, source.silent_since = moment, None
    usual = timedelta(minutes=source.interval_minutes)
    wait = next_interval(
        timedelta(minutes=source.adapted_minutes or 0), yielded=run.new, duplicates=max(0, run.seen - run.new), failures=source.failures,
        minimum=max(timedelta(minutes=1), usual / 4), maximum=max(usual * 4, timedelta(minutes=5)), usual=usual, longest=timedelta(hours=1),
    )  # fmt: skip
    held = max((failure.retry_after for failure in run.failures if failure.retry_after), default=timedelta(0))
    source.adapted_minutes = round(wait / timedelta(minutes=1), 2)
    source.next_fetch_at = moment + max(wait, held)
    if complete:
        source.etag, source.last_modified, source.content_hash = _tags(run.first, source)
    else:  # something is left: the list must be read again, also where it did not change
        source.etag = source.last_modified = source.content_hash = ""
    source.save(update_fields=["failures", "last_cause", "last_run_at", "fetching_since", "last_success_at", "last_item_at", "silent_since",
                               "adapted_minutes", "next_fetch_at", "etag", "last_modified", "content_hash"])  # fmt: skip


def _tags(first: Result | None, source: Source) -> tuple[str, str, str]:
    if isinstance(first, Fetched):
        headers = {name.lower(): value for name, value in first.headers}
        return headers.get("etag", "")[:400], headers.get("last-modified", "")[:80], first.content_hash
    if isinstance(first, Unchanged):
        return first.etag[:400], first.last_modified[:80], source.content_hash
    return source.etag, source.last_modified, source.content_hash


def spec_of(source: Source) -> SourceSpec:
    return SourceSpec(slug=source.slug, kind=source.kind, address=source.address, options=source.options, etag=source.etag,
                      last_modified=source.last_modified, content_hash=source.content_hash, zone=preference("body.zone"))  # fmt: skip


def origin_of(source: Source, fetched: Fetched) -> Origin:
    return Origin(source=source, zone=preference("body.zone"), at=fetched.fetched_at, archive=fetched.archive, keep=institution_names())


def institution_names() -> frozenset[str]:
    """Names that mentions may keep: media, public bodies and institutional accounts of the register, and the body's units."""
    from groundswell.desk.accounts.models import Unit

    def read() -> frozenset[str]:
        return frozenset(Source.objects.filter(institutional=True).values_list("name", flat=True)) | frozenset(
            Unit.objects.values_list("name", flat=True)
        )

    return _kept("names", read, 60.0)  # type: ignore[no-any-return]


def make_session() -> Session:
    """A session on the shared client, archive, budget and robots rules. Politeness runs on real time, the rest on the desk's clock."""
    client = shared_client()
    return Session(
        client,
        robots=Robots(client.robots_token, DatabaseRules(), real_now),
        budget=DatabaseBudget(),
        keep=shared_archive().write,
        now=real_now,
        sleep=time.sleep,
        delay=timedelta(seconds=float(preference("collect.host_seconds"))),
        is_known=_was_taken,
    )


def real_now() -> datetime:
    return datetime.now(UTC)


def _was_taken(slug: str, content_hash: str) -> bool:
    return SeenPage.objects.filter(source__slug=slug, content_hash=content_hash).exists()


def shared_client() -> Client:
    """One client a process; made anew when the settings that it is made of change."""
    made_of = (preference("body.name_en") or preference("body.name"), preference("body.contact"), preference("collect.max_mib"),
               tuple(ports.reachable))  # fmt: skip
    with _lock:
        if _shared.get("made_of") != made_of:
            _shared["made_of"], _shared["client"] = made_of, make_client()
        return _shared["client"]  # type: ignore[no-any-return]


def make_client(**seconds: Any) -> Client:
    """A client that names the body and its contact page; SECONDS replace the limits of time."""
    size = int(preference("collect.max_mib")) * 2**20
    return Client(
        f"Groundswell/{groundswell.__version__} ({preference('body.name_en') or preference('body.name')})",
        str(preference("body.contact")),
        limits=Limits(wire_bytes=size, body_bytes=size * 3, **seconds),
        allowed=frozenset(ports.reachable),
        ports=USUAL_PORTS,
        now=now,
    )


def shared_archive() -> Archive:
    """One archive writer a process; made anew where the folder or the key is another."""
    with _lock:
        sealed_with = (ports.archive_folder, ports.master_key())
        if _shared.get("sealed_with") != sealed_with:
            key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"raw archive").derive(sealed_with[1])
            _shared["sealed_with"], _shared["archive"] = sealed_with, Archive(ports.archive_folder, key, now)
        return _shared["archive"]  # type: ignore[no-any-return]


def _kept(name: str, read: Any, seconds: float) -> Any:
    at, value = _shared.get(name, (0.0, None))
    if time.monotonic() - at > seconds or value is None:
        value = read()
        _shared[name] = (time.monotonic(), value)
    return value


def _hash(url: str) -> str:
    return blake2b(url.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _plain(args: dict[str, Any]) -> dict[str, Any]:
    return {key: value if isinstance(value, int | float | bool | str) else str(value) for key, value in args.items()}
