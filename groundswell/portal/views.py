"""The public's first page: who listens, to what, and how to write."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from groundswell.desk.releases import public
from groundswell.desk.sources.models import Channel, Source
from groundswell.desk.spine.preferences import preference


def home(request: HttpRequest) -> HttpResponse:
    """Who listens, to which kinds of sources, what is never done, and where to write."""
    counts: dict[str, int] = {}
    for channel in Source.objects.filter(state="active").values_list("channel", flat=True):
        counts[channel] = counts.get(channel, 0) + 1
    channels = [(words, counts[value]) for value, words in Channel.choices if value in counts]
    return render(
        request,
        "portal/home.html",
        {"channels": channels, "total": sum(counts.values()), "contact": preference("body.contact"), "newest": public.newest()},
    )
