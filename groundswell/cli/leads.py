"""Seal the leads anew under new keys."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    rotate = verbs.add_parser(
        "rotate-keys", help="new keys for every lead; may be stopped at any moment, the next run goes on where it stopped"
    )
    rotate.add_argument("--old-key-file", type=Path, metavar="FILE", help="the former key file, where the house has a new one")


def run(args: argparse.Namespace) -> int:
    from groundswell.server.faults import Fault
    from groundswell.server.home import open_home
    from groundswell.server.keys import read_or_make_key

    older = read_or_make_key(args.old_key_file, may_make=False) if args.old_key_file else None
    with open_home():
        from groundswell.desk.leads.rotation import AlreadyRunning, rotate
        from groundswell.desk.leads.sealing import SealBroken

        try:
            count = rotate(_tell, older)
        except AlreadyRunning:
            raise Fault("The leads are being sealed anew by another process. Wait until it has ended.") from None
        except SealBroken as broken:
            raise Fault(f"{broken} What was done before that stays done; run this again afterwards.") from None
    print(f"Sealed anew: {count}.")
    return 0


def _tell(done: int, of: int) -> None:
    print(f"\r{done} of {of}", end="" if done < of else "\n", file=sys.stderr, flush=True)
