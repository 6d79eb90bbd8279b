"""Real feeds and pages over loopback: each readable one stored once, a second pass finds nothing new, kill -9 loses and doubles nothing.

The bodies are those of the development data, 102 feeds and 102 pages, each served under a port of its own with ETag and
Last-Modified; the register holds one source for each, links are not followed, the pause between requests is 0. Each pass is a
process of its own. What is expected is counted before, from the bytes alone. Without the development data nothing is measured.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from benchmarks.measure import Figure
from benchmarks.scratch import DATA, scratch_home

MODIFIED = "Sat, 21 Nov 2026 08:00:00 GMT"
THREADS, KILLS, SECONDS = 4, (0.25, 0.5, 0.75), 300


# ---------------------------------------------------------------- the small web


def bodies(most: int | None = None) -> dict[str, tuple[str, bytes]]:
    """slug → (kind, body) of every feed and page of the development data."""
    found: dict[str, tuple[str, bytes]] = {}
    for kind, folder, pattern in (("feed", "feeds/real", "*.gz"), ("page", "pages/en", "*.html.gz")):
        for path in sorted((DATA / folder).glob(pattern))[:most]:
            found[f"{kind}-{path.name.split('.')[0][:16]}"] = kind, gzip.decompress(path.read_bytes())
    return found


class Site(BaseHTTPRequestHandler):
    """One body under every path but robots.txt; answers 304 where the caller has it."""

    protocol_version = "HTTP/1.1"
    kind, body, etag = "", b"", ""
    answered: Counter[int]

    def do_GET(self) -> None:
        if self.path == "/robots.txt":
            self._answer(404, b"")
        elif self.headers.get("If-None-Match") == self.etag:
            self.answered[304] += 1
            self._answer(304, b"")
        else:
            self.answered[200] += 1
            self._answer(200, self.body)

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("ETag", self.etag)
        self.send_header("Last-Modified", MODIFIED)
        self.send_header("Content-Type", "application/xml" if self.kind == "feed" else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextlib.contextmanager
def small_web(served: dict[str, tuple[str, bytes]], answered: Counter[int]) -> Iterator[dict[str, int]]:
    """Serve each body under a port of its own. Gives slug → port."""
    servers = {}
    for slug, (kind, body) in served.items():
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        handler = type("OneSite", (Site,), {"kind": kind, "body": body, "etag": etag, "answered": answered})
        servers[slug] = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    for server in servers.values():
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.5}, daemon=True).start()
    try:
        yield {slug: server.server_address[1] for slug, server in servers.items()}
    finally:
        with ThreadPoolExecutor(32) as pool:
            list(pool.map(lambda server: server.shutdown(), servers.values()))
        for server in servers.values():
            server.server_close()


def expected(kind: str, body: bytes) -> tuple[int, str]:
    """How many distinct entries BODY holds by the bytes alone, or 0 and why it cannot be read."""
    from groundswell.engine.read import ReadError, read_feed, read_page

    try:
        if kind == "page":
            page = read_page(body)
            return (1, "") if page.text.strip() or page.posts else (0, "no text")
        entries = read_feed(body).entries
    except ReadError as error:
        return 0, error.cause
    told = [entry for entry in entries if (entry.title + entry.summary + entry.content).strip()]
    often = Counter(entry.url for entry in told)
    alone = [entry.url if often[entry.url] == 1 else "" for entry in told]
    names = {url or (entry.id, entry.title, entry.content or entry.summary) for url, entry in zip(alone, told, strict=True)}
    return len(names), "" if told else "no entries"


# ---------------------------------------------------------------- what the child processes do


def register(addresses: dict[str, str]) -> dict[str, Any]:
    """Make the home and the register."""
    from groundswell.server.home import open_home

    with open_home(make=True, migrate=True):
        from groundswell.desk.sources.models import Source
        from groundswell.desk.spine.preferences import change
        from groundswell.server.first_steps import lay_ground

        lay_ground()
        change(None, "collect.host_seconds", 0)
        change(None, "body.contact", "http://127.0.0.1/")
        Source.objects.bulk_create(
            Source(slug=slug, name=slug, channel="news", kind=slug.partition("-")[0], address=address, options={"follow": False})
            for slug, address in addresses.items()
        )
    return {}


def collect() -> dict[str, Any]:
    """Read every source once, several at a time."""
    from groundswell.server.home import open_home

    with open_home():
        from django.db import connection

        from groundswell.desk.sources.collecting import collect_source
        from groundswell.desk.sources.models import Source

        def one(pk: int) -> tuple[str, int | None, int, int]:
            try:
                run = collect_source(pk)
                assert run is not None
                return run.outcome, run.status, run.new, run.changed
            finally:
                connection.close()

        started = time.monotonic()
        with ThreadPoolExecutor(THREADS) as pool:
            runs = list(pool.map(one, Source.objects.order_by("pk").values_list("pk", flat=True)))
        outcomes = Counter(f"{outcome} {status}" for outcome, status, _new, _changed in runs)
        new, changed = sum(run[2] for run in runs), sum(run[3] for run in runs)
        return {"seconds": time.monotonic() - started, "outcomes": outcomes, "new": new, "changed": changed}


def facts() -> dict[str, Any]:
    """What the desk holds: keys, items of each source, pages without text, versions, failures, archive refs that do not open."""
    from groundswell.server.home import open_home

    with open_home():
        from django.db.models import Count
        from django.db.models.functions import Left

        from groundswell.desk.sources.collecting import shared_archive
        from groundswell.desk.sources.models import Failure
        from groundswell.desk.stream.models import Item, ItemVersion

        said = Item.objects.exclude(url="").values_list("source__slug", "url", "title", "published_stamp", Left("text", 200))
        closed = []
        for ref in Item.objects.exclude(archive="").values_list("archive", flat=True).distinct():
            try:
                shared_archive().read(ref)
            except Exception as error:
                closed.append(f"{ref}: {type(error).__name__} {error}")
        return {
            "keys": sorted(Item.objects.values_list("key", flat=True)),
            "by_source": dict(Item.objects.values_list("source__slug").annotate(n=Count("pk"))),
            "without_archive": Item.objects.filter(archive="").count(),
            "doubles": list(said.annotate(n=Count("pk")).filter(n__gt=1)),
            "empty": list(Item.objects.filter(source__kind="page", text="").values_list("source__slug", flat=True)),
            "unjudged": Item.objects.filter(judged_at=None).count(),
            "versions": ItemVersion.objects.count(),
            "failures": list(Failure.objects.order_by("pk").values_list("source__slug", "cause")),
            "closed": closed,
        }


STAGES = {"collect": collect, "facts": facts}


def _stage(name: str) -> dict[str, Any]:
    done = subprocess.run(_command(name), capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}: exit code {done.returncode}\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def _command(name: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks.acceptance_feeds", "--stage", name]


# ---------------------------------------------------------------- the passes


@contextlib.contextmanager
def _desk(ports: dict[str, int]) -> Iterator[str]:
    """A fresh home with its database running and its register filled; gives the database's URL."""
    from groundswell.server import postgres
    from groundswell.server.config import read_config

    with scratch_home():
        database = postgres.start(read_config())
        try:
            os.environ["GROUNDSWELL_DATABASE_URL"] = database.url
            os.environ["GROUNDSWELL_REACHABLE"] = ",".join(f"127.0.0.1:{port}" for port in ports.values())
            os.environ["BENCH_ADDRESSES"] = json.dumps({slug: f"http://127.0.0.1:{port}/{slug}" for slug, port in ports.items()})
            _stage("register")
            yield database.url
        finally:
            os.environ.pop("BENCH_ADDRESSES", None)
            database.stop()


