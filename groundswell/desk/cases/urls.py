"""Addresses of cases and tasks."""

from django.urls import include, path

from groundswell.desk.cases import aftermath_views, link_views, stamps, views
from groundswell.desk.spine.views import action_urls

urlpatterns = [
    path("cases/", views.board),
    path("cases/new/", views.new),
    path("cases/", include(action_urls("case"))),
    path("cases/<str:number>/", views.case),
    path("cases/<str:number>/reports/<int:n>/", aftermath_views.report),
    path("consultations/", include(action_urls("consultation"))),
    path("consultations/<int:pk>/", aftermath_views.consultation),
    path("tasks/", views.tasks),
    path("tasks/<int:pk>/make-link/", link_views.make),
    path("tasks/<int:pk>/photo/<int:link>/", link_views.photo),
    path("tasks/<int:pk>/stamp/", stamps.put),
    path("tasks/<int:pk>/stamp-received/", stamps.put),
    path("tasks/<int:pk>/scan/", stamps.scan),
    path("tasks/", include(action_urls("task"))),
    path("tasks/<int:pk>/", views.task),
]
