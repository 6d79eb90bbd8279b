"""Addresses of plans and responses."""

from django.urls import include, path

from groundswell.desk.plans import edit_views, views
from groundswell.desk.spine.views import action_urls

urlpatterns = [
    path("plans/", views.board),
    path("plans/ask/", views.ask),
    path("plans/drill/", views.drill),
    path("plans/responses/", include(action_urls("response"))),
    path("plans/responses/<int:pk>/", views.response),
    path("plans/steps/", include(action_urls("step"))),
    path("plans/steps/<int:pk>/", views.step),
    path("plans/versions/<int:pk>/", views.version),
    path("plans/library/<slug:code>/edit/", edit_views.edit),
    path("plans/library/", include(action_urls("plan"))),
    path("plans/library/<slug:code>/", views.plan),
    path("plans/library/<slug:code>/<int:number>/", views.plan),
]
