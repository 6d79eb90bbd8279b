"""Addresses of the register of sources, below /desk/."""

from django.urls import include, path

from groundswell.desk.sources import exchange_views, new_views, views
from groundswell.desk.spine.views import action_urls

urlpatterns = [
    path("sources/", views.register),
    path("sources/new/", new_views.new),
    path("sources/import/", exchange_views.take_in),
    path("sources/export.csv", exchange_views.csv_file),
    path("sources/export.opml", exchange_views.opml_file),
    path("sources/<slug:slug>/save/", new_views.edit),
    path("sources/<slug:slug>/try/", new_views.test),
    path("sources/", include(action_urls("source"))),
    path("sources/<slug:slug>/", views.source),
]
