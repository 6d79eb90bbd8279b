"""Addresses without a door: a calendar by its secret, a unit's zero report by its one-time link."""

from django.urls import path

from groundswell.desk.roster import views, zero_views

urlpatterns = [
    path("calendar/<str:secret>.ics", views.feed),
    path("z/<str:token>/", zero_views.by_link),
]
