"""Message boards of public bodies: a list with the state of each letter, and letter and answer on one page."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

from groundswell.demo.acts.act import Act
from groundswell.demo.addresses import path_of
from groundswell.demo.web.page import Ask, Reply, missing, paragraphs, state_of, text

LETTERS = 20


def letters(ask: Ask) -> Reply:
    """The list, or the letter that the address names."""
    if ask.path in ("", "index.html"):
        page = int(ask.query.get("page", "1")) if ask.query.get("page", "1").isdigit() else 1
        acts = ask.world.liveliest(ask.source.slug, LETTERS, page)
        newest = max((ask.world.bumped(act) for act in acts), default=None)
        return Reply(write=lambda: _list(ask, acts, page), state=state_of(acts, *(len(ask.world.answers(a)) for a in acts)), changed=newest)
    last = ask.path.rpartition("/")[2].removesuffix(".html")
    act = ask.world.numbered(ask.source.slug, int(last)) if last.isdigit() else None
    if act is None:
        return missing()
    answers = list(ask.world.answers(act))
    return Reply(write=lambda: _letter(ask, act, answers), state=state_of([act, *answers]), changed=ask.world.bumped(act))


def _list(ask: Ask, acts: list[Act], page: int) -> str:
    rows = "".join(
        f'<tr><td class="no">{act.number}</td><td class="tt"><a href="{path_of(act, ask.source)}">{text(act.title)}</a></td><td class="st">{"已答复" if ask.world.answers(act) else "办理中"}</td><td class="dt">{act.at:%Y-%m-%d}</td></tr>'
        for act in acts
    )
    more = f'<a rel="next" href="{ask.source.path}?page={page + 1}">下一页</a>' if ask.world.size(ask.source.slug) > page * LETTERS else ""
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{text(ask.source.name)}</title></head><body><div class="nav"><a href="/">首页</a><a href="/write">我要写信</a><a href="/query">查询</a></div>'
        f'<h1>{text(ask.source.name)}</h1><table class="letters"><thead><tr><th>编号</th><th>标题</th><th>状态</th><th>日期</th></tr></thead><tbody>{rows}</tbody></table>{more}</body></html>'
    )


def _letter(ask: Ask, act: Act, answers: list[Act]) -> str:
    replies = "".join(
        f'<div class="post answer" id="a{answer.number}"><div class="post-author">{text(answer.author)}</div><div class="post-time">{answer.at:%Y-%m-%d %H:%M}</div><div class="post-content">{paragraphs(answer.text)}</div></div>'
        for answer in answers
    )
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{text(act.title)} - {text(ask.source.name)}</title></head><body><div class="nav"><a href="/">首页</a><a href="{ask.source.path}">返回列表</a></div>'
        f'<h1>{text(act.title)}</h1><div class="post letter" id="m{act.number}"><div class="post-author">网友 {text(act.author)}</div><div class="post-time">{act.at:%Y-%m-%d %H:%M}</div><div class="post-content">{paragraphs(act.text)}</div></div>'
        f'{replies or "<p class=wait>该留言正在办理中</p>"}<div class="foot">{text(ask.source.owner)}</div></body></html>'
    )
