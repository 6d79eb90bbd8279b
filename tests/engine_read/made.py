"""Pages of many layouts, made from a seed: what forums, portals and offices really write, with other words. Each comes with what is true of it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

HERE = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 23, 16, 6, tzinfo=HERE)
WHO = ["县水务局", "清河镇", "城关小学", "公交公司", "物业", "居委会", "环卫站", "供电所", "施工队", "夜市摊主", "市民热线", "交警大队"]
WHAT = [
    "昨夜抢修了破裂的水管",
    "把红绿灯的时间改长了",
    "贴出了新的公告",
    "答复了居民的来信",
    "清理了河边的垃圾",
    "换了三盏路灯",
    "停了两小时的电",
    "封了一条车道",
    "收到了很多投诉",
    "开了说明会",
]
WHY = [
    "大家都说早该这样",
    "不过下游的住户还没有通知到",
    "具体原因还在调查",
    "预计下周二之前恢复",
    "接孩子的家长绕了远路",
    "附近的商户损失不小",
    "我昨天路过时亲眼看见",
    "希望别再拖下去",
]
NAMES = ["青石桥头", "老井", "卖豆腐的", "晨跑者", "阿禾", "半夏", "河边钓叟", "二十七号楼", "小满", "北门过客", "一只橘猫", "木木"]


@dataclass
class Said:
    """A post, comment or row as the page must be read."""

    text: str
    time: str  # what must be read, to the minute or the day
    shown: str  # what the page shows
    name: str
    number: int = 0
    comments: list[Said] = field(default_factory=list)
    replies: int = 0
    reads: int = 0


class Maker:
    """Words and times from one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def sentence(self) -> str:
        pick = self.chance.choice
        return f"{pick(WHO)}{pick(WHAT)}，{pick(WHY)}。"

    def text(self, most: int = 3) -> str:
        return "".join(self.sentence() for _ in range(self.chance.randint(1, most)))

    def title(self, place: int) -> str:
        pick = self.chance.choice
        return f"{pick(WHO)}{pick(WHAT)}是怎么回事{place}"

    def moment(self, ago_minutes: int) -> datetime:
        return NOW - timedelta(minutes=ago_minutes)

    def said(self, count: int, step: int = 47, comments: bool = False, style: str = "full") -> list[Said]:
        found = []
        for place in range(count):
            shown, time = shown_time(self.moment((count - place) * step), style)
            one = Said(
                self.text(),
                time,
                shown,
                NAMES[place % len(NAMES)],
                place + 1,
                replies=self.chance.randint(0, 90),
                reads=self.chance.randint(100, 9000),
            )
            if comments and place % 3 == 1:
                one.comments = self.said(2, step=3)
            found.append(one)
        return found


def shown_time(moment: datetime, style: str) -> tuple[str, str]:
    """MOMENT as a page shows it, and what must be read."""
    minute = moment.strftime("%Y-%m-%dT%H:%M")
    day = f"{moment:%Y}-{moment.month}-{moment.day}"
    if style == "last":  # of the last answer: nothing is known of the first
        return f"{moment:%m-%d %H:%M}", ""
    if style == "full":
        return f"{day} {moment:%H:%M}", minute
    if style == "seconds":
        return f"{moment:%Y-%m-%d %H:%M:%S}", minute
    if style == "short":
        return f"{moment:%m-%d %H:%M}", minute
    if style == "han":
        return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}", minute
    if style == "day":
        return f"{moment:%Y-%m-%d}", minute[:10]
    if style == "spoken":
        away = (NOW.date() - moment.date()).days
        word = {0: "今天", 1: "昨天", 2: "前天"}.get(away)
        minutes = int((NOW - moment).total_seconds() // 60)
        if minutes < 60:
            return f"{minutes}分钟前", minute
        return (f"{word} {moment:%H:%M}", minute) if word else (f"{moment:%m-%d %H:%M}", minute)
    return f"{moment:%b} {moment.day}, {moment.year} {moment:%H:%M}", minute


NAV = "".join(
    f'<li><a href="/c{place}/">{word}</a></li>'
    for place, word in enumerate(["首页", "本地", "社会", "民生", "教育", "交通", "天气", "图片", "视频", "论坛"])
)
SIDE = "".join(f'<li><a href="/hot/{place}.html">热门推荐第{place}条旧闻</a></li>' for place in range(8))
FOOT = '<div class="footer"><p>关于我们 | 联系方式 | 招聘信息</p><p>云岭ICP备00000000号 未经书面授权不得转载 Copyright 2026</p></div>'


def page(title: str, inner: str, head: str = "") -> str:
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title>{head}<script>var a="<div>"</script></head><body>'
        f'<div class="header"><ul class="menu">{NAV}</ul></div>{inner}<div class="side"><h3>热门</h3><ul>{SIDE}</ul></div>{FOOT}</body></html>'
    )


