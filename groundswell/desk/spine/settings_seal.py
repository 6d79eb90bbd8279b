"""Secrets among the settings: sealed with a key that lies outside the database, opened only where they are used."""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from groundswell.desk.spine.ports import ports
from groundswell.desk.spine.preferences import preference

MARK = "sealed:1:"
NONCE_BYTES = 12


class SealBroken(Exception):
    """A sealed setting does not open: the key file is another one, or somebody changed the row."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The setting {key} was sealed with another key file. Enter it again in the settings, or put the right key file back."
        )


def seal(key: str, text: str) -> str:
    """TEXT sealed for the setting KEY (AES-256-GCM, the key's name authenticated); "" stays ""."""
    if not text:
        return ""
    nonce = os.urandom(NONCE_BYTES)
    return MARK + base64.b64encode(nonce + _cipher().encrypt(nonce, text.encode(), key.encode())).decode("ascii")


def unseal(key: str, sealed: str) -> str:
    """The inverse of ``seal``. Raises SealBroken."""
    if not sealed:
        return ""
    try:
        raw = base64.b64decode(sealed.removeprefix(MARK), validate=True)
        return _cipher().decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], key.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise SealBroken(key) from error


def secret(key: str) -> str:
    """The plain value of the secret setting KEY, "" where none was set. For the one place that uses it."""
    return unseal(key, str(preference(key) or ""))


def _cipher() -> AESGCM:
    """From the master key by HKDF (RFC 5869), for this purpose only."""
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=b"desk settings 1").derive(ports.master_key()))
