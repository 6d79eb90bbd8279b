"""The instructions app of the desk."""

from django.apps import AppConfig


class InstructionsConfig(AppConfig):
    name = "groundswell.desk.instructions"
    label = "instructions"

    def ready(self) -> None:
        from groundswell.desk.instructions import actions, finders, queue, scans  # noqa: F401 (registers them)
