"""What the people's screens read: the list with its counts, one person, the rights table against its default."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import Grant, OneTimeLink, Oversight, Right, Role, User
from groundswell.desk.accounts.rights import NONE, SEED
from groundswell.desk.accounts.rights_words import AREAS, PERMISSIONS, permission_words, scope_words
from groundswell.desk.audit.models import Record
from groundswell.desk.spine.palette import matches
from groundswell.desk.spine.ports import now, today, zone
from groundswell.desk.spine.timeline import entries_of, sentence_of

Words = str | Promise
SIGN_INS = ("signin", "signin.link")


def people_with_last_sign_in() -> QuerySet[User]:
    """Every person with unit, roles held now (``held``), last sign-in and open link (indexes actor, -seq and user)."""
    moment = now()
    seen = Record.objects.filter(actor=OuterRef("pk"), act__in=SIGN_INS).order_by("-seq").values("at")[:1]
    link = (
        OneTimeLink.objects.filter(user=OuterRef("pk"), used_at=None, expires_at__gt=moment)
        .values("user")
        .annotate(last=Max("expires_at"))
        .values("last")
    )
    held = Grant.objects.filter(Q(until=None) | Q(until__gt=moment), since__lte=moment).order_by("id")
    rows = User.objects.select_related("unit").prefetch_related(Prefetch("grants", queryset=held, to_attr="held"))
    return rows.annotate(last_seen=Subquery(seen, output_field=DateTimeField()), link_until=Subquery(link, output_field=DateTimeField()))


@dataclass(frozen=True)
class PeoplePage:
    """The list as filtered, and how many there are of each kind."""

    people: list[User]
    total: int
    barred: int
    by_role: list[tuple[str, Words, int]]


def people_page(role: str = "", state: str = "", text: str = "") -> PeoplePage:
    """People with ROLE, in STATE ("", "active", "barred", "new"), whose name, unit or user name holds TEXT (pinyin too)."""
    everybody = list(people_with_last_sign_in())
    counts = Counter(grant.role for person in everybody if person.is_active for grant in person.held)  # type: ignore[attr-defined]
    shown = [person for person in everybody if _fits(person, role, state, text)]
    shown.sort(key=lambda person: (not person.is_active, _first_role(person), person.pk))
    return PeoplePage(
        people=shown,
        total=len(everybody),
        barred=sum(not person.is_active for person in everybody),
        by_role=[(code, words, counts[code]) for code, words in Role.choices if counts[code]],
    )


def _fits(person: Any, role: str, state: str, text: str) -> bool:
    if role and role not in {grant.role for grant in person.held}:
        return False
    if state == "new" and (person.last_seen or not person.is_active):
        return False
    if state in ("active", "barred") and person.state != state:
        return False
    unit = (person.unit.name, person.unit.name_en) if person.unit else ()
    return not text or matches(text, person.name, person.name_en, person.username, person.post, *unit)


def _first_role(person: Any) -> int:
    order = {code: place for place, code in enumerate(Role.values)}
    return min((order[grant.role] for grant in person.held), default=len(order))


def person_by_name(username: str) -> User | None:
    return people_with_last_sign_in().filter(username=username).first()


def grants_of(person: User) -> list[Grant]:
    """Every role that PERSON holds, held or will hold, the open ones first; each with ``phase`` held | coming | ended."""
    moment = now()
    rows = list(person.grants.select_related("given_by"))
    for grant in rows:
        grant.phase = _phase(grant.since, grant.until, moment)  # type: ignore[attr-defined]
        grant.last_day = _last_day(grant.until)  # type: ignore[attr-defined]
    order = {"held": 0, "coming": 1, "ended": 2}
    return sorted(rows, key=lambda grant: (order[grant.phase], -grant.since.timestamp()))  # type: ignore[attr-defined]


def _last_day(until: datetime | None) -> date | None:
    """The day through which something holds that ends at the body's midnight; None where it ends at another moment."""
    local = until.astimezone(zone()) if until else None
    return (local - timedelta(days=1)).date() if local and (local.hour, local.minute, local.second) == (0, 0, 0) else None


def _phase(since: datetime, until: datetime | None, moment: datetime) -> str:
    return "ended" if until is not None and until <= moment else "coming" if since > moment else "held"


def charges_of(person: User) -> list[Oversight]:
    """What a leader is, was or will be in charge of, the open ones first."""
    rows = list(person.oversights.select_related("unit"))
    for charge in rows:
        ended, coming = charge.until is not None and charge.until < today(), charge.since > today()
        charge.phase = "ended" if ended else "coming" if coming else "held"  # type: ignore[attr-defined]
    order = {"held": 0, "coming": 1, "ended": 2}
    return sorted(rows, key=lambda charge: (order[charge.phase], charge.since, charge.pk))  # type: ignore[attr-defined]


