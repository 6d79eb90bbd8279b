"""Names of private persons: found in a brief, refused as a watch."""

from __future__ import annotations

import pytest

from groundswell.engine.judge.person_name import is_only_a_name, private_names

NAMES = [
    ("业主陈某反映锦绣小区水发黄", ["陈某"], "a masked name"),
    ("居民王建国说孩子喝了拉肚子", ["王建国"], "after a role"),
    ("张女士告诉记者，李大爷也来了", ["张", "李"], "before a form of address"),
    ("伤者赵某某已送医", ["赵某某"], "masked twice"),
    ("Resident Mary Brown said the water was brown", ["Mary Brown"], "English"),
    ("县水务局局长王强表示将尽快解决", [], "an office holder"),
    ("高度重视安全管理，严重影响居民安全", [], "words that begin with a surname"),
    ("居民反映路灯不亮，家长何时能放心", [], "roles without a name"),
    ("", [], "nothing"),
]


@pytest.mark.parametrize(("text", "names", "why"), NAMES, ids=[row[2] for row in NAMES])
def test_private_names(text: str, names: list[str], why: str) -> None:
    spans = private_names(text)
    assert [span.text for span in spans] == names
    assert all(text[span.start : span.end] == span.text for span in spans)


def test_kept_names_may_stand() -> None:
    assert private_names("居民王建国反映", keep=["王建国"]) == []


@pytest.mark.parametrize("query", ["王建国", "王建国 OR 李小红", "陈女士", "(张伟 且 刘洋)", "John Smith", "欧阳修远"])
def test_a_watch_on_a_person_is_refused(query: str) -> None:
    assert is_only_a_name(query)


@pytest.mark.parametrize(
    "query", ["供水", "张伟 AND 欠薪", "安全", "夜市 OR 占道", "周边 NOT 王建国", "水质", "高铁", "黄河水", "Night Market", ""]
)
def test_a_watch_on_a_topic_is_not(query: str) -> None:
    assert not is_only_a_name(query)
