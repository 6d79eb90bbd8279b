"""Jobs of the stories: scoring those that changed, and those that time changes."""

from __future__ import annotations

from datetime import datetime, timedelta

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from groundswell.desk.spine.ports import now
from groundswell.desk.spine.ticks import tick
from groundswell.desk.spine.work import gives_back_connections
from groundswell.desk.stories import record, scoring
from groundswell.desk.stories.actions import wake_followed
from groundswell.desk.stories.models import Story


@app.task(queue="judge", queueing_lock="stories.score", lock="stories.score", name="stories.score")
@gives_back_connections
def score_stories() -> None:
    """Score what is dirty, then what is old, until nothing is left or a round has passed."""
    for _ in range(20):
        if not scoring.score_dirty():
            break
    scoring.score_live()
    record.settle(now())


@tick("stories.followed")
def wake(now: datetime) -> None:
    """Bring followed stories back when their time is over."""
    wake_followed(now)


@tick("stories.score")
def start_scoring(now: datetime) -> None:
    """Start a scoring where a story waits for it."""
    if Story.objects.filter(dirty_since__isnull=False).exists() or _old_ones(now):
        defer_scoring()


def _old_ones(now: datetime) -> bool:
    return Story.objects.filter(last_at__gt=now - timedelta(days=2), scored_at__lt=now - timedelta(minutes=10), merged_into=None).exists()


def defer_scoring() -> None:
    """Ask the worker for a scoring, unless one waits already."""
    try:
        score_stories.defer()
    except AlreadyEnqueued:
        pass
