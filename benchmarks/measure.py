"""How a benchmark measures: rounds that alternate between ours and the yardstick, the best CPU time of each."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the result: so many units in so many seconds of CPU time."""

    name: str
    count: int
    unit: str
    seconds: float
    is_yardstick: bool = False
    note: str = ""

    @property
    def rate(self) -> float:
        return self.count / self.seconds if self.seconds else float("inf")


def alternate(rounds: int, **runs: Callable[[], object]) -> dict[str, float]:
    """CPU seconds of each of RUNS, the best of ROUNDS; they take turns, so that a busy machine slows them alike."""
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(rounds):
        for name, run in runs.items():
            started = time.process_time()
            run()
            best[name] = min(best[name], time.process_time() - started)
    return best
