"""Addresses of instructions."""

from django.urls import include, path

from groundswell.desk.instructions import views
from groundswell.desk.spine.views import action_urls

urlpatterns = [
    path("instructions/", views.ledger),
    path("instructions/new/", views.new),
    path("instructions/", include(action_urls("instruction"))),
    path("instructions/<str:number>/", views.instruction),
    path("instructions/<str:number>/scan/", views.scan),
    path("instructions/<str:number>/notice/<int:task>/", views.notice),
]
