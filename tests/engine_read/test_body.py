"""The body's models: trained trees answer as they were grown, in any batch; names of elements; what is declared is not always believed."""

from __future__ import annotations

import numpy as np
import pytest

from groundswell.engine.read import read_page
from groundswell.engine.read.article import layout_of
from groundswell.engine.read.body import quick_body
from groundswell.engine.read.roles import BODY, COMMENT, RELATED, roles_of
from groundswell.engine.read.tree import PageTree
from groundswell.engine.trees import likelihood
from tests.engine_read.made import Maker, page
from tools.boost import Plan, grow


def test_trees_learn_what_no_line_parts() -> None:
    chance = np.random.default_rng(3)
    rows = chance.random((600, 3)).astype(np.float32)
    either = (rows[:, 0] > 0.5) != (rows[:, 1] > 0.5)
    trees = grow(
        rows, either.astype(float), np.ones(600), Plan(trees=60, levels=3, rate=0.2, columns=1.0, drag=1.0, smallest=1.0), binary=True
    )
    chances = likelihood(trees.ask(rows))
    assert ((chances > 0.5) == either).mean() > 0.97
    assert np.array_equal(np.concatenate([trees.ask(rows[:7]), trees.ask(rows[7:])]), trees.ask(rows))


@pytest.mark.parametrize(
    ("name", "bits"),
    [
        ("comment-list", COMMENT),
        ("relatedStories", RELATED),  # two words in one
        ("articleBody", BODY),
        ("post_content main", BODY),
        ("commander", 0),  # begins like a comment and is none
    ],
)
def test_names_of_elements(name: str, bits: int) -> None:
    assert roles_of(name) & bits == bits
    if not bits:
        assert not roles_of(name) & COMMENT


def test_a_page_that_lies_wholly_in_its_sidebar_is_read() -> None:
    lines = [Maker(1).text(3) for _ in range(5)]
    body = page(
        "题目在此不长也不短",
        f'<div class="sidebar comment-box"><h1>题目在此不长也不短</h1>{"".join(f"<p>{line}</p>" for line in lines)}</div>',
    )
    assert read_page(body.encode()).text == "\n".join(lines)


def test_many_comments_do_not_drown_a_short_text() -> None:
    maker = Maker(2)
    text, comments = (
        maker.text(1) + maker.text(3) + maker.text(3),
        "".join(f'<li class="comment"><p>{maker.text(3)}</p></li>' for _ in range(20)),
    )
    body = page(
        "问一个小问题请大家回答",
        f'<article><h1>问一个小问题请大家回答</h1><div class="entry-content"><p>{text}</p></div></article><ul class="comment-list">{comments}</ul>',
    )
    assert quick_body(layout_of(PageTree(body.encode()))).text == text


def test_the_small_cells_of_a_row_are_one_line() -> None:
    table = "".join(f"<tr><td>{n}</td><td>清河镇</td><td>停水{n}小时</td></tr>" for n in range(1, 9))
    body = page("停水时间表公布", f'<h1>停水时间表公布</h1><div class="article-body"><p>{Maker(3).text(3)}</p><table>{table}</table></div>')
    assert "3 清河镇 停水3小时" in PageTree(body.encode()).text
    assert "\n".join(f"{n} 清河镇 停水{n}小时" for n in range(1, 9)) in "\n".join(block.text for block in PageTree(body.encode()).blocks)


def test_the_address_that_a_kept_page_declares() -> None:
    body = (
        '<html><head><title>t</title><link rel="canonical" href="http://n.example/2026/1.html"></head><body><p>正文在此。</p></body></html>'
    )
    assert read_page(body.encode()).url == "http://n.example/2026/1.html"
    assert read_page(body.encode(), url="http://other.example/").url == "http://other.example/"
    saved = "<!-- saved from url=(0029)http://n.example/kept/2.html -->" + body.replace("canonical", "x")
    assert read_page(saved.encode()).url == "http://n.example/kept/2.html"
