"""The today app of the desk."""

from django.apps import AppConfig


class TodayConfig(AppConfig):
    name = "groundswell.desk.today"
    label = "today"

    def ready(self) -> None:
        from groundswell.desk.today import notes, queries  # noqa: F401 (registers them)
