"""What the public sees."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "groundswell.portal"
    label = "portal"
