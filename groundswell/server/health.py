"""Health for whoever watches the server: alive, ready, and figures for Prometheus behind a token."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

import groundswell
from groundswell.server.figures import figures

LATE_SECONDS = 60.0  # the clock of the worker ticks every second


def alive(request: HttpRequest) -> JsonResponse:
    """The web process answers."""
    return JsonResponse({"alive": True, "version": groundswell.__version__})


def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and the worker's clock ticks, else 503; without what only the staff may know."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(LAST_TICK)
            age = cursor.fetchone()[0]
    except DatabaseError:
        return JsonResponse({"ready": False, "database": False, "worker": None}, status=503)
    worker = age is not None and age < LATE_SECONDS
    return JsonResponse({"ready": worker, "database": True, "worker": worker}, status=200 if worker else 503)


LAST_TICK = """
select extract(epoch from now())::float - max(defer_timestamp)
from procrastinate_periodic_defers where task_name = 'server.tick'
"""


def metrics(request: HttpRequest) -> HttpResponse:
    """Figures in Prometheus' text format for whoever sends ``Authorization: Bearer`` with the token of the configuration."""
    from prometheus_client import CONTENT_TYPE_LATEST
    from prometheus_client.exposition import generate_latest
    from prometheus_client.registry import CollectorRegistry

    token = settings.CONFIG.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Figures:
    """The desk's figures as Prometheus takes them."""

    def collect(self) -> Iterable[Any]:
        from prometheus_client.core import GaugeMetricFamily

        for name, (words, label, values) in figures().items():
            family = GaugeMetricFamily(f"groundswell_{name}", words, labels=[label] if label else None)
            for key, value in _pairs(values):
                family.add_metric([key] if label else [], value)
            yield family


def _pairs(values: Mapping[str, float] | float) -> Iterable[tuple[str, float]]:
    return values.items() if isinstance(values, Mapping) else [("", values)]
