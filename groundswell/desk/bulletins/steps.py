"""Where an issue stands on its way from picking to the readers, and which page does the next thing."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may
from groundswell.desk.bulletins import queries
from groundswell.desk.bulletins.models import Issue, IssueState
from groundswell.desk.bulletins.review_actions import writers
from groundswell.desk.spine.shell import named

PLACE = {
    IssueState.PICKING: 0,
    IssueState.ARRANGING: 1,
    IssueState.CHECKING: 2,
    IssueState.SIGNING: 3,
    IssueState.ISSUED: 4,
    IssueState.CARRIED: 1,
}
TONES = {
    IssueState.PICKING: "",
    IssueState.ARRANGING: "info",
    IssueState.CHECKING: "wait",
    IssueState.SIGNING: "wait",
    IssueState.ISSUED: "ok",
    IssueState.CARRIED: "up",
}


@dataclass(frozen=True)
class Step:
    """One of the five steps, as the stepper draws it."""

    n: int
    words: str
    who: str
    done: bool
    current: bool


def steps(issue: Issue, copies: int) -> list[Step]:
    """The five steps of ISSUE; COPIES stands at the last one."""
    at = PLACE[IssueState(issue.state)]
    sent = issue.sent_at is not None
    last = _("Distribute %(n)s copies") % {"n": copies} if copies else _("Distribute")
    labels = (
        (_("Pick"), ""),
        (_("Arrange"), named(issue.editor)),
        (_("Review"), named(issue.checker)),
        (_("Sign and number"), named(issue.signer)),
        (last, ""),
    )
    return [
        Step(n + 1, words, who if n > 1 else "", n < at or (n == 4 and sent), n == at and not (n == 4 and sent))
        for n, (words, who) in enumerate(labels)
    ]


def numbers(issue: Issue) -> tuple[int, int]:
    """(number in its year, number in all): its own, or those that it would get now. Read once for a page."""
    if issue.number is not None:
        return issue.number, issue.total or 0
    kept: tuple[int, int] | None = getattr(issue, "_numbers", None)
    if kept is None:
        kept = issue._numbers = queries.next_number(issue.series, issue.year)  # type: ignore[attr-defined]
    return kept


@dataclass(frozen=True)
class Next:
    """What a person does next with an issue: the words of the button and its page."""

    words: str
    url: str


def next_of(issue: Issue, user: User) -> Next | None:
    """The page on which USER may bring ISSUE on; None where it is somebody else's turn."""
    if issue.is_open and may(user, "bulletin.edit"):
        return Next(_("Arrange"), f"{issue.address}edit/")
    if issue.state == IssueState.CHECKING and may(user, "bulletin.check") and user.pk not in writers(issue):
        return Next(_("Review"), f"{issue.address}review/")
    if issue.state == IssueState.SIGNING and may(user, "bulletin.sign") and user.pk not in writers(issue):
        return Next(_("Sign"), f"{issue.address}sign/")
    if issue.state == IssueState.ISSUED and issue.sent_at is None and may(user, "bulletin.edit"):
        return Next(_("Distribute"), f"{issue.address}#dispatch")
    return None


def waits_for(issue: Issue) -> str:
    """Whose turn it is, in words."""
    return {
        IssueState.PICKING: _("waits for an editor"),
        IssueState.ARRANGING: _("is being arranged"),
        IssueState.CHECKING: _("waits for review by another person"),
        IssueState.SIGNING: _("waits for a leader's signature"),
        IssueState.ISSUED: _("is issued"),
        IssueState.CARRIED: _("was not issued; its items went into the next one"),
    }[IssueState(issue.state)]
