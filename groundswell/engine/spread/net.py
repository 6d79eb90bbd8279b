"""A small net that says, for each of several bounds, how likely a number is to pass it: taught by Adam with dropout, in numpy."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEAK = 0.01  # of a unit below zero


class Plan(Struct, frozen=True):
    """How a net is taught. ``drag`` pulls weights to zero (L2), ``drop`` is the share of units left out at each step."""

    layers: tuple[int, ...] = (128, 64)
    passes: int = 12
    rate: float = 0.002
    drag: float = 0.002
    drop: float = 0.5
    batch: int = 64


class Net(Struct, frozen=True):
    """Weights (inputs × units) and constants of each layer."""

    weights: tuple[Floats, ...]
    constants: tuple[Floats, ...]

    def ask(self, rows: Floats) -> Floats:
        """For each of ROWS the probability of each bound, 0–1."""
        here = rows
        for weights, constants in zip(self.weights[:-1], self.constants[:-1], strict=True):
            here = here @ weights + constants
            here = np.maximum(here, LEAK * here)
        return _likelihood(here @ self.weights[-1] + self.constants[-1])


def teach(rows: Floats, answers: Floats, weights: Floats, plan: Plan, seed: int, tell: Callable[[], None]) -> Net:
    """A net for ANSWERS (rows × bounds, 0 or 1); each row counts by its weight. TELL is called at the end. (Kingma & Ba 2015)"""
    chance = np.random.default_rng(seed)
    sizes = (rows.shape[1], *plan.layers, answers.shape[1])
    layers = [chance.normal(0.0, (2.0 / a) ** 0.5, (a, b)) for a, b in pairwise(sizes)]
    layers[-1] *= 0.1
    constants = [np.zeros(size) for size in sizes[1:]]
    mean = np.clip(answers.mean(axis=0), 0.005, 0.995)
    constants[-1] += np.log(mean / (1.0 - mean))
    held = [*layers, *constants]
    speed, square = [np.zeros_like(each) for each in held], [np.zeros_like(each) for each in held]
    steps = max(1, len(rows) // plan.batch)
    step = 0
    for _ in range(plan.passes):
        order = chance.permutation(len(rows))
        for chosen in np.array_split(order, steps):
            step += 1
            pulls = _pulls(layers, constants, rows[chosen], answers[chosen], weights[chosen], plan, chance)
            rate = plan.rate * (1.0 - step / (steps * plan.passes + 1.0)) + 1e-5
            for place, pull in enumerate(pulls):
                speed[place] += 0.1 * (pull - speed[place])
                square[place] += 0.001 * (pull * pull - square[place])
                scale = np.sqrt(square[place] / (1.0 - 0.999**step)) + 1e-8
                held[place] -= rate / (1.0 - 0.9**step) * speed[place] / scale
    tell()
    return Net(tuple(layers), tuple(constants))


def _pulls(
    layers: list[Floats], constants: list[Floats], rows: Floats, answers: Floats, weights: Floats, plan: Plan, chance: np.random.Generator
) -> list[Floats]:
    """The slope of the loss for all weights, then for all constants."""
    passed, slopes = [rows], []
    for layer, constant in zip(layers[:-1], constants[:-1], strict=True):
        here = passed[-1] @ layer + constant
        slope = np.where(here > 0.0, 1.0, LEAK) * ((chance.random(here.shape) > plan.drop) / (1.0 - plan.drop))
        slopes.append(slope)
        passed.append(here * slope)
    wrong = (_likelihood(passed[-1] @ layers[-1] + constants[-1]) - answers) * (weights[:, None] / len(rows))
    of_layers: list[Floats] = []
    of_constants: list[Floats] = []
    for place in range(len(layers) - 1, -1, -1):
        of_layers.insert(0, passed[place].T @ wrong + plan.drag * layers[place])
        of_constants.insert(0, wrong.sum(axis=0))
        if place:
            wrong = (wrong @ layers[place].T) * slopes[place - 1]
    return of_layers + of_constants


def _likelihood(sums: Floats) -> Floats:
    likely: Floats = 1.0 / (1.0 + np.exp(-np.clip(sums, -30.0, 30.0)))
    return likely
