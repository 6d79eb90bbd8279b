"""Labels as they come in rows: kept as they are, told apart as JSON tells them apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

MOST = 500  # labels of one model


def check_label(row: Mapping[str, Any]) -> Any:
    """The label of a row: a text, a number, true or false. Raises ValueError where there is none."""
    label = row.get("label")
    if isinstance(label, str | int | float) and label != "":
        return label
    raise ValueError("a row has a label: a text, a number, true or false")


def label_key(label: Any) -> tuple[str, str]:
    """What tells labels apart: 1, "1" and true are three."""
    return type(label).__name__, repr(label)


def label_names(labels: Iterable[Any]) -> tuple[Any, ...]:
    """The different labels in a fixed order."""
    names = {label_key(label): label for label in labels}
    return tuple(names[key] for key in sorted(names))
