"""Boolean watches made by script from words of real messages; a seed makes the same watches again."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence

SEED, COUNT = 20261127, 2000
HAN = re.compile("[\u4e00-\u9fff]{2,6}")


def vocabulary(texts_words: Sequence[Sequence[str]], least: int = 3, most_share: float = 0.02) -> list[str]:
    """Chinese words of two characters and more that stand in LEAST texts and in at most a share of all: what people watch for."""
    seen = Counter(word for words in texts_words for word in set(words) if HAN.fullmatch(word))
    return sorted(word for word, texts in seen.items() if least <= texts <= most_share * len(texts_words))


def make_queries(words: Sequence[str], count: int = COUNT, seed: int = SEED) -> list[str]:
    """COUNT queries of two to eight of WORDS: alternatives, exclusions, nearness, phrases, whole and loose words, fields."""
    chance = random.Random(seed)

    def some(least: int, most: int) -> str:
        return " OR ".join(chance.sample(words, chance.randint(least, most)))

    shapes = [
        lambda: f"({some(2, 4)}) ({some(2, 3)})",
        lambda: f"({some(2, 5)}) NOT ({some(1, 2)})",
        lambda: f"{some(1, 1)} AND {some(1, 1)} NOT {some(1, 1)}",
        lambda: f"{some(1, 1)} NEAR/6 ({some(2, 3)})",
        lambda: f'"{some(1, 1)}{some(1, 1)}" OR {some(1, 1)}',
        lambda: f"(={some(1, 1)} OR {some(1, 1)}) AND ({some(2, 3)})",
        lambda: f"~{some(1, 1)} ({some(2, 4)})",
        lambda: f"({some(2, 3)}) (unit:water OR tone:negative) NOT title:{some(1, 1)}",
        lambda: some(2, 6),
    ]
    return [shapes[number % len(shapes)]() for number in range(count)]
