"""Story 10, began as a letter: the straw subsidy of Baishi's farmers has not been paid, 19 pieces in three weeks."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

from datetime import date, datetime, timedelta

from groundswell.demo.acts.act import Act
from groundswell.demo.acts.plot import Anchor, Aspect, Plan, follow_up, tell
from groundswell.demo.acts.rhythm import hourly
from groundswell.demo.county import NOW, ZONE

DAILY = (1, 0, 0, 1, 0, 0, 1, 0, 0, 2, 0, 0, 1, 0, 2, 0, 3, 0, 3, 2, 2)  # from 2 November
TODAY = (0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)

UNPAID = (
    "{秸秆禁烧|秸秆还田}的补助{说好九月发|一亩二十}，{到现在没影|一分没见着}，白石镇<village>{好几户|全村}都没有。",
    "<village>{没烧一根秸秆|请人打捆花了三百多}，补助{卡在哪了|村里说镇里没拨，镇里说县里没到}，{俺们就问一句|中不中给个话}。",
    "听说{别的镇|隔壁镇}秸秆补助早发了，白石{还在核面积|还在公示}，{白瞎了听话的|下回谁还配合}。",
)
ASK = (
    "白石镇秸秆补助{到哪一步了|啥时候能到账}？<village>的。",
    "{镇财政所|村会计}说秸秆补助{本周五前发|月底前打卡里}，<village>的{看看到没|再等等}。",
)
PLAN = Plan(
    story="subsidy",
    unit="town-baishi",
    start=datetime(2026, 11, 2, 0, 6, tzinfo=ZONE),
    width=timedelta(hours=1),
    counts=hourly("subsidy", date(2026, 11, 2), DAILY, (0, 0, 0, 0, 0, 0, 0, 1, 3, 5, 4, 3, 3, 2, 2, 2, 2, 2, 3, 5, 5, 3, 1, 0)) + TODAY,
    aspects=(
        Aspect(id="unpaid", tone="negative", count=13, say=UNPAID, titles=("白石秸秆补助{没到账|发了没}", "<village>秸秆禁烧补助")),
        Aspect(id="ask", tone="neutral", count=6, say=ASK, titles=("问一下白石秸秆补助",)),
    ),
    sources=(("baishi-bbs", 9), ("b-mayor", 2), ("b-minsheng", 1.5), ("blog-chutou", 0.6), ("v-nongjia", 0.8), ("mb-yunling", 1.5)),
    places=(("baishi", 19),),
    spots={"baishi": ("白石镇",)},
    slots={"village": ("白石岗", "大峪村", "白石岗村", "大峪")},
    topics=("秸秆补助",),
    wishes=("请告知发放时间。",),
    first={slug: datetime(2026, 11, 5, tzinfo=ZONE) for slug in ("baishi-bbs", "b-minsheng", "blog-chutou", "v-nongjia", "mb-yunling")},
    anchors=(
        Anchor(opens=True, at=datetime(2026, 11, 2, 10, 26, tzinfo=ZONE), source="b-mayor", kind="message", aspect="unpaid", place="baishi", title="白石镇秸秆禁烧补助为什么还没发", text="县长您好，我是白石镇大峪村村民。今年麦收后按要求没烧一根秸秆，请人打捆花了三百多，村里说的每亩二十元补助九月发，到现在一分没见着。村里说镇里没拨，镇里说面积还在核。请帮忙问一声。"),
    ),
    size=0.4,
)  # fmt: skip


def acts(seed: int) -> list[Act]:
    """The letter of 2 November and what followed."""
    told = tell(PLAN, seed)
    return told + tell(follow_up(PLAN, "-later", NOW, (0, 0, 0, 1)), seed, told)
