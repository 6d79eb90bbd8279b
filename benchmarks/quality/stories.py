"""Stories: one event, one story, in order of time, on messages/stream and cascades/train as a reader grouped them."""

from __future__ import annotations

import importlib.util
import json
import tempfile
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from benchmarks.quality.figures import Figure
from benchmarks.quality.shared import folder
from groundswell.cli.group import BRIDGE
from groundswell.engine.stories.affinity import load_judge
from groundswell.engine.stories.grouping import story_chance
from groundswell.engine.stories.likeness import LIKENESS
from groundswell.engine.stories.settings import DEFAULT
from groundswell.engine.trees import likelihood
from tools.train_stories import CAUTION, SETS, Floats, Pairs, pairs_of, unseen_likelihoods

GOALS = {"messages": (0.92, 25, 0.08), "posts": (0.90, 12, 0.01)}
DIGITS = (3, 1, 3)
DIVISIONS = (1, 2, 3)  # seeds of the division into parts
Score = Callable[[Sequence[str]], tuple[float, float, float]]


def run(quick: bool) -> list[Figure]:
    figures = []
    for name, (file, gold) in SETS.items():
        pairs = pairs_of(folder() / "data", file, gold)
        score = _scorer(gold, pairs)
        join = DEFAULT.join + (0.0 if name == "titled" else DEFAULT.untitled)
        unseen = [score(grouped(pairs, unseen_likelihoods(pairs, seed, CAUTION[name]), join)) for seed in DIVISIONS[: 1 if quick else None]]
        ships = score(grouped(pairs, likelihood(getattr(load_judge(), name).ask(pairs.rows)), join))
        figures += _figures(gold, unseen, ships, _yardstick(pairs, score))
    return figures


def _figures(gold: str, unseen: list[tuple[float, float, float]], ships: tuple[float, ...], yardstick: tuple[float, ...]) -> list[Figure]:
    names = ("B-cubed F1 in groups", "wrong merges per 1,000", "look-alikes that were merged")
    note = "groups not seen in training; yardstick: TF-IDF of pairs of characters, single link"
    return [
        figure
        for n, what in enumerate(names)
        for figure in (
            Figure(
                f"{gold}: {what}", [one[n] for one in unseen], GOALS[gold][n], [yardstick[n]], n > 0, (3, 1, 3)[n], note if n == 0 else ""
            ),
            Figure("the same, all groups seen, as it ships", [ships[n]], digits=DIGITS[n]),
        )
    ]


def grouped(pairs: Pairs, likelihoods: Floats, join: float = DEFAULT.join, bridge: float | None = None) -> list[str]:
    """The story of each item, as ``group`` makes them, from the likelihoods of the pairs."""
    bridge = join + BRIDGE if bridge is None else bridge
    rank = np.arange(len(pairs.later)) - np.searchsorted(pairs.later, pairs.later)
    near = likelihoods * (pairs.rows[:, LIKENESS] >= DEFAULT.near) * (rank < DEFAULT.candidates)
    bounds = np.searchsorted(pairs.later, np.arange(len(pairs.ids) + 1))
    story: list[int] = []
    members: dict[int, list[int]] = {}
    for number in range(len(pairs.ids)):
        chances: dict[int, list[float]] = {}
        for place in range(bounds[number], bounds[number + 1]):
            chances.setdefault(story[pairs.earlier[place]], []).append(float(near[place]))
        ranked = sorted(((story_chance(each, len(members[own])), own) for own, each in chances.items()), reverse=True)
        if not ranked or ranked[0][0] < join:
            story.append(number)
            members[number] = [number]
            continue
        into = ranked[0][1]
        story.append(into)
        members[into].append(number)
        for chance, other in ranked[1:]:
            less, more = sorted((into, other), key=lambda own: (len(members[own]), own))
            if chance >= bridge and len(members[less]) <= DEFAULT.small:
                for item in members[less]:
                    story[item] = more
                members[more] += members.pop(less)
                into = more
    return [str(own) for own in story]


def _yardstick(pairs: Pairs, score: Score) -> tuple[float, float, float]:
    """Every item goes to the earlier one that is most alike, from the threshold on that does best here."""
    found = []
    for threshold in np.arange(0.15, 0.6, 0.03):
        story = list(range(len(pairs.ids)))
        likeness = pairs.rows[:, LIKENESS]
        for place in np.lexsort((likeness, pairs.later)).tolist():  # the most alike comes last
            if likeness[place] >= threshold:
                story[pairs.later[place]] = story[pairs.earlier[place]]
        found.append(score([str(own) for own in story]))
    return max(found)


def _scorer(gold: str, pairs: Pairs) -> Score:
    """What the shared scorer says: F1 in groups, wrong merges, share of look-alikes."""
    spec = importlib.util.spec_from_file_location("score", folder() / "eval" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    scorer: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    place = folder() / "data" / "groups"

    def score(stories: Sequence[str]) -> tuple[float, float, float]:
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as said:
            said.writelines(json.dumps({"id": name, "story": own}) + "\n" for name, own in zip(pairs.ids, stories, strict=True))
            said.flush()
            whole, traps = scorer.stories(str(place / f"{gold}.tsv"), said.name), scorer.traps(str(place / f"{gold}.traps.tsv"), said.name)
        return whole["b3_f1_in_groups"], whole["wrong_merges_per_1000"], traps["share"]

    return score
