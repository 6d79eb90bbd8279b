"""Patterns of civic talk to sentences: what the model of tone is taught beside the sets of its card."""

from __future__ import annotations

import random
import re
from pathlib import Path

SEEDS = Path(__file__).with_name("tone_seeds.txt")
SLOT = re.compile(r"\{(\w+)\}")
EACH = 12  # sentences of a pattern, fewer where it has no slots
_LIST = re.compile(r"(\w+): (.+)")


def seeds_by_pattern(each: int = EACH) -> list[tuple[str, list[str]]]:
    """(label, its different sentences) of each pattern, the same every time."""
    lists, patterns = _read()
    chance = random.Random(11)
    return [
        (label, list(dict.fromkeys(SLOT.sub(lambda slot: chance.choice(lists[slot[1]]), pattern) for _ in range(each))))
        for label, pattern in patterns
    ]


def _read() -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    lists: dict[str, list[str]] = {}
    patterns: list[tuple[str, str]] = []
    label = ""
    for line in SEEDS.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("= "):
            label = line.split()[1]
        elif (found := _LIST.fullmatch(line)) and label in ("", "end"):
            lists[found[1]] = found[2].split(" | ")
        else:
            patterns.append((label, line))
    return lists, patterns
