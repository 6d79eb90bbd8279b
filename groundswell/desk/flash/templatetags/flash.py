"""The way to a flash report from a story, and what was reported of it."""

from __future__ import annotations

from typing import Any

from django.template import Library
from django.template.context import Context

from groundswell.desk.accounts.rights import may
from groundswell.desk.flash import checks, clocks, queries
from groundswell.desk.flash.models import Delivery
from groundswell.desk.spine.ports import now
from groundswell.desk.stories.actions import LIVE
from groundswell.desk.stories.models import Story

register = Library()


@register.inclusion_tag("flash/button.html", takes_context=True)
def flash_button(context: Context, story: Story) -> dict[str, Any]:
    """One key: the draft, on its check page; the primary button while a report is due."""
    user = context["request"].user
    if not may(user, "flash.report"):
        return {"story": None}
    due = bool(clocks.running(story)) and story.state in LIVE
    return {"story": story, "due": due, "shortcuts": user.shortcuts, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("flash/trail.html", takes_context=True)
def flash_on(context: Context, story: Story) -> dict[str, Any]:
    """Calls and reports about a story, with the clocks that run."""
    if not may(context["request"].user, "flash.read"):
        return {"rows": [], "calls": [], "clocks": []}
    rows, calls = queries.of_story(story)
    running = [each for each in clocks.standing(story, now()) if each.clock.met_at is None]
    return {"rows": rows, "calls": calls, "clocks": running}


@register.filter
def why_words(row: Delivery) -> str:
    """Why somebody got it."""
    return queries.reason_words(row.why, row.instead_of)


@register.filter
def severity_icon(found: checks.Finding) -> str:
    return {"error": "x", "warn": "warn", "ok": "check"}[found.severity]
