"""Rows to labels, by a model that was learnt: how sure, what else it may be, and which words decided."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from groundswell.cli.lines import made, open_in, open_out, write

if TYPE_CHECKING:
    from groundswell.engine.learn.passage import Passage

BATCH = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", required=True, metavar="FILE", help="what learn wrote")
    parser.add_argument("--in", dest="input", metavar="FILE", help="rows with text, or title and text, or tokens")
    parser.add_argument("--out", metavar="FILE", help="rows with id, label, confidence, unsure, top, why")


def run(args: argparse.Namespace) -> int:
    from groundswell.cli.labelled_rows import named_passage
    from groundswell.cli.model_file import model_at
    from groundswell.engine.learn.labelling import Labeller

    labeller = Labeller(model_at(args.model))
    with open_in(args.input) as source, open_out(args.out) as out:
        for names, passages in _batches(made(source, args.input or "input", named_passage)):
            for name, said in zip(names, labeller(passages), strict=True):
                write(
                    out,
                    {
                        "id": name,
                        "label": said.label,
                        "confidence": said.confidence,
                        "unsure": said.unsure,
                        "top": said.top,
                        "why": said.why,
                    },
                )
    return 0


def _batches(found: Iterable[tuple[Any, Passage]]) -> Iterator[tuple[list[Any], list[Passage]]]:
    """Ids and passages, BATCH rows at a time."""
    stream = iter(found)
    while batch := list(islice(stream, BATCH)):
        yield [name for name, _passage in batch], [passage for _name, passage in batch]
