"""Screens of people and rights: list, one person, adding, one-time link, rights table, who is in charge of what."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundswell.desk.accounts import actions, away, queries
from groundswell.desk.accounts.models import Role, User
from groundswell.desk.accounts.people_forms import NewPersonForm, RightForm
from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.views import needs


def subpages(current: str) -> list[dict[str, Any]]:
    """The three pages of this screen."""
    rows = (
        ("people", _("People"), "/desk/people/"),
        ("rights", _("Rights table"), "/desk/people/rights/"),
        ("charge", _("In charge of"), "/desk/people/charge/"),
    )
    return [{"words": words, "url": url, "current": code == current} for code, words, url in rows]


@needs(actions.MANAGE)
def people(request: HttpRequest) -> HttpResponse:
    role, state, text = (request.GET.get(name, "").strip() for name in ("role", "state", "q"))
    page = queries.people_page(role if role in Role.values else "", state, text)
    context = {"page": page, "role": role, "state": state, "q": text, "subpages": subpages("people")}
    return render(request, "accounts/people.html", context)


@needs(actions.MANAGE)
def add(request: HttpRequest) -> HttpResponse:
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.add_person(user_of(request), form.cleaned_data)
        except registry.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _show_link(request, person, is_new=True)
    return render(request, "accounts/person_add.html", {"form": form}, status=422 if request.method == "POST" else 200)


@needs(actions.MANAGE)
def person(request: HttpRequest, ref: str) -> HttpResponse:
    found = queries.person_by_name(ref)
    if found is None:
        raise Http404(ref)
    grants, charges = queries.grants_of(found), queries.charges_of(found)
    queries.away_and_deputies(found)
    context = {
        "person": found,
        "grants": grants,
        "charges": charges,
        "is_leader": any(grant.role == Role.LEADER and grant.phase == "held" for grant in grants),  # type: ignore[attr-defined]
        "areas": queries.allowed_to(found),
        "lines": queries.timeline_in_words(found),
        "is_me": found.pk == user_of(request).pk,
    }
    return render(request, "accounts/person.html", context)


@needs(actions.MANAGE)
@require_POST
def link(request: HttpRequest, ref: str) -> HttpResponse:
    """Make the link and show it on this answer only: it is in no address, no session and no log."""
    return _show_link(request, get_object_or_404(User, username=ref))


def _show_link(request: HttpRequest, person: User, is_new: bool = False) -> HttpResponse:
    try:
        path = actions.give_link(user_of(request), person)
    except registry.Refused as refusal:
        return render(request, "accounts/person_link.html", {"person": person, "refusal": str(refusal)}, status=409)
    context = {"person": person, "link": request.build_absolute_uri(path), "is_new": is_new}
    return render(request, "accounts/person_link.html", context)


@needs(actions.MANAGE)
def rights(request: HttpRequest) -> HttpResponse:
    role = request.GET.get("role", "")
    roles = [role] if role in Role.values else list(Role.values)
    context = {
        "table": queries.rights_table(roles),
        "roles": [(code, words) for code, words in Role.choices if code in roles],
        "all_roles": Role.choices,
        "role": role if role in Role.values else "",
        "subpages": subpages("rights"),
    }
    return render(request, "accounts/rights.html", context)


@needs(actions.MANAGE)
def right(request: HttpRequest, permission: str, role: str) -> HttpResponse:
    """One cell of the rights table: what it says, what it said by default, and the change."""
    cell = queries.cell_of(permission, role)
    if cell is None:
        raise Http404(permission)
    form = RightForm(request.POST or None, initial={"scope": cell.scope})
    back = "/desk/people/rights/"
    if request.method == "POST" and form.is_valid():
        try:
            entry = actions.set_right(user_of(request), permission, role, form.cleaned_data)
        except registry.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = _("%(permission)s, %(role)s: changed") % {"permission": cell.permission_words, "role": cell.role_words}
            request.session["toast"] = {"words": words, "undo": str(entry.batch), "next": back}
            return _go(request, back)
    context = {
        "cell": cell,
        "form": form,
        "action": registry.ACTIONS["right.set"],
        "record": f"{cell.permission_words} · {cell.role_words}",
        "back": back,
        "next": back,
        "version": "",
    }
    template = "accounts/right_dialog.html" if getattr(request, "htmx", False) else "accounts/right.html"
    return render(request, template, context, status=422 if request.method == "POST" else 200)


@needs(away.NOTE)
def charge(request: HttpRequest) -> HttpResponse:
    """Who is in charge of what, who is away, who stands in; the office notes absences, the rest is the administrator's."""
    manages = may(request.user, actions.MANAGE)
    context = {"leaders": queries.leaders_and_charges(), "subpages": subpages("charge") if manages else [], "manages": manages}
    return render(request, "accounts/charge.html", context)


def _go(request: HttpRequest, target: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = target
        return response
    return HttpResponseRedirect(target)


__all__ = ["add", "charge", "link", "people", "person", "right", "rights"]
