"""The action registry: every state change of the desk is a row here.

Buttons, keys, the palette, permissions, the timeline and the tests are drawn from it. An app writes one function an
action and decorates it; nothing else may change a record's state.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.forms import Form
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may
from groundswell.desk.spine import ports
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.values import dump_value, load_value

Words = str | Promise


class Refused(Exception):
    """The action cannot be done; the message is for the person who asked."""


class NotAllowed(Refused):
    """The person has no right to it."""


class Changed(Refused):
    """The record was changed by somebody else in between."""


@dataclass(frozen=True)
class Subject:
    """A kind of record that actions work on: its model, its place in addresses, the field that holds its state."""

    code: str
    model: type[models.Model]
    path: str  # /desk/<path>/<ref>/
    ref: str = "pk"  # the field that stands in the address
    state_field: str = ""
    name: Words = ""
    id_field: str = "pk"  # the integer by which the timeline knows it, where the primary key is none
    closed: bool = False  # of restricted records: other screens name them, but lead nobody to them

    def id_of(self, record: models.Model) -> int:
        return int(getattr(record, self.id_field))

    def url(self, record: models.Model) -> str:
        return f"/desk/{self.path}/{getattr(record, self.ref)}/"

    def state_of(self, record: models.Model) -> str:
        return str(getattr(record, self.state_field)) if self.state_field else ""


@dataclass
class Act:
    """One doing of an action: who, when, and what the timeline shall know."""

    user: User | None
    at: datetime
    batch: uuid.UUID
    data: dict[str, Any] = field(default_factory=dict)  # what the sentence needs

    @property
    def by(self) -> int:
        """The primary key of the person; an act of the program itself has none, and asking for it is a fault."""
        assert self.user is not None, "only a person does this"
        return int(self.user.pk)


# run(act, record, **values): changes the record; where the action creates, record is None and the new one is returned
Run = Callable[..., Any]


@dataclass(frozen=True)
class Action:
    """A row of the registry."""

    name: str  # "story.set_level"
    subject: str
    verb: Words  # on the button
    did: Words  # in the timeline, with %(…)s of act.data
    permission: str
    run: Run
    from_states: frozenset[str] | None = None  # None: any
    to_state: str = ""  # "" where the state stays or the form decides
    form: type[Form] | None = None
    initial: Callable[[Any], dict[str, Any]] | None = None
    key: str = ""
    icon: str = ""
    tracks: tuple[str, ...] = ()  # fields kept before and after; undo puts them back
    undoable: bool = False
    on_undo: Callable[[Act, Any, Entry], None] | None = None  # of an action that creates: takes the record away, or out of use, by itself
    leaves_house: bool = False  # no undo: a check page stands before it
    on_chain: bool = True  # written on the audit chain
    primary: bool = False
    quick: bool = False  # a form with defaults only: done by one key without asking
    bulk: bool = False
    creates: bool = False  # run(act, None, **values) makes the record and returns it

    @property
    def slug(self) -> str:
        return self.name.split(".", 1)[1].replace("_", "-")


SUBJECTS: dict[str, Subject] = {}
ACTIONS: dict[str, Action] = {}


def subject(
    code: str,
    model: type[models.Model],
    *,
    path: str,
    ref: str = "pk",
    state_field: str = "",
    name: Words = "",
    id_field: str = "pk",
    closed: bool = False,
) -> Subject:
    """Register a kind of record."""
    SUBJECTS[code] = Subject(code, model, path, ref, state_field, name, id_field, closed)
    return SUBJECTS[code]


def action(
    name: str, *, verb: Words, did: Words, permission: str, from_states: Iterable[str] | None = None, **rest: Any
) -> Callable[[Run], Run]:
    """Register the decorated function as the action NAME; see ``Action`` for the rest."""

    def register(run: Run) -> Run:
        if name in ACTIONS:
            raise ValueError(f"the action {name} is registered twice")
        states = None if from_states is None else frozenset(str(state) for state in from_states)
        made = Action(name, name.split(".", 1)[0], verb, did, permission, run, from_states=states, **rest)
        if made.undoable and made.leaves_house:
            raise ValueError(f"the action {name} leaves the house and cannot be undone")
        if made.undoable and made.creates and made.on_undo is None:
            raise ValueError(f"the action {name} makes a record: say by on_undo how that is taken back")
        ACTIONS[name] = made
        return run

    return register


def possible(user: User, record: models.Model, names: Iterable[str] | None = None) -> list[Action]:
    """The actions that USER may do on RECORD in its present state, in the registry's order."""
    code = subject_of(record).code
    wanted = None if names is None else set(names)
    return [
        each
        for each in ACTIONS.values()
        if each.subject == code
        and not each.creates
        and (wanted is None or each.name in wanted)
        and _fits(each, record)
        and may(user, each.permission, record)
    ]


