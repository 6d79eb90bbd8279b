"""The stream app of the desk."""

from django.apps import AppConfig


class StreamConfig(AppConfig):
    name = "groundswell.desk.stream"
    label = "stream"

    def ready(self) -> None:
        from groundswell.desk.stream import actions, finders, new_words, queue, watch_actions  # noqa: F401 (registers them)
