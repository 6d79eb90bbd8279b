"""The leads app of the desk: sealed, and for its keepers alone."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "groundswell.desk.leads"
    label = "leads"

    def ready(self) -> None:
        from groundswell.desk.leads import actions, organ_actions, outcome_actions, queue, retention  # noqa: F401 (registers them)
