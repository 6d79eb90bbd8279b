"""Watches: 2,000 boolean queries at once on microblog posts and messages, cut into words beforehand."""

from __future__ import annotations

import gzip
import random
from collections.abc import Sequence

import ahocorasick_rs

from benchmarks.measure import alternate
from benchmarks.quality.figures import Figure
from benchmarks.quality.shared import folder, rows
from benchmarks.watch_queries import COUNT, SEED, make_queries, vocabulary
from groundswell.engine.judge.query import parse
from groundswell.engine.judge.query_sql import candidates
from groundswell.engine.judge.watches import Document, Matcher
from groundswell.engine.records import WatchSpec
from groundswell.engine.text.tokens import Segmenter, query_words
from tests.engine_watches.tsquery import accepts

CASES = 10_000


def run(quick: bool) -> list[Figure]:
    messages = [f"{row['title']}\n{row['text']}" for row in rows("messages/stream")][: 300 if quick else None]
    posts = [row["text"] for row in rows("cascades/train")][: 300 if quick else None]
    with gzip.open(folder() / "data" / "boards" / "weibo_posts.txt.gz", "rt", encoding="utf-8") as lines:
        short = [line.split(",", 2)[2] for line in lines if line.count(",") > 1]
    words = Segmenter().words_many(messages)
    figures = []
    for name, share in (("words of watches in up to 0.2 % of messages", 0.002), ("in up to 2 %", 0.02)):
        queries = make_queries(vocabulary(words, most_share=max(share, 5 / len(messages))))
        segmenter = Segmenter([word for query in queries for word in query_words(query)])
        matcher = Matcher([WatchSpec(id=str(number), query=query) for number, query in enumerate(queries)], segmenter)
        plain = ahocorasick_rs.AhoCorasick(sorted({word for query in queries for word in query_words(query)})[:COUNT])
        for kind, texts in (("microblog posts of 80 characters", short), ("posts of 110", posts)):
            figures.append(_spent(f"µs a post, {kind}, {name}", matcher, plain, texts))
    return [*figures, _live_and_past(matcher, queries, [*short, *posts, *messages], 500 if quick else CASES)]


def _spent(name: str, matcher: Matcher, plain: ahocorasick_rs.AhoCorasick, texts: Sequence[str]) -> Figure:
    documents = [Document(text=text) for text in texts]
    cuts = [matcher.segmenter.cut("\n" + text) for text in texts]
    spent = alternate(
        5,
        ours=lambda: [matcher.ids(document, cut) for document, cut in zip(documents, cuts, strict=True)],
        plain=lambda: [plain.find_matches_as_indexes(cut.folded.text, overlapping=True) for cut in cuts],
    )
    matches = sum(len(matcher.ids(document, cut)) for document, cut in zip(documents, cuts, strict=True)) / len(texts)
    note = f"{matches:.2f} watches match a post; yardstick: ahocorasick_rs alone, {COUNT:,} words"
    each = [spent[name] / len(texts) * 1e6 for name in ("ours", "plain")]
    return Figure(name, each[:1], 6, each[1:], less_is_better=True, digits=1, note=note)


def _live_and_past(matcher: Matcher, queries: Sequence[str], texts: Sequence[str], cases: int) -> Figure:
    """How often the past (candidates of the index, then the matcher) gives another answer than the matcher alone."""
    chance = random.Random(SEED)
    trees = [parse(query) for query in queries]
    asked = [candidates(tree, matcher) for tree in trees]
    wrong = matched = 0
    for text in chance.choices(texts, k=cases // 100):
        live = {int(number) for number in matcher.ids(Document(text=text))}
        tokens = set(matcher.segmenter.index_tokens(text))
        tried = [*live, *chance.sample(range(len(queries)), 100)][:100]
        matched += sum(number in live for number in tried)
        wrong += sum(number in live and (query := asked[number]) is not None and not accepts(query, tokens) for number in tried)
    return Figure(
        f"of {cases:,} cases live and past differ in", [wrong], 0, less_is_better=True, digits=0, note=f"{matched:,} of them match"
    )
