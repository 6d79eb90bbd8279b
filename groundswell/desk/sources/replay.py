"""Replay: the items of the kept time made again from the sealed archive, by the functions that made them, and compared or put back.

A row that is there is never touched, so what people put right stays. What is missing goes in by the same door as live items.
Of every item the first record gives what it is, and the last one that said something gives its words, as in the live run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any

from groundswell.collect.archive import Archive
from groundswell.collect.errors import ArchiveError
from groundswell.desk.sources.collecting import origin_of
from groundswell.desk.sources.items import Origin
from groundswell.desk.sources.models import Failure, FetchRun, Source
from groundswell.desk.sources.understand import understand
from groundswell.desk.spine.ports import today, zone
from groundswell.desk.stream.intake import clean, store
from groundswell.desk.stream.models import Item as Row
from groundswell.desk.stream.voices import oldest_month
from groundswell.engine.records import Fetched, Item

BATCH = 400  # items that are looked up or stored together
NAMED = 200  # differences that are named one by one
IDENTITY = ("source", "kind", "url", "published_at", "published_stamp", "author", "institutional", "parent")
WORDS = ("title", "text")

Step = Callable[[int], None]
# role of a record → what must be done beside the item that was put back from it (its picture, who entered it)
BESIDE: dict[str, Callable[[Fetched, Row], None]] = {}


@dataclass(frozen=True)
class Difference:
    """One item that replay and database do not agree on. ``what``: missing, unknown, differs, damaged, unread."""

    what: str
    key: str
    fields: tuple[str, ...] = ()
    ref: str = ""
    url: str = ""


@dataclass
class Result:
    """What a replay found and did."""

    records: int = 0
    items: int = 0  # different keys that the archive yields
    put_back: int = 0
    without_archive: int = 0  # items of the time without bytes (imported, or destroyed after their days): nothing to rebuild them from
    differences: list[Difference] = field(default_factory=list)
    more: int = 0  # differences beyond those that are named

    def differ(self, difference: Difference) -> None:
        if len(self.differences) < NAMED:
            self.differences.append(difference)
        else:
            self.more += 1


@dataclass
class Known:
    """Of one key: hashes of what its first record and its last words say, and where they lie."""

    identity: bytes
    words: bytes
    voice: str
    at: datetime  # of the first record
    ref: str  # of the first record
    words_ref: str
    published_at: datetime | None


class Replay:
    """One pass over the archive from SINCE to before UNTIL."""

    def __init__(self, archive: Archive, since: datetime, until: datetime, slug: str = "", step: Step | None = None) -> None:
        self.archive, self.since, self.until, self.slug = archive, since, until, slug
        self.step = step or (lambda _n: None)
        self.sources = {row.slug: row for row in Source.objects.select_related("unit", "place")}
        self.result = Result()
        self.seen: dict[str, Known] = {}
        self.reserve: dict[str, tuple[Fetched, Item]] = {}

    def check(self) -> Result:
        """Compare with the database; nothing is written."""
        for batch in self.batches():
            for _fetched, item in batch:
                self.note(item)
        self.compare()
        return self.finished()

    def put_back(self) -> Result:
        """Store what is missing, in the order in which it was collected."""
        fresh: set[str] = set()
        for batch in self.batches():
            for _fetched, item in batch:
                self.note(item)
            there = present(item.key for _fetched, item in batch if item.key not in fresh)
            missing = [(fetched, item) for fetched, item in batch if item.key not in there]
            fresh |= {item.key for _fetched, item in missing}
            self.restore(missing)
        self.restore(self.reserves())
        return self.finished()

    # ------------------------------------------------------------ reading

    def batches(self) -> Iterator[list[tuple[Fetched, Item]]]:
        batch: list[tuple[Fetched, Item]] = []
        for fetched in self.archive.records(self.since, self.until, self.damaged):
            source = self.sources.get(fetched.source)
            if source is None or (self.slug and source.slug != self.slug):
                continue
            self.result.records += 1
            self.step(1)
            batch += [(fetched, item) for item in self.items(source, fetched)]
            if len(batch) >= BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def items(self, source: Source, fetched: Fetched) -> list[Item]:
        """What FETCHED says, with the source as institution or not as it was when the item was stored."""
        found = understand(fetched, origin_of(source, fetched))
        for item in found.reserve.values():
            self.reserve.setdefault(item.key, (fetched, item))
        keys = [item.key for item in found.items]
        was = dict(Row.objects.filter(key__in=keys).exclude(institutional=source.institutional).values_list("key", "institutional"))
        if not was:
            return found.items
        other = copy(source)
        other.institutional = not source.institutional
        origin: Origin = origin_of(other, fetched)
        as_it_was = {item.key: item for item in understand(fetched, origin).items}
        return [as_it_was[item.key] if item.key in was else item for item in found.items]

    def damaged(self, error: ArchiveError) -> None:
        self.result.differ(Difference("damaged", "", ref=f"{error.args_.get('file', '')}:{error.args_.get('offset', '')}"))

    def note(self, item: Item) -> None:
        known = self.seen.get(item.key)
        at = item.collected_at
        assert at is not None
        if known is None:
            self.seen[item.key] = Known(
                digest(item, IDENTITY), digest(item, WORDS), item.voice, at, item.archive, item.archive, item.published_at
            )
        elif item.text:
            known.words, known.words_ref = digest(item, WORDS), item.archive

    # ------------------------------------------------------------ comparing

    def compare(self) -> None:
        keys = list(self.seen)
        for start in range(0, len(keys), BATCH):
            part = keys[start : start + BATCH]
            rows = {row.key: row for row in rows_of(Row.objects.filter(key__in=part))}
            for key in part:
                self.compare_one(key, rows.get(key))
        self.compare_reserves()
        self.find_unknown()

    def compare_one(self, key: str, row: Row | None) -> None:
        known = self.seen[key]
        if row is None:
            self.result.differ(Difference("missing", key, ref=known.ref))
            return
        item, fields = stored(row), []
        if row.collected_at == known.at:  # the same first record: what the item is must agree too
            if digest(item, IDENTITY) != known.identity:
                fields += self.which(key, known.ref, item, IDENTITY)
            if item.voice != known.voice and has_key(known.published_at):
                fields.append("voice")
        if digest(item, WORDS) != known.words:
            fields += self.which(key, known.words_ref, item, WORDS)
        if fields:
            self.result.differ(Difference("differs", key, tuple(fields), known.words_ref, row.url))

    def which(self, key: str, ref: str, item: Item, names: Sequence[str]) -> list[str]:
        """The fields in which the record at REF and the row differ."""
        fetched = self.archive.read(ref)
        made = next((each for each in self.items(self.sources[fetched.source], fetched) if each.key == key), None)
        return [name for name in names if made is None or value(made, name) != value(item, name)]

    def compare_reserves(self) -> None:
        """A feed's own text stands only where its page could not be had: the row says by its ref that it was so."""
        wanted = {key: pair for key, pair in self.reserve.items() if key not in self.seen}
        for row in rows_of(Row.objects.filter(key__in=wanted)):
            fetched, item = wanted[row.key]
            self.note(item)
            if row.archive == fetched.archive and digest(stored(row), WORDS) != digest(item, WORDS):
                self.result.differ(Difference("differs", row.key, WORDS, fetched.archive, row.url))

    def find_unknown(self) -> None:
        """Items whose bytes should lie in this stretch of the archive, but no record yields them."""
        rows = Row.objects.filter(collected_at__gte=self.since, collected_at__lt=self.until)
        if self.slug:
            rows = rows.filter(source__slug=self.slug)
        self.result.without_archive = rows.filter(archive="").count()
        for key, ref, url in rows.exclude(archive="").values_list("key", "archive", "url").iterator(chunk_size=2000):
            if key in self.seen:
                continue
            if self.is_there(ref):
                self.result.differ(Difference("unknown", key, ref=ref, url=url))
            else:
                self.result.without_archive += 1

    def is_there(self, ref: str) -> bool:
        """Does the record still lie in the archive? Past its days it was destroyed; a damaged one is told elsewhere."""
        try:
            self.archive.plain(ref)
        except ArchiveError:
            return False
        return True

    # ------------------------------------------------------------ putting back

    def restore(self, pairs: Sequence[tuple[Fetched, Item]]) -> None:
        if not pairs:
            return
        for run in runs(pairs):  # store() keeps one version of a key a batch
            self.result.put_back += len(store([item for _fetched, item in run]).new)
        beside = {item.key: fetched for fetched, item in pairs if fetched.role in BESIDE}
        for row in Row.objects.filter(key__in=beside):
            BESIDE[beside[row.key].role](beside[row.key], row)

    def reserves(self) -> list[tuple[Fetched, Item]]:
        """The feed's own text of pages that failed; all of them where the desk remembers no run of the source."""
        left = {key: pair for key, pair in self.reserve.items() if key not in self.seen}
        there = present(left)
        with_runs = set(FetchRun.objects.filter(at__gte=self.since).values_list("source__slug", flat=True).distinct())
        failed = set(Failure.objects.filter(url__in={item.url for _fetched, item in left.values()}).values_list("url", flat=True))
        return [
            (fetched, item)
            for key, (fetched, item) in left.items()
            if key not in there and (item.source not in with_runs or item.url in failed)
        ]

    def finished(self) -> Result:
        self.result.items = len(self.seen)
        return self.result


