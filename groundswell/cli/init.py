"""Make a new home: database, keys, rights, the first administrator. Run again, it only brings things up to date."""

from __future__ import annotations

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--knowledge", metavar="FILE", help="YAML file with the body, its units, places and watches")
    parser.add_argument("--host", default="127.0.0.1", help="host of the printed sign-in link (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8700, help="port of the printed sign-in link (default 8700)")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    from groundswell.server.home import open_home

    with open_home(make=True, migrate=True) as config:
        from groundswell.server.first_steps import first_link, lay_ground

        lay_ground(args.knowledge)
        link = first_link()
        address = f"http://{args.host}:{args.port}{link}" if link else ""
    if args.json:
        print(json.dumps({"home": str(config.home), "sign_in": address}))
        return 0
    print(f"Home: {config.home}")
    if address:
        print(f"First administrator, works once within 30 minutes while “groundswell serve” runs:\n{address}")
    else:
        print("An administrator exists; “groundswell users link NAME” makes a new sign-in link.")
    return 0
