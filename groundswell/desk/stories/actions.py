"""What people do to a story: level, unit, state, words, merge, split. Each act one function, one line in the timeline."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from groundswell.desk.accounts.models import Unit
from groundswell.desk.accounts.rights import may
from groundswell.desk.spine.actions import Act, Refused, action, fact_line, subject
from groundswell.desk.spine.bulk import update_rows
from groundswell.desk.spine.forms import DeskForm, ReasonForm
from groundswell.desk.spine.models import Entry, Notice
from groundswell.desk.spine.shell import both_names, named
from groundswell.desk.spine.timeline import fact
from groundswell.desk.stories import grouping, members
from groundswell.desk.stories.models import GroupingHand, State, Story
from groundswell.engine.stories.decisions import story_id

subject("story", Story, path="stories", ref="number", state_field="state", name=gettext_lazy("Story"))
LIVE = (State.NEW, State.RISING, State.HANDLING, State.FOLLOWING, State.REOPENED)
LEVELS = ((1, gettext_lazy("Ⅰ Critical")), (2, gettext_lazy("Ⅱ Major")), (3, gettext_lazy("Ⅲ Serious")), (4, gettext_lazy("Ⅳ Minor")))

fact("story_rising", gettext_lazy("it is rising: %(rate)s items in an hour, %(above)s times the forecast's upper bound"))
fact("story_surging", gettext_lazy("it is rising: %(rate)s items in an hour, well above its own hours before"))
fact("story_calm", gettext_lazy("it is no longer rising"))
fact("story_back", gettext_lazy("the time of following is over: it comes back as new"))
fact("story_reopened", gettext_lazy("new items after it was closed: reopened"))


class LevelForm(DeskForm):
    level = forms.TypedChoiceField(label=gettext_lazy("Level"), coerce=int, choices=LEVELS, widget=forms.RadioSelect)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class UnitForm(DeskForm):
    unit = forms.ModelChoiceField(label=gettext_lazy("Unit"), queryset=Unit.objects.filter(is_active=True))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].label_from_instance = named  # type: ignore[attr-defined]


class FollowForm(DeskForm):
    days = forms.TypedChoiceField(
        label=gettext_lazy("Bring it back after"),
        coerce=int,
        choices=((1, gettext_lazy("a day")), (3, gettext_lazy("three days")), (7, gettext_lazy("a week")), (30, gettext_lazy("a month"))),
        widget=forms.RadioSelect,
        initial=3,
        help_text=gettext_lazy("It comes back earlier by itself when it leaves its forecast."),
    )


class WordsForm(DeskForm):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    summary = forms.CharField(
        label=gettext_lazy("Summary"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Empty: the machine's summary is shown, with its sources."),
    )


class MergeForm(DeskForm):
    into = forms.CharField(
        label=gettext_lazy("Into which story"),
        help_text=gettext_lazy("Its number, such as ST-2026-1123-03. All items and all that would come to this story go there."),
    )

    def clean_into(self) -> Story:
        story = Story.objects.filter(number=self.cleaned_data["into"].strip().upper(), merged_into=None).first()
        if story is None:
            raise forms.ValidationError(_("There is no open story with this number."))
        return story


class SplitForm(DeskForm):
    keys = forms.CharField(widget=forms.HiddenInput)
    title = forms.CharField(label=gettext_lazy("Title of the new story"), max_length=200, required=False)


def forget_corrections(act: Act, story: Story, entry: Entry) -> None:
    """What ENTRY taught is no longer learnt from."""
    from groundswell.desk.stream import learnt
    from groundswell.desk.stream.models import Correction

    taught = Correction.objects.filter(story=story, field=TEACHES[entry.action], by=entry.actor, at=entry.at, undone_at=None)
    taught.update(undone_at=act.at)
    learnt.forget()


TEACHES = {"story.set_level": "level", "story.assign": "unit", "story.not_us": "about_us"}


@action(
    "story.set_level",
    verb=gettext_lazy("Change level"),
    did=gettext_lazy("set the level from %(was)s to %(became)s"),
    permission="story.level",
    form=LevelForm,
    initial=lambda story: {"level": story.level},
    key="l",
    icon="flash",
    tracks=("level", "level_by_hand"),
    undoable=True,
    on_undo=forget_corrections,
)
def set_level(act: Act, story: Story, *, level: int, reason: str) -> None:
    """Levels II to IV are the duty officer's to give; level I is a leader's, others propose it."""
    if level == 1 and act.user is not None and not may(act.user, "story.level_one"):
        raise Refused(_("Level I is given by a leader. Propose it instead."))
    act.data = {"was": _roman(story.level), "became": _roman(level)}
    was_score = story.level_score
    story.level, story.level_by_hand = level, True
    Notice.objects.filter(kind="level_one", subject_type="story", subject_id=story.pk, closed_at=None).update(closed_at=act.at)
    _correct(act, story, "level", act.data["was"], act.data["became"], reason, {"score": was_score, "factors": story.level_factors})


def withdraw_level_one(act: Act, story: Story, entry: Entry) -> None:
    """The proposal no longer waits for a leader."""
    Notice.objects.filter(kind="level_one", subject_type="story", subject_id=story.pk, closed_at=None).update(closed_at=act.at)


@action(
    "story.propose_level_one",
    verb=gettext_lazy("Propose level I"),
    did=gettext_lazy("proposed level I"),
    permission="story.level",
    form=ReasonForm,
    icon="flash",
    undoable=True,
    on_undo=withdraw_level_one,
)
def propose_level_one(act: Act, story: Story, *, reason: str) -> None:
    """What a person without the right to level I may do: put it before the leaders."""
    if story.level == 1:
        raise Refused(_("It stands at level I already."))
    data = {"who": act.user.name if act.user else "—", "reason": reason}
    Notice.objects.update_or_create(
        kind="level_one", subject_type="story", subject_id=story.pk, closed_at=None, defaults={"raised_at": act.at, "data": data}
    )


@action(
    "story.assign",
    verb=gettext_lazy("Choose unit"),
    did=gettext_lazy("gave it to %(unit)s"),
    permission="story.triage",
    form=UnitForm,
    initial=lambda story: {"unit": story.unit_id},
    key="a",
    icon="case",
    tracks=("unit", "unit_by_hand"),
    undoable=True,
    on_undo=forget_corrections,
)
def assign(act: Act, story: Story, *, unit: Unit) -> None:
    act.data = both_names("unit", unit)
    _correct(act, story, "unit", story.unit.code if story.unit else "", unit.code, "")
    story.unit, story.unit_by_hand = unit, True


def undo_not_us(act: Act, story: Story, entry: Entry) -> None:
    """Its items concern us again, as they stood before, and nothing is learnt from the mistake."""
    members.bring_back(story, entry.data["keys"], entry.data.get("stood", {}), entry.data.get("by_hand", []))
    forget_corrections(act, story, entry)


@action(
    "story.not_us",
    verb=gettext_lazy("Not about us"),
    did=gettext_lazy("not about us: %(n)s items"),
    permission="story.triage",
    from_states=LIVE,
    to_state=State.CLOSED,
    form=ReasonForm,
    key="0",
    icon="x",
    tracks=("state", "about_us", "closed_at"),
    undoable=True,
    on_undo=undo_not_us,
)
def not_us(act: Act, story: Story, *, reason: str) -> None:
    """The whole story happens elsewhere or is none of the body's business: its items go, and what is like them stays away."""
    act.data = members.send_away(story) | {"reason": reason}
    _correct(act, story, "about_us", "yes" if story.about_us else "no", "no", reason)
    story.about_us, story.closed_at = False, act.at


