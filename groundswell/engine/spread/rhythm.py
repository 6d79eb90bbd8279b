"""The rhythm of the day in which posts are passed on, and time counted by it: a night hour is short, an evening hour long."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from groundswell.engine.spread.cascade import Cascade

Floats = NDArray[np.float64]
STEPS = 12  # an hour
DAY = 86400.0


class Rhythm(Struct, frozen=True):
    """``hours``: how much is passed on in each hour of UTC's day, mean 1."""

    hours: tuple[float, ...]

    @property
    def quietest(self) -> int:
        """The hour at which a day ends, whatever the zone."""
        return int(np.argmin(self.hours))


def rhythm_of(cascades: Sequence[Cascade]) -> Rhythm:
    """The rhythm of past posts, each counted alike, a little levelled while they are few."""
    counts = np.zeros(24)
    for cascade in cascades:
        if len(cascade.reposts):
            hours = ((cascade.time + cascade.reposts) / 3600.0 % 24.0).astype(np.int64)
            counts += np.bincount(hours, minlength=24) / len(hours)
    counts += 2.0
    return Rhythm(tuple(round(float(value), 4) for value in counts / counts.mean()))


class Clock:
    """Hours by a rhythm: as many as on the wall over a whole day."""

    def __init__(self, rhythm: Rhythm) -> None:
        hours = np.asarray(rhythm.hours)
        middles = np.arange(24) + 0.5
        around = np.interp(
            np.arange(0.0, 24.0, 1.0 / STEPS) + 0.5 / STEPS,
            np.concatenate([middles[-1:] - 24, middles, middles[:1] + 24]),
            np.concatenate([hours[-1:], hours, hours[:1]]),
        )
        self._passed = np.concatenate([[0.0], np.cumsum(around / around.mean())]) / STEPS
        self._walls = np.arange(24 * STEPS + 1) / STEPS

    def __call__(self, seconds: Floats | float) -> Floats:
        """Hours by the rhythm since 1970."""
        days, within = np.divmod(np.asarray(seconds, dtype=np.float64), DAY)
        return days * 24.0 + np.interp(within / 3600.0, self._walls, self._passed)
