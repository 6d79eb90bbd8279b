"""Folding, language and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.engine.records import Body, Knowledge, Place, Slang, Unit, WatchSpec
from groundswell.engine.text.language import detect_language
from groundswell.engine.text.normal import fold, fold_same_length, fold_with_positions
from groundswell.engine.text.slang import slang_words
from groundswell.engine.text.tokens import Segmenter, lexicon_version, lexicon_words, query_words, tokens_of

ODD = "自來水廠停ABＣ㎡…ﬁ①Ⅲ\u200b\ufe0f\u0301eΣςİ가ᄀ\u1161ﾊﾟ😀👍🏽𠮷\ud83d\x00 \n"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＢＣ　１２", "abc 12"),
        ("自來水", "自来水"),
        ("自\u200b来水", "自来水"),
        ("㎡…", "m2..."),
        ("e\u0301", "é"),
        ("ΣΑΣ", "σασ"),
        ("ﾊﾟ", "パ"),
        ("\ud83d半", "\ufffd半"),  # half a character
        ("𠮷野家😀", "𠮷野家😀"),
    ],
)
def test_folding(text, folded):
    assert fold(text) == folded


@given(st.text(alphabet=st.sampled_from(ODD) | st.characters(), max_size=30))
def test_folding_can_be_encoded_and_keeps_positions(text):
    folded = fold_with_positions(text)
    assert folded.text == fold(text)
    fold(text).encode()
    assert len(fold_same_length(text)) == len(text)
    for at in range(len(folded.text)):
        start, end = folded.original(at, at + 1)
        assert 0 <= start < end <= len(text)
        assert folded.text[at] in fold(text[start:end])


@given(st.text(alphabet=st.sampled_from(ODD), max_size=30))
def test_folding_twice_is_once(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("停水三天了", "zh-hans"),
        ("停水三天了怎麼還沒來", "zh-hant"),
        ("嘅係唔好嘢", "zh-hant"),
        ("iPhone 15 Pro Max 发布了", "zh-hans"),
        ("The water has been off since Monday", "en"),
        ("Water off", "en"),
        ("El agua está cortada desde ayer en todo el barrio", "es"),
        ("こんにちは世界", "ja"),
        ("한국어 텍스트", "ko"),
        ("Привет, как дела, это русский текст", "ru"),
        ("12345 😀", "und"),
        ("", "und"),
    ],
)
def test_language(text, lang):
    assert detect_language(text) == lang


@pytest.mark.parametrize(
    ("known", "text", "words"),
    [
        ((), "社会计划", ["社会", "计划"]),
        (("会计",), "社会计划", ["社会", "计划"]),  # a word of ours does not tear others apart
        (("在职",), "他在职业学校", ["他", "在", "职业", "学校"]),
        (("自来水厂",), "自来水厂停水", ["自来水厂", "停水"]),
        (("云岭县", "水务局", "县水务局"), "县水务局通知", ["县水务局", "通知"]),
        (("g3高速",), "G3高速堵车", ["g3高速", "堵车"]),
        ((), "ＷＡＴＥＲ，自來水！", ["water", "自来水"]),
        (("c++",), "#C++# 好！", ["c++", "好"]),  # a mark in a word, beside marks that are none
        ((), " ，。\n", []),
    ],
)
def test_words(known, text, words):
    assert Segmenter(known).words(text) == words


@given(st.text(alphabet=st.sampled_from(ODD), max_size=30))
def test_spans_cut_and_tokens_agree_with_words(text):
    segmenter = Segmenter(["自来水厂"])
    cut = segmenter.cut(text)
    assert cut.words == segmenter.words(text) == [word for word, _, _ in segmenter.spans(text)]
    assert all(cut.folded.text[start:end] == word for word, start, end in zip(cut.words, cut.starts, cut.ends, strict=True))
    assert tokens_of(cut) == segmenter.index_tokens(text)
    assert len(set(tokens_of(cut))) == len(tokens_of(cut))


def test_spans_are_positions_in_the_text_given():
    text = "自\u200b來水，㎡，ＯＫ"
    assert [text[start:end] for _, start, end in Segmenter().spans(text)] == ["自\u200b來水", "㎡", "ＯＫ"]


def test_what_search_indexes():
    tokens = Segmenter(["自来水厂", "5a景区"]).index_tokens("自来水厂在5A景区 covid-19 café " + "x" * 3000)
    assert {"自来水厂", "自来水", "水厂", "5a景区", "景区", "5a", "covid", "19", "café"} <= set(tokens)
    assert max(map(len, tokens)) <= 100  # the index has a limit
    assert "水" not in tokens


KNOWLEDGE = Knowledge(
    body=Body(name="云岭县", aliases=("云岭",)),
    units=(Unit(id="water", name="县水务局", aliases=("水务局",), duties=("供水",)),),
    places=(Place(id="qinghe", name="清河镇"),),
    watches=(WatchSpec(id="a", query='(自来水 OR =停水) NOT 招聘 NEAR/3 "井盖 丢失" unit:县医院 source:"甲 乙" ~水价 -广告'),),
    slang=(Slang(word="云整改"),),
)


def test_the_lexicon():
    words = lexicon_words(KNOWLEDGE)
    assert words == sorted(words)
    assert {
        "云岭县",
        "云岭",
        "县水务局",
        "水务局",
        "供水",
        "清河镇",
        "自来水",
        "停水",
        "招聘",
        "井盖",
        "丢失",
        "水价",
        "广告",
        "云整改",
    } == set(words) - set(slang_words())
    assert set(slang_words()) < set(words)
    assert query_words("since:2026-01-01 停水") == ["停水"]


def test_the_version_follows_the_words():
    other = Knowledge(body=KNOWLEDGE.body, units=KNOWLEDGE.units, places=KNOWLEDGE.places, watches=KNOWLEDGE.watches)
    assert lexicon_version(KNOWLEDGE) == lexicon_version(KNOWLEDGE)
    assert lexicon_version(KNOWLEDGE) != lexicon_version(other)
