"""The demo web's server: one process, a port for each site, robots, conditional requests, and what is broken on purpose."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qsl, urlsplit

from msgspec import structs

from groundswell.demo.county import HOST, PORT0, SEED, SITES, DemoSource, sources
from groundswell.demo.web.feeds import feed, malformed, sitemap
from groundswell.demo.web.forum import forum
from groundswell.demo.web.letters import letters
from groundswell.demo.web.looks import dressed
from groundswell.demo.web.news import news
from groundswell.demo.web.page import Ask, Reply, missing, text
from groundswell.demo.web.timeline import timeline
from groundswell.demo.web.world import Clock, World

ROBOTS = {
    "county": "User-agent: *\nDisallow: /admin/\nDisallow: /search\n",
    "bureaus": "User-agent: *\nDisallow: /admin/\nCrawl-delay: 1\n",
    "towns": "User-agent: *\nDisallow: /admin/\nCrawl-delay: 1\n",
    "press": "User-agent: BadBot\nDisallow: /\n\nUser-agent: *\nDisallow: /search\nCrawl-delay: 0.5\nSitemap: /jlnews/sitemap.xml\n",
    "forum": "User-agent: *\nDisallow: /user/\nDisallow: /login\nCrawl-delay: 0.5\n",
    "bbs": "User-agent: *\nDisallow: /user/\nDisallow: /login\nCrawl-delay: 0.5\n",
    "workers": "User-agent: *\nDisallow: /user/\n",
    "micro": "User-agent: *\nDisallow: /u/\nDisallow: /login\n",
    "letters": "User-agent: *\nDisallow: /write\nDisallow: /query\nCrawl-delay: 1\n",
}  # the blogs have none

_DRAW: dict[str, Callable[[Ask], Reply]] = {"news": news, "forum": forum, "microblog": timeline, "board": letters}
_HANG = 45.0  # seconds until a page that hangs gives up


def _redesigned(ask: Ask) -> Reply:
    """A site after its relaunch: an empty shell that a script would fill; the old addresses are gone."""
    if ask.path and ask.path != "index.html":
        return missing()
    shell = f'<!doctype html><html><head><meta charset="utf-8"><title>{text(ask.source.name)}</title></head><body><div id="app"></div><script src="/static/app.3f2c.js"></script></body></html>'
    return Reply(write=lambda: shell, state="relaunched", changed=ask.source.broken.since if ask.source.broken else None)


def _failing(ask: Ask) -> Reply:
    """A server that is overloaded: the board answers 503, the threads never answer."""
    if ask.path:
        return Reply(write=lambda: "", status=504)
    return Reply(write=lambda: "<title>503</title><h1>服务暂时不可用</h1>", status=503, headers=(("Retry-After", "600"),))


_BROKEN: dict[str, Callable[[Ask], Reply]] = {"redesign": _redesigned, "errors": _failing, "malformed": malformed}


def answer(ask: Ask) -> Reply:
    """What a source's site says to a request."""
    broken = ask.source.broken
    if broken and ask.now >= broken.since and broken.how in _BROKEN and (broken.how != "malformed" or ask.path == "feed"):
        return _BROKEN[broken.how](ask)
    if ask.path == "feed":
        return feed(ask)
    if ask.path == "sitemap.xml":
        return sitemap(ask)
    drawn = _DRAW[ask.source.channel](ask)
    return structs.replace(drawn, write=lambda: dressed(drawn.write(), ask.source.style))


def _welcome(site: str) -> Reply:
    rows = "".join(f'<li><a href="{s.path}">{text(s.name)}</a></li>' for s in sources() if s.site == site)
    return Reply(
        write=lambda: (
            f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{site}</title><h1>演示网站（虚构）</h1><ul>{rows}</ul>'
        ),
        state=site,
    )