def _killed_passes(url: str, sources: int) -> list[int]:
    """Passes that are killed when a share of the sources has been read. Returns how many items lay there after each."""
    import psycopg

    left = []
    with psycopg.connect(url, autocommit=True) as watcher:

        def count(table: str) -> int:
            row = watcher.execute(f"select count(*) from {table}").fetchone()
            return int(row[0]) if row else 0

        for share in KILLS:
            before = count("sources_fetchrun")
            child = subprocess.Popen(_command("collect"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while child.poll() is None and count("sources_fetchrun") - before < share * sources:
                time.sleep(0.01)
            child.send_signal(signal.SIGKILL)
            if child.wait() == -signal.SIGKILL:
                left.append(count("stream_item"))
    if not left:
        raise RuntimeError("every pass ended before it could be killed")
    return left


def examine(most: int | None = None) -> tuple[list[str], list[str], list[Figure]]:
    """The three passes. Returns what was found, what is wrong, and the figures."""
    served, answered = bodies(most), Counter[int]()
    wanted = {slug: expected(kind, body) for slug, (kind, body) in served.items()}
    lines, wrong = [], []
    with small_web(served, answered) as ports:
        with _desk(ports):
            first, web_first = _stage("collect"), dict(answered)
            held = _stage("facts")
            answered.clear()
            second, web_second = _stage("collect"), dict(answered)
            after = _stage("facts")
        with _desk(ports) as url:
            left = _killed_passes(url, len(served))
            _stage("collect")
            again = _stage("facts")
    readable = {slug: count for slug, (count, _why) in wanted.items() if count}
    causes = dict(map(tuple, held["failures"]))
    kinds = Counter(kind for kind, _body in served.values())
    lines.append(f"served {len(served)}: {kinds['feed']} feeds, {kinds['page']} pages; answers {web_first}")
    lines.append(f"first pass: {len(readable)} readable, {len(held['keys'])} items, {first['seconds']:.1f} s; {first['outcomes']}")
    for slug, (count, why) in wanted.items():
        if not count:
            lines.append(f"  unreadable: {slug}: {why}; the desk says {causes.get(slug, 'nothing')}")
    lines.append(f"second pass, forced: answers {web_second}; new {second['new']}, changed {second['changed']}; {second['outcomes']}")
    lines.append(f"killed passes left {left} items; the pass after: {len(again['keys'])}")
    for slug, count in readable.items():
        if held["by_source"].get(slug, 0) != count:
            wrong.append(f"{slug}: {count} distinct entries, {held['by_source'].get(slug, 0)} items ({causes.get(slug, 'no failure')})")
    lost, over = len(set(held["keys"]) - set(again["keys"])), len(set(again["keys"]) - set(held["keys"]))
    silent = [slug for slug, (count, _why) in wanted.items() if not count and slug not in causes]
    wrong += [f"{slug}: unreadable, and no failure says so" for slug in silent]
    checks = {
        "a key twice": len(held["keys"]) != len(set(held["keys"])),
        f"doubles {held['doubles'][:3]}": bool(held["doubles"]),
        f"pages without text {held['empty'][:3]}": bool(held["empty"]),
        f"{held['unjudged']} items not judged": bool(held["unjudged"]),
        f"{held['without_archive']} items without their bytes": bool(held["without_archive"]),
        f"bytes that do not open: {(held['closed'] + again['closed'])[:3]}": bool(held["closed"] or again["closed"]),
        f"the second pass stored {second['new']} new and {second['changed']} changed": bool(second["new"] or second["changed"]),
        f"versions after the second pass: {after['versions']}": bool(after["versions"]),
        "the second pass changed the keys": after["keys"] != held["keys"],
        f"a readable source answered otherwise than 304: {web_second}": web_second.get(200, 0) > len(served) - len(readable),
        f"after kill -9: {lost} lost, {over} too many": again["keys"] != held["keys"],
    }
    wrong += [words for words, bad in checks.items() if bad]
    figures = [
        Figure("first pass", len(served), "sources", first["seconds"], note=f"{first['new']} items"),
        Figure("second pass, nothing new", len(served), "sources", second["seconds"], note=f"answers {web_second}"),
    ]
    return lines, wrong, figures


def run(quick: bool) -> list[Figure]:
    """Sources read a second, first and second pass (wall time). Raises RuntimeError where something is lost, doubled or unnamed."""
    if not (DATA / "feeds").is_dir():
        return [Figure("the development data is not here", 0, "sources", 1.0)]
    lines, wrong, figures = examine(6 if quick else None)
    print("\n".join(lines))
    if wrong:
        raise RuntimeError("\n".join(wrong))
    return figures


def main(argv: Sequence[str]) -> int:
    if list(argv[:1]) == ["--stage"]:
        found = register(json.loads(os.environ["BENCH_ADDRESSES"])) if argv[1] == "register" else STAGES[argv[1]]()
        print(json.dumps(found))
        return 0
    lines, wrong, figures = examine()
    print("\n".join([*lines, *(f"WRONG: {each}" for each in wrong), *(f"{each.name}: {each.rate:.1f} {each.unit}/s" for each in figures)]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
