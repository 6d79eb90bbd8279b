"""When a source that used to yield has stopped, measured by its own rhythm of the day. Pure.

A pause is measured not in hours but in items that should have come: a forum that sleeps from one to six misses nothing
at four in the morning, a bureau's site misses nothing on a Sunday. Silent is a source whose pause misses more than any
pause of its last weeks did.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from msgspec import Struct

LEAST_HISTORY = 7  # days
LEAST_ACTIVE = 3  # days with anything on them
LEAST_MISSED = 4.0  # items that should have come by now: by chance none of four comes once in fifty times
MARGIN = 2.0  # times the longest pause of the history
NEAR = (1, 2, 3, 2, 1)  # how much the hours around an hour say of it
FLOOR = 0.02  # share of a day that every hour is given: nobody's clock is exact
LONGEST = timedelta(days=62)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

IsOff = Callable[[date], bool]  # a day on which offices rest


class Rhythm(Struct, frozen=True, kw_only=True):
    """What a source usually yields: items an hour on working days and on days off, and the pause that missed most."""

    working: tuple[float, ...]  # 24
    off: tuple[float, ...]  # 24
    per_day: float
    longest_missed: float = 0.0
    days: int = 0  # of history


def rhythm_of(counts: Mapping[datetime, int], first: date, days: int, is_off: IsOff) -> Rhythm | None:
    """The rhythm of DAYS whole days from FIRST on; COUNTS holds items by the beginning of their local hour (naive).

    The history begins with the first item and ends with the last one: the present silence is no habit. None where it is too short.
    """
    busy = sorted(hour for hour, count in counts.items() if count and first <= hour.date() < first + timedelta(days=days))
    if not busy:
        return None
    history = [busy[0].date() + timedelta(days=n) for n in range((busy[-1].date() - busy[0].date()).days + 1)]
    if len(history) < LEAST_HISTORY or len({hour.date() for hour in busy}) < LEAST_ACTIVE:
        return None
    share = shares([sum(counts[hour] for hour in busy if hour.hour == n) for n in range(24)])
    mean = {kind: _mean_of_days(counts, [day for day in history if is_off(day) is kind]) for kind in (False, True)}
    total = sum(counts[hour] for hour in busy)
    made = Rhythm(
        working=tuple(mean[False] * part for part in share),
        off=tuple(mean[True] * part for part in share),
        per_day=total / len(history),
        days=len(history),
    )
    return Rhythm(working=made.working, off=made.off, per_day=made.per_day, days=made.days, longest_missed=_longest(made, busy, is_off))


def _mean_of_days(counts: Mapping[datetime, int], days: list[date]) -> float:
    wanted = set(days)
    return sum(count for hour, count in counts.items() if hour.date() in wanted) / len(days) if days else 0.0


def shares(by_hour: list[int]) -> list[float]:
    """The share of a day that falls into each hour, smoothed over its neighbours; together 1."""
    smooth = [sum(weight * by_hour[(n + step - 2) % 24] for step, weight in enumerate(NEAR)) for n in range(24)]
    total = sum(smooth) or 1
    raw = [value / total + FLOOR / 24 for value in smooth]
    return [value / sum(raw) for value in raw]


def _longest(rhythm: Rhythm, busy: list[datetime], is_off: IsOff) -> float:
    """The most that a pause between two busy hours missed."""
    hour = timedelta(hours=1)
    return max((_missed(rhythm, one + hour, other, is_off) for one, other in pairwise(busy)), default=0.0)


def missed(rhythm: Rhythm, since: datetime, until: datetime, zone: tzinfo, is_off: IsOff) -> float:
    """How many items should have come between two moments."""
    return _missed(rhythm, since.astimezone(zone).replace(tzinfo=None), until.astimezone(zone).replace(tzinfo=None), is_off)


def _missed(rhythm: Rhythm, since: datetime, until: datetime, is_off: IsOff) -> float:
    since = max(since, until - LONGEST)
    midnight, total = datetime.combine(since.date(), time(0)), 0.0
    while midnight < until:
        hours = rhythm.off if is_off(midnight.date()) else rhythm.working
        first, last = max(since - midnight, timedelta(0)), min(until - midnight, DAY)
        total += sum(hours) if last - first == DAY else _part_of_day(hours, first / HOUR, last / HOUR)
        midnight += DAY
    return total


def _part_of_day(hours: tuple[float, ...], first: float, last: float) -> float:
    """Items between two hours of a day, 0 to 24."""
    shares_of_hour = ((hours[n], min(last, n + 1) - max(first, n)) for n in range(int(first), math.ceil(last)))
    return sum(items * share for items, share in shares_of_hour if share > 0)


def is_silent(rhythm: Rhythm | None, last_yield: datetime | None, now: datetime, zone: tzinfo, is_off: IsOff, *, least: timedelta) -> bool:
    """Has the source stopped, more likely than it pauses? Nothing for LEAST, four items missed, and more than ever before."""
    if rhythm is None or last_yield is None or now - last_yield < least:
        return False
    return missed(rhythm, last_yield, now, zone, is_off) >= max(LEAST_MISSED, MARGIN * rhythm.longest_missed)
