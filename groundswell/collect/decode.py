"""Unpack bodies as they arrive, with a ceiling: a few bytes on the wire may stand for gigabytes."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import brotli

from .errors import CollectError

STEP = 64 * 1024  # bytes unpacked at a time before the ceiling is asked again
RATIO_FROM = 1024 * 1024  # small bodies may be packed as tightly as they like
ACCEPT_ENCODING = "gzip, deflate, br"


class Unpacker(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]: ...

    def finish(self) -> Iterator[bytes]: ...


class Plain:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def finish(self) -> Iterator[bytes]:
        return iter(())


class Zlib:
    """gzip, zlib and, where a server means by deflate what it should not, raw deflate."""

    def __init__(self, window: int) -> None:
        self.window = window
        self.inner = zlib.decompressobj(window)
        self.started = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self.inner.eof:
                if self.window < 16 or not data.startswith(b"\x1f\x8b"):
                    return  # what follows the end is not ours
                self.inner = zlib.decompressobj(self.window)
            piece = self.unpack(data)
            data = self.inner.unconsumed_tail or (self.inner.unused_data if self.inner.eof else b"")
            if piece:
                yield piece

    def unpack(self, data: bytes) -> bytes:
        try:
            piece = self.inner.decompress(data, STEP)
        except zlib.error:
            if self.started or self.window != zlib.MAX_WBITS:
                raise
            self.inner = zlib.decompressobj(-zlib.MAX_WBITS)
            piece = self.inner.decompress(data, STEP)
        self.started = True
        return piece

    def finish(self) -> Iterator[bytes]:
        """A body cut short is kept as far as it goes: many servers never write the last bytes."""
        while piece := self.inner.decompress(self.inner.unconsumed_tail, STEP):
            yield piece


class Brotli:
    def __init__(self) -> None:
        self.inner = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self.inner.is_finished():
            return
        yield self.inner.process(data, output_buffer_limit=STEP)
        while piece := self.inner.process(b"", output_buffer_limit=STEP):
            yield piece

    def finish(self) -> Iterator[bytes]:
        return iter(())


UNPACKERS: dict[str, Callable[[], Unpacker]] = {
    "": Plain,
    "identity": Plain,
    "utf-8": Plain,  # a frequent mistake: the charset in the wrong header
    "gzip": lambda: Zlib(zlib.MAX_WBITS | 16),
    "x-gzip": lambda: Zlib(zlib.MAX_WBITS | 16),
    "deflate": lambda: Zlib(zlib.MAX_WBITS),
    "br": Brotli,
}


class Ceiling:
    """Counts what came over the wire and what it became; raises too_large or bomb at the limits."""

    def __init__(self, wire_bytes: int, body_bytes: int, ratio: int) -> None:
        self.wire_limit = wire_bytes
        self.body_limit = body_bytes
        self.ratio = ratio
        self.wire = 0
        self.body = 0

    def received(self, count: int) -> None:
        self.wire += count
        if self.wire > self.wire_limit:
            raise CollectError("too_large", limit_bytes=self.wire_limit)

    def unpacked(self, count: int) -> None:
        self.body += count
        if self.body > RATIO_FROM and self.body > self.ratio * max(self.wire, 1):
            raise CollectError("bomb", ratio=self.ratio)
        if self.body > self.body_limit:
            raise CollectError("too_large", limit_bytes=self.body_limit)


def unpack(chunks: Iterable[bytes], encoding: str, ceiling: Ceiling, keep: int | None = None) -> bytes:
    """Join and unpack a body; with ``keep`` reading ends after that many bytes and what was read is returned.

    ``encoding`` is the Content-Encoding header; more than one layer is refused. Raises CollectError:
    too_large, bomb, encoding.
    """
    body = bytearray()
    try:
        for piece in pieces(chunks, encoding, ceiling):
            body += piece
            if keep is not None and len(body) >= keep:
                return bytes(body[:keep])
            ceiling.unpacked(len(piece))
    except (zlib.error, brotli.error):
        raise CollectError("encoding", encoding=encoding) from None
    return bytes(body)


def pieces(chunks: Iterable[bytes], encoding: str, ceiling: Ceiling) -> Iterator[bytes]:
    start = UNPACKERS.get(encoding.strip().lower())
    if start is None:
        raise CollectError("encoding", encoding=encoding)
    unpacker = start()
    for chunk in chunks:
        ceiling.received(len(chunk))
        yield from unpacker.feed(chunk)
    yield from unpacker.finish()
