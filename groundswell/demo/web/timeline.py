"""Timelines as on a microblog: a stream of short posts, and one page for each."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

from groundswell.demo.acts.act import Act, reach_at
from groundswell.demo.addresses import headline, path_of
from groundswell.demo.web.page import Ask, Reply, missing, state_of, text
from groundswell.demo.web.world import spoken_age

POSTS = 30


def timeline(ask: Ask) -> Reply:
    """The stream, or the post that the address names."""
    if ask.path in ("", "index.html"):
        page = int(ask.query.get("page", "1")) if ask.query.get("page", "1").isdigit() else 1
        acts = ask.world.latest(ask.source.slug, POSTS, page)
        return Reply(write=lambda: _stream(ask, acts, page), state=state_of(acts, page), changed=acts[0].at if acts else None)
    last = ask.path.rpartition("/")[2]
    act = ask.world.numbered(ask.source.slug, int(last)) if last.isdigit() else None
    if act is None:
        return missing()
    return Reply(write=lambda: _single(ask, act), state=state_of([act]), changed=act.at)


def _shell(ask: Ask, title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{text(title)}</title></head><body><nav><a href="/">广场</a><a href="/login">登录</a></nav>'
        f"<main>{body}</main><footer>内容由用户发布</footer></body></html>"
    )


def _counts(ask: Ask, act: Act) -> str:
    reach = reach_at(act, ask.now)
    return f'<ul class="acts"><li>转发 {reach.reposts}</li><li>评论 {reach.comments}</li><li>赞 {reach.likes}</li></ul>'


def _stream(ask: Ask, acts: list[Act], page: int) -> str:
    cards = "".join(
        f'<article class="mblog"><div class="who"><a class="nick" href="/u/{act.number}">{text(act.author)}</a><time datetime="{act.at.isoformat()}">{spoken_age(act.at, ask.now)}</time></div>'
        f'<p class="txt"><a href="{path_of(act, ask.source)}">{text(act.text[:64])}{"…" if len(act.text) > 64 else ""}</a></p>{_counts(ask, act)}</article>'
        for act in acts
    )
    more = (
        f'<a class="next" rel="next" href="{ask.source.path}?page={page + 1}">下一页</a>'
        if ask.world.size(ask.source.slug) > page * POSTS
        else ""
    )
    return _shell(ask, ask.source.name, f'<h1>{text(ask.source.name)}</h1><section class="stream">{cards}</section>{more}')


def _single(ask: Ask, act: Act) -> str:
    body = (
        f'<article class="mblog single"><div class="who"><a class="nick" href="/u/{act.number}">{text(act.author)}</a><time datetime="{act.at.isoformat()}">{act.at:%Y-%m-%d %H:%M}</time></div>'
        f'<div class="txt"><p>{text(act.text)}</p></div>{_counts(ask, act)}</article>'
    )
    return _shell(ask, f"{headline(act)} - {ask.source.name}", body)
