"""The figures of engine/stories/pace.json: how many items come next, learnt from reposts thinned to the size of a county's story.

python -m tools.train_pace ../shared/data/cascades/train.jsonl.gz
"""

from __future__ import annotations

import gzip
import json
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from groundswell.engine.clocks.working_days import china_calendar, day_of
from groundswell.engine.stories.day_rhythm import mass
from groundswell.engine.stories.pace import HORIZONS, PARTS, Pace, Spread, features_of, rates, sums

Floats = NDArray[np.float64]
THINNED = (0.08, 0.2, 0.5)  # which share of a post's reposts make up a story
SMALLEST = 15  # items seen
LOOKS = 4  # moments of a story
QUIET = 36 * 3600.0  # seconds after which nothing is forecast
ZONE = 480  # minutes
KNOTS = (0.3, 1.0, 3.0, 10.0, 30.0)  # items expected
EDGES = (0.6, 1.8, 5.5, 18.0)
KEPT_BACK = 0.3
HERE = Path("groundswell/engine/stories/pace.json")


def is_working(day: Any) -> bool:
    return day_of(china_calendar(), day).is_working


class Looks(msgspec.Struct):
    """One row a look: the features, what the rhythm weighs until each horizon, items in each of the next hours, those of the last hours."""

    features: Floats
    masses: Floats
    hours: Floats  # rows × 12
    hour_masses: Floats
    before: Floats  # rows × horizons: items of as many hours before
    began: Floats


def looks_at(path: str, seed: int = 5) -> Looks:
    """The looks at thinned posts of PATH."""
    chance = np.random.default_rng(seed)
    found: list[list[Any]] = [[] for _ in range(6)]
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            row = json.loads(line)
            times = row["time"] + np.sort(np.array([each for each in row["reposts"] if each >= 0], dtype=float))
            times = times[chance.random(len(times)) < chance.choice(THINNED)]
            if len(times) < SMALLEST + 7:
                continue
            for _ in range(LOOKS):
                look(times, _moment(times, chance), found)
    return Looks(*(np.array(each, dtype=float) for each in found))


def _moment(times: Floats, chance: np.random.Generator) -> float:
    """Half of the looks soon after an item, half at any age."""
    if chance.random() < 0.5:
        return float(times[chance.integers(SMALLEST - 1, len(times))] + chance.uniform(60, 1800))
    least = max(float(times[SMALLEST - 1] - times[0]) + 60, 1800.0)
    most = max(least * 1.5, min(float(times[-1] - times[0]), 4 * 86400.0) + 7200)
    return float(times[0] + np.exp(chance.uniform(np.log(least), np.log(most))))


def look(times: Floats, now: float, found: list[list[Any]]) -> None:
    seen = times[times <= now]
    if len(seen) < SMALLEST or now - seen[-1] > QUIET:
        return
    moment = datetime.fromtimestamp(now, UTC)
    past = [datetime.fromtimestamp(each, UTC) for each in seen]
    ends = [moment + timedelta(hours=h) for h in range(13)]
    hour_masses = [mass(a, b, ZONE, is_working) for a, b in pairwise(ends)]
    found[0].append(features_of(past, moment, ZONE, is_working))
    found[1].append([sum(hour_masses[:h]) for h in HORIZONS])
    found[2].append(np.histogram(times[times > now], now + 3600.0 * np.arange(13))[0])
    found[3].append(hour_masses)
    found[4].append([(seen > now - h * 3600).sum() for h in HORIZONS])
    found[5].append(times[0])


def totals(looks: Looks) -> Floats:
    return np.cumsum(looks.hours, axis=1)[:, [h - 1 for h in HORIZONS]]


def weights_for(features: Floats, masses: Floats, came: Floats) -> Floats:
    """The log-linear mean that misses least in absolute terms, large stories held back (reweighted least squares)."""
    found = np.zeros(features.shape[1])
    found[0] = np.log(came.sum() / masses.sum())
    for step in range(240):
        expected = masses * np.exp(np.clip(features @ found, -8, 8))
        scale = np.sqrt(expected + 1)
        missed = came - expected
        weight = 1 / (np.abs(missed) / scale + 0.3) / scale**2 if step >= 40 else 1 / (1 + expected / 3) / np.maximum(expected, 0.1)
        slope = features * expected[:, None]
        bend = (slope * weight[:, None]).T @ slope + 0.02 * np.eye(len(found))
        found = found + 0.5 * np.linalg.solve(bend, slope.T @ (weight * missed))
    return found


