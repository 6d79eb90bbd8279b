"""``python -m tools.train_tone --data FOLDER``: the model of tone that ships, and its card.

Taught are the patterns of tools/tone_seeds.txt and, with FOLDER (the sets named in the card), what reviews and microblog
posts add. How far to trust each part is found on patterns that the part had not seen. Nothing of benchmarks/data is used.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from groundswell.engine.judge.sentiment import ToneReader, evidence
from groundswell.engine.judge.tone_model import LABELS, ToneModel, dump_tone
from groundswell.engine.judge.tone_table import shipped_tone_table
from groundswell.engine.learn.confidence import Confidence, fit_confidence, macro_f1
from groundswell.engine.learn.features import Features, Shape, blocks, features_of
from groundswell.engine.learn.learning import table_of
from groundswell.engine.learn.model import Model
from groundswell.engine.learn.passage import Passage, passage_of_text
from groundswell.engine.learn.solver import Floats, Ints, Rows, picked, scores, solve
from groundswell.engine.text.normal import fold
from tools.tone_seeds import seeds_by_pattern

WRITTEN = Path(__file__).parent.parent / "groundswell" / "engine" / "judge" / "tone.model"
SHAPE = Shape(runs=(1, 2, 3), head=False, repeats=False)
SHARES = (1.0, 1.0, 0.0)
KEPT = 90_000  # features that ship: those that can move a score most
COST, PASSES, FOLDS, LONGEST = 0.3, 5, 5, 150
EMOTIONS = {"happy": 2, "neutral": 1, "angry": 0, "sad": 0, "fear": 0}
ASKS = re.compile(r"咨询|请问|询问|如何|怎么办理|什么材料|能否|是否|吗？|吗\?|多少|哪里")
BLAMES = re.compile(r"投诉|举报|反映|严重|扰民|违规|违法|拖欠|不作为|乱|问题|何时|为何|为什么|难|差|危险|隐患|噪音|污染|强烈|不合理|欺")


@dataclass(frozen=True)
class Part:
    """One body of texts with a tone each (numbers of LABELS)."""

    texts: list[str]
    tones: Ints


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="holds sentiment/ and messages/")
    parser.add_argument("--date", default=f"{datetime.now().astimezone():%Y-%m-%d}")
    args = parser.parse_args()
    patterns, parts = seeds_by_pattern(), shared_parts(args.data)
    model, figures = train(patterns, parts)
    data = dump_tone(model)
    WRITTEN.write_bytes(data)
    WRITTEN.with_suffix(".md").write_text(card(data, patterns, parts, figures, args.date), encoding="utf-8")
    print(json.dumps(figures))


def shared_parts(folder: Path) -> dict[str, Part]:
    """The sets outside the house, each brought to the three tones."""
    found: dict[str, list[tuple[str, int]]] = {}
    for name in ("smp_virus_train", "smp_virus_dev"):
        found.setdefault("smp_virus", []).extend(
            (row["text"], EMOTIONS[row["label"]]) for row in _rows(folder / "sentiment" / name) if row["label"] in EMOTIONS
        )
    for name in ("chnsenticorp", "weibo2018"):
        found[name] = [(row["text"], 2 * int(row["label"])) for row in _rows(folder / "sentiment" / f"{name}_train")]
    found["messages"] = [*_titles(folder / "messages"), *_replies(folder / "messages")]
    return {
        name: Part([text[:LONGEST] for text, _tone in rows if text], np.array([tone for text, tone in rows if text], np.int64))
        for name, rows in found.items()
    }


def _rows(path: Path) -> Iterator[Mapping[str, str]]:
    with gzip.open(f"{path}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _titles(folder: Path) -> Iterator[tuple[str, int]]:
    """Titles of citizens' messages: those that blame, those that only ask."""
    for name in ("stream", "labelled_raw"):
        for row in _rows(folder / name):
            title = row["title"] or ""
            if BLAMES.search(title):
                yield title, 0
            elif ASKS.search(title):
                yield title, 1


def _replies(folder: Path) -> Iterator[tuple[str, int]]:
    """Sentences of offices' replies: they state."""
    for row in _rows(folder / "replies"):
        yield from ((part, 1) for part in [p for p in re.split(r"[。；]", row["reply"] or "") if 12 < len(p) < 80][1:4])


def train(patterns: Sequence[tuple[str, list[str]]], parts: Mapping[str, Part]) -> tuple[ToneModel, dict[str, float]]:
    """The model, and its figures on patterns that it had not seen."""
    seeds = Part(
        [text for _label, texts in patterns for text in texts],
        np.array([LABELS.index(label) for label, texts in patterns for _text in texts], np.int64),
    )
    group = np.repeat(np.arange(len(patterns)), [len(texts) for _label, texts in patterns])
    weight = np.minimum(4.0 / np.bincount(group), 4.0)[group].astype(np.float32)
    every = [seeds, *parts.values()]
    rows, features, scales = table_of(_features([text for part in every for text in part.texts]), 2, SHARES)
    bounds = np.cumsum([0, *(len(part.texts) for part in every)])
    own = np.arange(len(seeds.texts))
    machines = [_machine(rows, own, seeds.tones, weight)]
    machines += [_machine(rows, np.arange(bounds[n + 1], bounds[n + 2]), part.tones) for n, part in enumerate(parts.values())]
    fold_of = np.random.default_rng(0).integers(0, FOLDS, len(patterns))[group]
    said: list[NDArray[np.float64]] = [
        _unseen(rows, seeds.tones, weight, fold_of),
        *(scores(picked(rows, own), machine).astype(np.float64) for machine in machines[1:]),
    ]
    reader = ToneReader(shipped_tone_table())
    rules = np.array([evidence(reader.reading(fold(text))) for text in seeds.texts])
    shares, constants = _logistic(np.hstack([*said, rules]), seeds.tones, weight)
    total = np.hstack([*said, rules]) @ shares + constants
    columns = [machine.shape[1] for machine in machines]
    cut = np.cumsum([0, *columns])
    words = sum(machine @ shares[cut[n] : cut[n + 1]] for n, machine in enumerate(machines))
    assert isinstance(words, np.ndarray)
    confidence = fit_confidence(total, seeds.tones)
    model = ToneModel(
        _model(words, constants, features, scales, len(rows), confidence),
        tuple((float(a), float(b), float(c)) for a, b, c in np.round(shares[cut[-1] :], 5)),
    )
    first = total.argmax(axis=1)
    figures = {
        "patterns": len(patterns),
        "unseen_accuracy": round(float((first == seeds.tones).mean()), 4),
        "unseen_macro_f1": round(macro_f1(first, seeds.tones, 3), 4),
        "unseen_macro_f1_without_table": round(macro_f1(said[0].argmax(axis=1).astype(np.int64), seeds.tones, 3), 4),
    }
    return model, figures


