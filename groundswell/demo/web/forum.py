"""Forums in three kinds of markup: boards, threads with floors and pages, comments under floors, times as people read them."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

from groundswell.demo.acts.act import Act, reach_at
from groundswell.demo.addresses import PAGE_SIZE, path_of, thread_page
from groundswell.demo.web.page import Ask, Reply, missing, state_of, text
from groundswell.demo.web.world import spoken_age

THREADS = 25


def forum(ask: Ask) -> Reply:
    """A board, or a page of the thread that the address names."""
    if ask.path in ("", "index.html"):
        page = int(ask.query.get("page", "1")) if ask.query.get("page", "1").isdigit() else 1
        acts = ask.world.liveliest(ask.source.slug, THREADS, page)
        bumped = [f"{len(ask.world.answers(act))}" for act in acts]
        newest = max((ask.world.bumped(act) for act in acts), default=None)
        return Reply(write=lambda: _BOARDS[ask.source.style](ask, acts, page), state=state_of(acts, *bumped), changed=newest)
    number, page = _address(ask)
    thread = ask.world.numbered(ask.source.slug, number) if number else None
    if thread is None:
        return missing()
    answers = list(ask.world.answers(thread))
    return Reply(
        write=lambda: _THREADS[ask.source.style](ask, thread, answers, page),
        state=state_of([thread], page, len(answers)),
        changed=ask.world.bumped(thread),
    )


def _address(ask: Ask) -> tuple[int, int]:
    last = ask.path.rpartition("/")[2].removesuffix(".html").removeprefix("thread-")
    number, _, page = last.partition("-")
    page = page or ask.query.get("page", "1")
    return (int(number) if number.isdigit() else 0, int(page) if page.isdigit() else 1)


def floors_of(thread: Act, answers: list[Act]) -> list[tuple[int, Act, list[Act]]]:
    """Floor number, its post, the comments under it; the opening post is floor 1."""
    floors: list[tuple[int, Act, list[Act]]] = [(1, thread, [])]
    where = {thread.ref: 0}
    for answer in answers:
        if answer.kind == "comment":
            floors[where.get(answer.under, 0)][2].append(answer)
        else:
            where[answer.ref] = len(floors)
            floors.append((len(floors) + 1, answer, []))
    return floors


def _page_of(floors: list[tuple[int, Act, list[Act]]], page: int) -> list[tuple[int, Act, list[Act]]]:
    return floors[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]


def _pager(ask: Ask, thread: Act, floors: int, page: int) -> str:
    last = (floors + PAGE_SIZE - 1) // PAGE_SIZE
    if last <= 1:
        return ""
    first = path_of(thread, ask.source)
    links = "".join(
        f"<strong>{n}</strong>" if n == page else f'<a href="{thread_page(first, ask.source.style, n)}">{n}</a>' for n in range(1, last + 1)
    )
    following = f'<a class="nxt" rel="next" href="{thread_page(first, ask.source.style, page + 1)}">下一页</a>' if page < last else ""
    return f'<div class="pg">{links}{following}</div>'


def _board_pager(ask: Ask, page: int) -> str:
    return (
        f'<div class="pg"><a rel="next" href="{ask.source.path}?page={page + 1}">下一页</a></div>'
        if ask.world.size(ask.source.slug) > page * THREADS
        else ""
    )


def _head(ask: Ask, title: str) -> str:
    return f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{text(title)}</title></head><body><div id="top"><a href="/">首页</a><a href="{ask.source.path}">{text(ask.source.name)}</a><a href="/login">登录</a><a href="/register">注册</a></div>'


_FOOT = '<div id="foot">本站只提供交流平台，言论不代表本站立场　举报电话：0000-0000</div></body></html>'

# ---- classic: a table of threads, posts with a column for the author


def _classic_board(ask: Ask, acts: list[Act], page: int) -> str:
    rows = "".join(
        f'<tr class="thread"><th><a class="subject" href="{path_of(act, ask.source)}">{text(act.title)}</a></th><td class="by"><cite>{text(act.author)}</cite><em>{spoken_age(act.at, ask.now)}</em></td>'
        f'<td class="num"><a href="{path_of(act, ask.source)}">{len(ask.world.answers(act))}</a><em>{reach_at(act, ask.now).reads}</em></td><td class="last"><em>{spoken_age(ask.world.bumped(act), ask.now)}</em></td></tr>'
        for act in acts
    )
    return f'{_head(ask, ask.source.name)}<h1>{text(ask.source.name)}</h1><table id="threadlist"><tr><th>标题</th><td>作者</td><td>回复/查看</td><td>最后发表</td></tr>{rows}</table>{_board_pager(ask, page)}{_FOOT}'


def _classic_thread(ask: Ask, thread: Act, answers: list[Act], page: int) -> str:
    floors = floors_of(thread, answers)
    posts = "".join(_classic_post(ask, number, act, comments) for number, act, comments in _page_of(floors, page))
    return (
        f'{_head(ask, thread.title)}<div class="bm"><h1 id="subject">{text(thread.title)}</h1><span>查看: {reach_at(thread, ask.now).reads}</span> | <span>回复: {len(floors) - 1}</span></div>'
        f'<div id="postlist">{posts}</div>{_pager(ask, thread, len(floors), page)}{_FOOT}'
    )


def _classic_post(ask: Ask, number: int, act: Act, comments: list[Act]) -> str:
    under = "".join(
        f'<div class="pcomment"><a class="author" href="/user/{c.number}">{text(c.author)}</a> <span class="ptext">{text(c.text)}</span> <em title="{c.at:%Y-%m-%d %H:%M:%S}">{spoken_age(c.at, ask.now)}</em></div>'
        for c in comments
    )
    label = f"{number}楼 楼主" if number == 1 else f"{number}楼"
    return (
        f'<table class="post" id="pid{act.number}"><tr><td class="author"><a href="/user/{act.number}">{text(act.author)}</a><p>注册会员</p></td>'
        f'<td class="body"><div class="pi"><a class="floor" href="#pid{act.number}">{label}</a> <em>发表于 {_exact_or_spoken(ask, act)}</em></div>'
        f'<div class="message" id="postmessage_{act.number}">{text(act.text).replace(chr(10), "<br>")}</div>{f"<div class=comments>{under}</div>" if under else ""}</td></tr></table>'
    )


def _exact_or_spoken(ask: Ask, act: Act) -> str:
    age = spoken_age(act.at, ask.now)
    return f'<span title="{act.at:%Y-%m-%d %H:%M:%S}">{age}</span>' if "前" in age or "天" in age else f"{act.at:%Y-%m-%d %H:%M:%S}"


# ---- floors: a list of floors with the number at the end


def _floors_board(ask: Ask, acts: list[Act], page: int) -> str:
    rows = "".join(
        f'<li class="topic-item"><span class="replies" title="回复">{len(ask.world.answers(act))}</span><a class="topic-title" href="{path_of(act, ask.source)}">{text(act.title)}</a>'
        f'<span class="topic-author">{text(act.author)}</span><span class="topic-time">{spoken_age(act.at, ask.now)}</span></li>'
        for act in acts
    )
    return (
        f'{_head(ask, ask.source.name)}<h1>{text(ask.source.name)}</h1><ul class="topic-list">{rows}</ul>{_board_pager(ask, page)}{_FOOT}'
    )


def _floors_thread(ask: Ask, thread: Act, answers: list[Act], page: int) -> str:
    floors = floors_of(thread, answers)
    posts = "".join(_floor(ask, number, act, comments) for number, act, comments in _page_of(floors, page))
    return f'{_head(ask, f"{thread.title} - {ask.source.name}")}<h1 class="topic-title">{text(thread.title)}</h1><div class="stat">{reach_at(thread, ask.now).reads} 浏览 · {len(floors) - 1} 回复</div><div class="floors">{posts}</div>{_pager(ask, thread, len(floors), page)}{_FOOT}'


def _floor(ask: Ask, number: int, act: Act, comments: list[Act]) -> str:
    under = "".join(
        f'<li class="sub"><b class="nick">{text(c.author)}</b>：<span class="content">{text(c.text)}</span><time datetime="{c.at.isoformat()}">{spoken_age(c.at, ask.now)}</time></li>'
        for c in comments
    )
    return (
        f'<div class="floor" data-floor="{number}" id="f{act.number}"><div class="floor-head"><span class="floor-no">{number}楼</span><span class="user">{text(act.author)}</span></div><div class="post-content">{text(act.text).replace(chr(10), "<br>")}</div>'
        f'<div class="floor-foot"><time datetime="{act.at.isoformat()}">{spoken_age(act.at, ask.now)}</time></div>{f"<ul class=subs>{under}</ul>" if under else ""}</div>'
    )


# ---- flow: everything on one page, newest markup


def _flow_board(ask: Ask, acts: list[Act], page: int) -> str:
    rows = "".join(
        f'<div class="feed-item"><h3><a href="{path_of(act, ask.source)}">{text(act.title)}</a></h3><p class="digest">{text(act.text[:50])}</p>'
        f'<div class="info"><span>{text(act.author)}</span><span>{spoken_age(act.at, ask.now)}</span><span>{len(ask.world.answers(act))}评论</span></div></div>'
        for act in acts
    )
    return f'{_head(ask, ask.source.name)}<h1>{text(ask.source.name)}</h1><div class="feed">{rows}</div>{_board_pager(ask, page)}{_FOOT}'


def _flow_thread(ask: Ask, thread: Act, answers: list[Act], page: int) -> str:
    floors = floors_of(thread, answers)
    comments = "".join(_flow_comment(ask, number, act, under) for number, act, under in floors[1:])
    return (
        f'{_head(ask, thread.title)}<article class="topic"><h1>{text(thread.title)}</h1><div class="info"><span class="no">1楼</span><span class="nick">{text(thread.author)}</span> <time datetime="{thread.at.isoformat()}">{spoken_age(thread.at, ask.now)}</time></div>'
        f'<p class="text">{text(thread.text).replace(chr(10), "<br>")}</p></article><section class="comments"><h2>全部评论（{len(floors) - 1}）</h2>{comments}</section>{_FOOT}'
    )


def _flow_comment(ask: Ask, number: int, act: Act, under: list[Act]) -> str:
    replies = "".join(
        f'<div class="comment-reply" id="c{c.number}"><span class="nick">{text(c.author)}</span><p class="text">{text(c.text)}</p><time datetime="{c.at.isoformat()}">{spoken_age(c.at, ask.now)}</time></div>'
        for c in under
    )
    inner = f'<div class="sub-comments">{replies}</div>' if replies else ""
    return f'<div class="comment" id="c{act.number}"><span class="no">{number}楼</span><span class="nick">{text(act.author)}</span><p class="text">{text(act.text)}</p><time datetime="{act.at.isoformat()}">{spoken_age(act.at, ask.now)}</time>{inner}</div>'


_BOARDS = {"classic": _classic_board, "floors": _floors_board, "flow": _flow_board}
_THREADS = {"classic": _classic_thread, "floors": _floors_thread, "flow": _flow_thread}
