"""The evidence of a correction request: where the page lies in the sealed archive, its hash, and the page itself as plain WARC."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import BinaryIO

from groundswell.collect.client import content_hash
from groundswell.collect.errors import ArchiveError
from groundswell.desk.releases.models import CorrectionRequest
from groundswell.desk.sources.collecting import shared_archive
from groundswell.desk.sources.evidence import refs_of, with_parts
from groundswell.desk.spine.ports import now, zone
from groundswell.desk.stream.models import Item
from groundswell.engine.records import Fetched

Row = dict[str, str]


def rows_of(item: Item | None) -> list[Row]:
    """The archive's records behind ITEM: place, address, time of fetching, SHA-256 of the bytes. Empty where none are there."""
    refs = [ref for ref in refs_of(item) if ref] if item is not None else []
    if not refs:
        return []
    try:
        found = with_parts(shared_archive(), refs)
    except ArchiveError:
        return []
    return [
        {
            "archive": ref,
            "uri": page.final_url,
            "fetched_at": page.fetched_at.astimezone(zone()).isoformat(timespec="seconds"),
            "sha256": sha256(page.body).hexdigest(),
        }
        for ref, page in found.items()
    ]


def write(correction: CorrectionRequest, out: BinaryIO) -> int:
    """The pages behind CORRECTION as plain WARC into OUT, with a record in front. Returns how many. Raises ArchiveError."""
    archive = shared_archive()
    pages = with_parts(archive, [row["archive"] for row in correction.evidence])
    return archive.export_plain(pages, out, first=_front(correction))


def _front(correction: CorrectionRequest) -> Fetched:
    moment = now()
    data = {"correction": correction.number, "address": correction.address, "records": correction.evidence}
    body = json.dumps(data, ensure_ascii=False, indent=1).encode()
    name = f"urn:groundswell:correction:{correction.number}"
    return Fetched(
        url=name, final_url=name, status=200, headers=(), body=body, fetched_at=moment, content_type="application/json",
        content_hash=content_hash(body), role="manifest",
    )  # fmt: skip
