"""Web servers on loopback, a clock that is wound by hand, and a client that may ask them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from groundswell.collect.client import Client, Limits

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)

Route = Callable[[BaseHTTPRequestHandler], None]


class QuietServer(ThreadingHTTPServer):
    """Clients that hang up in the middle are what these tests are about: nothing is printed of it."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


class Web:
    """One server: ``routes`` maps a path to (status, headers, body) or a function of the handler."""

    def __init__(self) -> None:
        self.routes: dict[str, Any] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                web.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                route = web.routes.get(self.path, (404, {}, b"nothing here"))
                if callable(route):
                    route(self)
                else:
                    answer(self, *route)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = QuietServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.host = f"127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def url(self, path: str = "/") -> str:
        return f"http://{self.host}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def answer(handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    if "Content-Length" not in headers:
        handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    try:
        handler.wfile.write(body)
    except OSError:
        pass


class HandClock:
    """Time that only ``sleep`` and the test move."""

    def __init__(self, start: datetime = NOON) -> None:
        self.time = start
        self.slept: list[float] = []
        self.lock = threading.Lock()

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        with self.lock:
            self.slept.append(seconds)
            self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def web() -> Iterator[Web]:
    served = Web()
    yield served
    served.stop()


@pytest.fixture
def other_web() -> Iterator[Web]:
    served = Web()
    yield served
    served.stop()


@pytest.fixture
def client(clock: HandClock) -> Iterator[Client]:
    with Client(
        "Groundswell/1.0 (Yunling County)",
        "https://example.org/contact",
        allowed=frozenset({"127.0.0.0/8"}),
        limits=Limits(wire_bytes=200_000, body_bytes=2_000_000, total_seconds=5, connect_seconds=2, idle_seconds=2),
        now=clock.now,
    ) as made:
        yield made
