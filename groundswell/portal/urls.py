"""Addresses of the public's pages, each also below /en/."""

from django.urls import include, path

from groundswell.portal import outcomes, releases, views

pages = [
    path("", views.home),
    path("fact-checks/", releases.fact_checks),
    path("fact-checks/<slug:slug>/", releases.fact_check),
    path("releases/", releases.releases),
    path("releases/<slug:number>/", releases.release),
    path("corrections/", releases.corrections),
    path("outcomes/", outcomes.outcomes),
]
urlpatterns = [*pages, path("en/", include(pages))]
