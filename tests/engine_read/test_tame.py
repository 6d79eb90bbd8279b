"""What holds a parser up is cut down before it sees it; what a page says stays."""

from __future__ import annotations

import random
import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from groundswell.engine.read.tame import DEEPEST, MOST_ATTRIBUTES, MOST_FORMS, tame

MANY = {
    "elements in elements": "<div>字" * 100_000,
    "lists in lists": "<ul><li>字" * 80_000,
    "terms in items in terms": "<li>字<dt>" * 60_000,
    "bold that is never closed": "".join(f"<p><b id={n}>字" for n in range(10_000)),
    "bold closed elsewhere": "".join(f"<b id={n}><div>" for n in range(10_000)) + "</b>" * 10_000 + "字",
    "attributes": "<p " + " ".join(f"a{n}='>'" for n in range(100_000)) + ">字</p>",
    "an element without end": "字" + "<a <b " * 100_000,
    "a quotation without end": "字" + "<a b='c' d=\"" * 100_000,
    "ends of nothing": "<div>" * 400 + "字" + "</main>" * 50_000,
}


@pytest.mark.parametrize("name", MANY)
def test_takes_no_square(name: str) -> None:
    began = time.process_time()
    tree = LexborHTMLParser(tame(MANY[name]))
    assert time.process_time() - began < 5
    assert tree.root is not None
    assert "字" in tree.root.text()


def test_ordinary_page_stays_as_it_is() -> None:
    page = "<ul>" + "<li><a href='/1'><b>一</b></a><p>二" * 1000 + "</ul>" + "<p>" * 900
    assert tame(page) == page


def test_unclosed_paragraphs_and_items_count_for_nothing() -> None:
    page = "<p>甲<br>乙<img src=x>" * 3000 + "<ul>" + "<li>丙 <div>丁" * 3000 + "</ul><table>" + "<tr><td>戊" * 3000 + "</table>"
    assert tame(page) == page


def test_as_deep_as_a_browser() -> None:
    page = "<div>" * 8000 + "<section>甲</section>" + "</div>" * 8000 + "<section>乙</section>"
    kept = tame(page)
    assert kept.count("<div>") == DEEPEST
    assert kept.count("<section>") == 1
    assert kept.endswith("乙</section>")


def test_what_a_table_holds_is_closed_by_nothing_outside() -> None:
    page = "<div><table><tr><td></div>" * 4000
    assert tame(page).count("<table>") == DEEPEST // 2


def test_forms_of_letters() -> None:
    page = "<b>甲</b>" * 400 + "<p><i>乙" * 400
    kept = tame(page)
    assert kept.count("<b>") == 400
    assert kept.count("<i>") == MOST_FORMS
    assert kept.count("乙") == 400


def test_attributes_of_one_element() -> None:
    page = '<p class="a" ' + " ".join(f'data-{n}="<b>"' for n in range(2000)) + ">甲</p>"
    node = LexborHTMLParser(tame(page)).css_first("p")
    assert node is not None
    assert len(node.attributes) == MOST_ATTRIBUTES
    assert node.attributes["class"] == "a"
    assert node.text() == "甲"


def test_long_address_and_comment_stay() -> None:
    page = f'<img src="data:image/png;base64,{"A" * 30_000}"><p>甲</p><!--{"<div>" * 4000}--><title>{"<p>" * 4000}</title>'
    assert tame(page) == page


def test_no_text_is_lost() -> None:
    names = ["div", "span", "p", "b", "i", "li", "ul", "dt", "dd", "table", "tr", "td", "section", "a"]
    for number in range(30):
        chance = random.Random(number)
        pieces = [f"<{chance.choice(('', '', '/'))}{chance.choice(names)}>{n}" for n in range(12_000)]
        kept = tame("".join(pieces))
        assert "".join(piece.split(">")[1] for piece in kept.split("<") if ">" in piece) == "".join(map(str, range(12_000)))


@pytest.mark.parametrize("before", [0, 1, 4_999, 9_998, 9_999, 10_000, 10_001, 23_456])
def test_a_long_tag_is_seen_wherever_it_stands(before: int) -> None:
    page = "<p>" + "字" * before + "<b " + " ".join(f"a{n}=''" for n in range(2000)) + ">"
    node = LexborHTMLParser(tame(page)).css_first("b")
    assert node is not None
    assert len(node.attributes) == MOST_ATTRIBUTES
