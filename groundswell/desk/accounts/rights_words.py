"""What each permission means, in words, grouped as the staff think of their work; the scopes in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

SCOPES: dict[str, Words] = {
    "all": _("all"),
    "own_unit": _("own unit"),
    "own": _("own"),
    "propose": _("propose"),
    "none": _("no"),
}
SCOPE_HINTS: dict[str, Words] = {
    "all": _("everything, without limit"),
    "own_unit": _("only what belongs to the person's unit or is shared with it"),
    "own": _("only the person's own acts and records"),
    "propose": _("may suggest it; somebody else decides"),
    "none": _("not at all"),
}
AREAS: tuple[tuple[Words, tuple[tuple[str, Words], ...]], ...] = (
    (
        _("Items and stories"),
        (
            ("item.read", _("Read items")),
            ("item.triage", _("Sort items: keep, drop, put into a story")),
            ("item.enter", _("Enter items by hand")),
            ("item.picture", _("See the screenshot behind an entered item; each look is written down")),
            ("story.read", _("Read stories")),
            ("story.triage", _("Handle stories: unit, state, follow, close")),
            ("story.level", _("Set the level, up to II")),
            ("story.level_one", _("Set level I")),
            ("story.merge", _("Merge and split stories")),
            ("flash.read", _("Read flash reports")),
            ("flash.report", _("Report by telephone, write and send flash reports")),
        ),
    ),
    (
        _("Duty"),
        (
            ("alert.read", _("Read alerts and what was sent to whom")),
            ("alert.accept", _("Accept alerts, give them back, say what came of them")),
            ("alert.rule", _("Make and change alert rules")),
            ("alert.pause", _("Propose alert rules, pause them")),
            ("alert.program", _("Raise alerts and open them again (the program does it by itself)")),
            ("note.write", _("Write duty notes, logs and hand-overs")),
            ("roster.read", _("Read the roster")),
            ("roster.plan", _("Lay rotations, change turns, publish months, approve swaps")),
            ("roster.swap", _("Swap shifts with others")),
            ("zero.report", _("Give the zero report")),
            ("zero.keep", _("See who gave the zero report, make links for it")),
        ),
    ),
    (
        _("Tasks, instructions, releases"),
        (
            ("case.read", _("Read cases")),
            ("case.handle", _("Open, handle and close cases")),
            ("case.review", _("Review answers that somebody else wrote, extend clocks")),
            ("case.sign", _("Sign answers to tasks from above")),
            ("task.hand_out", _("Hand out tasks, urge, accept feedback")),
            ("task.answer", _("Answer and return tasks")),
            ("plan.read", _("Read plans and responses")),
            ("plan.ask", _("Ask for the start, another grade or the end of a plan; hold drills")),
            ("plan.decide", _("Start, change and end a plan when asked, also as the deputy")),
            ("plan.work", _("Do the steps of a running plan, give roles")),
            ("plan.edit", _("Edit plans as new versions")),
            ("instruction.read", _("Read the ledger of instructions")),
            ("instruction.give", _("Give instructions")),
            ("instruction.record", _("Record instructions that were spoken or written on paper")),
            ("instruction.settle", _("Confirm, accept and withdraw instructions, also as the deputy")),
            ("instruction.close", _("Close off instructions whose feedback was accepted")),
            ("release.read", _("Read releases, spokespeople, correction requests and ledgers")),
            ("release.draft", _("Write releases and correction requests, record replies")),
            ("release.review", _("Review releases that somebody else wrote")),
            ("release.secrecy", _("Do the secrecy review of what somebody else wrote")),
            ("release.approve", _("Approve what the body says in public, withdraw it")),
            ("release.publish", _("Publish what is approved, send approved correction requests")),
            ("spokesperson.name", _("Name spokespeople")),
            ("ledger.keep", _("Keep the ledgers of liaison, training and press")),
        ),
    ),
    (
        _("Bulletins"),
        (
            ("bulletin.read", _("Read bulletins")),
            ("bulletin.candidate", _("Propose stories for a bulletin")),
            ("bulletin.edit", _("Arrange and write a bulletin")),
            ("bulletin.check", _("Check a bulletin that somebody else wrote")),
            ("bulletin.sign", _("Sign a bulletin; it takes its number")),
            ("bulletin.series", _("Set up series, their clocks and recipients, and key periods")),
            ("submission.send", _("Send in pieces for the bulletin")),
        ),
    ),
    (
        _("Leads"),
        (
            ("lead.hand_in", _("Hand in a lead, without seeing it again")),
            ("lead.keep", _("Keep leads: sort, transfer, receipt, result")),
            ("lead.read", _("Read leads; a leader only those that name the leader")),
        ),
    ),
    (
        _("Sources and watches"),
        (
            ("source.read", _("See the register of sources")),
            ("source.pause", _("Pause a source and start it again")),
            ("source.edit", _("Add and change sources")),
            ("source.reading", _("Keep the reading book")),
            ("watch.read", _("See watches")),
            ("watch.edit", _("Add and change watches")),
        ),
    ),
    (
        _("The house"),
        (
            ("user.manage", _("Manage people, roles and rights")),
            ("leader.away", _("See what leaders are in charge of, note their absences and stand-ins")),
            ("unit.manage", _("Manage units, places and netizen words")),
            ("setting.read", _("See settings")),
            ("setting.change", _("Change settings")),
            ("judgement.read", _("See how well the program judges")),
            ("audit.read", _("Read the audit chain")),
        ),
    ),
)
PERMISSIONS: dict[str, Words] = {code: words for _area, rows in AREAS for code, words in rows}


def permission_words(code: str) -> str:
    """The permission CODE in words; the code itself where nobody wrote any."""
    return str(PERMISSIONS.get(code, code))


def scope_words(scope: str) -> str:
    return str(SCOPES.get(scope, scope))
