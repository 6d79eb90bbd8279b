"""From the editor's desk to the readers: submitted, reviewed by another person, signed with its number, sent, corrected."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import User
from groundswell.desk.audit.chain import append
from groundswell.desk.bulletins import checks, dispatch, issues, paper
from groundswell.desk.bulletins.action_forms import (
    CommentForm,
    CorrectForm,
    OptionalReasonForm,
    ResendForm,
    ReturnForm,
    SettleForm,
)
from groundswell.desk.bulletins.models import CheckComment, Dispatch, Issue, IssueItem, IssueState, Origin
from groundswell.desk.spine.actions import Act, Refused, action
from groundswell.desk.spine.models import Entry, Notice
from groundswell.desk.spine.numbering import take_number

REVIEWED = (IssueState.CHECKING, IssueState.SIGNING)


def writers(issue: Issue) -> set[int]:
    """Who submitted the issue or wrote in one of its pieces."""
    found = set(issue.pieces.exclude(written_by=None).values_list("written_by_id", flat=True))
    return {pk for pk in (*found, issue.editor_id) if pk is not None}


def not_by_a_writer(issue: Issue, user: User | None) -> None:
    """Raises Refused where USER has written in ISSUE: who writes never reviews."""
    if user is not None and user.pk in writers(issue):
        raise Refused(_("You wrote in this issue; another person must do this."))


def refuse_errors(issue: Issue, reason: str = "") -> list[str]:
    """Codes of the open errors. Raises Refused where there are some and nobody gives a reason."""
    errors = [each for each in checks.check(issue) if each.severity == checks.ERROR]
    hard = [each for each in errors if each.code in checks.NEVER]
    if hard or (errors and not reason.strip()):
        first = (hard or errors)[0]
        raise Refused(_("A check still says no: %(what)s") % {"what": checks.words(first)})
    return sorted({each.code for each in errors})


@action(
    "issue.submit",
    verb=gettext_lazy("Send for review"),
    did=gettext_lazy("sent it for review"),
    permission="bulletin.edit",
    from_states=(IssueState.ARRANGING,),
    to_state=IssueState.CHECKING,
    form=OptionalReasonForm,
    key="Control+Enter",
    icon="send",
    tracks=("state", "editor", "submitted_at"),
    undoable=True,
    primary=True,
)
def submit(act: Act, issue: Issue, *, reason: str = "") -> None:
    """To another person's eyes. An open error refuses it unless the editor says why it stands."""
    act.data = {"overruled": refuse_errors(issue, reason)}
    issue.editor, issue.submitted_at, issue.return_comment = act.user, act.at, ""
    issue.checker = issue.checked_at = None


@action(
    "issue.comment",
    verb=gettext_lazy("Comment"),
    did=gettext_lazy("wrote a comment: %(text)s"),
    permission="bulletin.check",
    from_states=(*REVIEWED, IssueState.ARRANGING),
    form=CommentForm,
    icon="edit",
    undoable=True,
    on_undo=lambda act, issue, entry: CheckComment.objects.filter(issue=issue, pk=entry.data["comment"]).delete(),
    on_chain=False,
)
def comment(act: Act, issue: Issue, *, text: str, piece: IssueItem | None = None) -> None:
    if piece is not None and piece.issue_id != issue.pk:
        raise Refused(_("This item is not in the issue any more."))
    made = CheckComment.objects.create(issue=issue, piece=piece, by_id=act.by, at=act.at, text=text.strip())
    act.data = {"text": made.text[:120], "comment": made.pk}


def undo_settle(act: Act, issue: Issue, entry: Entry) -> None:
    CheckComment.objects.filter(issue=issue, pk=entry.data["comment"]).update(settled_at=None, settled_by=None)


@action(
    "issue.settle",
    verb=gettext_lazy("Settled"),
    did=gettext_lazy("settled a comment: %(text)s"),
    permission="bulletin.edit",
    from_states=(IssueState.ARRANGING, *REVIEWED),
    form=SettleForm,
    icon="check",
    undoable=True,
    on_undo=undo_settle,
    on_chain=False,
)
def settle(act: Act, issue: Issue, *, comment: CheckComment) -> None:
    row = CheckComment.objects.filter(issue=issue, pk=comment.pk, settled_at=None).first()
    if row is None:
        raise Refused(_("This comment is settled already."))
    row.settled_at, row.settled_by = act.at, act.user
    row.save()
    act.data = {"text": row.text[:120], "comment": row.pk}


