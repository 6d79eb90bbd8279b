"""What is kept beside the decisions: the emergency's own level as announced, who holds which role, the review of a drill."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import User
from groundswell.desk.plans.actions import OPEN, names_of
from groundswell.desk.plans.forms import DrillReviewForm, LegalForm, RoleForm
from groundswell.desk.plans.models import Response, ResponseRole, Stage
from groundswell.desk.plans.wording import ROMAN
from groundswell.desk.spine.actions import Act, Refused, action


@action(
    "response.legal_level",
    verb=gettext_lazy("Enter the emergency's level"),
    did=gettext_lazy("entered the emergency's level as announced: %(level)s, %(organ)s"),
    permission="plan.work",
    from_states=OPEN,
    form=LegalForm,
    initial=lambda response: {"level": response.legal_level, "organ": response.legal_organ},
    icon="rule",
    tracks=("legal_level", "legal_organ"),
    undoable=True,
)
def legal_level(act: Act, response: Response, *, level: int, organ: str) -> None:
    """突发事件等级 as the law's organ set it (突发事件应对法); shown beside the others, computed from nothing."""
    response.legal_level, response.legal_organ = level, organ.strip()
    act.data = {"level": ROMAN[level], "organ": organ}


@action(
    "response.take_role",
    verb=gettext_lazy("Give a role"),
    did=gettext_lazy("gave the role %(role)s to %(who)s"),
    permission="plan.work",
    from_states=[Stage.RUNNING],
    form=RoleForm,
    initial=lambda response: {"roles": list(response.book.roles)},
    icon="user",
)
def give_role(act: Act, response: Response, *, role: str, user: User) -> None:
    """Who held it gives it up at that moment: both are rows."""
    row = response.book.role(role)
    if row is None:
        raise Refused(_("The plan has no such role."))
    ResponseRole.objects.filter(response=response, role=role, renounced_at=None).update(renounced_at=act.at)
    ResponseRole.objects.create(response=response, role=role, user=user, assumed_at=act.at)
    act.data = names_of(user) | {"role": row.zh, "role_en": row.en}


@action(
    "response.review",
    verb=gettext_lazy("Review the drill"),
    did=gettext_lazy("reviewed the drill"),
    permission="plan.work",
    from_states=[Stage.ENDED],
    to_state=Stage.REVIEWED,
    form=DrillReviewForm,
    icon="eye",
)
def review(act: Act, response: Response, *, good: str, bad: str, next: str) -> None:
    """What the drill taught; a real response is reviewed with its case."""
    if not response.drill:
        raise Refused(_("A real response is reviewed on the page of its case."))
    response.review = {"good": good.strip(), "bad": bad.strip(), "next": next.strip()}
