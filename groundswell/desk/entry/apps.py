"""The entry app of the desk."""

from django.apps import AppConfig


class EntryConfig(AppConfig):
    name = "groundswell.desk.entry"
    label = "entry"

    def ready(self) -> None:
        from groundswell.desk.entry import actions, records  # noqa: F401 (registers them)
