"""From a web page's appearing in a feed that is read until a request for the stream shows it, beside the goal of 2 s for 95 of 100.

``groundswell serve`` runs whole, web and worker, in a home of its own; a local feed gets a new entry, its source is made due, and
/desk/stream/ is asked every 20 ms. Two spans are measured: from the worker's request for the feed, which is the item's arrival, and from
the moment at which the source became due (the worker looks every two seconds).
"""

from __future__ import annotations

import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from benchmarks.measure import Figure
from benchmarks.scratch import free_port, load, percentile, running, scratch_home, visitor

GOAL, TIMES, QUICK, PATIENCE = 2.0, 25, 2, 30.0
ENTRY = (
    "<item><guid>{n}</guid><link>http://127.0.0.1/{n}</link><title>Water notice mark{n}</title>"
    "<description>Repair number {n} of the pipe.</description></item>"
)


class Feed(BaseHTTPRequestHandler):
    """A feed whose entries grow; notes when it is asked."""

    entries = 0
    asked = 0.0

    def do_GET(self) -> None:
        is_feed = self.path == "/feed"
        body = self.feed() if is_feed else b""
        if is_feed:
            type(self).asked = time.monotonic()
        self.send_response(200 if is_feed else 404)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def feed(self) -> bytes:
        entries = "".join(ENTRY.format(n=n) for n in range(self.entries, 0, -1))
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>f</title>{entries}</channel></rss>'.encode()

    def log_message(self, format: str, *args: Any) -> None:
        pass


def run(quick: bool) -> list[Figure]:
    """Seconds at the 95th percentile of both spans."""
    web = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    try:
        with scratch_home():
            os.environ["GROUNDSWELL_REACHABLE"] = f"127.0.0.1:{web.server_address[1]}"
            from groundswell.server.home import open_home

            with open_home(make=True, migrate=True):
                path = _prepare(f"http://127.0.0.1:{web.server_address[1]}/feed")
                port = free_port()
                with running([sys.executable, "-m", "groundswell", "serve", "--port", str(port)], port), visitor(port) as client:
                    client.get(path)
                    client.post(path, data={"csrfmiddlewaretoken": client.cookies["csrftoken"]})
                    spans = [_one(client) for _ in range(QUICK if quick else TIMES)]
    finally:
        web.shutdown()
        web.server_close()
    figures = [Figure("goal", 1, "item", GOAL, True)]
    for name, values in (("arrival until it is shown", [one for one, _ in spans]), ("due until it is shown", [two for _, two in spans])):
        half, most = percentile(values, 0.5), percentile(values, 0.95)
        figures.append(Figure(name, 1, "item", most, note=f"p50 {half:.2f} s, p95 {most:.2f} s of {len(values)}; {load()}"))
    return figures


def _prepare(address: str) -> str:
    """A source and a person; the path that signs that person in."""
    from groundswell.desk.accounts.door import make_link
    from groundswell.desk.accounts.models import Grant, Role, User
    from groundswell.desk.sources.models import Source
    from groundswell.desk.spine.ports import now
    from groundswell.desk.spine.preferences import change
    from groundswell.server.first_steps import lay_ground

    lay_ground()
    change(None, "collect.host_seconds", 0)
    options = {"follow": False}
    Source.objects.create(slug="feed", name="feed", channel="news", kind="feed", address=address, interval_minutes=1440, options=options)
    user = User.objects.create_user("officer", None, name="officer")
    Grant.objects.create(user=user, role=Role.DUTY, since=now())
    return make_link(user)


def _one(client: Any) -> tuple[float, float]:
    """One entry appears; seconds from arrival and from being due until the stream shows it. Raises TimeoutError."""
    from groundswell.desk.sources.models import Source

    Feed.entries += 1
    mark = f"mark{Feed.entries}<".encode()
    due = time.monotonic()
    Source.objects.update(next_fetch_at=None)
    while time.monotonic() - due < PATIENCE:
        answer = client.get("/desk/stream/?state=all")
        if answer.url.path != "/desk/stream/":
            raise RuntimeError("nobody is signed in")
        if mark in answer.content or mark[:-1] + b" " in answer.content:
            shown = time.monotonic()
            return shown - Feed.asked, shown - due
        time.sleep(0.02)
    raise TimeoutError(f"entry {Feed.entries} is not shown after {PATIENCE:g} s")
