"""A living county to try: Yunling, with a small public web of its own on this machine."""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import shutil
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from groundswell.server.config import clock_setting, read_config
from groundswell.server.faults import Fault

MARKER, LOADING, LOADED = "demo", "loading", "loaded"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8700, help="port to listen on (default 8700)")
    parser.add_argument("--web-port", type=int, metavar="PORT", help="first of the ten ports of the county's public web (default 8720)")
    parser.add_argument("--speed", type=float, default=1.0, help="how many times faster than the wall clock time goes on (default 1)")
    parser.add_argument("--reset", action="store_true", help="throw the demo's data away and begin anew")
    parser.add_argument("--load-only", action="store_true", help="make the data and stop")


def run(args: argparse.Namespace) -> int:
    started = time.monotonic()
    if not 0 < args.speed <= 10_000:
        raise Fault(f"--speed {args.speed:g} is no speed. Give a number above 0, such as 10.")
    home = _home()
    from groundswell.demo import county
    from groundswell.server.home import open_desk
    from groundswell.server.postgres import check_room
    from groundswell.server.supervisor import Supervisor, check_port, held_home, web_command, worker_command

    check_room(home)
    with contextlib.ExitStack() as stack:
        stack.enter_context(held_home(home, f"http://{args.host}:{args.port}/desk/"))
        port0 = _marked(home, args.web_port, reset=args.reset)
        _surroundings(home, args.host, port0)
        if not args.load_only:
            check_port(args.host, args.port)
            _check_web(port0)
        desk = stack.enter_context(open_desk(make=True, migrate=True))
        now = _load_or_resume(county.NOW, port0)
        (home / MARKER).write_text(f"{port0} {LOADED}", encoding="ascii")
        if args.load_only:
            print(f"loaded in {time.monotonic() - started:.0f} s")
            return 0
        os.environ["GROUNDSWELL_CLOCK"] = clock_setting(now, args.speed, time.time())
        house = stack.enter_context(Supervisor(desk.revive))
        house.add("public web", [sys.executable, "-m", "groundswell.demo.serve_web", str(port0)])
        house.add("web", web_command(args.host, args.port, 1))
        house.add("worker", worker_command())
        house.wait_for(args.host, args.port)
        print(f"http://{args.host}:{args.port}/desk/   (up after {time.monotonic() - started:.0f} s)")
        print("你是林晓，白班值班员。 You are Lin Xiao, duty officer of the day shift; the band on top lets you be somebody else.")
        print("Ctrl-C stops it; “--reset” begins anew.", flush=True)
        code = house.run()
    print("Stopped.", flush=True)
    return code


def _home() -> Path:
    """The demo's own home, beside a real one and never in its place."""
    config = read_config()
    home = config.home / "demo" if not os.environ.get("GROUNDSWELL_HOME") else config.home
    if home.exists() and any(home.iterdir()) and not (home / MARKER).exists():
        raise Fault(f"{home} holds a real desk; the demo will not touch it. Set GROUNDSWELL_HOME to another folder.")
    return home


def _marked(home: Path, wanted: int | None, *, reset: bool) -> int:
    """Mark HOME as a demo's; emptied first where RESET, or where a loading was cut off. Returns the first port of its public web."""
    from groundswell.demo.county import PORT0

    marker = home / MARKER
    noted = marker.read_text(encoding="ascii").split() if marker.exists() else []
    if reset or noted[1:] == [LOADING]:
        _empty(home)
        noted = []
    port0 = int(noted[0]) if noted else PORT0 if marker.exists() or wanted is None else wanted
    if wanted not in (None, port0):
        raise Fault(f"This demo was made with its public web from port {port0} on. Leave --web-port out, or begin anew with --reset.")
    if not marker.exists():
        marker.write_text(f"{port0} {LOADING}", encoding="ascii")
    return port0


def _empty(home: Path) -> None:
    for path in home.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != ".served":  # we hold it
            path.unlink()


def _surroundings(home: Path, host: str, port0: int) -> None:
    os.environ["GROUNDSWELL_HOME"] = str(home)
    os.environ["GROUNDSWELL_DEMO"] = "1"
    os.environ["GROUNDSWELL_HOSTS"] = ",".join(dict.fromkeys(("127.0.0.1", "localhost", "[::1]", host)))
    os.environ["GROUNDSWELL_REACHABLE"] = ",".join(f"127.0.0.1:{port}" for port in _web_ports(port0))


def _web_ports(port0: int) -> list[int]:
    from groundswell.demo.county import SITES

    return [port0 + number for number in range(len(SITES))]


def _check_web(port0: int) -> None:
    from groundswell.server.supervisor import check_port

    ports = _web_ports(port0)
    for port in ports:
        try:
            check_port("127.0.0.1", port)
        except Fault as fault:
            raise Fault(
                f"The county's public web needs the ports {ports[0]} to {ports[-1]}, and {port} is taken: does another demo run? "
                "Stop it, or choose others by: groundswell demo --reset --web-port 8900"
            ) from fault


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Without looking for garbage in rings: nearly all that loading makes is kept, and looking through it takes a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _load_or_resume(start: datetime, port0: int) -> datetime:
    """Load the county where it is not there yet; the moment from which the demo's clock goes on."""
    from groundswell.desk.spine.ports import ports

    ports.clock = lambda: start.astimezone(UTC)
    from groundswell.demo.aside import Aside
    from groundswell.demo.load import is_loaded, load_county

    if not is_loaded():
        with _undisturbed():
            aside = Aside() if (os.cpu_count() or 1) > 1 else None
            load_county(lambda line: print(f"  {line} …", flush=True), port0, aside=aside)
        return start
    from django.db.models import Max

    from groundswell.desk.sources.models import FetchRun
    from groundswell.desk.spine.models import Entry

    last: list[datetime | None] = [FetchRun.objects.aggregate(at=Max("at"))["at"], Entry.objects.aggregate(at=Max("at"))["at"]]
    return max([start, *(moment for moment in last if moment)])
