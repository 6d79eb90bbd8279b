"""Leaders: who is in charge of what, who is away, who stands in, and the order in which something is put before them (呈送)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import Absence, Deputy, Oversight, Role, Unit, User
from groundswell.desk.spine.ports import now, today

FIRST_LEADER_FROM = 2  # level II and above also goes to the first leader
WHY: dict[str, str | Promise] = {
    "on_duty": _("leader on duty"),
    "in_charge": _("in charge of the unit"),
    "first": _("first leader"),
}


@dataclass(frozen=True)
class Presented:
    """Somebody to whom something is put: WHY is a code of ``WHY``; INSTEAD_OF the leader whose place is taken."""

    user: User
    why: str
    instead_of: User | None = None


def leaders() -> QuerySet[User]:
    """People who hold the role of a leader now."""
    moment = now()
    rows = User.objects.filter(is_active=True, grants__role=Role.LEADER, grants__since__lte=moment)
    return rows.exclude(grants__role=Role.LEADER, grants__until__lte=moment).distinct().order_by("id")


def charges_on(day: date) -> QuerySet[Oversight]:
    """What leaders are in charge of on DAY, the longest held first."""
    rows = Oversight.objects.filter(Q(until=None) | Q(until__gte=day), since__lte=day, leader__is_active=True)
    return rows.select_related("leader", "unit").order_by("since", "pk")


def in_charge_of(unit: Unit | None, day: date | None = None, words: str = "") -> list[User]:
    """Leaders in charge of UNIT, or of a field that WORDS name; those whose charge began first come first."""
    rows = charges_on(day or today()).filter(whole=False)
    own = [row.leader for row in rows if (unit is not None and row.unit_id == unit.pk) or (row.subject and row.subject in words)]
    return list(dict.fromkeys(own))


def first_leaders(day: date | None = None) -> list[User]:
    """Who is in charge of the whole."""
    return list(dict.fromkeys(row.leader for row in charges_on(day or today()).filter(whole=True)))


def absence_of(leader: User, day: date | None = None) -> Absence | None:
    """Why LEADER is not there on DAY, where so; of two that overlap the one noted last."""
    at = day or today()
    return Absence.objects.filter(leader=leader, since__lte=at, until__gte=at).select_related("stand_in").order_by("-pk").first()


def deputies_of(leader: User, day: date | None = None) -> list[User]:
    """The regular deputies of LEADER on DAY."""
    at = day or today()
    rows = Deputy.objects.filter(Q(until=None) | Q(until__gte=at), leader=leader, since__lte=at, deputy__is_active=True)
    return [row.deputy for row in rows.select_related("deputy").order_by("since", "pk")]


def acting_for(leader: User, day: date | None = None) -> User | None:
    """Whoever does LEADER's part on DAY: the leader, else the named stand-in, else a deputy; None where nobody is there.

    A stand-in who is away as well is stood in for in turn; who was asked once is not asked again.
    """
    asked: set[int] = set()
    waiting = [leader]
    while waiting:
        one = waiting.pop(0)
        if one.pk in asked or not one.is_active:
            continue
        asked.add(one.pk)
        away = absence_of(one, day)
        if away is None:
            return one
        waiting += [away.stand_in] if away.stand_in is not None else deputies_of(one, day)
    return None


def put_before(unit: Unit | None, level: int, *, on_duty: Iterable[User] = (), words: str = "", day: date | None = None) -> list[Presented]:
    """The order of 呈送, each once: the leader on duty, those in charge of UNIT or of a field in WORDS, from level II on the first."""
    wanted = [("on_duty", user) for user in on_duty]
    wanted += [("in_charge", user) for user in in_charge_of(unit, day, words)]
    wanted += [("first", user) for user in first_leaders(day)] if level <= FIRST_LEADER_FROM else []
    found: dict[int, Presented] = {}
    for why, leader in wanted:
        acting = acting_for(leader, day)
        if acting is not None and acting.pk not in found:
            found[acting.pk] = Presented(acting, why, leader if acting.pk != leader.pk else None)
    return list(found.values())


def stood_in_for_by(user: User, day: date | None = None) -> list[User]:
    """The leaders whose part USER does on DAY because they are away."""
    at = day or today()
    away = Absence.objects.filter(since__lte=at, until__gte=at).select_related("leader")
    found = (acting_for(row.leader, at) for row in away)
    return list(dict.fromkeys(row.leader for row, acting in zip(away, found, strict=True) if acting is not None and acting.pk == user.pk))
