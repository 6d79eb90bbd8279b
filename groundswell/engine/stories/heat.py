"""Counts per bucket of time: how much is said, hour by hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from groundswell.engine.records import Burst, Heat


def bucket_start(moment: datetime, minutes: int, zone_minutes: int = 0) -> datetime:
    """The start of the bucket in which a moment lies; buckets begin at midnight of the zone (offset in minutes)."""
    step = minutes * 60
    shifted = int(moment.timestamp()) + zone_minutes * 60
    return datetime.fromtimestamp(shifted - shifted % step - zone_minutes * 60, UTC)


def heat_of(times: Sequence[datetime], now: datetime, bucket_minutes: int = 60, buckets: int = 24, zone_minutes: int = 0) -> Heat:
    """How many of the times fall into each of the last buckets, the running one included.

    Times are aware; those after ``now`` and before the window are left out. Raises ValueError for buckets or minutes
    below 1.
    """
    if bucket_minutes < 1 or buckets < 1:
        raise ValueError(f"a series needs at least one bucket of at least a minute, not {buckets} of {bucket_minutes}")
    step = timedelta(minutes=bucket_minutes)
    start = bucket_start(now, bucket_minutes, zone_minutes) - step * (buckets - 1)
    counts = [0] * buckets
    for moment in times:
        if start <= moment <= now:
            counts[int((moment - start) / step)] += 1
    return Heat(bucket_minutes=bucket_minutes, start=start, counts=tuple(counts))


def hourly(times: Sequence[datetime], now: datetime) -> Heat:
    """The last 24 hours, hour by hour."""
    return heat_of(times, now, 60, 24)


def burst_of(times: Sequence[datetime], now: datetime) -> Burst:
    """How many of TIMES lie in the last hour, and in the same hour a day and a week before."""

    def within(end: datetime) -> int:
        return sum(end - timedelta(hours=1) < moment <= end for moment in times)

    first = min((moment for moment in times if moment <= now), default=now)
    before = [now - timedelta(days=days) for days in (1, 7)]
    yesterday, last_week = (within(end) if first <= end else None for end in before)
    return Burst(hour=within(now), yesterday=yesterday, last_week=last_week)
