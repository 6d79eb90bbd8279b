"""Addresses of the desk's home, its duty log and what is put off."""

from django.urls import include, path

from groundswell.desk.spine.views import action_urls
from groundswell.desk.today import views

urlpatterns = [
    path("", views.today),
    path("notes/", views.notes),
    path("notes/new/", views.write_note),
    path("notes/", include(action_urls("note"))),
    path("put-off/", views.put_off),
    path("put-off/back/", views.bring_back),
]
