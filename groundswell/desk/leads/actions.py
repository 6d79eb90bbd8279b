"""What is done with a lead: 登记, 甄别, 移送, 回执, 反馈. What is said of its content goes into sealed fields, never onto the timeline."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import User
from groundswell.desk.entry.pictures import PictureFault
from groundswell.desk.leads import contents, package, sealing
from groundswell.desk.leads.forms import (
    AsideForm,
    AttachForm,
    FeedbackForm,
    NameLeaderForm,
    NoteForm,
    ReceiptForm,
    ScreenForm,
    SureForm,
    TransferForm,
)
from groundswell.desk.leads.models import Lead, Organ, Stage, Verdict, Way
from groundswell.desk.spine.actions import Act, Refused, action, subject
from groundswell.desk.spine.numbering import take_number
from groundswell.desk.spine.ports import zone
from groundswell.desk.stream.models import Item
from groundswell.engine.text.secrecy import secrecy_mark

subject("lead", Lead, path="leads", ref="number", state_field="state", name=gettext_lazy("Lead"), closed=True)
KEEP = "lead.keep"
STILL_THERE = tuple(each for each in Stage if each != Stage.DESTROYED)


def _name(user: User | None) -> str:
    return user.name if user is not None else ""


def _made(act: Act, way: str, origin_hash: str = "") -> Lead:
    year = act.at.astimezone(zone()).year
    lead = Lead(
        number=f"XS-{year}-{take_number(f'XS:{year}'):04d}",
        state=Stage.REGISTERED,
        way=way,
        by_id=act.by,
        registered_at=act.at,
        origin_hash=origin_hash,
    )
    sealing.give_key(lead)
    lead.save()
    return lead


# ---------------------------------------------------------------- 登记


@action(
    "lead.hand_in",
    verb=gettext_lazy("Hand in as a lead"),
    did=gettext_lazy("handed in a lead"),
    permission="lead.hand_in",
    icon="lock",
    key="9",  # far from the keys of triage: what was handed in is out of one's hands
    creates=True,
)
def hand_in(act: Act, _none: None, *, item: Item, text: str = "") -> Lead:
    """An item of the stream; nothing is noted on the item, so that nobody sees by it that there is a lead."""
    if secrecy_mark(f"{item.title}\n{item.text}"):
        raise Refused(_("The item bears a secrecy mark. This system is not made for state secrets."))
    lead = _made(act, Way.STREAM, sealing.origin(item.key))
    said = contents.Origin(item.key, item.source.name, item.url, item.title, item.text, item.published_at)
    contents.put(lead, "origin", said)
    sealing.put(lead, "matter", item.title or item.text[:80])
    sealing.put(lead, "text", item.text)
    if text.strip():
        contents.add_note(lead, _name(act.user), act.at, text.strip())
    return lead


@action(
    "lead.register",
    verb=gettext_lazy("Register a lead"),
    did=gettext_lazy("registered it"),
    permission=KEEP,
    icon="plus",
    creates=True,
)
def register(act: Act, _none: None, *, way: str, matter: str, text: str, contact: str = "", file: Any = None) -> Lead:
    """From paper, telephone or a visit."""
    lead = _made(act, way)
    sealing.put(lead, "matter", matter)
    sealing.put(lead, "text", text)
    if contact.strip():
        sealing.put(lead, "contact", contact.strip())
        lead.has_contact = True
        lead.save(update_fields=["has_contact"])
    if file:
        _attach(lead, file)
    return lead


def _attach(lead: Lead, file: Any) -> None:
    try:
        kind, body = contents.taken_in(file)
    except PictureFault as fault:
        raise Refused(fault.words) from None
    contents.add_file(lead, kind, body)


@action(
    "lead.note",
    verb=gettext_lazy("Write a note"),
    did=gettext_lazy("wrote a note"),
    permission=KEEP,
    from_states=STILL_THERE,
    form=NoteForm,
    icon="edit",
)
def note(act: Act, lead: Lead, *, text: str) -> None:
    """A sealed note."""
    contents.add_note(lead, _name(act.user), act.at, text)


@action(
    "lead.attach",
    verb=gettext_lazy("Attach a file"),
    did=gettext_lazy("attached a file"),
    permission=KEEP,
    from_states=[Stage.REGISTERED, Stage.SCREENED],
    form=AttachForm,
    icon="camera",
)
def attach(act: Act, lead: Lead, *, file: Any) -> None:
    """A picture or a PDF, until it is transferred."""
    _attach(lead, file)


# ---------------------------------------------------------------- 甄别


@action(
    "lead.screen",
    verb=gettext_lazy("It belongs to an organ"),
    did=gettext_lazy("screened it: it belongs to an organ"),
    permission=KEEP,
    from_states=[Stage.REGISTERED, Stage.SCREENED],
    to_state=Stage.SCREENED,
    form=ScreenForm,
    key="s",
    icon="check",
)
def screen(act: Act, lead: Lead, *, organ: Organ, text: str = "") -> None:
    """To whom it belongs; may be said anew until it is transferred."""
    lead.verdict, lead.organ, lead.screened_at = Verdict.BELONGS, organ, act.at
    _why(lead, text)


@action(
    "lead.set_aside",
    verb=gettext_lazy("Do not transfer"),
    did=gettext_lazy("screened it: not transferred"),
    permission=KEEP,
    from_states=[Stage.REGISTERED, Stage.SCREENED],
    to_state=Stage.ASIDE,
    form=AsideForm,
    key="d",
    icon="x",
)
def set_aside(act: Act, lead: Lead, *, verdict: str, repeats: Lead | None = None, text: str = "") -> None:
    """Not transferred, with its reason."""
    if repeats is not None and repeats.pk == lead.pk:
        raise Refused(_("A lead does not repeat itself."))
    lead.verdict, lead.repeats, lead.screened_at, lead.ended_at = verdict, repeats, act.at, act.at
    _why(lead, text)


def _why(lead: Lead, text: str) -> None:
    if text.strip():
        sealing.put(lead, "screening", text.strip())


@action(
    "lead.reopen",
    verb=gettext_lazy("Screen again"),
    did=gettext_lazy("took it up again"),
    permission=KEEP,
    from_states=[Stage.ASIDE],
    to_state=Stage.REGISTERED,
    icon="undo",
)
def reopen(act: Act, lead: Lead) -> None:
    """New facts came, or it was set aside too early."""
    lead.verdict, lead.repeats, lead.screened_at, lead.ended_at = "", None, None, None


# ---------------------------------------------------------------- 移送, 回执, 反馈


@action(
    "lead.transfer",
    verb=gettext_lazy("Seal the package and transfer"),
    did=gettext_lazy("transferred it in a sealed package"),
    permission=KEEP,
    from_states=[Stage.SCREENED],
    to_state=Stage.TRANSFERRED,
    form=TransferForm,
    key="t",
    icon="send",
    leaves_house=True,
)
def transfer(act: Act, lead: Lead, *, letter: str = "", with_contact: bool = False) -> None:
    """Manifest, text and attachments, sealed for the organ alone; the clocks of receipt and answer run from here."""
    assert lead.organ is not None, "a constraint of the database"
    packed = package.sealed(lead, contents.opened(lead), lead.organ, act.at, letter, with_contact=with_contact)
    sealing.put(lead, "package", packed)
    lead.package_hash, lead.transferred_at = package.digest(packed), act.at


@action(
    "lead.receipt",
    verb=gettext_lazy("Enter the receipt"),
    did=gettext_lazy("entered the organ's receipt"),
    permission=KEEP,
    from_states=[Stage.TRANSFERRED],
    to_state=Stage.RECEIPTED,
    form=ReceiptForm,
    key="r",
    icon="check",
)
def receipt(act: Act, lead: Lead, *, number: str, day: date, text: str = "") -> None:
    """Number and day of the organ's receipt."""
    contents.put(lead, "receipt", contents.Receipt(number, day, text))
    lead.receipted_at = act.at


