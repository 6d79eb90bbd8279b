"""What must be looked at again and again: each app registers a function; the worker's tick asks the clock and calls it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

log = logging.getLogger("groundswell.ticks")


@dataclass(frozen=True)
class Tick:
    name: str
    run: Callable[[datetime], None]


TICKS: list[Tick] = []


def tick(name: str) -> Callable[[Callable[[datetime], None]], Callable[[datetime], None]]:
    """Register the decorated function to be called every few seconds with the present; it must be quick and repeatable."""

    def register(function: Callable[[datetime], None]) -> Callable[[datetime], None]:
        TICKS.append(Tick(name, function))
        return function

    return register


def run_ticks(now: datetime) -> None:
    """Call every tick; one that fails does not stop the others."""
    for each in TICKS:
        try:
            each.run(now)
        except Exception:
            log.exception("tick failed", extra={"tick": each.name})
