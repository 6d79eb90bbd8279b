"""What is done in bulk or left out for speed gives what the plain way gives."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.engine.read.layout import NOT_WORD, fold
from groundswell.engine.read.marks import CAPITALS, COLONS, COMMAS, DIGITS, ENDS, HANS, STOPS, count_marks
from groundswell.engine.read.published import NAMES_WITH, PARTS, SCRIPT_NAMES, _named
from groundswell.engine.read.repeat import shows_time, timed
from groundswell.engine.read.tree import PageTree, without_scripts

PATTERNS = {
    STOPS: r"[，。！？；：、,.!?;:…”\"]",
    COMMAS: r"[，、,；;]",
    ENDS: r"[。！？!?.…][”\"’'）)]?",
    HANS: "[\u3400-\u9fff]",
    DIGITS: r"\d",
    CAPITALS: "[A-Z]",
    COLONS: "[:：]",
}
BASES = ("http://a.example/c/d?e#f", "https://b.example", "http://a.example:80/x", "rel/a", "HTTP://a.example/", "http://u@h/")
PIECES = ("http://", "https://", "a.example", "/", "//", ".", "..", "?", "=", "&", "x", "A", "%41", ";", "#", ":80", "@", "é", " ", "-")
MARKED = st.text(st.one_of(st.sampled_from("，。！？；：、,.!?;:…”\"'’）)aA1٣汉 "), st.characters()))


@given(st.lists(MARKED))
def test_marks_are_counted_as_patterns_find_them(texts: list[str]) -> None:
    for kind, pattern in PATTERNS.items():
        assert count_marks(texts, kind) == [[len(re.findall(pattern, text)) for text in texts]]


@given(MARKED)
def test_plain_text_is_folded_like_any_other(text: str) -> None:
    assert fold(text) == NOT_WORD.sub("", text.lower())


@pytest.mark.parametrize("base", BASES)
@given(st.sampled_from(("/", "http://a.example", "https://b.example/")), st.lists(st.sampled_from(PIECES), max_size=7))
def test_addresses_are_joined_as_the_standard_does(base: str, begin: str, pieces: list[str]) -> None:
    tree = PageTree(b"<p>x</p>", base)
    href = begin + "".join(pieces)
    assert tree.absolute(href) == urljoin(base, href.strip())


def test_every_name_of_a_time_is_found_by_its_part() -> None:
    assert sorted(name for part in PARTS for name in NAMES_WITH[part]) == sorted(SCRIPT_NAMES)
    source = " ".join(SCRIPT_NAMES)
    found = _named(source)
    for name in SCRIPT_NAMES:
        assert found[name] == [hit.start() for hit in re.finditer(f"(?={name})", source)], name


def test_scripts_are_cut_where_they_are_closed() -> None:
    assert without_scripts("a<script>if (x) '<style>'</script >b<STYLE>c</STYLE>d<svg/>e") == "abd<svg/>e"
    assert without_scripts("a<svg><script>b</script>c<svg>") == "a<svg>c<svg>"  # what one does not close, another may


def test_elements_with_a_time_are_the_same_alone_and_together() -> None:
    tree = PageTree(
        '<div><p>昨天 08:12</p><p>没有时间</p><ul><li><time datetime="2026-11-23T16:01:00+08:00">五分钟前</time></li><li>7 pages</li></ul></div>'.encode()
    )
    assert {each for each in tree.root.iter("*") if shows_time(each)} == timed(tree)
    assert len(timed(tree)) == 7  # html, body, div, p; ul, li, time
