"""Articles of many layouts: portals, offices, old tables, scripts that say the time, a few lines beside a long list."""

from __future__ import annotations

from collections.abc import Callable

from tests.engine_read.made import SIDE, page

Article = Callable[[str, list[str], str], str]
TIMES = ("2026-11-23 09:30", "2026年11月23日09:30", "2026/11/23 9:30:12")


def _paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def portal(title: str, lines: list[str], shown: str) -> str:
    return page(
        f"{title}_新闻中心_云岭网",
        f'<div class="main-content"><div class="path"><a href="/">新闻中心</a> &gt; 正文</div><h1 class="main-title">{title}</h1><div class="top-bar"><span class="date">{shown}</span><span class="source">云岭日报</span></div>'
        f'<div class="article" id="artibody"><p>　　原标题：{title}</p>{_paragraphs(lines)}<p class="show_author">责任编辑：王某</p></div><div class="keywords">关键字 : <a>水管</a></div></div>',
    )


def platform(title: str, lines: list[str], shown: str) -> str:
    return page(
        f"{title}_县城",
        f'<div class="text"><div class="text-title"><h1>{title} <span class="article-tag"></span></h1><div class="article-info"><span class="time" data-val="1795397400000">{shown}</span> 来源: <a>云岭号</a></div></div>'
        f'<article class="article" id="mp-editor">{_paragraphs(lines)}<p><a href="//www.example.com">返回云岭，查看更多</a></p></article></div><div class="statement">平台声明：该文观点仅代表作者本人，本平台仅提供信息存储空间服务。</div>',
    )


def notice(title: str, lines: list[str], shown: str) -> str:
    return page(
        f"{title}-云岭县人民政府",
        f'<div class="crumb">当前位置：<a href="/">首页</a> > <a href="/zw">政务公开</a> > 通知公告</div><table class="bd1"><tr><td>索引号：</td><td>000014349/2026-00087</td><td>发布日期：</td><td>{shown}</td></tr><tr><td>标题：</td><td colspan=3>{title}</td></tr></table>'
        f'<div class="pages-title">{title}</div><div class="pages-date">{shown} 来源： 县水务局 【字体：<a>大</a> <a>中</a> <a>小</a>】 打印</div><div id="UCAP-CONTENT" class="TRS_UEDITOR">{_paragraphs(lines)}</div><div class="share-box">分享：</div>',
        f'<meta name="PubDate" content="{shown}"><meta name="ArticleTitle" content="{title}">',
    )


def old_table(title: str, lines: list[str], shown: str) -> str:
    body = "<br><br>　　".join(lines)
    return page(
        f"云岭信息港 - {title}",
        f'<table width=960><tr><td><table><tr><td height=40 align=center class="bt"><b>{title}</b></td></tr><tr><td align=center>发布时间：{shown}　　来源：云岭信息港　　作者：佚名　　点击：123</td></tr>'
        f'<tr><td class="nr">{body}</td></tr><tr><td>上一篇：<a href=2>旧闻一则</a><br>下一篇：没有了</td></tr></table></td></tr></table>',
    )


def hidden_until_script(title: str, lines: list[str], shown: str) -> str:
    sections = "".join(f'<section><span style="font-size:15px">{line}</span></section>' for line in lines)
    return page(
        "",
        f'<div id="img-content"><h2 class="rich_media_title">{title}</h2><div><span>云岭发布</span><em id="publish_time"></em></div><div class="rich_media_content" style="visibility: hidden;">{sections}</div></div>',
        f'<meta property="og:title" content="{title}"><script>var ct = "1795397400";var publish_time = "2026-11-23 09:30";</script>',
    )


def linked_data(title: str, lines: list[str], shown: str) -> str:
    """The time stands only in a script, in UTC."""
    return page(
        f"{title} | 云岭观察",
        f'<main><article><header><h1>{title}</h1><p class="byline">记者 小李</p></header><div class="c-1x">{_paragraphs(lines)}</div></article></main><section class="rel"><h2>更多报道</h2><ul>{SIDE}</ul></section>',
        f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{title}","datePublished":"2026-11-23T01:30:00Z"}}</script>',
    )


def with_comments(title: str, lines: list[str], shown: str) -> str:
    return page(
        title,
        f'<div class="article-content"><h1>{title}</h1><div class="article-meta"><span>原创</span><span>{shown}</span>·<span class="name"><a>云岭融媒</a></span></div><article>{_paragraphs(lines)}</article></div>'
        '<div class="comment-list"><div class="c"><p class="content">说得好，希望尽快解决。</p><span>1小时前</span></div><div class="c"><p class="content">我家也停水了呀。</p><span>2小时前</span></div></div>',
    )


def plain_divs(title: str, lines: list[str], shown: str) -> str:
    return page(
        f"{title} - 云岭论坛",
        f'<h1>{title}</h1><div class="wrap"><div class="info">{shown} 来自 手机端</div><div class="detail">{"".join(f"<div>{line}</div>" for line in lines)}</div></div>',
    )


def only_address(title: str, lines: list[str], shown: str) -> str:
    """Nothing but the address knows the day."""
    return page(f"{title}——云岭网", f'<div class="title">{title}</div><div class="content">{_paragraphs(lines)}</div>')


only_address.address = "http://n.example/2026/1123/123.html"  # type: ignore[attr-defined]
only_address.known = "2026-11-23"  # type: ignore[attr-defined]
ARTICLES: tuple[Article, ...] = (
    portal,
    platform,
    notice,
    old_table,
    hidden_until_script,
    linked_data,
    with_comments,
    plain_divs,
    only_address,
)
