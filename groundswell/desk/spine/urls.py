"""Addresses of the frame, below /desk/."""

from django.urls import include, path

from groundswell.desk.spine import desk_views, views

urlpatterns = [
    path("undo/<uuid:batch>/", views.take_back),
    path("go/", desk_views.go),
    path("keys/", desk_views.keys),
    path("more/", desk_views.more),
    path("live/", desk_views.live),
    path("settings/", include("groundswell.desk.spine.settings_urls")),
]
