"""Addresses of judgement, below /desk/."""

from django.urls import include, path

from groundswell.desk.judgement import views
from groundswell.desk.spine.views import action_urls

urlpatterns = [
    path("judgement/", views.page),
    path("judgement/rows/<slug:kind>/<slug:which>/", views.rows),
    path("judgement/forecasts/", views.forecasts),
    path("judgement/models/<str:code>/", views.card),
    path("judgement/corrections/", include(action_urls("correction"))),
    path("judgement/corrections/<int:pk>/", views.correction),
]
