"""The audit app of the desk."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "groundswell.desk.audit"
    label = "audit"