# ---------------------------------------------------------------- threads


def discuz_thread(title: str, posts: list[Said]) -> str:
    """Tables in tables; the floor is a number and a sign."""
    rows = "".join(
        f'<div id="post_{p.number}00"><table id="pid{p.number}00" class="plhin"><tr><td class="pls" rowspan="2"><div class="pls favatar"><div class="pi"><div class="authi">'
        f'<a href="home.php?mod=space&uid={p.number}" class="xw1">{p.name}</a></div></div><div><p><em>金牌会员</em></p><dl class="pil cl"><dt>积分</dt><dd>{p.reads}</dd></dl></div></div></td>'
        f'<td class="plc"><div class="pi"><strong><a href="forum.php?pid={p.number}" id="postnum{p.number}"><em>{p.number}</em><sup>#</sup></a></strong><div class="pti"><div class="authi">'
        f'<em id="authorposton{p.number}">发表于 {p.shown}</em><span class="pipe">|</span><a href="?authorid=1">只看该作者</a></div></div></div>'
        f'<div class="pct"><div class="pcb"><div class="t_fsz"><table><tr><td class="t_f" id="postmessage_{p.number}">{p.text}</td></tr></table></div>{_pcomments(p)}</div></div></td></tr>'
        f'<tr><td class="plc plm"><div class="sign">签名：生活不止眼前</div></td></tr></table></div>'
        for p in posts
    )
    return page(
        f"{title} - 云岭论坛 - Powered by Discuz!",
        f'<div id="pt"><a href="/">论坛</a> › {title}</div><h1 class="ts"><span id="thread_subject">{title}</span></h1><div id="postlist" class="pl bm">{rows}</div>',
    )


def _pcomments(p: Said) -> str:
    inner = "".join(
        f'<div class="pstl xs1 cl"><div class="psta"><a href="home.php?mod=space&uid=9" class="xi2 xw1">{c.name}</a></div><div class="psti">{c.text}&nbsp;<span class="xg1">发表于 {c.shown}</span></div></div>'
        for c in p.comments
    )
    return f'<div class="cm"><h3 class="psth xs1">点评</h3>{inner}</div>' if inner else ""


def xenforo_thread(title: str, posts: list[Said]) -> str:
    """Articles with <time datetime>."""
    rows = "".join(
        f'<article class="message message--post" data-author="{p.name}" id="js-post-{p.number}"><div class="message-inner"><div class="message-cell message-cell--user"><section class="message-user"><h4 class="message-name"><a class="username" href="/members/{p.number}/">{p.name}</a></h4><h5 class="userTitle">Member</h5></section></div>'
        f'<div class="message-cell message-cell--main"><header class="message-attribution"><ul><li><a href="/post-{p.number}" class="u-concealed"><time class="u-dt" datetime="{p.time}:00+08:00" title="at">{p.shown}</time></a></li><li><a href="/post-{p.number}">#{p.number}</a></li></ul></header>'
        f'<div class="message-content"><article class="message-body"><div class="bbWrapper">{p.text}</div></article></div><footer class="message-footer"><a>赞</a> <a>回复</a></footer></div></div></article>'
        for p in posts
    )
    return page(
        f"{title} | 云岭社区", f'<div class="p-body"><h1 class="p-title-value">{title}</h1><div class="block-body">{rows}</div></div>'
    )


def old_table_thread(title: str, posts: list[Said]) -> str:
    """Divs with author and time in one line above the text, floors at the end of it."""
    rows = "".join(
        f'<div class="atl-item" id="{p.number}" _host="{p.name}"><div class="atl-head"><div class="atl-info"><span>作者：<a href="http://bbs.example/u/{p.number}" class="js-vip-check">{p.name}</a></span> <span>时间：{p.shown}</span></div></div>'
        f'<div class="atl-content"><div class="atl-con-bd clearfix"><div class="bbs-content">{p.text}</div><div class="atl-reply">来自 手机版 | 举报 | <span>{p.number}楼</span> | <a>点赞</a> | <a>回复</a></div></div></div></div>'
        for p in posts
    )
    return page(
        f"{title}_县城杂谈_论坛_云岭社区",
        f'<h1 class="atl-title"><span class="s_title"><span>{title}</span></span></h1><div class="atl-main">{rows}</div>',
    )


