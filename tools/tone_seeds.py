"""Patterns of civic talk to sentences: what the model of tone is taught beside the sets of its card."""

from __future__ import annotations

import random
import re
from pathlib import Path

SEEDS = Path(__file__).with_name("tone_seeds.txt")
SLOT = re.compile(r"\{(\w+)\}")
EACH = 12  # sentences of a pattern, fewer where it has no slots
OPENED = 0.5  # of the patterns, with one sentence that begins as answers do
_LIST = re.compile(r"(\w+): (.+)")


def seeds_by_pattern(each: int = EACH) -> list[tuple[str, list[str]]]:
    """(label, its different sentences) of each pattern, the same every time."""
    lists, patterns = _read()
    chance, openers = random.Random(11), random.Random(12)
    found = []
    for label, pattern in patterns:
        sentences = [SLOT.sub(lambda slot: chance.choice(lists[slot[1]]), pattern) for _ in range(each)]
        if not pattern.isascii() and openers.random() < OPENED:  # as people answer one another: it says nothing of the tone
            sentences.append(f"{openers.choice(lists['opener'])}，{sentences[0]}")
        found.append((label, list(dict.fromkeys(sentences))))
    return found


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
