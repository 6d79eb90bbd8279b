"""Story 2, steady: Xingfuli estate without heating since the evening of 17 November, on the web since the 20th, 187 pieces."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

from datetime import date, datetime, timedelta

from groundswell.demo.acts.act import Act, Reach
from groundswell.demo.acts.plot import Anchor, Aspect, News, Plan, follow_up, tell
from groundswell.demo.acts.rhythm import hourly
from groundswell.demo.county import NOW, ZONE

FIRST = date(2026, 11, 20)
TODAY = (1, 0, 0, 0, 1, 2, 5, 8, 10, 11, 12, 13, 14, 15, 14, 16)  # hours from 00:06


def _on(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


COLD = (
    "幸福里<block>停暖{三天|第三天|第四天}了，{屋里才12度|屋里11度|在家穿羽绒服|手都伸不出来}，{家里有老人孩子|孩子写作业打哆嗦|老人盖两床被}。",
    "<block>{暖气片冰凉|管子一点热气没有}，{换热站|热力公司|物业}{天天说在修|就一句等通知}，{修到啥时候|弄啥嘞|离谱}。",
    "{昨晚|夜里}{冻醒两回|娃又发烧了|电暖器跳闸}，幸福里<block>，{谁来管管|心塞|绷不住了}。",
    "{交了两千多暖气费|供暖费一分没少交}，{换来一屋子冷气|买了个寂寞}，幸福里<block>。",
    "幸福里{到底有没有备用泵|一个泵坏了全小区挨冻}，{供暖前干啥去了|年年检修检修了啥}？",
    "热力公司{电话打不通|说配件在路上}，{路上走了三天|这路是绕地球一圈吧}，幸福里<block>等着呢。",
    "隔壁小区热得开窗，幸福里{冷得哈气|像冰窖}，{一墙之隔两个天|这差距}。",
)
REFUND = (
    "幸福里停暖这几天的{费用退不退|暖气费怎么退}？{没人给准话|别又是退费马拉松|去年漏水也说退，到现在没影}。",
    "{停几天退几天|按天退}，{天经地义|这要求不过分吧}，幸福里{业主陈某某|几个业主|我们楼}{去问过|找过热力公司}，{让写申请|说不归他管}。",
    "{电暖器的电费谁出|住宾馆的钱谁报}？幸福里<block>{这三天光电费一百多|一家四口去亲戚家挤着}。",
)
ASK = (
    "请问幸福里{什么时候恢复供暖|今天能来暖气吗|修得咋样了}？<block>的。",
    "有没有人知道幸福里换热站{修到哪一步了|配件到了没}？",
    "幸福里<block>{测温|登记退费}{要找谁|打哪个电话}？",
    "{物业在群里说|听师傅讲}换热站2号水泵坏了，{备件今天到|正在换}，{先等等|有消息再说}。",
)
THANKS = (
    "{社区|物业}给幸福里的{独居老人|有小孩的}送了电暖器，{这点得夸|点赞|暖心}。",
    "幸福里换热站的师傅{通宵在换泵|冻得直搓手还在干}，{辛苦了|骂归骂，人是真辛苦}。",
    "{对门邻居|三号楼大姐}让我们去她娘家住，{幸福里还是好人多|远亲不如近邻}。",
)
NEWS = (
    News(
        title="幸福里小区停暖{三天|多日} {热力公司：换热站水泵故障|居民盼早日恢复}",
        paragraphs=(
            "<day>，记者接到城关镇幸福里小区{多位居民|住户}反映，小区自17日晚起暖气不热，{室内温度只有12度左右|不少家庭靠电暖器取暖}。",
            "{记者在小区换热站看到|现场}，维修人员正在更换水泵。热力公司{工作人员|有关负责人}表示，2号水泵损坏，{备件需从外地调运|备件已到货}，预计11月24日18时前恢复。",
            "{关于居民关心的退费|对停暖期间的费用}，县住建局表示将按天退还，{无需申请|具体办法将在小区公示}。<org>将继续关注。",
        ),
    ),
)
LETTER = "幸福里小区3号楼从17日晚上起没有暖气，家里有老人和孩子，物业说是换热站的问题，请帮忙问问什么时候能修好。"
ANSWER = "您好。经查，换热站2号水泵损坏，备件今天到货，预计11月24日18时前恢复供暖。停暖期间的费用将按天退还，无需您申请。答复人：县住建局公用事业科　李建华　电话0000-8123"

PLAN = Plan(
    story="heating",
    unit="housing",
    start=_on(20, 0, 6),
    width=timedelta(hours=1),
    counts=hourly("heating", FIRST, (20, 20, 25)) + TODAY,
    aspects=(
        Aspect(id="cold", tone="negative", count=96, say=COLD, titles=("幸福里停暖{三天|几天}了，有人管吗", "{求助|反映}：幸福里<block>没暖气", "幸福里<block>{冷得睡不着|屋里12度}")),
        Aspect(id="refund", tone="negative", count=37, say=REFUND, titles=("幸福里停暖的钱{退不退|怎么算}", "暖气费退费问题")),
        Aspect(id="ask", tone="neutral", count=41, say=ASK, titles=("幸福里今天来暖气了吗", "问一下幸福里换热站")),
        Aspect(id="thanks", tone="positive", count=13, say=THANKS, titles=("幸福里的暖心事",)),
    ),
    sources=(
        ("owners", 34), ("yunling-forum", 28), ("mb-chengguan", 26), ("mb-yunling", 22), ("chengguan-tea", 18), ("moms", 12), ("b-minsheng", 6), ("b-mayor", 5), ("yunling-chat", 6),
        ("v-yunlingyan", 4), ("chengzhou-live", 1.5), ("yunling-media", 1.2), ("b-hotline", 3), ("v-laozhou", 2),
    ),
    places=(("chengguan", 187),),
    spots={"chengguan": ("幸福里小区",)},
    slots={"block": ("小区", "3号楼", "{2|5|8|11}号楼", "{一|二|四}单元", "顶楼", "")},
    news=NEWS,
    topics=("幸福里停暖", "云岭供暖", "换热站修好了吗"),
    wishes=("请尽快修好。", "请明确退费办法。", "家里有老人小孩，实在等不起。"),
    anchors=(
        Anchor(opens=True, at=_on(20, 8, 41), source="owners", kind="thread", aspect="cold", place="chengguan", title="幸福里3号楼停暖第三天，物业说等通知", text="17号晚上开始暖气就凉了，今天第三天，屋里12度。物业说换热站的问题，换热站说等配件。幸福里的都来报个楼号。", reach=Reach(reads=8200, comments=64, reposts=7, likes=18, hours=20)),
        Anchor(at=_on(20, 9, 12), source="b-minsheng", kind="message", aspect="cold", place="chengguan", title="幸福里小区停暖三天", text=LETTER),
        Anchor(at=_on(23, 10, 20), source="b-minsheng", kind="answer", aspect="ask", place="chengguan", text=ANSWER, author="县住建局", answers="幸福里小区停暖三天"),
    ),
    size=0.9,
)  # fmt: skip
EBB = (15, 14, 13, 12, 11, 8, 5, 2, 1, 0, 0, 0, 0, 1, 2, 5, 6, 6, 5, 4, 4, 3, 3, 3, 3, 5, 7, 6, 4, 2, 1)  # hours from 16:06 on


def acts(seed: int) -> list[Act]:
    """Three days and the day, then the ebb until the pump runs again."""
    told = tell(PLAN, seed)
    return told + tell(follow_up(PLAN, "-later", NOW, EBB), seed, told)
