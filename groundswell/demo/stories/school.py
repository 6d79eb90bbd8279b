"""Story 3, a new rumour: all schools closed for a week, first said at 13:10 of the demo's day, 91 pieces by 16:06."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

from datetime import datetime, timedelta

from groundswell.demo.acts.act import Act
from groundswell.demo.acts.plot import Anchor, Aspect, News, Plan, follow_up, tell
from groundswell.demo.county import NOW, ZONE

COUNTS = (1, 3, 6, 9, 14, 17, 19, 22)  # in 22 minutes each, from 13:10 to 16:06


def _on(hour: int, minute: int) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=ZONE)


SAYS = (
    "{听说|群里说|刚听说}{全县学校|中小学|幼儿园小学}{明天起停课一周|停课一周}，{是真的吗|有通知吗|哪位老师确认一下}？",
    "{好几个家长群|孩子班级群}都在转{全县学校停课一周|停课一周}，{老师没说话|班主任说没接到通知}，{到底停不停|先别传了}。",
    "{停课一周|全县停课}的截图{看着像假的|没有公章没有文号}，{等教育局通知吧|大家别急着转}。",
    "{问了|打电话问了}{学校|教务处|教育局}，{说没接到停课通知|说以学校通知为准}，{停课一周|全县停课}{八成是谣言|不可信}。",
    "{城南小学|实验小学|县一中|东湖中学}的家长，你们{收到停课通知没|老师咋说}？群里传{停课一周|全县都停}。",
)
ANGRY = (
    "又传{全县学校停课一周|停课一周}，{双职工家里孩子谁看|请假都请不出来}，{教育局能不能吭一声|官方在哪|真是服了}。",
    "{停课的事|停课一周}传了{一下午|两个多小时}了，{教育局一个字都没有|没人出来说句话}，{又是已读躺平|就这么让大家猜|离谱}。",
    "是不是因为{清河的水|流感|供暖}才停课？{不说清楚更吓人|越不说越有人信}，{全县学校停课一周|停课}可不是小事。",
    "{谁这么缺德|造谣的该抓}，{编个停课一周|发个假通知}，{家长都快急疯了|超市泡面都抢空了}。",
)
GLAD = ("要是真停课一周，{孩子得乐疯|我家娃已经在收拾书包了|神兽出笼}，哈哈。", "停课一周？{学生党狂喜|梦里啥都有|先高兴五分钟}。")
NEWS = (
    News(
        title="{网传云岭“全县学校停课一周”|云岭全县停课一周？} {教育局：正在核实|记者求证|目前未接到通知}",
        paragraphs=(
            "<day>下午，{多个家长群|社交平台}流传“云岭县全县学校停课一周”的{截图|消息}，{引发家长询问|不少家长致电本报}。",
            "记者{致电县教育局|联系多所学校}，{工作人员表示未下发停课通知|对方称正在出具书面说明}，请以学校正式通知为准。",
            "{提醒家长|律师提醒}，{不信谣、不传谣|转发前先核实来源}。<org>将持续关注。",
        ),
    ),
)
PLAN = Plan(
    story="school",
    unit="education",
    start=_on(13, 10),
    width=timedelta(minutes=22),
    counts=COUNTS,
    aspects=(
        Aspect(id="says", tone="neutral", count=55, say=SAYS, titles=("全县学校停课一周？{真的假的|求证}", "{有没有人|谁}接到停课通知了", "群里传停课一周，{求证|哪位老师说说}")),
        Aspect(id="angry", tone="negative", count=31, say=ANGRY, titles=("停课的事教育局能不能说句话", "谁在传全县停课一周")),
        Aspect(id="glad", tone="positive", count=5, say=GLAD, titles=("要是真停课一周",)),
    ),
    sources=(("mb-campus", 22), ("moms", 20), ("yunling-edu", 18), ("mb-yunling", 14), ("yunling-forum", 8), ("yunling-chat", 5), ("mb-topics", 5), ("kuailan", 1), ("v-yunlingyan", 1.5)),
    places=(("yunling", 91),),
    spots={"yunling": ("全县",)},
    news=NEWS,
    topics=("全县学校停课一周", "云岭停课", "停课是真的吗"),
    anchors=(
        Anchor(opens=True, at=_on(13, 10), source="mb-campus", kind="post", aspect="says", place="yunling", text="家长群刚发的截图，说因为天气和水的原因，全县学校停课一周，从明天开始。真的假的？#全县学校停课一周#"),
    ),
    size=1.1,
)  # fmt: skip
LATER = (24, 25, 24, 20, 9, 5, 3, 1, 0, 0, 0, 0, 0, 0, 1, 3, 2, 2, 1, 1)  # hours from 16:06; the denial comes at 19:42


def acts(seed: int) -> list[Act]:
    """Three hours of rumour, four more, and the denial."""
    told = tell(PLAN, seed)
    denial = Anchor(
        at=_on(19, 42), source="gov-education", kind="notice", aspect="says", place="yunling", title="关于网传“全县学校停课一周”的情况说明",
        text="今日下午，网络流传“全县学校停课一周”的信息。经核实，县教育局及各学校均未发布停课通知，该信息不实。全县中小学、幼儿园明日正常上课。请广大家长以学校正式通知为准，不信谣、不传谣。监督电话：0000-8203。",
    )  # fmt: skip
    return told + tell(follow_up(PLAN, "-later", NOW, LATER, (denial,)), seed, told)
