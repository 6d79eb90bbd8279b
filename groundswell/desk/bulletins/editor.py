"""What the editor and the review show of an issue: candidates, pieces in their sections, checks with their mend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import User
from groundswell.desk.bulletins import checks, issues, sheets
from groundswell.desk.bulletins.candidates import Candidate, candidates
from groundswell.desk.bulletins.checks import Check
from groundswell.desk.bulletins.models import Issue, IssueItem
from groundswell.desk.bulletins.phrases import length
from groundswell.desk.bulletins.review_actions import writers
from groundswell.desk.spine.models import Entry
from groundswell.desk.stream.models import Item

Words = str | Promise
TABS: tuple[tuple[str, Words], ...] = (
    ("suggested", gettext_lazy("Suggested")),
    ("marked", gettext_lazy("Marked")),
    ("positive", gettext_lazy("Positive")),
    ("more", gettext_lazy("Others")),
)
SORTS: dict[str, tuple[Words, Any]] = {
    "": (gettext_lazy("as proposed"), None),
    "level": (gettext_lazy("by level"), lambda one: (one.level, -one.score)),
    "count": (gettext_lazy("by items"), lambda one: -one.count),
    "fresh": (gettext_lazy("by new items"), lambda one: -one.fresh),
}
LAST_HOURS = timedelta(hours=2)


@dataclass(frozen=True)
class Tab:
    code: str
    words: Words
    count: int
    current: bool


@dataclass(frozen=True)
class Offer:
    """A candidate as a row, with its piece where it is picked."""

    candidate: Candidate
    piece: IssueItem | None

    @property
    def key(self) -> str:
        one = self.candidate
        return f"story-{one.story.number}" if one.story else f"item-{one.item.key}" if one.item else ""


@dataclass(frozen=True)
class Cited:
    n: int
    item: Item


@dataclass
class Row:
    """A piece as a row: its number in the issue, what was found about it, what was said about it."""

    piece: IssueItem
    n: int
    found: Sequence[Check]
    cited: Sequence[Cited]
    comments: Sequence[Any]
    length: int
    editing: bool = False

    @property
    def wrong(self) -> bool:
        return any(each.severity == checks.ERROR for each in self.found)

    @property
    def open_comments(self) -> int:
        return sum(one.settled_at is None for one in self.comments)


@dataclass(frozen=True)
class Group:
    """A section with its rows."""

    code: str
    section: Mapping[str, str]
    place: int
    rows: Sequence[Row]


@dataclass(frozen=True)
class Finding:
    """A line of the checks: what was found, about which rows, and the mend that one press does to the first of them."""

    check: Check
    rows: Sequence[Row]
    mend: str  # "edit" opens the piece, "mask", "redraft" and "drop" are done at once, "" where there is nothing to press

    @property
    def row(self) -> Row | None:
        return self.rows[0] if self.rows else None


AT_ONCE = {"redraft": "redraft", "drop": "drop"}
MASKED = ("private_name", "private_data")


FEW = 24  # rows of a tab before "show all"


def offers(issue: Issue, tab: str, sort: str, every: bool = False) -> tuple[list[Tab], list[Offer], int, int]:
    """(tabs with counts, the rows of TAB in the order SORT, how many of it are left out, how many there are in all)."""
    known = candidates(issue)
    kinds = {code: [one for one in known if tab_of(one) == code] for code, _words in TABS}
    here = tab if kinds.get(tab) else next((code for code, _words in TABS if kinds[code]), TABS[0][0])
    pieces = {(piece.story_id, piece.item_id): piece for piece in issue.pieces.all()}
    rows = kinds[here]
    key = SORTS.get(sort, SORTS[""])[1]
    if key is not None:
        rows.sort(key=key)
    tabs = [Tab(code, words, len(kinds[code]), code == here) for code, words in TABS if kinds[code] or code == TABS[0][0]]
    shown = rows if every else rows[:FEW]
    offered = [Offer(one, pieces.get((one.story.pk if one.story else None, one.item.pk if one.item else None))) for one in shown]
    return tabs, offered, len(rows) - len(shown), len(known)


def tab_of(one: Candidate) -> str:
    """What people marked, what the program would take, good news, the rest."""
    if one.kind in ("marked", "positive"):
        return one.kind
    return "suggested" if one.proposed else "more"


def read_whole(issue: Issue) -> None:
    """Its pieces with what they rest on, read once for all that looks at them."""
    prefetch_related_objects([issue], "pieces__story__unit", "pieces__item", "pieces__written_by")


def rows_of(issue: Issue, found: Sequence[Check], editing: int | None = None) -> list[Row]:
    """The pieces in the order of the paper. Reads pieces, cited items and comments in one query each."""
    pieces = issues.ordered(issue)
    items = Item.objects.select_related("source").in_bulk({pk for piece in pieces for pk in piece.citations})
    comments: dict[int | None, list[Any]] = {}
    for one in issue.comments.select_related("by", "settled_by"):
        comments.setdefault(one.piece_id, []).append(one)
    trouble = sheets.troubled(found)
    return [
        Row(
            piece,
            n,
            trouble.get(piece.pk, ()),
            [Cited(place, items[pk]) for place, pk in enumerate(piece.citations, 1) if pk in items],
            comments.get(piece.pk, ()),
            length(piece.text) + length(piece.advice),
            piece.pk == editing,
        )
        for n, piece in enumerate(pieces, 1)
    ]


def groups_of(issue: Issue, rows: Sequence[Row]) -> list[Group]:
    """All sections of the series, also empty ones, then what stands in none of them."""
    known = [dict(section) for section in issue.series.sections]
    groups = [
        Group(section["code"], section, place, [row for row in rows if row.piece.section == section["code"]])
        for place, section in enumerate(known, 1)
    ]
    codes = {section["code"] for section in known}
    lost = [row for row in rows if row.piece.section not in codes]
    return groups + ([Group("", {}, 0, lost)] if lost else [])


def findings(found: Sequence[Check], rows: Sequence[Row]) -> list[Finding]:
    """The checks as lines, errors first; what says the same of several pieces is one line."""
    by_piece = {row.piece.pk: row for row in rows}
    lines: dict[tuple[str, str], list[Check]] = {}
    for each in found:
        lines.setdefault((each.code, checks.words(each)), []).append(each)
    return [
        Finding(same[0], [by_piece[each.piece.pk] for each in same if each.piece and each.piece.pk in by_piece], _mend(same[0]))
        for same in lines.values()
    ]


def _mend(check: Check) -> str:
    if check.code in MASKED:
        return "mask"
    return AT_ONCE.get(check.mend, "edit" if check.piece is not None and check.mend in ("write", "move") else "")


def tally(found: Sequence[Check]) -> dict[str, int]:
    """How many checks of each severity."""
    return {severity: sum(each.severity == severity for each in found) for severity in (checks.ERROR, checks.WARN, checks.OK)}


def saved_at(issue: Issue) -> datetime | None:
    """When anything of the issue was written last."""
    moment: datetime | None = Entry.objects.filter(subject_type="issue", subject_id=issue.pk).aggregate(at=Max("at"))["at"]
    return moment


def limit_of(issue: Issue) -> timedelta:
    """The whole time of the ring: the last hours before the clock, in which an issue is made."""
    return min(issue.due_at - issue.window_from, LAST_HOURS)


def dispatch_counts(issue: Issue) -> dict[str, int]:
    """How many recipients have it, wait for it, could not be reached."""
    return issue.dispatches.aggregate(
        all=Count("pk"),
        sent=Count("pk", filter=Q(state="sent")),
        waiting=Count("pk", filter=Q(state="waiting")),
        failed=Count("pk", filter=Q(state="failed")),
    )


def may_be_reviewed_by(issue: Issue, user: User) -> bool:
    """Who writes never reviews the same thing."""
    return user.pk not in writers(issue)
