"""Many texts folded and made plain together come out as each does alone."""

from __future__ import annotations

import re
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.engine.text.normal import fold, fold_many, fold_many_with_positions, fold_with_positions
from groundswell.engine.text.signature import KEPT, plain, plain_many, sketches

PIECES = ["a", "B", "1", ".", "，", "…", "\u200b", "水", "縣", "㎡", "①", "ς", "ϲ", "é", "e\u0301", "\u0301", "ﾊﾟ", "한", "\ud800", "𠮷", "😀", "\ufe0f", "_", "-", " ", "\n", "http://t.cn/A6x1", "@某用户", "回复@某用户："]  # fmt: skip
TEXTS = st.lists(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), max_size=6)
# marks and blanks, except between Latin letters or digits; then what is left of them, full stops kept
MARKS, LEFT = re.compile(r"(?<![0-9a-z\W_])[\W_]++|[\W_]++(?![0-9a-z])"), re.compile(r"(?:[^\w.]|_)+")
UNSEEN = re.compile(r"https?://[0-9a-z_./?=&%#:+~\-]+|//@某用户[:：]?|@某用户|回复@某用户[:：]?")


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_folding(texts):
    assert fold_many(texts) == [fold(text) for text in texts] == [fold_with_positions(text).text for text in texts]


def test_long_texts_are_folded_in_parts():
    texts = ["停水\u200b…" * 5_000, "é", "断水" * 40_000, "", "AB①"]
    assert fold_many(texts) == [fold(text) for text in texts]
    assert fold_many_with_positions(texts) == [fold_with_positions(text) for text in texts]


def test_marks_without_end_take_no_square():
    text = "a" + "\u0301\u0327" * 150_000
    began = time.process_time()
    assert fold(text) == fold_with_positions(text).text
    assert time.process_time() - began < 10


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_positions_cover_what_was_folded(texts):
    for text in texts:
        folded = fold_with_positions(text)
        for at in range(len(folded.text)):
            start, end = folded.original(at, at + 1)
            assert folded.text[at] in fold(text[start:end])


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_plain(texts):
    assert (
        plain_many(texts) == [plain(text) for text in texts] == [LEFT.sub(" ", MARKS.sub("", UNSEEN.sub("", fold(text)))) for text in texts]
    )


def test_a_link_ends_where_chinese_begins():
    assert plain("停水了http://t.cn/A6x1请看") == "停水了请看"


def test_sketches_are_the_smallest_of_all_triples():
    short, long = "停水通知请居民提前储水", "".join(chr(0x4E00 + n * 7 % 3000) for n in range(3000))
    assert sketches([short, long, short * 200]) == [sketches([text])[0] for text in (short, long, short * 200)]
    assert [len(sketch) for sketch in sketches([short, long, short * 200])] == [9, KEPT, 11]
