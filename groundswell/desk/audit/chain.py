"""Append to the audit chain and verify it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from django.db import connection, transaction

from groundswell.desk.accounts.models import User
from groundswell.desk.audit.models import Record
from groundswell.desk.spine.ports import now, ports

GENESIS = "0" * 64
LOCK = 0x6772_6F75


def append(act: str, actor: User | None, subject: str = "", payload: Mapping[str, Any] | None = None, at: datetime | None = None) -> Record:
    """Add a link inside the caller's transaction; links are made one after another, whoever makes them."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        last = Record.objects.order_by("-seq").first()
        seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
        moment = (at or now()).astimezone(UTC)
        digest = payload_digest(payload or {})
        record = Record.objects.create(
            seq=seq,
            at=moment,
            actor=actor,
            act=act,
            subject=subject,
            payload=dict(payload or {}),
            payload_hash=digest,
            previous_hash=previous,
            hash=link_hash(seq, moment, actor.pk if actor else None, act, subject, digest, previous),
        )
        transaction.on_commit(lambda: write_head(record))
    return record


def payload_digest(payload: Mapping[str, Any]) -> str:
    """SHA-256 of the payload's canonical JSON."""
    plain = json.loads(json.dumps(dict(payload), default=str))
    return hashlib.sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)).hexdigest()


def link_hash(seq: int, at: datetime, actor: int | None, act: str, subject: str, digest: str, previous: str) -> str:
    """The hash of a link: SHA-256 over all that it says and the hash before it."""
    text = "\n".join((str(seq), at.astimezone(UTC).isoformat(timespec="microseconds"), str(actor or ""), act, subject, digest, previous))
    return hashlib.sha256(text.encode()).hexdigest()


def write_head(record: Record) -> None:
    """Append the head to the file outside the database, so that a cut-off end of the chain shows too."""
    path = ports.audit_head_file
    if path is None or not path.parent.is_dir():
        return
    with path.open("a", encoding="ascii") as stream:
        stream.write(json.dumps({"seq": record.seq, "hash": record.hash}) + "\n")


@dataclass(frozen=True)
class Break:
    """A place where the chain does not hold."""

    seq: int
    what: str  # gap | link | hash | payload | head


def verify(head_file: Path | None = None) -> tuple[int, list[Break]]:
    """Walk the whole chain. Returns the number of links and every break found.

    HEAD_FILE, where given, holds heads noted outside the database; each must stand in the chain.
    """
    heads = dict(_heads(head_file)) if head_file else {}
    breaks: list[Break] = []
    previous, expected, count = GENESIS, 1, 0
    for record in Record.objects.order_by("seq").iterator(chunk_size=2000):
        breaks += _faults(record, previous, expected, heads)
        previous, expected, count = record.hash, record.seq + 1, count + 1
    breaks += [Break(seq, "head") for seq in sorted(heads) if seq >= expected]
    return count, breaks


def _faults(record: Record, previous: str, expected: int, heads: Mapping[int, str]) -> Iterator[Break]:
    if record.seq != expected:
        yield Break(record.seq, "gap")
    if record.previous_hash != previous:
        yield Break(record.seq, "link")
    made = link_hash(record.seq, record.at, record.actor_id, record.act, record.subject, record.payload_hash, record.previous_hash)
    if made != record.hash:
        yield Break(record.seq, "hash")
    if record.payload is not None and payload_digest(record.payload) != record.payload_hash:
        yield Break(record.seq, "payload")
    if record.seq in heads and heads[record.seq] != record.hash:
        yield Break(record.seq, "head")


def _heads(path: Path) -> Iterator[tuple[int, str]]:
    if not path.exists():
        return
    for line in path.read_text(encoding="ascii").splitlines():
        if line.strip():
            row = json.loads(line)
            yield int(row["seq"]), str(row["hash"])
