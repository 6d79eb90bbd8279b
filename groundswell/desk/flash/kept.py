"""A story that was reported has a file: its evidence stays as long as the story does."""

from __future__ import annotations

from django.db.models import Q

from groundswell.desk.sources.retention import keeps_file


@keeps_file
def reported() -> Q:
    """Told by telephone, or written about."""
    return Q(calls__isnull=False) | Q(flash_reports__isnull=False)