def leaders_and_charges() -> list[User]:
    """Everybody who holds the leader's role now, each with ``charges``, ``away`` (now and to come) and ``standing`` (deputies)."""
    moment = now()
    holders = Grant.objects.filter(Q(until=None) | Q(until__gt=moment), since__lte=moment, role=Role.LEADER).values("user")
    leaders = list(User.objects.filter(pk__in=holders, is_active=True))
    for leader in leaders:
        leader.charges = [charge for charge in charges_of(leader) if charge.phase != "ended"]  # type: ignore[attr-defined]
        away_and_deputies(leader)
    return leaders


def away_and_deputies(leader: User) -> None:
    """Put on LEADER: ``away``, the absences that are not over, and ``standing``, the deputies of now and to come."""
    day = today()
    leader.away = list(leader.absences.filter(until__gte=day).select_related("stand_in"))  # type: ignore[attr-defined]
    rows = leader.deputies.filter(Q(until=None) | Q(until__gte=day)).select_related("deputy").order_by("since", "pk")
    leader.standing = list(rows)  # type: ignore[attr-defined]


def allowed_to(person: User) -> list[tuple[Words, list[tuple[str, str]]]]:
    """What PERSON's roles allow now: area → [(words, scope)]."""
    from groundswell.desk.accounts.rights import scopes_of

    scopes = {permission: scope for permission, scope in scopes_of(person).items() if scope != NONE}
    areas = [(words, [(code, scopes[code]) for code, _words in rows if code in scopes]) for words, rows in AREAS]
    return [(words, [(permission_words(code), scope) for code, scope in rows]) for words, rows in areas if rows]


# ---------------------------------------------------------------- the rights table


@dataclass(frozen=True)
class Cell:
    """One cell: what a role may do now, and by default."""

    permission: str
    role: str
    scope: str
    default: str

    @property
    def words(self) -> str:
        return scope_words(self.scope)

    @property
    def default_words(self) -> str:
        return scope_words(self.default)

    @property
    def role_words(self) -> str:
        return str(Role(self.role).label)

    @property
    def permission_words(self) -> str:
        return permission_words(self.permission)

    @property
    def is_changed(self) -> bool:
        return self.scope != self.default


@dataclass(frozen=True)
class RightsTable:
    """The whole table: areas with rows of cells, and the cells that differ from the default."""

    areas: list[tuple[Words, list[tuple[str, str, list[Cell]]]]]
    changed: list[Cell]


def cell_of(permission: str, role: str) -> Cell | None:
    """One cell, None where permission or role is unknown."""
    if permission not in SEED or role not in Role.values:
        return None
    scope = Right.objects.filter(permission=permission, role=role).values_list("scope", flat=True).first() or NONE
    return Cell(permission, role, scope, SEED[permission].get(Role(role), NONE))


def rights_table(roles: Iterable[str] = tuple(Role.values)) -> RightsTable:
    """permission × role → scope, in the staff's order; permissions without words come last."""
    chosen = list(roles)
    now_held = {(permission, role): scope for permission, role, scope in Right.objects.values_list("permission", "role", "scope")}
    cells = {
        code: [Cell(code, role, now_held.get((code, role), NONE), SEED[code].get(Role(role), NONE)) for role in Role.values]
        for code in SEED
    }
    other = [(code, code) for code in SEED if code not in PERMISSIONS]
    areas = [
        (words, [(code, str(label), [cell for cell in cells[code] if cell.role in chosen]) for code, label in rows if code in cells])
        for words, rows in (*AREAS, (_("Other"), tuple(other)))
    ]
    return RightsTable(
        areas=[area for area in areas if area[1]],
        changed=[cell for row in cells.values() for cell in row if cell.is_changed],
    )


# ---------------------------------------------------------------- timelines in words

READABLE = {
    "role": lambda value: str(Role(value).label) if value in Role.values else value,
    "permission": permission_words,
    "was": scope_words,
    "became": scope_words,
}


def timeline_in_words(record: Any, limit: int = 30) -> list[dict[str, Any]]:
    """The timeline of a person or a right, with codes said in the reader's language."""
    lines = []
    for entry in entries_of(record, limit):
        entry.data = {key: READABLE[key](value) if key in READABLE else value for key, value in entry.data.items()}
        lines.append({"entry": entry, "words": sentence_of(entry)})
    return lines


__all__ = [
    "allowed_to",
    "cell_of",
    "charges_of",
    "grants_of",
    "leaders_and_charges",
    "people_page",
    "person_by_name",
    "rights_table",
    "timeline_in_words",
]
