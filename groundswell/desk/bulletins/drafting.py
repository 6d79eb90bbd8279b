"""The machine's draft as a piece of an issue: gathered facts, composed words, citations and figures as of picking."""

from __future__ import annotations

from datetime import datetime

from groundswell.desk.accounts.models import User
from groundswell.desk.bulletins import facts, issues, wording
from groundswell.desk.bulletins.candidates import (
    ATTENTION,
    DEVELOPING,
    POSITIVE,
    Candidate,
    Why,
    candidates,
    own_section,
    why_words,
)
from groundswell.desk.bulletins.models import Issue, IssueItem, Origin
from groundswell.desk.bulletins.phrases import length
from groundswell.desk.spine import ports
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item

__all__ = ["Candidate", "Why", "candidates", "draft", "length", "redraft", "why_words"]
LAST = 1_000_000  # behind all others of its section, until the issue is settled


def draft(
    issue: Issue,
    *,
    story: Story | None = None,
    item: Item | None = None,
    section: str = "",
    by: User | None = None,
    at: datetime | None = None,
) -> IssueItem:
    """Make the piece of STORY or ITEM in ISSUE, drafted by machine. SECTION "" takes the one that fits."""
    moment = at or ports.now()
    gathered = facts.gather(issue, story, item, moment)
    known = gathered.facts
    wanted = POSITIVE if known.is_positive else ATTENTION if known.level <= 3 or known.unverified else DEVELOPING
    subject = story or item
    assert subject is not None
    piece = IssueItem(
        issue=issue,
        section=section if section in issues.section_codes(issue.series) else own_section(issue, wanted),
        position=LAST,
        story=story,
        item=item,
        level=subject.level,
        picked_by=by,
        picked_at=moment,
    )
    _write(piece, gathered)
    return piece


def redraft(piece: IssueItem, *, by: User | None, at: datetime) -> None:
    """Draft PIECE again with what is known at AT; its place and section stay. Of a story that was merged the one it went into counts."""
    piece.story = whole(piece.story) if piece.story else None
    gathered = facts.gather(piece.issue, piece.story, piece.item, at)
    piece.version += 1
    _write(piece, gathered)


def whole(story: Story) -> Story:
    """The story that STORY has become through merging."""
    while story.merged_into is not None:
        story = story.merged_into
    return story


def _write(piece: IssueItem, gathered: facts.Gathered) -> None:
    made = wording.compose(gathered.facts, piece.issue.series.length_limit)
    words = {name: getattr(made, name) for name in ("title", "text", "advice", "title_en", "text_en", "advice_en")}
    issues.write_words(piece, words)
    piece.behind = ""
    piece.figures, piece.drafted_by_machine, piece.origin, piece.written_by = gathered.figures, True, Origin.MACHINE, None
    piece.save()
    issues.cite(piece, made.citations)
