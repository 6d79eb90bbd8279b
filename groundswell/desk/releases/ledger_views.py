"""The screens of the ledgers: a year of one, a row added or put right, the year as a workbook."""

from __future__ import annotations

from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

from groundswell.desk.accounts.rights import user_of
from groundswell.desk.releases import ledger_queries
from groundswell.desk.releases.ledger_forms import LedgerForm
from groundswell.desk.releases.ledger_kinds import LedgerKind, ledger_kinds
from groundswell.desk.releases.models import LedgerRow
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.ports import today
from groundswell.desk.spine.timeline import entries_of
from groundswell.desk.spine.views import needs

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _kind(code: str) -> LedgerKind:
    found = ledger_kinds().get(code)
    if found is None:
        raise Http404(code)
    return found


def _number(text: str | None, least: int, most: int, default: int) -> int:
    value = int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else default
    return value if least <= value <= most else default


@needs("release.read")
def first(_request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(f"/desk/releases/ledgers/{next(iter(ledger_kinds()))}/")


@needs("release.read")
def ledger(request: HttpRequest, kind: str) -> HttpResponse:
    """What was done in the year, month by month, and what does it add up to?"""
    wanted = _kind(kind)
    year = _number(request.GET.get("year"), 2000, 2100, today().year)
    month = _number(request.GET.get("month"), 1, 12, 0)
    context = {
        "kind": wanted,
        "kinds": list(ledger_kinds().values()),
        "found": ledger_queries.year_of(wanted, year, month),
        "years": sorted({year, today().year, *ledger_queries.years(kind)}, reverse=True),
        "month": month,
        "here": "ledgers",
    }
    return render(request, "releases/ledger.html", context)


@needs("release.read")
def workbook(request: HttpRequest, kind: str) -> HttpResponse:
    """The year as XLSX."""
    wanted = _kind(kind)
    year = _number(request.GET.get("year"), 2000, 2100, today().year)
    body = ledger_queries.as_xlsx(wanted, ledger_queries.year_of(wanted, year))
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{wanted.words} {year}.xlsx')}",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(body, content_type=XLSX, headers=headers)


@needs("ledger.keep")
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """A new row."""
    wanted = _kind(kind)
    form = LedgerForm(request.POST or None, kind=wanted)
    if request.method == "POST" and form.is_valid():
        registry.found("ledger_row.add", user_of(request), form.said() | {"kind": kind})
        return HttpResponseRedirect(f"/desk/releases/ledgers/{kind}/?year={form.cleaned_data['day'].year}")
    return _asked(request, wanted, form, registry.ACTIONS["ledger_row.add"])


@needs("ledger.keep")
def change(request: HttpRequest, ref: int) -> HttpResponse:
    """A row put right; the earlier values stay on its timeline."""
    row = get_object_or_404(LedgerRow, pk=ref)
    wanted = _kind(row.kind)
    form = LedgerForm(request.POST or None, kind=wanted, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            entry = registry.perform("ledger_row.change", user_of(request), row, form.said())
        except registry.NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from None
        except registry.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            back = f"/desk/releases/ledgers/{row.kind}/?year={row.day.year}"
            request.session["toast"] = {"words": str(registry.ACTIONS["ledger_row.change"].verb), "undo": str(entry.batch), "next": back}
            return HttpResponseRedirect(back)
    return _asked(request, wanted, form, registry.ACTIONS["ledger_row.change"])


def _asked(request: HttpRequest, kind: LedgerKind, form: LedgerForm, act: registry.Action) -> HttpResponse:
    context = {"form": form, "verb": act.verb, "back": f"/desk/releases/ledgers/{kind.code}/", "here": "ledgers", "kind": kind}
    return render(request, "releases/make.html", context, status=422 if form.errors else 200)


@needs("release.read")
def row(request: HttpRequest, ref: int) -> HttpResponse:
    """One row with what was done to it."""
    found = get_object_or_404(LedgerRow.objects.select_related("unit", "by"), pk=ref)
    kind = _kind(found.kind)
    cells = ledger_queries.shown(kind, [found])[0].cells
    context = {"row": found, "kind": kind, "cells": cells, "entries": list(entries_of(found)), "here": "ledgers"}
    return render(request, "releases/ledger_row.html", context)
