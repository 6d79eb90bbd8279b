"""The raw archive: every response as WARC records, sealed, on disk before anything reads it.

One file a day and process, so that no two writers share one. A record's ref is ``file:offset``.
"""

from __future__ import annotations

import heapq
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from groundswell import __version__
from groundswell.engine.records import Fetched

from .errors import ArchiveError
from .sealed import Reader, Writer, erase_frames
from .warc import RecordKind, from_warc, to_warc, warcinfo

SOFTWARE = f"Groundswell/{__version__}"
FILE_NAME = re.compile(r"(\d{8})-\d+-[0-9a-f]{8}\.warc\.gz\.sealed\Z")

OnDamage = Callable[[ArchiveError], None]


class Archive:
    """Writes and reads one folder of sealed files. Safe to share between threads and to fork.

    ``key`` is the 32 bytes of ``keys.load_or_create_key``; ``now`` gives aware UTC. Raises LostKey where the
    folder holds files of another key.
    """

    def __init__(self, folder: Path, key: bytes, now: Callable[[], datetime]) -> None:
        self.folder = folder
        self.key = key
        self.now = now
        self.lock = threading.Lock()
        self.writer: Writer | None = None
        self.written: tuple[date, int] | None = None  # day and process of the open file
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path, _ in self.files():
            Reader(path, key).close()

    def write(self, fetched: Fetched, *, kind: RecordKind = "response") -> str:
        """Put one response on disk and flush it; its ref. Raises ArchiveError disk with nothing written."""
        records = to_warc(fetched, kind)
        with self.lock:
            try:
                writer = self.todays_writer()
                return f"{writer.path.name}:{writer.append(records)}"
            except OSError as error:
                raise ArchiveError("disk", f"the archive could not be written: {error.strerror}", reason=error.strerror or "") from error

    def todays_writer(self) -> Writer:
        mine = (self.now().astimezone(UTC).date(), os.getpid())
        if self.writer is None or self.written != mine:
            self.close()
            day, process = mine
            path = self.folder / f"{day:%Y%m%d}-{process}-{os.urandom(4).hex()}.warc.gz.sealed"
            self.writer, self.written = Writer(path, self.key), mine
            self.writer.append(warcinfo(path.name.removesuffix(".sealed"), SOFTWARE))
        return self.writer

    def read(self, ref: str) -> Fetched:
        """The response at a ref. Raises ArchiveError missing or damaged, LostKey."""
        name, offset = split_ref(ref)
        with Reader(self.folder / name, self.key) as reader:
            fetched = from_warc(reader.frame(offset), ref)
        if fetched is None:
            raise ArchiveError("missing", f"{ref} is not a response", file=name, offset=offset)
        return fetched

    def files(self) -> list[tuple[Path, date]]:
        """The sealed files with their days, oldest first."""
        found = ((path, FILE_NAME.match(path.name)) for path in sorted(self.folder.iterdir()))
        return [(path, datetime.strptime(match[1], "%Y%m%d").replace(tzinfo=UTC).date()) for path, match in found if match]

    def records(self, since: datetime, until: datetime, on_damage: OnDamage | None = None) -> Iterator[Fetched]:
        """What was fetched from ``since`` to before ``until``, in the order of fetching.

        A damaged record raises ArchiveError, or is told to ``on_damage`` and passed over.
        """
        first, last = since.astimezone(UTC).date(), until.astimezone(UTC).date()
        days: dict[date, list[Path]] = {}
        for path, day in self.files():
            if first - timedelta(days=1) <= day <= last + timedelta(days=1):
                days.setdefault(day, []).append(path)
        for day in sorted(days):
            streams = [self.file_records(path, on_damage) for path in days[day]]
            for fetched in heapq.merge(*streams, key=lambda fetched: fetched.fetched_at):
                if since <= fetched.fetched_at < until:
                    yield fetched

    def file_records(self, path: Path, on_damage: OnDamage | None) -> Iterator[Fetched]:
        with Reader(path, self.key) as reader:
            for offset, content in reader.frames(on_damage):
                fetched = from_warc(content, f"{path.name}:{offset}")
                if fetched:
                    yield fetched

    def plain(self, ref: str) -> bytes:
        """The records at a ref as they stand in a plain .warc.gz. Raises like ``read``."""
        name, offset = split_ref(ref)
        with Reader(self.folder / name, self.key) as reader:
            return reader.frame(offset)

    def export_plain(self, refs: Iterable[str], out: BinaryIO, *, first: Fetched | None = None) -> int:
        """Write the records of the refs as one plain .warc.gz; how many. Raises like ``read``, with ``out`` to be thrown away.

        ``first`` is written before them as a resource of its own: what the file holds, in words for whoever opens it.
        """
        out.write(warcinfo("", SOFTWARE))
        if first is not None:
            out.write(to_warc(first, "resource"))
        count = 0
        for ref in dict.fromkeys(refs):
            out.write(self.plain(ref))
            count += 1
        return count

    def sweep(self, older_than: date, keep: Iterable[str] = ()) -> int:
        """Destroy the records of days before ``older_than`` but those of ``keep``; how many went.

        Kept records keep their refs. Files of today are never touched: someone may be writing them.
        """
        kept: dict[str, set[int]] = {}
        for ref in keep:
            name, offset = split_ref(ref)
            kept.setdefault(name, set()).add(offset)
        limit = min(older_than, self.now().astimezone(UTC).date())
        return sum(self.sweep_file(path, frozenset(kept.get(path.name, ()))) for path, day in self.files() if day < limit)

    def sweep_file(self, path: Path, keep: frozenset[int]) -> int:
        with Reader(path, self.key) as reader:
            live = [offset for offset, _, erased in reader.offsets() if not erased]
        records = len(live) - 1  # the first is the warcinfo
        if not keep:
            path.unlink()
            return max(records, 0)
        if keep.issuperset(live[1:]):
            return 0
        return erase_frames(path, self.key, keep | frozenset(live[:1]))

    def close(self) -> None:
        if self.writer and self.written and self.written[1] == os.getpid():
            self.writer.close()
        self.writer = None


def split_ref(ref: str) -> tuple[str, int]:
    """``file:offset`` as its parts. Raises ArchiveError missing where it is not one, or leads out of the folder."""
    name, _, offset = ref.rpartition(":")
    if not FILE_NAME.match(name) or not (offset.isascii() and offset.isdigit()):
        raise ArchiveError("missing", f"{ref!r} is not a place in the archive", file=name, offset=offset)
    return name, int(offset)