def subject_of(record: models.Model) -> Subject:
    for each in SUBJECTS.values():
        if isinstance(record, each.model):
            return each
    raise LookupError(f"{type(record).__name__} is no subject of the registry")


def _fits(each: Action, record: models.Model) -> bool:
    return each.from_states is None or SUBJECTS[each.subject].state_of(record) in each.from_states


def perform(
    name: str,
    user: User | None,
    record: models.Model,
    values: Mapping[str, Any] | None = None,
    *,
    batch: uuid.UUID | None = None,
    note: str = "",
    version: int | None = None,
) -> Entry:
    """Do the action NAME on RECORD and write it on the timeline and the audit chain, in one transaction.

    USER None is the program itself. VERSION, where given, must equal the record's. Raises Refused with a sentence
    for the person: no right (NotAllowed), wrong state, changed meanwhile (Changed).
    """
    each = ACTIONS[name]
    if user is not None and not may(user, each.permission, record):
        raise NotAllowed(_("You have no right to do this: %(verb)s.") % {"verb": each.verb})
    kind = SUBJECTS[each.subject]
    with transaction.atomic():
        locked = kind.model._default_manager.select_for_update(of=("self",), no_key=True).get(pk=record.pk)
        if version is not None and getattr(locked, "version", version) != version:
            raise Changed(_("Somebody changed this record in the meantime. Look at it again, then decide."))
        if not _fits(each, locked):
            raise Refused(
                _("“%(verb)s” does not go with the present state “%(state)s”.") % {"verb": each.verb, "state": _state_words(kind, locked)}
            )
        entry = _run(each, kind, user, locked, dict(values or {}), batch or uuid.uuid4(), note)
        _copy_back(locked, record)
    return entry


def _run(
    each: Action, kind: Subject, user: User | None, locked: models.Model, values: dict[str, Any], batch: uuid.UUID, note: str
) -> Entry:
    from groundswell.desk.audit.chain import append

    act = Act(user=user, at=ports.now(), batch=batch, data={})
    from_state = kind.state_of(locked)
    before = snapshot(locked, each.tracks)
    each.run(act, locked, **values)
    if each.to_state:
        setattr(locked, kind.state_field, each.to_state)
    if hasattr(locked, "version"):
        locked.version += 1
    locked.save()
    entry = Entry.objects.create(
        at=act.at,
        subject_type=kind.code,
        subject_id=kind.id_of(locked),
        action=each.name,
        actor=user,
        from_state=from_state,
        to_state=kind.state_of(locked),
        data=act.data,
        before=before,
        after=snapshot(locked, each.tracks),
        note=note or str(values.get("reason") or ""),
        batch=batch,
        undoable=each.undoable,
    )
    if each.on_chain and user is not None:
        append(
            each.name,
            user,
            f"{kind.code}:{locked.pk}",
            {"data": act.data, "before": entry.before, "after": entry.after, "note": entry.note},
            act.at,
        )
    return entry


def found(name: str, user: User | None, values: Mapping[str, Any] | None = None, *, batch: uuid.UUID | None = None, note: str = "") -> Any:
    """Make a record by the action NAME (one that ``creates``), with its first line in the timeline. Returns the record.

    Raises NotAllowed without the right. A person whose right is only to propose must use an action of its own for that.
    """
    from groundswell.desk.audit.chain import append

    each = ACTIONS[name]
    if user is not None and not may(user, each.permission):
        raise NotAllowed(_("You have no right to do this: %(verb)s.") % {"verb": each.verb})
    kind = SUBJECTS[each.subject]
    act = Act(user=user, at=ports.now(), batch=batch or uuid.uuid4())
    with transaction.atomic():
        record = each.run(act, None, **dict(values or {}))
        assert isinstance(record, models.Model), f"{name} must return the record that it makes"
        Entry.objects.create(
            at=act.at,
            subject_type=kind.code,
            subject_id=kind.id_of(record),
            action=name,
            actor=user,
            to_state=kind.state_of(record),
            data=act.data,
            after=snapshot(record, each.tracks),
            note=note,
            batch=act.batch,
            undoable=each.undoable,
        )
        if each.on_chain and user is not None:
            append(name, user, f"{kind.code}:{record.pk}", {"data": act.data, "after": snapshot(record, each.tracks)}, act.at)
    return record