def _features(texts: Sequence[str]) -> Features:
    passages: list[Passage] = [passage_of_text("", text) for text in texts]
    found = [features_of(block, SHAPE) for block in blocks(passages)]
    starts = np.cumsum(np.concatenate([[0], *(np.diff(part.starts) for part in found)]))
    return Features(np.concatenate([p.ids for p in found]), np.concatenate([p.counts for p in found]), starts)


def _machine(rows: Rows, which: Ints, tones: Ints, weight: Floats | None = None) -> Floats:
    """A column for each tone that occurs; of two the second only."""
    occurring = np.unique(tones)
    occurring = occurring[1:] if len(occurring) == 2 else occurring
    signs = np.where(tones[:, None] == occurring, 1.0, -1.0).astype(np.float32)
    cost = np.full_like(signs, COST) * (weight[:, None] if weight is not None else np.float32(1.0))
    return solve(picked(rows, which), signs, cost, None, PASSES)


def _unseen(rows: Rows, tones: Ints, weight: Floats, fold_of: Ints) -> NDArray[np.float64]:
    found = np.zeros((len(tones), 3))
    for fold_number in range(FOLDS):
        inside, outside = np.flatnonzero(fold_of == fold_number), np.flatnonzero(fold_of != fold_number)
        found[inside] = scores(picked(rows, inside), _machine(rows, outside, tones[outside], weight[outside]))
    return found


def _logistic(table: NDArray[np.float64], tones: Ints, weight: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Multinomial logistic regression by plain descent: weights of the columns as they are, and constants."""
    middle, wide = table.mean(axis=0), table.std(axis=0) + 1e-6
    scaled = np.column_stack(((table - middle) / wide, np.ones(len(table))))
    weights, target, share = np.zeros((scaled.shape[1], 3)), np.eye(3)[tones], (weight / weight.sum())[:, None]
    for _ in range(600):
        z = scaled @ weights
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        weights -= scaled.T @ ((p - target) * share) + 1e-3 * weights
    plain = weights[:-1] / wide[:, None]
    return plain, weights[-1] - middle @ plain


def _model(
    words: NDArray[np.float64], constants: NDArray[np.float64], features: Ints, scales: Floats, rows: int, confidence: Confidence
) -> Model:
    """The features that can move a score most, with their weights."""
    table = words[:-1]
    spread = (table.max(axis=1) - table.min(axis=1)) * scales
    kept = np.sort(np.argsort(-spread, kind="stable")[:KEPT])
    return Model(
        kind="sentiment",
        labels=LABELS,
        shape=SHAPE,
        shares=SHARES,
        features=features[kept].astype("<u4").tobytes(),
        scales=scales[kept].astype("<f2").tobytes(),
        weights=table[kept].astype("<f2").tobytes(),
        constants=tuple(round(float(c), 6) for c in words[-1] + constants),
        confidence=confidence,
        rows=rows,
        unseen_scale=round(float(np.log(1 + rows) + 1), 4),
    )


def card(data: bytes, patterns: Sequence[tuple[str, list[str]]], parts: Mapping[str, Part], figures: Mapping[str, float], day: str) -> str:
    """What the model is, for whoever wonders."""
    lines = [
        "# The model of tone: negative, neutral, positive",
        "",
        f"Made {day} by `make models` (`tools/train_tone.py`); {len(data):,} bytes,",
        f"BLAKE2b-8 `{blake2b(data, digest_size=8).hexdigest()}`.",
        "Linear weights of hashed runs of 1–3 characters, words and pairs of words: no text can be read back.",
        "",
        "| learnt from | texts | |",
        "|---|---|---|",
        f"| tools/tone_seeds.txt | {sum(len(t) for _label, t in patterns):,} | {len(patterns):,} patterns written for this project |",
        *(f"| {name} | {len(part.texts):,} | {SOURCES[name]} |" for name, part in parts.items()),
        "",
        "Figures on patterns that were left out of learning (five parts): "
        + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items())
        + ". On the 500 sentences of benchmarks/data/civic_tone.txt, which were not used: see docs/quality.md.",
        "",
    ]
    return "\n".join(lines)


SOURCES = {
    "smp_virus": "microblog posts about the epidemic with six emotions (SMP 2020), taken as three tones",
    "chnsenticorp": "reviews of hotels, books and computers (ChnSentiCorp), negative and positive",
    "weibo2018": "microblog posts, negative and positive",
    "messages": "titles of citizens' messages and sentences of offices' replies (TipDM 2020 C), tones by their wording",
}

if __name__ == "__main__":
    main()
