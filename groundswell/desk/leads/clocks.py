"""Two clocks of a lead that was transferred: until the organ's receipt, until its answer; computed from the lead's own dates.

They stand in no table of clocks, which hand-overs and boards of others read. Limits after the regulations on petition work
(信访工作条例, 2022): told within 15 days of receipt whether it is dealt with, dealt with within 60 days.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.desk.leads.models import Lead, Stage
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.settings_calendar import body_calendar
from groundswell.engine.clocks.history import ClockState, Event, clock_state
from groundswell.engine.clocks.rules import Rule

SOURCE = "信访工作条例（2022）"
RECEIPT = Rule(code="lead.receipt", n=15, unit="calendar_day", source=SOURCE)
ANSWER = Rule(code="lead.answer", n=60, unit="calendar_day", source=SOURCE)
RUNS: dict[str, tuple[Rule, tuple[str, ...]]] = {
    "receipt": (RECEIPT, (Stage.TRANSFERRED,)),
    "answer": (ANSWER, (Stage.TRANSFERRED, Stage.RECEIPTED)),
}
WORDS: dict[str, str | Promise] = {"receipt": _("receipt of the organ"), "answer": _("answer of the organ")}


@dataclass(frozen=True)
class Standing:
    """A clock of a lead as it stands."""

    code: str
    state: ClockState

    @property
    def words(self) -> str:
        return str(WORDS[self.code])

    @property
    def shown_at(self) -> datetime:
        """The last minute of the day, not the first of the next."""
        return self.state.ends_at - timedelta(minutes=1)

    @property
    def limit(self) -> timedelta:
        return self.state.ends_at - self.state.started_at


def _running(lead: Lead, at: datetime) -> Iterator[Standing]:
    if lead.transferred_at is None:
        return
    for code, (rule, states) in RUNS.items():
        if lead.state in states:
            events = [Event(kind="start", at=lead.transferred_at)]
            yield Standing(code, clock_state(rule, events, max(at, lead.transferred_at), body_calendar(), zone()))


def next_of(lead: Lead, at: datetime) -> Standing | None:
    """The open clock of LEAD that ends first."""
    return min(_running(lead, at), key=lambda each: each.state.ends_at, default=None)
