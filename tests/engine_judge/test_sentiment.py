"""Tone of the text and tone toward the body; every row says what makes it hard."""

from __future__ import annotations

import pytest

from groundswell.engine.judge.tone_table import read_tone_table
from tests.engine_judge.county import said

TONES = [
    ("物业太差劲了，投诉多次推诿扯皮", "negative", "plain complaint"),
    ("打了三次水务局电话没人接，孩子喝什么", "negative", "complaint without a complaining word: nobody answers"),
    ("第三遍报修了，楼下还是黑的", "negative", "third time, still"),
    ("说好的周五通暖，结果今天还是没有", "negative", "a promise not kept"),
    ("路灯什么时候才能修好？", "negative", "when at last"),
    ("给水务局点赞，半夜抢修终于来水了", "positive", "praise with the night's trouble in it"),
    ("感谢城管局的小伙子，态度热情又耐心", "positive", "thanks"),
    ("这次换热站真给力", "positive", "the body's own slang"),
    ("云岭县将于11月25日召开新闻发布会", "neutral", "an announcement"),
    ("明天上午九点在文化馆领取报名表", "neutral", "a notice"),
    ("看了通知，绷不住了", "negative", "slang that the knowledge file explains"),
    ("支持楼主，路面坑洼不平，天天绕着走", "negative", "agrees with a complaint"),
    ("说得对，路灯修好了，亮堂多了", "positive", "agrees with praise"),
    ("请问户口迁移在哪个窗口办？", "neutral", "a question of procedure"),
    ("斑马线看不清了，归哪个部门管？想报修", "neutral", "asks whom to tell"),
    ("打了三次电话，到底归哪个部门管？", "negative", "asks it for the third time"),
    ("Nobody answered the phone and the street is still dark", "negative", "English, no strong word"),
    ("Thank you for the quick repair, well done", "positive", "English praise"),
    ("The office opens at nine on Monday", "neutral", "English notice"),
]


@pytest.mark.parametrize(("text", "label", "why"), TONES, ids=[row[2] for row in TONES])
def test_tone(text: str, label: str, why: str) -> None:
    assert said(text).sentiment.label == label


@pytest.mark.parametrize(
    "text", ["呵呵，真是太好了，又停水了", "可真行，暖气费一分不少，屋里12度，给力", "Oh great, thanks a lot council, brown water again"]
)
def test_irony_is_not_sure_praise(text: str) -> None:
    tone = said(text).sentiment
    assert tone.unsure
    assert tone.label != "positive"
    assert "tone.irony" in {why.code for why in tone.why}


def test_negation_turns_a_word_round() -> None:
    assert said("服务不满意").sentiment.label == "negative"
    assert said("服务满意").sentiment.label == "positive"


def test_tone_toward_the_body_is_apart_from_the_tone_of_the_text() -> None:
    judged = said("骗子太可恶了，老人被骗走三万元！感谢县教育局老师及时劝阻。")
    assert judged.toward_body.label == "positive"
    assert judged.sentiment.label != "positive" or judged.sentiment.unsure


def test_who_is_not_named_is_not_blamed() -> None:
    toward = said("今天火锅店的服务太差了").toward_body
    assert toward.label == "neutral"
    assert toward.unsure


@pytest.mark.parametrize("row", ["word\tzh\t-1", "shout\tzh\t1\t啊", "word\tzh\tmuch\t啊", "turn\tzh\t1\t(("])
def test_a_wrong_table_names_its_line(row: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        read_tone_table("# head\n" + row)


@pytest.mark.parametrize("text", ["说得对，支持楼主。", "我们这栋也一样。", "同问！", "+1", "@某用户 我家也是。", "顶。支持楼主"])
def test_who_only_agrees_says_nothing_alone(text: str) -> None:
    tone = said(text).sentiment
    assert (tone.label, tone.unsure, tone.why[0].code) == ("neutral", True, "tone.echo")


@pytest.mark.parametrize("text", ["支持楼主的都是骗子，垃圾公司", "顶层漏水没人管", "一样的价格，差远了，坑人"])
def test_who_says_more_is_read(text: str) -> None:
    assert said(text).sentiment.label == "negative"
