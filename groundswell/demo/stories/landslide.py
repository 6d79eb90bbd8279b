"""Story 11, began as a unit's submission: a landslide on the Liulin hill road on 21 November, open again a day later."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

from datetime import date, datetime, timedelta

from groundswell.demo.acts.act import Act
from groundswell.demo.acts.plot import Aspect, News, Plan, tell
from groundswell.demo.acts.rhythm import hourly
from groundswell.demo.county import ZONE

DAILY = (17, 12)
TODAY = (0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0)

CLOSED = (
    "柳林盘山路{塌方|滑坡}了，{石头堵了半条路|车过不去}，{去王家沟的绕老路|早班车停了}，{上学的孩子咋办|困了一上午}。",
    "盘山路{每年都塌|下雨就掉石头}，{防护网只装了一半|年年修年年塌}，柳林人{心塞|绕路一个半小时}。",
)
ASK = (
    "柳林盘山路{通了没|几点能走}？{去王家沟走哪|班车恢复了吗}？",
    "{提醒|转}：柳林盘山路塌方{正在抢通|半幅通行}，{过往车辆绕行老路|注意落石}。",
    "交通局{挖机到了|抢通了}，盘山路{预计下午通|半幅通行}。",
)
GOOD = (
    "柳林盘山路{通了|抢通了}，{交通局的师傅干了一夜|比预想的快}，{给力|辛苦了|点赞}。",
    "抢通柳林盘山路的{工人啃着馒头干|挖机师傅一宿没睡}，{稳当局|暖得冒泡}。",
)
NEWS = (
    News(
        title="柳林盘山路塌方 {正在抢通|请绕行}",
        paragraphs=(
            "11月21日{清晨|5时40分许}，柳林镇盘山路K7段发生塌方，{约百余方土石|无人员伤亡}。县交通局出动{挖掘机3台|人员30余名}抢通。",
            "{目前|截至发稿}，{正在清理土石|半幅可通行}，{交通局提醒过往车辆减速慢行|沿线设专人值守}。",
        ),
    ),
)
PLAN = Plan(
    story="landslide",
    unit="transport",
    start=datetime(2026, 11, 21, 0, 6, tzinfo=ZONE),
    width=timedelta(hours=1),
    counts=hourly("landslide", date(2026, 11, 21), DAILY, (0, 0, 0, 0, 0, 0, 4, 6, 7, 6, 5, 4, 4, 3, 3, 3, 4, 5, 4, 4, 4, 3, 2, 1)) + TODAY,
    aspects=(
        Aspect(id="closed", tone="negative", count=11, say=CLOSED, titles=("柳林盘山路塌方了", "盘山路又塌了")),
        Aspect(id="ask", tone="neutral", count=14, say=ASK, titles=("柳林盘山路通了没",)),
        Aspect(id="open", tone="positive", count=8, say=GOOD, titles=("柳林盘山路抢通了",), since=datetime(2026, 11, 21, 16, 0, tzinfo=ZONE)),
    ),
    sources=(("liulin-bbs", 12), ("mb-yunling", 6), ("drivers", 4), ("yunling-traffic", 4), ("gov-transport", 1), ("yunling-media", 1), ("v-rongmei", 0.8)),
    places=(("liulin", 33),),
    spots={"liulin": ("柳林盘山路",)},
    news=NEWS,
    topics=("柳林盘山路",),
    size=0.5,
)  # fmt: skip
# What Zhang Nan of the Transport Bureau sent in before anybody had written of it.
SUBMITTED = datetime(2026, 11, 21, 6, 5, tzinfo=ZONE)
SUBMISSION = {
    "title": "柳林镇山路塌方已抢通",
    "person": "zhangnan",
    "unit": "transport",
    "text": "11月21日5时40分许，柳林盘山路K7+300处塌方约120方，无人员伤亡。我局6时到场，11月22日16时恢复双向通行，已安排专人值守。",
}


def acts(seed: int) -> list[Act]:
    """Two days on the hill road."""
    return tell(PLAN, seed)
