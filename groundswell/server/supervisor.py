"""Keeps the child processes of one house: starts them, restarts one that dies, stops all on a signal."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType, TracebackType

from groundswell.server.faults import Fault

RESTARTS = 5  # of one child within a minute, then the house stops
STOP_SECONDS = 10.0
LOOK_SECONDS = 1.0  # how often the database is looked at
PARENT_DIED = 1  # PR_SET_PDEATHSIG


def check_port(host: str, port: int) -> None:
    """Raise Fault when the port is taken or not ours to take."""
    if not 1 <= port <= 65535:
        raise Fault(f"There is no port {port}. Choose one between 1024 and 65535 with --port.")
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except OSError as error:
        raise Fault(f"There is no address {host} on this machine. Choose another one with --host, for example 0.0.0.0.") from error
    with contextlib.closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except PermissionError as error:
            raise Fault(f"Port {port} is kept for root. Choose one above 1023 with --port, and put a reverse proxy before it.") from error
        except OSError as error:
            raise Fault(
                f"Port {port} on {host} cannot be used: {error.strerror}. Another program may hold it; choose one with --port."
            ) from error


@contextlib.contextmanager
def held_home(home: Path, address: str) -> Iterator[None]:
    """Hold HOME as the one house that serves it at ADDRESS. Raises Fault where another one does; the lock dies with the process."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".served").open("a+", encoding="utf-8") as note:
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            note.seek(0)
            pid, _, where = note.read().strip().partition(" ")
            raise Fault(
                f"The desk in {home} is served already, at {where} by process {pid}. Use that one, stop it first, "
                "or add a worker to it with “groundswell serve --no-web”."
            ) from error
        note.truncate(0)
        note.write(f"{os.getpid()} {address}")
        note.flush()
        yield


def served_at(home: Path) -> str:
    """Where HOME is served by a living house, "" where it is not."""
    try:
        with (home / ".served").open("r", encoding="utf-8") as note:
            fcntl.flock(note, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return (home / ".served").read_text(encoding="utf-8").strip().partition(" ")[2]
    except OSError:
        pass
    return ""


def web_command(host: str, port: int, workers: int) -> list[str]:
    """The web server: granian over ASGI."""
    return [
        sys.executable,
        "-m",
        "granian",
        "groundswell.server.asgi:application",
        "--interface",
        "asginl",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--no-ws",
        "--log-level",
        "warning",
        "--workers-kill-timeout",
        "5",
    ]


def worker_command() -> list[str]:
    return [sys.executable, "-c", "from groundswell.server.worker import main; main()"]


class Supervisor:
    """Children by name; each in a process group of its own so that Ctrl-C reaches them only through us. Leaving it stops them all.

    Entered, it takes the signals that end the program.
    REVIVE is asked every second to start the database again where it was killed.
    """

    def __init__(self, revive: Callable[[], bool] = lambda: False) -> None:
        self.commands: dict[str, Sequence[str]] = {}
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.deaths: dict[str, list[float]] = {}
        self.stopping = False
        self._revive = revive

    def __enter__(self) -> Supervisor:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)  # for good: whoever presses Ctrl-C twice still gets a clean end
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def add(self, name: str, command: Sequence[str]) -> None:
        """Start COMMAND under NAME."""
        self.commands[name] = command
        environment = {**os.environ, "GROUNDSWELL_PROCESS": name.replace(" ", "-")}
        self.children[name] = subprocess.Popen(command, start_new_session=True, env=environment, preexec_fn=_end_with(os.getpid()))

    def wait_for(self, host: str, port: int, seconds: float = 60.0) -> None:
        """Wait until the web child takes connections."""
        here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.stopping:
            with contextlib.suppress(OSError), socket.create_connection((here, port), timeout=1):
                return
            if self.children["web"].poll() is not None:
                raise Fault("The web server stopped at once; the lines above say why.")
            time.sleep(0.05)
        if self.stopping:
            return
        raise Fault(f"The web server did not answer on {host}:{port} within {seconds:g} s.")

    def run(self) -> int:
        """Watch the children until a signal comes. Returns the exit code."""
        looked = time.monotonic()
        while not self.stopping:
            time.sleep(0.2)
            for name in list(self.children):
                if not self.stopping and self.children[name].poll() is not None:
                    self._restart(name)
            if not self.stopping and time.monotonic() - looked > LOOK_SECONDS:
                looked = time.monotonic()
                self._look_at_database()
        self.stop()
        return 0

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _look_at_database(self) -> None:
        try:
            if not self._revive():
                return
            words = "The database stopped; it is started again."
        except Fault as fault:
            words = f"{fault} It is tried again."
        _say(words)
        self._count_death("database")

    def _count_death(self, name: str) -> None:
        moment = time.monotonic()
        self.deaths[name] = [at for at in self.deaths.get(name, []) if moment - at < 60] + [moment]
        if len(self.deaths[name]) > RESTARTS:
            raise Fault(f"The {name} stopped {RESTARTS} times within a minute; the lines above say why.")

    def _restart(self, name: str) -> None:
        self._count_death(name)
        dead = self.children[name]
        with contextlib.suppress(ProcessLookupError):
            os.killpg(dead.pid, signal.SIGKILL)  # what it left behind, such as the web server's own children
        _say(f"The {name} stopped ({_how(dead.returncode)}); it is started again.")
        self.add(name, self.commands[name])

    def stop(self) -> None:
        """Ask every child to end, then make it."""
        self.stopping = True
        for child in self.children.values():
            if child.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, deadline - time.monotonic()))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _say(words: str) -> None:
    print(f"groundswell: {words}", file=sys.stderr, flush=True)


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


try:
    _LIBC: ctypes.CDLL | None = ctypes.CDLL(None)
    _LIBC.prctl  # type: ignore[union-attr]  # noqa: B018
except (OSError, AttributeError):  # not Linux: a house that is killed leaves its children behind
    _LIBC = None


def _end_with(parent: int) -> Callable[[], None]:
    """For the child, before it becomes its program: be told to end when PARENT is killed, and do not begin where it was already."""

    def prepare() -> None:
        if _LIBC is not None:
            _LIBC.prctl(PARENT_DIED, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

    return prepare
