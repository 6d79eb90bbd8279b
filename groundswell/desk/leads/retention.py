"""What is past its time: leads 3 years after their result, contact data a year after closing. A person destroys, with a certificate."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.leads.forms import SureForm
from groundswell.desk.leads.models import ENDED, Certificate, Lead, Outcome, Sealed, Stage
from groundswell.desk.spine.actions import Act, Refused, action
from groundswell.desk.spine.numbering import take_number
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.preferences import preference, setting

setting(
    "retention.lead_years",
    part="retention",
    label=gettext_lazy("Leads, after their result"),
    default=3,
    kind="int",
    unit=gettext_lazy("years"),
    minimum=1,
    maximum=30,
)
setting(
    "retention.contact_years",
    part="retention",
    label=gettext_lazy("Contact data in leads, after closing"),
    default=1,
    kind="int",
    unit=gettext_lazy("years"),
    minimum=1,
    maximum=10,
)


def years_before(moment: datetime, years: int) -> datetime:
    """The same day and hour YEARS before; the 29th of February counts as the 28th."""
    local = moment.astimezone(zone())
    try:
        return local.replace(year=local.year - years)
    except ValueError:
        return local.replace(year=local.year - years, day=28)


def due_leads(moment: datetime) -> QuerySet[Lead]:
    limit = years_before(moment, int(preference("retention.lead_years")))
    return Lead.objects.filter(state__in=ENDED, ended_at__lte=limit)


def due_contacts(moment: datetime) -> QuerySet[Lead]:
    limit = years_before(moment, int(preference("retention.contact_years")))
    return Lead.objects.filter(state__in=ENDED, ended_at__lte=limit, has_contact=True, contact_gone_at=None)


def due_at(lead: Lead) -> datetime | None:
    """When LEAD may be destroyed."""
    if lead.ended_at is None or lead.state not in ENDED:
        return None
    return years_before(lead.ended_at, -int(preference("retention.lead_years")))


def _certify(act: Act, lead: Lead, what: str, rows: QuerySet[Sealed]) -> None:
    """Destroy ROWS and write the certificate."""
    sizes = [len(bytes(box)) for box in rows.values_list("box", flat=True)]
    rows.delete()
    year = act.at.astimezone(zone()).year
    assert lead.ended_at is not None
    Certificate.objects.create(
        number=f"XH-{year}-{take_number(f'XH:{year}'):04d}",
        lead=lead,
        what=what,
        fields=len(sizes),
        size_bytes=sum(sizes),
        by_id=act.by,
        at=act.at,
        ended_at=lead.ended_at,
    )


@action(
    "lead.destroy",
    verb=gettext_lazy("Destroy"),
    did=gettext_lazy("had its contents destroyed"),
    permission="lead.keep",
    from_states=ENDED,
    to_state=Stage.DESTROYED,
    form=SureForm,
    icon="x",
)
def destroy(act: Act, lead: Lead, *, sure: bool = True) -> None:
    """Every sealed field and the key with it: what lies in backups of the database opens no more than before, and no key is left for it
    there once the wrapping keys were rotated. Number, states and days stay, for the count.
    """
    if not due_leads(act.at).filter(pk=lead.pk).exists():
        raise Refused(_("Its time is not over yet."))
    if Outcome.objects.filter(lead=lead, state__in=[Outcome.State.DRAFT, Outcome.State.PASSED]).exists():
        Outcome.objects.filter(lead=lead).delete()
    _certify(act, lead, Certificate.What.LEAD, lead.sealed.all())
    lead.wrapped, lead.generation, lead.origin_hash = None, None, ""
    lead.destroyed_at, lead.contact_gone_at = act.at, lead.contact_gone_at or act.at
    lead.leaders.clear()


@action(
    "lead.forget_contact",
    verb=gettext_lazy("Destroy the contact data"),
    did=gettext_lazy("had the contact data destroyed"),
    permission="lead.keep",
    from_states=ENDED,
    form=SureForm,
    icon="x",
)
def forget_contact(act: Act, lead: Lead, *, sure: bool = True) -> None:
    """The lead stays without them; the sealed package, which may hold them, goes too."""
    if not due_contacts(act.at).filter(pk=lead.pk).exists():
        raise Refused(_("Its time is not over yet."))
    _certify(act, lead, Certificate.What.CONTACT, lead.sealed.filter(field__in=["contact", "package"]))
    lead.contact_gone_at = act.at
