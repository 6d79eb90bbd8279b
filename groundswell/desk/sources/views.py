"""The register of sources and one source's page: is anything blind, and since when?"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from groundswell.collect.kinds import KINDS
from groundswell.desk.accounts.rights import may, may_propose, user_of
from groundswell.desk.sources import drop, queries, silence
from groundswell.desk.sources.changes import changes_of
from groundswell.desk.sources.models import Source
from groundswell.desk.sources.state import state_of, state_sentence
from groundswell.desk.spine.ports import now, today
from groundswell.desk.spine.timeline import entries_of
from groundswell.desk.spine.views import needs
from groundswell.reports import charts

PAGE = 50


@needs("source.read")
def register(request: HttpRequest) -> HttpResponse:
    """The list, those without data first, each with its last day."""
    params, user, moment = request.GET.dict(), user_of(request), now()
    state = params.get("state", "") if params.get("state", "") in queries.STATES else ""
    mine = queries.readable(user)
    rows = queries.narrowed(mine, params)
    _words, order = queries.SORTS.get(params.get("sort", ""), queries.SORTS[""])
    page = Paginator(queries.in_state(rows, state).select_related("unit").order_by(*order), PAGE).get_page(params.get("page"))
    sources = list(page.object_list)
    days = queries.last_days(sources, moment)
    context = {
        "tabs": queries.state_tabs(rows, state),
        "state": state,
        "sorts": [(code, words, code == params.get("sort", "")) for code, (words, _order) in queries.SORTS.items()],
        "page": page,
        "rows": [_row(source, days[source.pk], moment) | {"may_pause": may(user, "source.pause", source)} for source in sources],
        "facets": queries.facets(mine, params, state),
        "params": params,
        "chips": [name for name in ("channel", "kind", "unit", "q") if params.get(name)],
        "none_at_all": not mine.exists(),
        "here": quote(request.get_full_path()),
        "today": today(),
        "opens": may(user, "item.read"),
        "may_add": may_propose(user, "source.edit"),
        "proposes": not may(user, "source.edit"),
        **_answer(mine),
    }
    return render(request, "sources/register.html", context)


def _answer(rows: Any) -> dict[str, Any]:
    """The answer to the page's one question."""
    longest = queries.blind_longest(rows)
    return {
        "blind": rows.filter(silence.broken()).count(),
        "read": rows.filter(state="active").count(),
        "longest": longest,
        "longest_since": queries.blind_since(longest) if longest else None,
        "newest_at": queries.newest_item_at(rows),
    }


def _row(source: Source, day: queries.Day, moment: Any) -> dict[str, Any]:
    tag, tone = state_of(source)
    since = queries.blind_since(source)
    said = state_sentence(source, moment) if since or source.state in ("paused", "proposed") else None
    return {"source": source, "day": day, "tag": tag, "tone": tone, "since": since, "said": said}


@needs("source.read")
def source(request: HttpRequest, slug: str) -> HttpResponse:
    """One source: how it stands, what it yields, how the last readings went, what to mend."""
    found, user, moment = source_for(request, slug), user_of(request), now()
    day = queries.last_days([found], moment)[found.pk]
    by_day = queries.yield_by_day(found, today())
    entries = list(entries_of(found, 60))
    tag, tone = state_of(found)
    context = {
        "source": found,
        "tag": tag,
        "tone": tone,
        "said": state_sentence(found, moment),
        "since": queries.blind_since(found),
        "day": day,
        "chart": _chart(by_day, 780, 170),
        "slim": _chart(by_day, 330, 150),
        "yielded": sum(n for _at, n in by_day),
        "runs": queries.last_runs(found),
        "failures": queries.failures_by_cause(found, moment - silence.COUNT_AGAIN * 28),
        "items": queries.sample_items(found) if may(user, "item.read") else None,
        "watches": queries.watches_of(found),
        "today": today(),
        "history": [(entry, changes_of(entry)) for entry in entries],
        "is_read": found.kind in KINDS,
        "folder": (found.address or drop.folder_of(found.slug)) if found.kind == "files" else "",
        "may_edit": may(user, "source.edit", found) and found.state != "retired",
        "may_test": may(user, "source.pause", found) and found.kind in KINDS,
    }
    return render(request, "sources/source.html", context)


def _chart(by_day: list[tuple[Any, int]], width: int, height: int) -> str:
    days = [(f"{at.month}-{at.day}", n) for at, n in by_day]
    return mark_safe(charts.columns(days, label=_("Items a day"), width=width, height=height))


def source_for(request: HttpRequest, slug: str) -> Source:
    """The source, where the signed-in person may see it."""
    found = queries.readable(user_of(request)).select_related("unit", "place", "added_by").filter(slug=slug).first()
    if found is None:
        raise Http404(slug)
    return found
