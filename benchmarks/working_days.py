"""Due dates of 20 working days with their whole sum, beside a bare loop over chinesecalendar's is_workday."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

from benchmarks.measure import Figure, alternate
from groundswell.engine.clocks import china_calendar, due

FIRST, DAYS, QUICK, LIMIT = date(2019, 1, 1), 2880, 60, 20
ZONE = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)


def run(quick: bool) -> list[Figure]:
    """Every day of receipt from 2019 to 2026, working days and working hours."""
    received = [FIRST + step * ONE_DAY for step in range(QUICK if quick else DAYS)]
    calendar = china_calendar()
    differ = sum(due(day, LIMIT, "working_day", calendar=calendar, zone=ZONE).at != _bare(day) for day in received)
    seconds = alternate(
        1 if quick else 3,
        bare=lambda: [_bare(day) for day in received],
        days=lambda: [due(day, LIMIT, "working_day", calendar=calendar, zone=ZONE) for day in received],
        hours=lambda: [due(day, 7 * LIMIT, "working_hour", calendar=calendar, zone=ZONE) for day in received],
    )
    return [
        Figure("is_workday in a loop, no sum", len(received), "dates", seconds["bare"], True),
        Figure("clocks.due, 20 working days", len(received), "dates", seconds["days"], note=f"{differ} differ"),
        Figure("clocks.due, 140 working hours", len(received), "dates", seconds["hours"]),
    ]


def _bare(day: date) -> date:
    left = LIMIT
    while left:
        day += ONE_DAY
        left -= chinese_calendar.is_workday(day)
    return day
