"""Addresses of entering by hand, below /desk/."""

from django.urls import path

from groundswell.desk.entry import phone, views

urlpatterns = [
    path("app.webmanifest", phone.manifest),
    path("enter/", views.enter),
    path("enter/share/", phone.share),
    path("enter/link/", views.link),
    path("enter/twins/", views.twins),
    path("enter/<slug:key>/", views.outcome),
    path("enter/<slug:key>/picture/", views.picture),
    path("enter/<slug:key>/picture/<str:token>/", views.picture_file),
]
