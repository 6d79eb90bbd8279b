"""How many items a story brings in the next hours: a log-linear count model, its figures as data beside it (pace.json, pace.md)."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from groundswell.engine.stories.day_rhythm import IsWorking, mass, monday_to_friday

HORIZONS = (1, 3, 6, 12)  # hours ahead
WINDOWS = (1, 3, 6, 12, 24)  # hours back
HELD = 0.25  # hours by the rhythm that each window is held back by, so that a quiet quarter says little
PARTS = (0.1, 0.25, 0.5, 0.75, 0.9)
LEAST_PART = 0.3  # of its mean rate that the last part before a horizon keeps
FARTHEST = 8.0  # of the logarithm of a rate


class Spread(Struct, frozen=True):
    """How counts lie around what is expected: for each of ``knots`` (log of expected + 1) the quantiles PARTS of
    log((count + 1) / (expected + 1))."""

    knots: tuple[float, ...]
    quantiles: tuple[tuple[float, ...], ...]

    def around(self, expected: float) -> tuple[float, ...]:
        """The counts at PARTS, ascending."""
        place = math.log(expected + 1.0)
        high = min(max(bisect_right(self.knots, place), 1), len(self.knots) - 1)
        share = min(1.0, max(0.0, (place - self.knots[high - 1]) / (self.knots[high] - self.knots[high - 1])))
        mixed = (low + share * (up - low) for low, up in zip(self.quantiles[high - 1], self.quantiles[high], strict=True))
        return tuple(max(0.0, (expected + 1.0) * math.exp(each) - 1.0) for each in mixed)


class Pace(Struct, frozen=True):
    """``weights``: horizons × features; ``totals`` for the sums until each horizon, ``hours`` for single hours up to each."""

    weights: tuple[tuple[float, ...], ...]
    totals: tuple[Spread, ...]
    hours: tuple[Spread, ...]


@lru_cache(maxsize=1)
def shipped_pace() -> Pace:
    """The figures that ship."""
    return msgspec.json.decode(files("groundswell.engine.stories").joinpath("pace.json").read_bytes(), type=Pace)


def features_of(times: Sequence[datetime], now: datetime, zone_minutes: int, is_working: IsWorking = monday_to_friday) -> tuple[float, ...]:
    """What the ascending TIMES until NOW (at least one) say: the rates of the last windows by the rhythm, age, number."""
    age = max((now - times[0]) / timedelta(hours=1), 0.25)
    found = [1.0]
    for window in WINDOWS:
        since = now - timedelta(hours=min(window, age))
        count = len(times) - bisect_right(times, since)
        found.append(math.log((count + 0.5) / (mass(since, now, zone_minutes, is_working) + HELD)))
    return (*found, math.log(age), math.log(len(times)))


def rates(pace: Pace, features: Sequence[float]) -> tuple[float, ...]:
    """Items an hour by the rhythm, as a mean until each horizon."""
    sums = (sum(w * f for w, f in zip(weights, features, strict=True)) for weights in pace.weights)
    return tuple(math.exp(min(FARTHEST, max(-FARTHEST, each))) for each in sums)


def sums(rates: Sequence[float], masses: Sequence[float]) -> tuple[float, ...]:
    """Items until each horizon, from the mean rates and the hours by the rhythm until it. A later part never falls to nothing."""
    found, before = [0.0], 0.0
    for rate, whole in zip(rates, masses, strict=True):
        found.append(found[-1] + max(rate * whole - found[-1], LEAST_PART * rate * (whole - before)))
        before = whole
    return tuple(found[1:])


def chance_of(spread: Spread, expected: float, least: float) -> float:
    """The probability that at least LEAST come where EXPECTED are expected."""
    if least <= 0.5:
        return 1.0
    places = [math.log(each + 1.0) for each in spread.around(expected)]
    goal = math.log(least + 0.5)
    if goal <= places[0]:
        return 1.0 - PARTS[0] * goal / max(places[0], 1e-9)
    for low, high, below, above in zip(places, places[1:], PARTS, PARTS[1:], strict=False):
        if goal <= high:
            return 1.0 - (below + (above - below) * (goal - low) / max(high - low, 1e-9))
    beyond = (goal - places[-1]) / max(places[-1] - places[-2], 0.15)
    return (1.0 - PARTS[-1]) * math.pow(0.5, beyond)
