"""Two clocks of a lead that was transferred: until the organ's receipt, until its answer.

Limits after the regulations on petition work (信访工作条例, 2022): told within 15 days of receipt whether it is dealt with, dealt
with within 60 days, once 30 days more with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.desk.cases.clocks import stands
from groundswell.desk.leads.models import Lead
from groundswell.desk.spine.models import RunningClock
from groundswell.engine.clocks.history import ClockState
from groundswell.engine.clocks.rules import Rule

SOURCE = "信访工作条例（2022）"
RECEIPT = Rule(code="lead.receipt", n=15, unit="calendar_day", source=SOURCE)
ANSWER = Rule(code="lead.answer", n=60, unit="calendar_day", source=SOURCE, extension=30)
WORDS: dict[str, str | Promise] = {"receipt": _("receipt of the organ"), "answer": _("answer of the organ")}
KIND = "lead"


@dataclass(frozen=True)
class Standing:
    """A clock of a lead as it stands."""

    code: str
    state: ClockState

    @property
    def words(self) -> str:
        return str(WORDS[self.code])


def start(lead: Lead, at: datetime) -> None:
    """Both begin with the transfer."""
    for code, rule in (("receipt", RECEIPT), ("answer", ANSWER)):
        clock = RunningClock(
            subject_type=KIND, subject_id=lead.pk, rule=f"{code}:{rule.code}", amount=int(rule.n), unit=rule.unit, started_at=at
        )
        clock.due_at = stands(clock, at).ends_at
        clock.save()


def meet(lead: Lead, code: str, at: datetime) -> None:
    _running([lead.pk]).filter(rule__startswith=f"{code}:").update(met_at=at)


def stop(lead: Lead, at: datetime) -> None:
    """The lead went another way: nothing is awaited any more."""
    _running([lead.pk]).update(cancelled_at=at)


def _running(keys: list[int]):  # type: ignore[no-untyped-def]
    return RunningClock.objects.filter(subject_type=KIND, subject_id__in=keys, met_at=None, cancelled_at=None)


def next_of(leads: list[Lead], at: datetime) -> dict[int, Standing]:
    """Of each of LEADS the open clock that ends first; by primary key, one query."""
    found: dict[int, Standing] = {}
    for clock in _running([lead.pk for lead in leads]):
        standing = Standing(clock.rule.partition(":")[0], stands(clock, at))
        before = found.get(clock.subject_id)
        if before is None or standing.state.ends_at < before.state.ends_at:
            found[clock.subject_id] = standing
    return found
