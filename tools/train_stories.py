"""``python -m tools.train_stories --data FOLDER``: the judge of stories that ships (boosted trees), and its card.

Pairs are an item and the earlier items that it would be compared with, in order of time, as the program finds them; those
whose both items a reader has put into a group, or called alone, teach. Look-alikes that are known to differ weigh more,
pairs of giant groups less.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundswell.cli.item_rows import item_of
from groundswell.engine.records import Judged
from groundswell.engine.stories.affinity import FILE
from groundswell.engine.stories.likeness import NAMES
from groundswell.engine.stories.meeting import LARGEST, Block
from groundswell.engine.stories.settings import Settings
from groundswell.engine.stories.state import Member, StoriesState
from groundswell.engine.trees import Trees, likelihood
from tools.boost import Plan, grow, packed

WRITTEN = Path(__file__).parent.parent / "groundswell" / "engine" / "stories" / FILE
SETS = {"titled": ("messages/stream", "messages"), "plain": ("cascades/train", "posts")}
PLAN = Plan(trees=400, levels=4, rate=0.05, columns=0.4, drag=5.0, smallest=5.0, rows=0.7)
MACHINES = 3  # whose mean is taken
LOOK_ALIKE = 3.0  # weight of a pair that is known to differ
GIANT = 8  # items of a group from which on its pairs weigh less
CAUTION = {"titled": 0.0, "plain": 0.9}  # log-odds taken off: a share of wrong merges that each kind of item bears
FOLDS = 5
LOOKED_AT = Settings(near=0.03, candidates=24)  # more than the program looks at: what is far apart teaches as well
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Pairs:
    """All pairs of a set: ``later`` and ``earlier`` are numbers of items in order of time; parallel arrays, by ``later``."""

    ids: list[str]
    group: Ints  # of each item; −1 where no reader saw it
    later: Ints
    earlier: Ints
    rows: NDArray[np.float32]
    teaches: NDArray[np.bool_]
    same: NDArray[np.bool_]
    weight: Floats


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="holds groups/, messages/ and cascades/")
    parser.add_argument("--date", default=f"{datetime.now().astimezone():%Y-%m-%d}")
    args = parser.parse_args()
    held: dict[str, Any] = {}
    lines: list[str] = []
    for name, (file, gold) in SETS.items():
        pairs = pairs_of(args.data, file, gold)
        taught = pairs.teaches
        trees = fit(pairs, taught, CAUTION[name])
        unseen = [loss(pairs, unseen_likelihoods(pairs, seed)) for seed in (1, 2)]
        held |= packed(name, trees)
        lines.append(
            f"| {name} | {file}, groups/{gold} | {int(taught.sum()):,} | {int(pairs.same[taught].sum()):,} "
            f"| {min(unseen):.4f} to {max(unseen):.4f} |"
        )
    with WRITTEN.open("wb") as stream:
        np.savez_compressed(stream, **held)
    WRITTEN.with_suffix(".md").write_text(card(lines, args.date), encoding="utf-8")
    print("\n".join(lines))


def pairs_of(folder: Path, file: str, gold: str) -> Pairs:
    """The pairs of data/FILE, taught by groups/GOLD."""
    with gzip.open(folder / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
        items = [(item_of(row), str(row["id"])) for row in map(json.loads, lines)]
    beginning = datetime(1970, 1, 1, tzinfo=UTC)
    items.sort(key=lambda pair: (pair[0].published_at or beginning, pair[0].key))
    state, nothing = StoriesState(), Judged(key="", lang="", tokens=(), signature=b"", about_us=True)
    later, earlier, rows = [], [], []
    for start in range(0, len(items), LARGEST):
        block = Block(state, [(item, nothing) for item, _name in items[start : start + LARGEST]], LOOKED_AT)
        for n, (key, seen) in enumerate(zip(block.number, block.sketches, strict=True)):
            for met in block.met(n):
                later.append(start + n)
                earlier.append(state.index.slot[met.key])
                rows.append(met.row.astype(np.float32))
            state.index.add(Member(key=key, seq=start + n, sketch=seen, norm=float(block.norms[n])))
    return _taught([name for _item, name in items], np.array(later), np.array(earlier), np.stack(rows), folder / "groups", gold)


def _taught(ids: list[str], later: Ints, earlier: Ints, rows: NDArray[np.float32], folder: Path, gold: str) -> Pairs:
    group_of = dict(_table(folder / f"{gold}.tsv"))
    number_of = {group: n for n, group in enumerate(sorted(set(group_of.values())))}
    group = np.array([number_of[group_of[name]] if name in group_of else -1 for name in ids])
    place = {name: n for n, name in enumerate(ids)}
    told = _table(folder / f"{gold}.traps.tsv")
    traps = {tuple(sorted((place[one], place[other]))) for one, other in told if one in place and other in place}
    trap = np.array([tuple(sorted(pair)) in traps for pair in zip(later.tolist(), earlier.tolist(), strict=True)])
    known = (group[later] >= 0) & (group[earlier] >= 0)
    same = known & (group[later] == group[earlier]) & ~trap
    size = np.bincount(group[group >= 0])[np.maximum(group[later], 0)]
    weight = np.where(trap, LOOK_ALIKE, np.where(same, np.minimum(1.0, GIANT / np.maximum(size, 1)), 1.0))
    return Pairs(ids, group, later, earlier, rows, known | trap, same, weight)


def _table(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            one, other = line.split("\t")[:2]
            yield one, other


def fit(pairs: Pairs, which: NDArray[np.bool_], caution: float = 0.0, machines: int = MACHINES) -> Trees:
    """Trees taught by the pairs of WHICH: several machines of other chances as one."""
    answers = pairs.same[which].astype(np.float64)
    grown = [
        grow(pairs.rows[which], answers, pairs.weight[which], Plan(**{**PLAN.__dict__, "seed": seed}), binary=True)
        for seed in range(1, machines + 1)
    ]
    return Trees(
        start=float(np.mean([trees.start for trees in grown])) - caution,
        columns=np.concatenate([trees.columns for trees in grown]),
        limits=np.concatenate([trees.limits for trees in grown]),
        leaves=(np.concatenate([trees.leaves for trees in grown]) / machines).astype(np.float32),
    )


def unseen_likelihoods(pairs: Pairs, seed: int, caution: float = 0.0, machines: int = MACHINES) -> Floats:
    """For each pair how likely it is one event, by trees that saw no item of either one's part; whole groups lie in one part.

    A pair of two parts is asked of both parts' trees, and the mean is taken.
    """
    chance = np.random.default_rng(seed)
    parts = chance.permutation(int(pairs.group.max()) + 1) % FOLDS
    part = np.where(pairs.group >= 0, parts[np.maximum(pairs.group, 0)], chance.integers(0, FOLDS, len(pairs.group)))
    one, other = part[pairs.later], part[pairs.earlier]
    sums = np.zeros(len(pairs.later))
    for number in range(FOLDS):
        trees = fit(pairs, pairs.teaches & (one != number) & (other != number), caution, machines)
        for side in (one, other):
            asked = side == number
            sums[asked] += likelihood(trees.ask(pairs.rows[asked])) / 2
    return sums


def loss(pairs: Pairs, likelihoods: Floats) -> float:
    """Mean logarithmic loss on the pairs that teach."""
    said = np.clip(likelihoods[pairs.teaches], 1e-6, 1 - 1e-6)
    right = np.where(pairs.same[pairs.teaches], said, 1 - said)
    return float(-np.average(np.log(right), weights=pairs.weight[pairs.teaches]))


def card(lines: Sequence[str], day: str) -> str:
    """What the judge is, for whoever wonders."""
    data = WRITTEN.read_bytes()
    return "\n".join(
        [
            "# The judge of stories: do two items tell of one event?",
            "",
            f"Made {day} by `make models` (`tools/train_stories.py`); {len(data):,} bytes,",
            f"BLAKE2b-8 `{blake2b(data, digest_size=8).hexdigest()}`.",
            f"{MACHINES} × {PLAN.trees} boosted trees of {PLAN.levels} levels, over {len(NAMES)} likenesses of two items",
            "(`likeness.py`): shared pieces, leads, names, numbers, the meaning of words, time. It holds no text.",
            "",
            "| for items | learnt from | pairs | of one event | logarithmic loss, groups not seen |",
            "|---|---|---|---|---|",
            *lines,
            "",
            f"Look-alikes that differ weigh {LOOK_ALIKE:.0f} times as much, pairs of groups over {GIANT} items less. From the sums",
            f"for items without titles {CAUTION['plain']} is taken, so that one threshold suits both.",
            "Figures of the stories: docs/quality.md.",
            "",
        ]
    )


if __name__ == "__main__":
    main()
