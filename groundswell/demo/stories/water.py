"""Story 1, rising: yellow tap water in Qinghe since 06:42 of the demo's day, 214 pieces by 16:06, a peak at 18:30."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

from datetime import datetime, timedelta

from groundswell.demo.acts.act import Act, Reach
from groundswell.demo.acts.plot import Anchor, Aspect, News, Plan, tell
from groundswell.demo.county import ZONE

HALF_HOUR = timedelta(minutes=30)
# Half-hours up to 16:06. The first stands for the three single pieces before 07:06.
OBSERVED = (3, 2, 2, 3, 3, 4, 4, 3, 5, 4, 6, 9, 13, 17, 21, 23, 28, 31, 33)
TO_COME = (35, 36, 38, 39, 39, 39, 38, 36, 33, 30, 26, 23, 18, 13, 9, 6)  # 16:06 to midnight
NEXT_DAY = (2, 1, 0, 0, 0, 1, 3, 5, 6, 7, 12, 10, 7, 5, 4, 3, 3, 2, 2, 2, 1, 1, 1)  # hours from 00:06 on; the result comes at ten


def _on(hour: int, minute: int, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


SPOTS = {
    "qinghe": (
        "锦绣小区", "锦绣小区", "锦绣小区{3|5|7|11}号楼", "东苑小区", "东苑", "东苑{二|三|五}单元", "和苑小区", "和苑", "和苑东门这边", "清河镇", "清河镇上", "清河中心小学旁边", "滨河路", "清河集贸市场",
    ),
    "chengguan": ("城关镇", "城关{北头|东头|}", "建设街", "馨园小区", "城关老城区"),
    "donghu": ("东湖街道", "湖畔家园", "东湖路"),
    "hexi": ("河西镇", "河西新城", "芳华园"),
    "liulin": ("柳林镇",),
    "baishi": ("白石镇",),
}  # fmt: skip

SLOTS = {
    "water": ("自来水", "自来水", "水龙头里的水", "家里的水", "厨房的水", "水管里出来的水"),
    "hue": (
        "发黄",
        "发黄",
        "黄得像{茶水|菊花茶|泡过的铁观音|酱油兑水}",
        "黄黄的",
        "又黄又浑",
        "浑得看不到底",
        "跟黄汤一样",
        "一股子铁锈色",
    ),
    "smell": ("有股铁锈味", "一股铁锈味", "闻着有腥味", "有异味", "一股子{怪味|铁腥味}", "味道{冲鼻子|很怪}"),
    "since": ("一大早", "今早起来", "早上六点多", "从早上到现在", "今天{早晨|一早}", "六点四十左右", "一上午"),
    "kid": ("孩子", "娃", "家里小的", "小孙子", "刚满月的宝宝", "俩娃"),
    "firm": ("水务公司", "水务公司", "县水务公司", "自来水公司", "水务局"),
    "line": ("一直占线", "打了{七八|十来|二十多}个都占线", "没人接", "打通了说在排查", "让等通知", "转了三道没人说得清"),
}

RUST = (
    "<spot><since><water><hue>，<smell>，{不敢给<kid>用|哪敢给<kid>喝|<kid>冲奶粉都不敢用|做饭都不敢用}。",
    "放了{十分钟|二十分钟|半个钟头|一大盆}还是<hue>，{根本没法用|洗脸都嫌|只能冲厕所|白白浪费水}。",
    "<spot>的<water><hue>，滤芯{刚换的就|一上午就|}{变成咖啡色了|糊了一层铁锈|堵了}。",
    "{洗的白衣服|白毛巾|校服}全{染黄了|花了|成黄的了}，<spot>的水{到底咋了|怎么回事|弄啥嘞}。",
    "接了一盆水，底下{一层渣|全是锈渣|沉了一层泥}，<smell>，<spot>的{邻居都|你们也|有没有}这样？",
    "<kid>{早上|上学前}刷牙说水{是苦的|一股怪味|腥的}，一看<hue>，{吓一跳|心里直打鼓|赶紧倒了}。",
    "<spot>{好几栋|整个小区|上下楼}都<hue>，{物业也说不清|群里炸锅了|群里全是照片|楼下桶装水都抢光了}。",
    "这水{能喝吗|还能用吗|谁敢喝}？<spot>，<since>就<hue>，<smell>。",
    "<spot>{加入|喜提|也进了}黄汤局，{一屋子人等水用|今天谁来收场|求一个解释}。",
    "烧开了也<smell>，{壶底一圈黄|水壶里一层黄垢|茶都泡不了}，<spot>。",
    "{开餐馆的|做早点的|我家小饭馆}今天{没法开门|歇业半天|只能买桶装水}，<spot>的水<hue>。",
)
RUST_ASK = (
    "请问<spot>的水{正常吗|有没有发黄|现在好了没}？我家<since><hue>。",
    "<spot>有停水或者{水质|供水}通知吗？看到有人说<water><hue>。",
    "{听邻居说|群里说|刚看到}<spot><water><hue>，{有没有同样的|是局部还是都这样|哪位清楚情况}？",
    "<spot>，{水色偏黄|水有点黄}，已经{报给物业|打过<firm>电话}，{说会来看|等回话|说在查}。",
)
NOTICE = (
    "停水冲管{不提前说|也不通知一声|连个通知都没有}，<spot>一早{接的全是黄水|让人措手不及|满小区找水}。",
    "{抢修|冲管|检修}为啥不{提前通知|发个短信|在群里说一声}？打<firm>电话<line>。",
    "<firm>{夜里|凌晨|半夜}抢修主管，{一个通知都没有|居民最后一个知道|物业都不知情}，{这叫啥事|离谱|这服务真行}。",
    "电话<line>，{物业说没接到通知|物业一问三不知|物业让找<firm>，<firm>让找物业}，<spot>的人{只能干等|就这么晾着}。",
    "交水费的时候{催得紧|一天不差}，{停水|冲管}了{没人吭声|连张纸都不贴}，<spot>。",
    "{通知|公告}在哪？<spot>{楼道里|电梯里|门口}一张纸都没贴，<firm>{太会省事了|真会摆烂|就这水平}。",
    "要是提前{一天|半天|哪怕一小时}说，大家{也能存点水|就不会洗一盆黄衣服|不至于这么狼狈}。",
)
NOTICE_ASK = (
    "<firm>有没有发过{冲管|抢修|停水}通知？<spot>这边{没看到|没收到}。",
    "{物业|楼长}说没接到<firm>通知，{不清楚是不是计划冲管|要到什么时候也不知道}，<spot>。",
    "想问下以后{停水|冲管}能不能提前发短信，<spot>的住户都{没收到|不知道}。",
)
DATA = (
    "说是冲管，{检测数据呢|检测结果呢|水质报告呢}？{一个数字都没有|光说没事谁信|拿出来看看}。",
    "<firm>的说明{通篇没有一个检测值|就几句套话|避重就轻}，{浊度多少|铁超没超|余氯多少}为啥不公布？",
    "{能不能喝|有没有毒|到底合不合格}一句话的事，{检测数据藏着干嘛|非要等到明天|半天不给结果}，<spot>等着呢。",
    "要的是{检测报告|第三方检测|数据}，不是{安抚|套话|“正在冲洗”四个字}。",
    "{发黄发浑|铁锈味}都这样了，还不{公布检测结果|出个检测报告|测一下给大家看}，{心虚吗|呵呵|破防了}。",
)
DATA_ASK = (
    "{请问|想问}水质检测{结果什么时候公布|送检了没有|由哪家做}？<spot>很多人在问。",
    "{疾控|疾控中心|<firm>}去<spot>取样了吗？{检测|结果}大概多久出来？",
    "<firm>回应里没提检测数据，{希望补充|等后续|不知道会不会再发}。",
    "建议把{取样点、检测时间和结果|浊度、铁、余氯这几项}{一起公布|列出来}，<spot>的居民也好安心。",
)
HOSPITAL = (
    "{听说|群里说|有人说}{已经有人喝坏肚子住院了|有老人喝了住院|有小孩拉肚子进了医院}，<spot>的{可别喝了|小心点}！",
    "{我亲戚说|同事讲}县医院{收了好几个|都住满了|来了一批}喝<spot>黄水拉肚子的，{吓人|太吓人了}。",
)
HOSPITAL_ASK = (
    "有人说喝水喝到住院，{是真的吗|有没有证实|哪家医院}？<spot>。",
    "{问了在县医院上班的朋友|打电话问了县医院}，说没{接到|收治}这样的病人，{不知道传言哪来的|大家别传了先}。",
)
THANKS = (
    "{镇里|清河镇里|社区}在{和苑东门|锦绣西门|东苑门口}发桶装水，{志愿者挺热心|一户两桶|还给老人送上楼}，{给个赞|辛苦了|好样的}。",
    "{抢修师傅|抢修的工人}{从半夜干到现在|裤腿全是泥|饭都没顾上吃}，{骂归骂|说句公道话}，{一线的人不容易|辛苦了}。",
    "<spot>这边{水已经清多了|放了几分钟变清了|好多了}，{大家再放放看|可以洗东西了|给力}。",
    "{送水车|应急送水车}到<spot>了，{排队秩序挺好|小伙子帮着提上楼|师傅很耐心}，{暖心|点赞}。",
    "{物业|楼长}挨家{敲门提醒|送了一桶水}，{关键时候靠得住|得劲|比有些单位强}。",
)
INFO = (
    "<firm>说是{冲管|主管抢修后冲洗管网}，晚上八点恢复，先存点桶装水。",
    "转<firm>的话：{主管抢修完毕|正在冲洗}，预计20时前后恢复正常，<spot>先{放一放再用|用桶装水}。",
    "<spot>附近{应急送水点|送水车}在{东门|集贸市场口|社区门口}，有需要的自己带桶。",
)

TITLES_RUST = (
    "<spot>的水{怎么是黄的|发黄了|又黄又有味}？",
    "<spot><water><hue>，有图",
    "{求助|反映}：<spot>自来水{发黄有异味|浑浊|不敢喝}",
    "这水谁敢喝？<spot>",
    "<spot>的进来看，水黄成这样了",
)
TITLES_NOTICE = ("冲管为什么不提前通知？", "<spot>停水冲管，谁接到通知了？", "打<firm>电话一上午，没人说得清")
TITLES_DATA = ("水质检测数据为什么不公布", "<firm>的说明少了最要紧的：检测结果", "<spot>居民只想要一份检测报告")
TITLES_CALM = ("<spot>供水情况更新", "{转|转发}：<firm>的说明", "<spot>{送水点|供水}互助帖")

NEWS = (
    News(
        title="{清河镇部分小区自来水发黄|清河多个小区自来水发黄|清河镇三小区水色异常} {水务公司称正在冲洗管网|居民盼公布检测结果|原因正在核查}",
        paragraphs=(
            "<day>，{记者从清河镇了解到|有居民向本台反映|据多位居民反映}，锦绣、东苑、和苑等小区早晨6时40分起自来水发黄，{并伴有异味|有铁锈味}。",
            "{记者在东苑小区看到|在锦绣小区，记者看到}，水龙头放水数分钟后水色仍偏黄。{居民说|一位住户表示}，物业没有接到停水或冲管的通知。",
            "县水务公司{工作人员|有关负责人}介绍，{凌晨主管抢修后需要冲洗管网|系主管抢修后冲洗所致}，预计20时前后恢复。{水质检测结果尚未公布|是否送检，对方表示以通告为准}。",
            "清河镇政府已在{和苑东门、锦绣西门|三个小区门口}设临时供水点。{本台将继续关注|后续进展，<org>将持续报道}。",
        ),
    ),
    News(
        title="{今天云岭这件事上了热议|云岭清河：一盆黄水背后的追问|自来水发黄，{少的是一则通知|缺的是一张检测单}}",
        paragraphs=(
            "{“放了十分钟还是黄的。”|“不敢给孩子用。”}<day>，云岭县清河镇不少居民晒出自家水龙头的照片。",
            "水务公司的说明{解释了原因|提到了抢修}，{却没有说检测结果|没有回答能不能喝}。评论里问得最多的，正是数据。",
            "抢修冲管并不少见，{提前告知、及时公布检测值|一条短信、一张检测单}，往往比事后解释更管用。",
        ),
    ),
)

ASPECTS = (
    Aspect(id="rust", tone="negative", count=60, say=RUST, titles=TITLES_RUST),
    Aspect(id="rust:ask", tone="neutral", count=19, say=RUST_ASK, titles=TITLES_RUST[:2]),
    Aspect(id="notice", tone="negative", count=38, say=NOTICE, titles=TITLES_NOTICE, since=_on(8, 10)),
    Aspect(id="notice:ask", tone="neutral", count=13, say=NOTICE_ASK, titles=TITLES_NOTICE[1:2], since=_on(8, 10)),
    Aspect(id="data", tone="negative", count=20, say=DATA, titles=TITLES_DATA, since=_on(14, 33)),
    Aspect(id="data:ask", tone="neutral", count=21, say=DATA_ASK, titles=TITLES_DATA[:1], since=_on(14, 33)),
    Aspect(id="hospital", tone="negative", count=6, say=HOSPITAL, titles=("听说有人喝水住院了？",), since=_on(13, 5)),
    Aspect(id="hospital:ask", tone="neutral", count=7, say=HOSPITAL_ASK, titles=("喝水住院是真是假",), since=_on(13, 20)),
    Aspect(id="thanks", tone="positive", count=24, say=THANKS, titles=TITLES_CALM, since=_on(14, 45)),
    Aspect(id="info", tone="neutral", count=6, say=INFO, titles=TITLES_CALM, since=_on(14, 30)),
)

SOURCES = (
    ("qinghe-forum", 34), ("mb-qinghe", 30), ("mb-yunling", 24), ("yunling-forum", 18), ("moms", 11), ("owners", 12), ("mb-chengguan", 9), ("mb-topics", 8),
    ("chengguan-tea", 5), ("yunling-chat", 6), ("donghu-bbs", 4), ("hexi-bbs", 3), ("mb-donghu", 4), ("v-qinghedaren", 4), ("v-yunlingyan", 4), ("b-mayor", 2),
    ("b-minsheng", 4), ("yunling-media", 2), ("chengzhou-live", 2), ("kuailan", 3), ("jieshi", 1), ("gov-water", 0.2), ("mb-water", 0.4),
)  # fmt: skip
FIRST = {
    "mb-topics": _on(12, 40), "v-yunlingyan": _on(12, 30), "v-qinghedaren": _on(12, 21), "yunling-media": _on(15, 10), "chengzhou-live": _on(13, 30), "kuailan": _on(13, 0),
    "jieshi": _on(15, 0), "gov-water": _on(14, 50), "mb-water": _on(14, 31), "donghu-bbs": _on(9, 0), "hexi-bbs": _on(10, 0), "mb-donghu": _on(9, 30),
}  # fmt: skip

ANCHORS = (
    Anchor(
        opens=True, at=_on(6, 42), source="qinghe-forum", kind="thread", aspect="rust", place="qinghe", title="锦绣小区的水怎么是黄的？有图",
        text="早上放了十分钟还是黄的，群里物业说不清楚，打水务公司一直占线。锦绣小区，两张图，一张是盆里的，一张是龙头刚打开的。有股铁锈味，不敢给孩子用。",
        reach=Reach(reads=31200, comments=96, reposts=41, likes=58, hours=8),
    ),
    Anchor(
        at=_on(6, 58), source="mb-qinghe", kind="post", aspect="rust", place="qinghe",
        text="#清河镇自来水# 东苑的水今早六点四十起就发黄，一股铁锈味，刷牙都不敢。有没有同款？",
    ),
    Anchor(
        at=_on(12, 20), source="v-qinghedaren", kind="entered", aspect="rust", place="qinghe", title="清河的水黄了一上午，没人出来说句话？",
        text="口播：清河论坛有网友早上六点多发帖，说锦绣小区自来水发黄，到中午还没人给说法。画面是论坛帖的两张图和一个洗菜盆。配文：清河的水黄了一上午，没人出来说句话？",
        reach=Reach(reads=182000, comments=1460, reposts=2210, likes=9300, hours=5),
    ),
    Anchor(
        at=_on(14, 30), source="mb-water", kind="post", aspect="info", place="qinghe",
        text="【关于清河镇部分区域水色异常的说明】今日凌晨清河镇供水主管突发破损，我公司连夜抢修，目前正在对管网进行冲洗，期间锦绣、东苑、和苑等小区可能出现短时水色发黄，预计今日20时前后恢复正常。给您带来不便，敬请谅解。",
        reach=Reach(reads=24600, comments=388, reposts=145, likes=31, hours=4),
    ),
    Anchor(
        at=_on(15, 12), source="owners", kind="thread", aspect="info", place="qinghe", title="和苑业主群转的：说是冲管，晚上八点恢复",
        text="水务公司说是冲管，晚上八点恢复，先存点桶装水。和苑的邻居互相转告一下。",
    ),
    Anchor(
        at=_on(15, 31), source="mb-qinghe", kind="post", aspect="thanks", place="qinghe",
        text="镇里在和苑东门发桶装水，志愿者挺热心，还帮楼上老人提上去。",
    ),
)  # fmt: skip

PLAN = Plan(
    story="water",
    unit="water",
    start=_on(6, 36),
    width=HALF_HOUR,
    counts=OBSERVED,
    aspects=ASPECTS,
    sources=SOURCES,
    places=(("qinghe", 171), ("chengguan", 24), ("donghu", 11), ("hexi", 5), ("liulin", 2), ("baishi", 1)),
    spots=SPOTS,
    slots=SLOTS,
    news=NEWS,
    anchors=ANCHORS,
    topics=("清河镇自来水", "清河自来水发黄", "云岭供水", "清河的水怎么了"),
    first=FIRST,
    wishes=("请尽快公布水质检测结果。", "请通知何时恢复，能不能饮用。", "希望以后冲管提前告知。"),
    size=1.6,
)

DONE = (
    "<spot>的水{清了|恢复了|基本清了}，{放了一会儿就没味了|大家可以试试}，{辛苦师傅们|这下放心了|总算好了}。",
    "{晚上|刚才}接了一盆对比，{清亮多了|跟早上两个样}，<spot>。",
)
SAMPLED = (
    "水务局说{取样了|已经送检}，{明天十点|明早十点}公布，{先等等|坐等|看到时候咋说}。",
    "{刚出的公告|水务局公告}：水质已取样，结果明天10时公布。<spot>的先{用桶装水|别直接喝}。",
)
STILL = (
    "都{几点了|晚上了}<spot>的水还<hue>，{说好的八点呢|又是画大饼|再信一次就是我傻}。",
    "<spot>还没好，{一股味|还是黄}，{桶装水都涨价了|明天孩子上学咋办}。",
)


def _evening() -> Plan:
    total = sum(TO_COME)
    shares = (
        ("rust", 92),
        ("rust:ask", 30),
        ("notice", 66),
        ("notice:ask", 20),
        ("data", 74),
        ("data:ask", 54),
        ("hospital", 8),
        ("hospital:ask", 14),
    )
    pools = {aspect.id: aspect for aspect in ASPECTS}
    kept = tuple(Aspect(id=i, tone=pools[i].tone, count=n, say=pools[i].say, titles=pools[i].titles) for i, n in shares)
    rest = total - sum(n for _, n in shares)
    more = (
        Aspect(id="thanks", tone="positive", count=44, say=THANKS, titles=TITLES_CALM),
        Aspect(id="sampled", tone="neutral", count=36, say=SAMPLED, titles=("水务局说明早十点公布结果",), since=_on(18, 11)),
        Aspect(id="done", tone="positive", count=15, say=DONE, titles=("<spot>的水清了",), since=_on(19, 50)),
        Aspect(id="still", tone="negative", count=rest - 95, say=STILL, titles=("说好的八点恢复呢？",), since=_on(20, 5)),
    )
    return Plan(
        story="water", unit="water", part="-evening", start=_on(16, 6), width=HALF_HOUR, counts=TO_COME, aspects=kept + more,
        sources=SOURCES, places=(("qinghe", total - 96), ("chengguan", 54), ("donghu", 26), ("hexi", 11), ("liulin", 3), ("baishi", 2)),
        spots=SPOTS, slots=SLOTS, news=NEWS, topics=PLAN.topics, wishes=PLAN.wishes, size=1.6,
        anchors=(
            Anchor(
                at=_on(18, 10), source="gov-water", kind="notice", aspect="sampled", place="qinghe", title="关于清河镇供水水质取样检测安排的公告",
                text="清河镇供水管网正在冲洗，预计今日20时恢复正常。县水务局会同县疾控中心已于今日在锦绣、东苑、和苑三个小区末梢取样，检测结果于11月24日10时公布。恢复前请使用临时供水点的桶装水。",
            ),
        ),
    )  # fmt: skip


def acts(seed: int) -> list[Act]:
    """The whole story: the day until now, the evening to come, the day after."""
    day = tell(PLAN, seed)
    return day + tell(_evening(), seed, day)
