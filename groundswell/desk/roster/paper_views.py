"""The screens of a shift's papers: its log, the hand-over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from groundswell.desk.accounts.rights import user_of
from groundswell.desk.roster import papers, queries, stretches
from groundswell.desk.roster.forms import LogForm, TextForm
from groundswell.desk.roster.handover import may_leave
from groundswell.desk.roster.models import DutyLog, HandOver
from groundswell.desk.roster.turns import DUTY
from groundswell.desk.roster.views import made
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine import ports
from groundswell.desk.spine.timeline import entries_of
from groundswell.desk.spine.views import needs

BACK = 14  # days of the list of logs


@needs("note.write")
def logs(request: HttpRequest) -> HttpResponse:
    """The shifts of the last two weeks, newest first, and whether their log is signed."""
    moment, last = ports.now(), ports.today()
    signed = {log.since: log for log in DutyLog.objects.filter(since__gte=moment - timedelta(days=BACK + 2)).select_related("signed_by")}
    starts = {
        turn.start
        for turn in queries.published_turns(last - timedelta(days=BACK), last)
        if turn.layer == DUTY and turn.key[2] == 0 and turn.start <= moment
    } or {stretches.running(moment).since}
    rows = []
    for start in sorted(starts | set(signed), reverse=True):
        stretch = stretches.starting(start)
        rows.append((stretch, signed.get(start), start))
    return render(request, "roster/logs.html", {"rows": [row for row in rows if row[0] or row[1]], "now": moment})


@needs("note.write")
def signed_log(request: HttpRequest, pk: int) -> HttpResponse:
    paper = get_object_or_404(DutyLog, pk=pk)
    return HttpResponseRedirect(f"/desk/roster/logs/{paper.since.astimezone(ports.zone()):%Y-%m-%dT%H:%M}/")


@needs("note.write")
def log(request: HttpRequest, code: str) -> HttpResponse:
    """The log of one shift: written from what was done, signed by its officer, printed."""
    since = _moment(code)
    paper = DutyLog.objects.filter(since=since).select_related("signed_by").first()
    stretch = stretches.starting(since)
    if stretch is None and paper is None:
        raise Http404(code)
    form = LogForm(request.POST or None)
    if request.method == "POST" and stretch is not None and form.is_valid():
        try:
            registry.found("duty_log.sign", user_of(request), {"stretch": stretch, **form.cleaned_data})
            return made(request, _("Signed."), request.path)
        except registry.Refused as refusal:
            form.add_error(None, str(refusal))
    shift = _shift(stretch, paper)
    may_sign = paper is None and stretch is not None and may_leave(user_of(request), stretch)
    context = {
        "paper": paper,
        "shift": shift,
        "people": stretches.people_words(stretch) if stretch and stretch.people else "",
        "lines": paper.facts if paper else papers.log_lines(shift),
        "form": form if may_sign else None,
        "is_over": shift.until <= ports.now(),
    }
    return render(request, "roster/log.html", context, status=422 if form.errors else 200)


def _shift(stretch: stretches.Stretch | None, paper: DutyLog | HandOver | None) -> stretches.Stretch:
    if stretch is not None:
        return stretch
    assert paper is not None, "one of the two is there"
    return stretches.Stretch(paper.name, paper.name_en, paper.since, paper.until)


def _moment(code: str) -> datetime:
    try:
        return datetime.fromisoformat(code).replace(tzinfo=ports.zone())
    except ValueError as error:
        raise Http404(code) from error


@needs("note.write")
def handover(request: HttpRequest) -> HttpResponse:
    """The hand-over of the running shift: drafted from facts, added to, signed."""
    moment = ports.now()
    stretch = stretches.running(moment)
    paper = HandOver.objects.filter(since=stretch.since).select_related("left_by", "taken_by").first()
    form = TextForm(request.POST or None, initial={"text": paper.text if paper else ""})
    if request.method == "POST" and form.is_valid():
        try:
            if paper is None:
                paper = registry.found("hand_over.write", user_of(request), {"stretch": stretch, **form.cleaned_data})
            else:
                registry.perform("hand_over.edit", user_of(request), paper, form.cleaned_data)
            if "sign" in request.POST:
                assert paper is not None, "it was just written"
                registry.perform("hand_over.sign", user_of(request), paper)
                return made(request, _("Signed and handed over."), "/desk/handover/")
            return made(request, _("Saved."), "/desk/handover/")
        except registry.Refused as refusal:
            form.add_error(None, str(refusal))
    waiting = HandOver.objects.filter(state=HandOver.State.LEFT).exclude(since=stretch.since).select_related("left_by").first()
    return _paper(request, stretch, paper, {"form": form, "waiting": waiting, "is_now": True})


@needs("note.write")
def kept(request: HttpRequest, pk: int) -> HttpResponse:
    """A hand-over that was begun, as it stands or was signed."""
    paper = get_object_or_404(HandOver.objects.select_related("left_by", "taken_by"), pk=pk)
    stretch = stretches.starting(paper.since)
    if paper.state == HandOver.State.DRAFT and stretch is not None and stretch.since <= ports.now() < stretch.until:
        return HttpResponseRedirect("/desk/handover/")
    return _paper(request, _shift(stretch, paper), paper, {"form": None, "is_now": False})


def _paper(request: HttpRequest, stretch: stretches.Stretch, paper: HandOver | None, more: dict[str, Any]) -> HttpResponse:
    moment = ports.now()
    is_open = paper is None or paper.state == HandOver.State.DRAFT
    facts = papers.hand_over_facts(stretch, moment) if is_open else paper.facts  # type: ignore[union-attr]
    form = more.get("form") if is_open else None
    shift_since = paper.since if paper else stretch.since
    context = {
        "paper": paper,
        "shift": stretch,
        "next": stretches.on_duty(moment).next if more.get("is_now") else None,
        "kinds": papers.by_kind(facts),
        "may_leave": may_leave(user_of(request), stretch),
        "past": HandOver.objects.select_related("left_by", "taken_by").exclude(since=shift_since)[:14],
        "entries": list(entries_of(paper)) if paper else [],
    }
    return render(request, "roster/handover.html", context | more | {"form": form}, status=422 if form is not None and form.errors else 200)
