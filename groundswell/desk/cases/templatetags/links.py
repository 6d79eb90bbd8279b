"""The one-time links of a task, for its page."""

from __future__ import annotations

from typing import Any

from django.template import Library
from django.template.context import Context

from groundswell.desk.cases.models import Task, TaskLink
from groundswell.desk.spine.ports import now

register = Library()


@register.inclusion_tag("cases/link_state.html", takes_context=True)
def task_links(context: Context, task: Task) -> dict[str, Any]:
    """How the links of TASK stand, and who approved its answer within the unit."""
    rows = list(task.links.order_by("-id"))
    approved = next((each for each in rows if each.purpose == TaskLink.Purpose.APPROVE and each.approves_id and each.used_at), None)
    return {"links": rows, "task": task, "approved": approved, "now": now(), "csrf_token": context.get("csrf_token")}