def answers_below(title: str, posts: list[Said]) -> str:
    """The opening post stands apart, answers are a list."""
    first, rest = posts[0], posts[1:]
    rows = "".join(
        f'<li class="clearfix comment-item reply-item" id="{p.number}"><div class="user-face"><a href="/people/{p.number}/"><img src="x.jpg" alt="{p.name}"></a></div><div class="reply-doc content"><div class="bg-img-green"><h4><a href="/people/{p.number}/">{p.name}</a> <span class="pubtime">{p.shown}</span></h4></div><p class="reply-content">{p.text}</p><div class="operation-div"><a>赞</a><a>回应</a></div></div></li>'
        for p in rest
    )
    return page(
        f"{title}",
        f'<div class="article"><h1>{title}</h1><div class="topic-content clearfix" id="topic-content"><div class="topic-doc"><h3><span class="from">来自: <a href="/people/1/">{first.name}</a></span> <span class="create-time color-green">{first.shown}</span></h3><div class="topic-richtext"><p>{first.text}</p></div></div></div>'
        f'<ul class="topic-reply" id="comments">{rows}</ul></div>',
    )


def phone_thread(title: str, posts: list[Said]) -> str:
    """Divs with hashed class names, floors as words."""
    rows = "".join(
        f'<div class="css-1k2x{p.number} post"><div class="css-u9"><span class="nick">{p.name}</span><span class="floor">{"楼主" if p.number == 1 else f"{p.number}楼"}</span><span class="time">{p.shown}</span></div><div class="css-txt content">{p.text}</div>{_subs(p)}</div>'
        for p in posts
    )
    return page(title, f"<section><h1>{title}</h1>{rows}</section>")


def _subs(p: Said) -> str:
    inner = "".join(
        f'<li class="sub-item"><a class="nick" href="/user/{c.number}">{c.name}</a>：<span class="sub-content">{c.text}</span> <span class="sub-time">{c.shown}</span></li>'
        for c in p.comments
    )
    return f'<ul class="sub-replies">{inner}</ul>' if inner else ""


def phpbb_thread(title: str, posts: list[Said]) -> str:
    rows = "".join(
        f'<div id="p{p.number}" class="post has-profile bg{p.number % 2 + 1}"><div class="inner"><dl class="postprofile"><dt><a href="./memberlist.php?mode=viewprofile&u={p.number}" class="username">{p.name}</a></dt><dd class="profile-posts"><strong>帖子:</strong> {p.reads}</dd></dl>'
        f'<div class="postbody"><div><h3><a href="#p{p.number}">Re: {title}</a></h3><p class="author"><a class="unread" href="./viewtopic.php?p={p.number}">帖子</a> <span class="responsive-hide">由 <strong><a href="./memberlist.php?u={p.number}" class="username">{p.name}</a></strong> » </span><time datetime="{p.time}:00+08:00">{p.shown}</time></p><div class="content">{p.text}</div></div></div></div></div>'
        for p in posts
    )
    return page(f"{title} - 查看主题", f'<h2 class="topic-title"><a href="./viewtopic.php?t=1">{title}</a></h2>{rows}')


THREADS = (
    (discuz_thread, "full", True),
    (discuz_thread, "spoken", False),
    (xenforo_thread, "english", False),
    (old_table_thread, "seconds", False),
    (answers_below, "seconds", False),
    (phone_thread, "spoken", True),
    (phone_thread, "short", True),
    (phpbb_thread, "han", False),
)


# ---------------------------------------------------------------- lists


def discuz_list(rows: list[Said]) -> str:
    inner = "".join(
        f'<tbody id="normalthread_{p.number}"><tr><td class="icn"><a href="forum.php?tid={p.number}"><img src="f.gif"></a></td><th class="common"><em>[<a href="forum.php?typeid=1">求助</a>]</em> <a href="thread-{p.number}-1-1.html" class="s xst">{p.text}</a></th>'
        f'<td class="by"><cite><a href="home.php?mod=space&uid={p.number}">{p.name}</a></cite><em><span>{p.shown}</span></em></td><td class="num"><a href="thread-{p.number}-1-1.html" class="xi2">{p.replies}</a><em>{p.reads}</em></td>'
        f'<td class="by"><cite><a href="home.php?username=x">末名</a></cite><em><a href="forum.php?goto=lastpost"><span title="2026-11-23 15:50">16 分钟前</span></a></em></td></tr></tbody>'
        for p in rows
    )
    return page("县城杂谈 - 云岭论坛 - Powered by Discuz!", f'<div id="threadlist"><table id="threadlisttableid">{inner}</table></div>')


def plain_table_list(rows: list[Said]) -> str:
    """A table whose head says what stands in the columns."""
    inner = "".join(
        f'<tr><td class="td-title"><a href="/post-{p.number}.shtml">{p.text}</a></td><td><a class="author" href="/u/{p.number}">{p.name}</a></td><td>{p.reads}</td><td>{p.replies}</td><td title="{p.shown}">{p.shown}</td></tr>'
        for p in rows
    )
    return page(
        "县城杂谈_论坛",
        f'<table class="tab-bbs-list"><tr><th>标题</th><th>作者</th><th>点击</th><th>回复</th><th>发表时间</th></tr>{inner}</table>',
    )


