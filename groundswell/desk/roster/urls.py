"""Addresses of the roster, of hand-over and log, of the zero reports."""

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from groundswell.desk.roster import paper_views, plan_views, views, zero_views
from groundswell.desk.spine.views import action_urls


class Day(StringConverter):
    regex = r"\d{4}-\d{2}-\d{2}"


class Moment(StringConverter):
    regex = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}"


register_converter(Day, "day")
register_converter(Moment, "moment")
urlpatterns = [
    path("roster/", views.this_month),
    path("roster/<int:year>/<int:month>/", views.month),
    path("roster/<int:year>/<int:month>/publish/", plan_views.publish),
    path("roster/versions/<int:pk>/", views.version),
    path("roster/days/<day:text>/", views.day),
    path("roster/days/<day:text>/<int:shift>-<int:seat>/put/", plan_views.put),
    path("roster/days/<day:text>/<int:shift>-<int:seat>/swap/", views.ask),
    path("roster/changes/", include(action_urls("turn"))),
    path("roster/changes/<int:pk>/", views.change),
    path("roster/swaps/", views.swaps),
    path("roster/swaps/", include(action_urls("swap"))),
    path("roster/swaps/<int:pk>/", views.swap),
    path("roster/setup/", plan_views.setup),
    path("roster/setup/preset/", plan_views.preset),
    path("roster/shifts/new/", plan_views.shift),
    path("roster/shifts/<int:pk>/", plan_views.shift),
    path("roster/shifts/<int:pk>/rotation/", plan_views.rotation),
    path("roster/rotations/<int:pk>/", plan_views.laid),
    path("roster/calendar/", views.calendar),
    path("roster/logs/", paper_views.logs),
    path("roster/logs/<int:pk>/", paper_views.signed_log),
    path("roster/logs/<moment:code>/", paper_views.log),
    path("handover/", paper_views.handover),
    path("handover/", include(action_urls("hand_over"))),
    path("handover/<int:pk>/", paper_views.kept),
    path("zero-reports/", zero_views.reports),
    path("zero-reports/", include(action_urls("zero_report"))),
    path("zero-reports/<int:pk>/", zero_views.one),
    path("zero-reports/<int:pk>/link/", zero_views.link),
]