@action(
    "lead.feedback",
    verb=gettext_lazy("Enter the organ's answer"),
    did=gettext_lazy("entered the organ's answer"),
    permission=KEEP,
    from_states=[Stage.TRANSFERRED, Stage.RECEIPTED],
    to_state=Stage.ANSWERED,
    form=FeedbackForm,
    key="f",
    icon="edit",
)
def feedback(act: Act, lead: Lead, *, result: str, day: date, text: str, number: str = "") -> None:
    """What the organ reports; an answer without a receipt before it is both."""
    contents.put(lead, "feedback", contents.Feedback(number, day, text))
    lead.result, lead.answered_at = result, act.at


@action(
    "lead.close",
    verb=gettext_lazy("Close without an outcome"),
    did=gettext_lazy("closed it without publishing an outcome"),
    permission=KEEP,
    from_states=[Stage.ANSWERED],
    to_state=Stage.CLOSED,
    form=SureForm,
    icon="x",
)
def close(act: Act, lead: Lead, *, sure: bool = True) -> None:
    """Nothing can be said in public without giving somebody away."""
    lead.ended_at = act.at


# ---------------------------------------------------------------- leaders


@action(
    "lead.name_leader",
    verb=gettext_lazy("Name a leader"),
    did=gettext_lazy("named a leader who may read it"),
    permission=KEEP,
    from_states=STILL_THERE,
    form=NameLeaderForm,
    icon="user",
)
def name_leader(act: Act, lead: Lead, *, leader: User) -> None:
    """The leader may read this lead, each time with a reason, and pass its outcome."""
    lead.leaders.add(leader)


@action(
    "lead.unname_leader",
    verb=gettext_lazy("No leader any more"),
    did=gettext_lazy("took the leaders' reading away"),
    permission=KEEP,
    from_states=STILL_THERE,
    icon="x",
)
def unname_leader(act: Act, lead: Lead) -> None:
    """Nobody but keepers reads it from now on."""
    lead.leaders.clear()
