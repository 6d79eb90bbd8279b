"""Rows of JSON Lines as passages and labels: what ``learn``, ``label`` and ``correct`` read."""

from __future__ import annotations

from typing import Any

from groundswell.engine.learn.labels import check_label
from groundswell.engine.learn.passage import Passage, passage_of
from groundswell.server.faults import Fault


def named_passage(row: dict[str, Any]) -> tuple[Any, Passage]:
    """(id, passage) of a row. Raises Fault where it has no text."""
    try:
        return row["id"], passage_of(row)
    except ValueError as error:
        raise Fault(f"Row {row['id']}: {error}.") from error


def labelled_passage(row: dict[str, Any]) -> tuple[Passage, Any]:
    """(passage, label) of a row. Raises Fault where one is missing."""
    try:
        return passage_of(row), check_label(row)
    except ValueError as error:
        raise Fault(f"Row {row['id']}: {error}.") from error
