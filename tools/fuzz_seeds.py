"""What the fuzzer begins with: whole pages, feeds, dates and queries of every kind that the readers know; texts, also of one thing said on and on."""
# ruff: noqa: E501 (a pattern or a table stays one line)

from __future__ import annotations

import gzip
from pathlib import Path

ARTICLE = (
    '<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>青石路水管抢修完毕_云岭新闻网</title><meta property="article:published_time" '
    'content="2026-11-23T09:30:00+08:00"><script type="application/ld+json">{"datePublished":"2026-11-23T01:30:00Z"}</script></head><body><div class="nav"><ul>'
    + "".join(f'<li><a href="/c{n}">栏目{n}</a></li>' for n in range(9))
    + '</ul></div><div class="main"><h1>青石路水管抢修完毕</h1><div class="info">2026-11-23 09:30 来源：云岭新闻网</div><div class="content"><p>'
    + "县水务局连夜抢修，沿线三个小区停水六小时，今日上午十时已全部恢复供水。</p><p>" * 6
    + '</p></div></div><div style="display:none"><a href="/x">隐</a></div></body></html><div>再来一段</div></html>'
)
THREAD = (
    "<html><head><title>路灯坏了没人修</title></head><body><h1>路灯坏了没人修</h1>"
    + "".join(
        f'<table class="post"><tr><td><a href="/user/{n}" class="author">网友{n}</a></td><td><div><a class="floor">{n}楼</a> <em>发表于 昨天 08:{n:02d}</em></div>'
        f'<div class="message">青石路的路灯坏了半个月，第{n}次反映了。</div><ul class="subs"><li class="sub"><a class="nick" href="/user/x">丙</a>：支持 <time datetime="2026-11-23T16:01:00+08:00">5分钟前</time></li></ul></td></tr></table>'
        for n in range(1, 8)
    )
    + '<a href="2.html">下一页</a></body></html>'
)
BOARD = (
    "<html><head><title>云岭论坛</title></head><body><table><tr><th>标题</th><th>作者</th><th>回复/查看</th><th>最后发表</th></tr>"
    + "".join(
        f'<tr><th><a href="/thread-{n}.html">第{n}小区停水何时恢复</a></th><td><a href="/user/{n}">网友{n}</a><em>昨天 08:{n:02d}</em></td><td>{n}/{n * 107}</td><td>3分钟前</td></tr>'
        for n in range(12)
    )
    + '</table><code><!-- <ul><li><a href="/a">藏在注释里的一行</a></li></ul> --></code></body></html>'
)
RSS = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>云岭</title><link>http://n.example/</link>'
    + "<item><title>停水 &amp; 通知</title><link>/a/1.html</link><guid>g1</guid><pubDate>Mon, 23 Nov 2026 16:05:00 +0800</pubDate><dc:creator>水务局</dc:creator><category>供水</category>"
    "<description>&lt;p&gt;明日停水&lt;/p&gt;</description><content:encoded><![CDATA[<p>正文</p>]]></content:encoded></item>"
    * 5
    + "</channel></rss>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>1</id><title>甲</title><link href="http://n.example/1"/><published>2026-11-23T16:05:00+08:00</published>'
    '<author><name>甲</name></author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>正文</p></div></content></entry></feed>'
)
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="http://n.example/"><title>c</title></channel>'
    '<item rdf:about="http://n.example/3"><title>A</title><link>http://n.example/3</link></item></rdf:RDF>'
)
JSON = (
    '{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[{"id":"1","url":"http://n.example/1","title":"甲","content_html":"<p>正文</p>","date_published":"2026-11-23T16:05:00+08:00","tags":["a"],'
    '"authors":[{"name":"x"}]}]}'
)
BOMB = RSS.replace("<rss", '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><rss', 1)
DATES = [
    "2026-11-23T16:05:00+08:00",
    "2026年11月23日 下午4点05分",
    "二〇二六年十一月二十三日",
    "民国115年11月23日",
    "昨天 08:12",
    "前天",
    "3分钟前",
    "半小时前",
    "11-20 09:12",
    "周一 10:00",
    "上周三",
    "刚刚",
    "1795421100",
    "1795421100000",
    "Mon, 23 Nov 2026 16:05:00 GMT",
    "Nov 23, 2026 4:05 PM",
    "23 November 2026",
    "yesterday at 5:30 pm",
    "2 hours ago",
    "20261123160500",
    "2026.11.23",
    "26-11-23 10:00",
    "2026-11",
    "今天10:00",
    "12:30",
]
QUERIES = [
    "(自来水 OR 供水 OR 停水) NOT 招聘",
    '"水 管" NEAR/5 破裂',
    "unit:water place:qinghe",
    "=水费",
    "~水务局 -广告",
    "且 或 非",
    "（自来水 或 供水）且 非 招聘",
    "since:2026-11-01 until:2026-11-23 停水",
    'title:"停水通知" source:yunling-daily kind:post lang:zh tone:negative level:II',
    "a b c",
    "((((a))))",
    "NOT NOT a",
    '"unclosed',
    "OR",
    "NEAR/3",
    "place:",
]


def pages(data: Path | None) -> list[bytes]:
    made = [ARTICLE, THREAD, BOARD]
    return [
        *(page.encode() for page in made),
        *(page.encode("gb18030") for page in made),
        ARTICLE.encode("utf-16"),
        ARTICLE.replace("utf-8", "gb2312").encode(),
        ARTICLE.encode("big5", "replace"),
        *_real(data, "*.html.gz"),
    ]


def feeds(data: Path | None) -> list[bytes]:
    made = [RSS, ATOM, RDF, JSON, BOMB]
    return [
        *(feed.encode() for feed in made),
        RSS.replace("utf-8", "gbk").encode("gbk"),
        RSS.replace("utf-8", "utf-16").encode("utf-16"),
        *_real(data, "[0-9a-f]*[0-9a-f].gz"),
    ]


LONG = 12_000  # characters
OVER_AND_OVER = (
    "水", "1", "a", " ", "\n", "！", "@", "@a", "@a ", "//@a：", "回复@a：", "1.", "1年", "http://", "a@", "【", "（", "市", "的", "不", "供水停水", "清河镇",
    "县水务局", "锦绣小区", "万人", "十", "几", "哈哈", "不是不", "某某", "王局长", "😀", "e\u0301", "，1", "昨天", "谣言", "工资",
)  # fmt: skip
SENTENCES = (
    "清河镇锦绣小区自来水发黄两天，接出来还像茶水，水务局电话没人接，孩子不敢喝。",
    "//@某用户：转发 回复@某用户：我们这里也停暖气了，三栋楼两百多户人家，老人受不了。",
    "网传全县学校停课一周？求证！教育局说没有这回事，请不要信谣传谣。",
    "Water has been brown in Jinxiu estate for two days; nobody at the county office answers.",
)


def dates() -> list[bytes]:
    return [date.encode() for date in DATES]


def queries() -> list[bytes]:
    return [query.encode() for query in QUERIES]


def texts() -> list[bytes]:
    """Sentences, and a word or mark over and over: where work grows with the square of the length, it shows there."""
    return [(word * (LONG // len(word))).encode() for word in OVER_AND_OVER] + [sentence.encode() for sentence in SENTENCES]


def _real(data: Path | None, pattern: str) -> list[bytes]:
    return [gzip.decompress(path.read_bytes()) for path in sorted(data.rglob(pattern))] if data else []
