"""The way to an instruction from what was read, and what was instructed on it."""

from __future__ import annotations

from typing import Any

from django.template import Library
from django.template.context import Context
from django.utils.translation import gettext as _

from groundswell.desk.accounts.rights import may
from groundswell.desk.bulletins.models import Issue
from groundswell.desk.bulletins.sheets import printed
from groundswell.desk.cases.models import Case
from groundswell.desk.flash.models import Report
from groundswell.desk.instructions import queries
from groundswell.desk.instructions.reading import Thing, title_of
from groundswell.desk.stories.models import Story

register = Library()


@register.inclusion_tag("instructions/button.html", takes_context=True)
def instruct_button(context: Context, record: Any, piece: Any = None, small: bool = False) -> dict[str, Any]:
    """The button for leaders, and for the office, which records; nothing for others."""
    user = context["request"].user
    words = _("Instruct") if may(user, "instruction.give") else _("Record an instruction") if may(user, "instruction.record") else ""
    if isinstance(record, Issue) and record.number is None:
        words = ""  # nobody has read it yet
    return {"words": words, "code": _thing(record, piece).code, "small": small, "shortcuts": user.shortcuts} if words else {"words": ""}


def _thing(record: Any, piece: Any) -> Thing:
    if isinstance(record, Story):
        return Thing(story=record)
    if isinstance(record, Report):
        return Thing(report=record)
    return Thing(case=record) if isinstance(record, Case) else Thing(issue=record, piece=piece)


@register.inclusion_tag("instructions/pieces.html", takes_context=True)
def instruct_pieces(context: Context, issue: Issue) -> dict[str, Any]:
    """The pieces of a signed issue, each with its button (第226期第5条)."""
    words = instruct_button(context, issue)["words"]
    pieces = [{"pk": piece.pk, "words": title_of(piece)} for piece in printed(issue)] if words else []
    return {"pieces": pieces, "words": words}


@register.inclusion_tag("instructions/trail.html", takes_context=True)
def instructions_on(context: Context, record: Any) -> dict[str, Any]:
    """What was instructed on a story, a case or an issue."""
    if not may(context["request"].user, "instruction.read"):
        return {"rows": []}
    if isinstance(record, Story):
        return {"rows": list(queries.about_story(record))}
    if isinstance(record, Case):
        return {"rows": list(queries.about_case(record))}
    return {"rows": list(record.instructions.select_related("by"))}
