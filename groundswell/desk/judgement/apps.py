"""The judgement app of the desk: how well the program judges, and what people put right."""

from django.apps import AppConfig


class JudgementConfig(AppConfig):
    name = "groundswell.desk.judgement"
    label = "judgement"

    def ready(self) -> None:
        from groundswell.desk.judgement import actions  # noqa: F401 (registers them)
