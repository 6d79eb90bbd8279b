"""Working-time arithmetic: which days work, when something is due and why, how a clock stands.

``working_days`` is the calendar, ``due`` the sum, ``rules`` the dated table of time limits, ``history`` a clock
computed from what happened to it. Nothing here knows what time it is; the caller says so.
"""

from groundswell.engine.clocks.due import UNITS, Due, Pause, Step, due
from groundswell.engine.clocks.history import ClockState, Event, clock_state
from groundswell.engine.clocks.rules import RULES, Rule, rule_on
from groundswell.engine.clocks.working_days import (
    Calendar,
    Day,
    Override,
    china_calendar,
    day_of,
    for_unit,
    is_working,
    next_working_day,
    weekday_calendar,
    with_days,
    with_notice,
)

__all__ = [
    "RULES",
    "UNITS",
    "Calendar",
    "ClockState",
    "Day",
    "Due",
    "Event",
    "Override",
    "Pause",
    "Rule",
    "Step",
    "china_calendar",
    "clock_state",
    "day_of",
    "due",
    "for_unit",
    "is_working",
    "next_working_day",
    "rule_on",
    "weekday_calendar",
    "with_days",
    "with_notice",
]
