"""Scans of instructions stay in the archive as long as the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from groundswell.desk.sources.retention import keeps_refs


@keeps_refs
def scans_kept() -> Iterator[str]:
    """Where the scans lie."""
    from groundswell.desk.instructions.models import Instruction

    yield from Instruction.objects.exclude(scan="").values_list("scan", flat=True)
