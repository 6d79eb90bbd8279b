"""The screens of cases: the board, a new case, one case, a unit's tasks, one task."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

from groundswell.desk.accounts.models import Unit
from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.cases import clocks, queries, reviews, similar
from groundswell.desk.cases.aftermath import Improvement
from groundswell.desk.cases.forms import OpenForm
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.timeline import entries_of
from groundswell.desk.spine.views import needs

BOARD_UP_TO = 60  # open cases; above that the list comes first
CLOSED_DAYS = 30


@needs("case.read")
def board(request: HttpRequest) -> HttpResponse:
    """What is late, what is mine?"""
    params, moment = request.GET.dict(), now()
    rows = queries.narrowed(user_of(request), params)
    columns = queries.board(rows, moment, moment - timedelta(days=CLOSED_DAYS))
    is_open = sum(column.count for column in columns if column.code != "closed")
    shape = params.get("view") or ("board" if is_open <= BOARD_UP_TO else "list")
    context = {
        "columns": columns,
        "cards": sorted(
            (card for column in columns if column.code != "closed" for card in column.cards),
            key=lambda card: (card.clock is None, card.clock.state.ends_at if card.clock else card.case.opened_at),
        ),
        "shape": shape,
        "open": is_open,
        "late": queries.late(rows, moment).count(),
        "kinds": queries.kind_counts(queries.readable(user_of(request))),
        "unit": Unit.objects.filter(code=params.get("unit", "")).first(),
        "params": params,
    }
    return render(request, "cases/board.html", context)


@needs("case.handle")
def new(request: HttpRequest) -> HttpResponse:
    """A case that comes from no story."""
    if not may(request.user, "case.handle"):
        raise PermissionDenied("case.handle")
    form = OpenForm(request.POST or None, initial={"kind": request.GET.get("kind", "message")})
    if request.method == "POST" and form.is_valid():
        made = registry.found("case.open", user_of(request), form.cleaned_data)
        return HttpResponseRedirect(made.get_absolute_url())
    return render(request, "cases/new.html", {"form": form}, status=422 if form.errors else 200)


@needs("case.read")
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Whose turn is it, and when is it due?"""
    found = queries.readable(user_of(request)).select_related("unit", "story", "opened_by").filter(number=number).first()
    if found is None:
        raise Http404(number)
    moment = now()
    tasks = list(found.tasks.select_related("unit"))
    first = clocks.next_of(tasks, moment)
    context: dict[str, Any] = {
        "case": found,
        "sort": found.rules.sorts[found.sort].words if found.sort in found.rules.sorts else None,
        "turn": queries.whose_turn(found, tasks),
        "clocks": clocks.standing(found, moment),
        "tasks": [(task, first.get(task.pk)) for task in tasks],
        "roles": found.roles.filter(renounced_at=None).select_related("user"),
        "entries": list(entries_of(found)),
        "first_move": next((each.name for each in registry.possible(user_of(request), found) if each.to_state), ""),
        "moves": " ".join(name for name in registry.ACTIONS if name.startswith(f"case.{found.kind}_")),
        "consultations": found.consultations.all()[:10],
        "reports": found.reports.select_related("by")[:10],
        "report_limit": timedelta(hours=found.report_hours or 0),
        "review": reviews.review_of(found),
        "improvements": Improvement.objects.filter(review__case=found).select_related("task__unit"),
        "wants_review": found.is_open and reviews.needs_review(found),
        "similar": similar.similar(found, queries.readable(user_of(request))),
        "now": moment,
    }
    return render(request, "cases/case.html", context)


@needs("task.answer")
def tasks(request: HttpRequest) -> HttpResponse:
    """The own unit's tasks."""
    if not may(request.user, "task.answer"):
        raise PermissionDenied("task.answer")
    tab, moment = request.GET.get("tab", "todo"), now()
    found = list(queries.tasks_of(user_of(request), tab)[:100])
    first = clocks.next_of(found, moment)
    rows = [(row, first.get(row.pk)) for row in found]
    counts = {code: queries.tasks_of(user_of(request), code).count() for code in ("todo", "answered", "done")}
    return render(request, "cases/tasks.html", {"rows": rows, "tab": tab, "counts": counts})


def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task: read, sign for, answer, return; for the desk: accept, send back, hand to another."""
    found = get_object_or_404(queries.readable_tasks(user_of(request)).select_related("unit", "case__story", "handed_by"), pk=pk)
    moment = now()
    context = {
        "task": found,
        "clocks": clocks.standing(found, moment),
        "entries": list(entries_of(found)),
        "first_move": next((each.name for each in registry.possible(user_of(request), found) if each.to_state), ""),
        "sees_case": queries.readable(user_of(request)).filter(pk=found.case_id).exists(),
    }
    return render(request, "cases/task.html", context)
