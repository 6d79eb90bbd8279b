"""What is read off a screenshot: blanks, masks by place, the head that is a name and a time."""

from __future__ import annotations

import pytest

from groundswell.engine.text.screenshots import mask_author_lines, read_off, split_head

KEEP = frozenset({"县水务局", "云岭融媒"})


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("云 岭 小 王\n昨天 08:12 来自 云岭\n水 黄 了", "某用户\n昨天 08:12 来自云岭\n水黄了"),  # the blanks of an OCR
        ("清河妹子  3小时前\n停水了", "某用户  3小时前\n停水了"),
        ("爱吃鱼 11-22 20:05\n停水了", "某用户 11-22 20:05\n停水了"),
        ("县水务局\n今天 09:00\n正在冲洗", "县水务局\n今天 09:00\n正在冲洗"),  # an institution keeps its name
        ("云岭融媒 3小时前\n停水通知", "云岭融媒 3小时前\n停水通知"),
        ("作者：小李飞刀", "作者：某用户"),
        ("爆料人: 王大锤 电话保密", "爆料人: 某用户"),
        ("老王：我家停水了\n阿珍：同样", "某用户：我家停水了\n某用户：同样"),
        ("地址：清河镇\n时间：明天", "地址：清河镇\n时间：明天"),
        ("记者：今天采访了居民", "记者：今天采访了居民"),
        ("爱吃鱼 回复 大海：是的", "某用户回复@某用户:是的"),
        ("水黄了 @水厂老李 怎么说", "水黄了 @某用户 怎么说"),
        ("自 来 水 发 黄 @ 水 厂 老 李", "自来水发黄 @某用户"),
        ("回复 张大妈：我家也是", "回复@某用户:我家也是"),
        ("清河镇停水三天了，没人管\n昨天 08:12", "清河镇停水三天了，没人管\n昨天 08:12"),  # a sentence before a time is no name
    ],
)
def test_masks(text: str, masked: str) -> None:
    assert read_off(text, KEEP) == masked


@pytest.mark.parametrize("text", ["云岭小王\n昨天 08:12\n水黄了", "老王：停水\n阿珍：同样", "水黄了 @水厂老李"])
def test_masking_twice_is_masking_once(text: str) -> None:
    assert read_off(read_off(text)) == read_off(text)
    assert mask_author_lines(mask_author_lines(text)) == mask_author_lines(text)


@pytest.mark.parametrize(
    ("text", "stamp", "rest"),
    [
        ("某用户\n\n昨天 08:12\n\n水黄了", "昨天 08:12", "水黄了"),
        ("昨天 08:12 来自云岭\n水黄了\n停了", "昨天 08:12", "水黄了\n停了"),
        ("某用户  3小时前\n水黄了", "3小时前", "水黄了"),
        ("水黄了\n昨天 08:12", "", "水黄了\n昨天 08:12"),  # a time at the end belongs to what was said
        ("昨天 08:12", "", "昨天 08:12"),
    ],
)
def test_the_head(text: str, stamp: str, rest: str) -> None:
    assert split_head(text) == (stamp, rest)
