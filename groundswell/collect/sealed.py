"""A file of sealed frames: append-only, encrypted, and readable up to the last whole frame after a crash.

    header = magic (8) · version (1) · key id (8) · salt (16)
    frame  = length (4, big endian, of what follows) · nonce (12) · ciphertext · tag (16)

Every file has a key of its own (HKDF-SHA256 of the master key and the salt). A frame is bound to its file's
name and its offset, so that none can be moved, swapped or renamed unseen. A nonce of zeros marks a frame
that was erased; its length stays, so that the offsets of the others do.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .errors import ArchiveError, LostKey
from .keys import flush_folder, key_id

MAGIC = b"GSWA\r\n\x1a\n"
VERSION = b"\x01"
SALT_BYTES, NONCE_BYTES, TAG_BYTES, LENGTH_BYTES = 16, 12, 16, 4
HEADER_BYTES = len(MAGIC) + len(VERSION) + 8 + SALT_BYTES
ERASED = bytes(NONCE_BYTES)


def file_cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"groundswell sealed file 1").derive(key))


def binding(name: str, offset: int) -> bytes:
    """The associated data of a frame: it opens only in this file and at this place."""
    return MAGIC + VERSION + offset.to_bytes(8, "big") + name.encode()


class Writer:
    """Appends frames to one new file; each is on disk when ``append`` returns. Not for two threads at once."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        salt = os.urandom(SALT_BYTES)
        self.cipher = file_cipher(key, salt)
        self.descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self.offset = 0
        self.put(MAGIC + VERSION + key_id(key) + salt)
        flush_folder(path.parent)

    def append(self, content: bytes) -> int:
        """Seal and write one frame; its offset. Raises OSError with nothing written."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + self.cipher.encrypt(nonce, content, binding(self.path.name, self.offset))
        offset = self.offset
        self.put(len(sealed).to_bytes(LENGTH_BYTES, "big") + sealed)
        return offset

    def put(self, data: bytes) -> None:
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(self.descriptor, view) :]
            os.fsync(self.descriptor)
        except OSError:
            os.ftruncate(self.descriptor, self.offset)
            os.lseek(self.descriptor, self.offset, os.SEEK_SET)
            raise
        self.offset += len(data)

    def close(self) -> None:
        os.close(self.descriptor)


class Reader:
    """Reads the frames of one file. Raises LostKey for another key's file, ArchiveError damaged for no file of ours."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        try:
            self.file: BinaryIO = path.open("rb")
        except FileNotFoundError:
            raise ArchiveError("missing", f"the archive has no file {path.name}", file=path.name) from None
        self.size = os.fstat(self.file.fileno()).st_size
        header = self.file.read(HEADER_BYTES)
        self.whole = len(header) == HEADER_BYTES  # else the writer died before its first frame
        if self.whole:
            self.cipher = self.open_header(header, key)

    def open_header(self, header: bytes, key: bytes) -> AESGCM:
        if not header.startswith(MAGIC + VERSION):
            self.file.close()
            raise ArchiveError("damaged", f"{self.path.name} is not an archive file of this version", file=self.path.name, offset=0)
        stored = header[len(MAGIC) + 1 :][:8]
        if stored != key_id(key):
            self.file.close()
            raise LostKey(self.path.name, stored.hex(), key_id(key).hex())
        return file_cipher(key, header[-SALT_BYTES:])

    def offsets(self) -> Iterator[tuple[int, int, bool]]:
        """(offset, sealed length, erased) of every frame that is whole; what a crash tore off at the end is left out."""
        offset = HEADER_BYTES
        while self.whole and offset + LENGTH_BYTES + NONCE_BYTES + TAG_BYTES <= self.size:
            self.file.seek(offset)
            head = self.file.read(LENGTH_BYTES + NONCE_BYTES)
            length = int.from_bytes(head[:LENGTH_BYTES], "big")
            if length < NONCE_BYTES + TAG_BYTES or offset + LENGTH_BYTES + length > self.size:
                return
            yield offset, length, head[LENGTH_BYTES:] == ERASED
            offset += LENGTH_BYTES + length

    def frames(self, on_damage: Callable[[ArchiveError], None] | None = None) -> Iterator[tuple[int, bytes]]:
        """(offset, content) of every frame; a last frame that does not open counts as torn.

        Any other damaged frame raises ArchiveError, or is told to ``on_damage`` and passed over.
        """
        for offset, length, erased in self.offsets():
            if erased:
                continue
            try:
                content = self.unseal(offset, length)
            except ArchiveError as error:
                if offset + LENGTH_BYTES + length == self.size:
                    return
                if on_damage is None:
                    raise
                on_damage(error)
            else:
                yield offset, content

    def frame(self, offset: int) -> bytes:
        """The content of one frame. Raises ArchiveError: missing (erased, or past the end), damaged."""
        self.file.seek(offset)
        head = self.file.read(LENGTH_BYTES + NONCE_BYTES)
        length = int.from_bytes(head[:LENGTH_BYTES], "big")
        fits = self.whole and offset >= HEADER_BYTES and NONCE_BYTES + TAG_BYTES <= length <= self.size - offset - LENGTH_BYTES
        if not fits or head[LENGTH_BYTES:] == ERASED:
            raise ArchiveError("missing", f"{self.path.name} has no record at {offset}", file=self.path.name, offset=offset)
        return self.unseal(offset, length)

    def unseal(self, offset: int, length: int) -> bytes:
        self.file.seek(offset + LENGTH_BYTES)
        sealed = self.file.read(length)
        try:
            return self.cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], binding(self.path.name, offset))
        except InvalidTag:
            raise ArchiveError("damaged", f"{self.path.name} is damaged at {offset}", file=self.path.name, offset=offset) from None

    def close(self) -> None:
        self.file.close()

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def erase_frames(path: Path, key: bytes, keep: frozenset[int]) -> int:
    """Rewrite a file without the frames whose offsets are not in ``keep``; the number that went.

    The kept frames stay at their offsets and the gaps are holes that take no room on disk. The old file is
    replaced in one step, so that a crash leaves either.
    """
    draft = path.with_name(path.name + ".draft")
    gone = 0
    with Reader(path, key) as reader, draft.open("wb") as out:
        os.fchmod(out.fileno(), 0o600)
        reader.file.seek(0)
        out.write(reader.file.read(HEADER_BYTES))
        for offset, length, erased in reader.offsets():
            stays = offset in keep and not erased
            gone += not stays and not erased
            reader.file.seek(offset)
            out.seek(offset)
            out.write(reader.file.read(LENGTH_BYTES + (length if stays else 0)))
            out.truncate(offset + LENGTH_BYTES + length)
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, path)
    flush_folder(path.parent)
    return gone
