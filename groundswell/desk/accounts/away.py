"""Leaders away: days noted by the office or the administrator with a named stand-in, and regular deputies."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import Absence, Deputy, Role, User
from groundswell.desk.accounts.people_forms import AwayForm, DeputyForm, EndForm
from groundswell.desk.spine import ports
from groundswell.desk.spine.actions import Act, Refused, action
from groundswell.desk.spine.models import Entry

NOTE = "leader.away"


def _holds_leader(person: User) -> bool:
    return person.grants.filter(Q(until=None) | Q(until__gt=ports.now()), role=Role.LEADER).exists()


def _void_absence(act: Act, record: User, entry: Entry) -> None:
    Absence.objects.filter(pk=entry.data["absence"], leader=record).delete()


@action(
    "user.set_away",
    verb=_("Note an absence"),
    did=_("is away from %(since)s through %(until)s; stands in: %(who)s"),
    permission=NOTE,
    from_states=("active",),
    form=AwayForm,
    undoable=True,
    on_undo=_void_absence,
    icon="clock",
)
def set_away(act: Act, record: User, until: date, since: date | None = None, stand_in: User | None = None, **_values: Any) -> None:
    """The days may overlap an earlier note: the later one holds."""
    if not _holds_leader(record):
        raise Refused(gettext("Absences are noted for leaders only; others swap their shifts on the roster."))
    if stand_in is not None and stand_in.pk == record.pk:
        raise Refused(gettext("Choose another person as the stand-in."))
    first = since or ports.today()
    row = Absence.objects.create(leader=record, since=first, until=until, stand_in=stand_in, noted_by=act.user)
    names = {"who": stand_in.name if stand_in else "—", "who_en": (stand_in.name_en or stand_in.name) if stand_in else "—"}
    act.data |= {"absence": row.pk, "since": first.isoformat(), "until": until.isoformat()} | names


def _put_back(act: Act, record: User, entry: Entry) -> None:
    kept = entry.data["kept"]
    Absence.objects.filter(pk=entry.data["absence"], leader=record).delete()
    Absence.objects.create(**kept)


@action(
    "user.end_away",
    verb=_("Back again"),
    did=_("is back from %(since)s on"),
    permission=NOTE,
    form=EndForm,
    undoable=True,
    on_undo=_put_back,
)
def end_away(act: Act, record: User, held: int = 0, last_day: date | None = None, **_values: Any) -> None:
    """It ends on the day before today or before LAST_DAY is over; an absence that has not begun is taken away."""
    row = Absence.objects.filter(pk=held, leader=record, until__gte=ports.today()).first()
    if row is None:
        raise Refused(gettext("This absence is over already."))
    kept = {"leader_id": row.leader_id, "since": row.since.isoformat(), "until": row.until.isoformat()}
    act.data |= {
        "absence": row.pk,
        "kept": kept | {"stand_in_id": row.stand_in_id, "noted_by_id": row.noted_by_id},
        "since": ports.today().isoformat(),
    }
    end = last_day or date.fromordinal(ports.today().toordinal() - 1)
    if end < row.since:
        row.delete()
        return
    row.until = min(end, row.until)
    row.save(update_fields=["until"])


def _void_deputy(act: Act, record: User, entry: Entry) -> None:
    Deputy.objects.filter(pk=entry.data["row"], leader=record).delete()


@action(
    "user.name_deputy",
    verb=_("Name a deputy"),
    did=_("has a deputy: %(who)s"),
    permission="user.manage",
    from_states=("active",),
    form=DeputyForm,
    undoable=True,
    on_undo=_void_deputy,
    icon="plus",
)
def name_deputy(act: Act, record: User, deputy: User, since: date | None = None, until: date | None = None, **_values: Any) -> None:
    """Stands in when the leader is away and named nobody."""
    if not _holds_leader(record):
        raise Refused(gettext("Only a leader has a deputy. Give the role first."))
    if deputy.pk == record.pk:
        raise Refused(gettext("Choose another person as the stand-in."))
    first = since or ports.today()
    if Deputy.objects.filter(Q(until=None) | Q(until__gte=first), leader=record, deputy=deputy).exists():
        raise Refused(gettext("This person is the deputy already."))
    row = Deputy.objects.create(leader=record, deputy=deputy, since=first, until=until)
    act.data |= {"row": row.pk, "who": deputy.name, "who_en": deputy.name_en or deputy.name}


def _reopen_deputy(act: Act, record: User, entry: Entry) -> None:
    Deputy.objects.filter(pk=entry.data["row"], leader=record).update(until=entry.data["was_until"] or None)


@action(
    "user.end_deputy",
    verb=_("End the deputy's part"),
    did=_("no longer has as deputy: %(who)s"),
    permission="user.manage",
    form=EndForm,
    undoable=True,
    on_undo=_reopen_deputy,
)
def end_deputy(act: Act, record: User, held: int = 0, last_day: date | None = None, **_values: Any) -> None:
    row = Deputy.objects.filter(pk=held, leader=record).select_related("deputy").first()
    if row is None:
        raise Refused(gettext("This person is no deputy any more."))
    was, row.until = row.until, last_day or ports.today()
    row.save(update_fields=["until"])
    names = {"who": row.deputy.name, "who_en": row.deputy.name_en or row.deputy.name}
    act.data |= {"row": row.pk, "was_until": was.isoformat() if was else ""} | names