def snapshot(record: models.Model, fields: Sequence[str]) -> dict[str, Any]:
    """The values of FIELDS as JSON data."""
    return {name: dump_value(getattr(record, _column(record, name).attname)) for name in fields}


def _column(record: models.Model, name: str) -> models.Field[Any, Any]:
    column = record._meta.get_field(name)
    assert isinstance(column, models.Field), f"{name} is no column"
    return column


def undo(user: User, batch: uuid.UUID) -> list[Entry]:
    """Take back everything done in BATCH, newest first. Raises Refused when something of it cannot be taken back."""
    with transaction.atomic():
        entries = list(Entry.objects.select_for_update().filter(batch=batch, undo_of=None).order_by("-id"))
        if not entries:
            raise Refused(_("There is nothing to take back."))
        return [_undo_one(user, entry) for entry in entries]


def _undo_one(user: User, entry: Entry) -> Entry:
    from groundswell.desk.audit.chain import append

    each, kind = ACTIONS[entry.action], SUBJECTS[entry.subject_type]
    if not entry.undoable or Entry.objects.filter(undo_of=entry).exists():
        raise Refused(_("This cannot be taken back."))
    if entry.actor_id != user.pk and not may(user, each.permission):
        raise NotAllowed(_("Only the person who did this may take it back."))
    locked = kind.model._default_manager.select_for_update(of=("self",), no_key=True).filter(**{kind.id_field: entry.subject_id}).first()
    if locked is None:
        raise Refused(_("There is nothing to take back."))
    from_state = kind.state_of(locked)  # what the act left untouched may have moved since
    if snapshot(locked, each.tracks) != entry.after:
        raise Changed(_("The record was changed after that; it cannot be taken back any more."))
    for name, value in entry.before.items():
        column = _column(locked, name)
        setattr(locked, column.attname, load_value(column, value))
    act = Act(user=user, at=ports.now(), batch=uuid.uuid4(), data=dict(entry.data))
    if each.on_undo:
        each.on_undo(act, locked, entry)
    if not each.creates:
        if hasattr(locked, "version"):
            locked.version += 1
        locked.save()
    undone = Entry.objects.create(
        at=act.at,
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        action=entry.action,
        actor=user,
        from_state=from_state,
        to_state="" if each.creates and not _is_there(locked) else kind.state_of(locked),
        data=entry.data,
        before=entry.after,
        after=entry.before,
        batch=act.batch,
        undo_of=entry,
    )
    append(f"{entry.action}.undo", user, f"{kind.code}:{entry.subject_id}", {"entry": entry.pk}, act.at)
    return undone


def _is_there(record: models.Model) -> bool:
    return record.pk is not None and type(record)._default_manager.filter(pk=record.pk).exists()


def fact_line(kind: str, record: models.Model, data: Mapping[str, Any] | None = None, note: str = "", *, was: str | None = None) -> Entry:
    """The line ``system.<kind>`` for RECORD's timeline, not written yet: many are written by one ``Entry.objects.bulk_create``.

    WAS: the state that the program moved it out of, where it moved; RECORD is in its new one.
    """
    owner = subject_of(record)
    state = owner.state_of(record)
    return Entry(
        at=ports.now(),
        subject_type=owner.code,
        subject_id=owner.id_of(record),
        action=f"system.{kind}",
        from_state=state if was is None else was,
        to_state=state,
        data=dict(data or {}),
        note=note,
    )


def record_fact(kind: str, record: models.Model, data: Mapping[str, Any] | None = None, note: str = "", *, was: str | None = None) -> Entry:
    """Write something that the program itself observed, or did (WAS is the state before), on RECORD's timeline (``system.<kind>``)."""
    entry = fact_line(kind, record, data, note, was=was)
    entry.save()
    return entry


def _copy_back(source: models.Model, target: models.Model) -> None:
    for column in source._meta.concrete_fields:
        setattr(target, column.attname, getattr(source, column.attname))


def _state_words(kind: Subject, record: models.Model) -> str:
    getter = getattr(record, f"get_{kind.state_field}_display", None)
    return str(getter()) if getter else kind.state_of(record)
