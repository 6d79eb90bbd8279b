"""When to ask again: what the host says (Retry-After) and our own back-off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

FIRST_DELAY = timedelta(minutes=5)
LONGEST_DELAY = timedelta(hours=24)


def retry_after(value: str, now: datetime) -> timedelta | None:
    """Read a Retry-After header, seconds or an HTTP date (RFC 9110 § 10.2.3); None where it is neither."""
    value = value[:100].strip()
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=int(value[:9])), LONGEST_DELAY)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta(0)), LONGEST_DELAY)


def next_delay(failures: int, *, first: timedelta = FIRST_DELAY, longest: timedelta = LONGEST_DELAY) -> timedelta:
    """How long to leave a source alone after so many failures in a row: doubled each time, none after none."""
    if failures <= 0:
        return timedelta(0)
    return min(first * (1 << min(failures - 1, 20)), longest)
