"""Logs are events with fields: one line each, never a text, never an author's name; a file a day and process, kept for a time."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import traceback
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
DATED = re.compile(r"-(\d{4}-\d{2}-\d{2})\.log$")


class EventFormatter(logging.Formatter):
    """``2026-11-23T16:06:00Z INFO groundswell.sources fetched source=x items=3``; a line feed in a field cannot begin a line.

    PLACES: also where an error passed, on lines of their own.
    """

    def __init__(self, places: bool = True) -> None:
        super().__init__()
        self._places = places

    def format(self, record: logging.LogRecord) -> str:
        given = {key: value for key, value in vars(record).items() if key not in STANDARD and isinstance(value, str | int | float)}
        fields = " ".join(f"{key}={_one_line(value)}" for key, value in given.items())
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        line = f"{at} {record.levelname} {record.name} {_one_line(record.getMessage())} {fields}".rstrip()
        if self._places and record.exc_info and record.exc_info[1]:
            line += "\n" + where(record.exc_info[1])
        return line


def where(error: BaseException) -> str:
    """The places that ERROR went through and its kind; what it says is left out, since it may quote an item or a name."""
    lines = [line.rstrip() for line in traceback.format_tb(error.__traceback__)]
    cause = error.__cause__ or error.__context__
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    return "\n".join([*lines, f"{kind}, caused by {type(cause).__qualname__}" if cause else kind])


def _one_line(value: object) -> str:
    return " ".join(str(value).split())


class DayFile(logging.Handler):
    """Appends to FOLDER/PROCESS-DAY.log; a new day is a new file, so that several processes may write and old days can go."""

    def __init__(self, folder: str, process: str, level: int = logging.NOTSET) -> None:
        super().__init__(level)
        self._folder, self._process = Path(folder), process
        self._day: date | None = None
        self._file = -1

    def emit(self, record: logging.LogRecord) -> None:
        try:
            day = datetime.fromtimestamp(record.created, UTC).date()
            if day != self._day:
                self._open(day)
            os.write(self._file, (self.format(record) + "\n").encode("utf-8", "backslashreplace"))
        except OSError:
            pass  # a full disk must not stop the work; standard error has the line too

    def _open(self, day: date) -> None:
        self.close()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = os.open(self._folder / f"{self._process}-{day}.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._day = day

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file, self._day = -1, None


def remove_old(folder: Path, today: date, days: int) -> int:
    """Remove the day files of FOLDER that are older than DAYS. Returns how many."""
    gone = 0
    for path in folder.glob("*.log"):
        found = DATED.search(path.name)
        if found and date.fromisoformat(found.group(1)) < today - timedelta(days=days):
            with contextlib.suppress(OSError):
                path.unlink()
                gone += 1
    return gone
