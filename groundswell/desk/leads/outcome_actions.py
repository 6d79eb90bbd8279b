"""What the public is told of a lead: written by a keeper, passed by a second person, published, withdrawn."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.leads import contents
from groundswell.desk.leads.contents import Draft
from groundswell.desk.leads.forms import PassForm, SureForm, doubts
from groundswell.desk.leads.identifying import Reason, reasons
from groundswell.desk.leads.models import Lead, Outcome, Stage
from groundswell.desk.spine.actions import Act, Refused, action
from groundswell.desk.spine.numbering import take_number
from groundswell.desk.spine.ports import zone


def doubts_of(lead: Lead, draft: Draft) -> list[Reason]:
    """Why DRAFT may give somebody away, the lead's own content beside it."""
    return reasons(draft, contents.opened(lead))


@action(
    "lead.propose",
    verb=gettext_lazy("Propose the outcome"),
    did=gettext_lazy("proposed an outcome"),
    permission="lead.keep",
    from_states=[Stage.ANSWERED],
    icon="edit",
)
def propose(act: Act, lead: Lead, *, draft: Draft, knowing: bool = False) -> None:
    """What surely points to somebody is refused; what may do so only with the keeper's word. A new text is passed anew."""
    found = doubts_of(lead, draft)
    if sure := [each for each in found if each.is_sure]:
        raise Refused(doubts(sure))
    if found and not knowing:
        raise Refused(_("Look at the doubts below, then say that none of them points to a person."))
    contents.put(lead, "outcome", draft)
    Outcome.objects.update_or_create(
        lead=lead,
        defaults={
            "state": Outcome.State.DRAFT,
            "drafted_by_id": act.by,
            "drafted_at": act.at,
            "passed_by": None,
            "passed_at": None,
        },
    )


def _outcome(lead: Lead, state: str) -> Outcome:
    outcome = Outcome.objects.select_for_update().filter(lead=lead, state=state).first()
    if outcome is None:
        raise Refused(_("There is no outcome that this goes with."))
    return outcome


@action(
    "lead.pass_outcome",
    verb=gettext_lazy("Pass the outcome"),
    did=gettext_lazy("passed the outcome"),
    permission="lead.read",
    from_states=[Stage.ANSWERED],
    form=PassForm,
    icon="check",
)
def pass_outcome(act: Act, lead: Lead, *, knowing: bool = False) -> None:
    """By another keeper or a leader named on the lead: whoever wrote it never passes it."""
    outcome = _outcome(lead, Outcome.State.DRAFT)
    if outcome.drafted_by_id == act.by:
        raise Refused(_("You wrote it: another person passes it."))
    if not knowing:
        raise Refused(_("Without this it does not pass."))
    outcome.state, outcome.passed_by_id, outcome.passed_at = Outcome.State.PASSED, act.by, act.at
    outcome.save()


@action(
    "lead.return_outcome",
    verb=gettext_lazy("Send the outcome back"),
    did=gettext_lazy("sent the outcome back"),
    permission="lead.read",
    from_states=[Stage.ANSWERED],
    icon="undo",
)
def return_outcome(act: Act, lead: Lead) -> None:
    """To be written anew; the draft stays until then."""
    outcome = Outcome.objects.filter(lead=lead, state__in=[Outcome.State.DRAFT, Outcome.State.PASSED]).first()
    if outcome is None:
        raise Refused(_("There is no outcome that this goes with."))
    outcome.delete()


@action(
    "lead.publish",
    verb=gettext_lazy("Publish the outcome"),
    did=gettext_lazy("published the outcome"),
    permission="lead.keep",
    from_states=[Stage.ANSWERED],
    to_state=Stage.PUBLISHED,
    form=SureForm,
    key="p",
    icon="send",
    leaves_house=True,
)
def publish(act: Act, lead: Lead, *, sure: bool = True) -> None:
    """On the public's page, with a number of its own; the rules are asked once more."""
    outcome = _outcome(lead, Outcome.State.PASSED)
    draft = contents.draft_of(lead)
    if draft is None:
        raise Refused(_("There is no outcome that this goes with."))
    if hard := [each for each in doubts_of(lead, draft) if each.is_sure]:
        raise Refused(doubts(hard))
    year = act.at.astimezone(zone()).year
    outcome.number = f"GB-{year}-{take_number(f'GB:{year}'):03d}"
    outcome.title, outcome.text, outcome.title_en, outcome.text_en = draft.title, draft.text, draft.title_en, draft.text_en
    outcome.state, outcome.published_at = Outcome.State.PUBLISHED, act.at
    outcome.save()
    lead.ended_at = act.at


@action(
    "lead.withdraw",
    verb=gettext_lazy("Withdraw the outcome"),
    did=gettext_lazy("withdrew the outcome from the public"),
    permission="lead.keep",
    from_states=[Stage.PUBLISHED],
    to_state=Stage.CLOSED,
    form=SureForm,
    icon="x",
)
def withdraw(act: Act, lead: Lead, *, sure: bool = True) -> None:
    """The public page keeps its number and the day of the withdrawal, no text."""
    outcome = _outcome(lead, Outcome.State.PUBLISHED)
    outcome.state, outcome.withdrawn_at = Outcome.State.WITHDRAWN, act.at
    outcome.title = outcome.text = outcome.title_en = outcome.text_en = ""
    outcome.save()
