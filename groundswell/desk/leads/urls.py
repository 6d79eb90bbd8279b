"""Addresses of leads. All stand behind the gate: ``gate.kept``."""

from django.urls import path

from groundswell.desk.leads import hand_in_views, outcome_views, views
from groundswell.desk.spine.actions import ACTIONS

OWN_PAGE = "lead.propose"
urlpatterns = [
    path("hand-in/<str:key>/", hand_in_views.hand_in),
    path("leads/", views.ledger),
    path("leads/new/", views.new),
    path("leads/awake/", views.awake),
    path("leads/retention/", views.past),
    path("leads/certificates/<str:number>/", views.certificate),
    path("leads/organs/", views.organs),
    path("leads/organs/<int:ref>/", views.organ),
    *(
        path(f"leads/organs/<str:ref>/{each.slug}/", views.organ_act, {"name": each.name}, name=each.name)
        for each in ACTIONS.values()
        if each.subject == "organ" and not each.creates
    ),
    path("leads/<str:number>/", views.lead),
    path("leads/<str:number>/read/", views.read),
    path("leads/<str:number>/file/<str:code>/", views.file),
    path("leads/<str:number>/package/", views.package),
    path("leads/<str:number>/outcome/", outcome_views.outcome),
    *(
        path(f"leads/<str:ref>/{each.slug}/", views.act, {"name": each.name}, name=each.name)
        for each in ACTIONS.values()
        if each.subject == "lead" and not each.creates and each.name != OWN_PAGE
    ),
]
