"""The stories app of the desk."""

from django.apps import AppConfig


class StoriesConfig(AppConfig):
    name = "groundswell.desk.stories"
    label = "stories"

    def ready(self) -> None:
        from groundswell.desk.stories import actions, finders, queue  # noqa: F401 (registers them)
