"""What the frame shows of bulletins: the count beside their place in the rail, and what the palette finds."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may_propose
from groundswell.desk.bulletins import queries
from groundswell.desk.bulletins.models import Issue, Series
from groundswell.desk.spine.palette import Hit, finder, matches
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.shell import Count, counter, named

FEW = 6


@counter("bulletins")
def pieces_of_the_next(user: User) -> Count | None:
    """Pieces picked of those that the issue due next usually has: 9/12. Index on ``due_at``."""
    rows = Issue.objects.filter(state__in=queries.UNDONE, by_clock=True, series__is_active=True)
    issue = rows.filter(due_at__gte=now()).order_by("due_at").select_related("series").first()
    if issue is None:
        return None
    return Count(f"{issue.pieces.count()}/{issue.series.most_pieces}")


@finder
def find_bulletins(user: User, text: str) -> Iterator[Hit]:
    """Series by name, pinyin or initials; issues by number (226, 第226期) or by words of their pieces' titles."""
    if not may_propose(user, "bulletin.read"):
        return
    for series in Series.objects.filter(is_active=True):
        if matches(text, series.name, series.name_en, series.code):
            yield Hit(named(series), f"/desk/bulletins/{series.pk}/", _("series"), "bull")
    bare = text.strip().lstrip("第#").rstrip("期")
    rows = queries.issues(user).order_by("-due_at")
    if bare.isdigit() and len(bare) < 6:
        for issue in rows.filter(number=int(bare))[:FEW]:
            yield _hit(issue)
    elif len(text) > 1:
        for issue in rows.filter(pk__in=Issue.objects.filter(pieces__title__icontains=text).values("pk"))[:FEW]:
            yield _hit(issue)


def _hit(issue: Issue) -> Hit:
    words = _("Issue %(number)s") % {"number": issue.number} if issue.number else _("draft")
    return Hit(f"{named(issue.series)} {words}", issue.address, str(issue.get_state_display()), "bull", issue.day.isoformat())
