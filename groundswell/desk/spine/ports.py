"""What the desk asks of its surroundings: the time, the keys, the folders. The server plugs them in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo


class _Ports:
    """The one mutable place: filled once when the process starts, by tests as they need."""

    clock: Callable[[], datetime] = staticmethod(lambda: datetime.now(UTC))
    master_key: Callable[[], bytes]
    home: Path = Path()
    archive_folder: Path = Path()
    audit_head_file: Path | None = None
    reachable: tuple[str, ...] = ()
    mail_url: str = ""
    demo: bool = False


ports = _Ports()


def now() -> datetime:
    """The present, UTC, as the desk's one clock has it."""
    return ports.clock()


def zone() -> ZoneInfo:
    """The body's own time zone."""
    from groundswell.desk.spine.preferences import preference

    return ZoneInfo(preference("body.zone"))


def local_now() -> datetime:
    return now().astimezone(zone())


def today() -> date:
    """The body's present day."""
    return local_now().date()
