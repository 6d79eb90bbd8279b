"""The views that the registry draws: do an action, do it to many, take it back; queue entries put off; live counts; palette."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from groundswell.desk.accounts.rights import may, may_propose
from groundswell.desk.spine import actions as registry

View = Callable[..., HttpResponse]


def needs(permission: str) -> Callable[[View], View]:
    """Only for people with PERMISSION (a proposal suffices to look)."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may_propose(request.user, permission):
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        return guarded

    return wrap


def safe_next(request: HttpRequest, default: str) -> str:
    """Where to go afterwards: only an address of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else default


def action_urls(code: str) -> list[URLPattern]:
    """``<ref>/<verb>/`` for every action of the subject CODE, and ``bulk/<verb>/``; put them into the app's urls."""
    patterns = [path("bulk/<slug:verb>/", bulk, {"code": code}, name=f"{code}-bulk")]
    patterns += [
        path(f"<str:ref>/{each.slug}/", do, {"name": each.name}, name=each.name)
        for each in registry.ACTIONS.values()
        if each.subject == code and not each.creates
    ]
    return patterns


def do(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """One action on one record: GET shows its form (page or dialog), POST does it."""
    each, kind = registry.ACTIONS[name], registry.SUBJECTS[registry.ACTIONS[name].subject]
    record = get_object_or_404(kind.model, **{kind.ref: ref})
    if not may(request.user, each.permission, record):
        raise PermissionDenied(each.permission)
    form = _bound_form(request, each, record)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            entry = registry.perform(name, request.user, record, form.cleaned_data if form else {}, version=_version(request))  # type: ignore[arg-type]
        except registry.Refused as refusal:
            return _refused(request, each, record, form, refusal)
        return _done(request, each, [record], entry.batch, safe_next(request, kind.url(record)))
    status = 422 if request.method == "POST" else 200
    return _ask(request, each, record, form, status)


@require_POST
def bulk(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """One action on many records, in one batch: one undo takes all of it back. What is refused is counted and named."""
    each = next((one for one in registry.ACTIONS.values() if one.subject == code and one.slug == verb and one.bulk), None)
    if each is None:
        raise Http404(verb)
    kind, batch = registry.SUBJECTS[code], uuid.uuid4()
    form = each.form(request.POST) if each.form else None
    if form is not None and not form.is_valid():
        return render(request, "spine/bulk_refused.html", {"form": form, "action": each}, status=422)
    records = list(kind.model._default_manager.filter(**{f"{kind.ref}__in": request.POST.getlist("ref")})[:200])
    done, refused = [], []
    for record in records:
        try:
            registry.perform(each.name, request.user, record, form.cleaned_data if form else {}, batch=batch)  # type: ignore[arg-type]
            done.append(record)
        except registry.Refused as refusal:
            refused.append((record, refusal))
    for record, why in refused:
        messages.warning(request, f"{record}: {why}")
    return _done(request, each, done, batch, safe_next(request, f"/desk/{kind.path}/"))


@require_POST
def take_back(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """Undo a batch."""
    try:
        entries = registry.undo(request.user, batch)  # type: ignore[arg-type]
    except registry.Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        count = len(entries)
        messages.success(request, ngettext("Taken back.", "%(n)s acts taken back.", count) % {"n": count})
    target = safe_next(request, "/desk/")
    if getattr(request, "htmx", False):
        response = HttpResponse(status=204)
        response["HX-Location"] = target
        return response
    return HttpResponseRedirect(target)


def _bound_form(request: HttpRequest, each: registry.Action, record: Any) -> Any:
    if each.form is None:
        return None
    initial = each.initial(record) if each.initial else {}
    return (
        each.form(request.POST, request.FILES, initial=initial)
        if request.method == "POST"
        else each.form(initial=initial | request.GET.dict())
    )


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else None


def _ask(request: HttpRequest, each: registry.Action, record: Any, form: Any, status: int) -> HttpResponse:
    kind = registry.SUBJECTS[each.subject]
    template = "spine/action_dialog.html" if getattr(request, "htmx", False) else "spine/action.html"
    context = {
        "action": each,
        "record": record,
        "form": form,
        "next": safe_next(request, kind.url(record)),
        "version": request.POST.get("version") or getattr(record, "version", ""),
        "back": kind.url(record),
    }
    return render(request, template, context, status=status)


def _refused(request: HttpRequest, each: registry.Action, record: Any, form: Any, refusal: registry.Refused) -> HttpResponse:
    if isinstance(refusal, registry.NotAllowed):
        raise PermissionDenied(str(refusal))
    if form is not None:
        form.add_error(None, str(refusal))
        return _ask(request, each, record, form, 409 if isinstance(refusal, registry.Changed) else 422)
    messages.warning(request, str(refusal))
    return _go(request, safe_next(request, registry.SUBJECTS[each.subject].url(record)))


def _done(request: HttpRequest, each: registry.Action, records: list[Any], batch: uuid.UUID, target: str) -> HttpResponse:
    """Say what was done, with undo; with htmx and ``remove`` only the toast comes and the row goes."""
    count = len(records)
    words = (
        str(each.verb)
        if count == 1
        else ngettext("%(verb)s: %(n)s record", "%(verb)s: %(n)s records", count) % {"verb": each.verb, "n": count}
    )
    toast = {"words": words, "undo": str(batch) if each.undoable and count else "", "next": target}
    if getattr(request, "htmx", False) and request.POST.get("remove"):
        return render(request, "spine/toast.html", {"toast": toast})
    request.session["toast"] = toast
    return _go(request, target)


def _go(request: HttpRequest, target: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = target
        return response
    return HttpResponseRedirect(target)
