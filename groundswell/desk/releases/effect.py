"""What came after a public word, beside the forecast as it stood then. A comparison, not a cause: the page says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from groundswell.desk.stories.models import KeptForecast, Story
from groundswell.desk.stream.models import Item

NOT_OLDER = timedelta(hours=3)  # a forecast that was older said nothing about that moment


@dataclass(frozen=True)
class Effect:
    """The band that stood at a moment, and what came until its end (so far, while that is ahead)."""

    made_at: datetime
    due_at: datetime
    hours: int
    expected: int
    low80: int
    high80: int
    came: int
    over: bool  # its time is over
    before: int  # items in as many hours before the moment

    @property
    def where(self) -> str:
        """below | within | above the band; "" while its time is not over."""
        if not self.over:
            return ""
        return "below" if self.came < self.low80 else "above" if self.came > self.high80 else "within"


def effect(story: Story | None, at: datetime, now: datetime) -> Effect | None:
    """The forecast that stood for STORY at AT and what came of it; None where none stood (index story, -made_at)."""
    if story is None:
        return None
    rows = KeptForecast.objects.filter(story=story, made_at__lte=at, made_at__gt=at - NOT_OLDER, shown=True).order_by("-made_at")
    row = rows.first()
    if row is None:
        return None
    length = row.due_at - row.made_at
    until = min(row.due_at, now)
    came = row.came if row.came is not None else _count(story, row.made_at, until)
    return Effect(
        made_at=row.made_at,
        due_at=row.due_at,
        hours=round(length / timedelta(hours=1)),
        expected=round(row.expected),
        low80=round(row.low80),
        high80=round(row.high80),
        came=came,
        over=row.due_at <= now,
        before=_count(story, row.made_at - length, row.made_at),
    )


def _count(story: Story, since: datetime, until: datetime) -> int:
    return Item.objects.filter(story=story, published_at__gt=since, published_at__lte=until).count()
