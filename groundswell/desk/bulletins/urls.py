"""Addresses of bulletins: ``/desk/bulletins/<series>/<year>/<number, or d<pk> of a draft>/…``."""

from django.urls import include, path

from groundswell.desk.bulletins import editor_views, files, series_views, views
from groundswell.desk.spine.views import action_urls

ISSUE = "bulletins/<slug:series>/<int:year>/<slug:ref>/"
urlpatterns = [
    path("bulletins/", views.bulletins, name="bulletins"),
    path("bulletins/new/", series_views.new_series),
    path("bulletins/settings/", series_views.settings_of_the_first),
    path("bulletins/key-periods/new/", series_views.new_key_period),
    path("bulletins/key-periods/<int:ref>/", series_views.key_period),
    path("bulletins/key-periods/", include(action_urls("key_period"))),
    path("bulletins/recipients/<int:ref>/", series_views.recipient),
    path("bulletins/recipients/", include(action_urls("recipient"))),
    path("bulletins/by-id/<int:ref>/", views.by_id),
    path("bulletins/by-id/", include(action_urls("issue"))),
    path("bulletins/<slug:code>/", views.one_series),
    path("bulletins/<slug:code>/open/", series_views.open_issue),
    path("bulletins/<slug:code>/settings/", series_views.series_settings),
    path(ISSUE, views.issue),
    path(f"{ISSUE}edit/", editor_views.edit),
    path(f"{ISSUE}edit/<slug:verb>/", editor_views.act),
    path(f"{ISSUE}review/", views.review),
    path(f"{ISSUE}sign/", views.sign),
    path(f"{ISSUE}file.<slug:kind>", files.file),
    path("bulletins/", include(action_urls("series"))),
]
