"""Correction requests to publishers: written, approved by another, sent, answered, closed. Nothing is ever asked to vanish."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.releases import checks, proof
from groundswell.desk.releases.bilingual import both
from groundswell.desk.releases.correction_forms import AnswerForm, ApproveForm, CloseForm, CorrectionForm, SendForm, initial_text
from groundswell.desk.releases.forms import BackForm
from groundswell.desk.releases.models import CorrectionRequest, Release
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.actions import Act, Refused, action, record_fact, subject
from groundswell.desk.spine.forms import ReasonForm
from groundswell.desk.spine.numbering import take_number
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.preferences import PARTS, preference, setting
from groundswell.desk.spine.settings_calendar import body_calendar
from groundswell.desk.spine.shell import both_names
from groundswell.desk.spine.timeline import fact, in_a_line
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item
from groundswell.engine.clocks.due import due

subject(
    "correction_request",
    CorrectionRequest,
    path="releases/corrections",
    ref="number",
    state_field="state",
    name=gettext_lazy("Correction request"),
)
fact("correction_sent", gettext_lazy("%(publisher)s was asked to correct a statement (%(number)s)"))
fact("correction_closed", gettext_lazy("the correction request %(number)s ended: %(result)s"))

PARTS["releases"] = gettext_lazy("Releases and corrections")
setting(
    "releases.correction_days",
    part="releases",
    label=gettext_lazy("A publisher answers a correction request within"),
    default=5,
    kind="int",
    unit=gettext_lazy("working days"),
    minimum=1,
    maximum=60,
)
S = CorrectionRequest.Stage


@action(
    "correction_request.write",
    verb=gettext_lazy("Write a correction request"),
    did=gettext_lazy("wrote a correction request: %(headline)s"),
    permission="release.draft",
    icon="edit",
    creates=True,
)
def write(
    act: Act,
    _none: None,
    *,
    publisher: Source,
    address: str,
    headline: str,
    wrong: str,
    right: str,
    basis: str,
    item: Item | None = None,
    story: Story | None = None,
    release: Release | None = None,
) -> CorrectionRequest:
    """To an institution, never to a person; the page behind the item becomes its evidence as it lies in the archive now."""
    if not publisher.institutional:
        raise Refused(_("Only to a medium, a public body or an institutional account, never to a private person."))
    year = act.at.astimezone(zone()).year
    act.data = {"headline": in_a_line(headline)} | both_names("publisher", publisher)
    return CorrectionRequest.objects.create(
        number=f"GZ-{year}-{take_number(f'GZ:{year}'):04d}",
        publisher=publisher,
        address=address,
        headline=headline,
        wrong=wrong,
        right=right,
        basis=basis,
        item=item,
        story=story or (item.story if item else None),
        release=release,
        evidence=proof.rows_of(item),
        by_id=act.by,
        opened_at=act.at,
    )


@action(
    "correction_request.rewrite",
    verb=gettext_lazy("Write on"),
    did=gettext_lazy("wrote on: %(headline)s"),
    permission="release.draft",
    from_states=[S.DRAFT],
    form=CorrectionForm,
    initial=initial_text,
    tracks=("headline", "wrong", "right", "basis", "address"),
    key="e",
    icon="edit",
)
def rewrite(act: Act, correction: CorrectionRequest, **values: Any) -> None:
    """Its words; whoever writes last is its writer."""
    for name in ("publisher", "address", "headline", "wrong", "right", "basis", "release"):
        setattr(correction, name, values[name])
    correction.by_id = act.by
    correction.evidence = proof.rows_of(correction.item) or correction.evidence
    act.data = {"headline": in_a_line(correction.headline)}


@action(
    "correction_request.submit",
    verb=gettext_lazy("Send for approval"),
    did=gettext_lazy("sent it for approval"),
    permission="release.draft",
    from_states=[S.DRAFT],
    to_state=S.REVIEW,
    key="r",
    icon="right",
)
def submit(act: Act, correction: CorrectionRequest) -> None:
    """What will stand in the public register names nobody private."""
    wrong = checks.private_words(correction.headline, correction.wrong, correction.right, correction.basis)
    if wrong:
        raise Refused(" ".join(each.words for each in wrong))


@action(
    "correction_request.approve",
    verb=gettext_lazy("Approve to be sent"),
    did=gettext_lazy("approved it to be sent"),
    permission="release.approve",
    from_states=[S.REVIEW],
    to_state=S.READY,
    form=ApproveForm,
    key="v",
    icon="check",
)
def approve(act: Act, correction: CorrectionRequest, *, ground: str) -> None:
    """Another person than the writer, with the ground of the secrecy review: the register is public."""
    if correction.by_id == act.by:
        raise Refused(_("Who wrote the text cannot do this: %(what)s is another person's.") % {"what": _("the approval")})
    correction.approved_by_id, correction.ground = act.by, ground


@action(
    "correction_request.send_back",
    verb=gettext_lazy("Send back to be changed"),
    did=gettext_lazy("sent it back: %(note)s"),
    permission="release.approve",
    from_states=[S.REVIEW, S.READY],
    to_state=S.DRAFT,
    form=BackForm,
    icon="left",
)
def send_back(act: Act, correction: CorrectionRequest, *, note: str) -> None:
    correction.approved_by_id, correction.ground = None, ""
    act.data = {"note": note}


@action(
    "correction_request.send",
    verb=gettext_lazy("Record that it was sent"),
    did=gettext_lazy("sent it %(way)s; an answer is expected by %(due)s"),
    permission="release.publish",
    from_states=[S.READY],
    to_state=S.SENT,
    form=SendForm,
    key="s",
    icon="send",
    leaves_house=True,
)
def send(act: Act, correction: CorrectionRequest, *, way: str) -> None:
    """The letter leaves; the publisher's time begins, and the public register shows the request."""
    days = int(preference("releases.correction_days"))
    last = due(act.at, days, "working_day", calendar=body_calendar(), zone=zone()).at
    assert not isinstance(last, datetime)
    correction.sent_way, correction.sent_at, correction.due_on = way, act.at, last
    act.data = both("way", CorrectionRequest.Way(way).label) | {"due": last.isoformat()}
    if correction.story is not None:
        record_fact("correction_sent", correction.story, {"number": correction.number} | both_names("publisher", correction.publisher))


