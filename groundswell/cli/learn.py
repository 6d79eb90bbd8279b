"""Rows with labels to a model that labels others like them."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from groundswell.cli.lines import Progress, made, open_in

KINDS = ("routing", "sentiment", "level")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=KINDS, help="what the labels say: whose business it is, how it sounds, how bad it is")
    parser.add_argument("--in", dest="input", metavar="FILE", help="rows with label and text, or title and text, or tokens")
    parser.add_argument(
        "--model", required=True, metavar="FILE", help="where the model is written; corrections that a model there has are kept"
    )


def run(args: argparse.Namespace) -> int:
    from groundswell.cli.labelled_rows import labelled_passage
    from groundswell.cli.model_file import kept_corrections, replaced
    from groundswell.engine.learn.learning import LearnError, learn
    from groundswell.server.faults import Fault

    with open_in(args.input) as source:
        found = list(made(source, args.input or "input", labelled_passage))
    passages, labels = [passage for passage, _label in found], [label for _passage, label in found]
    progress = Progress(what="passes")

    def tell(done: int, whole: int) -> None:
        progress.whole = whole
        progress.step(done - progress.done)

    with replaced(args.model) as file:
        try:
            model = learn(args.kind, passages, labels, kept_corrections(file.model, args.kind, args.model), tell)
        except LearnError as error:
            raise Fault(f"Nothing was learnt: {error}.") from error
        file.model = model
    progress.end()
    print(_words(model), file=sys.stderr)
    return 0


def _words(model: Any) -> str:
    figures = "".join(f", {name.replace('_', ' ')} {value:.3f}" for name, value in model.figures.items())
    kept = f", {len(model.corrections)} corrections kept" if model.corrections else ""
    return f"{model.rows:,} rows, {len(model.labels)} labels{figures} on rows not seen{kept}"
