"""The digest of a story: its own sentences, each in the item that it names, disagreement among them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.engine.records import Item, Judged, SourceRecord
from groundswell.engine.stories.digest import digest_of

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
SOURCES = {"office": SourceRecord(slug="office", official=True, trust=0.9), "forum": SourceRecord(slug="forum")}


def pairs(*texts: str, sources: tuple[str, ...] = ()) -> list[tuple[Item, Judged]]:
    found = []
    for n, text in enumerate(texts):
        source = sources[n] if sources else "forum"
        item = Item(key=f"{n:032x}", source=source, text=text, published_at=START + timedelta(minutes=n))
        found.append((item, Judged(key=item.key, lang="zh-hans", tokens=(), signature=b"", about_us=True)))
    return found


def test_facts_before_feelings() -> None:
    story = pairs(
        "大家快来看看吧真的是太气人了受不了了。",
        "清河镇东门小区停水三天，涉及三百多户居民。",
        "气死我了气死我了这日子没法过了真的。希望县水务局11月24日前恢复供水。",
    )
    text = "".join(sentence.text for sentence in digest_of(story, SOURCES, most=2, longest=60).sentences)
    assert "三百多户" in text
    assert "11月24日" in text
    assert "气死" not in text


def test_a_denial_is_shown_beside_the_claim() -> None:
    claim = "水厂被人投毒了，三万人喝的水，赶紧囤水，{}栋的都去超市了。"
    story = pairs(*(claim.format(n) for n in range(8)), "网传水厂投毒一事系谣言。", sources=("forum",) * 8 + ("office",))
    said = digest_of(story, SOURCES, longest=120).sentences
    assert any("谣言" in sentence.text for sentence in said)
    assert any("囤水" in sentence.text for sentence in said)


def test_a_story_that_only_denies_tells_more_than_that() -> None:
    assert digest_of(pairs("网传停课系谣言。", "停课一事不实，明天照常上课。"), SOURCES).sentences


def test_greetings_signatures_and_mentions_say_nothing() -> None:
    story = pairs("尊敬的领导：\n您好！\n东门桥的栏杆断了两处。\n谢谢！", "@某用户 @某用户 http://t.cn/abcdef\n[怒][怒]")
    assert [sentence.text for sentence in digest_of(story, SOURCES).sentences] == ["东门桥的栏杆断了两处。"]


PIECES = [
    "停水",
    "三天了",
    "，",
    "。",
    "！",
    "\n",
    "清河镇",
    "300户",
    "11月3日",
    " ",
    "谣言",
    "【",
    "】",
    "Water is off. ",
    "The road",
    "？",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=25).map("".join), min_size=1, max_size=9), st.integers(20, 300))
def test_every_sentence_stands_word_for_word_where_it_says(texts: list[str], longest: int) -> None:
    story = pairs(*texts)
    said = digest_of(story, SOURCES, longest=longest).sentences
    by_key = {item.key: item.text for item, _judged in story}
    assert len(said) <= 5
    assert all(sentence.text in by_key[sentence.item] for sentence in said)
    assert len(said) <= 1 or sum(len(sentence.text) for sentence in said) <= longest
    assert digest_of(story[::-1], SOURCES, longest=longest).sentences == said
