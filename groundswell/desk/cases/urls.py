"""Addresses of cases and tasks."""

from django.urls import include, path

from groundswell.desk.cases import link_views, views
from groundswell.desk.spine.views import action_urls

urlpatterns = [
    path("cases/", views.board),
    path("cases/new/", views.new),
    path("cases/", include(action_urls("case"))),
    path("cases/<str:number>/", views.case),
    path("tasks/", views.tasks),
    path("tasks/<int:pk>/make-link/", link_views.make),
    path("tasks/<int:pk>/photo/<int:link>/", link_views.photo),
    path("tasks/", include(action_urls("task"))),
    path("tasks/<int:pk>/", views.task),
]
