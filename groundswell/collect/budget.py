"""One budget a host and port, shared by all workers: who may ask next, and when."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Protocol

HORIZON = timedelta(minutes=5)  # a longer crawl delay gives one request a run


class Budget(Protocol):
    """Turns at hosts. The desk keeps them in the database, so that every worker on every machine sees them."""

    def reserve(self, host_port: str, delay: timedelta, now: datetime) -> datetime | None:
        """Take the next turn at a host: the moment it begins, ``now`` where the host is free.

        The turn after it begins ``delay`` later at the earliest. None, and no turn is taken, where the
        next one is too far away to wait for. Must be atomic among all workers.
        """
        ...

    def hold(self, host_port: str, until: datetime) -> None:
        """No turns before ``until``: the host asked to be left alone. Never shortens a hold."""
        ...


class MemoryBudget:
    """The budget of one process; ``horizon`` is how far ahead turns are given out."""

    def __init__(self, horizon: timedelta = HORIZON) -> None:
        self.horizon = horizon
        self.free_at: dict[str, datetime] = {}
        self.lock = threading.Lock()

    def reserve(self, host_port: str, delay: timedelta, now: datetime) -> datetime | None:
        with self.lock:
            turn = max(now, self.free_at.get(host_port, now))
            if turn - now > self.horizon:
                return None
            self.free_at[host_port] = turn + delay
            return turn

    def hold(self, host_port: str, until: datetime) -> None:
        with self.lock:
            self.free_at[host_port] = max(until, self.free_at.get(host_port, until))
