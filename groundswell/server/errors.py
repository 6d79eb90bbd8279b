"""What people see when something is wrong: words, what to do, a way back; no script, both languages."""

from __future__ import annotations

import logging
import secrets
import sys
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

log = logging.getLogger("groundswell.errors")


def _page(request: HttpRequest, status: int, title: str, words: str, number: str = "") -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(f"{title} {words} {number}".strip(), status=status, content_type="text/plain; charset=utf-8")
    return render(request, "server/error.html", {"title": title, "words": words, "number": number}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, _("The request could not be read."), _("Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, _("You have no right to see this page."), _("Ask the administrator if you need it for your work."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404, _("There is no such page."), _("The address may be mistyped, or the record is not for you."))


def failed(request: HttpRequest) -> HttpResponse:
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return _database_is_away(request, error)
    number = secrets.token_hex(4)
    log.error("page failed", extra={"number": number, "path": request.path})
    return _page(
        request,
        500,
        _("Something went wrong on our side."),
        _("What you wrote is not lost if you go back. Tell the administrator this number:"),
        number,
    )


def _database_is_away(request: HttpRequest, error: Exception) -> HttpResponse:
    """The database does not answer or its disk is full: a page that asks it nothing, in the language of the browser."""
    full = isinstance(error.__cause__, psycopg.errors.DiskFull)
    log.error("database is away", extra={"path": request.path, "full": full})
    wanted = request.COOKIES.get("language") or translation.get_language_from_request(request)
    with translation.override("en" if wanted == "en" else "zh-hans"):
        title = _("The disk of the database is full.") if full else _("The database does not answer at the moment.")
        words = (
            _("Tell the administrator. What you wrote is not lost if you go back.")
            if full
            else _("It is started again by itself. Go back and try again in a minute; what you wrote is not lost.")
        )
        if request.headers.get("HX-Request"):
            return HttpResponse(f"{title} {words}", status=503, content_type="text/plain; charset=utf-8")
        return HttpResponse(render_to_string("server/error.html", {"title": title, "words": words, "alone": True}), status=503)


def csrf_failure(request: HttpRequest, reason: str = "", **rest: Any) -> HttpResponse:
    return _page(request, 403, _("The page was open for too long."), _("Go back, load the page anew and send it again."))
