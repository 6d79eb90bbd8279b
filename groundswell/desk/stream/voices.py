"""Private authors become keyed hashes before anything is stored; the month's key is sealed and thrown away in time."""

from __future__ import annotations

import os
from datetime import date, datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import transaction

from groundswell.desk.spine.models import AuthorKey
from groundswell.desk.spine.ports import ports, zone
from groundswell.desk.spine.preferences import preference
from groundswell.engine.text.mentions import voice

_opened: dict[str, bytes] = {}


def voice_of(author: str, source: str, at: datetime) -> str:
    """The 16 hex digits that stand for AUTHOR of SOURCE in the month of AT; "" for no author."""
    return voice(author, source=source, key=month_key(at.astimezone(zone()).strftime("%Y-%m"))) if author.strip() else ""


def month_key(month: str) -> bytes:
    """The key of MONTH ("2026-11"); made when the month is first seen. Kept in memory only once it surely lies in the database."""
    kept = _opened.get(month)
    if kept is not None:
        return kept
    row, _ = AuthorKey.objects.get_or_create(month=month, defaults={"sealed": _seal(month, os.urandom(32))})
    key = _open(month, bytes(row.sealed))
    transaction.on_commit(lambda: _opened.__setitem__(month, key))
    return key


def oldest_month(today: date) -> str:
    """The first month ("2025-10") whose key is still kept."""
    months = today.year * 12 + today.month - 1 - int(preference("retention.author_key_months"))
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def destroy_old_keys(today: date) -> int:
    """Destroy the keys of months past retention; voices of those months can no longer be joined. Returns how many."""
    gone, _ = AuthorKey.objects.filter(month__lt=oldest_month(today)).delete()
    if gone:
        forget()
    return gone


def forget() -> None:
    """Keep no key in memory; the next question asks the database."""
    _opened.clear()


def _sealer() -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=b"author keys").derive(ports.master_key()))


def _seal(month: str, key: bytes) -> bytes:
    nonce = os.urandom(12)
    return nonce + _sealer().encrypt(nonce, key, month.encode())


def _open(month: str, sealed: bytes) -> bytes:
    return _sealer().decrypt(sealed[:12], sealed[12:], month.encode())
