"""The cases app of the desk."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class CasesConfig(AppConfig):
    name = "groundswell.desk.cases"
    label = "cases"

    def ready(self) -> None:
        from groundswell.desk.cases import (  # noqa: F401 (registers them)
            actions,
            clocks,
            consultations,
            finders,
            links,
            messenger,
            queue,
            reports,
            reviews,
            scans,
            stamps,
            urging,
        )

        post_migrate.connect(_copy_moves, sender=self)


def _copy_moves(using: str = "default", **_said: Any) -> None:
    """The table of allowed moves says what the kinds say."""
    from groundswell.desk.cases.kinds import allowed_moves
    from groundswell.desk.cases.models import AllowedMove

    if AllowedMove._meta.db_table not in connections[using].introspection.table_names():
        return  # taken back to a version that had none
    wanted, there = allowed_moves(), set(AllowedMove.objects.values_list("before", "after"))
    for before, after in there - wanted:
        AllowedMove.objects.filter(before=before, after=after).delete()
    AllowedMove.objects.bulk_create(AllowedMove(before=before, after=after) for before, after in sorted(wanted - there))
