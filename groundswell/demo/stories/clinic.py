"""Story 5, good news: the county hospital opens a night clinic for children on 22 November, 58 pieces, falling."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

from datetime import date, datetime, timedelta

from groundswell.demo.acts.act import Act
from groundswell.demo.acts.plot import Anchor, Aspect, News, Plan, follow_up, tell
from groundswell.demo.acts.rhythm import hourly
from groundswell.demo.county import NOW, ZONE

TODAY = (0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 5, 4, 4, 3, 3, 4)  # hours from 00:06

GOOD = (
    "县医院夜间儿科{真开了|昨晚去了一趟}，{九点多去的|半夜孩子发烧}，{二十分钟就看上|大夫特别耐心}，{不用往市里跑了|给力|点赞}。",
    "{孩子夜里咳嗽|娃38度5}，抱着试试去县医院夜间儿科，{有两个大夫|还有雾化}，{护士哄着不哭|药也全}，{暖心|好评}。",
    "县医院夜间儿科{这事办到心坎上了|早该有了|办得好}，{以前半夜去澄州要一个小时|当妈的都懂}，{感谢|秒办侠}。",
    "给县医院夜间儿科{点个赞|送面锦旗}，{值班大夫一晚上没合眼|导诊小姑娘一路小跑}，{辛苦了|岭里好}。",
)
ASK = (
    "县医院夜间儿科{几点到几点|周末开吗|要提前挂号吗}？",
    "请问夜间儿科在县医院{几楼|急诊旁边吗}？{能做雾化吗|能验血吗}？",
    "{转一下|收藏}：县医院夜间儿科{每晚18点到次日8点|从22号起开诊}，{医保能用|跟白天一个价}。",
)
BAD = ("县医院夜间儿科{人太多|排了一个半小时}，{就两个大夫哪够|希望再加人}。",)
NEWS = (
    News(
        title="县医院夜间儿科{开诊|11月22日起开诊} {家长点赞|家门口看上夜诊}",
        paragraphs=(
            "11月22日起，县医院开设夜间儿科门诊，{每晚18时至次日8时接诊|全年无休}。",
            "{“孩子半夜发烧不用再往市里跑了。”一位家长说|首晚接诊患儿{三十|四十}余名，家长普遍反映等候时间短}。",
            "县卫健局介绍，{夜间儿科由{四|六}名医师轮班|后续将根据就诊量增加人手}，{检验、药房同步开放|收费与白天一致}。",
        ),
    ),
)
PLAN = Plan(
    story="clinic",
    unit="health",
    start=datetime(2026, 11, 22, 0, 6, tzinfo=ZONE),
    width=timedelta(hours=1),
    counts=hourly("clinic", date(2026, 11, 22), (20,), (0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 5, 5, 5, 4, 4, 5, 5, 5, 6, 7, 8, 8, 5, 2)) + TODAY,
    aspects=(
        Aspect(id="good", tone="positive", count=33, say=GOOD, titles=("县医院夜间儿科{真不错|给好评}", "夸夸县医院夜间儿科")),
        Aspect(id="ask", tone="neutral", count=22, say=ASK, titles=("县医院夜间儿科{时间|怎么挂号}", "夜间儿科问一下")),
        Aspect(id="crowd", tone="negative", count=3, say=BAD, titles=("夜间儿科排队太久",)),
    ),
    sources=(
        ("moms", 18), ("mb-yunling", 10), ("mb-chengguan", 9), ("yunling-forum", 6), ("mb-qinghe", 3), ("yunling-media", 1.2), ("gov-health", 1), ("v-yiyuan", 2), ("chengzhou-evening", 1), ("mb-fabu", 1.5), ("owners", 4),
    ),
    places=(("chengguan", 58),),
    spots={"chengguan": ("县医院",)},
    news=NEWS,
    topics=("县医院夜间儿科", "夜间儿科开诊了"),
    anchors=(Anchor(opens=True, at=datetime(2026, 11, 22, 9, 15, tzinfo=ZONE), source="gov-health", kind="notice", aspect="ask", place="chengguan", title="县医院夜间儿科今日开诊", text="为方便患儿夜间就医，县医院自11月22日起开设夜间儿科门诊，每晚18时至次日8时接诊，检验、药房同步开放，收费标准与白天一致。咨询电话：0000-8205。"),),
    size=0.8,
)  # fmt: skip
EBB = (4, 3, 3, 2, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 1)


def acts(seed: int) -> list[Act]:
    """A day and a half of praise, and its ebb."""
    told = tell(PLAN, seed)
    return told + tell(follow_up(PLAN, "-later", NOW, EBB), seed, told)
