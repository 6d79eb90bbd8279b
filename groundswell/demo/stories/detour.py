"""Story 13, a quarrel between units: who puts up the signs of the Donghu Road diversion, 42 pieces in three days."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

from datetime import date, datetime, timedelta

from groundswell.demo.acts.act import Act
from groundswell.demo.acts.plot import Anchor, Aspect, Plan, follow_up, tell
from groundswell.demo.acts.rhythm import hourly
from groundswell.demo.county import NOW, ZONE

DAILY = (13, 12)  # 21 and 22 November
TODAY = (0, 0, 0, 0, 0, 0, 1, 3, 3, 2, 2, 1, 1, 1, 1, 2)

LOST = (
    "东湖路{要封闭施工|28号起封路}，{绕行牌一块没有|导航还往里带}，{3路7路改哪也不说|站牌上啥都没贴}，{转晕了|白等四十分钟}。",
    "东湖路绕行{问交通局说归城管立牌|问城管说归交警|交警说等施工方}，{皮球杯又开赛了|三家踢皮球|太极打得好}，{老百姓在中间转圈|就没有一家管事的}。",
    "东湖路施工{谁发包谁立牌|扯皮扯了三天}，{交通局说标志归交警，交警说方案是住建的|各说各的理}，{路口天天堵|离谱}。",
)
ASK = (
    "东湖路{封到哪天|28号几点封}？{3路|7路}公交{改走哪条路|还停东湖公园吗}？",
    "去{湖畔家园|东湖中学|碧湖庭}从东湖路哪边绕？",
    "{转交通局的|官方消息}：东湖路28日起封闭施工到12月20日，3路、7路改道，{具体站点等通知|绕行走滨湖路}。",
)
PLAN = Plan(
    story="detour",
    unit="transport",
    start=datetime(2026, 11, 21, 0, 6, tzinfo=ZONE),
    width=timedelta(hours=1),
    counts=hourly("detour", date(2026, 11, 21), DAILY, (0, 0, 0, 0, 0, 0, 1, 4, 6, 7, 6, 5, 4, 4, 4, 4, 5, 7, 6, 5, 5, 4, 2, 1)) + TODAY,
    aspects=(
        Aspect(id="lost", tone="negative", count=17, say=LOST, titles=("东湖路绕行{没人立牌|信息不清}", "东湖路施工三家踢皮球")),
        Aspect(id="ask", tone="neutral", count=25, say=ASK, titles=("东湖路施工公交怎么改", "东湖路28号封路吗")),
    ),
    sources=(("donghu-bbs", 12), ("yunling-traffic", 8), ("mb-donghu", 9), ("drivers", 5), ("yunling-forum", 4), ("b-minsheng", 2), ("gov-transport", 0.4)),
    places=(("donghu", 42),),
    spots={"donghu": ("东湖路",)},
    topics=("东湖路施工", "东湖路绕行"),
    anchors=(
        Anchor(opens=True, at=datetime(2026, 11, 21, 9, 0, tzinfo=ZONE), source="gov-transport", kind="notice", aspect="ask", place="donghu", title="关于东湖路封闭施工的通告", text="因管网改造，东湖路自11月28日起至12月20日封闭施工，公交3路、7路改道运行。请过往车辆提前绕行滨湖路、建设街。"),
        Anchor(at=datetime(2026, 11, 23, 9, 12, tzinfo=ZONE), source="yunling-forum", kind="thread", aspect="lost", place="donghu", title="东湖路施工绕行信息不清，谁来管管", text="打了三个电话：交通局说标志牌归交警，交警说要看施工方案，城管说占道手续是他们批的但牌子不归他们。三家都客气，就是没有一块牌子。建议先把公交改线图贴到站牌上。"),
    ),
    size=0.6,
)  # fmt: skip
SIDES = ("transport", "traffic", "cityadmin")  # the units that point at one another


def acts(seed: int) -> list[Act]:
    """Three days of it, and the evening."""
    told = tell(PLAN, seed)
    return told + tell(follow_up(PLAN, "-later", NOW, (2, 3, 2, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 2)), seed, told)
