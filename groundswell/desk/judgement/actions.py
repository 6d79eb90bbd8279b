"""A correction is revoked: what it taught is forgotten. The record that it was made on stays as the person left it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from groundswell.desk.judgement.words import correction_words, kind_of
from groundswell.desk.spine.actions import Act, Refused, action, subject
from groundswell.desk.spine.models import Entry
from groundswell.desk.stories import grouping
from groundswell.desk.stories.models import GroupingHand, Story
from groundswell.desk.stream import learnt
from groundswell.desk.stream.models import Correction

subject("correction", Correction, path="judgement/corrections", name=gettext_lazy("Correction"))


def restore(act: Act, correction: Correction, entry: Entry) -> None:
    """It is learnt from again."""
    _pins(correction).filter(undone_at=entry.at).update(undone_at=None)
    _felt(act, correction)


@action(
    "correction.revoke",
    verb=gettext_lazy("Learn no more from it"),
    did=gettext_lazy("learns no more from the correction: %(what)s"),
    permission="item.triage",
    icon="undo",
    tracks=("undone_at",),
    undoable=True,
    on_undo=restore,
)
def revoke(act: Act, correction: Correction, **_values: Any) -> None:
    if correction.undone_at is not None:
        raise Refused(gettext_lazy("It was taken back already."))
    act.data = {"what": f"{kind_of(correction)}: {correction_words(correction)}"}
    correction.undone_at = act.at
    _pins(correction).filter(undone_at=None).update(undone_at=act.at)
    _felt(act, correction)


def _pins(correction: Correction) -> Any:
    """What the correction told the grouping, where it was about the story of an item."""
    if correction.field != "story" or correction.item is None:
        return GroupingHand.objects.none()
    return GroupingHand.objects.filter(kind="pin", by=correction.by_id, at=correction.at, keys=[correction.item.key])


def _felt(act: Act, correction: Correction) -> None:
    learnt.forget()
    grouping.forget()
    story = correction.story_id or (correction.item.story_id if correction.item else None)
    if story is not None:
        Story.objects.filter(pk=story).update(dirty_since=act.at)