@action(
    "story.take_up",
    verb=gettext_lazy("Take up"),
    did=gettext_lazy("took it up"),
    permission="story.triage",
    from_states=(State.NEW, State.RISING, State.REOPENED, State.FOLLOWING),
    to_state=State.HANDLING,
    key="c",
    icon="check",
    tracks=("state",),
    undoable=True,
)
def take_up(act: Act, story: Story, **_values: Any) -> None:
    """The desk handles it from now on."""


@action(
    "story.follow",
    verb=gettext_lazy("Follow"),
    did=gettext_lazy("follows it until %(until)s"),
    permission="story.triage",
    from_states=(State.NEW, State.RISING, State.HANDLING, State.REOPENED),
    to_state=State.FOLLOWING,
    form=FollowForm,
    key="w",
    icon="eye",
    tracks=("state", "follow_until"),
    undoable=True,
)
def follow(act: Act, story: Story, *, days: int) -> None:
    story.follow_until = act.at + timedelta(days=days)
    act.data = {"until": story.follow_until.date().isoformat()}


@action(
    "story.close",
    verb=pgettext_lazy("story", "Close"),
    did=gettext_lazy("closed it: %(reason)s"),
    permission="story.triage",
    from_states=LIVE,
    to_state=State.CLOSED,
    form=ReasonForm,
    icon="check",
    tracks=("state", "closed_at"),
    undoable=True,
)
def close(act: Act, story: Story, *, reason: str) -> None:
    story.closed_at = act.at
    act.data = {"reason": reason}


@action(
    "story.reopen",
    verb=gettext_lazy("Reopen"),
    did=gettext_lazy("reopened it"),
    permission="story.triage",
    from_states=(State.CLOSED,),
    to_state=State.REOPENED,
    icon="undo",
    tracks=("state", "closed_at"),
    undoable=True,
)
def reopen(act: Act, story: Story, **_values: Any) -> None:
    story.closed_at = None


