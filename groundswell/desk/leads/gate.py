"""The gate before the leads: nobody else learns that the address exists; after ten minutes without use the password is asked again.

Whoever lacks the right gets the answer of an unknown address, to every method, before tokens and methods are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from groundswell.desk.accounts import door
from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.audit.chain import append
from groundswell.desk.entry import pictures
from groundswell.desk.leads.models import Lead
from groundswell.desk.spine.ports import now, ports

View = Callable[..., HttpResponse]
IDLE = timedelta(minutes=10)
USED, OPENED = "leads_used", "leads_open"  # in the session: the last use; the leads that were opened with a reason
PASSWORD, CARRIED = "unlock_password", "unlock"


def may_enter(user: Any) -> bool:
    """Keepers, and leaders whom at least one lead names."""
    return may(user, "lead.keep") or (may(user, "lead.read") and Lead.objects.filter(leaders=user).exists())


def is_keeper(user: Any) -> bool:
    return may(user, "lead.keep")


def kept(allowed: Callable[[Any], bool] = is_keeper, *, locks: bool = True) -> Callable[[View], View]:
    """VIEW only for whom ALLOWED says; for everybody else its address does not exist."""

    def wrap(view: View) -> View:
        checked = csrf_protect(view)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not allowed(request.user):
                raise Http404
            request.upload_handlers = [pictures.InMemory(request)]  # what is uploaded here never lies in a file
            response = (_lock(request) if locks else None) or checked(request, *args, **kwargs)
            response.headers["Cache-Control"] = "no-store"
            return response

        guarded.should_append_slash = False  # type: ignore[attr-defined]  # a redirect would say that there is something
        return csrf_exempt(guarded)  # the token is asked for behind the gate

    return wrap


# ---------------------------------------------------------------- the idle lock


def is_locked(request: HttpRequest) -> bool:
    stamps = [request.session.get(name) for name in (USED, door.SIGNED_IN)]
    moments = [datetime.fromisoformat(stamp) for stamp in stamps if stamp]
    return not moments or now() - max(moments) > IDLE


def used(request: HttpRequest) -> None:
    request.session[USED] = now().isoformat()


def _lock(request: HttpRequest) -> HttpResponse | None:
    """The page that asks for the password, None where the way is free. What was being sent is carried along and goes on afterwards."""
    if not is_locked(request):
        used(request)
        return None
    request.session.pop(OPENED, None)
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = urlsplit(request.headers.get("HX-Current-URL", "")).path or "/desk/leads/"
        return response
    wrong = ""
    if request.method == "POST" and CARRIED in request.POST:
        answer = csrf_protect(_unlocked)(request)
        if answer.status_code != 200:
            return answer
        wrong = answer.content.decode()
        if not wrong:
            return _go_on(request)
    return render(
        request,
        "leads/locked.html",
        {"wrong": wrong, "carried": list(_fields(request)), "sending": "1" if request.method == "POST" and _sends(request) else ""},
        status=422 if wrong else 200,
    )


def _fields(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        if name not in ("csrfmiddlewaretoken", PASSWORD, CARRIED):
            yield from ((name, str(value)) for value in values)


def _sends(request: HttpRequest) -> bool:
    return request.POST.get(CARRIED, "1") == "1"


def _unlocked(request: HttpRequest) -> HttpResponse:
    """ "" where the password is right, else what is wrong."""
    user = user_of(request)
    if ports.demo:
        return HttpResponse("")
    try:
        found = door.check_password(request, user.username, request.POST.get(PASSWORD, ""))
    except door.TooManyTries as shut:
        words = ngettext("Too many tries. Try again in %(n)s minute.", "Too many tries. Try again in %(n)s minutes.", shut.minutes)
        return HttpResponse(words % {"n": shut.minutes})
    if found is None or found.pk != user.pk:
        return HttpResponse(_("This is not your password."))
    append("leads.unlocked", user)
    return HttpResponse("")


def _go_on(request: HttpRequest) -> HttpResponse | None:
    """Unlocked: what was sent is done now; a page that was only looked at is asked for anew."""
    used(request)
    if not _sends(request):
        return HttpResponseRedirect(request.get_full_path())
    rest = QueryDict(mutable=True)
    for name, value in _fields(request):
        rest.appendlist(name, value)
    rest["csrfmiddlewaretoken"] = request.POST.get("csrfmiddlewaretoken", "")
    request.POST = rest  # type: ignore[assignment]
    return None


# ---------------------------------------------------------------- reading


def open_to(request: HttpRequest, lead: Lead) -> bool:
    """Did the person say in this sitting why LEAD is read?"""
    return lead.pk in request.session.get(OPENED, [])


def open_for_reading(request: HttpRequest, lead: Lead, why: str) -> None:
    """A row on the audit chain (reading of a sensitive record), then the contents are shown until the lock falls."""
    append("lead.opened", user_of(request), f"lead:{lead.pk}", {"why": why})
    request.session[OPENED] = sorted({*request.session.get(OPENED, []), lead.pk})
