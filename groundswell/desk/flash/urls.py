"""Addresses of flash reports."""

from django.urls import include, path

from groundswell.desk.flash import paper_views, views
from groundswell.desk.spine.views import action_urls

urlpatterns = [
    path("stories/<str:number>/flash/", views.begin),
    path("flash/", views.reports),
    path("flash/<str:ref>/", views.report),
    path("flash/<str:ref>/check/", views.check),
    path("flash/<str:ref>/write/", views.write),
    path("flash/<str:ref>/send/", views.to_check),
    path("flash/<str:ref>/next/", views.end),
    path("flash/<str:ref>/file.<slug:kind>", paper_views.file),
    path("flash/<str:ref>/link/<int:pk>/", paper_views.make_link),
    path("flash/", include(action_urls("flash"))),
]
