"""Evidence: the pages behind a story's items, out of the sealed archive into a plain WARC file that anybody can open."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, BinaryIO

from groundswell.collect.archive import Archive
from groundswell.collect.client import content_hash
from groundswell.collect.errors import ArchiveError
from groundswell.desk.spine.ports import now, zone
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item
from groundswell.engine.records import Fetched

# role of a record → refs of what belongs to it (the picture and the page behind an entry)
PARTS: dict[str, Callable[[Fetched], Iterable[str]]] = {}


@dataclass
class Evidence:
    """What was written: how many pages, for how many items, and the items whose bytes are gone or never were."""

    pages: int = 0
    items: int = 0
    without: list[str] = field(default_factory=list)  # item keys
    sha256: str = ""  # of the file


def items_of(story: Story) -> list[Item]:
    """The items of STORY and of what was merged into it, in order of arrival."""
    ids, new = {story.pk}, {story.pk}
    while new := set(Story.objects.filter(merged_into__in=new).values_list("pk", flat=True)) - ids:
        ids |= new
    rows = Item.objects.filter(story__in=ids).select_related("source").prefetch_related("versions")
    return list(rows.defer("tokens", "signature", "judged").order_by("id"))


def refs_of(item: Item) -> list[str]:
    """Where the bytes of ITEM and of its earlier texts lie."""
    refs = [version.archive for version in item.versions.all()] + [item.archive]
    return list(dict.fromkeys(ref for ref in refs if ref))


def with_parts(archive: Archive, refs: Iterable[str]) -> dict[str, Fetched]:
    """The records at REFS and what belongs to them; those that are gone are left out."""
    found: dict[str, Fetched] = {}
    waiting = list(refs)
    while waiting:
        ref = waiting.pop(0)
        if not ref or ref in found:
            continue
        try:
            found[ref] = archive.read(ref)
        except ArchiveError as error:
            if error.code != "missing":
                raise
            continue
        parts = PARTS.get(found[ref].role)
        waiting += parts(found[ref]) if parts else ()
    return found


def write(story: Story, archive: Archive, out: BinaryIO) -> Evidence:
    """All pages behind STORY's items into OUT, with a record in front that says what they are. Raises ArchiveError (damaged, lost_key)."""
    evidence, rows = Evidence(), []
    pages: dict[str, Fetched] = {}
    for item in items_of(story):
        found = with_parts(archive, refs_of(item))
        pages |= found
        evidence.items += bool(found)
        evidence.without += [] if found else [item.key]
        rows.append(_row(item, found))
    counted = _Counted(out)
    evidence.pages = archive.export_plain(pages, counted, first=_manifest(story, rows))  # type: ignore[arg-type]
    evidence.sha256 = counted.digest.hexdigest()
    return evidence


def _row(item: Item, found: dict[str, Fetched]) -> dict[str, Any]:
    return {
        "key": item.key,
        "source": item.source.slug,
        "source_name": item.source.name,
        "url": item.url,
        "published_at": item.published_stamp or (item.published_at.isoformat() if item.published_at else ""),
        "collected_at": item.collected_at.astimezone(zone()).isoformat(),
        "records": [
            {
                "uri": page.final_url,
                "fetched_at": page.fetched_at.astimezone(zone()).isoformat(),
                "status": page.status,
                "sha256": sha256(page.body).hexdigest(),
                "role": page.role,
                "archive": ref,
            }
            for ref, page in found.items()
        ],
    }


def _manifest(story: Story, rows: list[dict[str, Any]]) -> Fetched:
    moment = now()
    data = {
        "story": story.number,
        "title": story.title,
        "made_at": moment.astimezone(zone()).isoformat(),
        "note": "Pages as they were received, in plain. They may name private persons: keep and pass on only as the law allows.",
        "items": rows,
    }
    body = json.dumps(data, ensure_ascii=False, indent=1).encode()
    name = f"urn:groundswell:evidence:{story.number}"
    return Fetched(
        url=name, final_url=name, status=200, headers=(), body=body, fetched_at=moment, content_type="application/json",
        content_hash=content_hash(body), role="manifest",
    )  # fmt: skip


class _Counted:
    """A stream that hashes what goes through it."""

    def __init__(self, out: BinaryIO) -> None:
        self.out, self.digest = out, sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self.out.write(data)
