"""Reads the table of what makes a story weigh."""

from __future__ import annotations

from importlib.resources import files

import msgspec
import yaml
from msgspec import Struct

FACTORS = ("safety", "speed", "reach", "people", "tone", "credibility")


class Spread(Struct, frozen=True, kw_only=True):
    """Numbers that bring a factor to 63 of 100."""

    items_per_hour: float
    growth: float
    items: float
    voices: float
    sources: float
    reads: float
    reposts: float


class Unnamed(Struct, frozen=True, kw_only=True):
    """Harm that no word names: people complain, and it spreads."""

    complaint: float = 0.0  # points where people complain
    speed: float = 0.0  # share of the speed


class ImportanceTable(Struct, frozen=True, kw_only=True):
    """Factors, weights (sum 1), thresholds and words."""

    weights: dict[str, float]
    thresholds: dict[int, float]  # level -> least weighted sum
    safety_floor: float
    safety: dict[int, tuple[str, ...]]  # value -> words; "a..b": b follows a soon
    people: dict[int, tuple[str, ...]]
    mild: dict[float, tuple[str, ...]] = {}  # share that is left -> words
    mild_unless_negative: dict[float, tuple[str, ...]] = {}  # the same where the text does not complain
    no_harm: tuple[str, ...] = ()  # words that hold a word of harm and mean none
    unnamed: Unnamed = Unnamed()
    disproved: float = 1.0  # share of the sum that is left where an office has denied it
    spread: Spread


def read_importance_table(text: str, name: str = "importance.yaml") -> ImportanceTable:
    """The table out of YAML text.

    Raises ValueError naming the file where a weight or threshold is missing or the weights do not add up to 1.
    """
    try:
        table = msgspec.convert(yaml.safe_load(text), ImportanceTable)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise ValueError(f"{name}: {error}") from error
    if set(table.weights) != set(FACTORS) or abs(sum(table.weights.values()) - 1.0) > 1e-6:
        raise ValueError(
            f"{name}: weights must be given for {', '.join(FACTORS)} and add up to 1, they add up to {sum(table.weights.values()):g}"
        )
    if sorted(table.thresholds) != [1, 2, 3] or not table.thresholds[1] > table.thresholds[2] > table.thresholds[3]:
        raise ValueError(f"{name}: thresholds must fall from level 1 to level 3")
    return table


def shipped_importance_table() -> ImportanceTable:
    """The table that comes with the program."""
    return read_importance_table(files("groundswell.engine.judge").joinpath("importance.yaml").read_text(encoding="utf-8"))
