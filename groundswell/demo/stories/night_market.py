"""Story 4, weekly: the Donghu night market blocks the road on every weekend evening, 64 pieces in nine weeks."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from groundswell.demo.acts.act import Act
from groundswell.demo.acts.plot import Aspect, News, Plan, follow_up, tell
from groundswell.demo.acts.rhythm import hourly
from groundswell.demo.county import NOW, ZONE

FIRST = date(2026, 9, 25)  # a Friday
EVENING = (1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 8, 16, 24, 28, 26, 16, 6)
WEEK = (2, 3, 2, 0, 0, 0, 0)

BLOCKED = (
    "东湖夜市又{把路占了一半|堵死了}，{救护车都过不去|公交绕了半小时|挪了四十分钟}，{每到周末就这样|周周如此}。",
    "东湖路{摊子摆到车道上|三轮车逆行|停车停了三排}，{夜市贪吃蛇又来了|人车混行太危险|孩子差点被碰着}。",
    "东湖夜市{油烟往楼上灌|喇叭吵到半夜|第二天一地签子}，{碧湖庭|湖畔家园}的{没法开窗|睡不了觉}。",
    "{城管|交警}{九点一走就全摆出来了|周五来了周六不来}，东湖夜市{年年整治年年堵|还是老样子}。",
)
ASK = (
    "东湖夜市今晚{出摊吗|堵不堵|还有停车位吗}？",
    "去东湖夜市{停哪儿方便|从哪条路绕|几点人少}？",
    "东湖夜市的{摊位费多少|摊位怎么申请|炒凉粉那家还在吗}？",
    "{路过提醒|实时路况}：东湖路夜市段{缓行|只剩一条车道}，{走滨湖路绕|建议绕行}。",
)
GOOD = (
    "东湖夜市{划了线|装了灯|分了时段}，{比上周顺|逛着舒服多了}，{得劲|支持}。",
    "东湖夜市的{糖糕|烤红薯|凉粉}{还是那个味|排队也值}，{吃湖去|人气旺}。",
)
NEWS = (
    News(
        title="东湖夜市{周末拥堵|占道经营}{如何破解|再引关注}",
        paragraphs=(
            "<day>晚，记者在东湖夜市看到，{摊位延伸至机动车道|周边车辆缓行}，{公交3路绕行|不少市民抱怨}。",
            "县城管局表示，{已划定摊位线并错时管理|将与交警联合值守}，{同时增设临时停车位|对占道摊位劝离}。",
        ),
    ),
)
PLAN = Plan(
    story="night-market",
    unit="cityadmin",
    start=datetime(2026, 9, 25, 0, 6, tzinfo=ZONE),
    width=timedelta(hours=1),
    counts=hourly("night-market", FIRST, WEEK * 8 + (2, 3, 2), EVENING) + (0,) * 15 + (1,),
    aspects=(
        Aspect(id="blocked", tone="negative", count=28, say=BLOCKED, titles=("东湖夜市{又堵了|占道没人管}", "周末别走东湖路")),
        Aspect(id="ask", tone="neutral", count=31, say=ASK, titles=("东湖夜市{停车|出摊时间}问一下", "今晚东湖夜市")),
        Aspect(id="good", tone="positive", count=5, say=GOOD, titles=("东湖夜市还不错",)),
    ),
    sources=(("mb-donghu", 26), ("donghu-bbs", 18), ("drivers", 8), ("mb-yunling", 7), ("v-donghu", 4), ("chengzhou-live", 1)),
    places=(("donghu", 64),),
    spots={"donghu": ("东湖夜市",)},
    news=NEWS,
    topics=("东湖夜市", "东湖路又堵了"),
    size=0.7,
)  # fmt: skip
COMING = hourly("night-market-later", date(2026, 11, 24), (0, 0, 0, 2, 3, 2), EVENING)


def acts(seed: int) -> list[Act]:
    """Nine weekends, and the next one."""
    told = tell(PLAN, seed)
    return told + tell(follow_up(PLAN, "-later", NOW + timedelta(hours=8), COMING), seed, told)
