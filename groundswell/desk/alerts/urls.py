"""Addresses of alerts, their rules and channels."""

from django.urls import include, path

from groundswell.desk.alerts import channel_views, rule_views, views
from groundswell.desk.spine.views import action_urls

urlpatterns = [
    path("alerts/", views.alerts),
    path("alerts/notices/", views.notices),
    path("alerts/rules/", rule_views.rules),
    path("alerts/rules/new/", rule_views.new),
    path("alerts/rules/preview/", rule_views.preview),
    path("alerts/rules/", include(action_urls("alert_rule"))),
    path("alerts/rules/<int:pk>/", rule_views.rule),
    path("alerts/channels/", channel_views.channels),
    path("alerts/channels/new/", channel_views.new),
    path("alerts/channels/", include(action_urls("alert_channel"))),
    path("alerts/channels/<str:code>/", channel_views.channel),
    path("alerts/", include(action_urls("alert"))),
    path("alerts/<str:number>/", views.alert),
]
