"""Reads of alerts: the list by state, those of a story, what was sent to whom, rules with what they did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import ALL, scope
from groundswell.desk.alerts.models import CALLING, NOT_DONE, Alert, Channel, Outcome, Rule, Sending, State, Step
from groundswell.desk.stories.models import Story

WITH = ("rule", "story__unit", "source", "accepted_by", "done_by")
PAGE = 60
TABS: tuple[tuple[str, str | Promise, tuple[str, ...]], ...] = (
    ("now", _("Not dealt with"), NOT_DONE),
    ("open", State.OPEN.label, CALLING),
    ("accepted", State.ACCEPTED.label, (State.ACCEPTED,)),
    ("done", State.DONE.label, (State.DONE,)),
    ("all", _("All"), tuple(State)),
)


def readable(user: User) -> QuerySet[Alert]:
    """The alerts that USER may see."""
    return Alert.objects.all() if scope(user, "alert.read") == ALL else Alert.objects.none()


def tabs(found: QuerySet[Alert], current: str) -> list[dict[str, object]]:
    """The tabs with their counts, in one query."""
    counts = Counter(found.order_by().values_list("state", flat=True))
    return [
        {"code": code, "words": words, "count": sum(counts[str(state)] for state in states), "current": code == current}
        for code, words, states in TABS
    ]


def in_tab(found: QuerySet[Alert], code: str) -> QuerySet[Alert]:
    return found.filter(state__in=next((states for each, _words, states in TABS if each == code), NOT_DONE))


@dataclass(frozen=True)
class Row:
    """An alert with the step that runs or ran last."""

    alert: Alert
    step: Step | None
    called: int  # steps that called somebody

    @property
    def until(self) -> datetime | None:
        """By when it is to be accepted or attended."""
        return self.alert.next_at

    @property
    def limit(self) -> timedelta | None:
        if self.alert.state == State.ACCEPTED:
            return timedelta(minutes=self.alert.attend_minutes)
        return timedelta(minutes=self.step.minutes) if self.step else None


def rows(found: QuerySet[Alert], most: int = 100) -> list[Row]:
    """FOUND with their steps: two queries."""
    return [row_of(alert) for alert in found.select_related(*WITH).prefetch_related("steps__people")[:most]]


def row_of(alert: Alert) -> Row:
    fired = [step for step in alert.steps.all() if step.fired_at is not None]
    return Row(alert, fired[-1] if fired else None, sum(step.ended != "nobody" for step in fired))


def about(story: Story) -> QuerySet[Alert]:
    """Alerts about STORY or what was merged into it."""
    return Alert.objects.filter(Q(story=story) | Q(story__merged_into=story)).select_related("rule", "accepted_by")


def waiting_for(user: User, now: datetime) -> list[Row]:
    """The alerts that call USER now: a step of theirs has begun, or they accepted it (index alert_by_state)."""
    begun = Exists(Step.objects.filter(alert=OuterRef("pk"), people=user, fired_at__isnull=False))
    called = Q(begun, state__in=CALLING, starts_at__lte=now)
    return rows(Alert.objects.filter(called | Q(state=State.ACCEPTED, accepted_by=user)).order_by("raised_at"), 20)


# ---------------------------------------------------------------- rules, channels, what was sent


@dataclass(frozen=True)
class RuleRow:
    """A rule with what it did in the last 30 days."""

    rule: Rule
    calls: int
    right: int
    not_right: int


def rules(now: datetime, days: int = 30) -> list[RuleRow]:
    """All rules; one query for them, one for their alerts."""
    counted: Counter[tuple[int, str]] = Counter()
    for pk, outcome in Alert.objects.filter(raised_at__gte=now - timedelta(days=days)).values_list("rule", "outcome"):
        counted[pk, outcome] += 1
    listed = Rule.objects.select_related("watch", "place", "unit", "source").order_by("pk")
    return [
        RuleRow(
            rule,
            sum(n for (pk, _outcome), n in counted.items() if pk == rule.pk),
            counted[rule.pk, Outcome.RIGHT],
            counted[rule.pk, Outcome.NOT_RIGHT],
        )
        for rule in listed
    ]


def sendings(user: User, state: str = "", channel: str = "") -> QuerySet[Sending]:
    """What was sent, the newest first; tests only where no alert is asked for."""
    found = Sending.objects.filter(alert__in=readable(user)).select_related("alert__story", "alert__source", "step", "channel", "person")
    if state:
        found = found.filter(state=state)
    if channel == "screen":
        return found.filter(channel=None)
    return found.filter(channel__code=channel) if channel else found


def channels() -> Sequence[Channel]:
    """Channels with how many rules use each, how many messages failed, when one was sent last."""
    return list(
        Channel.objects.annotate(
            used_by=Count("rules", distinct=True),
            failed=Count("sendings", filter=Q(sendings__state="failed") & ~Q(sendings__key__startswith="test:"), distinct=True),
            last_at=Max("sendings__at", filter=Q(sendings__state="sent")),
        ).order_by("pk")
    )
