"""Addresses of the reading book, below /desk/."""

from django.urls import include, path

from groundswell.desk.reading import views
from groundswell.desk.spine.views import action_urls

urlpatterns = [
    path("reading/", views.book),
    path("reading/done/", views.done),
    path("reading/plan/", views.plan),
    path("reading/plan/new/", views.new_plan),
    path("reading/plan/", include(action_urls("reading_duty"))),
    path("reading/paper/", views.paper),
    path("reading/book.csv", views.book_csv),
]
