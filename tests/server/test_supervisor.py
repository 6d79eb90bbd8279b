"""The house's processes: one that dies is started again, all end with the house, and a house is served once."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from groundswell.server import supervisor
from groundswell.server.faults import Fault
from groundswell.server.supervisor import RESTARTS, Supervisor, check_port, held_home, served_at

STAYS = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open(sys.argv[1], 'w').close(); time.sleep(600)",
]


def wait_until(true: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """The handlers of the test run, put back afterwards."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def test_a_child_that_is_killed_is_started_again_without_what_it_left_behind(tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    parent = (
        "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(note)!r}, 'a').write(f'{{child.pid}}\\n'); time.sleep(600)"
    )

    def pids() -> list[int]:
        return [int(line) for line in note.read_text().split()] if note.exists() else []

    with Supervisor() as house:
        house.add("web", [sys.executable, "-c", parent])
        first = house.children["web"].pid

        def act() -> None:
            wait_until(lambda: len(pids()) == 1)
            os.kill(first, signal.SIGKILL)
            wait_until(lambda: len(pids()) == 2)
            os.kill(os.getpid(), signal.SIGTERM)

        thread = threading.Thread(target=act)
        thread.start()
        assert house.run() == 0
        thread.join()
        assert house.children["web"].pid != first
    wait_until(lambda: not any(alive(pid) for pid in pids()))


def test_a_child_that_dies_again_and_again_ends_the_house() -> None:
    with Supervisor() as house:
        house.add("other", STAYS)
        house.add("worker", [sys.executable, "-c", "raise SystemExit(3)"])
        with pytest.raises(Fault, match=f"The worker stopped {RESTARTS} times within a minute"):
            house.run()
    assert house.children["other"].poll() is not None


def test_a_database_that_stops_is_revived_and_said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LOOK_SECONDS", 0.1)
    asked = []

    def revive() -> bool:
        asked.append(1)
        if len(asked) == 2:
            raise Fault("It cannot start now.")
        if len(asked) == 4:
            os.kill(os.getpid(), signal.SIGINT)
        return len(asked) == 3

    with Supervisor(revive) as house:
        house.add("web", STAYS)
        house.run()
    said = capsys.readouterr().err.splitlines()
    assert said == ["groundswell: It cannot start now. It is tried again.", "groundswell: The database stopped; it is started again."]


def test_a_child_that_will_not_end_is_made_to(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.3)
    with Supervisor() as house:
        house.add("web", [*STUBBORN, str(tmp_path / "up")])
        wait_until((tmp_path / "up").exists)
    assert house.children["web"].returncode == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_children_end_when_the_house_is_killed(tmp_path: Path) -> None:
    house = (
        "import sys; from groundswell.server.supervisor import Supervisor\n"
        "house = Supervisor(); house.add('web', [sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(house.children['web'].pid, flush=True); house.run()"
    )
    parent = subprocess.Popen([sys.executable, "-c", house], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert alive(child)
    parent.kill()
    parent.wait()
    wait_until(lambda: not alive(child))


def test_a_home_is_served_once(tmp_path: Path) -> None:
    assert served_at(tmp_path) == ""
    with held_home(tmp_path, "http://127.0.0.1:8700/desk/"):
        assert served_at(tmp_path) == "http://127.0.0.1:8700/desk/"
        with (
            pytest.raises(Fault, match=f"served already, at http://127.0.0.1:8700/desk/ by process {os.getpid()}"),
            held_home(tmp_path, "http://127.0.0.1:8701/desk/"),
        ):
            pass
    assert served_at(tmp_path) == ""


@pytest.mark.parametrize(
    ("host", "port", "words"),
    [
        ("127.0.0.1", 0, "no port 0"),
        ("127.0.0.1", 70_000, "no port 70000"),
        ("no-such-host.invalid", 8700, "no address no-such-host.invalid"),
        ("192.0.2.1", 8700, "Port 8700 on 192.0.2.1 cannot be used"),
    ],
)
def test_an_address_that_cannot_be_listened_on_is_one_sentence(host: str, port: int, words: str) -> None:
    with pytest.raises(Fault, match=words):
        check_port(host, port)


def test_a_taken_port_is_one_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Fault, match=f"Port {other.getsockname()[1]} on 127.0.0.1 cannot be used: Address already in use.*--port"):
            check_port("127.0.0.1", other.getsockname()[1])
