"""The pages behind a one-time link, for people without an account; and the desk's page that shows a new link once."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from groundswell.collect.errors import ArchiveError
from groundswell.desk.accounts.door import Shut, closed, new_token
from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.audit.chain import append
from groundswell.desk.cases import clocks, links, messenger, queries, scans
from groundswell.desk.cases.link_forms import form_for
from groundswell.desk.cases.models import Task, TaskLink
from groundswell.desk.entry import pictures
from groundswell.desk.spine.actions import Refused, perform
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.preferences import preference

ACTS = {TaskLink.Purpose.ANSWER: ("sign", "answer", "give_back"), TaskLink.Purpose.APPROVE: ("approve", "send_back")}


@csrf_exempt  # the address itself is the key and no cookie counts; without a referrer browsers send the origin "null"
@sensitive_post_parameters()
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """One task and nothing else: read, sign for, answer, return; or, for the unit's head, approve."""
    request.upload_handlers = [pictures.InMemory(request)]
    try:
        link = links.opened(token, str(request.META.get("REMOTE_ADDR", "")))
    except Shut:
        return closed(render(request, "cases/link_gone.html", {"many": True}, status=429))
    if link is None:
        return closed(render(request, "cases/link_gone.html", status=404))
    if (language := request.GET.get("language", "")) in ("zh-hans", "en"):
        return closed(_spoken(request, language))
    if request.method != "POST":
        return closed(_page(request, link))
    wanted = request.POST.get("act", "")
    if wanted not in ACTS[TaskLink.Purpose(link.purpose)]:
        return closed(_page(request, link))
    form = form_for(wanted, wanted, request.POST, request.FILES)
    if not form.is_valid():
        return closed(_page(request, link, wanted, form, status=422))
    try:
        return closed(_done(request, link, wanted, form.cleaned_data))
    except (Refused, pictures.PictureFault) as fault:
        form.add_error(None, fault.words if isinstance(fault, pictures.PictureFault) else str(fault))
        return closed(_page(request, link, wanted, form, status=422))


def _spoken(request: HttpRequest, language: str) -> HttpResponse:
    """The same page in LANGUAGE."""
    response = HttpResponseRedirect(request.path)
    response.set_cookie("language", language, max_age=365 * 24 * 3600, samesite="Lax", httponly=True)
    return response


def _done(request: HttpRequest, link: TaskLink, act: str, said: dict[str, Any]) -> HttpResponse:
    who, ahead = said["who"].strip(), ""
    if act == "sign":
        links.sign(link, who)
        return HttpResponseRedirect(request.path)
    if act == "give_back":
        links.give_back(link, who, said["reason"].strip())
    elif act == "answer":
        ahead = links.answer(link, who, said["text"].strip(), scans.uploaded(request, "answer-photo"))
    elif act == "approve":
        links.approve(link, who)
    else:
        links.send_back(link, who, said["reason"].strip())
    context = {"act": act, "task": link.task, "ahead": request.build_absolute_uri(links.path_of(ahead)) if ahead else ""}
    return render(request, "cases/link_done.html", context)


def _page(request: HttpRequest, link: TaskLink, wanted: str = "", filled: Any = None, status: int = 200) -> HttpResponse:
    task = link.task
    acts = ACTS[TaskLink.Purpose(link.purpose)]
    who = link.who if link.purpose == TaskLink.Purpose.ANSWER else ""
    forms = {act: filled if act == wanted else form_for(act, "", text=link.text, who=who) for act in acts}
    context = {
        "link": link,
        "task": task,
        "clocks": [each for each in clocks.standing(task, now()) if each.is_open],
        "forms": forms,
        "filled": filled,
        "wanted": wanted,
        "waiting": links.waiting_approval(link) if link.purpose == TaskLink.Purpose.ANSWER else None,
        "written": link.approves,
        "office": _office(),
        "takes_pictures": pictures.has_pillow(),
    }
    return render(request, "cases/link.html", context, status=status)


def _office() -> str:
    """Who asks, in the language of the page."""
    ending = "_en" if get_language() == "en" and preference("body.office_en") else ""
    return str(preference(f"body.office{ending}") or preference("body.name"))


# ---------------------------------------------------------------- at the desk


def make(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link of a task, shown this once."""
    task, user = task_for(request, pk)
    if not may(user, "task.hand_out", task):
        raise PermissionDenied("task.hand_out")
    if request.method != "POST":
        return render(request, "cases/link_make.html", {"task": task} | _ways(task))
    token = new_token()
    try:
        perform("task.make_link", user, task, {"token": token})
    except Refused as refusal:
        return render(request, "cases/link_make.html", {"task": task, "refusal": str(refusal)}, status=422)
    base = str(preference("links.address")).rstrip("/")
    address = base + links.path_of(token) if base else request.build_absolute_uri(links.path_of(token))
    context = {"task": task, "address": address, "link": task.links.latest("id")} | _ways(task)
    return closed(render(request, "cases/link_make.html", context))


def _ways(task: Task) -> dict[str, bool]:
    """By which ways the desk itself can send a link of TASK."""
    has_address = bool(str(preference("links.address")).strip())
    return {"may_mail": has_address, "may_message": has_address and messenger.ways_to(task.unit).exists()}


@require_POST
def photo(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    """The photograph of an answer out of the archive; each look is written down."""
    task, user = task_for(request, pk)
    found = get_object_or_404(task.links.exclude(photo=""), pk=link)
    append("picture.seen", user, f"task:{task.pk}", {})
    try:
        return scans.shown(found.photo)
    except ArchiveError:
        raise Http404(link) from None


def task_for(request: HttpRequest, pk: int) -> tuple[Task, User]:
    """A task with its unit, and who asks for it; 404 for who may not read it."""
    user = user_of(request)
    return get_object_or_404(queries.readable_tasks(user).select_related("unit"), pk=pk), user
