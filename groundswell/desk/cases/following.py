"""Following until: quiet for so many days, or its forecast left, or its story rising again; then it is back in the queue."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from groundswell.desk.cases.models import Case
from groundswell.desk.stories.models import State

FAR = 3  # items over the upper bound that make a forecast left, not missed by a hair


def why_back(case: Case, moment: datetime) -> str:
    """The fact by which CASE comes back at MOMENT (``case_quiet`` …), "" where it does not yet."""
    story = case.story
    if story is not None and story.state in (State.RISING, State.REOPENED):
        return "case_story_rises"
    if story is not None and _forecast_left(case):
        return "case_forecast_left"
    if case.follow_quiet and story is not None:
        since = max(story.last_at, case.follow_since or story.last_at)
        return "case_quiet" if moment - since >= timedelta(days=case.follow_quiet) else ""
    return "case_back" if case.follow_until is not None and case.follow_until <= moment else ""


def _forecast_left(case: Case) -> bool:
    """Did more come than the upper bound of a forecast that was shown since the case is followed? (record of forecasts)"""
    if case.story is None or case.follow_since is None:
        return False
    return case.story.kept_forecasts.filter(made_at__gte=case.follow_since, shown=True, came__gte=F("high80") + FAR).exists()
