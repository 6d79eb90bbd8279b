"""Addresses of releases, spokespeople, correction requests and ledgers."""

from django.urls import include, path

from groundswell.desk.releases import ledger_views, more_views, views
from groundswell.desk.spine.views import action_urls

urlpatterns = [
    path("releases/", views.index),
    path("releases/new/", views.new),
    path("releases/spokespeople/", more_views.spokespeople),
    path("releases/spokespeople/new/", more_views.name_spokesperson),
    path("releases/spokespeople/<int:ref>/", more_views.spokesperson),
    path("releases/spokespeople/", include(action_urls("spokesperson"))),
    path("releases/spoken/new/", more_views.record_reply),
    path("releases/spoken/<int:ref>/", more_views.spokesperson),
    path("releases/spoken/", include(action_urls("spoken"))),
    path("releases/corrections/", more_views.corrections),
    path("releases/corrections/new/", more_views.new_correction),
    path("releases/corrections/<str:number>/letter.<str:kind>", more_views.letter),
    path("releases/corrections/<str:number>/evidence/", more_views.evidence),
    path("releases/corrections/", include(action_urls("correction_request"))),
    path("releases/corrections/<str:number>/", more_views.correction),
    path("releases/ledgers/", ledger_views.first),
    path("releases/ledgers/rows/<int:ref>/", ledger_views.row),
    path("releases/ledgers/rows/<int:ref>/change/", ledger_views.change),
    path("releases/ledgers/rows/", include(action_urls("ledger_row"))),
    path("releases/ledgers/<slug:kind>/", ledger_views.ledger),
    path("releases/ledgers/<slug:kind>/new/", ledger_views.add),
    path("releases/ledgers/<slug:kind>/year.xlsx", ledger_views.workbook),
    path("releases/<str:ref>/write/", views.write),
    path("releases/<str:ref>/publish/", views.publish),
    path("releases/<str:ref>/publish-correction/", views.publish),
    path("releases/", include(action_urls("release"))),
    path("releases/<str:number>/", views.release),
    path("releases/<str:number>/versions/", views.versions),
]
