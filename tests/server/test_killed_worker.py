"""A worker that is killed half-way through a source: its job is done again, and nothing is lost or stored twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest
from django.db import connection

ARTICLES, HELD = 12, 6  # so many links in the list; the answer to this one waits
PAGE = "<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
SENTENCE = "<p>清河镇第{n}号水管昨夜破裂，县水务局派人抢修，沿线居民今晨已恢复供水，初期水色偏黄，放水片刻即可使用，费用由水务局承担。</p>"


class Site(BaseHTTPRequestHandler):
    """A list of articles; the answer to one of them waits until it is let go."""

    asked: Counter[str]
    reached: threading.Event
    go: threading.Event

    def do_GET(self) -> None:
        self.asked[self.path] += 1
        if self.path == f"/a/{HELD}.html":
            self.reached.set()
            self.go.wait(60)
        body = self.page()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def page(self) -> bytes:
        if self.path == "/list/":
            links = "".join(
                f'<li><a href="/a/{n}.html">清河镇第{n}号水管抢修情况的通报</a> <span>2026-11-{n + 1:02}</span></li>'
                for n in range(ARTICLES)
            )
            return PAGE.format(title="通知公告", body=f"<ul>{links}</ul>").encode()
        if self.path.startswith("/a/"):
            n = self.path.removeprefix("/a/").removesuffix(".html")
            return PAGE.format(title=f"清河镇第{n}号水管抢修情况的通报", body=SENTENCE.format(n=n) * 4).encode()
        return b""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[tuple[type[Site], str]]:
    handler = type("OneSite", (Site,), {"asked": Counter(), "reached": threading.Event(), "go": threading.Event()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield handler, f"http://127.0.0.1:{server.server_address[1]}"
    handler.go.set()
    server.shutdown()
    server.server_close()


def worker(address: str) -> subprocess.Popen[bytes]:
    """A worker process on the test's database."""
    at = connection.settings_dict
    url = f"postgresql://{at['USER']}@/{at['NAME']}?host={quote(at['HOST'])}"
    surroundings = {**os.environ, "GROUNDSWELL_DATABASE_URL": url, "GROUNDSWELL_REACHABLE": address.removeprefix("http://")}
    return subprocess.Popen([sys.executable, "-c", "from groundswell.server.worker import main; main()"], env=surroundings)


def wait_until(true: Callable[[], object], seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_is_killed_is_done_again_without_a_double(site: tuple[type[Site], str]) -> None:
    from groundswell.desk.sources.models import FetchRun, Source
    from groundswell.desk.spine.preferences import change
    from groundswell.desk.stream.models import Item
    from groundswell.server.first_steps import lay_ground

    handler, address = site
    lay_ground()
    change(None, "collect.host_seconds", 0)
    source = Source.objects.create(
        slug="notices", name="通知公告", channel="news", kind="list", address=f"{address}/list/", interval_minutes=1440
    )
    first = worker(address)
    try:
        assert handler.reached.wait(90)
        wait_until(lambda: Item.objects.count() == HELD)  # what was read before lies in the desk already
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    handler.go.set()
    with connection.cursor() as cursor:  # as if a while had gone by since its last sign of life
        cursor.execute("update procrastinate_workers set last_heartbeat = now() - interval '1 hour'")
    second = worker(address)
    try:
        wait_until(lambda: FetchRun.objects.filter(source=source).exists())
        wait_until(lambda: Item.objects.count() == ARTICLES)
    finally:
        second.send_signal(signal.SIGTERM)
        assert second.wait(30) == 0
    urls = Item.objects.values_list("url", flat=True)
    assert sorted(urls) == sorted(f"{address}/a/{n}.html" for n in range(ARTICLES))
    assert {path: times for path, times in handler.asked.items() if times > 1 and path.startswith("/a/")} in (
        {},
        {f"/a/{HELD}.html": 2},
    )  # what the first one had read is not asked for again
