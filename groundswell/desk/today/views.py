"""Today: what needs a person now, and how long is left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.roster.stretches import on_duty
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine import ports
from groundswell.desk.spine.models import DutyNote, Snooze
from groundswell.desk.spine.queue import waiting
from groundswell.desk.spine.views import needs, safe_next
from groundswell.desk.today import queries
from groundswell.desk.today.notes import NoteForm, PutOffForm


def today(request: HttpRequest) -> HttpResponse:
    """The desk's home; what a person may not read is not on it."""
    user = user_of(request)
    now = ports.now()
    entries, snoozed = waiting(user, now)
    context: dict[str, Any] = {"entries": entries, "snoozed": snoozed, "now": now, "shift": queries.shift(now)}
    if may(user, "roster.read"):
        context["on"] = on_duty(now)
    if may(user, "story.read"):
        context |= {"rising": queries.rising_stories(user), "story_count": queries.live_story_count(user)}
    if may(user, "item.read"):
        context["funnel"] = queries.funnel(user, now)
    if may(user, "source.read"):
        context["health"] = queries.health(now)
    context["notes"] = DutyNote.objects.select_related("by").order_by("-id")[:5] if may(user, "note.write") else []
    context["may_note"] = may(user, "note.write")
    template = "today/fragment.html" if getattr(request, "htmx", False) else "today/today.html"
    return render(request, template, context)


@needs("note.write")
def write_note(request: HttpRequest) -> HttpResponse:
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        registry.found("note.write", request.user, form.cleaned_data)  # type: ignore[arg-type]
        request.session["toast"] = {"words": _("Noted."), "undo": "", "next": ""}
        return _go(request, safe_next(request, "/desk/"))
    return _form(request, registry.ACTIONS["note.write"], form, _("Duty log"))


@needs("note.write")
def notes(request: HttpRequest) -> HttpResponse:
    """The duty log, newest first."""
    rows = DutyNote.objects.select_related("by", "done_by").order_by("-id")[:200]
    return render(request, "today/notes.html", {"notes": rows})


def put_off(request: HttpRequest) -> HttpResponse:
    """Put an entry of the queue off, with a reason; it comes back by itself."""
    user = user_of(request)
    form = PutOffForm(request.POST or None, initial={"subject": request.GET.get("subject", ""), "hours": 1})
    if request.method == "POST" and form.is_valid() and form.cleaned_data["subject"] not in _keys(user)[0]:
        form.add_error(None, _("This does not wait for you any more."))
    if request.method == "POST" and form.is_valid():
        values, now = form.cleaned_data, ports.now()
        Snooze.objects.update_or_create(
            subject=values["subject"][:120],
            defaults={"until": now + timedelta(hours=values["hours"]), "reason": values["reason"], "by": user, "at": now},
        )
        request.session["toast"] = {"words": _("Put off. It comes back by itself."), "undo": "", "next": ""}
        return _go(request, "/desk/")
    return _form(request, None, form, _("Put off"))


@require_POST
def bring_back(request: HttpRequest) -> HttpResponse:
    user, wanted = user_of(request), request.POST.get("subject", "")
    if wanted in _keys(user)[1]:
        Snooze.objects.filter(subject=wanted).delete()
    return HttpResponseRedirect("/desk/")


def _keys(user: User) -> tuple[set[str], set[str]]:
    """The keys of what waits for USER now, and of what was put off."""
    open_now, put_off_now = waiting(user, ports.now())
    return {entry.key for entry in open_now}, {entry.key for entry in put_off_now}


def _form(request: HttpRequest, each: registry.Action | None, form: Any, title: str) -> HttpResponse:
    if each is not None and not may(request.user, each.permission):
        raise PermissionDenied(each.permission)
    template = "today/form_dialog.html" if getattr(request, "htmx", False) else "today/form.html"
    context = {"form": form, "title": title, "next": safe_next(request, "/desk/"), "verb": each.verb if each else title}
    return render(request, template, context, status=422 if form.errors else 200)


def _go(request: HttpRequest, target: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = target
        return response
    return HttpResponseRedirect(target)
