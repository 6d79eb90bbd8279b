"""What is done to people and rights: adding, roles with dates, sign-in links, barring, charge of units, cells of the rights table.

Whatever is done, somebody must stay who may manage people, without an end date: ``_somebody_stays`` sees to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts import door
from groundswell.desk.accounts.fields import from_day, through_day
from groundswell.desk.accounts.models import Grant, Oversight, Right, Role, Unit, User
from groundswell.desk.accounts.people_forms import ChargeForm, EndForm, GrantForm, PersonForm, RightForm
from groundswell.desk.accounts.rights import ALL, NONE
from groundswell.desk.spine import ports
from groundswell.desk.spine.actions import Act, Refused, action, found, perform, subject
from groundswell.desk.spine.forms import ReasonForm
from groundswell.desk.spine.models import Entry

MANAGE = "user.manage"
PERSON_FIELDS = ("name", "name_en", "post", "post_en", "unit", "phone", "email")

subject("user", User, path="people", ref="username", state_field="state", name=_("person"))
subject("right", Right, path="people/rights", name=_("right"))


# ---------------------------------------------------------------- who they are


def add_person(actor: User, values: Mapping[str, Any]) -> User:
    """A new member of staff, without a password: a one-time link lets the person in first."""
    person: User = found("user.add", actor, values)
    return person


@action("user.add", verb=_("Add person"), did=_("added the person"), permission=MANAGE, tracks=PERSON_FIELDS, creates=True)
def _add(act: Act, record: None, username: str = "", roles: Iterable[str] = (), **values: Any) -> User:
    person = User(username=username, language=act.user.language if act.user else "zh-hans")
    person.set_unusable_password()
    _set(person, {name: values.get(name) for name in PERSON_FIELDS})
    person.save()
    Grant.objects.bulk_create(Grant(user=person, role=role, since=act.at, given_by=act.user) for role in roles)
    act.data["roles"] = list(roles)
    return person


def _person_values(record: User) -> dict[str, Any]:
    return {name: getattr(record, name) for name in PERSON_FIELDS}


@action(
    "user.edit",
    verb=_("Edit"),
    did=_("changed the person's data"),
    permission=MANAGE,
    form=PersonForm,
    initial=_person_values,
    tracks=PERSON_FIELDS,
    undoable=True,
    icon="edit",
    key="e",
)
def _edit(act: Act, record: User, **values: Any) -> None:
    if values.get("unit") is None and _holds(record, Role.UNIT_OFFICER):
        raise Refused(gettext("A unit officer needs a unit. End that role first."))
    _set(record, values)


def _set(record: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value if value is not None or name == "unit" else "")


# ---------------------------------------------------------------- the door


def give_link(actor: User, person: User) -> str:
    """Make a one-time sign-in link for PERSON and return its path; it is shown once and kept only as a hash."""
    with transaction.atomic():
        perform("user.make_link", actor, person)
        return door.make_link(person, actor)


@action(
    "user.make_link",
    verb=_("Make a sign-in link"),
    did=_("made a one-time sign-in link"),
    permission=MANAGE,
    from_states=("active",),
    icon="link",
    on_chain=False,  # the door writes it on the chain
)
def _make_link(act: Act, record: User, **_values: Any) -> None:
    """The link itself never goes into the timeline."""


@action(
    "user.bar",
    verb=_("Bar from signing in"),
    did=_("barred from signing in"),
    permission=MANAGE,
    from_states=("active",),
    form=ReasonForm,
    tracks=("is_active",),
    undoable=True,
    icon="lock",
)
def _bar(act: Act, record: User, **_values: Any) -> None:
    if act.user is not None and act.user.pk == record.pk:
        raise Refused(gettext("You cannot bar yourself. Another administrator can."))
    before = _keepers()
    record.is_active = False
    record.save(update_fields=["is_active"])
    _somebody_stays(before)


@action(
    "user.unbar",
    verb=_("Let sign in again"),
    did=_("may sign in again"),
    permission=MANAGE,
    from_states=("barred",),
    form=ReasonForm,
    tracks=("is_active",),
    icon="play",
)
def _unbar(act: Act, record: User, **_values: Any) -> None:
    record.is_active = True


# ---------------------------------------------------------------- roles


def _void_grant(act: Act, record: User, entry: Entry) -> None:
    before = _keepers()
    Grant.objects.filter(pk=entry.data["grant"], user=record).delete()
    _somebody_stays(before)


@action(
    "user.grant_role",
    verb=_("Give a role"),
    did=_("gave the role: %(role)s"),
    permission=MANAGE,
    from_states=("active",),
    form=GrantForm,
    undoable=True,
    on_undo=_void_grant,
    icon="plus",
    key="r",
)
def _grant_role(act: Act, record: User, role: str = "", since: date | None = None, until: date | None = None, **_values: Any) -> None:
    begin, end = from_day(since), through_day(until)
    overlap = Grant.objects.filter(Q(until=None) | Q(until__gt=begin), user=record, role=role)
    if end is not None:
        overlap = overlap.filter(since__lt=end)
    if overlap.exists():
        raise Refused(gettext("The person holds this role in that time already."))
    if role == Role.UNIT_OFFICER and record.unit_id is None:
        raise Refused(gettext("A unit officer needs a unit. Put it into the person's data first."))
    grant = Grant.objects.create(user=record, role=role, since=begin, until=end, given_by=act.user)
    act.data |= {"grant": grant.pk, "role": role, "since": begin.isoformat(), "until": end.isoformat() if end else ""}


def _reopen_grant(act: Act, record: User, entry: Entry) -> None:
    Grant.objects.filter(pk=entry.data["grant"], user=record).update(until=entry.data["was_until"] or None)


@action(
    "user.end_role",
    verb=_("End the role"),
    did=_("ended the role: %(role)s"),
    permission=MANAGE,
    form=EndForm,
    undoable=True,
    on_undo=_reopen_grant,
)
def _end_role(act: Act, record: User, held: int = 0, last_day: date | None = None, **_values: Any) -> None:
    grant = Grant.objects.filter(pk=held, user=record).filter(Q(until=None) | Q(until__gt=act.at)).first()
    if grant is None:
        raise Refused(gettext("The person does not hold this role any more."))
    before = _keepers()
    was, grant.until = grant.until, through_day(last_day) or act.at
    grant.save(update_fields=["until"])
    _somebody_stays(before)
    act.data |= {"grant": grant.pk, "role": grant.role, "until": grant.until.isoformat(), "was_until": was.isoformat() if was else ""}


# ---------------------------------------------------------------- in charge of


def _void_charge(act: Act, record: User, entry: Entry) -> None:
    Oversight.objects.filter(pk=entry.data["charge"], leader=record).delete()


@action(
    "user.put_in_charge",
    verb=_("Put in charge of"),
    did=_("put in charge of: %(of)s"),
    permission=MANAGE,
    from_states=("active",),
    form=ChargeForm,
    undoable=True,
    on_undo=_void_charge,
    icon="plus",
)
def _put_in_charge(
    act: Act,
    record: User,
    unit: Unit | None = None,
    subject: str = "",
    whole: bool = False,
    since: date | None = None,
    until: date | None = None,
    **_values: Any,
) -> None:
    if not _holds(record, Role.LEADER):
        raise Refused(gettext("Only a leader is in charge of units and fields. Give the role first."))
    first = since or ports.today()
    same = {"leader": record, "unit": unit, "subject": subject, "whole": whole}
    if Oversight.objects.filter(Q(until=None) | Q(until__gte=first), **same).exists():
        raise Refused(gettext("The leader is in charge of this already."))
    charge = Oversight.objects.create(**same, since=first, until=until)
    act.data |= {"charge": charge.pk, "until": until.isoformat() if until else ""} | _of(charge)


def _of(charge: Oversight) -> dict[str, str]:
    """What CHARGE is about, for the sentence of an act in both languages."""
    if charge.whole:
        return {"of": "全面工作", "of_en": "everything"}
    return {"of": charge.unit.name, "of_en": charge.unit.name_en or charge.unit.name} if charge.unit else {"of": charge.subject}


def _reopen_charge(act: Act, record: User, entry: Entry) -> None:
    Oversight.objects.filter(pk=entry.data["charge"], leader=record).update(until=entry.data["was_until"] or None)


@action(
    "user.end_charge",
    verb=_("End the charge"),
    did=_("no longer in charge of: %(of)s"),
    permission=MANAGE,
    form=EndForm,
    undoable=True,
    on_undo=_reopen_charge,
)
def _end_charge(act: Act, record: User, held: int = 0, last_day: date | None = None, **_values: Any) -> None:
    charge = Oversight.objects.filter(pk=held, leader=record).select_related("unit").first()
    if charge is None:
        raise Refused(gettext("The leader is not in charge of this any more."))
    was, charge.until = charge.until, last_day or ports.today()
    charge.save(update_fields=["until"])
    act.data |= {
        "charge": charge.pk,
        "was_until": was.isoformat() if was else "",
    } | _of(charge)


# ---------------------------------------------------------------- the rights table


def set_right(actor: User, permission: str, role: str, values: Mapping[str, Any]) -> Entry:
    """Change one cell of the rights table; a cell that was never written is written as "none" first."""
    with transaction.atomic():
        cell, _made = Right.objects.get_or_create(permission=permission, role=role, defaults={"scope": NONE})
        return perform("right.set", actor, cell, values)


def _keep_one(act: Act, record: Right, entry: Entry) -> None:
    before = _keepers()
    record.save(update_fields=["scope"])
    _somebody_stays(before)


@action(
    "right.set",
    verb=_("Change the right"),
    did=_("%(permission)s, %(role)s: %(was)s became %(became)s"),
    permission=MANAGE,
    form=RightForm,
    tracks=("scope",),
    undoable=True,
    on_undo=_keep_one,
)
def _set_right(act: Act, record: Right, scope: str = NONE, **_values: Any) -> None:
    before = _keepers()
    act.data |= {"permission": record.permission, "role": record.role, "was": record.scope, "became": scope}
    record.scope = scope
    record.save(update_fields=["scope"])
    _somebody_stays(before)


# ---------------------------------------------------------------- somebody stays


def _keepers() -> set[int]:
    """People who may manage people now and without an end date. Locks their grants, so that two cannot remove each other."""
    roles = list(Right.objects.filter(permission=MANAGE, scope=ALL).values_list("role", flat=True))
    holding = Grant.objects.filter(role__in=roles, since__lte=ports.now(), until=None, user__is_active=True)
    return set(holding.select_for_update(of=("self",)).values_list("user_id", flat=True))


def _somebody_stays(before: set[int]) -> None:
    if before and not _keepers():
        raise Refused(gettext("Then nobody could manage people any more. Give another person the administrator's role first."))


def _holds(person: User, role: str) -> bool:
    return Grant.objects.filter(Q(until=None) | Q(until__gt=ports.now()), user=person, role=role).exists()
