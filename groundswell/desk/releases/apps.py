"""The releases app of the desk: what the body says in public, its spokespeople, corrections, ledgers."""

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "groundswell.desk.releases"
    label = "releases"

    def ready(self) -> None:
        from groundswell.desk.releases import (  # noqa: F401 (registers them)
            actions,
            correcting,
            finders,
            kept,
            ledger_actions,
            queue,
            speaking,
        )
