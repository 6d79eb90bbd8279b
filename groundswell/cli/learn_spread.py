"""Posts whose end is known to a model that tells early how far others will go."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from groundswell.cli.lines import Progress, made, open_in

if TYPE_CHECKING:
    from groundswell.engine.spread.cascade import Cascade
    from groundswell.engine.spread.model import SpreadModel


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--in", dest="input", metavar="FILE", help="rows with time (seconds since 1970), text and reposts (seconds after the post)"
    )
    parser.add_argument("--model", required=True, metavar="FILE", help="where the model is written")


def run(args: argparse.Namespace) -> int:
    from groundswell.cli.model_file import alone_in, write_whole
    from groundswell.engine.spread.learning import learn_spread
    from groundswell.engine.spread.model import SpreadError, dump_spread
    from groundswell.server.faults import Fault

    with open_in(args.input) as source:
        cascades = [cascade for _name, cascade in made(source, args.input or "input", named_cascade)]
    progress = Progress(what="steps")

    def tell(done: int, whole: int) -> None:
        progress.whole = whole
        progress.step(done - progress.done)

    with alone_in(args.model):
        try:
            model = learn_spread(cascades, tell)
        except SpreadError as error:
            raise Fault(f"Nothing was learnt: {error}.") from error
        write_whole(args.model, dump_spread(model))
    progress.end()
    print(_words(model), file=sys.stderr)
    return 0


def named_cascade(row: dict[str, Any]) -> tuple[Any, Cascade]:
    """(id, post) of a row. Raises Fault where it cannot be read."""
    from groundswell.engine.spread.cascade import cascade_of
    from groundswell.server.faults import Fault

    try:
        return row["id"], cascade_of(row)
    except ValueError as error:
        raise Fault(f"Row {row['id']}: {error}.") from error


def _words(model: SpreadModel) -> str:
    parts = []
    for at, figures in model.figures.items():
        told = ", ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in figures.items() if name != "rows")
        parts.append(f"at {at}: {told or 'not checked'} on {figures.get('rows', 0):,.0f} later rows not seen")
    return f"{model.rows:,} rows; " + "; ".join(parts)
