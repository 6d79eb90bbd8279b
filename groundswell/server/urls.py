"""Addresses: ``/`` is the public's, ``/desk/`` the staff's. Each desk app brings its own."""

from importlib import import_module

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from groundswell.desk.cases import link_views
from groundswell.server import health

handler400 = "groundswell.server.errors.bad_request"
handler403 = "groundswell.server.errors.forbidden"
handler404 = "groundswell.server.errors.not_found"
handler500 = "groundswell.server.errors.failed"


def _desk_addresses() -> list[URLPattern | URLResolver]:
    patterns: list[URLPattern | URLResolver] = []
    for name in settings.DESK_APPS:
        try:
            module = import_module(f"groundswell.desk.{name}.urls")
        except ModuleNotFoundError as error:
            if error.name != f"groundswell.desk.{name}.urls":
                raise
            continue
        patterns += module.urlpatterns
    return patterns


urlpatterns = [
    path("desk/", include((_desk_addresses(), "desk"))),
    path("t/<str:token>/", link_views.by_link),
    path("health/", health.alive),
    path("health/ready/", health.ready),
    path("health/metrics/", health.metrics),
    path("", include("groundswell.desk.roster.open_urls")),
    path("", include("groundswell.desk.flash.open_urls")),
    path("", include("groundswell.portal.urls")),
]
