"""Live and past agree: whatever the matcher matches, the candidates' tsquery accepts over the index tokens."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.engine.judge.query import QueryError, parse
from groundswell.engine.judge.query_sql import candidates
from groundswell.engine.judge.watches import Document, Matcher
from groundswell.engine.records import Body, Knowledge, Unit, WatchSpec
from groundswell.engine.text.tokens import Segmenter, lexicon_words
from tests.engine_watches.tsquery import accepts

KNOWLEDGE = Knowledge(body=Body(name="云岭县"), units=(Unit(id="water", name="县水务局", aliases=("水务局", "5a景区大门", "g3高速")),))
WORDS = [*lexicon_words(KNOWLEDGE), "自来水厂供水管网改造工程指挥部办公室"]
SEGMENTER = Segmenter(WORDS)
PIECES = [
    "自来水厂", "自来水", "停水", "社会计划", "会计", "县水务局", "水务局", "水", "厂", "景区", "大门", "5A景区大门", "G3高速", "g3", "高速公路", "管网改造",
    "自来水厂供水管网改造工程指挥部办公室", "工程指挥部", "自來水", "covid-19", "covid", "19", "3.5%", "v2.0", "don't", "café", "caf", "Straße", "①", "㎡", "𠮷野家",
    "水\u200b厂", "カラオケ", "ﾊﾟ", "한글", "a_b", "x", "乾隆", "＃", "’", "\\",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from([*PIECES, " ", "，", "\n", "的", "停", "a", "1", "'"]), max_size=14).map("".join)
LEAF = st.sampled_from(PIECES).flatmap(
    lambda word: st.sampled_from([word, f"={word}", f"~{word}", f'"{word}"', f'"{word} 停水"', word[:2], word[1:3] or word])
)
QUERIES = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map(" OR ".join),
        inner.map(lambda query: f"({query})"),
        st.tuples(LEAF, LEAF).map(" NEAR/4 ".join),
        st.tuples(inner, LEAF).map(" NOT ".join),
    ),
    max_leaves=6,
)


@settings(max_examples=1500, deadline=None)
@given(QUERIES, TEXTS, TEXTS)
def test_candidates_hold_all_that_matches(query, title, text):
    hold_all_that_matches(query, title, text)


@pytest.mark.soak
@settings(max_examples=10_000, deadline=None)
@given(QUERIES, TEXTS, TEXTS)
def test_ten_thousand_times(query, title, text):
    hold_all_that_matches(query, title, text)


def hold_all_that_matches(query, title, text):
    """What the matcher finds alone is what it finds among the candidates of the index; and its two ways of asking agree."""
    try:
        tree = parse(query)
    except QueryError:
        return
    matcher = Matcher([WatchSpec(id="q", query=query)], SEGMENTER, KNOWLEDGE)
    document = Document(title=title, text=text)
    matches = matcher.match(document)
    assert tuple(match.id for match in matches) == matcher.ids(document)
    tsquery = candidates(tree, matcher)
    if tsquery is not None and matches:
        assert accepts(tsquery, set(SEGMENTER.index_tokens(title + "\n" + text)))


@settings(max_examples=500, deadline=None)
@given(st.integers(0, 10**6), TEXTS)
def test_a_stretch_of_the_text_itself_is_found_again(seed, text):
    """Queries cut out of the text match often, so that the property is really tried."""
    if len(text) < 2:
        return
    start = seed % (len(text) - 1)
    query = '"' + text[start : start + 1 + seed // 7 % 6].replace('"', "") + '"'
    try:
        tree = parse(query)
    except QueryError:
        return
    matcher = Matcher([WatchSpec(id="q", query=query)], SEGMENTER, KNOWLEDGE)
    tsquery = candidates(tree, matcher)
    if tsquery is not None and matcher.match(Document(text=text)):
        assert accepts(tsquery, set(SEGMENTER.index_tokens(text)))


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("自来水", "自来水厂停产", True),
        ("自来水", "供电公司通知", False),
        ("停水 NOT 招聘", "停水了", True),
        ("停水 NOT 招聘", "招聘", False),
        ("water OR 停水", "waterfall", False),
        ("村民 NEAR/3 投诉", "村民来了", False),
        ('"water supply"', "water", False),
        ("it's", "it's", True),  # an apostrophe does not break the quotes
    ],
)
def test_candidates_narrow(query, text, expected):
    tsquery = candidates(parse(query), Matcher([WatchSpec(id="q", query=query)], SEGMENTER))
    assert tsquery is not None
    assert accepts(tsquery, set(SEGMENTER.index_tokens(text))) is expected


@pytest.mark.parametrize("query", ["水", "unit:water", "停水 OR tone:negative", "since:2026-01-01"])
def test_what_cannot_be_narrowed(query):
    assert candidates(parse(query), Matcher([WatchSpec(id="q", query=query)], SEGMENTER)) is None
