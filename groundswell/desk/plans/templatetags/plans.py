"""Grades, reasons and thresholds in words; the plans proposed for and running on a story or a case."""

from __future__ import annotations

from typing import Any

from django.template import Library
from django.template.context import Context

from groundswell.desk.accounts.rights import may
from groundswell.desk.cases.models import Case
from groundswell.desk.plans import queries, wording
from groundswell.desk.plans.playbook import Grade
from groundswell.desk.stories.models import Story

register = Library()


@register.filter
def grade_words(grade: int | str | None) -> str:
    return wording.grade_words(grade)


@register.filter
def plan_reason(why: dict[str, Any]) -> str:
    return wording.reason_words(why)


@register.filter
def thresholds(grade: Grade) -> list[str]:
    return [wording.threshold_words(metric, want) for metric, want in grade.thresholds.items()]


@register.filter
def span_words(text: str) -> str:
    """``2h`` in words."""
    return wording.span_words(text) if text else ""


@register.inclusion_tag("plans/on_record.html", takes_context=True)
def plans_on(context: Context, record: Any) -> dict[str, Any]:
    """What runs on a story or case, and what is proposed for it."""
    user = context["request"].user
    if not may(user, "plan.read"):
        return {}
    assert isinstance(record, Story | Case)
    story = record if isinstance(record, Story) else record.story
    rows = list(queries.about(record)[:5])
    busy = any(row.is_open for row in rows)
    proposed = [] if busy or story is None else queries.proposed_for(story, 1)
    is_over = record.state == "closed" if isinstance(record, Story) else not record.is_open
    on = f"story:{record.number}" if isinstance(record, Story) else f"case:{record.number}"
    return {
        "rows": rows,
        "proposed": proposed,
        "on": on,
        "may_ask": may(user, "plan.ask") and not busy and not is_over,
        "request": context["request"],
    }
