"""Plans are edited as new versions; what runs keeps the one by which it began."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.plans.models import Plan, PlanVersion
from groundswell.desk.plans.playbook import data_of, read_playbook
from groundswell.desk.spine.actions import Act, Refused, action, subject
from groundswell.desk.spine.forms import ReasonForm

subject("plan", Plan, path="plans/library", ref="code", name=gettext_lazy("Plan"))
subject("planversion", PlanVersion, path="plans/versions", name=gettext_lazy("Version of a plan"))


@action(
    "planversion.make",
    verb=gettext_lazy("Save as a new version"),
    did=gettext_lazy("made version %(n)s of “%(plan)s”: %(reason)s"),
    permission="plan.edit",
    icon="edit",
    creates=True,
)
def make(act: Act, _none: None, *, plan: Plan, data: dict[str, Any], reason: str) -> PlanVersion:
    """The next version of PLAN. Raises Refused where it is no plan, or says what the last one says."""
    try:
        book = read_playbook(data, plan.code)
    except ValueError as error:
        raise Refused(str(error)) from None
    Plan.objects.select_for_update().get(pk=plan.pk)
    last = plan.current
    if book == last.book:
        raise Refused(_("Nothing was changed."))
    made = PlanVersion.objects.create(
        plan=plan, number=last.number + 1, data=data_of(book), reason=reason.strip(), made_by=act.user, made_at=act.at
    )
    act.data = {"n": made.number, "plan": book.zh, "plan_en": book.en, "reason": reason}
    return made


@action(
    "plan.retire",
    verb=gettext_lazy("Take out of use"),
    did=gettext_lazy("took it out of use"),
    permission="plan.edit",
    form=ReasonForm,
    icon="pause",
    tracks=("is_active",),
    undoable=True,
)
def retire(act: Act, plan: Plan, *, reason: str) -> None:
    """It is proposed no more; what runs by it goes on."""
    if not plan.is_active:
        raise Refused(_("It is out of use already."))
    plan.is_active = False


@action(
    "plan.restore",
    verb=gettext_lazy("Take into use"),
    did=gettext_lazy("took it into use again"),
    permission="plan.edit",
    icon="play",
    tracks=("is_active",),
    undoable=True,
)
def restore(act: Act, plan: Plan) -> None:
    """Proposed again."""
    if plan.is_active:
        raise Refused(_("It is in use already."))
    plan.is_active = True
