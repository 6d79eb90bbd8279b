"""A small county for tests, and one way to judge a sentence."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from groundswell.engine.knowledge import parse_knowledge
from groundswell.engine.pipeline import Judge, Models
from groundswell.engine.records import Item, Judged, Knowledge

NOW = datetime(2026, 11, 23, 8, 6, tzinfo=UTC)
YAML = """
body: {name: 云岭县, aliases: [云岭], zone: Asia/Shanghai}
units:
  - {id: water, name: 县水务局, aliases: [水务局, 自来水公司], duties: [供水, 水质, 停水, 自来水]}
  - {id: housing, name: 县住建局, aliases: [住建局, 换热站], duties: [供暖, 物业, 燃气]}
  - {id: education, name: 县教育局, aliases: [教育局], duties: [学校, 幼儿园, 停课]}
  - {id: cityadmin, name: 县城管局, aliases: [城管局, 城管], duties: [路灯, 占道经营, 油烟]}
  - {id: town-qinghe, name: 清河镇政府, duties: [清河镇]}
places:
  - {id: yunling, name: 云岭县, kind: county, aliases: [云岭, 全县], not_when: [云岭山庄]}
  - {id: qinghe, name: 清河镇, aliases: [清河], within: yunling, not_when: [清河区, 清河市], unit: town-qinghe}
  - {id: donghu, name: 东湖街道, aliases: [东湖], within: yunling, not_when: [东湖区]}
  - {id: jinxiu, name: 锦绣小区, kind: estate, aliases: [锦绣], within: qinghe, not_when: [锦绣前程]}
  - {id: donghu-market, name: 东湖夜市, kind: market, within: donghu}
watches:
  - {id: supply, name: 供水, query: '(自来水 OR 供水 OR 停水 OR 水质) NOT 招聘', unit: water}
  - {id: heating, name: 供暖, query: 供暖 OR 暖气 OR 换热站, unit: housing}
  - {id: livelihood, name: 民生, query: 路灯 OR 物业 OR 夜市}
slang:
  - {word: 绷不住了, means: 忍不住, tone: negative}
  - {word: 给力, means: 好, tone: positive}
sources:
  - {slug: yunling-media, name: 云岭融媒, institutional: true, official: true, trust: 0.95, place: yunling}
  - {slug: forum, name: 云岭论坛, trust: 0.5, place: yunling}
  - {slug: water-site, name: 水务局网站, institutional: true, official: true, trust: 0.95, unit: water, place: yunling}
"""


@cache
def county() -> Knowledge:
    """The county above."""
    return parse_knowledge(YAML, "county")


@cache
def judge() -> Judge:
    """The shipped models and the county, compiled once."""
    return Judge(county(), Models.default())


def said(text: str, title: str = "", **fields: Any) -> Judged:
    """The verdict on one sentence."""
    return judge().judge(Item(key="0" * 32, title=title, text=text, published_at=NOW, **fields), NOW)
