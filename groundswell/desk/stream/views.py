"""The screens of the stream: triage, one item, the archive's search, a new piece in the queue of reading."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from groundswell.desk.accounts.models import Unit, User
from groundswell.desk.accounts.rights import user_of
from groundswell.desk.spine.timeline import entries_of
from groundswell.desk.spine.views import needs, safe_next
from groundswell.desk.stream import queries
from groundswell.desk.stream.models import Item, Watch
from groundswell.desk.stream.watch_views import query_fault
from groundswell.engine.judge.query import QueryError

ARCHIVE_PAGE = 30
CHIPS = ("channel", "unit", "watch", "source", "tone", "since", "until")


@needs("item.read")
def stream(request: HttpRequest) -> HttpResponse:
    """Triage: what is new, and does it concern us?"""
    params = request.GET.dict()
    rows = queries.narrowed(user_of(request), params)
    shown = queries.page(rows, params.get("cursor", ""))
    for this, after in pairwise(shown.items):
        this.following = after.key  # type: ignore[attr-defined]
    here = "/desk/stream/" + _without(params, "cursor")
    if getattr(request, "htmx", False) and params.get("cursor"):
        return render(request, "stream/rows.html", {"slice": shown, "items": shown.items, "params": params, "row_next": here})
    facets = queries.facets(rows)
    context: dict[str, Any] = {
        "slice": shown,
        "items": shown.items,
        "params": params,
        "total": sum(n for _code, _words, n in facets["channels"]),
        "state": params.get("state", "open"),
        "states": [(code, words) for code, (words, _where) in queries.STATES.items()],
        "facets": facets,
        "chips": [(name, _chip(name, params[name]), _without(params, name, "cursor")) for name in CHIPS if params.get(name)],
        "counts": queries.in_state_counts(user_of(request)),
        "limit": queries.FACET_ROWS,
        "row_next": here,
        "newer_query": urlencode({name: value for name, value in params.items() if name != "cursor"} | {"than": shown.newest}),
        **(_why(user_of(request), shown.items[0]) if shown.items else {}),
    }
    return render(request, "stream/stream.html", context)


def _without(params: dict[str, str], *names: str) -> str:
    """The query string of PARAMS without NAMES."""
    return "?" + urlencode({name: value for name, value in params.items() if name not in names})


def _chip(name: str, value: str) -> Any:
    if name == "unit":
        return Unit.objects.filter(code=value).first() or value
    if name == "watch":
        return Watch.objects.filter(slug=value).first() or value
    return value


@needs("item.read")
def newer(request: HttpRequest) -> HttpResponse:
    """How many items came since the page was drawn: the pill that loads them."""
    than = request.GET.get("than", "")
    params = {key: value for key, value in request.GET.dict().items() if key not in ("than", "cursor")}
    count = queries.newer(queries.narrowed(user_of(request), params), int(than)) if than.isdigit() else 0
    return render(request, "stream/newer.html", {"count": count, "url": "?" + urlencode(params)})


@needs("item.read")
def item(request: HttpRequest, key: str) -> HttpResponse:
    """One item: what was said, where, and why the program judged it so."""
    readable = queries.readable(user_of(request))
    row = readable.select_related("source", "unit", "story", "suggested_story", "entered_by").filter(key=key).first()
    if row is None:
        raise Http404(key)
    following = request.GET.get("following", "")
    row.following = following if following.isalnum() else ""  # type: ignore[attr-defined]
    context = {
        "item": row,
        "entries": entries_of(row),
        "versions": row.versions.order_by("-replaced_at"),
        "copies": readable.filter(duplicate_of=row.key).select_related("source")[:20],
        "first": readable.filter(key=row.duplicate_of).first() if row.duplicate_of else None,
        "parent": readable.filter(key=row.parent).select_related("source").first() if row.parent else None,
        "row_next": safe_next(request, "/desk/stream/"),
        **_why(user_of(request), row),
    }
    template = "stream/item_pane.html" if getattr(request, "htmx", False) else "stream/item.html"
    return render(request, template, context)


def _why(user: User, row: Item) -> dict[str, Any]:
    """Why ROW was judged as it was."""
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=row.units)}
    return {"why": row.judged, "units": units, "watches": queries.readable_watches(user).filter(slug__in=row.watches)}


@needs("item.read")
def archive(request: HttpRequest) -> HttpResponse:
    """Search over everything that was stored, in the language of the watches."""
    text = request.GET.get("q", "").strip()
    offset = int(request.GET["offset"]) if request.GET.get("offset", "").isdigit() else 0
    context: dict[str, Any] = {
        "q": text,
        "offset": offset,
        "size": ARCHIVE_PAGE,
        "before": max(0, offset - ARCHIVE_PAGE),
        "total": queries.estimated_count(),
    }
    status = 200
    if text:
        try:
            context["found"] = queries.search(user_of(request), text, offset=offset, limit=ARCHIVE_PAGE)
        except QueryError as error:
            context["fault"] = query_fault(error, text)
            status = 422
    template = "stream/archive_hits.html" if request.headers.get("HX-Target") == "results" else "stream/archive.html"
    return render(request, template, context, status=200 if template.endswith("hits.html") else status)
