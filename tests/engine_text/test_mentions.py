"""Private names leave the text; institutions, e-mail addresses and prose stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.engine.text.mentions import mask_mentions, voice

KEEP = frozenset({"云岭发布", "县水务局"})


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("今天@张三 说", "今天@某用户 说"),
        ("转发//@李四:好//@王五：坏", "转发//@某用户:好//@某用户:坏"),
        ("回复 小明: 不对", "回复@某用户: 不对"),
        ("回复小明：不对", "回复@某用户:不对"),
        ("回复@小明 :不对", "回复@某用户:不对"),
        ("回覆 @小美：好", "回复@某用户:好"),
        ("回复 Big Name: no", "回复@某用户: no"),
        ("RT @john: hi", "RT @某用户: hi"),
        ("via @john", "via @某用户"),
        ("Reply to John Smith: no", "Reply to @某用户: no"),
        ("＠王五 你好", "@某用户 你好"),
        ("@张三，你好", "@某用户，你好"),
        ("@用户_123-x 好", "@某用户 好"),
        ("@小花🌸花 好", "@某用户 好"),  # pictures are part of names
        ("@\u200b张\u200b三 好", "@某用户 好"),  # hidden characters do not hide a name
        ("@user@example.social hi", "@某用户 hi"),
        ("https://a.com/@user/x", "https://a.com/@某用户/x"),
        ("@云岭发布 通报", "@云岭发布 通报"),  # institutions keep their names
        ("回复 县水务局：已处理", "回复 县水务局：已处理"),
        ("写信到 a.b@c.org 即可", "写信到 a.b@c.org 即可"),  # an address is no mention
        ("县水务局回复：已处理", "县水务局回复：已处理"),
        ("水务局回复如下：已处理", "水务局回复如下：已处理"),
        ("他回复说:好", "他回复说:好"),
        ("答复意见：请等待", "答复意见：请等待"),
        ("张三的家里停水了", "张三的家里停水了"),  # prose stays
        ("@ 六点", "@ 六点"),
        ("@a.@张三", "@某用户@某用户"),  # one right behind the other
        ("@a" * 9000, "@某用户" * 9000),
        ("@张三" + "水" * 28 + "管破了，谁管", "@某用户 管破了，谁管"),  # a name has 30 characters at most; what follows stays
        ("回复 2楼 小明：不对", "回复2楼@某用户:不对"),
        ("回复第12楼@小明：不对", "回复第12楼@某用户:不对"),
        ("小明 发表于 2026-11-23 01:10\n水黄了", "某用户 发表于 2026-11-23 01:10\n水黄了"),  # what boards put above a quotation
        ("引用：小明 发表于 昨天 08:12", "引用：某用户 发表于 昨天 08:12"),
        ("原帖由 小明 于 2026-11-23 01:10 发表", "原帖由 某用户 于 2026-11-23 01:10 发表"),
        ("本帖最后由 小明 于 2026-11-23 09:00 编辑", "本帖最后由 某用户 于 2026-11-23 09:00 编辑"),
        ("Originally posted by john_doe\nhi", "Originally posted by 某用户\nhi"),
        ("John Smith wrote:\nhi", "某用户 wrote:\nhi"),
        ("县水务局 发表于 2026-11-23 01:10", "县水务局 发表于 2026-11-23 01:10"),
        ("这篇论文发表于2026年", "这篇论文发表于2026年"),  # a year alone is prose
        ("本文发表于 2026-11-23 01:10", "本文发表于 2026-11-23 01:10"),
    ],
)
def test_masking(text, masked):
    assert mask_mentions(text, KEEP) == masked


@given(
    st.lists(
        st.sampled_from(
            [
                "@",
                "＠",
                "//",
                "回复",
                " ",
                "张三",
                "bob",
                ":",
                "：",
                "RT ",
                ".",
                "\u200b",
                "某用户",
                "\n",
                "发表于",
                "最后由",
                "于",
                "2026-11-23 01:10",
                "2楼",
                " wrote:",
                "Posted by ",
            ]
        ),
        max_size=12,
    ).map("".join)
)
def test_masking_twice_changes_nothing(text):
    once = mask_mentions(text)
    assert mask_mentions(once) == once


@given(
    st.text(alphabet="张王李小明abXY09_", min_size=1, max_size=20),
    st.sampled_from(["@{} 好", "//@{}:好", "回复 {}: 好", "回复@{}：好", "RT @{}: 好", "见@{}\n好"]),
)
def test_no_planted_name_survives(name, shape):
    assert mask_mentions(shape.format(name)) == mask_mentions(shape.format("某用户"))


def test_voices():
    one = voice("张三", source="luntan", key=b"k1")
    assert len(one) == 16
    assert int(one, 16) >= 0
    assert voice(" 张三 ", source="luntan", key=b"k1") == one
    assert (
        len(
            {
                one,
                voice("李四", source="luntan", key=b"k1"),
                voice("张三", source="weibo", key=b"k1"),
                voice("张三", source="luntan", key=b"k2"),
            }
        )
        == 4
    )
    assert voice("  ", source="luntan", key=b"k1") == ""
