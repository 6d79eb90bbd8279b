"""A drop folder: JSONL, CSV and XLSX files that someone puts there. Nothing is moved; a file is known by its hash."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from groundswell.engine.records import Fetched, SourceSpec

from ..client import content_hash
from ..errors import CollectError, Failed
from ..session import Result, Session, Unchanged
from .walk import Follow, Steps

FOLLOW = Follow(role="file", links=0)

TYPES: dict[str, str] = {
    ".jsonl": "application/x-ndjson",
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SETTLED = timedelta(seconds=5)  # a file written to later than this may not be whole yet
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart", "~")


def collect(spec: SourceSpec, session: Session) -> Steps:
    """Yield every new file of the folder at ``spec.address``, by name; a known one as unchanged.

    Subfolders, links, hidden and unfinished files are passed over; a file of another kind, too large or not
    readable is a failure of its own.
    """
    folder = Path(spec.address)
    if not folder.is_dir():
        yield session.failed(CollectError("folder_missing", spec.address, folder=folder.name), spec.address)
        return
    for path in dropped(folder, session):
        yield take(path, spec, session)


def dropped(folder: Path, session: Session) -> Iterator[Path]:
    """The plain files that lie whole in the folder, by name."""
    limit = (session.now() - SETTLED).timestamp()
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")) or path.name.lower().endswith(UNFINISHED):
            continue
        state = path.lstat()
        if stat.S_ISREG(state.st_mode) and state.st_mtime <= limit:
            yield path


def take(path: Path, spec: SourceSpec, session: Session) -> Result:
    url = f"drop:{quote(spec.slug)}/{quote(path.name)}"
    try:
        content_type = TYPES.get(path.suffix.lower())
        if content_type is None:
            raise CollectError("file_kind", url, name=path.name)
        body = read_whole(path, url, session.client.limits.body_bytes)
        return known_or_kept(url, body, content_type, spec, session)
    except CollectError as error:
        return session.failed(error, url)


def read_whole(path: Path, url: str, limit_bytes: int) -> bytes:
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            body = file.read(limit_bytes + 1)
    except OSError:
        raise CollectError("file_unreadable", url, name=path.name) from None
    if len(body) > limit_bytes:
        raise CollectError("too_large", url, limit_bytes=limit_bytes)
    return body


def known_or_kept(url: str, body: bytes, content_type: str, spec: SourceSpec, session: Session) -> Fetched | Unchanged | Failed:
    taken = content_hash(body)
    if session.is_known(spec.slug, taken):
        return Unchanged(url=url, at=session.now(), why="same")
    fetched = Fetched(
        url=url,
        final_url=url,
        status=200,
        headers=(),
        body=body,
        fetched_at=session.client.now(),  # the clock of all that is kept; the session's own counts turns
        content_type=content_type,
        content_hash=taken,
        source=spec.slug,
        role=FOLLOW.role,
    )
    return session.kept(fetched, kind="resource")
