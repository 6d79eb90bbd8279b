"""Heat and forecast: how far posts go, later ones told from earlier ones, and what the next hours of small stories bring."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.figures import Figure
from benchmarks.quality.shared import folder, rows, scored_forecast
from groundswell.engine.spread.cascade import At, Cascade, Seen, cascade_of, seen_at
from groundswell.engine.spread.forecasting import foretell
from groundswell.engine.spread.learning import learn_spread
from tools.boost import Plan, grow
from tools.train_pace import KEPT_BACK, check, learn, looks_at

BEGINS = (0.4, 0.52, 0.64, 0.76, 0.88, 1.0)  # each part is told from all posts before it
FOLDS = 5
TREES = Plan(trees=200, levels=3, rate=0.06, columns=0.6, drag=5.0, smallest=5.0)
READ, DECAY = 300.0, 0.242  # seconds that all are read, and how fast a post is forgotten after (Zhao et al. 2015)
MOMENTS: tuple[At, ...] = ("1h", "100")
TREES_WORDS = "yardstick: boosted trees on counts"


def run(quick: bool) -> list[Figure]:
    found = sorted(rows("cascades/train"), key=lambda row: row["time"])
    parts = forward(len(found))[-1:] if quick else forward(len(found))
    later = measured(found, parts)
    mixed = {} if quick else measured(found, shuffled(len(found)), yardsticks=False)
    looks = looks_at(str(folder() / "data" / "cascades" / "train.jsonl.gz"))
    early = looks.began < np.quantile(looks.began, 1 - KEPT_BACK)
    hours = check(learn(looks, early), looks, ~early)
    return [
        Figure("size at 1 h, median error, later posts", later["median_error"], 0.25, later["trees_median_error"], True, note=TREES_WORDS),
        Figure("the same beside the usual growth", later["median_error"], None, later["usual_median_error"], True),
        Figure("the same beside SEISMIC without followers", later["median_error"], None, later["seismic_median_error"], True),
        Figure("share of final numbers in the 80 % band", later["coverage80"], None, later["trees_coverage80"], note="goal 0.78 to 0.82"),
        Figure("doubling from the 100th, accuracy, later posts", later["doubling_accuracy"], 0.87, later["trees_doubling_accuracy"]),
        Figure("doubling from the 100th, AUC, later posts", later["doubling_auc"], 0.91, later["trees_doubling_auc"]),
        *(Figure(f"{what}, five folds", mixed[name]) for what, name in MIXED if name in mixed),
        Figure("posts told a second, with features", later["rate"], digits=0),
        Figure("CPU seconds of learning", later["seconds"], 120, (), True, digits=0),
        *(_hours(name, row) for name, row in hours.items()),
        Figure("80 % band of the next 6 hours holds", [hours["6 h"]["cover80"]], note="stories of 15 items and more, later 30 %"),
        Figure("50 % band of the next 6 hours holds", [hours["6 h"]["cover50"]]),
    ]  # fmt: skip


MIXED = (
    ("size at 1 h, median error", "median_error"),
    ("80 % band", "coverage80"),
    ("doubling, accuracy", "doubling_accuracy"),
    ("doubling, AUC", "doubling_auc"),
)


def _hours(name: str, row: dict[str, float]) -> Figure:
    return Figure(
        f"small stories, items missed in the next {name}",
        [row["mean_miss"]],
        None,
        [row["no_change"]],
        True,
        1,
        "yardstick: as in the last hours",
    )


def forward(count: int) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Numbers of the posts learnt from and told, each part from all before it."""
    return [(np.arange(int(a * count)), np.arange(int(a * count), int(b * count))) for a, b in pairwise(BEGINS)]


def shuffled(count: int) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    fold = np.random.default_rng(0).integers(0, FOLDS, count)
    return [(np.flatnonzero(fold != n), np.flatnonzero(fold == n)) for n in range(FOLDS)]


def measured(
    found: Sequence[dict[str, Any]], parts: Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]], yardsticks: bool = True
) -> dict[str, list[float]]:
    """Figures of each part, those of the yardsticks under their names."""
    cascades = [cascade_of(row) for row in found]
    figures: dict[str, list[float]] = {}
    for train, test in parts:
        learnt, asked, gold = [cascades[n] for n in train], [cascades[n] for n in test], [found[n] for n in test]
        started = time.process_time()
        model = learn_spread(learnt)
        one: dict[str, float] = {"seconds": time.process_time() - started}
        started = time.process_time()
        for at in MOMENTS:
            said = [
                _row(row, told.expected, told.low80, told.high80, told.doubles)
                for row, told in zip(gold, foretell(model, asked, at), strict=True)
            ]
            one |= scored_forecast(gold, said, at)
        one["rate"] = 2 * len(asked) / (time.process_time() - started)
        for name, other in (("trees", trees), ("usual", usual), ("seismic", seismic)) if yardsticks else ():
            for at in MOMENTS:
                one |= {f"{name}_{key}": value for key, value in scored_forecast(gold, other(learnt, asked, gold, at), at).items()}
        for key, value in one.items():
            if value is not None:
                figures.setdefault(key, []).append(value)
    return figures


