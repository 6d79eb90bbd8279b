"""When people write: hours of the day, days of the week, holidays and make-up days of autumn 2026."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from groundswell.demo.county import ZONE

# Share of a day's pieces in each hour, on working days and on days off, in thousandths.
WORKING = (9, 5, 3, 2, 3, 8, 24, 46, 58, 62, 60, 56, 66, 50, 46, 50, 52, 56, 60, 66, 72, 70, 50, 26)
DAY_OFF = (14, 9, 5, 3, 3, 5, 12, 24, 42, 56, 64, 62, 58, 54, 54, 56, 56, 54, 58, 68, 76, 78, 58, 31)

# The State Council's calendar for these months: Mid-Autumn, National Day, and the make-up Saturday.
HOLIDAYS = frozenset(date(2026, 9, day) for day in (25, 26, 27)) | frozenset(date(2026, 10, day) for day in range(1, 8))
MAKE_UP_DAYS = frozenset((date(2026, 9, 20), date(2026, 10, 10)))


def is_day_off(day: date) -> bool:
    """Whether offices are closed: a weekend that is not made up, or a holiday."""
    return day in HOLIDAYS or (day.weekday() >= 5 and day not in MAKE_UP_DAYS)


def volume(day: date, channel: str) -> float:
    """How much is written on a day, against an average working day."""
    if not is_day_off(day):
        return 1.06
    return {"news": 0.42, "board": 0.6, "forum": 0.95, "microblog": 1.05, "video": 1.2}.get(channel, 0.8)


_TIMES = {False: WORKING, True: DAY_OFF}


def moment(rng: Random, day: date, office_hours: bool = False) -> datetime:
    """A minute and second of the day, drawn by the rhythm; within office hours where asked."""
    hours = _TIMES[is_day_off(day)]
    if office_hours:
        hour = rng.choices((8, 9, 10, 11, 14, 15, 16, 17), (8, 16, 18, 12, 9, 16, 16, 9))[0]
    else:
        hour = rng.choices(range(24), hours)[0]
    return datetime(day.year, day.month, day.day, hour, rng.randrange(60), rng.randrange(60), tzinfo=ZONE)


def times_in_buckets(rng: Random, start: datetime, width: timedelta, counts: tuple[int, ...]) -> list[datetime]:
    """So many times in each bucket of that width, in order, whole seconds."""
    found: list[datetime] = []
    seconds = int(width.total_seconds())
    for index, count in enumerate(counts):
        begin = start + index * width
        found.extend(sorted(begin + timedelta(seconds=rng.randrange(seconds)) for _ in range(count)))
    return found


def hourly(name: str, first: date, daily: tuple[int, ...], hours: tuple[int, ...] = ()) -> tuple[int, ...]:
    """A count for each hour of each day out of the days' totals, by the rhythm or the given weights of 24 hours.

    ``name`` seeds the draw, so that the same name gives the same hours.
    """
    counts: list[int] = []
    for offset, total in enumerate(daily):
        day = first + timedelta(days=offset)
        rng = Random(f"{name}:{day.isoformat()}")
        drawn = rng.choices(range(24), hours or _TIMES[is_day_off(day)], k=total)
        counts.extend(drawn.count(hour) for hour in range(24))
    return tuple(counts)
