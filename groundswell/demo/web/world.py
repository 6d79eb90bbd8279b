"""What has been published on the demo web up to its clock, indexed for the pages that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Lock

from groundswell.demo.acts.act import Act
from groundswell.demo.county import SEED, START, ZONE
from groundswell.demo.script import acts

Clock = Callable[[], datetime]
ANSWERS = frozenset(("reply", "comment", "answer"))


class World:
    """The published acts. Reading moves it on to the clock's now; a clock that is set back begins the world anew."""

    def __init__(self, clock: Clock, seed: int = SEED) -> None:
        self._clock, self._lock, self._seed = clock, Lock(), seed
        self._begin()

    def _begin(self) -> None:
        self._now = START
        self._coming: Iterator[Act] = acts(self._seed)
        self._next: Act | None = next(self._coming)
        self._pages: dict[str, list[Act]] = {}  # source to what has a page of its own, oldest first
        self._answers: dict[str, list[Act]] = {}  # ref to its replies, comments and answers, oldest first
        self._numbered: dict[tuple[str, int], Act] = {}
        self._bumped: dict[str, datetime] = {}  # ref of a thread to its last answer

    def now(self) -> datetime:
        """The demo's now in the county's zone; everything up to it is published afterwards."""
        now = self._clock().astimezone(ZONE)
        with self._lock:
            if now < self._now:
                self._begin()
            self._now = now
            while self._next is not None and self._next.at <= now:
                self._publish(self._next)
                self._next = next(self._coming, None)
        return now

    def _publish(self, act: Act) -> None:
        if act.kind in ANSWERS:
            self._answers.setdefault(act.reply_to, []).append(act)
            self._bumped[act.reply_to] = act.at
        else:
            self._pages.setdefault(act.source, []).append(act)
            self._numbered[act.source, act.number] = act

    def latest(self, source: str, count: int, page: int = 1) -> list[Act]:
        """Pieces with a page of their own, newest first."""
        rows = self._pages.get(source, [])
        end = len(rows) - (page - 1) * count
        return rows[max(end - count, 0) : max(end, 0)][::-1]

    def liveliest(self, source: str, count: int, page: int = 1) -> list[Act]:
        """Threads by their last answer, newest first, among the latest of the source."""
        rows = sorted(self._pages.get(source, [])[-400:], key=lambda act: (self.bumped(act), act.ref), reverse=True)
        return rows[(page - 1) * count : page * count]

    def bumped(self, act: Act) -> datetime:
        """When a thread last grew."""
        return self._bumped.get(act.ref, act.at)

    def answers(self, act: Act) -> list[Act]:
        """Replies, comments and answers to an act, oldest first."""
        return self._answers.get(act.ref, [])

    def numbered(self, source: str, number: int) -> Act | None:
        """The act with that number in its address, once it is published."""
        return self._numbered.get((source, number))

    def size(self, source: str) -> int:
        """How many pieces of the source have a page."""
        return len(self._pages.get(source, ()))


def spoken_age(at: datetime, now: datetime) -> str:
    """How forums and timelines write a time: 刚刚, 3分钟前, 2小时前, 昨天 08:12, 11-20 19:05, 2025-12-30."""
    age = now - at
    if age < timedelta(minutes=1):
        return "刚刚"
    if age < timedelta(hours=1):
        return f"{int(age / timedelta(minutes=1))}分钟前"
    if at.date() == now.date():
        return f"今天 {at:%H:%M}"
    days = (now.date() - at.date()).days
    if days in (1, 2):
        return f"{'昨天' if days == 1 else '前天'} {at:%H:%M}"
    return f"{at:%m-%d %H:%M}" if at.year == now.year else f"{at:%Y-%m-%d}"
