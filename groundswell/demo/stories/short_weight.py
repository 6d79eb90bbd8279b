"""Story 7, open again: short weight at Chengnan market, settled in mid-October, back since 18 November, 73 pieces."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

from datetime import date, datetime, timedelta

from groundswell.demo.acts.act import Act
from groundswell.demo.acts.plot import Anchor, Aspect, News, Plan, follow_up, tell
from groundswell.demo.acts.rhythm import hourly
from groundswell.demo.county import NOW, ZONE

DAILY = (9, 14, 8, 4) + (0,) * 33 + (6, 9, 8, 6, 5)  # from 12 October to 22 November
TODAY = (0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0)

AGAIN = datetime(2026, 11, 18, 0, 6, tzinfo=ZONE)
CHEAT = (
    "在城南市场买<goods>，回家一称{三斤少四两|两斤短三两|差了小半斤}，{找回去还不认账|摊主还骂人|说我家秤有问题}。",
    "城南市场<goods>摊{电子秤能按出鬼|秤不饿，人饿|袋子比菜还沉}，{公平秤在角落吃灰|没人管}，{心塞|离谱}。",
    "城南市场{缺斤少两|短斤少两}不是一天两天了，{老人最好骗|买<goods>必少}，{市监局去过没有|管理员跟摊主是亲戚吧}。",
)
ASK = (
    "城南市场的公平秤{在哪|几点能用}？买<goods>想复称。",
    "城南市场缺斤少两{打哪个电话投诉|能赔吗}？",
    "{转|看到}：市监局{检查了城南市场|通报了城南市场的秤}，{查了几台不合格的|责令退赔}。",
)
BACK = (
    "城南市场{又开始了|老毛病又犯了|消停一个月又来}，买<goods>{短三两|少半斤}，{上回检查就是走过场|打卡式检查罢了|说好的长效呢}。",
    "{上个月|十月份}才罚过，城南市场<goods>摊{换了个秤接着骗|照旧缺斤少两}，{铁皮承诺|绷不住了|到底有没有人管}。",
)
GOOD = ("城南市场{换了统一的秤|退了我八块钱}，{这回还行|市监局给力}。",)
NEWS = (
    News(
        title="城南市场{短斤少两|计量问题}{引关注|被查处}",
        paragraphs=(
            "{多位市民反映|记者走访发现}，城关镇城南市场{部分摊位存在短斤少两|个别电子秤示值偏差}。",
            "县市监局{已对涉事摊位立案|收缴不合格计量器具}，{并责令退赔|要求市场开办方落实公平秤制度}。",
        ),
    ),
)
PLAN = Plan(
    story="short-weight",
    unit="market",
    start=datetime(2026, 10, 12, 0, 6, tzinfo=ZONE),
    width=timedelta(hours=1),
    counts=hourly("short-weight", date(2026, 10, 12), DAILY) + TODAY,
    aspects=(
        Aspect(id="cheat", tone="negative", count=28, say=CHEAT, titles=("城南市场{缺斤少两|买<goods>少秤}", "城南市场的秤能信吗")),
        Aspect(id="again", tone="negative", count=22, say=BACK, titles=("城南市场缺斤少两{又来了|复燃}", "城南市场查过又犯"), since=AGAIN),
        Aspect(id="ask", tone="neutral", count=20, say=ASK, titles=("城南市场公平秤",)),
        Aspect(id="good", tone="positive", count=3, say=GOOD, titles=("城南市场换秤了",)),
    ),
    sources=(("chengguan-tea", 18), ("yunling-forum", 14), ("mb-chengguan", 16), ("moms", 8), ("mb-yunling", 8), ("b-hotline", 4), ("b-minsheng", 3), ("chengzhou-live", 1.2), ("v-chihuo", 1)),
    places=(("chengguan", 73),),
    spots={"chengguan": ("城南市场",)},
    slots={"goods": ("排骨", "橘子", "带鱼", "五花肉", "葡萄", "大虾", "牛肉")},
    news=NEWS,
    topics=("城南市场", "缺斤少两"),
    anchors=(
        Anchor(at=datetime(2026, 10, 15, 16, 30, tzinfo=ZONE), source="gov-market", kind="notice", aspect="ask", place="chengguan", title="关于城南市场计量问题的处理情况", text="针对群众反映城南市场短斤少两问题，县市监局检查电子计价秤126台，收缴不合格计量器具7台，对3家商户立案，责令退赔。市场已在南北门各设公平秤一台。"),
        Anchor(at=datetime(2026, 11, 18, 10, 52, tzinfo=ZONE), source="chengguan-tea", kind="thread", aspect="again", place="chengguan", title="城南市场缺斤少两又来了", text="消停了一个月，今早买三斤排骨回家一称两斤六两。上回检查完贴的承诺书还在墙上，秤倒是又不准了。"),
    ),
    size=0.6,
)  # fmt: skip


def acts(seed: int) -> list[Act]:
    """October, silence, November."""
    told = tell(PLAN, seed)
    return told + tell(follow_up(PLAN, "-later", NOW, (0, 1, 1, 1, 0, 1)), seed, told)
