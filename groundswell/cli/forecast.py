"""Posts to how far they will go: told from the first hour or from the first hundred reposts, and nothing after."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from groundswell.cli.learn_spread import named_cascade
from groundswell.cli.lines import made, open_in, open_out, write

if TYPE_CHECKING:
    from groundswell.engine.spread.cascade import Cascade
    from groundswell.engine.spread.model import SpreadModel

BATCH = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", required=True, metavar="FILE", help="what learn-spread wrote")
    parser.add_argument("--at", required=True, choices=("1h", "100"), help="when it is told: after the first hour, or at the 100th repost")
    parser.add_argument("--in", dest="input", metavar="FILE", help="rows with time, text and reposts, as for learn-spread")
    parser.add_argument(
        "--out",
        metavar="FILE",
        help="rows with id, observed, expected, low80, high80 (final number) and doubles (probability); null where too little was known",
    )


def run(args: argparse.Namespace) -> int:
    from groundswell.engine.spread.forecasting import foretell
    from groundswell.engine.spread.model import SpreadError
    from groundswell.server.faults import Fault

    model = _model_at(args.model)
    with open_in(args.input) as source, open_out(args.out) as out:
        for batch in _batches(made(source, args.input or "input", named_cascade)):
            try:
                told = foretell(model, [cascade for _name, cascade in batch], args.at)
            except SpreadError as error:
                raise Fault(f"{args.model}: {error}.") from error
            for (name, _cascade), said in zip(batch, told, strict=True):
                write(
                    out,
                    {
                        "id": name,
                        "observed": said.observed,
                        "expected": said.expected,
                        "low80": said.low80,
                        "high80": said.high80,
                        "doubles": said.doubles,
                    },
                )
    return 0


def _model_at(path: str) -> SpreadModel:
    """The model at PATH. Raises Fault in words."""
    from groundswell.cli.model_file import loaded_from
    from groundswell.engine.spread.model import SpreadError, load_spread

    return loaded_from(path, load_spread, SpreadError)


def _batches(found: Iterable[tuple[Any, Cascade]]) -> Iterator[list[tuple[Any, Cascade]]]:
    stream = iter(found)
    while batch := list(islice(stream, BATCH)):
        yield batch
