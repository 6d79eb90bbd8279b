"""``python -m tools.train_meaning --data FOLDER``: two tables that ship, and their card: word meanings, and common pieces.

Words that stand near each other in citizens' messages, offices' replies and microblog posts are counted; their positive
pointwise mutual information is brought to few dimensions (randomised singular values, Halko, Martinsson & Tropp 2011).
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import rjieba
from numpy.typing import NDArray

from groundswell.engine.records import Item, Judged
from groundswell.engine.stories import counts
from groundswell.engine.stories.features import SPACE, Weights, sketch
from groundswell.engine.stories.meaning import FILE, word_key
from groundswell.engine.text.normal import fold

WRITTEN = Path(__file__).parent.parent / "groundswell" / "engine" / "stories" / FILE
WORDS, DIMENSIONS, WINDOW, FEWEST = 24_000, 48, 4, 3
SPARE, PASSES = 16, 4  # of the randomised singular values
SMOOTHED = 0.75  # exponent of the counts of neighbours (Levy, Goldberg & Dagan 2015)
HAN = re.compile("[\u3400-\u9fff]")
SETS = {
    "messages/labelled": "citizens' messages as words (TipDM 2020 C)",
    "messages/labelled_raw": "citizens' messages with full text",
    "messages/replies": "citizens' messages and the offices' replies",
    "sentiment/weibo2018_train": "microblog posts",
    "sentiment/smp_virus_train": "microblog posts about the epidemic (SMP 2020)",
}
Table = NDArray[np.float32]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="holds messages/ and sentiment/")
    parser.add_argument("--date", default=f"{datetime.now().astimezone():%Y-%m-%d}")
    args = parser.parse_args()
    texts = {name: list(texts_of(args.data, name)) for name in SETS}
    words, table = learn([text for each in texts.values() for text in each])
    keys = np.array([word_key(word) for word in words], dtype=np.uint32)
    order = np.argsort(keys)
    with WRITTEN.open("wb") as stream:
        np.savez_compressed(stream, keys=keys[order], table=as_bytes(table)[order])
    WRITTEN.with_suffix(".md").write_text(card({name: len(each) for name, each in texts.items()}, len(words), args.date), encoding="utf-8")
    write_common(args.data)
    print(f"{len(words)} words, {WRITTEN.stat().st_size} bytes")


def write_common(folder: Path) -> None:
    """In what share of texts each hashed piece is, as if in counts.BEFORE items; messages and posts count alike."""
    families = sorted({name.split("/")[0] for name in SETS})
    shares = np.sum([_shares(folder, [name for name in SETS if name.startswith(f"{family}/")]) for family in families], axis=0)
    with WRITTEN.with_name(counts.FILE).open("wb") as stream:
        np.savez_compressed(stream, steps=counts.steps_of_pieces((shares * counts.BEFORE / len(families)).astype(np.float32)))


def _shares(folder: Path, names: Sequence[str]) -> Weights:
    df, texts = np.zeros(SPACE, dtype=np.float32), 0
    nothing = Judged(key="", lang="", tokens=(), signature=b"", about_us=True)
    for row in (row for name in names for row in _rows(folder, name) if "tokens" not in row):
        seen = sketch(Item(key="", title=row.get("title") or "", text=row.get("text") or ""), nothing)
        for ids in (seen.ids, seen.numbers, seen.words):
            df[ids] += 1
        texts += 1
    return df / np.float32(texts)


def _rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def texts_of(folder: Path, name: str) -> Iterator[list[str]]:
    """The texts of a set, each as its words."""
    cutter = rjieba.Jieba()
    for row in _rows(folder, name):
        if "tokens" in row:
            yield [word for word in re.split(r"\s+", fold(row["tokens"])) if word]
            continue
        for text in (f"{row.get('title') or ''}。{row.get('text') or ''}", row.get("reply") or ""):
            yield [word for word in cutter.cut(fold(text), False) if word[0].isalnum()]


def learn(texts: Sequence[Sequence[str]]) -> tuple[list[str], Table]:
    """The most frequent words with a Chinese character, and a unit vector for each."""
    seen = Counter(word for text in texts for word in text if HAN.search(word))
    words = [word for word, count in seen.most_common(WORDS) if count >= FEWEST]
    information = _information(_neighbours(texts, {word: n for n, word in enumerate(words)}))
    basis = np.random.default_rng(0).standard_normal((len(words), DIMENSIONS + SPARE)).astype(np.float32)
    for _ in range(PASSES):
        basis, _rest = np.linalg.qr(information @ basis)
    values, vectors = np.linalg.eigh(basis.T @ (information @ basis))
    best = np.argsort(-np.abs(values))[:DIMENSIONS]
    table = (basis @ vectors[:, best]) * np.sqrt(np.abs(values[best]))
    table -= table.mean(axis=0)
    table /= np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-9)
    return words, table.astype(np.float32)


def _neighbours(texts: Sequence[Sequence[str]], number_of: Mapping[str, int]) -> Table:
    """How often words stand near each other, nearer ones counting more (words × words)."""
    size = len(number_of)
    counted = np.zeros((size, size), dtype=np.float32)
    strung = np.array([n for text in texts for n in [*(number_of.get(word, -1) for word in text), *[-1] * WINDOW]])
    for distance in range(1, WINDOW + 1):
        left, right = strung[:-distance], strung[distance:]
        known = (left >= 0) & (right >= 0)
        places, times = np.unique(left[known] * size + right[known], return_counts=True)
        counted.reshape(-1)[places] += times / distance
    counted += counted.T.copy()
    return counted


def _information(counted: Table) -> Table:
    """Positive pointwise mutual information, in place."""
    total = counted.sum(axis=1)
    context = total**SMOOTHED
    context /= context.sum()
    for start in range(0, len(counted), 1000):
        part = counted[start : start + 1000]
        expected = np.maximum(total[start : start + 1000, None] * context, 1e-12)
        part[:] = np.log(np.maximum(part / expected, 1.0))
    return counted


def as_bytes(table: Table) -> NDArray[np.int8]:
    """Numbers from −127 to 127."""
    steps: NDArray[np.int8] = np.clip(np.round(table * (127 / np.abs(table).max())), -127, 127).astype(np.int8)
    return steps


def card(texts: Mapping[str, int], words: int, day: str) -> str:
    """What the table is, for whoever wonders."""
    data: Any = WRITTEN.read_bytes()
    lines = [
        "# The table of meanings: words beside each other",
        "",
        f"Made {day} by `make models` (`tools/train_meaning.py`); {len(data):,} bytes,",
        f"BLAKE2b-8 `{blake2b(data, digest_size=8).hexdigest()}`.",
        f"{words:,} words, {DIMENSIONS} dimensions, one byte each, under hashes of the words: no text can be read back.",
        "Words are alike that stand among the same words. None of the messages and posts that stories are measured on was used.",
        "",
        "| learnt from | texts | |",
        "|---|---|---|",
        *(f"| {name} | {count:,} | {SETS[name]} |" for name, count in texts.items()),
        "",
        "Figures of the judge of stories that uses it: affinity.md.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
