"""Past posts to a model of spread: what was known of each at some moments, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from groundswell.engine.spread import forest, net
from groundswell.engine.spread.cascade import HUNDRED, LEAST_SEEN, Cascade, Seen, seen_first, seen_until
from groundswell.engine.spread.chances import DOUBLE, answers_of, likeliest, quantiles
from groundswell.engine.spread.features import features_of
from groundswell.engine.spread.model import Moment, SpreadError, SpreadModel, ranks_of
from groundswell.engine.spread.rhythm import Rhythm, rhythm_of

Floats = NDArray[np.float64]
Told = Callable[[int, int], None]
AGES = (1800.0, 2700.0, 3600.0, 5400.0)  # seconds: moments around the hour teach it too
COUNTS = (70, 80, 90, 100, 120, 150)
ASIDE = 0.4  # weight of a row of another moment
MOST_PASSES = 40
LEAST = 80  # posts known at a moment, below which nothing is learnt for it
KEPT_BACK = 0.3  # the latest part of the posts, on which the bands are checked
BAND = (0.1, 0.9)
# A few hundred rows tell the width within ±0.04 only, so it leans on what held on other posts (docs/quality.md).
USUAL_WIDENING, USUAL_ROWS = -0.02, 3000
CHECKED = {"1h": 20, "100": HUNDRED}  # the figures stand on posts of so many reposts seen


class Recipe(Struct, frozen=True):
    """How a model is learnt; found by cross-validation, see docs/quality.md."""

    nets: int = 5
    net: net.Plan = net.Plan()
    looks: int = 84_000  # rows that a net is shown, all passes together
    forest: forest.Plan = forest.Plan()


class _Rows(Struct, frozen=True):
    """Rows of one moment: which post, the numbers, the growth that came (logarithm), the weight."""

    post: NDArray[np.int64]
    numbers: NDArray[np.float32]
    growth: Floats
    weight: Floats
    seen: NDArray[np.int64]


def learn_spread(cascades: Sequence[Cascade], tell: Told = lambda _done, _whole: None, recipe: Recipe | None = None) -> SpreadModel:
    """A model of CASCADES, each known to its end. ``tell`` hears how many steps of how many are done.

    The later part of the posts is foretold from the earlier one first: the 80 % band is widened towards what would have held
    there (conformalised quantiles, Romano et al. 2019), and the figures stand on it. Raises SpreadError.
    """
    recipe = recipe or Recipe()
    ordered = sorted(cascades, key=lambda each: each.time)
    rhythm = rhythm_of(ordered)
    tables = {at: table for at in ("1h", "100") if (table := _table(ordered, at, rhythm)) is not None}
    if not tables:
        raise SpreadError(
            f"{len(ordered):,} posts are too few: at least {LEAST} are needed with {LEAST_SEEN} reposts in the first hour, "
            f"or {LEAST} with {HUNDRED} reposts"
        )
    work = _Work(recipe, tell, len(tables))
    moments, figures = {}, {}
    for at, table in tables.items():
        moments[at], figures[at] = work.moment(at, table, len(ordered))
    return SpreadModel(rhythm, moments, len(ordered), figures)


def _table(cascades: Sequence[Cascade], at: str, rhythm: Rhythm) -> _Rows | None:
    """What was known of CASCADES at a moment and around it; None where too few were."""
    posts: list[int] = []
    seen: list[Seen] = []
    weight: list[float] = []
    for place, cascade in enumerate(cascades):
        for own, one in _looks(cascade, at):
            if one is not None and len(one.reposts) >= LEAST_SEEN:
                posts.append(place)
                seen.append(one)
                weight.append(1.0 if own else ASIDE)
    if sum(each == 1.0 for each in weight) < LEAST:
        return None
    count = np.array([len(one.reposts) for one in seen], dtype=np.int64)
    final = np.array([len(cascades[place].reposts) for place in posts])
    return _Rows(np.array(posts), features_of(seen, rhythm), np.log(final / count), np.array(weight), count)


def _looks(cascade: Cascade, at: str) -> list[tuple[bool, Seen | None]]:
    if at == "1h":
        return [(age == 3600.0, seen_until(cascade, age)) for age in AGES]
    return [(count == HUNDRED, seen_first(cascade, count)) for count in COUNTS]


class _Work:
    """One learning: its recipe and its progress."""

    def __init__(self, recipe: Recipe, tell: Told, moments: int) -> None:
        self.recipe, self.tell = recipe, tell
        self.done, self.whole = 0, 2 * moments * (recipe.nets + recipe.forest.trees)

    def moment(self, at: str, table: _Rows, posts: int) -> tuple[Moment, dict[str, float]]:
        """What is learnt for a moment, and how it would have done on the later posts."""
        until = int(np.quantile(table.post, 1.0 - KEPT_BACK))
        early = table.post < until
        later = ~early & (table.weight == 1.0)
        before = self._taught(at, table, early)
        passing = before.ask(table.numbers[later])
        rows = int(later.sum())
        widened = (rows * widening(passing, table.growth[later]) + USUAL_ROWS * USUAL_WIDENING) / (rows + USUAL_ROWS)
        learnt = self._taught(at, table, np.ones(len(early), dtype=bool))
        moment = Moment(learnt.ranks, learnt.nets, learnt.trees, round(widened, 4))
        counted = table.seen[later] >= CHECKED[at]
        return moment, _figures(at, passing[counted], table.growth[later][counted], widened)

    def _taught(self, at: str, table: _Rows, chosen: NDArray[np.bool_]) -> Moment:
        recipe = self.recipe
        ranks = ranks_of(table.numbers[chosen])
        rows, growth, weight = ranks(table.numbers[chosen]), table.growth[chosen], table.weight[chosen]
        answers = answers_of(growth)
        plan = msgspec.structs.replace(recipe.net, passes=min(MOST_PASSES, max(3, round(recipe.looks / len(rows)))))
        nets = tuple(net.teach(rows, answers, weight, plan, seed, self._step) for seed in range(recipe.nets))
        target = answers[:, DOUBLE] if at == "100" else np.argsort(np.argsort(growth, kind="stable")) / len(growth)
        return Moment(ranks, nets, forest.grow(rows, target, answers, weight, recipe.forest, self._step))

    def _step(self) -> None:
        self.done += 1
        self.tell(self.done, self.whole)


def widening(passing: Floats, growth: Floats) -> float:
    """By which share of its width the 80 % band must grow (or shrink) on each side to hold 80 % of GROWTH."""
    low, high = quantiles(passing, np.array(BAND)).T
    outside = np.maximum(low - growth, growth - high) / np.maximum(high - low, 1e-6)
    return round(float(np.quantile(outside, min(1.0, 0.8 * (1.0 + 1.0 / len(growth))))), 4)


def banded(passing: Floats, widened: float) -> tuple[Floats, Floats]:
    """The ends of the 80 % band of growth (logarithm), at least 0."""
    low, high = quantiles(passing, np.array(BAND)).T
    width = (high - low) * widened
    return np.maximum(low - width, 0.0), np.maximum(high + width, 0.0)


def _figures(at: str, passing: Floats, growth: Floats, widened: float) -> dict[str, float]:
    if not len(growth):
        return {}
    if at == "100":
        doubled = answers_of(growth)[:, DOUBLE] > 0
        return {"rows": float(len(growth)), "accuracy": round(float(((passing[:, DOUBLE] > 0.5) == doubled).mean()), 4)}
    low, high = banded(passing, widened)
    error = np.abs(np.exp(likeliest(passing) - growth) - 1.0)
    held = (low - 1e-9 <= growth) & (growth <= high + 1e-9)
    return {"rows": float(len(growth)), "median_error": round(float(np.median(error)), 4), "coverage80": round(float(held.mean()), 4)}
