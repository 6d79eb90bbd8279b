"""The body of an article: the frame that holds it, then the blocks of it that belong, by two small learned models over rules."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from groundswell.engine.read.blocks import Frame
from groundswell.engine.read.body_features import block_rows, candidates, frame_rows, reach
from groundswell.engine.read.layout import Layout
from groundswell.engine.trees import likelihood, load_trees

FOLDER, MODEL = "groundswell.engine.read", "body.npz"
RULE_SHARE = 0.4  # what the rule says beside the model
BELONGS = 0.5
FULL_SIZE = 300.0  # weight of a body that is long enough to be sure of


class Body(Struct, frozen=True):
    text: str
    confidence: float  # 0–1: how sure the models are of each character, less where there are few
    places: tuple[int, ...] = ()  # of its blocks


NOTHING = Body(text="", confidence=0.0)


def quick_body(layout: Layout) -> Body:
    """The running text of the page, one line a paragraph."""
    frames = candidates(layout)
    if not frames:
        return NOTHING
    worth = frame_worth(layout, frames)
    best = max(worth, key=lambda frame: worth[frame])
    places = reach(layout, best)
    chance = likelihood(load_trees(FOLDER, MODEL)["blocks"].ask(block_rows(layout, places, best, worth)))
    return chosen(layout, places, chance.tolist(), worth[best])


def frame_worth(layout: Layout, frames: list[Frame]) -> dict[Frame, float]:
    """How well each of FRAMES would do as the body: the F1 that the model expects, drawn towards the rule's answer."""
    rows = frame_rows(layout, frames)
    expected = (1 - RULE_SHARE) * load_trees(FOLDER, MODEL)["frames"].ask(rows) + RULE_SHARE * rows[:, 0]
    return dict(zip(frames, expected.tolist(), strict=True))


def chosen(layout: Layout, places: range, chance: list[float], worth: float) -> Body:
    """The blocks that belong, as text."""
    kept = [place for place, each in zip(places, chance, strict=True) if each > BELONGS]
    if not kept:
        return NOTHING
    weights = np.array([layout.lines[place].weight for place in places])
    certain = float((np.abs(2 * np.array(chance) - 1) * weights).sum() / weights.sum())
    size = min(1.0, sum(layout.lines[place].weight for place in kept) / FULL_SIZE)
    text = "\n".join(layout.blocks[place].text for place in kept)
    return Body(text=text, confidence=round(min(1.0, max(0.0, worth)) * certain * size, 3), places=tuple(kept))
