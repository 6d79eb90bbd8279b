"""The screens of the zero reports: the day's list, a unit's own, the one-time link."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from groundswell.desk.accounts.door import Shut, closed
from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.roster import zero
from groundswell.desk.roster.forms import ReportForm
from groundswell.desk.roster.models import ZeroReport
from groundswell.desk.roster.views import made, read_day
from groundswell.desk.spine import ports
from groundswell.desk.spine.actions import Refused


def reports(request: HttpRequest) -> HttpResponse:
    """Who reported, who had nothing, who is missing; a unit's officer sees its own of the last days."""
    me = user_of(request)
    keeps = may(me, "zero.keep")
    if not keeps and not may(me, "zero.report"):
        raise PermissionDenied("zero.report")
    day = read_day(request.GET["day"]) if request.GET.get("day") else ports.today()
    rows = ZeroReport.objects.select_related("unit", "answered_by")
    rows = rows.filter(day=day) if keeps else rows.filter(unit=me.unit, day__gt=day - timedelta(days=30))
    shown = sorted(rows, key=lambda row: (-row.day.toordinal(), row.state != ZeroReport.State.MISSING, row.unit.sort_key, row.pk))
    context = {
        "rows": shown,
        "day": day,
        "keeps": keeps,
        "missing": sum(1 for row in shown if row.state == ZeroReport.State.MISSING),
        "due": zero.due_on(day),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "link": request.session.pop("zero_link", None),
    }
    return render(request, "roster/zero.html", context)


def one(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponseRedirect(f"/desk/zero-reports/?day={get_object_or_404(ZeroReport, pk=pk).day}")


@require_POST
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """A one-time link for a unit, shown once to be passed on."""
    if not may(request.user, "zero.keep"):
        raise PermissionDenied("zero.keep")
    report = get_object_or_404(ZeroReport.objects.select_related("unit"), pk=pk)
    target = f"/desk/zero-reports/?day={report.day}"
    try:
        path = zero.make_link(report)
    except Refused as refusal:
        return made(request, refusal, target)
    request.session["zero_link"] = {"unit": str(report), "address": request.build_absolute_uri(path)}
    return HttpResponseRedirect(target)


@csrf_exempt  # the address itself is the key and no cookie counts
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The unit's page behind its link: one press, or a report. Used, renewed or run out, it says so and shows nothing else."""
    with translation.override("en" if translation.get_language_from_request(request) == "en" else "zh-hans"):
        return closed(_by_link(request, token))


def _by_link(request: HttpRequest, token: str) -> HttpResponse:
    try:
        report = zero.by_link(token, str(request.META.get("REMOTE_ADDR", "")))
    except Shut:
        return render(request, "roster/zero_link.html", {"gone": True, "many": True}, status=429)
    if report is None:
        return render(request, "roster/zero_link.html", {"gone": True}, status=404)
    if request.method != "POST":
        return render(request, "roster/zero_link.html", {"report": report, "form": ReportForm()})
    form = ReportForm(request.POST)
    if "nothing" not in request.POST and not form.is_valid():
        return render(request, "roster/zero_link.html", {"report": report, "form": form}, status=422)
    try:
        zero.answer(report, "" if "nothing" in request.POST else form.cleaned_data["text"])
    except Refused:
        return render(request, "roster/zero_link.html", {"gone": True}, status=404)
    return render(request, "roster/zero_link.html", {"done": True, "report": report})
