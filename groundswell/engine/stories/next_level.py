"""How many more items would raise a story's level."""

from __future__ import annotations

import math

from groundswell.engine.judge.importance import level_value, saturate, weigh
from groundswell.engine.judge.importance_table import ImportanceTable
from groundswell.engine.records import Level

MOST = 5000  # items; what needs more is not told


def items_to_next(level: Level, items: int, voices: int, mild: float, table: ImportanceTable) -> int | None:
    """The least number of further items, by as many voices each as so far, with which LEVEL would be a higher one.

    Only what spread adds is counted (``mild``: the share of it that the items keep); the words stay as they are. None for
    level 1 and 2 (level 1 is a person's to give), and where no number is enough.
    """
    if level.value <= 2 or not items:
        return None
    base = weigh(level.factors, table, (), 1.0).score

    def higher(more: int) -> bool:
        score = level.score + weigh(_grown(level, items, voices, mild, more, table), table, (), 1.0).score - base
        return level_value(score, table) < level.value

    if not higher(MOST):
        return None
    low, high = 0, MOST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if higher(middle) else (middle, high)
    return high


def _grown(level: Level, items: int, voices: int, mild: float, more: int, table: ImportanceTable) -> dict[str, float]:
    """The factors with so many items more: what they leave open of reach and speed becomes less."""
    spread = table.spread
    left = math.exp(-more / spread.items - more * voices / items / spread.voices)
    calm = 1.0 - saturate(more / 12.0, spread.items_per_hour)
    whole = max(100.0 * mild, 1e-9)
    reach = 1.0 - (1.0 - min(1.0, level.factors.get("reach", 0.0) / whole)) * left
    speed = 1.0 - (1.0 - min(1.0, level.factors.get("speed", 0.0) / whole)) * calm
    return {**level.factors, "reach": whole * reach, "speed": whole * speed}
