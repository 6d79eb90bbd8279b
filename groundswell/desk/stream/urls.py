"""Addresses of the stream, its items, the archive and the watches, below /desk/."""

from django.urls import include, path

from groundswell.desk.spine.views import action_urls
from groundswell.desk.stream import views, watch_views

urlpatterns = [
    path("stream/", views.stream),
    path("stream/newer/", views.newer),
    path("items/", include(action_urls("item"))),
    path("items/<str:key>/", views.item),
    path("archive/", views.archive),
    path("watches/", watch_views.watches),
    path("watches/new/", watch_views.new_watch),
    path("watches/preview/", watch_views.preview),
    path("watches/", include(action_urls("watch"))),
    path("watches/<slug:slug>/", watch_views.watch),
]
