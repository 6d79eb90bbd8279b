"""``python -m tools.train_body --data FOLDER``: the two models that find an article's body, measured by leaving whole sites out.

FOLDER holds ``en`` and ``zh``, each with pages (``.html.gz``) and ``truth.json`` (``articleBody``). Without ``--write`` only the
figures are made; with it the models are trained on all pages and written beside their reader. Nothing of a page's text is in them.
"""

from __future__ import annotations

import argparse
import difflib
import gzip
import json
import re
import statistics
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from groundswell.engine.read.article import layout_of
from groundswell.engine.read.blocks import Frame
from groundswell.engine.read.body import RULE_SHARE, chosen
from groundswell.engine.read.body_features import Rows, block_rows, candidates, frame_rows, reach
from groundswell.engine.read.layout import Layout
from groundswell.engine.read.tree import PageTree
from groundswell.engine.trees import Trees, likelihood
from tools.boost import Plan, grow, packed

WRITTEN = Path(__file__).parent.parent / "groundswell" / "engine" / "read" / "body.npz"
FRAMES = Plan(trees=120, levels=3, rate=0.06, columns=0.3, drag=3.0, smallest=3.0)
BLOCKS = Plan(trees=200, levels=5, rate=0.08, columns=0.25, drag=4.0, smallest=2.0)
TOKEN = re.compile(r"[㐀-鿿]|[^\W㐀-鿿]+")
INNER, OUTER = 4, 8
SURE_RUN = 4  # tokens in a row that count as found in the truth


@dataclass
class Sample:
    """A page with what is true of its frames and blocks."""

    name: str
    site: str
    tongue: str
    layout: Layout
    frames: list[Frame]
    rows: Rows
    truth: str
    fits: list[float]  # F1 of each frame
    shares: list[float]  # of each block's tokens that are in the body
    sizes: list[int]
    length: int


def samples(folder: Path) -> list[Sample]:
    found = []
    for tongue in ("en", "zh"):
        truth = json.loads((folder / tongue / "truth.json").read_text(encoding="utf-8"))
        for name, said in truth.items():
            page = gzip.decompress((folder / tongue / f"{name}.html.gz").read_bytes())
            found.append(_sample(name, tongue, page, said["articleBody"]))
    return found


def _sample(name: str, tongue: str, page: bytes, truth: str) -> Sample:
    layout = layout_of(PageTree(page))
    wanted = TOKEN.findall(truth)
    tokens = [TOKEN.findall(block.text) for block in layout.blocks]
    hits = _hits(tokens, wanted)
    right: dict[Frame, int] = {}
    whole: dict[Frame, int] = {}
    for block, hit, own in zip(layout.blocks, hits, tokens, strict=True):
        frame: Frame | None = block.frame
        while frame is not None:
            right[frame] = right.get(frame, 0) + hit
            whole[frame] = whole.get(frame, 0) + len(own)
            frame = frame.above
    frames = candidates(layout)
    return Sample(
        name=name,
        site=name if tongue == "en" else re.sub(r"-\d+$", "", name),
        tongue=tongue,
        layout=layout,
        frames=frames,
        rows=frame_rows(layout, frames),
        truth=truth,
        fits=[2 * right[frame] / (whole[frame] + len(wanted)) for frame in frames],
        shares=[hit / max(len(own), 1) for hit, own in zip(hits, tokens, strict=True)],
        sizes=[len(own) for own in tokens],
        length=len(wanted),
    )


def _hits(tokens: list[list[str]], wanted: list[str]) -> list[int]:
    """How many tokens of each block stand in the truth, in order."""
    flat = [token for own in tokens for token in own]
    owner = [place for place, own in enumerate(tokens) for _ in own]
    hits = [0] * len(tokens)
    for match in difflib.SequenceMatcher(None, flat, wanted, autojunk=False).get_matching_blocks():
        places = range(match.a, match.a + match.size)
        if match.size >= SURE_RUN or all(len(tokens[owner[place]]) <= match.size for place in places):
            for place in places:
                hits[owner[place]] += 1
    return hits


