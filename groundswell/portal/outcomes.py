"""What became of leads on wrongdoing: outcomes that name nobody, and counts of which none is below five."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from groundswell.desk.leads import queries
from groundswell.desk.spine.ports import today


def outcomes(request: HttpRequest) -> HttpResponse:
    """The public's page, newest first; what was withdrawn keeps its number and its day."""
    found = {"outcomes": list(queries.outcomes()[:200]), "years": queries.years(today()), "here": "outcomes", "path": "/outcomes/"}
    return render(request, "portal/outcomes.html", found)
