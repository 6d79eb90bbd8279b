"""When a source is due again, from what it yielded. Pure."""

from __future__ import annotations

from datetime import timedelta

from .retry import LONGEST_DELAY, next_delay

# Share of entries already seen in the last answer -> what the interval is multiplied by. A feed shows a window
# of its newest entries: where much of it is new, entries may fall out between two visits; where all is old,
# the visit was for nothing. The idea is Media Cloud's rss-fetcher's; the steps are ours.
STEPS: tuple[tuple[float, float], ...] = (
    (0.0, 0.25),  # nothing was seen before: some were surely missed
    (0.5, 0.5),
    (0.9, 1.0),
    (1.0, 1.25),
)
NOTHING_AT_ALL = 1.5  # unchanged: not even a new order of the old
NOTHING_NEW = 1.4


def next_interval(
    current: timedelta,
    *,
    yielded: int,
    duplicates: int,
    failures: int,
    minimum: timedelta,
    maximum: timedelta,
    usual: timedelta,
    longest: timedelta = LONGEST_DELAY,
) -> timedelta:
    """How long to wait until the source is asked again.

    ``yielded`` new entries and ``duplicates`` already known ones stood in the last answer (both 0: unchanged);
    ``failures`` in a row come before everything: the wait doubles, up to ``longest`` or ``maximum``. A ``current`` of zero is a
    source that was never asked: it starts with ``usual``.
    """
    if failures > 0:
        return max(bounded(current or usual, minimum, maximum), next_delay(failures, first=minimum, longest=max(longest, maximum)))
    if not current:
        return bounded(usual, minimum, maximum)
    return bounded(current * factor(yielded, duplicates), minimum, maximum)


def factor(yielded: int, duplicates: int) -> float:
    seen = yielded + duplicates
    if seen == 0:
        return NOTHING_AT_ALL
    if yielded == 0:
        return NOTHING_NEW
    share = duplicates / seen
    if share == 0.0 and yielded == 1:
        return 1.0  # a page or a list of one: nothing can be said
    return next(multiple for upper, multiple in STEPS if share <= upper)


def bounded(interval: timedelta, minimum: timedelta, maximum: timedelta) -> timedelta:
    return min(max(interval, minimum), maximum)
