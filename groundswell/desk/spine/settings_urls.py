"""Addresses of the settings, below /desk/settings/."""

from django.urls import path

from groundswell.desk.spine import settings_views

urlpatterns = [
    path("", settings_views.overview),
    path("calendar/", settings_views.calendar),
    path("calendar/notice/", settings_views.notice),
    path("calendar/<str:day>/", settings_views.day),
    path("reset/<str:key>/", settings_views.reset),
    path("<slug:code>/", settings_views.part),
]
