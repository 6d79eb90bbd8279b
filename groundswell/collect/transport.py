"""Connections that go only to an address that was checked, and that end when their time is over.

The name is resolved once, the addresses are judged, and the socket is opened to one of exactly those
addresses, so that a second answer of the name server changes nothing (rebinding). ``Host`` and the TLS
name stay those of the address that was asked.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from .errors import CollectError
from .guard import USUAL_PORTS, Address, Resolve, inside, resolve_public, system_resolve
from .site import site_of_host

Monotonic = Callable[[], float]


class Errand(threading.local):
    """What the request of this thread is: when it must be over, and for which site it is made.

    A connection serves one thread at a time, so its stream may ask the thread it runs in.
    """

    def __init__(self, monotonic: Monotonic = time.monotonic) -> None:
        self.monotonic = monotonic
        self.ends: float | None = None
        self.home: str | None = None

    @contextmanager
    def run(self, seconds: float, home: str | None) -> Iterator[None]:
        self.ends, self.home = self.monotonic() + seconds, home
        try:
            yield
        finally:
            self.ends = self.home = None

    def is_at_home(self, host: str) -> bool:
        """True where the host belongs to the site that the request is made for, or where that does not matter."""
        return self.home is None or site_of_host(host) == self.home

    def cut(self, timeout: float | None, too_late: type[Exception]) -> float | None:
        """The shorter of a timeout and what is left; raises ``too_late`` when nothing is."""
        if self.ends is None:
            return timeout
        left = self.ends - self.monotonic()
        if left <= 0:
            raise too_late("total time is over")
        return left if timeout is None else min(timeout, left)


class TimedStream(httpcore.NetworkStream):
    """A stream whose every read and write ends with the deadline, however slowly the other side drips."""

    def __init__(self, stream: httpcore.NetworkStream, errand: Errand) -> None:
        self.stream = stream
        self.errand = errand

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self.errand.cut(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self.errand.cut(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None) -> TimedStream:
        timeout = self.errand.cut(timeout, httpcore.ConnectTimeout)
        return TimedStream(self.stream.start_tls(ssl_context, server_hostname, timeout), self.errand)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Opens sockets to checked addresses only; the first that answers is taken."""

    def __init__(self, errand: Errand, allowed: frozenset[str], ports: frozenset[int], resolve: Resolve) -> None:
        self.errand = errand
        self.allowed = allowed
        self.ports = ports
        self.resolve = resolve
        self.sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> TimedStream:
        addresses = self.checked(host, port, timeout)
        for position, address in enumerate(addresses, 1):
            left = self.errand.cut(timeout, httpcore.ConnectTimeout)
            try:
                stream = self.sockets.connect_tcp(str(address), port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if position == len(addresses):
                    raise
            else:
                return TimedStream(stream, self.errand)
        raise CollectError("dns", host=host)

    def checked(self, host: str, port: int, timeout: float | None) -> tuple[Address, ...]:
        """The addresses that may be connected to; inside ones only on an errand of their own site.

        The administrator's list opens an inside host to its own source, not to whatever link or redirect a
        stranger writes.
        """
        addresses = self.resolved(host, port, timeout)
        if not self.errand.is_at_home(host):
            for address in addresses:
                if inside(address):
                    raise CollectError("inside_link", host=host, address=str(address))
        return addresses

    def resolved(self, host: str, port: int, timeout: float | None) -> tuple[Address, ...]:
        """Resolve within the time that is left: the system's resolver knows no timeout, so it works aside."""
        answer: list[tuple[Address, ...] | Exception] = []

        def ask() -> None:
            try:
                answer.append(resolve_public(host, port, allowed=self.allowed, ports=self.ports, resolve=self.resolve))
            except Exception as error:
                answer.append(error)

        asking = threading.Thread(target=ask, name=f"resolve {host}", daemon=True)
        asking.start()
        asking.join(self.errand.cut(timeout, httpcore.ConnectTimeout))
        if not answer:
            raise CollectError("timeout", phase="dns", seconds=timeout or 0)
        if isinstance(answer[0], Exception):
            raise answer[0]
        return answer[0]


class GuardedTransport(httpx.HTTPTransport):
    """An httpx transport on guarded connections: no proxy, no environment, HTTP/1.1."""

    def __init__(
        self,
        *,
        allowed: frozenset[str] = frozenset(),
        ports: frozenset[int] = USUAL_PORTS,
        resolve: Resolve = system_resolve,
        verify: ssl.SSLContext | bool = True,
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        context = verify if isinstance(verify, ssl.SSLContext) else httpx.create_ssl_context(verify=verify, trust_env=False)
        super().__init__(verify=context, trust_env=False)
        self.errand = Errand(monotonic)
        self.backend = GuardedBackend(self.errand, allowed, ports, resolve)
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=15.0,
            network_backend=self.backend,
        )
