"""Triage: what people do to an item. One key each, undone by one key, and the next item feels it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import Unit
from groundswell.desk.spine.actions import Act, Refused, action, subject
from groundswell.desk.spine.forms import DeskForm
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.numbering import record_number
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.shell import both_names, named
from groundswell.desk.stories import grouping
from groundswell.desk.stories.models import GroupingHand, Story
from groundswell.desk.stream import learnt
from groundswell.desk.stream.models import Correction, Item, ItemState
from groundswell.engine.stories.decisions import story_id

subject("item", Item, path="items", ref="key", state_field="state", name=gettext_lazy("Item"))
TRIAGE = (ItemState.OPEN, ItemState.IN_STORY, ItemState.ASIDE, ItemState.NOT_US)
REASONS = (
    ("same_name", gettext_lazy("a place of the same name elsewhere")),
    ("advert", gettext_lazy("advertising")),
    ("old", gettext_lazy("old news")),
    ("other", gettext_lazy("other")),
)
TRACKED = ("state", "state_by_hand", "reason", "story", "story_confidence", "about_us", "advert")


class NotUsForm(DeskForm):
    reason = forms.ChoiceField(label=gettext_lazy("Why is it not about us?"), choices=REASONS, widget=forms.RadioSelect, initial="other")


class UnitForm(DeskForm):
    unit = forms.ModelChoiceField(label=gettext_lazy("Unit"), queryset=Unit.objects.filter(is_active=True))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].label_from_instance = named  # type: ignore[attr-defined]


class StoryForm(DeskForm):
    into = forms.CharField(label=gettext_lazy("Number of the story"), help_text=gettext_lazy("Such as ST-2026-1123-03."))

    def clean_into(self) -> Story:
        story = Story.objects.filter(number=self.cleaned_data["into"].strip().upper(), merged_into=None).first()
        if story is None:
            raise forms.ValidationError(_("There is no open story with this number."))
        return story


def _pin(act: Act, item: Item, story: Story) -> None:
    """The item belongs to STORY, whatever the machine thinks."""
    was = item.story
    if act.user is not None:
        GroupingHand.objects.create(kind="pin", story="", into=story.engine_id, keys=[item.key], by_id=act.by, at=act.at)
    item.story, item.story_confidence, item.state, item.state_by_hand, item.about_us = story, 1.0, ItemState.IN_STORY, True, True
    Story.objects.filter(pk__in=[story.pk, was.pk if was else story.pk]).update(dirty_since=act.at)
    grouping.forget()
    _correct(act, item, "story", was.number if was else "", story.number)


def undo_pin(act: Act, item: Item, entry: Entry) -> None:
    """Back to where the item was: a pin to its former story follows the one that is taken back."""
    left, back = entry.after.get("story"), entry.before.get("story")
    former = Story.objects.filter(pk=back).first() if back else None
    if former is not None:
        GroupingHand.objects.create(kind="pin", story="", into=former.engine_id, keys=[item.key], by_id=act.by, at=act.at)
    Story.objects.filter(pk__in=[pk for pk in (left, back) if pk]).update(dirty_since=act.at)
    if entry.action == "item.found_story" and left != back and not Item.objects.filter(story=left).exclude(pk=item.pk).exists():
        Story.objects.filter(pk=left).update(item_count=0, dirty_since=None)  # the story that was made for it alone
    forget_corrections(act, item, entry)
    grouping.forget()


def undo_not_us(act: Act, item: Item, entry: Entry) -> None:
    """It counts for its story again, and nothing is learnt from the mistake."""
    if entry.before.get("story"):
        Story.objects.filter(pk=entry.before["story"]).update(dirty_since=act.at)
    forget_corrections(act, item, entry)


def forget_corrections(act: Act, item: Item, entry: Entry) -> None:
    """What ENTRY taught is no longer learnt from; what other acts taught stays."""
    taught = Correction.objects.filter(item=item, field=TEACHES[entry.action], by=entry.actor, at=entry.at, undone_at=None)
    taught.update(undone_at=act.at)
    learnt.forget()
    if entry.action == "item.tone" and item.story_id:
        Story.objects.filter(pk=item.story_id).update(dirty_since=act.at)


TEACHES = {
    "item.join": "story",
    "item.put": "story",
    "item.found_story": "story",
    "item.not_us": "about_us",
    "item.about_us": "about_us",
    "item.tone": "tone",
    "item.assign": "unit",
}


@action(
    "item.join",
    verb=gettext_lazy("Into the suggested story"),
    did=gettext_lazy("put it into %(story)s"),
    permission="item.triage",
    from_states=TRIAGE,
    key="1",
    icon="merge",
    tracks=TRACKED,
    undoable=True,
    on_undo=undo_pin,
    bulk=True,
    quick=True,
    on_chain=False,
)
def join(act: Act, item: Item, **_values: Any) -> None:
    into = item.suggested_story
    while into is not None and into.merged_into is not None:
        into = into.merged_into
    if into is None:
        raise Refused(_("No story is suggested for it. Choose one, or make a new one."))
    act.data = {"story": into.number}
    _pin(act, item, into)


@action(
    "item.put",
    verb=gettext_lazy("Into another story"),
    did=gettext_lazy("put it into %(story)s"),
    permission="item.triage",
    from_states=TRIAGE,
    form=StoryForm,
    key="m",
    icon="merge",
    tracks=TRACKED,
    undoable=True,
    on_undo=undo_pin,
    bulk=True,
    on_chain=False,
)
def put(act: Act, item: Item, *, into: Story) -> None:
    act.data = {"story": into.number}
    _pin(act, item, into)


@action(
    "item.found_story",
    verb=gettext_lazy("New story"),
    did=gettext_lazy("made the story %(story)s of it"),
    permission="item.triage",
    from_states=TRIAGE,
    key="2",
    icon="plus",
    tracks=TRACKED,
    undoable=True,
    on_undo=undo_pin,
    quick=True,
)
def found_story(act: Act, item: Item, **_values: Any) -> None:
    """A story of its own; where the machine made one for it already, that one holds."""
    own = item.story
    if own is not None and own.merged_into_id is None and not own.items.exclude(pk=item.pk).exists():
        act.data = {"story": own.number}
        return _pin(act, item, own)
    at = item.published_at or item.collected_at
    engine_id = story_id(item.key, act.batch.hex)
    story = Story.objects.create(
        number=record_number("ST", at.astimezone(zone()).date()),
        engine_id=engine_id,
        title=(item.title or item.text)[:80],
        first_at=at,
        last_at=at,
        item_count=1,
        unit=item.unit,
        dirty_since=act.at,
    )
    act.data = {"story": story.number}
    return _pin(act, item, story)


@action(
    "item.not_us",
    verb=gettext_lazy("Not about us"),
    did=gettext_lazy("not about us: %(reason)s"),
    permission="item.triage",
    from_states=(ItemState.OPEN, ItemState.IN_STORY, ItemState.ASIDE),
    to_state=ItemState.NOT_US,
    form=NotUsForm,
    key="3",
    icon="x",
    tracks=TRACKED,
    undoable=True,
    on_undo=undo_not_us,
    bulk=True,
    on_chain=False,
)
def not_us(act: Act, item: Item, *, reason: str) -> None:
    act.data = {"reason": str(dict(REASONS)[reason])}
    if item.story_id:
        Story.objects.filter(pk=item.story_id).update(dirty_since=act.at)
    _correct(act, item, "about_us", "yes" if item.about_us else "no", "no", reason)
    item.story, item.about_us, item.state_by_hand, item.reason = None, False, True, reason


@action(
    "item.about_us",
    verb=gettext_lazy("It is about us"),
    did=gettext_lazy("it is about us"),
    permission="item.triage",
    from_states=(ItemState.ASIDE, ItemState.NOT_US),
    to_state=ItemState.OPEN,
    key="4",
    icon="check",
    tracks=TRACKED,
    undoable=True,
    on_undo=forget_corrections,
    bulk=True,
    on_chain=False,
)
def about_us(act: Act, item: Item, **_values: Any) -> None:
    item.about_us, item.state_by_hand, item.reason, item.advert = True, True, "", False
    _correct(act, item, "about_us", "no", "yes")


@action(
    "item.snooze",
    verb=gettext_lazy("Later"),
    did=gettext_lazy("put it off for an hour"),
    permission="item.triage",
    from_states=(ItemState.OPEN,),
    key="h",
    icon="clock",
    tracks=("snoozed_until",),
    undoable=True,
    bulk=True,
    quick=True,
    on_chain=False,
)
def snooze(act: Act, item: Item, **_values: Any) -> None:
    item.snoozed_until = act.at + timedelta(hours=1)


@action(
    "item.tone",
    verb=gettext_lazy("Other sentiment"),
    did=gettext_lazy("sentiment from %(was)s to %(became)s"),
    permission="item.triage",
    key="s",
    icon="eye",
    tracks=("tone", "tone_by_hand", "tone_unsure"),
    undoable=True,
    on_undo=forget_corrections,
    quick=True,
    on_chain=False,
)
def cycle_tone(act: Act, item: Item, **_values: Any) -> None:
    """− → ○ → + → −; an unsure one is confirmed first."""
    was = item.tone
    item.tone = was if item.tone_unsure and not item.tone_by_hand else {-1: 0, 0: 1, 1: -1}[was]
    item.tone_by_hand, item.tone_unsure = True, False
    act.data = {"was": "−○+"[was + 1], "became": "−○+"[item.tone + 1]}
    _correct(act, item, "tone", str(was), str(item.tone))
    if item.story_id:
        Story.objects.filter(pk=item.story_id).update(dirty_since=act.at)


@action(
    "item.assign",
    verb=gettext_lazy("Other unit"),
    did=gettext_lazy("gave it to %(unit)s"),
    permission="item.triage",
    form=UnitForm,
    initial=lambda item: {"unit": item.unit_id},
    key="a",
    icon="case",
    tracks=("unit", "unit_by_hand"),
    undoable=True,
    on_undo=forget_corrections,
    bulk=True,
    on_chain=False,
)
def assign(act: Act, item: Item, *, unit: Unit) -> None:
    act.data = both_names("unit", unit)
    _correct(act, item, "unit", item.unit.code if item.unit else "", unit.code)
    item.unit, item.unit_by_hand = unit, True


@action(
    "item.to_bulletin",
    verb=gettext_lazy("To the bulletin"),
    did=gettext_lazy("marked it for the bulletin"),
    permission="bulletin.candidate",
    key="b",
    icon="bull",
    tracks=("for_bulletin",),
    undoable=True,
    bulk=True,
    quick=True,
    on_chain=False,
)
def to_bulletin(act: Act, item: Item, **_values: Any) -> None:
    item.for_bulletin = True


def _correct(act: Act, item: Item, field: str, was: str, became: str, reason: str = "") -> None:
    if act.user is not None and was != became:
        Correction.objects.create(item=item, field=field, was=was, became=became, reason=reason, by_id=act.by, at=act.at)
        learnt.forget()
