"""Story 8, a slow burn: a smell at night in Hexi, one piece every other day at first, three or four a day in the end."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

from datetime import date, datetime, timedelta

from groundswell.demo.acts.act import Act
from groundswell.demo.acts.plot import Aspect, Plan, follow_up, tell
from groundswell.demo.acts.rhythm import hourly
from groundswell.demo.county import NOW, ZONE

FIRST = date(2026, 9, 28)
DAYS = 56  # to 22 November


def _slowly() -> tuple[int, ...]:
    """Grows by a twentieth of a piece a day: no day is twice the day before it."""
    debt, counts = 0.0, []
    for day in range(DAYS):
        debt += 0.35 + day * 0.05
        counts.append(int(debt))
        debt -= int(debt)
    return tuple(counts)


DAILY = _slowly()
TODAY = (1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0)
TOTAL = sum(DAILY) + sum(TODAY)
NIGHT = (8, 6, 4, 2, 2, 3, 6, 8, 4, 2, 2, 2, 2, 2, 2, 2, 2, 3, 5, 8, 12, 16, 20, 16)

SPOTS = {
    "hexi": ("河西新城", "芳华园", "河西大街", "河西", "河西中心幼儿园旁边"),
    "chengguan": ("城关西头", "文化苑"),
    "donghu": ("碧湖庭",),
}
STINK = (
    "<spot>{夜里|后半夜|十点以后}又闻到{刺鼻|像臭鸡蛋的|像烧塑料的|农药一样的}味道，{头疼|嗓子辣|孩子咳嗽|窗户不敢开}。",
    "{又来了|连着好几天了}，<spot>一到{半夜|晚上}就一股{化工味|怪味|酸臭味}，{白天倒没事|专挑夜里排}，{打电话说没监测到|来人的时候味道早散了}。",
    "<spot>的异味{越来越频繁|比上个月重|从隔三差五变成天天有}，{工业园那边飘来的|西飘味名不虚传}，{环保局啥时候夜里来一趟|住得心塞}。",
    "关着窗都能闻到{那股味|刺鼻味}，<spot>{老人睡不好|婴儿一直哭}，{举报三回了|登记完就没下文}。",
)
ASK = (
    "<spot>晚上的{怪味|异味}{有人知道哪来的吗|是下水道还是工业园}？",
    "{问一下|请教}夜里闻到刺鼻味道{打哪个电话|环保值班电话多少}？<spot>。",
    "<spot>今晚{有味道吗|味道淡一点了}？记录一下：{22:40|23:10|01:20}，{东风|西风|无风}。",
)
PLAN = Plan(
    story="smell",
    unit="environment",
    start=datetime(2026, 9, 28, 0, 6, tzinfo=ZONE),
    width=timedelta(hours=1),
    counts=hourly("smell", FIRST, DAILY, NIGHT) + TODAY,
    aspects=(
        Aspect(id="stink", tone="negative", count=TOTAL - TOTAL // 4, say=STINK, titles=("<spot>夜里{异味|怪味}{又来了|太重}", "<spot>{刺鼻味道|臭味}谁来查查")),
        Aspect(id="ask", tone="neutral", count=TOTAL // 4, say=ASK, titles=("<spot>晚上的味道", "异味打哪个电话")),
    ),
    sources=(("hexi-bbs", 30), ("yunling-forum", 10), ("mb-yunling", 9), ("b-hotline", 6), ("b-minsheng", 4), ("b-mayor", 3), ("moms", 4), ("v-hexi", 2), ("mb-chengguan", 4)),
    places=(("hexi", TOTAL - 12), ("chengguan", 9), ("donghu", 3)),
    spots=SPOTS,
    topics=("河西异味", "半夜的味道"),
    wishes=("请安排夜间监测。", "希望公布监测结果。"),
    echo=0.05,
    size=0.35,
)  # fmt: skip


def acts(seed: int) -> list[Act]:
    """Eight weeks, and on."""
    told = tell(PLAN, seed)
    return told + tell(follow_up(PLAN, "-later", NOW, (0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1)), seed, told)
