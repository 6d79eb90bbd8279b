"""The pages of a consultation and of a kept situation report."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from groundswell.desk.accounts.rights import user_of
from groundswell.desk.cases import queries, reports
from groundswell.desk.cases.aftermath import Consultation, SituationReport
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.timeline import entries_of
from groundswell.desk.spine.views import needs


@needs("case.read")
def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    """Who comes, what is held, what was decided; afterwards the minutes, to be printed."""
    rows = Consultation.objects.filter(case__in=queries.readable(user_of(request))).select_related("case", "called_by")
    found = get_object_or_404(rows, pk=pk)
    context = {
        "row": found,
        "people": list(found.people.all()),
        "units": list(found.units.all()),
        "present": set(found.present.values_list("pk", flat=True)),
        "present_units": set(found.present_units.values_list("pk", flat=True)),
        "others": [*found.present.exclude(pk__in=found.people.all()), *found.present_units.exclude(pk__in=found.units.all())],
        "views": found.views.all(),
        "decisions": found.decisions.select_related("task__unit"),
        "entries": list(entries_of(found)),
        "has_begun": found.at <= now(),
    }
    return render(request, "cases/consultation.html", context)


@needs("case.read")
def report(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """A situation report as it was kept, with the facts behind it."""
    case = queries.readable(user_of(request)).filter(number=number).first()
    if case is None:
        raise Http404(number)
    found = get_object_or_404(SituationReport.objects.select_related("by"), case=case, number=n)
    return render(request, "cases/report.html", {"case": case, "report": found, "lines": reports.lines_of(found)})
