"""The same answer within one page: what several parts of a page ask is read once. Only while something is read, never while it is done."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
R = TypeVar("R")
READING = ("GET", "HEAD")
_kept: ContextVar[dict[Any, Any] | None] = ContextVar("kept", default=None)


def once_a_page(function: Callable[P, R]) -> Callable[P, R]:
    """Ask FUNCTION, whose arguments can be hashed and whose answer nobody changes, once for each of its arguments while a page is drawn."""

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        kept = _kept.get()
        if kept is None:
            return function(*args, **kwargs)
        key = (function, args, tuple(sorted(kwargs.items())))
        if key not in kept:
            kept[key] = function(*args, **kwargs)
        answer: R = kept[key]
        return answer

    return asked


class PageMemory:
    """Keeps the answers of ``once_a_page`` for the length of one request that only reads."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READING:
            return self.get_response(request)
        token = _kept.set({})
        try:
            return self.get_response(request)
        finally:
            _kept.reset(token)