class _Handler(BaseHTTPRequestHandler):
    """One request. The site is the port that it came in by."""

    protocol_version = "HTTP/1.1"
    server_version = "demo"
    sys_version = ""
    timeout = 30
    server: _Site

    def do_GET(self) -> None:
        self._send(self._reply(), with_body=True)

    def do_HEAD(self) -> None:
        self._send(self._reply(), with_body=False)

    def log_message(self, format: str, *args: object) -> None:
        return

    def _reply(self) -> Reply:
        parts = urlsplit(self.path)
        if parts.path == "/robots.txt":
            rules = ROBOTS.get(self.server.site)
            return missing() if rules is None else Reply(write=lambda: rules, state=rules, kind="text/plain; charset=utf-8")
        if parts.path == "/":
            return _welcome(self.server.site)
        source = self.server.source_of(parts.path)
        if source is None:
            return missing()
        host = self.headers.get("Host") or "{}:{}".format(*self.server.server_address[:2])
        ask = Ask(
            world=self.server.world,
            source=source,
            now=self.server.world.now(),
            path=parts.path.removeprefix(source.path),
            query=dict(parse_qsl(parts.query)),
            base=f"http://{host}",
        )
        return answer(ask)

    def _send(self, reply: Reply, with_body: bool) -> None:
        if reply.status == 504:
            self.server.stopping.wait(_HANG)
            self.close_connection = True
            return
        tag = f'W/"{blake2b(reply.state.encode(), digest_size=8).hexdigest()}"' if reply.state and reply.status == 200 else ""
        unchanged = self._unchanged(reply, tag)
        body = b"" if unchanged else reply.write().encode(reply.charset, "xmlcharrefreplace")
        packed = len(body) > 1200 and "gzip" in self.headers.get("Accept-Encoding", "")
        if packed:
            body = gzip.compress(body, 5, mtime=0)
        self.send_response(304 if unchanged else reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        if tag:
            self.send_header("ETag", tag)
        if reply.changed is not None:
            self.send_header("Last-Modified", format_datetime(reply.changed.astimezone(UTC), usegmt=True))
        if not unchanged:
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(body)))
            if packed:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Vary", "Accept-Encoding")
        self.end_headers()
        if with_body and body:
            self.wfile.write(body)

    def _unchanged(self, reply: Reply, tag: str) -> bool:
        if reply.status != 200:
            return False
        known = self.headers.get("If-None-Match")
        if known is not None:
            return bool(tag) and (known.strip() == "*" or tag in [part.strip() for part in known.split(",")])
        since = self.headers.get("If-Modified-Since")
        return since is not None and _not_newer(reply.changed, since)


def _not_newer(changed: datetime | None, since: str) -> bool:
    try:
        return changed is not None and changed.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False


class _Site(ThreadingHTTPServer):
    """One port: a site with its sources."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], site: str, world: World, stopping: Event) -> None:
        super().__init__(address, _Handler)
        self.site, self.world, self.stopping = site, world, stopping
        self._sources = {source.path: source for source in sources() if source.site == site}

    def source_of(self, path: str) -> DemoSource | None:
        return self._sources.get(f"/{path.split('/')[1]}/") if path.count("/") > 1 else None

    def handle_error(self, request: object, client_address: object) -> None:
        return  # a reader that hangs up is no event


class Server:
    """The whole demo web. ``ports`` tells the port of each site."""

    def __init__(self, clock: Clock, host: str = HOST, port0: int = PORT0, seed: int = SEED) -> None:
        self.world = World(clock, seed)
        self._stopping = Event()
        self._sites: list[_Site] = []
        try:
            for number, site in enumerate(SITES):
                self._sites.append(_Site((host, port0 + number if port0 else 0), site, self.world, self._stopping))
        except OSError as problem:
            taken = port0 + len(self._sites)
            self._close()
            raise OSError(
                f"the demo web needs the ports {port0} to {port0 + len(SITES) - 1} of {host}, but {taken} cannot be opened: {problem.strerror}"
            ) from problem
        self.ports = {site.site: int(site.server_address[1]) for site in self._sites}
        self._threads = [
            Thread(target=site.serve_forever, kwargs={"poll_interval": 0.1}, name=f"demo-{site.site}", daemon=True) for site in self._sites
        ]

    def start(self) -> Server:
        """Starts to answer; returns at once."""
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        """Stops answering, lets go of the ports, wakes the pages that hang."""
        self._stopping.set()
        for site in self._sites:
            site.shutdown()
        self._close()

    def _close(self) -> None:
        for site in self._sites:
            site.server_close()

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def serve(clock: Clock, host: str = HOST, port0: int = PORT0, seed: int = SEED) -> Server:
    """Starts the demo web on ``port0`` and the ports after it (any free ones where it is 0).

    ``clock`` gives the demo's now as an aware ``datetime``. Raises ``OSError`` with the port's number where one is taken.
    """
    return Server(clock, host, port0, seed).start()


def running_clock(start: datetime, speed: float, elapsed: Callable[[], float]) -> Clock:
    """A clock that stands at ``start`` when ``elapsed`` (seconds) is 0 and goes ``speed`` times as fast."""
    return lambda: start + timedelta(seconds=elapsed() * speed)
