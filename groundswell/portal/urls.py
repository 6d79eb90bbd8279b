"""Addresses of the public's pages."""

from django.urls import path

from groundswell.portal import views

urlpatterns = [path("", views.home), path("en/", views.home)]