@action(
    "story.edit",
    verb=gettext_lazy("Edit title and summary"),
    did=gettext_lazy("wrote title and summary"),
    permission="story.triage",
    form=WordsForm,
    initial=lambda story: {"title": story.title, "summary": story.summary_by_hand or " ".join(part["text"] for part in story.digest)},
    key="e",
    icon="edit",
    tracks=("title", "title_by_hand", "summary_by_hand"),
    undoable=True,
)
def edit(act: Act, story: Story, *, title: str, summary: str) -> None:
    machine = " ".join(part["text"] for part in story.digest)
    story.title_by_hand = story.title_by_hand or title.strip() != story.title
    story.title = title.strip()
    story.summary_by_hand = "" if summary.strip() == machine.strip() else summary.strip()


def undo_merge(act: Act, story: Story, entry: Entry) -> None:
    """Part them again: the items go back, and the machine keeps the two apart for ever."""
    into = Story.objects.get(pk=entry.data["into_pk"])
    if into.merged_into_id:
        raise Refused(_("The other story was merged further. Take that back first."))
    rows = into.items.filter(key__in=entry.data["keys"])
    keys = list(rows.values_list("key", flat=True))
    if not keys:
        raise Refused(_("None of its items is in the other story any more."))
    GroupingHand.objects.create(kind="split", story=into.engine_id, into=story.engine_id, keys=keys, by_id=act.by, at=act.at)
    rows.update(story=story)
    story.dirty_since, story.blob = act.at, None
    Story.objects.filter(pk=into.pk).update(dirty_since=act.at)
    grouping.forget()


@action(
    "story.merge",
    verb=gettext_lazy("Merge into another"),
    did=gettext_lazy("merged it into %(into)s, with %(n)s items"),
    permission="story.merge",
    form=MergeForm,
    initial=lambda story: {"into": ""},
    key="m",
    icon="merge",
    tracks=("merged_into",),
    undoable=True,
    on_undo=undo_merge,
)
def merge(act: Act, story: Story, *, into: Story) -> None:
    if into.pk == story.pk:
        raise Refused(_("A story cannot be merged into itself."))
    if story.merged_into_id:
        raise Refused(_("This story has been merged already."))
    keys = list(story.items.values_list("key", flat=True))
    GroupingHand.objects.create(kind="merge", story=story.engine_id, into=into.engine_id, keys=keys, by_id=act.by, at=act.at)
    story.items.update(story=into)
    story.merged_into = into
    Story.objects.filter(pk=into.pk).update(dirty_since=act.at)
    act.data = {"into": into.number, "into_pk": into.pk, "n": len(keys), "keys": keys}


@action(
    "story.split",
    verb=gettext_lazy("Make a story of its own"),
    did=gettext_lazy("parted %(n)s items from it into %(into)s"),
    permission="story.merge",
    form=SplitForm,
    icon="merge",
)
def split(act: Act, story: Story, *, keys: str, title: str) -> None:
    """Some items leave the story for one of their own; the machine keeps the two apart from then on."""
    from groundswell.desk.spine.numbering import record_number
    from groundswell.desk.spine.ports import zone

    rows = list(story.items.filter(key__in=keys.split(",")).order_by("published_at", "id"))
    if not rows or len(rows) == story.items.count():
        raise Refused(_("Choose some items of the story, not all of them."))
    own, moved = story_id(*(row.key for row in rows), act.batch.hex), [row.key for row in rows]
    GroupingHand.objects.create(kind="split", story=story.engine_id, into=own, keys=moved, by_id=act.by, at=act.at)
    first, last = rows[0].published_at or act.at, rows[-1].published_at or act.at
    made = Story.objects.create(
        number=record_number("ST", first.astimezone(zone()).date()),
        engine_id=own,
        title=title.strip() or rows[0].title or rows[0].text[:60],
        title_by_hand=bool(title.strip()),
        first_at=first,
        last_at=last,
        item_count=len(rows),
        dirty_since=act.at,
    )
    story.items.filter(key__in=moved).update(story=made)
    story.dirty_since = act.at
    act.data = {"n": len(rows), "into": made.number}
    grouping.forget()


def wake_followed(moment: datetime) -> int:
    """Stories whose time of following is over come back as new. Returns how many."""
    with transaction.atomic():
        rows = list(Story.objects.select_for_update(no_key=True).filter(state=State.FOLLOWING, follow_until__lte=moment))
        for story in rows:
            story.state, story.follow_until = State.NEW, None
        update_rows(rows, ["state", "follow_until"])
        Entry.objects.bulk_create([fact_line("story_back", story, was=State.FOLLOWING) for story in rows])
    return len(rows)


def _correct(act: Act, story: Story, field: str, was: str, became: str, reason: str, data: dict[str, Any] | None = None) -> None:
    from groundswell.desk.stream import learnt
    from groundswell.desk.stream.models import Correction

    if act.user is not None and was != became:
        Correction.objects.create(story=story, field=field, was=was, became=became, reason=reason, data=data or {}, by_id=act.by, at=act.at)
        learnt.forget()


def _roman(level: int) -> str:
    return ("", "I", "II", "III", "IV")[level]
