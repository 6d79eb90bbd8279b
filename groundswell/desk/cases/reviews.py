"""复盘: an incident of level I or II does not close without it; what is to be done better becomes tasks of a list of its own."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import Unit
from groundswell.desk.cases.actions import CHECKS, make_case
from groundswell.desk.cases.aftermath import Improvement, Review
from groundswell.desk.cases.aftermath_forms import ImproveForm, ReviewForm
from groundswell.desk.cases.kinds import kinds
from groundswell.desk.cases.models import Case, Task
from groundswell.desk.spine.actions import Act, Refused, action, perform, record_fact
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.shell import both_names
from groundswell.desk.spine.timeline import fact

REVIEWED_STATES = [f"incident.{code}" for code in ("handling", "following", "review", "answered", "closed")]
GRAVE = 2  # opinion level II and I

fact("list_of_review", gettext_lazy("opened for the review of %(number)s"))


def worst_level(case: Case) -> int:
    """The highest opinion level that the case's story had by anybody's setting, or has."""
    story = case.story
    if story is None:
        return 4
    rows = Entry.objects.filter(subject_type="story", subject_id=story.pk, action="story.set_level", undo_of=None, undone_by=None)
    levels: list[int] = [level for row in rows for level in (row.before.get("level"), row.after.get("level")) if level]
    return min([story.level, *levels])


def review_of(case: Case) -> Review | None:
    return Review.objects.filter(case=case).select_related("by", "list_case").first()


def needs_review(case: Case) -> bool:
    """Is CASE an incident of level I or II that nobody has reviewed with at least one thing to do better?"""
    if case.kind != "incident" or worst_level(case) > GRAVE:
        return False
    return not Improvement.objects.filter(review__case=case).exists()


def _no_closing_without(case: Case, move: str) -> None:
    if case.kind == "incident" and move == "close" and needs_review(case):
        raise Refused(_("An incident of level I or II is reviewed before it closes, with at least one thing that is done better."))


CHECKS.append(_no_closing_without)


@action(
    "case.review",
    verb=gettext_lazy("Write the review"),
    did=gettext_lazy("wrote the review"),
    permission="case.handle",
    from_states=REVIEWED_STATES,
    form=ReviewForm,
    initial=lambda case: {"happened": row.happened, "good": row.good, "bad": row.bad} if (row := review_of(case)) else {},
    icon="eye",
)
def write_review(act: Act, case: Case, *, happened: str, good: str, bad: str) -> None:
    """What happened and why, what went well, what did not; written again it is replaced, the timeline keeps that it was."""
    values = {"happened": happened.strip(), "good": good.strip(), "bad": bad.strip(), "by": act.user, "at": act.at}
    Review.objects.update_or_create(case=case, defaults=values)


@action(
    "case.improve",
    verb=gettext_lazy("Do it better"),
    did=gettext_lazy("will do better (%(kind)s): %(text)s, %(unit)s"),
    permission="task.hand_out",
    from_states=REVIEWED_STATES,
    form=ImproveForm,
    initial=lambda case: {"unit": case.unit_id},
    icon="plus",
)
def improve(act: Act, case: Case, *, kind: str, text: str, unit: Unit, within: int) -> None:
    """A task in the list that the review opened, so that the incident itself may close."""
    row = review_of(case)
    if row is None:
        raise Refused(_("Write the review first."))
    if row.list_case is None or not row.list_case.is_open:
        row.list_case = make_case(act, kinds()["list"], title=_("Better after: %(title)s") % {"title": case.title}, unit=case.unit)
        row.save()
        record_fact("list_of_review", row.list_case, {"number": case.number})
    words = str(Improvement.Kind(kind).label)
    perform("case.hand_out", act.user, row.list_case, {"title": text, "unit": unit, "within": within, "text": words}, batch=act.batch)
    Improvement.objects.create(review=row, kind=kind, task=Task.objects.filter(case=row.list_case).latest("id"))
    act.data = both_names("unit", unit) | {"kind": words, "text": text}