def spread_of(expected: Floats, came: Floats) -> Spread:
    """The quantiles of what came around what was expected, by its size."""
    place = np.digitize(expected, EDGES)
    ratios = np.log((came + 1) / (expected + 1))
    rows = [np.quantile(ratios[place == n], PARTS, method="median_unbiased") for n in range(len(KNOTS))]
    return Spread(tuple(round(float(np.log(k + 1)), 4) for k in KNOTS), tuple(tuple(round(float(v), 4) for v in row) for row in rows))


def hourly(pace: Pace, looks: Looks) -> Floats:
    """Items expected in each of the next twelve hours: the sums between horizons shared out by the rhythm."""
    whole = np.array([sums(rates(pace, row), masses) for row, masses in zip(looks.features, looks.masses, strict=True)])
    found = np.zeros(looks.hours.shape)
    for n, until in enumerate(HORIZONS):
        since = HORIZONS[n - 1] if n else 0
        part = looks.hour_masses[:, since:until]
        here = whole[:, n] - (whole[:, n - 1] if n else 0.0)
        found[:, since:until] = here[:, None] * part / part.sum(axis=1, keepdims=True)
    return found


def learn(looks: Looks, rows: NDArray[np.bool_]) -> Pace:
    came = totals(looks)
    weights = [weights_for(looks.features[rows], looks.masses[rows, n], came[rows, n]) for n in range(len(HORIZONS))]
    pace = Pace(tuple(tuple(round(float(w), 5) for w in row) for row in weights), (), ())
    by_hour = hourly(pace, looks)[rows]
    expected = np.cumsum(by_hour, axis=1)
    around = [spread_of(expected[:, h - 1], came[rows, n]) for n, h in enumerate(HORIZONS)]
    spans = zip((0, *HORIZONS), HORIZONS, strict=False)
    hours = [spread_of(by_hour[:, a:b].ravel(), looks.hours[rows, a:b].ravel()) for a, b in spans]
    return Pace(pace.weights, tuple(around), tuple(hours))


def check(pace: Pace, looks: Looks, rows: NDArray[np.bool_]) -> dict[str, dict[str, float]]:
    """How far the sums miss on ROWS, beside "no change", and what the bands hold."""
    came, found = totals(looks)[rows], {}
    by_hour = hourly(pace, looks)[rows]
    expected = np.cumsum(by_hour, axis=1)
    for n, h in enumerate(HORIZONS):
        said, y, same = expected[:, h - 1], came[:, n], looks.before[rows, n]
        bands = np.array([pace.totals[n].around(float(each)) for each in said])
        held = [(np.round(bands[:, a], 2) <= y) & (y <= np.round(bands[:, -1 - a], 2)) for a in (0, 1)]
        one = np.array([pace.hours[n].around(float(each)) for each in by_hour[:, h - 1]])
        last = looks.hours[rows, h - 1]
        found[f"{h} h"] = {
            "mean_miss": float(np.abs(said - y).mean()),
            "no_change": float(np.abs(same - y).mean()),
            "nothing": float(y.mean()),
            "median_error": float(np.median(np.abs(said - y) / np.maximum(y, 1))),
            "median_no_change": float(np.median(np.abs(same - y) / np.maximum(y, 1))),
            "cover80": float(held[0].mean()),
            "cover50": float(held[1].mean()),
            "hour_cover80": float(((np.round(one[:, 0], 2) <= last) & (last <= np.round(one[:, -1], 2))).mean()),
        }
    return {name: {key: round(value, 3) for key, value in row.items()} for name, row in found.items()}


def main() -> None:
    looks = looks_at(sys.argv[1])
    early = looks.began < np.quantile(looks.began, 1 - KEPT_BACK)
    for name, row in check(learn(looks, early), looks, ~early).items():
        print(name, row)
    HERE.write_bytes(msgspec.json.format(msgspec.json.encode(learn(looks, np.ones(len(early), dtype=bool))), indent=1) + b"\n")
    print(len(early), "looks")


if __name__ == "__main__":
    main()
