"""What the body says, for everybody: fact-checks, releases, the register of correction requests. Plain pages, no script, no account."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from groundswell.desk.releases import public
from groundswell.desk.releases.public import Page, Row

Listed = Callable[[int], tuple[list[Row], bool]]


def fact_checks(request: HttpRequest) -> HttpResponse:
    """Is it true? What changed last on top."""
    return _list(request, public.fact_checks, "fact_checks", "/fact-checks/")


def releases(request: HttpRequest) -> HttpResponse:
    """Replies, statements, press releases."""
    return _list(request, public.releases, "releases", "/releases/")


def _list(request: HttpRequest, listed: Listed, here: str, path: str) -> HttpResponse:
    text = request.GET.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 5 and int(text) else 1
    rows, more = listed(number)
    context = {"rows": rows, "here": here, "path": path, "page_number": number, "next": number + 1 if more else 0, "before": number - 1}
    return render(request, "portal/released.html", context)


def fact_check(request: HttpRequest, slug: str) -> HttpResponse:
    """One fact-check: the verdict first, then what was claimed, what was found, on what it rests."""
    return _page(request, public.fact_check(slug), "fact_checks")


def release(request: HttpRequest, number: str) -> HttpResponse:
    """One release."""
    return _page(request, public.release(number), "releases")


def _page(request: HttpRequest, page: Page | None, here: str) -> HttpResponse:
    if page is None:
        raise Http404(here)
    response = render(request, "portal/release.html", {"page": page, "here": here, "path": page.row.path})
    if page.row.withdrawn:
        response["X-Robots-Tag"] = "noindex"
    return response


def corrections(request: HttpRequest) -> HttpResponse:
    """Which publishers were asked to correct what, and what they did."""
    return render(request, "portal/corrections.html", {"rows": public.requests(), "here": "corrections", "path": "/corrections/"})
