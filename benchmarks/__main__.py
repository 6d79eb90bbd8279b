"""``python -m benchmarks [NAME…]``: run the benchmarks and print each figure beside its yardstick.

A benchmark is a file here with a docstring, whose first line says what is measured, and ``run(quick: bool)``, which
returns figures; those marked as yardstick come from the same run.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Sequence
from types import ModuleType

import benchmarks
from benchmarks.machine import machine
from benchmarks.measure import Figure

HOUSEKEEPING = {"__main__", "measure", "machine", "scratch", "peak", "quality", "duplicate_pairs", "watch_queries"}


def names() -> list[str]:
    """The benchmarks there are."""
    return sorted(found.name for found in pkgutil.iter_modules(benchmarks.__path__) if found.name not in HOUSEKEEPING)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Speeds beside a yardstick of the same run.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which (default: all): {', '.join(names())}")
    parser.add_argument("--quick", action="store_true", help="a small part of each, only to see that it runs")
    args = parser.parse_args(argv)
    if unknown := set(args.names) - set(names()):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    print(machine(), flush=True)
    for name in args.names or names():
        module = importlib.import_module(f"benchmarks.{name}")
        show(name, module, module.run(quick=args.quick))
    return 0


def show(name: str, module: ModuleType, figures: Sequence[Figure]) -> None:
    """A table: what, how many, CPU seconds, rate, and the ratio to the yardstick."""
    yardstick = next((figure for figure in figures if figure.is_yardstick), None)
    print(f"\n{name}: {(module.__doc__ or '').splitlines()[0]}")
    for figure in figures:
        ratio = "yardstick" if figure is yardstick else f"{figure.rate / yardstick.rate:.2f} ×" if yardstick else ""
        spent = f"{figure.count:>9,} {figure.unit} {figure.seconds:>8.2f} s {figure.rate:>12,.1f}/s"
        print(f"  {figure.name:<40} {spent}  {ratio:<10} {figure.note}".rstrip())
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
