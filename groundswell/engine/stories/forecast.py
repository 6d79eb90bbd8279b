"""What the next hours will bring: items by the hour with honest bands, their sum, the trend; or why nothing is said.

The counts come from pace.py. They are learnt from how real posts went on, so the bands hold as often as they say there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from groundswell.engine.records import Forecast, NextLevel, Outlook, Why
from groundswell.engine.stories.day_rhythm import IsWorking, mass, monday_to_friday
from groundswell.engine.stories.heat import bucket_start
from groundswell.engine.stories.pace import HELD, HORIZONS, Pace, chance_of, features_of, rates, shipped_pace, sums

LEAST_HOURS, LEAST_ITEMS = 0.5, 15
QUIET_HOURS = 36
AHEAD_HOURS = 12
OUTLOOK_HOURS = 6
RISING = 1.25  # the last hour over the two before, by the rhythm
HOLDING, FALLING = 0.8, 0.6  # what is expected in three hours over the last three, by the rhythm
MANY_ROWS = 50  # of a record, before it may silence forecasts

Trend = Literal["rising", "steady", "falling", "new", "quiet"]


def silence(times: Sequence[datetime], now: datetime) -> Why | None:
    """Why nothing is forecast for a story with items at TIMES (ascending); None where something can be said."""
    seen = times[: bisect_right(times, now)]
    if len(seen) < LEAST_ITEMS:
        return Why(code="forecast.too_few", args={"items": len(seen), "least": LEAST_ITEMS})
    if now - seen[0] < timedelta(hours=LEAST_HOURS):
        return Why(code="forecast.too_young", args={"minutes": int((now - seen[0]).total_seconds() // 60), "least": int(LEAST_HOURS * 60)})
    if now - seen[-1] > timedelta(hours=QUIET_HOURS):
        return Why(code="forecast.quiet", args={"hours": int((now - seen[-1]).total_seconds() // 3600), "most": QUIET_HOURS})
    return None


def silence_of_record(rows: int, better: float) -> Why | None:
    """Why nothing is forecast where past forecasts did no better than "no change": BETTER is the share of error they saved, on ROWS."""
    if rows < MANY_ROWS or better > 0.0:
        return None
    return Why(code="forecast.no_better", weight=round(better, 3), args={"rows": rows, "percent": round(-100 * better)})


def forecast(
    times: Sequence[datetime],
    now: datetime,
    bucket_minutes: int = 60,
    zone_minutes: int = 480,
    is_working: IsWorking = monday_to_friday,
    pace: Pace | None = None,
) -> Forecast | None:
    """The next twelve hours of a story with items at TIMES (ascending), in buckets after the running one.

    ``zone_minutes``: the body's offset from UTC; ``is_working``: its calendar. None where ``silence`` says why.
    """
    if silence(times, now) is not None:
        return None
    pace = pace or shipped_pace()
    ahead = _Ahead(times[: bisect_right(times, now)], now, zone_minutes, is_working, pace)
    step = timedelta(minutes=bucket_minutes)
    start = bucket_start(now, bucket_minutes, zone_minutes) + step
    starts = [start + step * n for n in range(AHEAD_HOURS * 60 // bucket_minutes)]
    bands = [ahead.bucket(each, each + step) for each in starts]
    top = max(range(len(bands)), key=lambda n: (bands[n][0], -n))
    return Forecast(
        bucket_minutes=bucket_minutes,
        start=start,
        median=tuple(round(band[0], 2) for band in bands),
        low50=tuple(round(band[2], 2) for band in bands),
        high50=tuple(round(band[3], 2) for band in bands),
        low80=tuple(round(band[1], 2) for band in bands),
        high80=tuple(round(band[4], 2) for band in bands),
        above=_above(times, now, bucket_minutes, zone_minutes, is_working, pace),
        peak_at=starts[top],
        trend=ahead.trend(),
        outlook=ahead.outlook(),
        why=ahead.why(),
    )


def speed_above(times: Sequence[datetime], now: datetime, zone_minutes: int = 480, is_working: IsWorking = monday_to_friday) -> float:
    """Only ``Forecast.above`` of hourly buckets, for a look back at many hours; 0 where an hour before NOW nothing was forecast."""
    if silence(times, now) is not None:
        return 0.0
    return _above(times, now, 60, zone_minutes, is_working, shipped_pace())


def outlook(
    times: Sequence[datetime], now: datetime, zone_minutes: int = 480, is_working: IsWorking = monday_to_friday, pace: Pace | None = None
) -> Outlook | None:
    """The sum of the next hours alone, as ``forecast`` says it."""
    if silence(times, now) is not None:
        return None
    return _Ahead(times[: bisect_right(times, now)], now, zone_minutes, is_working, pace or shipped_pace()).outlook()


def next_level(
    times: Sequence[datetime],
    now: datetime,
    value: int,
    items: int,
    zone_minutes: int = 480,
    is_working: IsWorking = monday_to_friday,
    pace: Pace | None = None,
) -> NextLevel | None:
    """The chance that ITEMS more, which would make the story's level VALUE, come within twelve hours; None where nothing is forecast."""
    if silence(times, now) is not None:
        return None
    pace = pace or shipped_pace()
    ahead = _Ahead(times[: bisect_right(times, now)], now, zone_minutes, is_working, pace)
    chance = chance_of(pace.totals[-1], ahead.until(now + timedelta(hours=AHEAD_HOURS)), items)
    quarters = (now + timedelta(minutes=15 * n) for n in range(1, AHEAD_HOURS * 4 + 1))
    at = next((each for each in quarters if ahead.until(each) >= items), None)
    return NextLevel(value=value, items=items, chance=round(chance, 2), at=at)


