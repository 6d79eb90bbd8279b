"""Addresses of the audit chain, below /desk/."""

from django.urls import path

from groundswell.desk.audit import views

urlpatterns = [
    path("audit/", views.acts),
    path("audit/check/", views.check),
    path("audit/export.csv", views.export),
    path("audit/<int:seq>/", views.act),
]
