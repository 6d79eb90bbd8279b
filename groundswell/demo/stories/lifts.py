"""Story 12, answered last year already: "the subsidy for lifts in old houses has ended", 38 pieces in November."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

from datetime import date, datetime, timedelta

from groundswell.demo.acts.act import Act
from groundswell.demo.acts.plot import Aspect, Plan, tell
from groundswell.demo.acts.rhythm import hourly
from groundswell.demo.county import ZONE

DAILY = (5, 9, 8, 6, 5, 3, 2)  # from 9 November

STOPPED = (
    "听说老旧小区加装电梯的补贴{停了|取消了|今年没了}，<spot>{刚凑齐同意签字|三楼好不容易说通}，{这不是耍人吗|又是画大饼}。",
    "<spot>{七十多的老人天天爬六楼|盼电梯盼了三年}，加装电梯补贴{说没就没|一问三不知}，{心塞|铁皮承诺}。",
    "加装电梯{这个部门说不知道|住建局窗口说等文件}，{补贴到底还有没有|给个准信这么难}，<spot>的。",
)
ASK = (
    "加装电梯补贴{一台多少|怎么申请|找哪个科}？<spot>想装。",
    "{去年就答复过|翻到去年住建局的答复}：加装电梯补贴每台{十五万|15万元}，{到2027年底|政策没变}，<spot>的可以去问。",
    "加装电梯{一楼不同意怎么办|要多少户签字}？<spot>。",
)
GOOD = ("<spot>的加装电梯{通了|开始打桩了}，补贴{到账了|批下来了}，{老人下楼晒太阳了|得劲}。",)
PLAN = Plan(
    story="lifts",
    unit="housing",
    start=datetime(2026, 11, 9, 0, 6, tzinfo=ZONE),
    width=timedelta(hours=1),
    counts=hourly("lifts", date(2026, 11, 9), DAILY),
    aspects=(
        Aspect(id="stopped", tone="negative", count=18, say=STOPPED, titles=("加装电梯补贴{停了|取消了}？", "<spot>加装电梯")),
        Aspect(id="ask", tone="neutral", count=17, say=ASK, titles=("老旧小区加装电梯补贴怎么申请", "加装电梯问一下")),
        Aspect(id="good", tone="positive", count=3, say=GOOD, titles=("<spot>电梯装上了",)),
    ),
    sources=(("owners", 10), ("yunling-forum", 8), ("chengguan-tea", 6), ("b-minsheng", 4), ("b-hotline", 3), ("mb-chengguan", 5), ("mb-yunling", 3)),
    places=(("chengguan", 29), ("qinghe", 6), ("donghu", 3)),
    spots={"chengguan": ("文化苑", "馨园", "建设新村"), "qinghe": ("东苑", "临江花园"), "donghu": ("湖畔家园",)},
    topics=("加装电梯",),
    size=0.5,
)  # fmt: skip
# The answer of last year that the archive holds.
ANSWERED_LAST_YEAR = {
    "no": "LY-2025-1106-0088",
    "at": datetime(2025, 11, 13, 15, 20, tzinfo=ZONE),
    "unit": "housing",
    "title": "老旧小区加装电梯补贴怎么申请",
    "answer": "您好。既有住宅加装电梯补贴标准为每台15万元，执行至2027年12月31日。单元三分之二以上业主同意后，由代表到县住建局物业科申请，竣工验收后30日内拨付。",
}


def acts(seed: int) -> list[Act]:
    """A week of asking what has been answered."""
    return tell(PLAN, seed)