def douban_list(rows: list[Said]) -> str:
    inner = "".join(
        f'<tr class=""><td class="title"><a href="https://group.example/topic/{p.number}/" title="{p.text}">{p.text}</a></td><td nowrap="nowrap"><a href="https://group.example/people/{p.number}/">{p.name}</a></td><td nowrap="nowrap" class="r-count">{p.replies}</td><td nowrap="nowrap" class="time">{p.shown}</td></tr>'
        for p in rows
    )
    return page(
        "云岭小组讨论",
        f'<table class="olt"><tr class="th"><td>讨论</td><td>作者</td><td nowrap="nowrap">回应</td><td align="right">最后回应</td></tr>{inner}</table>',
    )


def cell_list(rows: list[Said]) -> str:
    inner = "".join(
        f'<div class="cell item"><table><tr><td width="48"><a href="/member/{p.name}"><img></a></td><td><span class="item_title"><a href="/t/{p.number}#reply{p.replies}" class="topic-link">{p.text}</a></span><div class="sep5"></div><span class="topic_info"><a class="node" href="/go/x">生活</a> &nbsp;•&nbsp; <strong><a href="/member/{p.name}">{p.name}</a></strong> &nbsp;•&nbsp; <span title="{p.time}:00 +08:00">{p.shown}</span></span></td><td width="70"><a href="/t/{p.number}#reply{p.replies}" class="count_livid">{p.replies}</a></td></tr></table></div>'
        for p in rows
    )
    return page("云岭社区", f'<div class="box">{inner}</div>')


def xenforo_list(rows: list[Said]) -> str:
    inner = "".join(
        f'<div class="structItem structItem--thread"><div class="structItem-cell structItem-cell--main"><div class="structItem-title"><a href="/threads/{p.number}/">{p.text}</a></div><div class="structItem-minor"><ul class="structItem-parts"><li><a class="username" href="/members/{p.number}/">{p.name}</a></li><li class="structItem-startDate"><time datetime="{p.time}:00+0800">{p.shown}</time></li></ul></div></div>'
        f'<div class="structItem-cell structItem-cell--meta"><dl class="pairs"><dt>回复</dt><dd>{p.replies}</dd></dl><dl class="pairs"><dt>浏览</dt><dd>{p.reads}</dd></dl></div><div class="structItem-cell structItem-cell--latest"><time class="structItem-latestDate" datetime="2026-11-23T15:59:00+0800">7 分钟前</time></div></div>'
        for p in rows
    )
    return page("县城杂谈 | 云岭社区", f'<div class="structItemContainer">{inner}</div>')


def news_list(rows: list[Said]) -> str:
    inner = "".join(
        f'<div class="news_item"><a class="pic" href="/news/2026/{p.number}.html"><img></a><h3><a href="/news/2026/{p.number}.html">{p.text}</a></h3><p class="abstract">{p.text[:8]}……记者从有关部门了解到，后续情况仍在核实当中。</p><div class="news_tag"><span class="source">云岭日报</span><span class="time">{p.shown}</span><a class="comment" href="/news/2026/{p.number}.html#c">{p.replies}评论</a></div></div>'
        for p in rows
    )
    return page("新闻滚动_云岭新闻网", f'<div class="news_list">{inner}</div>')


def notice_list(rows: list[Said]) -> str:
    inner = "".join(
        f'<li><span>[{p.shown}]</span><a href="./202611/t202611{p.number:02d}_1.html" target="_blank">{p.text}</a></li>' for p in rows
    )
    return page(
        "通知公告-云岭县人民政府",
        f'<div class="list"><h2>通知公告</h2><ul class="wjlist">{inner}</ul><div class="page"><a href="index_1.html">下一页</a></div></div>',
    )


def search_results(rows: list[Said]) -> str:
    inner = "".join(
        f'<div class="result c-container" id="{p.number}"><h3 class="t"><a href="/link?url={p.number}"><em>水管</em>{p.text}</a></h3><div class="c-abstract"><span class="newTimeFactor">{p.shown}</span> {p.text[:12]}，<em>水管</em>相关消息请看正文……</div><div class="f13"><a class="c-showurl">news.example</a></div></div>'
        for p in rows
    )
    return page(
        "水管_云岭搜索", f'<form action="/s"><input name="wd" value="水管"><input type="submit"></form><div id="content_left">{inner}</div>'
    )


LISTS = (
    (discuz_list, "day", "thread_list", True),
    (discuz_list, "spoken", "thread_list", True),
    (plain_table_list, "short", "thread_list", True),
    (douban_list, "last", "thread_list", True),
    (cell_list, "spoken", "thread_list", True),
    (xenforo_list, "english", "thread_list", True),
    (news_list, "seconds", "link_list", True),
    (notice_list, "day", "link_list", False),
    (search_results, "full", "search_result", False),
)
