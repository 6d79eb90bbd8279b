"""Who may do what: the rights table (permission × role × scope) that every view and action asks."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from groundswell.desk.accounts.models import Grant, Right, Role, User
from groundswell.desk.spine import ports

D, E, U, L, K, A, M = (
    Role.DUTY,
    Role.EDITOR,
    Role.UNIT_OFFICER,
    Role.LEADER,
    Role.LEADS_KEEPER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
ALL, OWN_UNIT, OWN, PROPOSE, NONE = "all", "own_unit", "own", "propose", "none"

# permission: {role: scope}. The seed of the table in the database, where the administrator changes it.
SEED: dict[str, dict[Role, str]] = {
    "item.read": {D: ALL, E: ALL, U: OWN_UNIT, L: ALL},
    "item.triage": {D: ALL, E: ALL, L: ALL},
    "item.enter": {D: ALL, E: ALL, U: OWN_UNIT, L: ALL},
    "item.picture": {D: ALL, E: ALL, L: ALL},
    "story.read": {D: ALL, E: ALL, U: OWN_UNIT, L: ALL},
    "story.triage": {D: ALL, E: ALL, L: ALL},
    "story.level": {D: ALL, E: ALL, L: ALL},
    "story.level_one": {D: PROPOSE, E: PROPOSE, L: ALL},
    "story.merge": {D: ALL, E: ALL, L: ALL},
    "flash.read": {D: ALL, E: ALL, L: ALL},
    "flash.report": {D: ALL, E: ALL, L: ALL},
    "case.read": {D: ALL, E: ALL, L: ALL},
    "case.handle": {D: ALL, L: ALL},
    "case.review": {E: ALL, L: ALL},
    "case.sign": {L: ALL},
    "task.hand_out": {D: ALL, L: ALL},
    "task.answer": {U: OWN_UNIT},
    "plan.read": {D: ALL, E: ALL, L: ALL, M: ALL},
    "plan.ask": {D: ALL, E: ALL, L: ALL},
    "plan.decide": {D: PROPOSE, E: PROPOSE, L: OWN},
    "plan.work": {D: ALL, L: ALL},
    "plan.edit": {M: ALL},
    "instruction.read": {D: ALL, E: ALL, L: ALL},
    "instruction.give": {L: ALL},
    "instruction.record": {D: ALL},
    "instruction.settle": {L: OWN},
    "instruction.close": {D: ALL, L: OWN},
    "release.read": {D: ALL, E: ALL, L: ALL},
    "release.draft": {D: ALL, E: ALL, L: ALL},
    "release.review": {E: ALL, L: ALL},
    "release.secrecy": {D: ALL, E: ALL, L: ALL},
    "release.approve": {E: PROPOSE, L: ALL},
    "release.publish": {D: ALL, E: ALL, L: ALL},
    "spokesperson.name": {L: ALL, M: ALL},
    "ledger.keep": {D: ALL, E: ALL, L: ALL},
    "bulletin.read": {D: ALL, E: ALL, L: ALL},
    "bulletin.candidate": {D: ALL, E: ALL, L: ALL},
    "bulletin.edit": {E: ALL},
    "bulletin.check": {E: ALL, L: ALL},
    "bulletin.sign": {E: PROPOSE, L: ALL},
    "bulletin.series": {E: ALL, M: ALL},
    "submission.send": {U: OWN_UNIT},
    "lead.hand_in": {D: ALL},
    "lead.keep": {K: ALL},
    "lead.read": {K: ALL, L: OWN},
    "source.read": {D: ALL, E: ALL, U: OWN_UNIT, M: ALL},
    "source.pause": {D: ALL, E: ALL, U: OWN_UNIT, M: ALL},
    "source.edit": {D: PROPOSE, E: ALL, U: OWN_UNIT, M: ALL},
    "source.reading": {D: ALL, E: ALL},
    "watch.read": {D: ALL, E: ALL, U: OWN_UNIT, M: ALL},
    "watch.edit": {D: PROPOSE, E: ALL, U: OWN_UNIT, M: ALL},
    "alert.read": {D: ALL, E: ALL, L: ALL},
    "alert.accept": {D: ALL, E: ALL, L: ALL},  # whoever stands in the roster
    "alert.rule": {D: PROPOSE, E: ALL, M: ALL},
    "alert.pause": {D: ALL, E: ALL, M: ALL},
    "alert.program": {},  # only the program
    "note.write": {D: ALL, E: ALL, L: ALL},
    "roster.read": {D: ALL, E: ALL, L: ALL, M: ALL},
    "roster.plan": {D: PROPOSE, L: ALL, M: ALL},
    "roster.swap": {D: ALL, E: ALL, L: ALL},
    "zero.report": {U: OWN_UNIT},
    "zero.keep": {D: ALL, L: ALL},
    "leader.away": {D: ALL, L: ALL, M: ALL},
    "user.manage": {M: ALL},
    "unit.manage": {M: ALL},
    "setting.read": {A: ALL, M: ALL},
    "setting.change": {M: ALL},
    "judgement.read": {D: ALL, E: ALL, L: ALL, M: ALL},
    "audit.read": {D: OWN, E: OWN, U: OWN, L: OWN, K: OWN, A: ALL, M: ALL},
}
STRENGTH = {NONE: 0, PROPOSE: 1, OWN: 2, OWN_UNIT: 3, ALL: 4}


def user_of(request: HttpRequest) -> User:
    """Who asks; the door lets nobody else through to a view of the desk."""
    assert isinstance(request.user, User)
    return request.user


def seed_rights() -> None:
    """Write the cells that are missing; those that the administrator changed stay."""
    there = set(Right.objects.values_list("permission", "role"))
    Right.objects.bulk_create(
        Right(permission=permission, role=role, scope=scope)
        for permission, cells in SEED.items()
        for role, scope in cells.items()
        if (permission, str(role)) not in there
    )


def roles_of(user: User) -> frozenset[str]:
    """The roles that USER holds now. Read once a request (kept on the user object)."""
    kept: frozenset[str] | None = getattr(user, "_roles", None)
    if kept is None:
        moment = ports.now()
        rows = Grant.objects.filter(Q(until=None) | Q(until__gt=moment), user=user, since__lte=moment)
        kept = frozenset(rows.values_list("role", flat=True))
        user._roles = kept  # type: ignore[attr-defined]
    return kept


def scopes_of(user: User) -> dict[str, str]:
    """permission → the widest scope that USER's roles give."""
    kept: dict[str, str] | None = getattr(user, "_scopes", None)
    if kept is None:
        kept = {}
        for permission, scope in Right.objects.filter(role__in=roles_of(user)).values_list("permission", "scope"):
            if STRENGTH[scope] > STRENGTH.get(kept.get(permission, ""), 0):
                kept[permission] = scope
        user._scopes = kept  # type: ignore[attr-defined]
    return kept


def scope(user: Any, permission: str) -> str:
    """The scope of PERMISSION for USER: "all", "own_unit", "own", "propose" or ""."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return ""
    return scopes_of(user).get(permission, "")


def may(user: Any, permission: str, record: Any = None) -> bool:
    """May USER do PERMISSION, on RECORD where one is given? ``propose`` alone is not enough."""
    width = scope(user, permission)
    if width in ("", PROPOSE):
        return False
    if width == ALL or record is None:
        return True
    if width == OWN_UNIT:
        return bool(user.unit_id is not None and user.unit_id in _units_of(record))
    return bool(user.pk in (getattr(record, "by_id", None), getattr(record, "actor_id", None), *getattr(record, "reader_ids", ())))


def may_propose(user: Any, permission: str) -> bool:
    """May USER at least propose it?"""
    return scope(user, permission) != ""


def _units_of(record: Any) -> set[int | None]:
    several: set[int | None] | None = getattr(record, "unit_ids", None)  # of what several units take part in
    return ({getattr(record, "unit_id", None)} if several is None else several) - {None}
