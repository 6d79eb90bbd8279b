"""The clock of the process: the machine's, or one that was started elsewhere and runs at its own speed (the demo)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def make_clock(setting: str) -> Callable[[], datetime]:
    """Return ``now``. SETTING is "" for the machine's clock or "ISO start|speed|unix time of the start"."""
    if not setting:
        return lambda: datetime.now(UTC)
    start_text, speed_text, real_text = setting.split("|")
    start, speed, real_start = datetime.fromisoformat(start_text).astimezone(UTC), float(speed_text), float(real_text)
    return lambda: start + timedelta(seconds=(time.time() - real_start) * speed)