def train_frames(pages: list[Sample]) -> Trees:
    weights = np.concatenate([np.full(len(page.fits), 1 / max(len(page.fits), 1)) for page in pages])
    return grow(np.vstack([page.rows for page in pages]), np.concatenate([page.fits for page in pages]), weights, FRAMES, binary=False)


def _region(page: Sample, frames: Trees) -> tuple[range, Rows, float]:
    expected = (1 - RULE_SHARE) * frames.ask(page.rows) + RULE_SHARE * page.rows[:, 0]
    worth = dict(zip(page.frames, expected.tolist(), strict=True))
    best = max(worth, key=lambda frame: worth[frame])
    places = reach(page.layout, best)
    return places, block_rows(page.layout, places, best, worth), worth[best]


def train(pages: list[Sample]) -> tuple[Trees, Trees]:
    """Both models. The blocks are trained on what the first model says of pages that it has not seen, as it will be in use."""
    sites = sorted({page.site for page in pages})
    part = {site: place % INNER for place, site in enumerate(sites)}
    inputs: list[Rows] = []
    answers: list[float] = []
    weights: list[float] = []
    for fold in range(INNER):
        frames = train_frames([page for page in pages if part[page.site] != fold])
        for page in (page for page in pages if part[page.site] == fold and page.frames):
            places, rows, _ = _region(page, frames)
            inputs.append(rows)
            answers += [float(page.shares[place] > 0.5) for place in places]
            weights += [min(page.sizes[place], 400) / max(min(page.length, 3000), 60) + 0.004 for place in places]
    return train_frames(pages), grow(np.vstack(inputs), np.array(answers), np.array(weights), BLOCKS, binary=True)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = TOKEN.findall(text)
    return Counter(tuple(tokens[place : place + 4]) for place in range(max(1, len(tokens) - 3))) if tokens else Counter()


def judged(page: Sample, models: tuple[Trees, Trees]) -> tuple[float, float]:
    """Precision and recall over runs of four tokens."""
    frames, blocks = models
    if not page.frames:
        return 0.0, 0.0
    places, rows, worth = _region(page, frames)
    text = chosen(page.layout, places, likelihood(blocks.ask(rows)).tolist(), worth).text
    mine, right = shingles(text), shingles(page.truth)
    same = sum((mine & right).values())
    return same / max(sum(mine.values()), 1), same / max(sum(right.values()), 1)


def _fold(pages: list[Sample], part: dict[str, int], fold: int) -> list[tuple[str, str, float, float]]:
    models = train([page for page in pages if part[page.site] != fold])
    return [(page.tongue, page.name, *judged(page, models)) for page in pages if part[page.site] == fold]


def cross_validate(folder: Path, seed: int) -> list[tuple[str, str, float, float]]:
    """(tongue, page, precision, recall) of every page, each judged by models that saw no page of its site."""
    pages = samples(folder)
    sites = sorted({page.site for page in pages})
    np.random.default_rng(seed).shuffle(sites)
    part = {site: place % OUTER for place, site in enumerate(sites)}
    return [row for fold in range(OUTER) for row in _fold(pages, part, fold)]


def figures(rows: list[tuple[str, str, float, float]], tongue: str) -> str:
    mine = [row for row in rows if row[0] == tongue]
    precision, recall = statistics.fmean(row[2] for row in mine), statistics.fmean(row[3] for row in mine)
    return f"{tongue}: {len(mine)} pages, P {precision:.4f} R {recall:.4f} F1 {2 * precision * recall / (precision + recall):.4f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.train_body", description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=1, help="cross-validations with other divisions into folds (0: none)")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="name the N worst pages")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    with ProcessPoolExecutor(2) as pool:
        for seed, rows in enumerate(pool.map(partial(cross_validate, args.data), range(args.rounds))):
            print(f"division {seed}:", *(figures(rows, tongue) for tongue in ("en", "zh")), sep="\n  ", flush=True)
            for tongue, name, precision, recall in sorted(rows, key=lambda row: row[2] + row[3])[: args.worst]:
                print(f"    {tongue} {name[:16]:<16} P {precision:.3f} R {recall:.3f}")
    if args.write:
        frames, blocks = train(samples(args.data))
        np.savez_compressed(WRITTEN, **packed("frames", frames), **packed("blocks", blocks))
        print(f"{WRITTEN.name}: {WRITTEN.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
