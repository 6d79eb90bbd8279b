"""The master key: a file beside the database, never in it. From it every other key is derived."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from groundswell.server.faults import Fault

LENGTH = 32


def read_or_make_key(path: Path, *, may_make: bool) -> bytes:
    """Return the 32 bytes in PATH; make the file (mode 0600) where MAY_MAKE. Raises Fault when it is lost or open to others."""
    if not path.exists():
        if not may_make:
            raise Fault(
                f"The key file {path} is gone, but the database holds data sealed with it. Put the file back from its safe copy, "
                "or set GROUNDSWELL_KEY_FILE to where it lies."
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(LENGTH) + "\n")
    if path.stat().st_mode & 0o077:
        raise Fault(f"The key file {path} can be read by others. Run: chmod 600 {path}")
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except PermissionError as error:
        raise Fault(f"The key file {path} belongs to another user. Run Groundswell as the user that made this home.") from error
    except ValueError as error:
        raise Fault(f"The key file {path} does not hold {LENGTH * 2} hex digits. Put the right file back from its safe copy.") from error
    if len(key) != LENGTH:
        raise Fault(f"The key file {path} holds {len(key)} bytes, {LENGTH} are needed. Put the right file back from its safe copy.")
    return key


def derive(master: bytes, purpose: str) -> bytes:
    """Derive the 32-byte key for PURPOSE (HKDF, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=LENGTH, salt=None, info=purpose.encode()).derive(master)
