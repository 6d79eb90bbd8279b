"""``python -m benchmarks.quality [PART…]``: measure the parts and put the figures into docs/quality.md.

A part is a file here with a docstring, whose first line says what is measured, and ``run(quick: bool)``, which returns
figures. In docs/quality.md they go between ``<!-- figures: PART -->`` and ``<!-- end: PART -->``; what stands around is
written by hand. The development data are looked for in GROUNDSWELL_SHARED, else in ``shared`` beside the checkout.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import re
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import benchmarks.quality
from benchmarks.machine import machine
from benchmarks.quality.figures import Figure, table

PAGE = Path(__file__).parent.parent.parent / "docs" / "quality.md"
HOUSEKEEPING = {"__main__", "figures", "shared", "yardstick"}


def names() -> list[str]:
    """The parts there are."""
    return sorted(found.name for found in pkgutil.iter_modules(benchmarks.quality.__path__) if found.name not in HOUSEKEEPING)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description="Figures of judgement beside a yardstick.")
    parser.add_argument("names", nargs="*", metavar="PART", help=f"which (default: all): {', '.join(names())}")
    parser.add_argument("--quick", action="store_true", help="a small part of each, only to see that it runs; nothing is written")
    args = parser.parse_args(argv)
    if unknown := set(args.names) - set(names()):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    print(machine(), flush=True)
    for name in args.names or names():
        module = importlib.import_module(f"benchmarks.quality.{name}")
        print(f"\n{name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
        figures: list[Figure] = module.run(quick=args.quick)
        print(table(figures), flush=True)
        if not args.quick:
            put(name, table(figures))
    return 0


def put(name: str, lines: str) -> None:
    """The figures of a part into the page, between its marks; at the end where it has none."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else "# How well it judges\n"
    made = f"{datetime.now().astimezone():%d %B %Y}; {machine()}"
    block = f"<!-- figures: {name} -->\n{lines}\n\n{made}.\n<!-- end: {name} -->"
    marks = re.compile(rf"<!-- figures: {name} -->.*?<!-- end: {name} -->", re.DOTALL)
    page = marks.sub(lambda _old: block, page) if marks.search(page) else f"{page.rstrip()}\n\n## {name.capitalize()}\n\n{block}\n"
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
