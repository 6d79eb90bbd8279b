"""The outcome's page: written with its doubts beside it, passed by another person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from groundswell.desk.accounts.rights import user_of
from groundswell.desk.leads import contents, sealing
from groundswell.desk.leads.contents import Draft
from groundswell.desk.leads.forms import OutcomeForm
from groundswell.desk.leads.gate import is_keeper, kept, may_enter, open_to
from groundswell.desk.leads.models import Lead, Stage
from groundswell.desk.leads.outcome_actions import doubts_of
from groundswell.desk.leads.views import found
from groundswell.desk.spine import actions as registry


@kept(may_enter)
def outcome(request: HttpRequest, number: str) -> HttpResponse:
    """Write, look at the doubts, propose; the second person reads it here. The lead must have been opened with a reason."""
    row = found(request, number)
    if row.state != Stage.ANSWERED or not open_to(request, row):
        return HttpResponseRedirect(row.get_absolute_url())
    try:
        draft = contents.draft_of(row)
        return _page(request, row, draft)
    except sealing.SealBroken as fault:
        return render(request, "leads/outcome.html", {"lead": row, "broken": str(fault)})


def _page(request: HttpRequest, row: Lead, draft: Draft | None) -> HttpResponse:
    keeps = is_keeper(request.user)
    posted = request.method == "POST" and keeps
    initial = {name: getattr(draft, name) for name in ("title", "text", "title_en", "text_en")} if draft else {}
    form = OutcomeForm(request.POST if posted else None, initial=initial)
    status = 200
    if posted:
        status = 422
        if form.is_valid():
            said = dict(form.cleaned_data)
            knowing = said.pop("knowing")
            draft = Draft(**said)
            if "check" not in request.POST:
                try:
                    registry.perform("lead.propose", user_of(request), row, {"draft": draft, "knowing": knowing})
                    return HttpResponseRedirect(request.path)
                except registry.Refused as refusal:
                    form.add_error(None, str(refusal))
            else:
                status = 200
    stands = getattr(row, "outcome", None)
    context = {
        "lead": row,
        "form": form if keeps else None,
        "draft": draft,
        "doubts": doubts_of(row, draft) if draft else [],
        "outcome": stands,
        "mine": stands is not None and stands.drafted_by_id == request.user.pk,
        "editing": keeps and (stands is None or posted or "edit" in request.GET),
    }
    return render(request, "leads/outcome.html", context, status=status)
