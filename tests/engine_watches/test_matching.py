"""Watches against texts: where Chinese words may match, whole words, near, fields, homophones, marks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from groundswell.engine.judge.watches import Document, Matcher, match_one
from groundswell.engine.records import Body, Knowledge, Place, Slang, Unit, WatchSpec
from groundswell.engine.text.tokens import Segmenter, lexicon_words

KNOWLEDGE = Knowledge(
    body=Body(name="云岭县", aliases=("云岭",)),
    units=(Unit(id="water", name="县水务局", aliases=("水务局", "县自来水公司"), duties=("供水",)),),
    places=(Place(id="qinghe", name="清河镇", aliases=("清河",)),),
    slang=(Slang(word="绷不住了", means="忍不住"),),
)
SEGMENTER = Segmenter([*lexicon_words(KNOWLEDGE), "自来水厂"])


def matches(query, text, **known):
    return match_one(query, Document(text=text, **known), SEGMENTER, KNOWLEDGE) is not None


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("会计", "社会计划", False),  # across two words
        ("会计", "招聘会计一名", True),
        ("自来水", "自来水厂停产", True),  # inside one word
        ("=自来水", "自来水厂停产", False),
        ("=自来水厂", "自来水厂停产", True),
        ("水", "自来水厂", True),
        ("=水", "自来水厂", False),
        ("=水", "水 很 浑", True),
        ("=水 OR 水", "自来水厂", True),  # one string, asked for in two ways
        ("很 (=水 OR 水)", "自来水厂很好", True),
        ("很 NOT (=水 OR 水)", "自来水厂很好", False),
        ("自來水", "自来水停了", True),  # traditional and simplified are one
        ("停水", "停\u200b水三天", True),  # hidden characters do not hide
        ("停水", "自来水没了", False),
        ("供水恢复", "明天供水恢复了", True),  # several words, ends on boundaries
        ("水三", "停水三天", False),
        ("water", "Water supply", True),
        ("water", "waterfall", False),
        ("water", "用water洗", True),  # Chinese around Latin letters parts words
        ("ＷＡＴＥＲ", "water", True),
        ("covid-19", "the covid-19 wave", True),
        ("covid", "covid-19", True),
        ('"water supply"', "the water\nsupply is off", True),
        ('"water supply"', "supply water", False),
        ("12", "12345热线", False),
        ("停水 NOT 招聘", "停水招聘", False),
        ("停水 NOT 招聘", "停水了", True),
        ("停水 OR 断水", "断水了", True),
        ("停水 断水", "断水了", False),
    ],
)
def test_words(query, text, expected):
    assert matches(query, text) is expected


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("村民 NEAR/1 投诉", "村民投诉停水", True),  # next to one another
        ("村民 NEAR/1 投诉", "村民昨天投诉停水", False),
        ("村民 NEAR/2 投诉", "村民昨天投诉停水", True),
        ("投诉 NEAR/2 村民", "村民昨天投诉停水", True),  # in either order
        ("村民 NEAR/2 村民", "村民来了", False),  # not with itself
        ("村民 NEAR/2 (举报 OR 投诉)", "村民昨天投诉停水", True),
        ("村民 NEAR/2 投诉 NEAR/1 停水", "村民昨天投诉停水", True),
        ("村民 NEAR/3 投诉 NEAR/1 停水", "村民昨天停水又投诉", False),
        ("停水 NEAR/3 多人", "停水。" + "天气晴。" * 20 + "很多人来", False),
    ],
)
def test_near(query, text, expected):
    assert matches(query, text) is expected


def test_near_is_quick_on_a_text_made_to_be_slow():
    text = "水火" * 10_000
    assert matches("水 NEAR/50 火", text)
    assert not matches("水 NEAR/50 火 NEAR/50 土", text)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("unit:water", True),
        ("unit:水务局", True),  # by name or alias
        ("unit:roads", False),
        ("place:清河", True),
        ("place:qinghe", True),
        ("source:luntan", True),
        ("source:论坛", True),  # part of its name
        ("source:日报", False),
        ("kind:post", True),
        ("lang:zh", True),
        ("lang:zh-hans", True),
        ("lang:en", False),
        ("tone:negative", True),
        ("tone:positive", False),
        ("level:II", True),
        ("level:3", False),
        ("since:2026-11-24", True),  # the body's day: 23 November 16:30 UTC is the 24th in China
        ("until:2026-11-23", False),
        ("title:通知", True),
        ("title:停水三天", False),  # stands in the text only
    ],
)
def test_fields(query, expected):
    document = Document(
        title="关于停水的通知",
        text="停水三天",
        source="luntan",
        source_name="云岭论坛",
        kind="post",
        lang="zh-hans",
        units=("water",),
        places=("qinghe",),
        tone="negative",
        level=2,
        published_at=datetime(2026, 11, 23, 16, 30, tzinfo=UTC),
    )
    assert (match_one(query, document, SEGMENTER, KNOWLEDGE) is not None) is expected


@pytest.mark.parametrize("query", ["unit:water", "tone:negative", "level:2", "since:2026-01-01", "lang:zh", "source:a", "title:a"])
def test_what_is_not_known_does_not_match(query):
    assert not matches(query, "停水")


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("政府", "正府不管", False),
        ("~政府", "正府不管", True),  # sounds the same
        ("~政府", "征服世界", False),  # a word of its own is no misspelling
        ("~水务局", "县自来水公司", True),  # another name of the same unit
        ("~水务局", "水务菊在哪", True),
        ("~忍不住", "绷不住了", True),  # what netizens say for it
        ("~清河", "清河镇", True),
    ],
)
def test_loose_words(query, text, expected):
    assert matches(query, text) is expected


def test_marks_are_positions_in_title_and_text():
    document = Document(title="停\u200b水㎡", text="村民说：水務局\n通知停水。")
    match = match_one("停水 水务局 NOT 招聘", document, SEGMENTER, KNOWLEDGE)
    whole = document.title + "\n" + document.text
    assert match is not None
    assert [whole[start:end] for start, end in match.spans] == ["停\u200b水", "水務局", "停水"]


def test_only_what_made_it_true_is_marked():
    match = match_one("村民 NEAR/1 投诉", Document(text="村民投诉，投诉无门"), SEGMENTER)
    assert match is not None
    assert [start - 1 for start, _ in match.spans] == [0, 2]


def test_many_watches_at_once_in_their_order():
    watches = [WatchSpec(id=f"w{n}", query=f"词{n}号 OR 停水" if n % 100 == 0 else f"词{n}号 NOT 招聘") for n in range(300)]
    matcher = Matcher(watches, Segmenter([f"词{n}号" for n in range(300)]))
    assert [match.id for match in matcher.match(Document(text="停水，词7号，词250号"))] == ["w0", "w7", "w100", "w200", "w250"]
    assert matcher.match(Document(text="什么也没有")) == ()


def test_a_watch_of_fields_alone_is_asked_of_every_item():
    matcher = Matcher([WatchSpec(id="bad", query="tone:negative")], SEGMENTER)
    assert matcher.match(Document(text="", tone="negative"))


def test_a_cut_known_already_gives_the_same():
    matcher = Matcher([WatchSpec(id="a", query="停水")], SEGMENTER)
    document = Document(title="通知", text="明天停水")
    assert matcher.match(document, SEGMENTER.cut("通知\n明天停水")) == matcher.match(document)
