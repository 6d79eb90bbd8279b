"""Story 14, a lead that became a case: the new village road of Shangping breaks up after three months, 27 pieces."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from groundswell.demo.acts.act import Act
from groundswell.demo.acts.plot import Aspect, Plan, tell
from groundswell.demo.acts.rhythm import hourly
from groundswell.demo.county import ZONE

DAILY = (2, 3, 2, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 2, 1, 0, 0, 1, 0, 1, 0, 2, 3, 2, 1, 0, 0, 0, 0, 0, 0, 1)  # from 12 October

POOR = (
    "云台镇上坪村新修的路{才三个月就裂|一脚能踢起石子|水泥皮都起了}，{钱都花哪了|这叫硬化路？|验收的人眼睛呢}。",
    "上坪村村道{厚度不到十公分|底下没垫层|拿铁锹一铲就掉渣}，{有人拿尺子量过|施工的自己都说便宜活}，{镇里说没问题|没人来看}。",
    "上坪那条路{报的两公里修了一公里六|工程款按两公里结的吧}，{该查查|查一查账就清楚}。",
)
ASK = (
    "上坪村村道{谁施工的|质保几年|归交通局验收吗}？",
    "上坪村的路{听说有人去看了|县里来人取芯了}，{等结果|不知道咋处理}。",
    "上坪村{返工了|开始凿开重铺}，{交通局来人盯着|先修坏的那段}。",
)
PLAN = Plan(
    story="village-road",
    unit="transport",
    start=datetime(2026, 10, 12, 0, 6, tzinfo=ZONE),
    width=timedelta(hours=1),
    counts=hourly("village-road", date(2026, 10, 12), DAILY),
    aspects=(
        Aspect(id="poor", tone="negative", count=17, say=POOR, titles=("上坪村新路三个月就裂了", "上坪村道{质量|工程款}问题")),
        Aspect(id="ask", tone="neutral", count=10, say=ASK, titles=("上坪村的路", "问上坪村道")),
    ),
    sources=(("yuntai-bbs", 12), ("yunling-forum", 5), ("b-mayor", 3), ("b-province", 2), ("mb-yunling", 3), ("v-yunlingyan", 0.6)),
    places=(("yuntai", 27),),
    spots={"yuntai": ("上坪村",)},
    topics=("上坪村道",),
    size=0.5,
)  # fmt: skip
# The lead: handed in by letter, under restriction. Dates of its course, for the desk; no text of it is on the web.
COURSE = (
    ("registered", datetime(2026, 10, 12, 9, 40, tzinfo=ZONE)),
    ("screened", datetime(2026, 10, 14, 16, 0, tzinfo=ZONE)),
    ("passed_on", datetime(2026, 10, 15, 10, 30, tzinfo=ZONE)),
    ("received", datetime(2026, 10, 16, 9, 5, tzinfo=ZONE)),
    ("answered", datetime(2026, 11, 5, 17, 20, tzinfo=ZONE)),
    ("case_opened", datetime(2026, 11, 6, 9, 0, tzinfo=ZONE)),
)


def acts(seed: int) -> list[Act]:
    """What was said of the road in public."""
    return tell(PLAN, seed)