class _Ahead:
    """What is expected from a moment on."""

    def __init__(self, seen: Sequence[datetime], now: datetime, zone_minutes: int, is_working: IsWorking, pace: Pace) -> None:
        self.seen, self.now, self.zone, self.is_working, self.pace = seen, now, zone_minutes, is_working, pace
        self.ends = [now, *(now + timedelta(hours=h) for h in HORIZONS)]
        said = rates(pace, features_of(seen, now, zone_minutes, is_working))
        self.sums = [0.0, *sums(said, [self._mass(now, end) for end in self.ends[1:]])]

    def _mass(self, start: datetime, end: datetime) -> float:
        return mass(start, end, self.zone, self.is_working)

    def until(self, moment: datetime) -> float:
        """Items expected until MOMENT: the sums between horizons shared out by the rhythm, the last one carried on."""
        part = next((n for n, end in enumerate(self.ends) if moment <= end), len(self.ends) - 1)
        if part == 0:
            return 0.0
        start, end = self.ends[part - 1], self.ends[part]
        share = self._mass(start, moment) / max(self._mass(start, end), 1e-9)
        return self.sums[part - 1] + share * (self.sums[part] - self.sums[part - 1])

    def bucket(self, start: datetime, end: datetime) -> tuple[float, float, float, float, float]:
        """Items expected between two moments, then low 80, low 50, high 50, high 80."""
        expected = max(0.0, self.until(end) - self.until(start))
        hours = (end - self.now) / timedelta(hours=1)
        place = next((n for n, horizon in enumerate(HORIZONS) if hours <= horizon), len(HORIZONS) - 1)
        low80, low50, _middle, high50, high80 = self.pace.hours[place].around(expected)
        return expected, min(low80, expected), min(low50, expected), max(high50, expected), max(high80, expected)

    def outlook(self) -> Outlook:
        place = HORIZONS.index(OUTLOOK_HOURS)
        expected = self.sums[place + 1]
        low, *_rest, high = self.pace.totals[place].around(expected)
        return Outlook(
            hours=OUTLOOK_HOURS,
            expected=round(expected, 1),
            low80=round(min(low, expected), 1),
            high80=round(max(high, expected), 1),
            unchanged=float(self._last(OUTLOOK_HOURS)),
        )

    def _last(self, hours: float) -> int:
        return len(self.seen) - bisect_right(self.seen, self.now - timedelta(hours=hours))

    def trend(self) -> Trend:
        """Where it goes: what the last hour was against the two before, and what is expected against the last three."""
        if self._last(3) == 0:
            return "quiet"
        young = self.now - self.seen[0] < timedelta(hours=3)
        ahead = (self.sums[2] + 0.5) / (self._mass(self.now, self.ends[2]) + HELD) / self._pace(3, 0)
        lately = self._pace(1, 0) / self._pace(3, 1)
        if lately > RISING and (young or ahead > HOLDING):
            return "new" if young else "rising"
        return "falling" if ahead < FALLING and lately <= 1.0 else "steady"

    def _pace(self, since: float, until: float) -> float:
        """Items an hour by the rhythm, between so many hours ago; a little held back."""
        start, end = (self.now - timedelta(hours=each) for each in (since, until))
        return (self._last(since) - self._last(until) + 0.5) / (self._mass(max(start, min(self.seen[0], end)), end) + HELD)

    def why(self) -> tuple[Why, ...]:
        """What the forecast rests on."""
        age = (self.now - self.seen[0]) / timedelta(hours=1)
        quiet = self._mass(self.now, self.ends[3]) / OUTLOOK_HOURS
        counts = {"hour": self._last(1), "three": self._last(3), "day": self._last(24)}
        return (
            Why(code="forecast.counts", args=counts),
            Why(code="forecast.age", args={"hours": round(age, 1), "items": len(self.seen)}),
            Why(code="forecast.rhythm", weight=round(quiet, 2), args={"hours": OUTLOOK_HOURS, "percent": round(100 * quiet)}),
        )


def _above(times: Sequence[datetime], now: datetime, minutes: int, zone_minutes: int, is_working: IsWorking, pace: Pace) -> float:
    """The last full bucket over the upper 80 % bound that was forecast for it at its start; 0 where none was."""
    step = timedelta(minutes=minutes)
    end = bucket_start(now, minutes, zone_minutes)
    if silence(times, end - step) is not None:
        return 0.0
    ahead = _Ahead(times[: bisect_right(times, end - step)], end - step, zone_minutes, is_working, pace)
    came = bisect_right(times, end) - bisect_right(times, end - step)
    return round(came / max(ahead.bucket(end - step, end)[4], 1.0), 3)
