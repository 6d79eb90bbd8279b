"""Text for a phone: level, time and title stay, sentences end, nothing is longer than allowed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.reports.paper import BriefItem, SourceLine
from groundswell.reports.text import brief_text, cut
from tests.reports.briefs import county, english_draft

SOURCES = (
    SourceLine(platform="论坛", at="2026-11-23"),
    SourceLine(platform="号", at="2026-11-23T06:42:00+08:00"),
    SourceLine(platform="报", at="2026-11-24T01:00:00+08:00"),
)


def item(**more) -> BriefItem:
    return BriefItem(
        **{
            "title": "自来水发黄",
            "text": "居民反映自来水发黄。[1]公司称系冲洗所致。" + "群众追问检测结果，" * 40,
            "level": 2,
            "sources": SOURCES,
            **more,
        }
    )


def test_level_first_time_title_and_whole_sentences():
    assert (
        brief_text(item(advice="20时前公布。"))
        == "【Ⅱ级 重大】11月23日06:42 自来水发黄。居民反映自来水发黄。公司称系冲洗所致。建议：20时前公布。"
    )


def test_an_item_without_level_or_time():
    assert brief_text(item(level=None, sources=(), text="居民反映。")) == "自来水发黄。居民反映。"


def test_english():
    text = brief_text(english_draft().sections[0].items[0], language="en")
    assert (
        text
        == "[Level II, major] 23 Nov 06:42 Yellow tap water in Qinghe town. Since 06:40 residents report yellow water. The company blames flushing. Advice: publish the test schedule."
    )


def test_a_brief_is_a_list_of_titles():
    assert brief_text(county()).splitlines() == [
        "重要舆情摘要 第226期（总第1318期） 2026年11月23日",
        "1. 清河镇多小区自来水发黄（Ⅱ级）",
        "2. 幸福里小区停暖三天（Ⅲ级）",
        "3. 东湖路施工绕行信息不清",
    ]
    assert brief_text(county(), limit=60).splitlines()[-1] == "……"


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("第一句。第二句。", 20, "第一句。第二句。"),
        ("第一句。第二句很长很长。", 6, "第一句。"),
        ("他说：“好。”第二句很长很长。", 9, "他说：“好。”"),  # the closing quote belongs to the sentence
        ("没有句号，只有逗号的一段话而已", 10, "没有句号……"),
        ("没有任何标点的一段话而已", 8, "没有任何标点……"),
        ("Pi is 3.14 and more to come here", 12, "Pi is 3.14……"),  # a point inside a number ends nothing
        ("甲", 0, ""),
    ],
)
def test_cut(text, limit, expected):
    assert cut(text, limit) == expected


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=100), st.integers(20, 220))
def test_never_longer_than_allowed(title, text, advice, limit):
    made = brief_text(item(title=title, text=text, advice=advice), limit)
    assert len(made) <= limit
    assert made.startswith("【Ⅱ级 重大】11月23日06:42"[:limit])


def test_cut_keeps_its_limit_at_every_length():
    text = "一二三。四五六！”七八九，十。" * 3
    for limit in range(len(text) + 2):
        assert len(cut(text, limit)) <= limit
    assert cut(text, 8) == "一二三。"
