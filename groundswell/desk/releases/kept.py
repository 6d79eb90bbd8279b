"""What the archive keeps for releases and corrections, as long as they themselves stand (ten years)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from groundswell.desk.sources.retention import keeps_file, keeps_refs


@keeps_file
def spoken_about() -> Q:
    """The body said something on it, or asked a publisher to correct something in it."""
    return Q(releases__isnull=False) | Q(correction_requests__isnull=False) | Q(replies__isnull=False)


@keeps_refs
def evidence_kept() -> Iterator[str]:
    """The pages that correction requests rest on."""
    from groundswell.desk.releases.models import CorrectionRequest

    for rows in CorrectionRequest.objects.exclude(evidence=[]).values_list("evidence", flat=True):
        yield from (row["archive"] for row in rows)
