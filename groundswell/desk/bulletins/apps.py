"""The bulletins app of the desk."""

from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "groundswell.desk.bulletins"
    label = "bulletins"

    def ready(self) -> None:
        from groundswell.desk.bulletins import actions, citing, queue, rail, review_actions, series_actions  # noqa: F401 (registers them)
