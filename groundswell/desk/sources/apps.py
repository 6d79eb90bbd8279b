"""The sources app of the desk."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "groundswell.desk.sources"
    label = "sources"

    def ready(self) -> None:
        from groundswell.desk.sources import actions, queue, silence  # noqa: F401 (registers them)
