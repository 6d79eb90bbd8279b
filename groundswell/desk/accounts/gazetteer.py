"""What is done to units, places and netizen words: adding, editing, retiring, accepting proposed words.

The engine knows all of these words, so each change says that the lexicon is another one now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.gazetteer_forms import PlaceForm, UnitForm, WordForm
from groundswell.desk.accounts.lexicon import lexicon_changed
from groundswell.desk.accounts.models import Place, SlangWord, Unit, User
from groundswell.desk.spine.actions import Act, Refused, action, found, subject
from groundswell.desk.spine.forms import ReasonForm
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.palette import pinyin_key

MANAGE = "unit.manage"
UNIT_FIELDS = ("name", "name_en", "aliases", "duties", "parent", "sort_key")
PLACE_FIELDS = ("name", "name_en", "kind", "aliases", "within", "not_when", "unit", "sort_key")
WORD_FIELDS = ("means", "tone", "state")

subject("unit", Unit, path="units", ref="code", state_field="state", name=_("unit"))
subject("place", Place, path="units/places", ref="code", state_field="state", name=_("place"))
subject("word", SlangWord, path="units/words", state_field="state", name=_("netizen word"))


def _values(*fields: str) -> Any:
    return lambda record: {name: getattr(record, name) for name in fields}


def _tell_engine(act: Act, record: models.Model, entry: Entry) -> None:
    lexicon_changed(act.user)


def _sort_key(record: Unit | Place, values: Mapping[str, Any]) -> str:
    """What was written; made anew where nothing was written or where it was only the old name's pinyin."""
    written = str(values.get("sort_key") or "").strip().lower()
    return pinyin_key(values["name"]) if not written or written == pinyin_key(record.name) else written


# ---------------------------------------------------------------- units


def add_unit(actor: User, values: Mapping[str, Any]) -> Unit:
    """A new unit; VALUES as in the form, with its code."""
    unit: Unit = found("unit.add", actor, values)
    return unit


@action("unit.add", verb=_("Add unit"), did=_("added the unit"), permission=MANAGE, tracks=UNIT_FIELDS, creates=True)
def _add_unit(act: Act, record: None, code: str = "", **values: Any) -> Unit:
    unit = Unit(code=code)
    _set_unit(act, unit, **values)
    unit.save()
    return unit


@action(
    "unit.edit",
    verb=_("Edit"),
    did=_("changed the unit"),
    permission=MANAGE,
    form=UnitForm,
    initial=_values(*UNIT_FIELDS),
    tracks=UNIT_FIELDS,
    undoable=True,
    on_undo=_tell_engine,
    icon="edit",
    key="e",
)
def _set_unit(act: Act, record: Unit, **values: Any) -> None:
    _refuse_circle(record, values.get("parent"), "parent_id")
    _refuse_taken_name(record, [values["name"], *(values.get("aliases") or [])])
    record.sort_key = _sort_key(record, values)
    for name in ("name", "name_en", "aliases", "duties", "parent"):
        setattr(record, name, values.get(name) or _blank(record, name))
    lexicon_changed(act.user)


def _blank(record: models.Model, name: str) -> Any:
    column = record._meta.get_field(name)
    return [] if isinstance(column, models.JSONField) else None if isinstance(column, models.ForeignKey) else ""


def _refuse_circle(record: Unit | Place, above: Unit | Place | None, column: str) -> None:
    seen = 0
    while above is not None:
        seen += 1
        if above.pk == record.pk or seen > 50:
            raise Refused(gettext("“%(name)s” would lie within itself. Choose another one above it.") % {"name": record.name})
        above = type(record).objects.filter(pk=getattr(above, column)).first()


def _refuse_taken_name(record: Unit, names: list[str]) -> None:
    """Two units of one name would make every mention of it undecidable."""
    for other in Unit.objects.filter(is_active=True).exclude(pk=record.pk):
        taken = {other.name, *other.aliases} & set(names)
        if taken:
            raise Refused(
                gettext("“%(word)s” is already a name of %(unit)s. One name can lead to one unit only.")
                % {"word": min(taken), "unit": other.name}
            )


@action(
    "unit.retire",
    verb=_("Retire"),
    did=_("retired the unit"),
    permission=MANAGE,
    from_states=("active",),
    form=ReasonForm,
    tracks=("is_active",),
    undoable=True,
    on_undo=_tell_engine,
    icon="arch",
)
def _retire_unit(act: Act, record: Unit, **_values: Any) -> None:
    people, below = record.people.filter(is_active=True).count(), record.children.filter(is_active=True).count()
    if people:
        raise Refused(
            ngettext("%(n)s person belongs to it. Move the person first.", "%(n)s people belong to it. Move them first.", people)
            % {"n": people}
        )
    if below:
        raise Refused(
            ngettext("%(n)s unit lies below it. Move it first.", "%(n)s units lie below it. Move them first.", below) % {"n": below}
        )
    record.is_active = False
    lexicon_changed(act.user)


