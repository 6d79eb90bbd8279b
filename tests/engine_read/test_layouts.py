"""Threads, lists and articles of many layouts, made from seeds: every post, row, time, floor and count must come out."""

from __future__ import annotations

import re

import pytest

from groundswell.engine.read import read_page
from groundswell.engine.records import Page
from tests.engine_read.articles import ARTICLES, TIMES, Article
from tests.engine_read.made import LISTS, NOW, THREADS, Maker, Said


def folded(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


@pytest.mark.parametrize("number", range(len(THREADS)), ids=[f"{make.__name__}-{style}" for make, style, _ in THREADS])
@pytest.mark.parametrize("seed", range(3))
def test_threads(number: int, seed: int) -> None:
    make, style, with_comments = THREADS[number]
    maker = Maker(100 * number + seed)
    title = maker.title(number)
    posts = maker.said(8, comments=with_comments, style=style)
    page = read_page(make(title, posts).encode(), now=NOW)
    assert (page.kind, page.title) == ("thread", title)
    assert [folded(post.text) for post in page.posts] == [folded(post.text) for post in posts]
    assert [post.published_at[: len(said.time)] for post, said in zip(page.posts, posts, strict=True)] == [said.time for said in posts]
    if any(post.floor for post in page.posts):
        assert [post.floor for post in page.posts] == [said.number for said in posts]
    assert _comments(page) == [(said.number, folded(each.text), each.time) for said in posts for each in said.comments]


def _comments(page: Page) -> list[tuple[int, str, str]]:
    return [(place, folded(each.text), each.published_at[:16]) for place, post in enumerate(page.posts, 1) for each in post.comments]


@pytest.mark.parametrize("number", range(len(LISTS)), ids=[f"{make.__name__}-{style}" for make, style, _, _ in LISTS])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_lists(number: int, encoding: str) -> None:
    make, style, kind, counted = LISTS[number]
    rows = _titled(Maker(500 + number), style)
    page = read_page(make(rows).replace('charset="utf-8"', f'charset="{encoding}"').encode(encoding), now=NOW)
    assert page.kind == kind
    assert [folded(row.title).removeprefix("水管") for row in page.rows] == [folded(row.text) for row in rows]
    assert [row.published_at[: len(said.time) or None] for row, said in zip(page.rows, rows, strict=True)] == [said.time for said in rows]
    if counted:
        assert [row.reply_count for row in page.rows] == [said.replies for said in rows]


def _titled(maker: Maker, style: str) -> list[Said]:
    rows = maker.said(14, step=173, style=style)
    for place, row in enumerate(rows):
        row.text = maker.title(place)
    return rows


@pytest.mark.parametrize("make", ARTICLES, ids=[make.__name__ for make in ARTICLES])
@pytest.mark.parametrize("shown", TIMES)
def test_articles(make: Article, shown: str) -> None:
    maker = Maker(900 + len(make.__name__))
    title, lines = maker.title(1), [maker.text(3) for _ in range(6)]
    page = read_page(make(title, lines, shown).encode(), url=getattr(make, "address", ""), now=NOW)
    assert (page.kind, page.title) == ("article", title)
    assert folded(page.text) == folded("".join(lines))
    assert page.published_at.startswith(getattr(make, "known", "2026-11-23T09:30"))


def test_columns_say_what_two_numbers_in_one_cell_are() -> None:
    rows = "".join(f'<tr><td><a href="/thread-{n}.html">第{n}小区停水何时恢复</a></td><td>{n * 90} / {n}</td></tr>' for n in range(1, 9))
    body = f"<html><head><title>论坛</title></head><body><table><tr><th>主题</th><th>查看/回复</th></tr>{rows}</table></body></html>"
    page = read_page(body.encode(), now=NOW)
    assert [(row.reply_count, row.read_count) for row in page.rows] == [(n, n * 90) for n in range(1, 9)]


def test_comments_of_one_list_under_several_parents() -> None:
    """Broken nesting, as in old forums: the list is closed in the middle and goes on."""
    comments = "".join(
        f'{"</ul><ul>" if n == 3 else ""}<li class="lzl_single"><a href="/home/main?id={n}">网友{n}</a>：<span class="lzl_content">第{n}句回应在此</span><span class="t">2026-11-22 08:0{n}</span></li>'
        for n in range(1, 6)
    )
    post = '<div class="l_post"><a class="author" href="/u/1">甲</a><div class="content">路灯坏了半个月没有人修</div><span>1楼</span><span>2026-11-21 10:00</span>{}</div>'
    body = f"<html><head><title>路灯</title></head><body><div>{post.format(f'<div><ul>{comments}</ul></div>')}{post.format('').replace('1楼', '2楼')}</div></body></html>"
    page = read_page(body.encode(), now=NOW)
    assert [comment.text for comment in page.posts[0].comments] == [f"第{n}句回应在此" for n in range(1, 6)]
