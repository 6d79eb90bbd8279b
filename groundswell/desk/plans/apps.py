"""The plans app of the desk."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class PlansConfig(AppConfig):
    name = "groundswell.desk.plans"
    label = "plans"

    def ready(self) -> None:
        from groundswell.desk.plans import actions, finders, keeping, queue, steps, versions  # noqa: F401 (registers them)

        post_migrate.connect(_copy_library, sender=self)


def _copy_library(using: str = "default", **_said: Any) -> None:
    """The shipped plans as their version 1; what is there stays as it was edited."""
    from groundswell.desk.plans import playbook
    from groundswell.desk.plans.models import Plan, PlanVersion
    from groundswell.desk.spine import ports

    if PlanVersion._meta.db_table not in connections[using].introspection.table_names():
        return  # taken back to a version that had none
    for book in playbook.shipped():
        plan, is_new = Plan.objects.get_or_create(code=book.code)
        if is_new:
            PlanVersion.objects.create(plan=plan, number=1, data=playbook.data_of(book), made_at=ports.now())
