"""The query language: what is read, what is refused and where, and that nothing else can happen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.engine.judge.query import MENDS, And, Field, Near, Not, Or, Phrase, QueryError, Word, explain, leaves, parse

A, B, C = Word("停水"), Word("供水"), Word("招聘")


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("停水", A),
        ("停水 供水", And((A, B))),
        ("停水 AND 供水", And((A, B))),
        ("停水 且 供水", And((A, B))),
        ("停水 OR 供水 招聘", Or((A, And((B, C))))),  # AND binds closer
        ("停水 或 供水", Or((A, B))),
        ("(停水 OR 供水) NOT 招聘", And((Or((A, B)), Not(C)))),
        ("（停水 或 供水）非 招聘", And((Or((A, B)), Not(C)))),  # full-width brackets
        ("停水 -招聘", And((A, Not(C)))),
        ("停水　供水", And((A, B))),  # the wide blank
        ("covid-19", Word("covid-19")),  # a hyphen inside a word is no operator
        ('"water supply"', Phrase("water supply")),
        ("“停水通知”", Phrase("停水通知")),
        ("「停水通知」", Phrase("停水通知")),
        ("=停水", Word("停水", whole=True)),
        ("＝停水", Word("停水", whole=True)),
        ("~停水", Word("停水", loose=True)),
        ("停水 NEAR/3 供水", Near(A, B, 3)),
        ("停水 NEAR/3 (供水 OR 招聘)", Near(A, Or((B, C)), 3)),
        ("停水 NEAR/3 供水 NEAR/5 招聘", Near(A, Near(B, C, 5), 3)),
        ('"停水 通知" NEAR/2 供水 招聘', And((Near(Phrase("停水 通知"), B, 2), C))),
        ("unit:water", Field("unit", "water")),
        ("place：清河镇", Field("place", "清河镇")),  # full-width colon
        ('source:"云岭 论坛"', Field("source", "云岭 论坛")),
        ("tone:Negative", Field("tone", "negative")),
        ("level:II", Field("level", "2")),
        ("level:Ⅳ", Field("level", "4")),
        ("since:2026-11-01 until:2026-11-23", And((Field("since", "2026-11-01"), Field("until", "2026-11-23")))),
        ("title:通知 -停水", And((Field("title", "通知"), Not(A)))),
        ("foo:bar", Word("foo:bar")),  # no field of that name: a word
        ("or", Word("or")),  # operators are written large
    ],
)
def test_what_is_read(query, tree):
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "position", "code"),
    [
        ("", 0, "empty"),
        ("   ", 0, "empty"),
        ("停水 OR", 5, "term_missing"),
        ("OR 停水", 0, "term_missing"),
        ("停水 NOT", 6, "term_missing"),
        ("NOT 停水", 0, "only_not"),
        ("停水 OR NOT 供水", 0, "only_not"),
        ("(停水", 0, "bracket_open"),
        ("供水 (停水 OR (a)", 3, "bracket_open"),
        ("停水)", 2, "bracket_close"),
        ("()", 1, "term_missing"),
        ('停水 "供水', 3, "quote_open"),
        ('停水 ""', 3, "term_missing"),
        ("停水 ~", 3, "term_missing"),
        ("停水 =", 3, "term_missing"),
        ("停水 \u200b", 3, "term_missing"),  # nothing that can be seen
        ("停水 NEAR/x 供水", 3, "near_number"),
        ("停水 NEAR/0 供水", 3, "near_number"),
        ("停水 NEAR/51 供水", 3, "near_number"),
        ("停水 NEAR/3", 9, "near_term"),
        ("NEAR/3 停水", 0, "near_term"),
        ("停水 NEAR/3 unit:water", 10, "near_term"),
        ("停水 NEAR/3 (供水 招聘)", 10, "near_term"),  # both cannot stand in one place
        ("停水 tone:bad", 3, "field_value"),
        ("停水 level:5", 3, "field_value"),
        ("停水 since:昨天", 3, "field_value"),
        ("停水 unit:", 3, "field_empty"),
        ("停水 -", 3, "term_missing"),
        ("(" * 31 + "a" + ")" * 31, 31, "too_deep"),
        ("a NEAR/2 " * 40 + "a", 279, "too_deep"),
        ("a " * 501, 1000, "too_many"),
        ("a" * 4001, 4000, "too_long"),
    ],
)
def test_what_is_refused_and_where(query, position, code):
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert (caught.value.position, caught.value.code) == (position, code)
    assert str(caught.value).startswith(f"character {position + 1}: ")
    assert "%(" not in str(caught.value)


def test_every_fault_says_what_to_do_in_the_same_words_on_screen():
    from django.utils.translation import override

    from groundswell.desk.stream.watch_views import FAULTS

    with override("en"):
        assert {code: str(words) for code, words in FAULTS.items()} == MENDS


PIECES = [
    *'停水供ab "()（）“”-=~:：/1３\u200b\u3000',
    "NEAR/2",
    "OR ",
    " AND ",
    "NOT ",
    "且",
    " 或 ",
    "unit:",
    "level:",
    "since:2026-01-01",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_text_is_read_or_refused_within_itself(query):
    tree, fault = read(query)
    assert (fault is None and list(leaves(tree)) and explain(tree)) or (fault.code and 0 <= fault.position <= len(query))


def read(query):
    try:
        return parse(query), None
    except QueryError as error:
        return None, error


def test_explained_as_data():
    said = explain(parse('(停水 OR ~供水) NOT 招聘 =水 NEAR/2 "a b" unit:water'))
    assert said == {
        "all": [
            {"any": [{"word": "停水", "whole": False, "loose": False}, {"word": "供水", "whole": False, "loose": True}]},
            {"none": {"word": "招聘", "whole": False, "loose": False}},
            {"near": [{"word": "水", "whole": True, "loose": False}, {"phrase": "a b"}], "distance": 2},
            {"field": "unit", "value": "water"},
        ]
    }
