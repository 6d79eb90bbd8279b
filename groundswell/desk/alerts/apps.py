"""The alerts app of the desk."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "groundswell.desk.alerts"
    label = "alerts"

    def ready(self) -> None:
        from groundswell.desk.alerts import (  # noqa: F401 (registers them)
            actions,
            channel_actions,
            finders,
            house_rules,
            jobs,
            queue,
            rule_actions,
        )
