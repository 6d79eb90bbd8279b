"""One post and its reposts, and what of them was known at a moment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float64]
At = Literal["1h", "100"]
HOUR = 3600.0
HUNDRED = 100
LEAST_SEEN = 10  # reposts below which nothing honest can be said


class Cascade(Struct, frozen=True):
    """A post: when (seconds since 1970), what it says, and the ascending seconds after it at which it was passed on."""

    time: float
    text: str
    reposts: Floats


class Seen(Struct, frozen=True):
    """What was known ``age`` seconds after a post: the reposts until then, ascending."""

    time: float
    text: str
    reposts: Floats
    age: float


def cascade_of(row: Mapping[str, Any]) -> Cascade:
    """The post of a row ``{"time", "text", "reposts"}``; reposts before the post are left out. Raises ValueError."""
    time, text, reposts = row.get("time"), row.get("text") or "", row.get("reposts")
    if not _is_number(time):
        raise ValueError(f"“time” is {_shown(time)}, no number; write the seconds since 1970 at which the post appeared")
    if not isinstance(text, str):
        raise ValueError(f"“text” is {_shown(text)}, no text; write what the post says, or leave it out")
    if not isinstance(reposts, list):
        raise ValueError(f"“reposts” is {_shown(reposts)}, no list; write the seconds after the post of each repost: [12, 95, 340]")
    for place, each in enumerate(reposts):
        if not _is_number(each):
            raise ValueError(f"“reposts” holds {_shown(each)} as number {place + 1}; write only seconds after the post")
    times = np.sort(np.asarray(reposts, dtype=np.float64))
    return Cascade(float(time), text, times[times >= 0.0])  # type: ignore[arg-type]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and abs(value) < 1e12


def _shown(value: object) -> str:
    return "missing" if value is None else repr(value)[:40]


def seen_until(cascade: Cascade, age: float) -> Seen:
    """What was known AGE seconds after the post."""
    return Seen(cascade.time, cascade.text, cascade.reposts[: int(np.searchsorted(cascade.reposts, age, side="right"))], age)


def seen_first(cascade: Cascade, count: int) -> Seen | None:
    """What was known when the COUNTth repost came; None where it never came."""
    if len(cascade.reposts) < count:
        return None
    reposts = cascade.reposts[:count]
    return Seen(cascade.time, cascade.text, reposts, max(1.0, float(reposts[-1])))


def seen_at(cascade: Cascade, at: At) -> Seen | None:
    """What was known after an hour or at the hundredth repost; None where that moment gives too little to say anything."""
    if at == "100":
        return seen_first(cascade, HUNDRED)
    seen = seen_until(cascade, HOUR)
    return seen if len(seen.reposts) >= LEAST_SEEN else None
