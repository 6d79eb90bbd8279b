"""Entering an item, taking it back, putting its place right: the acts of entry by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.collect.errors import ArchiveError
from groundswell.desk.accounts.models import Place, User
from groundswell.desk.accounts.rights import OWN_UNIT, may, scope
from groundswell.desk.entry import records
from groundswell.desk.entry.models import Picture
from groundswell.desk.entry.queries import WITHDRAWN
from groundswell.desk.reading import book
from groundswell.desk.sources.collecting import origin_of
from groundswell.desk.sources.items import Origin
from groundswell.desk.sources.models import Source
from groundswell.desk.sources.understand import understand
from groundswell.desk.spine.actions import Act, Refused, action
from groundswell.desk.spine.forms import DeskForm
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.palette import pinyin_key
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.preferences import preference
from groundswell.desk.spine.shell import both_names, named
from groundswell.desk.stories.jobs import defer_scoring
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.actions import TRIAGE
from groundswell.desk.stream.intake import store
from groundswell.desk.stream.models import Correction, Item, ItemState
from groundswell.engine.text.mentions import mask_mentions


class AlreadyThere(Refused):
    """The same link from the same source is known; ``item`` is the one."""

    def __init__(self, item: Item) -> None:
        self.item = item
        super().__init__(_("This link is there already."))


def other_source(platform: str, channel: str) -> Source:
    """The manual source for a place that the register does not hold yet, by its name; the next entry finds it."""
    name = mask_mentions(platform.strip())[:40]
    same = Source.objects.filter(kind="manual", name=name, channel=channel).first()
    if same is not None:
        return same
    return Source.objects.create(
        slug=_free_slug(f"other-{channel}-{slugify(pinyin_key(name)) or 'place'}"[:56].rstrip("-")),
        name=name,
        channel=channel,
        kind="manual",
        ground=_("entered by hand; nothing is collected there"),
        sort_key=pinyin_key(name),
        quiet_is_normal=True,
    )


def _free_slug(base: str) -> str:
    taken = set(Source.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


def take_back(act: Act, item: Item, entry: Entry) -> None:
    """An entry taken back is out of every list and count; the row stays, so that a replay does not bring it in again."""
    if item.story_id:
        Story.objects.filter(pk=item.story_id).update(dirty_since=act.at)
    item.state, item.state_by_hand, item.reason, item.about_us, item.story = ItemState.NOT_US, True, WITHDRAWN, False, None
    item.version += 1
    item.save()
    if entry.data.get("reading"):
        book.forget_found(int(entry.data["reading"]))


@action(
    "item.enter",
    verb=gettext_lazy("Enter"),
    did=gettext_lazy("entered it by hand"),
    permission="item.enter",
    creates=True,
    icon="plus",
    tracks=("state_by_hand", "unit_by_hand", "tone_by_hand", "version"),
    undoable=True,
    on_undo=take_back,
    on_chain=False,
)
def enter(act: Act, _none: None, *, said: records.Said, reading: bool = False) -> Item:
    """SAID becomes an item: sealed first, then read by the same function as in a replay, then judged and stored."""
    assert act.user is not None
    record = records.entered(said, act.by)
    known = Item.objects.filter(key=key_of(record, said.source)).first()
    if known is not None and known.reason != WITHDRAWN:
        raise AlreadyThere(known)
    try:
        fetched = records.sealed(record, said.source)
    except ArchiveError as error:
        raise Refused(_("It could not be put into the archive, so it was not taken. The disk may be full.")) from error
    item = known if known is not None else _stored(fetched, said.source, act)
    if known is not None:
        _put_back(known)
    if record.picture:
        Picture.objects.get_or_create(item=item, defaults={"archive": record.picture, "width": record.width, "height": record.height})
    act.data = {"source": named(said.source)}
    if reading:
        act.data["reading"] = book.note_found(act.user, said.source, act.at)
    transaction.on_commit(defer_scoring)
    return item


def key_of(record: records.Entered, source: Source) -> str:
    """The key that RECORD's item will have."""
    return records.item_of(record, Origin(source=source, zone=preference("body.zone"), at=now())).key


def _stored(fetched: Any, source: Source, act: Act) -> Item:
    found = understand(fetched, origin_of(source, fetched))
    store(found.items, entered_by=act.by)
    item = Item.objects.select_related("source").get(key=found.items[0].key)
    if item.unit_id is None and act.user is not None and scope(act.user, "item.enter") == OWN_UNIT and act.user.unit_id:
        item.unit_id = act.user.unit_id  # whoever sends it knows whom it concerns; the judgement found nobody
        item.save(update_fields=["unit"])
    return item


def _put_back(item: Item) -> None:
    """An entry that was taken back is entered again."""
    item.state, item.reason, item.about_us = ItemState.OPEN, "", True
    item.version += 1
    item.save()


def bring_counts(user: User, item: Item, counts: dict[str, int | None]) -> bool:
    """The same link seen again: its counts now. Says whether one moved."""
    moved = {name: value for name, value in counts.items() if value is not None and value != getattr(item, name)}
    if moved and may(user, "item.enter"):
        Item.objects.filter(pk=item.pk).update(**moved)
    return bool(moved)


class PlaceForm(DeskForm):
    place = forms.ModelChoiceField(label=gettext_lazy("Place"), queryset=Place.objects.all())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].label_from_instance = named  # type: ignore[attr-defined]


def forget_place(act: Act, item: Item, entry: Entry) -> None:
    Correction.objects.filter(item=item, field="place", by=entry.actor, at=entry.at, undone_at=None).update(undone_at=act.at)
    if item.story_id:
        Story.objects.filter(pk=item.story_id).update(dirty_since=act.at)


@action(
    "item.place",
    verb=gettext_lazy("Other place"),
    did=gettext_lazy("moved it to %(place)s"),
    permission="item.triage",
    from_states=TRIAGE,
    form=PlaceForm,
    initial=lambda item: {"place": Place.objects.filter(code__in=item.places[:1]).first()},
    key="p",
    icon="edit",
    tracks=("places", "judged"),
    undoable=True,
    on_undo=forget_place,
    on_chain=False,
)
def other_place(act: Act, item: Item, *, place: Place) -> None:
    """The place that the item speaks of; others that were found stay behind it."""
    act.data = both_names("place", place)
    was = item.places[0] if item.places else ""
    if was != place.code:
        Correction.objects.create(item=item, field="place", was=was, became=place.code, by_id=act.by, at=act.at)
    item.places = [place.code, *(code for code in item.places if code not in (place.code, was))]
    rest = [hit for hit in item.judged.get("places", []) if hit["id"] not in (place.code, was)]
    item.judged = item.judged | {"places": [{"id": place.code, "confidence": 1.0, "why": []}, *rest]}
    if item.story_id:
        Story.objects.filter(pk=item.story_id).update(dirty_since=act.at)
