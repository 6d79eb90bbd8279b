"""The list of organs with their public keys."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.leads.forms import OrganForm
from groundswell.desk.leads.models import Organ
from groundswell.desk.spine.actions import Act, Refused, action, subject

FIELDS = ("name", "name_en", "competence", "recipient", "key_checked")
TRACKED = (*FIELDS, "is_active")
subject("organ", Organ, path="leads/organs", name=gettext_lazy("Organ"), closed=True)


@action("organ.add", verb=gettext_lazy("Add an organ"), did=gettext_lazy("added it"), permission="lead.keep", icon="plus", creates=True)
def add(act: Act, _none: None, **values: Any) -> Organ:
    """Name, competence and public key. Raises Refused for a name that is on the list."""
    _only_one(values["name"])
    return Organ.objects.create(**values)


def _only_one(name: str, but: int = 0) -> None:
    if Organ.objects.filter(name=name).exclude(pk=but).exists():
        raise Refused(_("There is an organ of this name."))


def _initial(organ: Organ) -> dict[str, Any]:
    return {name: getattr(organ, name) for name in FIELDS}


@action(
    "organ.change",
    verb=gettext_lazy("Change the organ"),
    did=gettext_lazy("changed it"),
    permission="lead.keep",
    form=OrganForm,
    initial=_initial,
    icon="edit",
    tracks=TRACKED,
)
def change(act: Act, organ: Organ, **values: Any) -> None:
    """A new key holds for packages from now on."""
    _only_one(values.get("name", organ.name), organ.pk)
    for name, value in values.items():
        setattr(organ, name, value)


@action(
    "organ.retire",
    verb=gettext_lazy("No longer in use"),
    did=gettext_lazy("took it out of use, or back into it"),
    permission="lead.keep",
    icon="pause",
    tracks=TRACKED,
)
def retire(act: Act, organ: Organ) -> None:
    """Out of the list of screening; done again it comes back."""
    organ.is_active = not organ.is_active
