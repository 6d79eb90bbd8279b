"""The development data and their scorers, which lie beside the checkout and are no part of the project."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

BESIDE = Path(__file__).parent.parent.parent.parent / "shared"


def folder() -> Path:
    """Where the development data lie. Stops in words where they do not."""
    found = Path(os.environ.get("GROUNDSWELL_SHARED", BESIDE))
    if not (found / "data").is_dir():
        sys.exit(f"{found}: no data there. Set GROUNDSWELL_SHARED to the folder that holds data/ and eval/.")
    return found


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of ``data/NAME.jsonl.gz``."""
    with gzip.open(folder() / "data" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def scorers() -> Any:
    """The module of the shared scorers."""
    spec = importlib.util.spec_from_file_location("score", folder() / "eval" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    return score


def scored_forecast(gold: Sequence[dict[str, Any]], said: Sequence[dict[str, Any]], at: str) -> dict[str, float]:
    """What the shared scorer says of forecasts of the rows GOLD."""
    with tempfile.TemporaryDirectory() as place:
        truth, answers = Path(place, "gold.jsonl"), Path(place, "said.jsonl")
        truth.write_text("".join(json.dumps(row) + "\n" for row in gold), encoding="utf-8")
        answers.write_text("".join(json.dumps(row) + "\n" for row in said), encoding="utf-8")
        found: dict[str, float] = scorers().forecast(str(truth), str(answers), at)
        return found


def scored_labels(gold: Sequence[Any], said: Sequence[tuple[Any, float]]) -> dict[str, float]:
    """What the shared scorer says of labels with confidences."""
    score = scorers()
    with tempfile.TemporaryDirectory() as place:
        truth, answers = Path(place, "gold.jsonl"), Path(place, "said.jsonl")
        truth.write_text("".join(json.dumps({"id": n, "label": label}) + "\n" for n, label in enumerate(gold)), encoding="utf-8")
        answers.write_text(
            "".join(json.dumps({"id": n, "label": label, "confidence": sure}) + "\n" for n, (label, sure) in enumerate(said)),
            encoding="utf-8",
        )
        found: dict[str, float] = score.labels(str(truth), str(answers))
        return found
