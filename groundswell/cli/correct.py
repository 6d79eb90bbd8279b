"""What people corrected to a model: it answers so from now on, and keeps it through every later learning."""

from __future__ import annotations

import argparse
import sys

from groundswell.cli.lines import made, open_in


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", required=True, metavar="FILE", help="what learn wrote; it is changed")
    parser.add_argument("--in", dest="input", metavar="FILE", help="rows with the right label and text, or title and text, or tokens")


def run(args: argparse.Namespace) -> int:
    from groundswell.cli.labelled_rows import labelled_passage
    from groundswell.cli.model_file import replaced
    from groundswell.engine.learn.correcting import corrected, correction_of
    from groundswell.server.faults import Fault

    with replaced(args.model) as file, open_in(args.input) as source:
        if file.model is None:
            raise Fault(f"{args.model}: there is no model. Make one first with  groundswell learn.")
        model = file.model
        found = [correction_of(model, *pair) for pair in made(source, args.input or "input", labelled_passage)]
        file.model = corrected(model, found)
        print(f"{len(found)} learnt; the model keeps {len(file.model.corrections)} corrections", file=sys.stderr)
    return 0
