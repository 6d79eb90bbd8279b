"""Reads behind the screens of leads; none of them opens what is sealed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import ALL, may, scope
from groundswell.desk.audit.models import Record
from groundswell.desk.leads import clocks, sealing
from groundswell.desk.leads.models import ENDED, OPEN, SENT, Lead, Outcome, Stage
from groundswell.desk.spine.ports import zone

FEW = 5  # smaller counts are merged
TABS: tuple[tuple[str, str | Promise, tuple[str, ...]], ...] = (
    ("open", _("Open"), OPEN),
    ("registered", Stage.REGISTERED.label, (Stage.REGISTERED,)),
    ("screened", Stage.SCREENED.label, (Stage.SCREENED,)),
    ("away", _("With an organ"), (Stage.TRANSFERRED, Stage.RECEIPTED)),
    ("answered", Stage.ANSWERED.label, (Stage.ANSWERED,)),
    ("over", _("Over"), (*ENDED, Stage.DESTROYED)),
)


@dataclass(frozen=True)
class Row:
    """A lead in the list: no content."""

    lead: Lead
    clock: clocks.Standing | None


def readable(user: User) -> QuerySet[Lead]:
    """The leads that USER may read: all for keepers, for a leader those that name the leader."""
    if may(user, "lead.keep") or scope(user, "lead.read") == ALL:
        return Lead.objects.all()
    return Lead.objects.filter(leaders=user) if may(user, "lead.read") else Lead.objects.none()


def rows(found: QuerySet[Lead], at: datetime, most: int = 300) -> list[Row]:
    """FOUND with the clock that ends first; one query (index state, id)."""
    return [Row(lead, clocks.next_of(lead, at)) for lead in found.select_related("organ")[:most]]


def tabs(found: QuerySet[Lead], current: str) -> list[dict[str, object]]:
    counts = Counter(found.order_by().values_list("state", flat=True))
    return [
        {"code": code, "words": words, "count": sum(counts[str(state)] for state in states), "current": code == current}
        for code, words, states in TABS
    ]


def in_tab(found: QuerySet[Lead], code: str) -> QuerySet[Lead]:
    return found.filter(state__in=next((states for each, _words, states in TABS if each == code), OPEN))


def readings_of(lead: Lead) -> list[Record]:
    """Who read LEAD and why, newest first (index act, -seq)."""
    return list(
        Record.objects.filter(act__in=["lead.opened", "lead.package"], subject=f"lead:{lead.pk}")
        .select_related("actor")
        .order_by("-seq")[:50]
    )


def from_the_same(lead: Lead) -> list[Lead]:
    """Other leads that came from the same item."""
    return list(Lead.objects.filter(origin_hash=lead.origin_hash).exclude(pk=lead.pk)[:10]) if lead.origin_hash else []


def handed_in(user: User, item_key: str) -> str:
    """The number under which USER handed the item in, "" where not: all that is ever said of it to that person (index origin_hash)."""
    rows = Lead.objects.filter(origin_hash=sealing.origin(item_key), by=user).order_by("pk")
    return rows.values_list("number", flat=True).first() or ""


# ---------------------------------------------------------------- for the public


def outcomes() -> QuerySet[Outcome]:
    """What is public, and what was and is withdrawn; newest first."""
    return Outcome.objects.filter(state__in=[Outcome.State.PUBLISHED, Outcome.State.WITHDRAWN]).order_by("-published_at")


def merged(counts: Sequence[tuple[str, int]]) -> list[tuple[str, int | None]]:
    """COUNTS with what is below 5 merged: ("few", n), n None where even together they are fewer than 5.

    A single small one takes the next smallest along, else it could be had from the sum.
    """
    large = [row for row in counts if row[1] >= FEW]
    small = [row for row in counts if 0 < row[1] < FEW]
    if not small:
        return list(large)
    total = sum(n for _code, n in small)
    while large and (len(small) == 1 or total < FEW):
        least = min(large, key=lambda row: row[1])
        large.remove(least)
        small.append(least)
        total += least[1]
    return [*large, ("few", total if total >= FEW else None)]


@dataclass(frozen=True)
class Year:
    """The leads that came in a year up to the end of the last whole quarter, by what became of them."""

    year: int
    total: int | None  # None: fewer than 5
    rows: list[tuple[str, int | None]]


def quarter_begin(day: date) -> date:
    """The first day of DAY's quarter."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def years(today: date) -> list[Year]:
    """Counts for the public: whole quarters only, so that nobody sees the day on which one came."""
    end = datetime.combine(quarter_begin(today), datetime.min.time(), zone())
    by_year: dict[int, Counter[str]] = {}
    for state, at in Lead.objects.filter(registered_at__lt=end).values_list("state", "registered_at"):
        by_year.setdefault(at.astimezone(zone()).year, Counter())[_public_state(state)] += 1
    return [_year(year, counts) for year, counts in sorted(by_year.items(), reverse=True)]


def _public_state(state: str) -> str:
    if state in OPEN and state not in SENT:
        return "screening"
    return "transferred" if state in SENT else "not_transferred" if state == Stage.ASIDE else "closed"


def _year(year: int, counts: Counter[str]) -> Year:
    total = sum(counts.values())
    return Year(year, total if total >= FEW else None, merged(sorted(counts.items())) if total >= FEW else [])