def runs(pairs: Sequence[tuple[Fetched, Item]]) -> Iterator[list[tuple[Fetched, Item]]]:
    """PAIRS in their order, cut where a key comes again."""
    run: list[tuple[Fetched, Item]] = []
    keys: set[str] = set()
    for fetched, item in pairs:
        if item.key in keys:
            yield run
            run, keys = [], set()
        run.append((fetched, item))
        keys.add(item.key)
    if run:
        yield run


def present(keys: Iterable[str]) -> set[str]:
    return set(Row.objects.filter(key__in=set(keys)).values_list("key", flat=True))


def rows_of(rows: Any) -> Iterator[Row]:
    return rows.select_related("source").defer("tokens", "signature", "judged").iterator(chunk_size=BATCH)  # type: ignore[no-any-return]


def stored(row: Row) -> Item:
    """ROW as the record that it was stored from."""
    return Item(
        key=row.key,
        source=row.source.slug,
        kind=row.kind,
        url=row.url,
        title=row.title,
        text=row.text,
        published_at=row.published_at,
        published_stamp=row.published_stamp,
        author=row.author,
        voice=row.voice,
        institutional=row.institutional,
        parent=row.parent,
    )


LENGTHS = {"title": 500, "url": 2000, "author": 120, "published_stamp": 32, "kind": 10}


def value(item: Item, name: str) -> Any:
    """A field of ITEM as the database holds it."""
    plain = getattr(item, name)
    return clean(plain)[: LENGTHS.get(name)] if isinstance(plain, str) else plain


def digest(item: Item, names: Sequence[str]) -> bytes:
    return blake2b("\x1f".join(str(value(item, name)) for name in names).encode("utf-8", "replace"), digest_size=12).digest()


def has_key(published_at: datetime | None) -> bool:
    """Is the key of that month still kept? Without it the stored pseudonym stays as it is."""
    return published_at is None or published_at.astimezone(zone()).strftime("%Y-%m") >= oldest_month(today())
