"""What machine a figure comes from."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from pathlib import Path


def machine() -> str:
    """Cores, memory, processor, Python, and how fast it is just now, in one line; what cannot be found out is left out."""
    parts = [f"{len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()} cores"]
    parts += [words for words in (_memory(), _processor()) if words]
    return ", ".join([*parts, f"{platform.python_implementation()} {platform.python_version()}", platform.system(), _speed()])


def _speed() -> str:
    """Machines that are shared are not always equally fast: a bare loop says how fast this one is now."""
    started, total = time.perf_counter(), 0
    for n in range(10_000_000):
        total += n
    return f"10 million additions in {time.perf_counter() - started:.2f} s"


def _memory() -> str:
    return _line("/proc/meminfo", "MemTotal", lambda value: f"{int(value.split()[0]) / 2**20:.0f} GiB")


def _processor() -> str:
    return _line("/proc/cpuinfo", "model name", str) or platform.processor()


def _line(path: str, key: str, read: Callable[[str], str]) -> str:
    """The value of the first line that begins with KEY, as READ gives it; "" where the system has no such file."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""
    found = next((line.partition(":")[2].strip() for line in text.splitlines() if line.startswith(key)), "")
    return read(found) if found else ""
