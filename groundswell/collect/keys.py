"""The archive's key: 32 random bytes in a file of their own that only its owner reads."""

from __future__ import annotations

import os
import stat
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from hashlib import blake2b
from pathlib import Path

from .errors import ArchiveError

KEY_BYTES = 32
PREFIX = b"groundswell-archive-key-1:"


def load_or_create_key(path: Path) -> bytes:
    """Read the key, or make one where there is no file yet (mode 0600, flushed).

    Raises ArchiveError: unsafe_key where group or others may read it, broken_key where it is not a key.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return create_key(path)
    with os.fdopen(descriptor, "rb") as file:
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        if mode & 0o077:
            message = f"{path} may be read by others (mode {mode:04o}): run chmod 600 on it"
            raise ArchiveError("unsafe_key", message, path=str(path), mode=f"{mode:04o}")
        return parse_key(file.read(1024), path)


def create_key(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    key = os.urandom(KEY_BYTES)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(PREFIX + b64encode(key) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails where another process was quicker: its key is then the key
    except FileExistsError:
        return load_or_create_key(path)
    finally:
        draft.unlink()
    flush_folder(path.parent)
    return key


def parse_key(text: bytes, path: Path) -> bytes:
    try:
        key = b64decode(text.strip().removeprefix(PREFIX), validate=True)
    except NotBase64:
        key = b""
    if not text.startswith(PREFIX) or len(key) != KEY_BYTES:
        raise ArchiveError("broken_key", f"{path} does not hold an archive key: put the right file back from its safe copy", path=str(path))
    return key


def key_id(key: bytes) -> bytes:
    """Eight bytes that name a key and give nothing of it away."""
    return blake2b(key, digest_size=8, person=b"archive key id").digest()


def flush_folder(folder: Path) -> None:
    """Make names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