def _row(row: dict[str, Any], expected: Any, low: Any = None, high: Any = None, doubles: Any = None) -> dict[str, Any]:
    return {"id": row["id"], "expected": expected, "low80": low, "high80": high, "doubles": doubles}


def trees(learnt: Sequence[Cascade], asked: Sequence[Cascade], gold: Sequence[dict[str, Any]], at: At) -> list[dict[str, Any]]:
    """Boosted trees (tools/boost.py) on plain counts, the hour and the length; the band from what they miss on the posts learnt."""
    known = [(one, seen) for one in learnt if (seen := seen_at(one, at)) is not None and len(seen.reposts) >= 20]
    table = np.array([_counts(seen) for _one, seen in known], dtype=np.float32)
    growth = np.array([math.log(len(one.reposts) / len(seen.reposts)) for one, seen in known])
    weights = np.ones(len(growth))
    answers = (growth >= math.log(2.0) - 1e-9).astype(float) if at == "100" else growth
    grown = grow(table, answers, weights, TREES, binary=at == "100")
    low, high = np.quantile(growth - grown.ask(table), (0.1, 0.9))
    said = []
    for one, row in zip(asked, gold, strict=True):
        seen = seen_at(one, at)
        if seen is None:
            said.append(_row(row, None))
            continue
        value, count = float(grown.ask(np.array([_counts(seen)], dtype=np.float32))[0]), len(seen.reposts)
        if at == "100":
            said.append(_row(row, None, doubles=1 / (1 + math.exp(-value))))
        else:
            said.append(_row(row, *(max(count, count * math.exp(value + more)) for more in (0.0, low, high))))
    return said


def _counts(seen: Seen) -> list[float]:
    parts = [float((seen.reposts <= seen.age * n / 12).sum()) for n in range(1, 13)]
    return [
        *parts,
        seen.age,
        float(seen.age - seen.reposts[-10]) if len(seen.reposts) >= 10 else 0.0,
        (seen.time + seen.age) / 3600 % 24,
        len(seen.text),
    ]


def usual(learnt: Sequence[Cascade], asked: Sequence[Cascade], gold: Sequence[dict[str, Any]], at: At) -> list[dict[str, Any]]:
    """Every post grows as the middle one did."""
    known = [(one, seen) for one in learnt if (seen := seen_at(one, at)) is not None]
    growth = float(np.median([len(one.reposts) / len(seen.reposts) for one, seen in known]))
    doubles = float(np.mean([len(one.reposts) >= 2 * len(seen.reposts) for one, seen in known]))
    said = [seen_at(one, at) for one in asked]
    return [_row(row, growth * len(seen.reposts) if seen else None, doubles=doubles) for row, seen in zip(gold, said, strict=True)]


def seismic(learnt: Sequence[Cascade], asked: Sequence[Cascade], gold: Sequence[dict[str, Any]], at: At) -> list[dict[str, Any]]:
    """A self-exciting process with one reader a repost: contagion now, times the readers still to come (after SEISMIC)."""
    said = []
    for one, row in zip(asked, gold, strict=True):
        seen = seen_at(one, at)
        if seen is None:
            said.append(_row(row, None))
            continue
        born = np.concatenate([[0.0], seen.reposts])
        reached = _read(seen.age - born).sum()
        contagion = len(seen.reposts) / max(reached, 1.0) * min(1.0, reached / len(born))
        more = contagion * (len(born) - reached) / max(1.0 - contagion, 0.2)
        said.append(_row(row, len(seen.reposts) + float(more), doubles=float(more / (more + len(seen.reposts)))))
    return said


def _read(ages: NDArray[np.float64]) -> NDArray[np.float64]:
    whole = DECAY / (1 + DECAY)
    late = whole + (1 - whole) * (1 - (np.maximum(ages, READ) / READ) ** -DECAY)
    return np.where(ages < READ, np.maximum(ages, 0.0) / READ * whole, late)
