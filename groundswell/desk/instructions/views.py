"""The screens of instructions: the ledger, giving one, its page, its scan, the written urging."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from groundswell.collect.errors import ArchiveError
from groundswell.desk.accounts.models import Unit
from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.audit.chain import append
from groundswell.desk.cases import scans
from groundswell.desk.entry import pictures
from groundswell.desk.instructions import queries
from groundswell.desk.instructions.forms import InstructForm, PassForm, RecordForm
from groundswell.desk.instructions.models import Instruction, Passing
from groundswell.desk.instructions.reading import Thing, find, thing_of
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.ports import now, today
from groundswell.desk.spine.timeline import entries_of
from groundswell.desk.spine.views import needs

PAGE = 100
MAIN = frozenset(f"instruction.{code}" for code in ("confirm", "hand_out", "report", "accept", "close"))


@needs("instruction.read")
def ledger(request: HttpRequest) -> HttpResponse:
    """What is open, and with whom? By state, or a month sorted for 月度清理."""
    user, moment = user_of(request), now()
    found = queries.readable(user)
    params = request.GET.dict()
    if params.get("mine"):
        found = found.filter(by=user)
    context: dict[str, Any] = {"params": params, "months": queries.months(found), "may_mine": may(user, "instruction.give")}
    if first := _month(params.get("month", "")):
        return render(request, "instructions/month.html", context | {"month": queries.month_of(found, first, moment)})
    tab = params.get("tab", "open")
    page = Paginator(queries.in_tab(found, tab), PAGE).get_page(params.get("page"))
    rows = queries.rows(page.object_list, moment)  # type: ignore[arg-type]  # a slice of what it was given
    context |= {"tabs": queries.tabs(found, tab), "tab": tab, "page": page, "rows": rows}
    return render(request, "instructions/ledger.html", context)


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01") if text else None
    except ValueError:
        return None


@csrf_exempt  # the upload handler must be set before anything reads the form; the inner view checks the token
def new(request: HttpRequest) -> HttpResponse:
    """Read, then 圈阅, 批示 or 转批; for the office: record what a leader spoke or wrote."""
    request.upload_handlers = [pictures.InMemory(request)]
    return _new(request)


@csrf_protect
def _new(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    gives = may(user, "instruction.give")
    if not gives and not may(user, "instruction.record"):
        raise PermissionDenied("instruction.give")
    thing = find(user, request.GET.get("on", ""))
    if thing is None:
        raise Http404(request.GET.get("on", ""))
    wanted = request.POST.get("act", "") if request.method == "POST" else ""
    if wanted == "seen" and gives:
        return _act(request, thing, "seen", {"piece": thing.piece} if thing.piece else {})
    instruct = _instruct_form(request, thing, gives, wanted)
    refer = PassForm(request.POST if wanted == "refer" else None, prefix="refer")
    refer.fields["to"].queryset = refer.fields["to"].queryset.exclude(pk=user.pk)  # type: ignore[attr-defined]
    if wanted == "refer" and gives and refer.is_valid():
        return _act(request, thing, "refer", refer.cleaned_data | ({"piece": thing.piece} if thing.piece else {}))
    if wanted == "instruct" and instruct.is_valid():
        try:
            return _given(request, thing, gives, instruct.cleaned_data)
        except pictures.PictureFault as fault:
            instruct.add_error("scan", fault.words)
    wrong = bool(instruct.errors or refer.errors)
    whole = {name: value for name, value in thing.fields.items() if name != "piece"}
    context = _choices(instruct, thing) | {
        "thing": thing,
        "form": instruct,
        "refer": refer,
        "gives": gives,
        "wanted": wanted,
        "passing": Passing.objects.filter(to=user, done_at=None, **whole).first(),
        "earlier": queries.readable(user).filter(**thing.fields).select_related("by")[:5],
    }
    return render(request, "instructions/new.html", context, status=422 if wrong else 200)


def _instruct_form(request: HttpRequest, thing: Thing, gives: bool, wanted: str) -> InstructForm:
    initial = {"units": [thing.unit.pk]} if thing.unit else {}
    shape = InstructForm if gives else RecordForm
    if wanted == "instruct":
        return shape(request.POST, request.FILES, initial=initial)
    return shape(initial=initial)


def _choices(form: InstructForm, thing: Thing) -> dict[str, Any]:
    """The checkboxes of units: those that the matter names on top, the rest folded away."""
    suggested = [thing.unit.pk] if thing.unit else []
    codes = [row.get("unit") for row in thing.about.suggested_units] if thing.about else []
    suggested += list(Unit.objects.filter(code__in=codes).values_list("pk", flat=True))
    chosen = {str(value) for value in form["units"].value() or ()}
    boxes = list(form["units"])
    likely = [box for box in boxes if int(str(box.data["value"])) in suggested or str(box.data["value"]) in chosen]
    return {"likely": likely, "others": [box for box in boxes if box not in likely]}


def _act(request: HttpRequest, thing: Thing, code: str, values: dict[str, Any]) -> HttpResponse:
    kind = registry.subject_of(thing.record).code
    try:
        registry.perform(f"{kind}.{code}", user_of(request), thing.record, values)
    except registry.NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from None
    request.session["toast"] = {"words": str(registry.ACTIONS[f"{kind}.{code}"].verb), "undo": "", "next": thing.address}
    return HttpResponseRedirect(thing.address)


def _given(request: HttpRequest, thing: Thing, gives: bool, said: dict[str, Any]) -> HttpResponse:
    name = "instruction.give" if gives else "instruction.record"
    if not gives:
        said["scan"] = scans.uploaded(request, "scan") if said["way"] == "paper" else ""
    made = registry.found(name, user_of(request), said | {"on": thing})
    return HttpResponseRedirect(made.get_absolute_url())


@needs("instruction.read")
def instruction(request: HttpRequest, number: str) -> HttpResponse:
    """What was said, who has it now, what came of it?"""
    found = _found(request, number)
    moment = now()
    tasks = queries.tasks_of(found, moment)
    context = {
        "instruction": found,
        "thing": thing_of(found),
        "tasks": tasks,
        "waiting": any(task.is_open for task, _clock in tasks),
        "entries": list(entries_of(found)),
        "first_move": next((each.name for each in registry.possible(user_of(request), found) if each.name in MAIN), ""),
        "steps": _steps(found),
        "now": moment,
    }
    return render(request, "instructions/instruction.html", context)


def _steps(found: Instruction) -> list[tuple[str, datetime | None]]:
    """The way to 销号 with the times of what is done."""
    return [
        (_("Given"), found.given_at),
        (_("Handed out"), found.handed_at),
        (_("Answered"), found.answered_at),
        (_("Accepted"), found.accepted_at),
        (_("Closed off"), found.closed_at),
    ]


def _found(request: HttpRequest, number: str) -> Instruction:
    return get_object_or_404(queries.readable(user_of(request)).select_related(*queries.WITH).prefetch_related("units"), number=number)


@require_POST
@needs("instruction.read")
def scan(request: HttpRequest, number: str) -> HttpResponse:
    """The scan out of the archive; each look is written down."""
    found = _found(request, number)
    if not found.scan:
        raise Http404(number)
    append("picture.seen", user_of(request), f"instruction:{found.pk}", {})
    try:
        return scans.shown(found.scan)
    except ArchiveError:
        raise Http404(number) from None


@needs("task.hand_out")
def notice(request: HttpRequest, number: str, task: int) -> HttpResponse:
    """督办通知单 for one unit, to be printed and signed: who leads, what is to be done, by when, how it is judged."""
    found = _found(request, number)
    wanted = next(((each, clock) for each, clock in queries.tasks_of(found, now()) if each.pk == task), None)
    if wanted is None:
        raise Http404(str(task))
    return render(
        request,
        "instructions/notice.html",
        {"instruction": found, "thing": thing_of(found), "task": wanted[0], "clock": wanted[1], "day": today()},
    )
