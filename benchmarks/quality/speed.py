"""Speed: 1,000 short posts through all of the judgement; words, watches and copies of microblog posts."""

from __future__ import annotations

import gzip

import rjieba

from benchmarks import judge_speed
from benchmarks.measure import alternate
from benchmarks.quality.figures import Figure
from benchmarks.quality.shared import folder
from groundswell.engine.judge.watches import Document, Matcher
from groundswell.engine.text.duplicates import dedupe
from groundswell.engine.text.tokens import Segmenter, lexicon_words

CORES = 2


def run(quick: bool) -> list[Figure]:
    bare, together, judged, grown, *where = judge_speed.run(quick)
    note = "; ".join(f"{one.name.strip().removeprefix('of which in ')} {one.note}" for one in where[:8])
    return [
        Figure(
            "short posts a second, judged and put into stories",
            [together.rate],
            1200,
            [bare.rate],
            digits=0,
            note="yardstick: rjieba alone",
        ),
        Figure("of which judge_items alone", [judged.rate], None, digits=0, note=f"time of both: {note}"),
        Figure("and grow_stories alone", [grown.rate], None, digits=0),
        _words_watches_copies(quick),
    ]


def _words_watches_copies(quick: bool) -> Figure:
    with gzip.open(folder() / "data" / "boards" / "weibo_posts.txt.gz", "rt", encoding="utf-8") as lines:
        posts = [line.split(",", 2)[2] for line in lines if line.count(",") > 1][: 100 if quick else None]
    knowledge, bare = judge_speed.county_knowledge(), rjieba.Jieba()
    segmenter = Segmenter(lexicon_words(knowledge))
    matcher = Matcher(knowledge.watches, segmenter, knowledge)

    def ours() -> None:
        cuts = segmenter.cut_many([f"\n{post}" for post in posts])
        for post, cut in zip(posts, cuts, strict=True):
            matcher.ids(Document(text=post), cut)
            _words = cut.words
        list(dedupe(enumerate(posts)))

    spent = alternate(7, ours=ours, bare=lambda: [bare.cut(post, False) for post in posts])
    rates = [CORES * len(posts) / spent[name] for name in ("ours", "bare")]
    note = f"one core's rate times {CORES}: posts do not wait for one another; yardstick: rjieba alone, likewise"
    return Figure(f"words, watches and copies a second, {CORES} cores", rates[:1], 40_000, rates[1:], digits=0, note=note)
