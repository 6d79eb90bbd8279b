"""A small county at the desk: units, places, sources, watches, and items that are said in it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from groundswell.desk.accounts.models import Place, Unit, User
from groundswell.desk.sources.models import Source
from groundswell.desk.stories import grouping, scoring
from groundswell.desk.stories.models import Story
from groundswell.desk.stream import intake, knowledge
from groundswell.desk.stream.models import Item, Watch
from groundswell.engine import records

NOW = datetime(2026, 11, 23, 8, 6, tzinfo=UTC)
_WATER = "清河镇锦绣小区自来水发黄，有很重的铁锈味，十一月二十三日早上六点起三号楼到九号楼都是这样，县水务局说正在冲洗管道"
WATER = (_WATER, _WATER + "，居民在等说法", _WATER + "，不敢给孩子喝", _WATER + "，居民不敢喝")
_SCHOOL = "云岭县实验小学放学时校门口堵车，接孩子的电动车排到桥头，家长希望县教育局安排错时放学"
SCHOOL = (_SCHOOL, _SCHOOL + "，已经堵了一周")
ELSEWHERE = "外省某市举办马拉松，参赛者三万人"
_serial = itertools.count(1)


def lay() -> None:
    """Two units, three places, three sources and two watches; nothing is remembered from another test."""
    grouping.forget()
    water = Unit.objects.create(
        code="water", name="县水务局", name_en="Water Bureau", aliases=["水务局", "自来水公司"], duties=["供水", "水质", "停水", "自来水"]
    )
    Unit.objects.create(code="education", name="县教育局", name_en="Education Bureau", aliases=["教育局"], duties=["学校", "小学", "停课"])
    county = Place.objects.create(code="yunling", name="云岭县", kind="county", aliases=["云岭"])
    town = Place.objects.create(code="qinghe", name="清河镇", kind="town", aliases=["清河"], within=county)
    Place.objects.create(code="jinxiu", name="锦绣小区", kind="estate", aliases=["锦绣"], within=town)
    for slug, name, channel, public in (
        ("forum", "云岭论坛", "forum", False),
        ("media", "云岭融媒", "news", True),
        ("micro", "云岭微博", "microblog", False),
    ):
        Source.objects.create(slug=slug, name=name, channel=channel, kind="feed", institutional=public, official=public, place=county)
    Watch.objects.create(slug="supply", name="供水", query="(自来水 OR 供水 OR 停水) NOT 招聘", unit=water, changed_at=NOW)
    Watch.objects.create(slug="school", name="校园", query="小学 OR 幼儿园", unit=Unit.objects.get(code="education"), changed_at=NOW)
    knowledge.forget()


def piece(text: str, *, key: str = "", minutes: float = 0, source: str = "forum", **more: Any) -> records.Item:
    """One item, published MINUTES after 06:00 UTC of the test's day."""
    at = NOW - timedelta(hours=2, minutes=6) + timedelta(minutes=minutes)
    values = {"title": "", "voice": f"{next(_serial):016x}", "collected_at": at} | more
    return records.Item(key=key or f"{next(_serial):032x}", source=source, text=text, published_at=at, **values)


def tell(texts: Sequence[str], *, start: float = 0, step: float = 5, source: str = "forum") -> list[Item]:
    """Store TEXTS one after another and give back their rows, in order."""
    items = [piece(text, minutes=start + place * step, source=source) for place, text in enumerate(texts)]
    intake.store(items)
    rows = {row.key: row for row in Item.objects.filter(key__in=[item.key for item in items])}
    return [rows[item.key] for item in items]


def water_story() -> Story:
    """The four items about yellow water, scored."""
    rows = tell(WATER)
    scored()
    ids = {row.story_id for row in rows}
    assert len(ids) == 1, "the ground of these tests: one event, one story"
    return Story.objects.get(pk=ids.pop())


def scored() -> None:
    while scoring.score_dirty():
        pass


def officer(person: Any, unit: str = "water", **fields: Any) -> User:
    found: User = person("unit_officer", unit=Unit.objects.get(code=unit), **fields)
    return found
