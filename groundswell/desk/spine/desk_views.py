"""Small pages of the frame: palette, list of keys, more, live counts, putting off, duty notes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.palette import find
from groundswell.desk.spine.shell import COUNTERS, places_for


def go(request: HttpRequest) -> HttpResponse:
    """Search or jump: screens, records by number, units and watches by Chinese, pinyin or initials."""
    text = request.GET.get("q", "").strip()
    hits = find(request.user, text)
    if request.headers.get("HX-Target") == "go-hits":
        template = "spine/go_hits.html"
    else:
        template = "spine/go_dialog.html" if getattr(request, "htmx", False) else "spine/go.html"
    return render(request, template, {"q": text, "hits": hits})


def keys(request: HttpRequest) -> HttpResponse:
    template = "spine/keys_dialog.html" if getattr(request, "htmx", False) else "spine/keys.html"
    user = user_of(request)
    acts: dict[str, list[registry.Action]] = {}
    for each in registry.ACTIONS.values():
        if each.key and may(user, each.permission):
            acts.setdefault(each.subject, []).append(each)
    groups = [(registry.SUBJECTS[code].name, rows) for code, rows in acts.items()]
    return render(request, template, {"groups": groups, "places": [place for place in places_for(user) if place.chord]})


def more(request: HttpRequest) -> HttpResponse:
    return render(request, "spine/more.html", {"places": places_for(user_of(request))})


def live(request: HttpRequest) -> HttpResponse:
    """Counts of the rail as out-of-band spans; asked every 20 s while the page is seen."""
    user = user_of(request)
    counts: list[Any] = [(place.code, COUNTERS[place.code](user)) for place in places_for(user) if place.code in COUNTERS]
    return render(request, "spine/live.html", {"counts": counts})
