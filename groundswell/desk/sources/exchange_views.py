"""Lists of sources: the files that a person takes away, and a list taken in after a look at what it holds."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import ngettext

from groundswell.collect.opml import decode
from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may, may_propose, user_of
from groundswell.desk.sources import exchange, queries
from groundswell.desk.sources.forms import ListForm
from groundswell.desk.sources.new_views import free_slug
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.ports import local_now
from groundswell.desk.spine.views import needs


@needs("source.read")
def csv_file(request: HttpRequest) -> HttpResponse:
    return _file(exchange.as_csv(_wanted(request)), "text/csv; charset=utf-8", "csv")


@needs("source.read")
def opml_file(request: HttpRequest) -> HttpResponse:
    return _file(exchange.as_opml(_wanted(request)), "text/x-opml; charset=utf-8", "opml")


def _wanted(request: HttpRequest) -> Any:
    """The sources that the list shows, in the order of their names."""
    params = request.GET.dict()
    rows = queries.in_state(queries.narrowed(queries.readable(user_of(request)), params), params.get("state", ""))
    return rows.select_related("unit", "place").order_by("sort_key", "id")


def _file(body: bytes, kind: str, ending: str) -> HttpResponse:
    name = f"sources-{local_now():%Y-%m-%d-%H%M}.{ending}"
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@needs("source.read")
def take_in(request: HttpRequest) -> HttpResponse:
    """Look at a list, then take its good rows in; without the right to edit they become proposals."""
    user = user_of(request)
    if not may_propose(user, "source.edit"):
        raise PermissionDenied("source.edit")
    proposes = not may(user, "source.edit")
    if request.method == "POST" and request.POST.get("list"):
        return _take(request, user, proposes)
    form = ListForm(request.POST or None, request.FILES or None)
    rows, text = [], ""
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        body = file.read(exchange.LIMIT_BYTES * 3 + 1)
        try:
            rows = exchange.read_list(body, file.name, user)
            text = _kept(body)
        except ValueError as error:
            form.add_error("file", str(error))
    context = {
        "form": form,
        "rows": rows,
        "good": sum(not row.errors for row in rows),
        "list": text,
        "proposes": proposes,
        "columns": ", ".join(exchange.COLUMNS),
    }
    return render(request, "sources/import.html", context, status=422 if form.errors else 200)


def _kept(body: bytes) -> str:
    """The list as text for the second step, where it is checked again."""
    return decode(body).replace("\0", "")


def _take(request: HttpRequest, user: User, proposes: bool) -> HttpResponse:
    try:
        rows = exchange.read_list(_as_utf8(request.POST["list"]), "", user)
    except ValueError as error:
        request.session["toast"] = {"words": str(error), "undo": "", "next": ""}
        return HttpResponseRedirect("/desk/sources/import/")
    batch, count = uuid.uuid4(), 0
    for row in rows:
        if row.errors or row.form is None:
            continue
        values = row.form.record_values() | {"slug": free_slug(row.form.cleaned_data)}
        registry.found("source.propose" if proposes else "source.make", user, values, batch=batch)
        count += 1
    words = (
        ngettext("%(n)s source proposed", "%(n)s sources proposed", count)
        if proposes
        else ngettext("%(n)s source taken into the register", "%(n)s sources taken into the register", count)
    )
    request.session["toast"] = {"words": words % {"n": count}, "undo": str(batch) if count else "", "next": "/desk/sources/"}
    return HttpResponseRedirect("/desk/sources/?state=proposed" if proposes else "/desk/sources/")


def _as_utf8(text: str) -> bytes:
    """What a browser sent back; a declared encoding of the file's own is no longer true."""
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode("utf-8", "replace")
