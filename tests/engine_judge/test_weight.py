"""Level, credibility, adverts: the table of factors and the signs."""

from __future__ import annotations

import pytest

from groundswell.engine.judge.importance import level_value
from groundswell.engine.judge.importance_table import read_importance_table, shipped_importance_table
from groundswell.engine.pipeline import Models, load_models
from tests.engine_judge.county import said


def test_thresholds() -> None:
    table = shipped_importance_table()
    assert [level_value(score, table) for score in (78, 77.9, 60, 59.9, 40, 39.9)] == [1, 2, 2, 3, 3, 4]


def test_harm_weighs_more_than_noise() -> None:
    order = ["楼下广场舞太吵", "小区停水两天，居民意见很大", "饭店食物中毒，二十多人送医", "小区爆炸，多人遇难"]
    scores = [said(text).level.score for text in order]
    assert scores == sorted(scores)
    assert scores[0] < scores[-1]


def test_drills_are_no_harm() -> None:
    assert said("县应急局开展火灾演练").level.score < said("县城一商铺火灾").level.score


def test_numbers_of_people() -> None:
    assert said("300多名学生没有校车").level.factors["people"] > said("有学生没有校车").level.factors["people"]


def test_every_factor_is_between_0_and_100_and_has_a_reason() -> None:
    level = said("幼儿园食物中毒，80多名孩子住院，家长投诉", reads=900_000, reposts=9_000).level
    assert set(level.factors) == {"safety", "speed", "reach", "people", "tone", "credibility"}
    assert all(0 <= value <= 100 for value in level.factors.values())
    assert {f"level.{name}" for name in level.factors} <= {why.code for why in level.why}


def test_who_says_it() -> None:
    text = "清河镇今天14:30恢复供水"
    assert said(text, source="yunling-media").credibility.label == "high"
    assert said("听说清河镇的水有毒，赶紧转发", source="forum").credibility.label == "low"
    assert said(text, source="forum").credibility.label == "medium"


def test_an_official_denial_is_believed() -> None:
    text = "网传清河镇停课系谣言，请勿转发"
    assert said(text, source="yunling-media").credibility.score > said(text, source="forum").credibility.score


ADVERTS = [
    ("急招保洁，月薪3000，包吃住，加微信 abc12345", True, "hiring with a contact"),
    ("二手房出租，联系电话13800000000", True, "trade with a telephone"),
    ("学习班招生中，免费试听，扫码报名", True, "courses"),
    ("Limited offer, 50% off, call now", True, "English"),
    ("楼下饭店油烟扰民，投诉多次", False, "a complaint of a shop"),
    ("被培训班骗了，免费试听是虚假宣传，举报！", False, "a complaint of an advert"),
    ("清河镇停水通知", False, "a notice"),
]


@pytest.mark.parametrize(("text", "advert", "why"), ADVERTS, ids=[row[2] for row in ADVERTS])
def test_adverts(text: str, advert: bool, why: str) -> None:
    assert said(text).advert is advert


def test_a_public_body_that_hires_is_no_advertiser() -> None:
    assert not said("县医院招聘启事：招聘护士20名，报名电话见附件", institutional=True).advert


def test_own_tables(tmp_path) -> None:
    (tmp_path / "tone.tsv").write_text("word\tzh\t-3\t香菜\n", encoding="utf-8")
    models = load_models(tmp_path)
    assert models.importance == Models.default().importance
    assert models.version != Models.default().version
    with pytest.raises(NotADirectoryError):
        load_models(tmp_path / "nowhere")


def test_weights_must_add_up() -> None:
    from importlib.resources import files

    text = files("groundswell.engine.judge").joinpath("importance.yaml").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="add up to 1"):
        read_importance_table(text.replace("safety: 0.50", "safety: 0.60"))
    with pytest.raises(ValueError, match="thresholds"):
        read_importance_table(text.replace("2: 60", "2: 95"))
