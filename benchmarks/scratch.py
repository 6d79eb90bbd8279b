"""A home of its own for a benchmark: made empty, served on a free port, thrown away at the end."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
CHANGED = (
    "GROUNDSWELL_DATABASE_URL",
    "GROUNDSWELL_DEMO",
    "GROUNDSWELL_CLOCK",
    "GROUNDSWELL_REACHABLE",
    "GROUNDSWELL_KEY_FILE",
    "GROUNDSWELL_PROCESS",
)


@contextlib.contextmanager
def scratch_home(keep: str = "") -> Iterator[Path]:
    """An empty home that GROUNDSWELL_HOME points at; KEEP names a folder that is used and left as it is."""
    folder = Path(keep or tempfile.mkdtemp(prefix="groundswell-bench-"))
    folder.chmod(0o755) if folder.exists() else folder.mkdir(parents=True)
    before = {name: os.environ.get(name) for name in (*CHANGED, "GROUNDSWELL_HOME")}
    for name in CHANGED:
        os.environ.pop(name, None)
    os.environ["GROUNDSWELL_HOME"] = str(folder)
    try:
        yield folder
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Done:
    """How a command went: exit code, wall seconds, the largest memory any child had so far (MiB), what it wrote."""

    code: int
    seconds: float
    peak_mib: float
    out: str


def groundswell(*words: str, seconds: float = 600) -> Done:
    """Run a command of the program in the present scratch home."""
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "benchmarks.peak", *words], capture_output=True, text=True, timeout=seconds, check=False)
    *lines, last = done.stderr.splitlines() or ["0"]
    return Done(done.returncode, time.monotonic() - started, float(last.removeprefix("peak ") or 0) / 1024, done.stdout + "\n".join(lines))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(command: Sequence[str], port: int, seconds: float = 60) -> Iterator[subprocess.Popen[bytes]]:
    """COMMAND as a child until it takes connections on PORT; stopped at the end. Raises RuntimeError where it does not come up."""
    child = subprocess.Popen(command, start_new_session=True, env=os.environ.copy(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and child.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        else:
            raise RuntimeError(f"nothing answers on port {port}")
        yield child
    finally:
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def visitor(port: int) -> httpx.Client:
    """A client that keeps its cookies and its connection."""
    return httpx.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True, timeout=60)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which SHARE of VALUES lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def load() -> str:
    """How busy the machine was over the last minute, and this process's peak memory."""
    return f"load {os.getloadavg()[0]:.2f}, own peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"