@action(
    "correction_request.answer",
    verb=gettext_lazy("Record the answer"),
    did=gettext_lazy("recorded the publisher's answer: %(text)s"),
    permission="release.draft",
    from_states=[S.SENT],
    to_state=S.ANSWERED,
    form=AnswerForm,
    key="n",
    icon="msg",
)
def answer(act: Act, correction: CorrectionRequest, *, text: str) -> None:
    """What the publisher said; it stands in the register, so it names nobody private."""
    wrong = checks.private_words(text)
    if wrong:
        raise Refused(" ".join(each.words for each in wrong))
    correction.answer, correction.answered_at = text.strip(), act.at
    act.data = {"text": in_a_line(text)}


@action(
    "correction_request.close",
    verb=gettext_lazy("Close with a result"),
    did=gettext_lazy("closed it: %(result)s"),
    permission="release.draft",
    from_states=[S.SENT, S.ANSWERED],
    to_state=S.CLOSED,
    form=CloseForm,
    key="d",
    icon="check",
)
def close(act: Act, correction: CorrectionRequest, *, result: str) -> None:
    """What became of it; silence is a result only when the time is over."""
    if result == CorrectionRequest.Result.SILENT and (correction.answer or not _is_over(correction, act.at)):
        raise Refused(_("“No answer” is a result only when the time is over and none came."))
    correction.result, correction.closed_at = result, act.at
    words = act.data = both("result", CorrectionRequest.Result(result).label)
    if correction.story is not None:
        record_fact("correction_closed", correction.story, {"number": correction.number} | words)


def _is_over(correction: CorrectionRequest, at: datetime) -> bool:
    last: date | None = correction.due_on
    return last is not None and last < at.astimezone(zone()).date()


@action(
    "correction_request.drop",
    verb=gettext_lazy("Drop"),
    did=gettext_lazy("dropped it"),
    permission="release.draft",
    from_states=[S.DRAFT, S.REVIEW, S.READY],
    to_state=S.VOID,
    form=ReasonForm,
    icon="x",
)
def drop(act: Act, correction: CorrectionRequest, *, reason: str) -> None:
    """Not sent, and so in no register."""
