"""Two thousand watches at once say what each says alone."""

from __future__ import annotations

import random

from benchmarks.watch_queries import make_queries
from groundswell.engine.judge.watches import Document, Matcher
from groundswell.engine.records import WatchSpec
from groundswell.engine.text.tokens import Segmenter, query_words

WORDS = ["自来水", "自来水厂", "停水", "供水", "噪音", "扰民", "施工", "夜间", "小区", "业主", "物业", "学校", "会计", "社会", "计划", "公交", "村民", "垃圾", "清运", "污水"]  # fmt: skip


def test_together_as_alone():
    queries = make_queries(WORDS, 300, seed=4)
    segmenter = Segmenter([word for query in queries for word in query_words(query)])
    together = Matcher([WatchSpec(id=str(n), query=query) for n, query in enumerate(queries)], segmenter)
    alone = [Matcher([WatchSpec(id=str(n), query=query)], segmenter) for n, query in enumerate(queries)]
    chance = random.Random(5)
    matched = 0
    for _ in range(60):
        text = "".join(chance.choices([*WORDS, "，", "的", "社会计划", "\n", "a1"], k=chance.randint(2, 12)))
        document = Document(title=chance.choice(WORDS), text=text, tone=chance.choice(["negative", "neutral"]))
        expected = [match for matcher in alone for match in matcher.match(document)]
        assert list(together.match(document)) == expected
        assert together.ids(document) == tuple(match.id for match in expected)
        matched += len(expected)
    assert matched > 500
