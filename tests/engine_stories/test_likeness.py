"""What two items have in common: names, leads, numbers and the meaning of words, the same from either side."""

from __future__ import annotations

import numpy as np
import pytest

from groundswell.engine.records import Item, Judged
from groundswell.engine.stories.counts import Counts, pieces_of_steps, steps_of_pieces
from groundswell.engine.stories.features import Sketch, sketch
from groundswell.engine.stories.likeness import NAMES, likenesses
from groundswell.engine.stories.meaning import load_meanings
from groundswell.engine.stories.names import KINDS, names_in

ESTATE, ROAD, DISTRICT, BODY = range(len(KINDS))


def sketched(text: str, title: str = "") -> Sketch:
    return sketch(Item(key="k", title=title, text=text), Judged(key="k", lang="", tokens=(), signature=b"", about_us=True))


def alike(one: Sketch, *others: Sketch) -> list[dict[str, float]]:
    rows = likenesses([one, *others], np.zeros(len(others), dtype=np.intp), np.arange(1, len(others) + 1), Counts(), load_meanings())
    return [dict(zip(NAMES, row, strict=True)) for row in rows.tolist()]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("住在锦绣小区的居民", [("锦绣小区", ESTATE)]),
        ("人民东路和朝阳大道交叉口", [("人民东路", ROAD), ("朝阳大道", ROAD)]),
        ("a3区云台镇", [("a3区", DISTRICT), ("云台镇", DISTRICT)]),
        ("县医院在哪里", [("县医院", BODY)]),
        ("在路的", []),
        ("问个事\n县医院", [("县医院", BODY)]),
        ("", []),
    ],
)
def test_names_end_as_their_kind_does(text: str, names: list[tuple[str, int]]) -> None:
    assert [(text[name.start : name.end], name.kind) for name in names_in(text)] == names


def test_likenesses_do_not_depend_on_the_side_or_on_the_others() -> None:
    one = sketched("锦绣小区自来水发黄，11月24日起没有人管", "锦绣小区停水")
    others = [sketched("锦绣小区又没有水了"), sketched(""), sketched("人民路路灯不亮", "路灯"), sketched("、、、")]
    together = alike(one, *others)
    for other, row in zip(others, together, strict=True):
        assert alike(one, other)[0] == pytest.approx(row, abs=1e-5)
        back = alike(other, one)[0] if len(other.ids) else row
        assert {name for name in NAMES if back[name] != pytest.approx(row[name], abs=1e-4)} <= {"numbers_clash"}
    assert np.isfinite([list(row.values()) for row in together]).all()


def test_another_estate_is_missed_and_the_same_one_found() -> None:
    one = sketched("夜里施工太吵", "锦绣小区夜里施工噪音扰民")
    same, other = alike(one, sketched("没法睡觉", "锦绣小区工地通宵施工"), sketched("没法睡觉", "东湖花园工地通宵施工"))
    assert same["names_estates"] == 1.0 > other["names_estates"]
    assert same["name_missing_less"] < other["name_missing_less"]


def test_words_of_one_meaning_are_near() -> None:
    one = sketched("", "小区噪音")
    near, far = alike(one, sketched("", "小区扰民"), sketched("", "小区学费"))
    assert near["meant_there_more"] > far["meant_there_more"]


def test_numbers_of_one_unit_that_differ_clash() -> None:
    one = sketched("停水通知：11月24日停水")
    same, other = alike(one, sketched("11月24日停水"), sketched("11月29日停水"))
    assert (same["numbers_clash"], other["numbers_clash"]) == (0.0, 1.0)
    assert same["numbers"] == 1.0


def test_common_pieces_weigh_less_from_the_first_item_on() -> None:
    words, names = sketched("我们"), sketched("麓谷")
    assert Counts().idf(words.ids)[0] < Counts().idf(names.ids)[0] <= 1.0


def test_the_table_of_common_pieces_keeps_numbers() -> None:
    df = np.array([0.0, 0.5, 1.0, 37.0, 1500.0], dtype=np.float32)
    assert pieces_of_steps(steps_of_pieces(df)) == pytest.approx(df, rel=0.05)
