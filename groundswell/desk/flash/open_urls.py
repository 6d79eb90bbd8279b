"""The address without a door: a leader's report by a one-time read link."""

from django.urls import path

from groundswell.desk.flash import paper_views

urlpatterns = [path("f/<str:token>/", paper_views.by_link)]