@action(
    "issue.return_",
    verb=gettext_lazy("Return to the editor"),
    did=gettext_lazy("returned it: %(comment)s"),
    permission="bulletin.check",
    from_states=REVIEWED,
    to_state=IssueState.ARRANGING,
    form=ReturnForm,
    icon="undo",
    tracks=("state", "return_comment", "checker", "checked_at"),
    undoable=True,
)
def return_(act: Act, issue: Issue, *, comment: str) -> None:
    issue.return_comment, issue.checker, issue.checked_at = comment.strip(), None, None
    act.data = {"comment": comment.strip()[:200]}


@action(
    "issue.pass_check",
    verb=gettext_lazy("Pass the review"),
    did=gettext_lazy("passed the review"),
    permission="bulletin.check",
    from_states=(IssueState.CHECKING,),
    to_state=IssueState.SIGNING,
    form=OptionalReasonForm,
    icon="check",
    tracks=("state", "checker", "checked_at"),
    undoable=True,
    primary=True,
)
def pass_check(act: Act, issue: Issue, *, reason: str = "") -> None:
    """Another person than the writers has read it; comments must be settled."""
    not_by_a_writer(issue, act.user)
    act.data = {"overruled": refuse_errors(issue, reason)}
    issue.checker, issue.checked_at = act.user, act.at


@action(
    "issue.sign",
    verb=gettext_lazy("Sign and number"),
    did=gettext_lazy("signed it as no. %(number)s (%(total)s in all), SHA-256 %(hash)s"),
    permission="bulletin.sign",
    from_states=(IssueState.SIGNING,),
    to_state=IssueState.ISSUED,
    icon="check",
    leaves_house=True,
    primary=True,
)
def sign(act: Act, issue: Issue, **_values: Any) -> None:
    """The number is taken in this same transaction, the paper frozen, its hash written on the audit chain."""
    not_by_a_writer(issue, act.user)
    issues.close_window(issue, act.at)
    issue.signer, issue.signed_at = act.user, act.at
    issue.number = take_number(f"issue:{issue.series_id}:{issue.year}") + issues.numbers_before(issue)
    issue.total = take_number(f"issue:{issue.series_id}") + issue.series.total_before
    issue.state = IssueState.ISSUED
    issue.frozen = paper.freeze(issue)
    issue.frozen_hash = paper.hash_of(issue.frozen)
    Notice.objects.filter(kind="brief_missed", subject_type="issue", subject_id=issue.pk, closed_at=None).update(closed_at=act.at)
    act.data = {"number": issue.number, "total": issue.total, "hash": issue.frozen_hash}


@action(
    "issue.send",
    verb=gettext_lazy("Send to the list"),
    did=gettext_lazy("sent it to %(n)s recipients"),
    permission="bulletin.edit",
    from_states=(IssueState.ISSUED,),
    icon="send",
    leaves_house=True,
    primary=True,
)
def send(act: Act, issue: Issue, **_values: Any) -> None:
    """One dispatch a recipient; those that have theirs already are not sent it again."""
    act.data = {"n": dispatch.start(issue, act.at)}
    issue.sent_at = issue.sent_at or act.at
    if act.user is None:
        append("issue.send", None, f"issue:{issue.pk}", {"data": act.data}, act.at)


@action(
    "issue.resend",
    verb=gettext_lazy("Send again"),
    did=gettext_lazy("sent it again to %(who)s"),
    permission="bulletin.edit",
    from_states=(IssueState.ISSUED,),
    form=ResendForm,
    icon="send",
    leaves_house=True,
)
def resend(act: Act, issue: Issue, *, dispatch: Dispatch | None = None) -> None:
    """One that failed, or without a choice all that failed. What has arrived is never sent twice."""
    from groundswell.desk.bulletins.dispatch import again

    act.data = {"who": "、".join(again(issue, dispatch, act.at))}


@action(
    "issue.correct",
    verb=gettext_lazy("Correct"),
    did=gettext_lazy("corrected it: %(text)s"),
    permission="bulletin.edit",
    from_states=(IssueState.ISSUED,),
    form=CorrectForm,
    icon="edit",
)
def correct(act: Act, issue: Issue, *, text: str, piece: IssueItem | None = None) -> None:
    """What is signed stays as it is; the correction is a piece of the next issue and a line on this one's record."""
    if piece is not None and piece.issue_id != issue.pk:
        raise Refused(_("This item is not in the issue any more."))
    later = issues.open_one_after(issue, act.at)
    made = issues.correction(later, issue, piece, text, act.user, act.at)
    act.data = {"text": text.strip()[:200], "issue": later.pk, "piece": made.pk, "origin": str(Origin.CORRECTION)}
