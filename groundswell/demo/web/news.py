"""News and government sites: list and article pages in five kinds of markup, one of them in GBK."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

import orjson

from groundswell.demo.acts.act import Act, reach_at
from groundswell.demo.addresses import path_of
from groundswell.demo.web.page import Ask, Reply, missing, paragraphs, state_of, text

ROWS = 20


def news(ask: Ask) -> Reply:
    """A list page, or the article that the address names."""
    number = _number(ask)
    if number:
        act = ask.world.numbered(ask.source.slug, number)
        return _article(ask, act) if act else missing()
    if ask.path in ("", "index.html") or ask.path.startswith("list_"):
        return _listing(ask)
    return missing()


def _number(ask: Ask) -> int:
    last = ask.query.get("id", "") if ask.path == "show.asp" else ask.path.rstrip("/").rpartition("/")[2]
    digits = last.partition(".")[0].rpartition("_")[2]
    return int(digits) if digits.isdigit() and len(digits) >= 8 else 0


def _listing(ask: Ask) -> Reply:
    page = int(ask.path.removeprefix("list_").partition(".")[0] or 1) if ask.path.startswith("list_") else 1
    acts = ask.world.latest(ask.source.slug, ROWS, page)
    write = {"page": _whole}.get(ask.source.kind, _LISTS[ask.source.style])
    return Reply(
        write=lambda: write(ask, acts, page),
        state=state_of(acts, page),
        changed=acts[0].at if acts else None,
        kind="text/html" if ask.source.style == "table" else "text/html; charset=utf-8",
        charset="gb18030" if ask.source.style == "table" else "utf-8",
    )


def _article(ask: Ask, act: Act) -> Reply:
    return Reply(
        write=lambda: _ARTICLES[ask.source.style](ask, act),
        state=state_of([act]),
        changed=act.at,
        kind="text/html" if ask.source.style == "table" else "text/html; charset=utf-8",
        charset="gb18030" if ask.source.style == "table" else "utf-8",
    )


def _more(ask: Ask, page: int) -> str:
    if ask.world.size(ask.source.slug) <= page * ROWS:
        return ""
    return f'<div class="pages"><a class="next" href="{ask.source.path}list_{page + 1}.html">下一页</a></div>'


_MENU = (("index", "首页"), ("yaowen", "要闻"), ("gonggao", "公告"), ("zhengce", "政策"), ("hudong", "互动交流"), ("fuwu", "办事服务"))


def _menu(ask: Ask) -> str:
    return "".join(f'<a href="{ask.source.path}{"" if key == "index" else "channel/" + key}">{name}</a>' for key, name in _MENU)


# ---- cms: a government content system


def _cms_list(ask: Ask, acts: list[Act], page: int) -> str:
    rows = "".join(
        f'<li><span class="date">{act.at:%Y-%m-%d}</span><a href="{path_of(act, ask.source)}" target="_blank" title="{text(act.title)}">{text(act.title)}</a></li>'
        for act in acts
    )
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{text(ask.source.name)}</title><meta name="ColumnName" content="工作动态"></head>'
        f'<body><div class="header"><h1 class="logo">{text(ask.source.name)}</h1><div class="nav">{_menu(ask)}</div></div>'
        f'<div class="main"><div class="side"><ul><li><a href="{ask.source.path}about.html">机构职能</a></li><li><a href="{ask.source.path}lianxi.html">联系我们</a></li></ul></div>'
        f'<div class="list"><h2>工作动态</h2><ul class="news-list">{rows}</ul>{_more(ask, page)}</div></div>'
        f'<div class="footer">主办：{text(ask.source.owner)}　网站标识码：0000000000</div></body></html>'
    )


def _cms_article(ask: Ask, act: Act) -> str:
    reads = reach_at(act, ask.now).reads
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{text(act.title)} - {text(ask.source.name)}</title>'
        f'<meta name="ArticleTitle" content="{text(act.title)}"><meta name="PubDate" content="{act.at:%Y-%m-%d %H:%M}"><meta name="ContentSource" content="{text(act.author)}"></head>'
        f'<body><div class="header"><div class="nav">{_menu(ask)}</div></div><div class="crumb">当前位置：<a href="{ask.source.path}">首页</a> &gt; 工作动态</div>'
        f'<div class="article"><h1 class="title">{text(act.title)}</h1><div class="info"><span>发布时间：{act.at:%Y-%m-%d %H:%M}</span><span>来源：{text(act.author)}</span><span>浏览次数：{reads}</span></div>'
        f'<div class="content" id="zoom">{paragraphs(act.text)}</div></div>'
        f'<div class="tools"><a href="javascript:window.print()">打印</a><a href="javascript:window.close()">关闭</a></div>'
        f'<div class="footer">主办：{text(ask.source.owner)}　地址：云岭县　电话：0000-8000</div></body></html>'
    )


# ---- table: an old site in GBK, laid out with tables


def _table_list(ask: Ask, acts: list[Act], page: int) -> str:
    rows = "".join(
        f'<tr><td width="12">·</td><td><a href="{path_of(act, ask.source)}">{text(act.title)}</a></td><td width="90" align="right"><font color="#999999">[{act.at:%Y/%m/%d}]</font></td></tr>'
        for act in acts
    )
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=gbk"><title>{text(ask.source.name)}</title></head><body bgcolor="#FFFFFF">'
        f'<table width="1000" align="center"><tr><td height="120"><b>{text(ask.source.name)}</b></td></tr><tr><td>{_menu(ask)}</td></tr></table>'
        f'<table width="1000" align="center"><tr><td width="220" valign="top">通知公告<br>领导分工<br>办事指南</td><td valign="top"><table width="100%" class="lb">{rows}</table>{_more(ask, page)}</td></tr></table>'
        f'<table width="1000" align="center"><tr><td align="center">版权所有：{text(ask.source.owner)}</td></tr></table></body></html>'
    )


def _table_article(ask: Ask, act: Act) -> str:
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=gbk"><title>{text(act.title)}</title></head><body>'
        f'<table width="1000" align="center"><tr><td>{_menu(ask)}</td></tr></table>'
        f'<table width="900" align="center"><tr><td align="center" class="bt"><b>{text(act.title)}</b></td></tr>'
        f'<tr><td align="center" class="xx">作者：{text(act.author)}　发布时间：{act.at.year}年{act.at.month}月{act.at.day}日 {act.at:%H:%M}　点击数：{reach_at(act, ask.now).reads}</td></tr>'
        f'<tr><td class="zw"><div id="nr">{paragraphs(act.text)}</div></td></tr></table>'
        f'<table width="1000" align="center"><tr><td align="center">版权所有：{text(ask.source.owner)}</td></tr></table></body></html>'
    )


def _whole(ask: Ask, acts: list[Act], page: int) -> str:
    """A notice board on one page: all that is in force, newest first, no page of its own for any of it."""
    notices = "".join(
        f'<h3 id="g{act.number}">{text(act.title)}</h3><p class="rq">{act.at:%Y-%m-%d}</p>{paragraphs(act.text)}<hr>' for act in acts[:8]
    )
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=gbk"><title>{text(ask.source.name)} 办事公告</title></head><body>'
        f'<table width="900" align="center"><tr><td><h2>办事公告</h2>{notices}</td></tr></table></body></html>'
    )


# ---- modern: a newsroom with structured data


def _modern_list(ask: Ask, acts: list[Act], page: int) -> str:
    cards = "".join(
        f'<article class="card"><h3><a href="{path_of(act, ask.source)}">{text(act.title)}</a></h3><p class="summary">{text(act.text.split(chr(10))[0][:60])}…</p>'
        f'<footer><time datetime="{act.at.isoformat()}">{act.at:%m-%d %H:%M}</time></footer></article>'
        for act in acts
    )
    return (
        f'<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{text(ask.source.name)}</title></head><body>'
        f'<header class="site"><a class="brand" href="{ask.source.path}">{text(ask.source.name)}</a><nav>{_menu(ask)}</nav></header><main>{cards}{_more(ask, page)}</main>'
        f"<aside><h4>热门</h4><ol><li>天气</li><li>菜价</li><li>公交查询</li></ol></aside><footer>© {text(ask.source.owner)}</footer></body></html>"
    )


def _modern_article(ask: Ask, act: Act) -> str:
    reach = reach_at(act, ask.now)
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": act.title,
        "datePublished": act.at.isoformat(),
        "author": {"@type": "Organization", "name": act.author},
    }
    return (
        f'<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>{text(act.title)}_{text(ask.source.name)}</title><meta property="og:title" content="{text(act.title)}">'
        f'<meta property="og:type" content="article"><meta property="article:published_time" content="{act.at.isoformat()}"><link rel="canonical" href="{ask.base}{path_of(act, ask.source)}">'
        f'<script type="application/ld+json">{orjson.dumps(data).decode().replace("</", "<" + chr(92) + "/")}</script></head><body><header class="site"><nav>{_menu(ask)}</nav></header>'
        f'<main><article><h1>{text(act.title)}</h1><div class="meta"><span class="source">{text(act.author)}</span><time datetime="{act.at.isoformat()}">{act.at:%Y-%m-%d %H:%M:%S}</time>'
        f'<span>阅读 {reach.reads}</span><span>评论 {reach.comments}</span></div><div class="article-body">{paragraphs(act.text)}</div></article></main>'
        f'<section class="related"><h2>相关阅读</h2><ul>{_related(ask, act)}</ul></section><footer>© {text(ask.source.owner)}</footer></body></html>'
    )


def _related(ask: Ask, act: Act) -> str:
    near = [other for other in ask.world.latest(ask.source.slug, 4) if other.ref != act.ref]
    return "".join(f'<li><a href="{path_of(other, ask.source)}">{text(other.title)}</a></li>' for other in near[:3])


# ---- plain: little markup, few classes


def _plain_list(ask: Ask, acts: list[Act], page: int) -> str:
    rows = "".join(f'<p>{act.at:%m月%d日 %H:%M} <a href="{path_of(act, ask.source)}">{text(act.title)}</a></p>' for act in acts)
    return f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{text(ask.source.name)}</title></head><body><h1>{text(ask.source.name)}</h1><div>{rows}</div>{_more(ask, page)}<p>{text(ask.source.owner)}</body></html>"


def _plain_article(ask: Ask, act: Act) -> str:
    lines = "<br><br>".join(text(line) for line in act.text.split("\n"))
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{text(act.title)}</title></head><body><h1>{text(act.title)}</h1><p>{act.at:%Y-%m-%d %H:%M}　{text(act.author)}</p>"
        f"<div>{lines}</div><p><a href='{ask.source.path}'>返回</a></p></body></html>"
    )


# ---- blog


def _blog_list(ask: Ask, acts: list[Act], page: int) -> str:
    posts = "".join(
        f'<article class="post"><h2 class="entry-title"><a rel="bookmark" href="{path_of(act, ask.source)}">{text(act.title)}</a></h2><time datetime="{act.at.isoformat()}">{act.at:%Y-%m-%d}</time><div class="excerpt">{text(act.text[:80])}</div></article>'
        for act in acts
    )
    return (
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{text(ask.source.name)}</title><link rel="alternate" type="{_FEED_TYPES[ask.source.feed]}" href="{ask.source.path}feed"></head>'
        f"<body><h1>{text(ask.source.name)}</h1>{posts}{_more(ask, page)}</body></html>"
    )


def _blog_article(ask: Ask, act: Act) -> str:
    return (
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{text(act.title)} | {text(ask.source.name)}</title></head><body><article class="post hentry"><h1 class="entry-title">{text(act.title)}</h1>'
        f'<p class="byline"><time class="published" datetime="{act.at.isoformat()}">{act.at:%Y年%m月%d日}</time></p><div class="entry-content">{paragraphs(act.text)}</div></article></body></html>'
    )


_FEED_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json", "": "application/rss+xml"}
_LISTS = {"cms": _cms_list, "table": _table_list, "modern": _modern_list, "plain": _plain_list, "blog": _blog_list}
_ARTICLES = {"cms": _cms_article, "table": _table_article, "modern": _modern_article, "plain": _plain_article, "blog": _blog_article}
