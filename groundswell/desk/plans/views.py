"""The screens of plans: what runs and is proposed, asking, a drill, one response, the library."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

from groundswell.desk.accounts.models import Unit, User
from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.cases import queries as case_queries
from groundswell.desk.cases.models import Case
from groundswell.desk.plans import queries
from groundswell.desk.plans.forms import AskForm, DrillForm
from groundswell.desk.plans.models import Plan, PlanVersion, Response, ResponseStep, Stage
from groundswell.desk.plans.wording import grade_words
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.timeline import entries_of
from groundswell.desk.spine.views import needs
from groundswell.desk.stories import queries as story_queries
from groundswell.desk.stories.models import Story

TABS = ("now", "library", "past", "drills")
MOST = 100


@needs("plan.read")
def board(request: HttpRequest) -> HttpResponse:
    """What runs, what was asked, what the program proposes? And the plans themselves."""
    user, tab = user_of(request), request.GET.get("tab", "now")
    tab = tab if tab in TABS else "now"
    context: dict[str, Any] = {"tab": tab, "listed": queries.listed(), "may_ask": may(user, "plan.ask")}
    if tab == "now":
        context["rows"] = [*queries.responses(drill=False, states=queries.OPEN), *queries.responses(drill=True, states=queries.OPEN)]
        context["proposed"] = queries.proposed_now(user, now()) if may(user, "story.read") else []
    elif tab == "library":
        context["plans"] = queries.library()
    else:
        context["rows"] = queries.responses(drill=tab == "drills", states=tuple(Stage) if tab == "drills" else queries.PAST)[:MOST]
    return render(request, "plans/board.html", context)


@needs("plan.ask")
def ask(request: HttpRequest) -> HttpResponse:
    """请示启动 on a story or a case: the reasons stand beside the form and are kept with the request."""
    user = user_of(request)
    _must(user, "plan.ask")
    record = _thing(user, request.GET.get("on", ""))
    story = record if isinstance(record, Story) else record.story
    proposed = queries.proposed_for(story) if story is not None else []
    wanted = request.GET.get("plan") or (proposed[0].version.plan.code if proposed else "")
    chosen = next((each for each in proposed if each.version.plan.code == wanted), None)
    unit = record.unit or (story.unit if story else None)
    initial = {"plan": wanted, "grade": chosen.proposal.grade if chosen else 4, "leader": queries.suggested_leader(unit, now())}
    form = AskForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        kept = next((each for each in proposed if each.version.plan_id == form.cleaned_data["plan"].pk), None)
        said = form.cleaned_data | {"why": list(kept.proposal.why) if kept else []}
        said |= {"story": record} if isinstance(record, Story) else {"case": record}
        if (made := _found(form, user, said)) is not None:
            return HttpResponseRedirect(made.get_absolute_url())
    context = {"form": form, "record": record, "proposed": proposed, "chosen": chosen, "back": record_url(record)}
    return render(request, "plans/ask.html", context, status=422 if form.errors else 200)


def _thing(user: User, code: str) -> Story | Case:
    kind, _sign, ref = code.partition(":")
    found: Story | Case | None = None
    if kind == "story":
        found = story_queries.readable(user).filter(number=ref).first()
    elif kind == "case":
        found = case_queries.readable(user).filter(number=ref).first()
    if found is None:
        raise Http404(code)
    return found


def record_url(record: Story | Case) -> str:
    return f"/desk/stories/{record.number}/" if isinstance(record, Story) else record.get_absolute_url()


def _found(form: AskForm, user: User, said: dict[str, Any]) -> Response | None:
    try:
        made: Response = registry.found("response.ask", user, said)
    except registry.NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from None
    except registry.Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    return made


def _must(user: User, permission: str) -> None:
    if not may(user, permission):
        raise PermissionDenied(permission)


@needs("plan.ask")
def drill(request: HttpRequest) -> HttpResponse:
    """A drill: the same way with a scene that somebody thought up."""
    user = user_of(request)
    _must(user, "plan.ask")
    initial = {"plan": request.GET.get("plan", ""), "grade": 3, "leader": queries.suggested_leader(None, now())}
    form = DrillForm(request.POST if request.method == "POST" else None, initial=initial)
    sent = request.method == "POST" and form.is_valid()
    if sent and (made := _found(form, user, form.cleaned_data | {"drill": True})) is not None:
        return HttpResponseRedirect(made.get_absolute_url())
    return render(request, "plans/drill.html", {"form": form}, status=422 if form.errors else 200)


@needs("plan.read")
def response(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to be done now, by whom, until when; who decided what?"""
    rows = Response.objects.select_related("plan_version__plan", "story__unit", "case__unit", "leader", "asked_by")
    found = get_object_or_404(rows, pk=pk)
    is_open, over = queries.steps_of(found)
    held = {row.role: row for row in found.roles.filter(renounced_at=None).select_related("user")}
    context = {
        "response": found,
        "book": found.book,
        "todo": is_open,
        "over": over,
        "grades": found.grades.select_related("by"),
        "roles": [(role, held.get(role.code)) for role in found.book.roles],
        "earlier": found.roles.exclude(renounced_at=None).count(),
        "entries": list(entries_of(found)),
        "first": _first(found),
        "wanted": grade_words(found.wanted_grade),
        "meaning": found.book.grade(found.grade or found.asked_grade),
        "newer": found.plan_version.plan.current.number > found.plan_version.number,
    }
    return render(request, "plans/response.html", context)


def _first(found: Response) -> str:
    if found.state == Stage.ASKED:
        return "response.approve"
    if found.wants_end:
        return "response.end"
    return "response.change_grade" if found.wanted_grade else "response.review"


@needs("plan.read")
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """A step has no page of its own: it stands on its response's."""
    row = get_object_or_404(ResponseStep.objects.select_related("response"), pk=pk)
    return HttpResponseRedirect(row.get_absolute_url())


@needs("plan.read")
def plan(request: HttpRequest, code: str, number: int | None = None) -> HttpResponse:
    """What a plan says, in its present or an earlier version."""
    found = get_object_or_404(Plan, code=code)
    version = found.current if number is None else get_object_or_404(PlanVersion, plan=found, number=number)
    versions = found.versions.select_related("made_by")
    units = {unit.code: unit for unit in Unit.objects.all()}
    used = found.versions.filter(responses__drill=False, responses__started_at__isnull=False).count()
    context = {"plan": found, "version": version, "book": version.book, "versions": versions, "units": units, "used": used}
    return render(
        request, "plans/plan.html", context | {"is_current": number in (None, found.current.number), "entries": list(entries_of(found))}
    )


@needs("plan.read")
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the timeline of a version leads."""
    row = get_object_or_404(PlanVersion.objects.select_related("plan"), pk=pk)
    return HttpResponseRedirect(row.get_absolute_url())
