"""Story 9, looked bad and was a joke: "a fee by the step on the Nanshan trail", 46 pieces in three days of October."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

from datetime import date, datetime, timedelta

from groundswell.demo.acts.act import Act
from groundswell.demo.acts.plot import Anchor, Aspect, Plan, tell
from groundswell.demo.acts.rhythm import hourly
from groundswell.demo.county import ZONE

HOURS = hourly("satire", date(2026, 10, 20), (22, 17, 7), (0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 9, 8, 5, 2))

FUN = (
    "南山步道按步收费{笑死|我先爬着上去省点钱|建议按呼吸收费}，{不正经日报果然不正经|看完出处绷不住了}。",
    "{看清楚|提醒一下}，南山步道收费是{讽刺号写的|不正经日报的段子}，{文末写着纯属虚构|别再当真转了}。",
    "南山步道三分钱一步，{我的步数第一要破产了|请问倒着走退钱吗|蹦着走算几步}，哈哈。",
    "{文旅局|景区}没有说要收费，南山步道{一直免费|上周才去过没收钱}，{这是个玩笑|散了吧}。",
)
FOOLED = (
    "南山步道{按步收费|一步三分钱}？{穷疯了吧|连走路都要钱|这是想钱想疯了}，{离谱|以后谁还去}！",
    "刚看到南山步道要{按步收费|收钱}，{文旅局脸都不要了|老百姓散个步也不放过}，{破防了|无语子}。",
)
PLAN = Plan(
    story="satire",
    unit="culture",
    start=datetime(2026, 10, 20, 0, 6, tzinfo=ZONE),
    width=timedelta(hours=1),
    counts=HOURS,
    aspects=(
        Aspect(id="joke", tone="neutral", count=36, say=FUN, titles=("南山步道按步收费是段子", "笑死，南山步道")),
        Aspect(id="fooled", tone="negative", count=10, say=FOOLED, titles=("南山步道要按步收费？",)),
    ),
    sources=(("mb-yunling", 14), ("nanshan-bbs", 9), ("yunling-chat", 8), ("mb-topics", 6), ("mb-campus", 5), ("blog-satire", 0.1), ("v-luxing", 1)),
    places=(("nanshan", 46),),
    spots={"nanshan": ("南山步道",)},
    topics=("南山步道按步收费", "不正经新闻"),
    anchors=(
        Anchor(
            opens=True, at=datetime(2026, 10, 20, 9, 30, tzinfo=ZONE), source="blog-satire", kind="article", aspect="joke", place="nanshan", title="【不正经】南山步道拟按步收费，每步三分，倒着走可退款",
            text="本报不正经讯：为倡导“一步一个脚印”，南山步道拟于愚人节起按步收费，每步人民币三分，倒着走可凭鞋底退款，踮脚按半步计。\n记者采访了一位市民，他表示已经连夜练习滑行。\n专家称，此举将使本县居民步数普遍下降，有利于邻里团结。\n以上内容纯属虚构，如有雷同，那是您想多了。",
        ),
    ),
    size=0.8,
)  # fmt: skip


def acts(seed: int) -> list[Act]:
    """The joke, who laughed, who did not get it."""
    return tell(PLAN, seed)
