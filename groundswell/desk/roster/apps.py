"""The roster app of the desk."""

from django.apps import AppConfig


class RosterConfig(AppConfig):
    name = "groundswell.desk.roster"
    label = "roster"

    def ready(self) -> None:
        from groundswell.desk.roster import actions, finders, handover, queue, swaps, zero  # noqa: F401 (registers them)
