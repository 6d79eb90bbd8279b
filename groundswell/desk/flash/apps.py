"""The flash app of the desk."""

from django.apps import AppConfig


class FlashConfig(AppConfig):
    name = "groundswell.desk.flash"
    label = "flash"

    def ready(self) -> None:
        from groundswell.desk.flash import actions, calls, clocks, finders, kept, queue, readings, sending  # noqa: F401 (registers them)
