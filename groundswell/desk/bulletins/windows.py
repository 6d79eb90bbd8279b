"""When a series is due and what span an issue covers: pure arithmetic over clock times, key periods and the body's zone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FAR = 40  # days that are looked through for the next clock; a series with a clock has one every day


@dataclass(frozen=True)
class Span:
    """A key period: first and last day, both within."""

    since: date
    until: date

    def holds(self, day: date) -> bool:
        return self.since <= day <= self.until


@dataclass(frozen=True)
class Rhythm:
    """The clocks of a series: its times on a usual day and in key periods, in the body's zone."""

    usual: tuple[time, ...]
    key: tuple[time, ...]
    spans: tuple[Span, ...]
    zone: ZoneInfo

    def on(self, day: date) -> list[datetime]:
        """The clocks of DAY, in order."""
        times = self.key or self.usual if any(span.holds(day) for span in self.spans) else self.usual
        return sorted(datetime.combine(day, each, self.zone) for each in set(times))

    def next_after(self, moment: datetime) -> datetime | None:
        """The first clock later than MOMENT; None for a series without clocks."""
        first = moment.astimezone(self.zone).date()
        return next((at for n in range(FAR) for at in self.on(first + timedelta(days=n)) if at > moment), None)

    def last_before(self, moment: datetime) -> datetime | None:
        """The last clock earlier than MOMENT."""
        first = moment.astimezone(self.zone).date()
        return next((at for n in range(FAR) for at in reversed(self.on(first - timedelta(days=n))) if at < moment), None)

    def between(self, since: datetime, until: datetime) -> list[datetime]:
        """The clocks later than SINCE and earlier than UNTIL."""
        found, at = [], self.next_after(since)
        while at is not None and at < until:
            found.append(at)
            at = self.next_after(at)
        return found


def rhythm(usual: Iterable[str], key: Iterable[str], spans: Sequence[Span], zone: ZoneInfo) -> Rhythm:
    """A rhythm from times written ``17:00``. Raises ValueError for one that is none."""
    return Rhythm(tuple(map(_time, usual)), tuple(map(_time, key)), tuple(spans), zone)


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"“{text}” is no time of day; write it as 17:00") from error


def window(clock: datetime, end_of_last: datetime | None, before: datetime | None) -> tuple[datetime, datetime]:
    """What the issue of CLOCK covers: from the end of the last issue's window, else from the clock BEFORE, else one day.

    An issue never covers a span that lies behind it: a last window that ends at or after CLOCK gives way to the clock before.
    """
    if end_of_last is not None and end_of_last < clock:
        return end_of_last, clock
    if before is not None and before < clock:
        return before, clock
    return clock - timedelta(days=1), clock