@action(
    "unit.revive",
    verb=_("Put into use again"),
    did=_("put the unit into use again"),
    permission=MANAGE,
    from_states=("retired",),
    tracks=("is_active",),
    undoable=True,
    on_undo=_tell_engine,
    icon="play",
)
@action(
    "place.revive",
    verb=_("Put into use again"),
    did=_("put the place into use again"),
    permission=MANAGE,
    from_states=("retired",),
    tracks=("is_active",),
    undoable=True,
    on_undo=_tell_engine,
    icon="play",
)
def _revive(act: Act, record: Unit | Place, **_values: Any) -> None:
    if isinstance(record, Unit):
        _refuse_taken_name(record, [record.name, *record.aliases])
    record.is_active = True
    lexicon_changed(act.user)


# ---------------------------------------------------------------- places


def add_place(actor: User, values: Mapping[str, Any]) -> Place:
    """A new place; VALUES as in the form, with its code."""
    place: Place = found("place.add", actor, values)
    return place


@action("place.add", verb=_("Add place"), did=_("added the place"), permission=MANAGE, tracks=PLACE_FIELDS, creates=True)
def _add_place(act: Act, record: None, code: str = "", **values: Any) -> Place:
    place = Place(code=code)
    _set_place(act, place, **values)
    place.save()
    return place


@action(
    "place.edit",
    verb=_("Edit"),
    did=_("changed the place"),
    permission=MANAGE,
    form=PlaceForm,
    initial=_values(*PLACE_FIELDS),
    tracks=PLACE_FIELDS,
    undoable=True,
    on_undo=_tell_engine,
    icon="edit",
    key="e",
)
def _set_place(act: Act, record: Place, **values: Any) -> None:
    _refuse_circle(record, values.get("within"), "within_id")
    own = {values["name"], *(values.get("aliases") or [])}
    swallowed = own & set(values.get("not_when") or [])
    if swallowed:
        raise Refused(gettext("“%(word)s” is a name of the place and a word against it at once.") % {"word": min(swallowed)})
    record.sort_key = _sort_key(record, values)
    for name in ("name", "name_en", "kind", "aliases", "within", "not_when", "unit"):
        setattr(record, name, values.get(name) or _blank(record, name))
    lexicon_changed(act.user)


@action(
    "place.retire",
    verb=_("Retire"),
    did=_("retired the place"),
    permission=MANAGE,
    from_states=("active",),
    form=ReasonForm,
    tracks=("is_active",),
    undoable=True,
    on_undo=_tell_engine,
    icon="arch",
)
def _retire_place(act: Act, record: Place, **_values: Any) -> None:
    below = record.parts.filter(is_active=True).count()
    if below:
        raise Refused(ngettext("%(n)s place lies in it. Move it first.", "%(n)s places lie in it. Move them first.", below) % {"n": below})
    record.is_active = False
    lexicon_changed(act.user)


# ---------------------------------------------------------------- netizen words


def add_word(actor: User, values: Mapping[str, Any]) -> SlangWord:
    """A word that is in use from now on; the program proposes its own by rows in the state "proposed"."""
    word: SlangWord = found("word.add", actor, values)
    return word


@action("word.add", verb=_("Add word"), did=_("added the word"), permission=MANAGE, tracks=WORD_FIELDS, creates=True)
def _add_word(act: Act, record: None, word: str = "", **values: Any) -> SlangWord:
    made = SlangWord(word=word)
    _set_word(act, made, **values)
    made.save()
    return made


@action(
    "word.accept",
    verb=_("Take it"),
    did=_("took the word into use"),
    permission=MANAGE,
    from_states=("proposed", "refused"),
    form=WordForm,
    initial=_values("means", "tone"),
    tracks=WORD_FIELDS,
    undoable=True,
    on_undo=_tell_engine,
    icon="check",
)
@action(
    "word.edit",
    verb=_("Edit"),
    did=_("changed the word"),
    permission=MANAGE,
    from_states=("accepted",),
    form=WordForm,
    initial=_values("means", "tone"),
    tracks=WORD_FIELDS,
    undoable=True,
    on_undo=_tell_engine,
)
def _set_word(act: Act, record: SlangWord, means: str = "", tone: str = "", **_values: Any) -> None:
    record.means, record.tone, record.state = means, tone, "accepted"
    lexicon_changed(act.user)


@action(
    "word.refuse",
    verb=_("Refuse"),
    did=_("refused the word"),
    permission=MANAGE,
    from_states=("proposed",),
    tracks=WORD_FIELDS,
    undoable=True,
    bulk=True,
    icon="x",
)
@action(
    "word.retire",
    verb=_("Take out of use"),
    did=_("took the word out of use"),
    permission=MANAGE,
    from_states=("accepted",),
    tracks=WORD_FIELDS,
    undoable=True,
    on_undo=_tell_engine,
)
def _drop_word(act: Act, record: SlangWord, **_values: Any) -> None:
    was, record.state = record.state, "refused"
    if was == "accepted":
        lexicon_changed(act.user)
