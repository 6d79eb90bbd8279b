"""Jobs in threads give their database connection back when they end."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connections

P = ParamSpec("P")
R = TypeVar("R")


def gives_back_connections(job: Callable[P, R]) -> Callable[P, R]:
    """Wrap JOB, which runs in a worker's thread, so that no connection is left open or broken behind it."""

    @wraps(job)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        connections.close_all()
        try:
            return job(*args, **kwargs)
        finally:
            connections.close_all()

    return wrapped
