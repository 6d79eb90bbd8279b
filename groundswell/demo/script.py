"""The script of the demo county: every act of every story and of the noise, in order of time, from one seed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import lru_cache
from heapq import heappop, heappush

from groundswell.demo.acts.act import Act
from groundswell.demo.acts.noise import noise
from groundswell.demo.county import SEED, START, ZONE, source_named
from groundswell.demo.stories import TELLERS


@lru_cache(maxsize=2)
def story_acts(seed: int) -> tuple[Act, ...]:
    """The acts of all stories, in order of time."""
    return tuple(sorted((act for tell in TELLERS.values() for act in tell(seed)), key=_order))


def _order(act: Act) -> tuple[datetime, str]:
    return (act.at, act.ref)


def _happens(act: Act) -> bool:
    """A source that has fallen silent publishes nothing; one that is broken goes on, but nobody can read it."""
    broken = source_named()[act.source].broken
    return act.at >= START and not (broken and broken.how == "silent" and act.at >= broken.since)


def _all(seed: int) -> Iterator[Act]:
    waiting: list[tuple[datetime, str, Act]] = [(act.at, act.ref, act) for act in story_acts(seed)]
    midnight = datetime.combine(START.date(), time(), ZONE)
    for day_acts in noise(seed, START.date()):
        midnight += timedelta(days=1)
        for act in day_acts:
            heappush(waiting, (act.at, act.ref, act))
        while waiting and waiting[0][0] < midnight:
            yield heappop(waiting)[2]


def acts(seed: int = SEED, until: datetime | None = None) -> Iterator[Act]:
    """Acts in order of time from the beginning on, up to and with ``until``; without it they never end.

    The same seed gives the same acts to the byte, whatever ``until`` is.
    """
    unseen: set[str] = set()  # what was opened before the beginning, and all that hangs on it
    for act in _all(seed):
        if until is not None and act.at > until:
            return
        if not _happens(act) or act.reply_to in unseen or act.under in unseen:
            unseen.add(act.ref)
        else:
            yield act
