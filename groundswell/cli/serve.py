"""Start database, web and worker; stop them cleanly on Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import os


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8700, help="port to listen on (default 8700)")
    parser.add_argument("--web-workers", type=int, default=1, metavar="N", help="web processes (default 1)")
    parser.add_argument("--no-worker", action="store_true", help="web only; workers run elsewhere")
    parser.add_argument("--no-web", action="store_true", help="worker only, beside a house that serves the web")


def run(args: argparse.Namespace) -> int:
    from groundswell.server.config import read_config
    from groundswell.server.home import open_desk
    from groundswell.server.postgres import check_room
    from groundswell.server.supervisor import Supervisor, check_port, held_home, web_command, worker_command

    here = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(args.host, args.host)
    address = f"http://{here}:{args.port}"
    home = read_config().home
    check_room(home)
    with contextlib.ExitStack() as stack:
        if not args.no_web:
            stack.enter_context(held_home(home, f"{address}/desk/"))
            check_port(args.host, args.port)
        desk = stack.enter_context(open_desk(make=True, migrate=True))
        from groundswell.server.first_steps import first_link, lay_ground

        lay_ground()
        link = first_link()
        house = stack.enter_context(Supervisor(desk.revive))
        if not args.no_web:
            house.add("web", web_command(args.host, args.port, args.web_workers))
        if not args.no_worker:
            house.add("worker", worker_command())
        if not args.no_web:
            house.wait_for(args.host, args.port)
            print(f"Groundswell is up: {address}/desk/", flush=True)
            if args.host not in ("127.0.0.1", "::1", "localhost") and not os.environ.get("GROUNDSWELL_HOSTS"):
                print("Only 127.0.0.1 and localhost are answered: set GROUNDSWELL_HOSTS to the names by which people reach it.", flush=True)
        if link:
            print(f"First administrator, works once within 30 minutes: {address}{link}", flush=True)
        print("Ctrl-C stops it.", flush=True)
        code = house.run()
    print("Stopped.", flush=True)
    return code
