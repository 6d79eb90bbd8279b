"""The screens of leads: list, registering, one lead behind its reason, its files and package, organs, what is past its time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from groundswell.desk.accounts.rights import user_of
from groundswell.desk.audit.chain import append
from groundswell.desk.leads import clocks, contents, queries, retention, sealing
from groundswell.desk.leads.forms import OrganForm, ReadForm, RegisterForm
from groundswell.desk.leads.gate import is_keeper, is_locked, kept, may_enter, open_for_reading, open_to, used
from groundswell.desk.leads.models import Certificate, Lead, Organ, Stage
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.timeline import entries_of
from groundswell.desk.spine.views import do


def found(request: HttpRequest, number: str) -> Lead:
    return get_object_or_404(queries.readable(user_of(request)).select_related("organ", "generation", "repeats", "by"), number=number)


@kept(may_enter)
def ledger(request: HttpRequest) -> HttpResponse:
    """Which lead waits for me?"""
    mine, tab = queries.readable(user_of(request)), request.GET.get("tab", "open")
    context = {
        "tabs": queries.tabs(mine, tab),
        "rows": queries.rows(queries.in_tab(mine, tab), now()),
        "keeps": is_keeper(request.user),
        "past": retention.due_leads(now()).count() + retention.due_contacts(now()).count(),
    }
    return render(request, "leads/ledger.html", context)


@kept()
def new(request: HttpRequest) -> HttpResponse:
    """From paper, telephone or a visit."""
    form = RegisterForm(request.POST, request.FILES) if request.method == "POST" else RegisterForm()
    if request.method == "POST" and form.is_valid():
        try:
            made: Lead = registry.found("lead.register", user_of(request), form.cleaned_data)
        except registry.Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            request.session["toast"] = {"words": _("Registered: %(number)s") % {"number": made.number}, "undo": "", "next": ""}
            return HttpResponseRedirect(made.get_absolute_url())
    return render(request, "leads/new.html", {"form": form}, status=422 if form.errors else 200)


@kept(may_enter)
def lead(request: HttpRequest, number: str) -> HttpResponse:
    """Its course is there at once; what it says only after a reason was given."""
    row = found(request, number)
    opened, broken = None, ""
    if open_to(request, row) and row.state != Stage.DESTROYED:
        try:
            opened = contents.opened(row)
        except sealing.SealBroken as fault:
            broken = str(fault)
    outcome = getattr(row, "outcome", None)
    context: dict[str, Any] = {
        "lead": row,
        "opened": opened,
        "broken": broken,
        "form": ReadForm(),
        "keeps": is_keeper(request.user),
        "entries": list(entries_of(row)),
        "readings": queries.readings_of(row),
        "same": queries.from_the_same(row),
        "outcome": outcome,
        "clock": clocks.next_of(row, now()),
        "steps": _steps(row),
        "leaders": list(row.leaders.all()),
        "certificates": list(row.certificates.order_by("pk")),
        "due_at": retention.due_at(row),
        "has_package": row.sealed.filter(field="package").exists(),
    }
    return render(request, "leads/lead.html", context)


def _steps(row: Lead) -> list[tuple[str, Any]]:
    last = (_("Not transferred"), row.ended_at) if row.state == Stage.ASIDE else (_("Outcome published"), row.ended_at)
    if row.state == Stage.CLOSED:
        last = (_("Closed without outcome"), row.ended_at)
    steps = [(_("Registered"), row.registered_at), (_("Screened"), row.screened_at)]
    if row.state != Stage.ASIDE:
        steps += [(_("Transferred"), row.transferred_at), (_("Receipt"), row.receipted_at), (_("Organ's answer"), row.answered_at)]
    return [*steps, last]


@kept(may_enter)
def read(request: HttpRequest, number: str) -> HttpResponse:
    """Say why, then read; the row on the audit chain comes first."""
    row = found(request, number)
    form = ReadForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "leads/read.html", {"lead": row, "form": form}, status=422 if form.errors else 200)
    open_for_reading(request, row, form.cleaned_data["why"])
    return HttpResponseRedirect(row.get_absolute_url())


@kept(may_enter)
def file(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """A file of an opened lead: a picture on screen, a PDF to be saved."""
    row = found(request, number)
    if not open_to(request, row):
        return HttpResponseRedirect(row.get_absolute_url())
    one = contents.file_of(row, code)
    if one is None:
        raise Http404
    response = HttpResponse(one.body, content_type=one.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    if one.media_type != "image/png":
        response["Content-Disposition"] = f'attachment; filename="{row.number}-{one.name}"'
    return response


@kept()
def package(request: HttpRequest, number: str) -> HttpResponse:
    """The sealed package, which only the organ opens; each copy is on the chain."""
    row = found(request, number)
    packed = sealing.get(row, "package")
    if packed is None:
        raise Http404
    append("lead.package", user_of(request), f"lead:{row.pk}", {})
    response = HttpResponse(packed, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{row.number}.zip.age"'
    return response


@kept(may_enter)
def act(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """An act of the registry on a lead; one that the person may not see or do does not exist."""
    row = found(request, ref)
    if registry.ACTIONS[name] not in registry.possible(user_of(request), row) and not _allowed(request, name):
        raise Http404
    return do(request, ref, name)


def _allowed(request: HttpRequest, name: str) -> bool:
    """In the wrong state the frame answers in words; without the right nothing does."""
    return is_keeper(request.user) or registry.ACTIONS[name].permission == "lead.read"


@kept()
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """What was destroyed, to be printed and filed."""
    row = get_object_or_404(Certificate.objects.select_related("lead", "by"), number=number)
    return render(request, "leads/certificate.html", {"certificate": row})


@kept()
def past(request: HttpRequest) -> HttpResponse:
    """Past their time: a person decides on each."""
    moment = now()
    context = {
        "leads": list(retention.due_leads(moment)),
        "contacts": list(retention.due_contacts(moment)),
        "certificates": list(Certificate.objects.select_related("lead", "by").order_by("-pk")[:50]),
    }
    return render(request, "leads/retention.html", context)


@kept()
def organs(request: HttpRequest) -> HttpResponse:
    """To whom leads can go, and with which keys."""
    form = OrganForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            registry.found("organ.add", user_of(request), form.cleaned_data)
        except registry.Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect("/desk/leads/organs/")
    return render(request, "leads/organs.html", {"organs": list(Organ.objects.all()), "form": form}, status=422 if form.errors else 200)


@kept()
def organ(request: HttpRequest, ref: int) -> HttpResponse:
    """One organ: its key in full, what was changed."""
    row = get_object_or_404(Organ, pk=ref)
    return render(request, "leads/organ.html", {"organ": row, "entries": list(entries_of(row))})


@kept()
def organ_act(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    return do(request, ref, name)


@kept(may_enter, locks=False)
def awake(request: HttpRequest) -> HttpResponse:
    """Asked by an open page every minute, which is no use of it: once the lock has fallen the page goes. What is written counts as use."""
    if is_locked(request):
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    if request.method == "POST":
        used(request)
    return HttpResponse(status=204)
