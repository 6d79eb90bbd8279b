"""Slang: the lexicon that ships, and how many of the thirty words that the county plants are proposed."""

from __future__ import annotations

import time
from importlib.resources import files
from pathlib import Path

from benchmarks.quality.figures import Figure
from groundswell.demo.county import NOW, SEED
from groundswell.demo.script import acts
from groundswell.demo.truth import planted_words
from groundswell.engine.judge.person_name import is_only_a_name
from groundswell.engine.knowledge import read_knowledge
from groundswell.engine.records import Body, Place, Unit
from groundswell.engine.text.new_words import NewWord, Post, new_words
from groundswell.engine.text.slang import shipped_slang
from groundswell.engine.text.tokens import Segmenter, lexicon_words

SEEDS = (SEED, SEED + 1, SEED + 2)  # the first is the demo's own; of the others nothing was looked at


def run(quick: bool) -> list[Figure]:
    planted = set(planted_words())
    found = [_proposed(seed) for seed in SEEDS[: 1 if quick else None]]
    hits = [sum(word.word in planted for word in words) for words, _posts, _spent in found]
    return [
        Figure("words in the lexicon that ships", [len(shipped_slang())], 300, digits=0),
        Figure("of 30 planted words proposed", hits, 20, digits=1, note="three counties of other chance"),
        Figure("of the proposals planted", [hit / len(words) for hit, (words, _posts, _spent) in zip(hits, found, strict=True)]),
        Figure("proposals", [len(words) for words, _posts, _spent in found], digits=1, note="others are words too, or phrases of the day"),
        Figure(
            "names of private persons among them",
            [sum(is_only_a_name(w.word) for words, _p, _s in found for w in words)],
            0,
            less_is_better=True,
            digits=0,
        ),
        Figure("posts a second", [posts / spent for _words, posts, spent in found], digits=0),
    ]


def _proposed(seed: int) -> tuple[list[NewWord], int, float]:
    """What is proposed of sixty days of the county's posts, how many there are, and the seconds that it took."""
    knowledge = read_knowledge(Path(str(files("groundswell.demo"))) / "knowledge.yaml")
    segmenter = Segmenter(lexicon_words(knowledge))
    said = [act for act in acts(seed, NOW) if act.kind in ("post", "reply", "comment")]
    posts = [Post(f"{act.title}\n{act.text}" if act.title else act.text, act.author, act.source) for act in said]
    named: list[Body | Unit | Place] = [knowledge.body, *knowledge.units, *knowledge.places]
    names = {name for row in named for name in (row.name, *row.aliases)}
    started = time.process_time()
    words = new_words(posts, segmenter, names, is_only_a_name)
    return words, len(posts), time.process_time() - started
