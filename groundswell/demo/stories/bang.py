"""Story 6, a burst and gone: a loud bang over the county in the night of 29 October, 118 pieces in half a day."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

from datetime import datetime, timedelta

from groundswell.demo.acts.act import Act
from groundswell.demo.acts.plot import Anchor, Aspect, News, Plan, tell
from groundswell.demo.county import ZONE

HOURS = (41, 36, 14, 5, 2, 1, 1, 4, 6, 4, 2, 1, 1)  # from 22:06


def _on(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=ZONE)


SPOTS = {
    "hexi": ("河西新城", "河西大街", "芳华园", "河西"),
    "chengguan": ("城关", "建设街", "文化苑", "幸福里"),
    "donghu": ("东湖边", "湖畔家园", "东湖"),
    "qinghe": ("清河", "锦绣小区"),
}
SCARED = (
    "刚才{一声巨响|轰的一声|“咚”一声}，<spot>的{窗户都在抖|玻璃哗哗响|狗全叫了}，{啥爆炸了|吓死个人|心脏病都要出来了}！",
    "<spot>{听到巨响|被震醒了}，{孩子吓哭了|老人直哆嗦|以为地震了}，{连个说法都没有|有没有人管|到底出啥事了}？",
    "{十点多那声|刚那声}巨响是哪的？{感觉河西方向|像是工业园那边}，<spot>{楼都晃了一下|灯闪了两下}，{太吓人了|不敢睡了}。",
)
ASK = (
    "<spot>也听到巨响了，{有没有人知道是啥|地震台没消息|是打雷吗}？",
    "巨响，<spot>，{22点14分|十点一刻左右}，{附近没看见火光|没看到消防车}，{等官方|蹲一个}。",
    "{排除地震|查了地震网没有}，巨响{可能是爆破|像锅炉排汽|估计是炸药}，<spot>的{都别慌|先别乱传}。",
    "{刚出的通报|应急局说}：是河西工业园{一家企业锅炉蒸汽吹管试验|锅炉吹管}，{没有爆炸|无人员伤亡}，<spot>的放心吧。",
)
RELIEF = ("原来是{蒸汽吹管|锅炉试验}，{虚惊一场|可以睡了}，应急局{回得快|这次给力}。",)
NEWS = (
    News(
        title="云岭夜间巨响{查明：系企业蒸汽吹管试验|原因公布}",
        paragraphs=(
            "10月29日22时14分许，{云岭县多地|城关、河西等地}居民听到巨响。县应急局{连夜核查|30日上午通报}，系河西工业园一企业锅炉蒸汽吹管试验所致，{未发生爆炸|无人员伤亡}。",
            "{通报称|应急局表示}，企业未按要求提前告知周边居民，已责令{书面检查|整改}，{后续试验改在白天|今后须提前公告}。",
        ),
    ),
)
PLAN = Plan(
    story="bang",
    unit="emergency",
    start=_on(29, 22, 6),
    width=timedelta(hours=1),
    counts=HOURS,
    aspects=(
        Aspect(id="scared", tone="negative", count=58, say=SCARED, titles=("刚才那声巨响是什么？", "<spot>{巨响|被震醒了}")),
        Aspect(id="ask", tone="neutral", count=54, say=ASK, titles=("巨响{有人知道吗|排除地震}", "关于昨晚巨响")),
        Aspect(id="relief", tone="positive", count=6, say=RELIEF, titles=("原来是吹管",), since=_on(30, 5, 20)),
    ),
    sources=(("mb-yunling", 24), ("mb-chengguan", 16), ("mb-donghu", 12), ("mb-qinghe", 8), ("yunling-chat", 12), ("yunling-forum", 14), ("hexi-bbs", 14), ("chengguan-tea", 10), ("mb-topics", 4), ("v-hexi", 2), ("kuailan", 1)),
    places=(("hexi", 44), ("chengguan", 42), ("donghu", 20), ("qinghe", 12)),
    spots=SPOTS,
    news=NEWS,
    topics=("云岭巨响", "刚才那声响"),
    first={"kuailan": _on(30, 8, 30)},
    anchors=(
        Anchor(opens=True, at=_on(29, 22, 15), source="hexi-bbs", kind="thread", aspect="scared", place="hexi", title="谁听见了？刚刚一声巨响", text="22点14分，河西大街这边一声巨响，窗户都在抖，感觉是工业园方向，有没有人知道怎么回事？"),
        Anchor(at=_on(30, 8, 20), source="gov-emergency", kind="notice", aspect="ask", place="hexi", title="关于10月29日夜间异响的情况通报", text="10月29日22时14分，河西工业园一企业进行锅炉蒸汽吹管试验产生较大声响，未发生爆炸，无人员伤亡和财产损失。我局已责令企业今后试验提前公告并避开夜间时段。"),
    ),
    size=1.2,
)  # fmt: skip


def acts(seed: int) -> list[Act]:
    """One night and a morning."""
    return tell(PLAN, seed)
