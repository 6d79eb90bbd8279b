"""The reading app of the desk."""

from django.apps import AppConfig


class ReadingConfig(AppConfig):
    name = "groundswell.desk.reading"
    label = "reading"

    def ready(self) -> None:
        from groundswell.desk.reading import actions, queries  # noqa: F401 (registers them)
