"""JSON Lines in and out for the commands on files: plain or gzip, ids kept, bad rows named and passed over, progress on stderr."""

from __future__ import annotations

import contextlib
import gzip
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, TypeVar, cast

import orjson

from groundswell.server.faults import Fault

PATIENCE = 2.0  # seconds before progress is shown
SHOWN_FAULTS = 20
T = TypeVar("T")
U = TypeVar("U")


@contextlib.contextmanager
def open_in(path: str | None) -> Iterator[IO[bytes]]:
    """PATH for reading, standard input where it is None or "-". Raises Fault."""
    if path in (None, "-"):
        yield sys.stdin.buffer
        return
    with _opened(str(path), "rb", "read", "Check the path.") as stream:
        yield stream


@contextlib.contextmanager
def open_out(path: str | None) -> Iterator[IO[bytes]]:
    """PATH for writing, standard output where it is None or "-". Raises Fault."""
    if path in (None, "-"):
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with _opened(str(path), "wb", "written", "Choose another place with --out.") as stream:
        yield stream


def _opened(path: str, mode: str, done: str, mend: str) -> IO[bytes]:
    try:
        return cast("IO[bytes]", gzip.open(path, mode) if path.endswith(".gz") else open(path, mode))
    except OSError as error:
        raise Fault(f"{path} cannot be {done}: {error.strerror or error}. {mend}") from error


def rows(stream: IO[bytes], name: str = "input") -> Iterator[dict[str, Any]]:
    """The objects of STREAM; a missing ``id`` is the line number from 0. See ``made``."""
    return made(stream, name, lambda row: row)


def made(stream: IO[bytes], name: str, make: Callable[[dict[str, Any]], U]) -> Iterator[U]:
    """What MAKE makes of each object of STREAM. A line that cannot be read, or of which MAKE raises Fault, is named and passed over.

    Raises Fault where there are lines and none of them can be read, or the stream itself is broken.
    """
    progress, bad, good, last = Progress(), 0, 0, ""
    for number, line in enumerate(_lines(stream, name)):
        if not line.strip():
            continue
        try:
            result = make(_object(line, number))
        except Fault as fault:
            bad, last = bad + 1, f"{name}, line {number + 1}: {fault}"
            if bad <= SHOWN_FAULTS:
                print(f"{last} Passed over.", file=sys.stderr)
            continue
        good += 1
        progress.step()
        yield result
    progress.end()
    if bad > SHOWN_FAULTS:
        print(f"… and {bad - SHOWN_FAULTS:,} more lines, the last: {last}", file=sys.stderr)
    if bad and not good:
        raise Fault(f"{name} holds no line that can be read.")


def _object(line: bytes, number: int) -> dict[str, Any]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise Fault(f'this is no JSON ({error}). Write one object a line: {{"id": 1, "text": "…"}}.') from error
    if not isinstance(row, dict):
        raise Fault('this is JSON, but no object. Write one object a line: {"id": 1, "text": "…"}.')
    row.setdefault("id", number)
    return row


def _lines(stream: IO[bytes], name: str) -> Iterator[bytes]:
    try:
        yield from stream
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Fault(f"{name} is no whole gzip file ({error}). Fetch or pack it again.") from error
    except IsADirectoryError as error:
        raise Fault(f"{name} is a folder. Name a file in it.") from error


def write(stream: IO[bytes], row: Any) -> None:
    """ROW as one line."""
    stream.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS))


class Progress:
    """A count on stderr, once the work takes longer than two seconds and stderr is seen by somebody."""

    def __init__(self, whole: int = 0, stream: IO[str] | None = None, what: str = "") -> None:
        self.whole, self.stream, self.what = whole, stream or sys.stderr, what
        self.done, self.started, self.shown = 0, time.monotonic(), 0.0

    def step(self, count: int = 1) -> None:
        self.done += count
        moment = time.monotonic()
        if moment - self.started > PATIENCE and moment - self.shown > 0.5 and self.stream.isatty():
            self.shown = moment
            self.stream.write(f"\r{self._words(moment)}\x1b[K")
            self.stream.flush()

    def _words(self, moment: float) -> str:
        what = f"{self.what} " if self.what else ""
        rate = self.done / (moment - self.started)
        if not self.whole:
            return f"{what}{self.done:,}, {rate:,.0f}/s"
        left = (self.whole - self.done) / rate if rate else 0
        return f"{what}{self.done:,} of {self.whole:,}, {rate:,.0f}/s, about {left:,.0f} s left"

    def end(self) -> None:
        if self.shown:
            self.stream.write("\n")


def progress(items: Iterable[T], *, total: int | None = None, what: str = "") -> Iterator[T]:
    """ITEMS as they are, counted on stderr by a ``Progress``; TOTAL where it is known, WHAT they are."""
    counter = Progress(total or 0, what=what)
    for item in items:
        yield item
        counter.step()
    counter.end()
