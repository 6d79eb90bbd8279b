"""What is destroyed by itself: the raw archive past its days but for the evidence of stories with a file, and old keys of author hashes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from groundswell.collect.archive import Archive
from groundswell.desk.audit.chain import append
from groundswell.desk.sources.collecting import shared_archive
from groundswell.desk.sources.evidence import refs_of, with_parts
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.ports import ports, today
from groundswell.desk.spine.preferences import preference
from groundswell.desk.stories.models import State, Story
from groundswell.desk.stream.models import Item
from groundswell.desk.stream.voices import destroy_old_keys

log = logging.getLogger("groundswell.retention")
# what makes a story have a file, each as a condition on stories; later workflows (cases, instructions) add theirs
FILES: list[Callable[[], Q]] = []
REFS: list[Callable[[], Iterable[str]]] = []  # further places of the archive that stay: scans, photographs


def keeps_file(condition: Callable[[], Q]) -> Callable[[], Q]:
    """Register a condition under which a story has a file, whose evidence stays as long as the story does."""
    FILES.append(condition)
    return condition


def keeps_refs(refs: Callable[[], Iterable[str]]) -> Callable[[], Iterable[str]]:
    """Register places of the archive that stay whatever becomes of stories."""
    REFS.append(refs)
    return refs


@keeps_file
def handled() -> Q:
    """A person acted on it: took it up, levelled it, gave it to a unit, closed it."""
    acted = Entry.objects.filter(subject_type="story", actor__isnull=False).values("subject_id")
    return Q(pk__in=acted) | Q(state__in=[State.HANDLING, State.CLOSED]) | Q(level_by_hand=True) | Q(unit_by_hand=True)


@keeps_file
def printed() -> Q:
    """A bulletin speaks of it."""
    return Q(printed_in__isnull=False)


@dataclass(frozen=True)
class Swept:
    """What went: records of the archive, keys of author hashes."""

    records: int = 0
    keys: int = 0


def evidence_kept() -> Iterator[str]:
    """The refs that stay: of the items of stories with a file, of items that stand in a bulletin by themselves, of scans."""
    archive = shared_archive()
    condition = Q()
    for file in FILES:
        condition |= file()
    stories = Story.objects.filter(condition).values("pk")
    rows = Item.objects.filter(Q(story__in=stories) | Q(printed_in__isnull=False) | Q(cited_in__isnull=False)).distinct()
    for item in rows.prefetch_related("versions").only("pk", "archive", "kind").iterator(chunk_size=1000):
        refs = refs_of(item)
        yield from with_parts(archive, refs) if item.kind == "entered" else refs
    for each in REFS:
        yield from each()


def sweep(moment: datetime) -> Swept:
    """Destroy what is past its time. May be run again and again; a crash in between leaves whole files."""
    days = int(preference("retention.archive_days"))
    limit = (moment.astimezone(UTC) - timedelta(days=days)).date()
    archive = shared_archive() if ports.archive_folder.is_dir() else None
    old = archive is not None and any(day < limit for _path, day in archive.files())
    records = archive.sweep(limit, _whole(archive, evidence_kept())) if archive is not None and old else 0
    keys = destroy_old_keys(today())
    if records or keys:
        with transaction.atomic():
            append("retention.swept", None, "", {"records": records, "keys": keys, "until": limit.isoformat()})
        log.info("swept", extra={"records": records, "keys": keys})
    return Swept(records, keys)


def _whole(archive: Archive, refs: Iterator[str]) -> list[str]:
    """Only refs that are places in this archive."""
    names = {path.name for path, _day in archive.files()}
    return [ref for ref in refs if ref.rpartition(":")[0] in names]
