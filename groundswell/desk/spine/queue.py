"""Today's queue: each app adds a function that says what waits for a person, and by when."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from groundswell.desk.accounts.models import User
from groundswell.desk.spine.models import Entry, Snooze


@dataclass(frozen=True)
class Button:
    """What a queue entry offers first."""

    words: str
    url: str
    key: str = ""
    post: bool = False


@dataclass(frozen=True)
class Waiting:
    """One entry of the queue."""

    key: str  # stable: "story:12:above"
    kind: str  # code of the kind, for the chip
    kind_words: str
    title: str
    url: str
    why: str
    button: Button
    due_at: datetime | None = None
    limit: timedelta | None = None  # the whole time allowed; the ring shows the share left
    level: int | None = None
    personal: bool = False  # waits for this person and nobody else: comes first
    more: tuple[Button, ...] = field(default=())


Source = Callable[[User, datetime], Iterable[Waiting]]
SOURCES: list[Source] = []


def queue_source(function: Source) -> Source:
    """Register FUNCTION; it must answer quickly and only with what USER may act on."""
    SOURCES.append(function)
    return function


@dataclass(frozen=True)
class _Kept:
    """How many entries somebody had, after which act of anybody, and until when that is believed."""

    count: int
    after: int
    until: float


KEEP_SECONDS = 15.0
_kept: dict[int, _Kept] = {}


def waiting(user: User, now: datetime) -> tuple[list[Waiting], list[Waiting]]:
    """(what waits now, what was put off), each by deadline; what waits for nobody else comes first, entries without a deadline last."""
    snoozed = set(Snooze.objects.filter(until__gt=now).values_list("subject", flat=True))
    entries = [entry for source in SOURCES for entry in source(user, now)]
    entries.sort(key=lambda entry: (not entry.personal, entry.due_at is None, entry.due_at or now, entry.level or 9, entry.key))
    open_now = [entry for entry in entries if entry.key not in snoozed]
    _kept[user.pk] = _Kept(len(open_now), _last_act(), time.monotonic() + KEEP_SECONDS)
    return open_now, [entry for entry in entries if entry.key in snoozed]


def count_waiting(user: User, now: datetime) -> int:
    """How many entries wait for USER, for the frame of every page: asked anew after any act, and every few seconds."""
    kept = _kept.get(user.pk)
    if kept is not None and time.monotonic() < kept.until and kept.after == _last_act():
        return kept.count
    return len(waiting(user, now)[0])


def _last_act() -> int:
    """The newest line of any timeline (primary key)."""
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
