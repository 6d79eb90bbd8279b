"""What the body said on a story or case, and the way to say something."""

from __future__ import annotations

from typing import Any

from django.template import Library
from django.template.context import Context

from groundswell.desk.accounts.rights import may
from groundswell.desk.releases import queries
from groundswell.desk.releases.grounds import ground_words
from groundswell.desk.releases.models import Release
from groundswell.desk.spine.ports import now
from groundswell.desk.stories.models import Story

register = Library()


@register.inclusion_tag("releases/on_story.html", takes_context=True)
def releases_on(context: Context, record: Any) -> dict[str, Any]:
    """Releases on a story or case; of a story also what was said in public with its comparison."""
    user = context["request"].user
    if not may(user, "release.read"):
        return {}
    is_story = isinstance(record, Story)
    rows = Release.objects.filter(story=record) if is_story else Release.objects.filter(case=record)
    return {
        "open": [row for row in rows.select_related("current").order_by("-id")[:20] if row.is_open],
        "said": queries.said_on(record, now()) if is_story else [],
        "public": [] if is_story else [row for row in rows.select_related("current")[:20] if not row.is_open],
        "code": f"{'story' if is_story else 'case'}:{record.number}",
        "number": record.number if is_story else "",
        "may_draft": may(user, "release.draft"),
        "request": context["request"],
    }


@register.filter
def ground(code: str) -> str:
    """The ground of a secrecy review in words."""
    return ground_words(code)
