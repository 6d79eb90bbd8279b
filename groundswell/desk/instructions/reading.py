"""What an instruction hangs on: found from an address, said in words, and where it stands in the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import Unit, User
from groundswell.desk.accounts.rights import may
from groundswell.desk.bulletins.models import Issue, IssueItem
from groundswell.desk.bulletins.sheets import printed
from groundswell.desk.bulletins.templatetags.bulletins import issue_words
from groundswell.desk.cases import queries as case_queries
from groundswell.desk.cases.models import Case
from groundswell.desk.flash import queries as flash_queries
from groundswell.desk.flash.models import Report, Stage
from groundswell.desk.flash.paper import short_of
from groundswell.desk.spine.shell import named
from groundswell.desk.stories import queries as story_queries
from groundswell.desk.stories.models import Story


@dataclass(frozen=True)
class Thing:
    """A story, a case, a flash report, or an issue and perhaps its piece."""

    story: Story | None = None
    case: Case | None = None
    issue: Issue | None = None
    piece: IssueItem | None = None
    report: Report | None = None

    @property
    def record(self) -> Story | Case | Issue | Report:
        """Whose timeline it is."""
        found = self.story or self.case or self.issue or self.report
        assert found is not None
        return found

    @property
    def code(self) -> str:
        """How an address names it: ``story:ST-…``, ``case:CA-…``, ``flash:KB-…``, ``issue:12``, ``piece:88``."""
        if self.story is not None:
            return f"story:{self.story.number}"
        if self.case is not None:
            return f"case:{self.case.number}"
        if self.report is not None:
            return f"flash:{self.report.ref}"
        return f"piece:{self.piece.pk}" if self.piece is not None else f"issue:{self.record.pk}"

    @property
    def fields(self) -> dict[str, Any]:
        return {"story": self.story, "case": self.case, "issue": self.issue, "piece": self.piece, "report": self.report}

    @property
    def words(self) -> str:
        """What it is called: a title, or the issue and the place in it (第226期第5条)."""
        if self.report is not None:
            return _("Flash report %(report)s") % {"report": self.report}
        if self.issue is None:
            return str(getattr(self.record, "title", ""))
        issue = f"{named(self.issue.series)} {issue_words(self.issue)}"
        if self.piece is None:
            return issue
        return _("%(issue)s, item %(n)s: %(title)s") % {"issue": issue, "n": place_of(self.piece), "title": title_of(self.piece)}

    @property
    def title(self) -> str:
        """The title alone."""
        if self.piece is not None:
            return title_of(self.piece)
        return self.words

    @property
    def address(self) -> str:
        if self.story is not None:
            return f"/desk/stories/{self.story.number}/"
        if self.case is not None:
            return self.case.get_absolute_url()
        if self.report is not None:
            return self.report.get_absolute_url()
        assert self.issue is not None
        return self.issue.address

    @property
    def text(self) -> str:
        """What there is to read of it, in short."""
        if self.piece is not None:
            return (self.piece.text_en if get_language() == "en" and self.piece.text_en else self.piece.text) or ""
        if self.case is not None and self.case.text:
            return self.case.text
        if self.report is not None:
            return short_of(self.report, get_language() or "zh-hans")
        story = self.about
        return (story.summary_by_hand or "".join(str(part["text"]) for part in story.digest)) if story is not None else ""

    @property
    def about(self) -> Story | None:
        """The story behind it, where there is one."""
        if self.story is not None:
            return self.story
        if self.case is not None:
            return self.case.story
        if self.report is not None:
            return self.report.story
        return self.piece.story if self.piece is not None else None

    @property
    def unit(self) -> Unit | None:
        """The unit whose matter it is, as far as known."""
        if self.case is not None and self.case.unit is not None:
            return self.case.unit
        return self.about.unit if self.about is not None else None


def title_of(piece: IssueItem) -> str:
    """The title of PIECE in the reader's language."""
    return piece.title_en if get_language() == "en" and piece.title_en else piece.title


def place_of(piece: IssueItem) -> int:
    """Which piece of its printed issue it is, from 1; 0 where it was not printed."""
    ids = [each.pk for each in printed(piece.issue)]
    return ids.index(piece.pk) + 1 if piece.pk in ids else 0


def thing_of(row: Any) -> Thing:
    """What ROW (an instruction or a passing) hangs on."""
    return Thing(row.story, row.case, row.issue, row.piece, row.report)


def find(user: User, code: str) -> Thing | None:
    """What CODE names, where USER may read it."""
    kind, _sign, ref = code.partition(":")
    if kind == "story":
        story = story_queries.readable(user).filter(number=ref).first()
        return Thing(story=story) if story else None
    if kind == "case":
        case = case_queries.readable(user).filter(number=ref).first()
        return Thing(case=case) if case else None
    if kind == "flash":
        report = flash_queries.readable(user).filter(ref=ref, state=Stage.SENT).select_related("story__unit").first()
        return Thing(report=report) if report else None
    if not may(user, "bulletin.read") or not ref.isdigit():
        return None
    if kind == "issue":
        issue = Issue.objects.select_related("series").filter(pk=ref, number__isnull=False).first()
        return Thing(issue=issue) if issue else None
    if kind == "piece":
        piece = IssueItem.objects.select_related("issue__series", "story").filter(pk=ref, issue__number__isnull=False).first()
        return Thing(issue=piece.issue, piece=piece) if piece else None
    return None
