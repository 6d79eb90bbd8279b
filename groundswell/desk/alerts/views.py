"""The screens of alerts: what calls, one alert with its chain, what was sent to whom."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from groundswell.desk.accounts.rights import user_of
from groundswell.desk.alerts import queries
from groundswell.desk.alerts.models import Channel, SendingState
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.timeline import entries_of
from groundswell.desk.spine.views import needs


@needs("alert.read")
def alerts(request: HttpRequest) -> HttpResponse:
    """What calls, who has it, until when?"""
    found, tab = queries.readable(user_of(request)), request.GET.get("tab", "now")
    page = Paginator(queries.in_tab(found, tab), queries.PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": queries.tabs(found, tab),
        "tab": tab,
        "page": page,
        "rows": queries.rows(page.object_list),  # type: ignore[arg-type]  # a slice of what it was given
        "now": now(),
        "section": "alerts",
    }
    return render(request, "alerts/alerts.html", context)


@needs("alert.read")
def alert(request: HttpRequest, number: str) -> HttpResponse:
    """Why it called, whom, what they did?"""
    found = get_object_or_404(
        queries.readable(user_of(request)).select_related(*queries.WITH).prefetch_related("steps__people"), number=number
    )
    context = {
        "alert": found,
        "row": queries.row_of(found),
        "steps": list(found.steps.all()),
        "sendings": list(found.sendings.select_related("channel", "person", "step").order_by("pk")),
        "entries": list(entries_of(found)),
        "now": now(),
    }
    return render(request, "alerts/alert.html", context)


@needs("alert.read")
def notices(request: HttpRequest) -> HttpResponse:
    """What was sent to whom, and what came of it?"""
    params = request.GET.dict()
    found = queries.sendings(user_of(request), params.get("state", ""), params.get("channel", ""))
    page = Paginator(found, queries.PAGE).get_page(params.get("page"))
    context = {
        "page": page,
        "params": params,
        "states": SendingState.choices,
        "channels": list(Channel.objects.all()),
        "section": "notices",
    }
    return render(request, "alerts/notices.html", context)
