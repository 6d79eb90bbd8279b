"""How often an answer is right, by how far it stands above the next one: fitted on rows that the machine had not seen."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
STEPS, RIDGE = 50, 1e-3
CHANCE = 1000  # rows: of so many, half of what a search finds is chance
HIGHEST = 0.999


class Confidence(Struct, frozen=True):
    """Likelihood = logistic(constant + straight · lead + bent · √lead); SHARPNESS divides the rest among the other labels."""

    constant: float = 0.0
    straight: float = 1.0
    bent: float = 0.0
    sharpness: float = 1.0

    def of(self, lead: Doubles) -> Doubles:
        """The likelihood that the first answer is right, LEAD being how far it stands above the second."""
        value = self.constant + self.straight * lead + self.bent * np.sqrt(lead)
        return np.minimum(1.0 / (1.0 + np.exp(-value)), HIGHEST)


def fit_confidence(scores: Doubles, right: NDArray[np.int64]) -> Confidence:
    """The confidence of SCORES (rows × labels) of unseen rows whose labels are RIGHT (numbers of columns)."""
    lead, first = leads(scores)
    hit = (first == right).astype(np.float64)
    for columns in ((lead, np.sqrt(lead)), (lead,)):
        found = _logistic(np.column_stack((np.ones(len(lead)), *columns)), hit)
        if (found[1:] >= 0).all():
            break
    bent = float(found[2]) if len(found) > 2 else 0.0
    straight = max(float(found[1]), 1e-3)
    return Confidence(round(float(found[0]), 6), round(straight, 6), round(bent, 6), _sharpness(scores, right))


def leads(scores: Doubles) -> tuple[Doubles, NDArray[np.int64]]:
    """How far the first stands above the second in each row, and which is first."""
    first = scores.argmax(axis=1)
    if scores.shape[1] < 2:
        return np.ones(len(scores)), first
    top = np.partition(scores, -2, axis=1)
    return top[:, -1] - top[:, -2], first


def _logistic(table: Doubles, hit: Doubles) -> Doubles:
    """Logistic regression by Newton's method with a little ridge; targets are drawn in as Platt (1999) does."""
    good, bad = hit.sum(), len(hit) - hit.sum()
    target = np.where(hit > 0, (good + 1) / (good + 2), 1 / (bad + 2))
    weights = np.zeros(table.shape[1])
    for _ in range(STEPS):
        p = 1.0 / (1.0 + np.exp(-np.clip(table @ weights, -30, 30)))
        gradient = table.T @ (p - target) + RIDGE * weights
        hessian = (table * (p * (1 - p))[:, None]).T @ table + RIDGE * np.eye(table.shape[1])
        step = np.linalg.solve(hessian, gradient)
        weights = weights - step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def _sharpness(scores: Doubles, right: NDArray[np.int64]) -> float:
    """The factor under which a softmax of SCORES gives the right labels the greatest likelihood."""
    best, chosen = np.inf, 1.0
    for factor in (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0):
        z = scores * factor
        z = z - z.max(axis=1, keepdims=True)
        loss = float((np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), right]).mean())
        if loss < best:
            best, chosen = loss, factor
    return chosen


def fair_constants(scores: Doubles, right: NDArray[np.int64], rounds: int = 3) -> Doubles:
    """What to add to each label's score so that rare labels are found as well as frequent ones (macro-F1 on unseen rows)."""
    labels = scores.shape[1]
    added = np.zeros(labels)
    best = macro_f1(scores.argmax(axis=1), right, labels)
    steps = np.linspace(-0.5, 0.5, 21)
    for _ in range(rounds):
        before = added.copy()
        for label in range(labels):
            tried = [(macro_f1(_with(scores, added, label, step).argmax(axis=1), right, labels), -abs(step), step) for step in steps]
            figure, _near, step = max(tried)
            if figure > best + 1e-4:
                best = figure
                added[label] += step
        if (added == before).all():
            break
    return added * (len(right) / (len(right) + CHANCE))


def _with(scores: Doubles, added: Doubles, label: int, step: float) -> Doubles:
    moved = scores + added
    moved[:, label] += step
    return moved


def macro_f1(said: NDArray[np.int64], right: NDArray[np.int64], labels: int) -> float:
    """The mean over the labels that occur of 2·hits / (said + there)."""
    there = np.bincount(right, minlength=labels)
    asked = np.bincount(said, minlength=labels)
    hits = np.bincount(right[said == right], minlength=labels)
    f = 2 * hits / np.maximum(there + asked, 1)
    return float(f[there > 0].mean()) if (there > 0).any() else 0.0
