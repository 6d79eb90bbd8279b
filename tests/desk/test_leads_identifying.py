"""The checker of outcomes: what would give somebody away is found with its reason, and what is fit for the public passes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from groundswell.desk.leads.contents import Contents, Draft, Origin
from groundswell.desk.leads.identifying import reasons

GIVES_AWAY = [  # (text, code, piece, must go, why)
    ("有疑问请拨13912345678咨询", "telephone", "13912345678", True, "a mobile telephone"),
    ("电话１３９ １２３４ ５６７８", "telephone", "139 1234 5678", True, "full width and blanks hide nothing"),
    ("来电0871-6543210反映", "telephone", "0871-6543210", True, "a line with its area code"),
    ("证件号53011219880412123x一并核查", "identity", "53011219880412123x", True, "an identity number, its last sign a letter"),
    ("账户6222021234567890123收款", "identity", "6222021234567890123", True, "a bank card"),
    ("车牌云A·12D45的车辆", "plate", "云a·12d45", True, "a number plate"),
    ("新能源车云AD12345", "plate", "云ad12345", True, "one of an electric car"),
    ("住在长宁路18号的住户", "address", "住在长宁路18号", True, "a street and number"),
    ("锦绣小区3号楼2单元401", "address", "3号楼2单元401", True, "a flat"),
    ("上坪村第3组的村道", "address", "上坪村第3组", True, "a village's group"),
    ("见 https://forum.example/p/1 的帖子", "online", "https://forum.example/p/1", True, "the post itself"),
    ("邮箱 a.b@mail.example", "online", "a.b@mail.example", True, "an e-mail address"),
    ("对应线索 XS-2026-0001", "lead_number", "xs-2026-0001", True, "the lead's own number"),
    ("村民王建国反映属实", "name", "王建国", False, "a name after a role"),
    ("已对张某某立案", "name", "张某某", False, "a masked name leads to a person too"),
    ("经查三年级2班存在乱收费", "small_unit", "三年级2班", False, "a class"),
    ("上坪村存在违规", "small_unit", "上坪村", False, "a village"),
    ("今年清河镇卫生院院长违规", "combination", "今年、今年清河镇卫生院、院长", False, "post, place and time: one person"),
]


@pytest.mark.parametrize(("text", "code", "piece", "sure", "why"), GIVES_AWAY)
def test_gives_away(text: str, code: str, piece: str, sure: bool, why: str) -> None:
    found = {(each.code, each.piece): each for each in reasons(Draft("处理结果", text))}
    assert (code, piece) in found, f"{why}: {sorted(found)}"
    assert found[code, piece].is_sure is sure
    assert piece in found[code, piece].words


FIT = (
    "经核查，有关工程存在偷工减料，已责令返工，并对相关责任人作出处理。",
    "反映的问题部分属实，有关单位已退还多收的费用，完善了收费公示。",
    "经查，所反映的问题不属实，已向有关方面说明情况。",
    "有关部门对全县同类项目开展了专项检查，发现的问题已全部整改。",
    "承办机关对反映的农村道路质量问题进行了核查，责成施工单位返修。",
)


@pytest.mark.parametrize("text", FIT)
def test_fit_for_the_public(text: str) -> None:
    assert [each.words for each in reasons(Draft("一处道路工程的质量问题", text))] == []


def lead(**said: object) -> Contents:
    values = {"matter": "", "text": "", "contact": "", "screening": "", "origin": None, "notes": (), "files": (), "receipt": None}
    return Contents(**({**values, "feedback": None} | said))  # type: ignore[arg-type]


def test_what_was_told_is_not_repeated() -> None:
    told = lead(matter="村道工程", text="水泥标号不够还让监理签字验收，合同价386.5万元，石大柱一手操办，石大柱的表弟供料，石大柱说了算")
    draft = Draft("结果", "水泥标号不够还让监理签字验收的情况属实；金额为386.5万元；对石大柱已作处理")
    found = {each.code: each.piece for each in reasons(draft, told)}
    assert found["copied"] == "水泥标号不够还让监理签字验收"
    assert found["figure"] == "386.5万元"
    assert found["name"] == "石大柱"


def test_the_item_s_own_words_are_not_repeated_either() -> None:
    told = lead(origin=Origin("k", "论坛", "", "标题", "路面三个月就起皮开裂没有人管", datetime(2026, 11, 1, tzinfo=UTC)))
    assert [each.code for each in reasons(Draft("结果", "路面三个月就起皮开裂没有人管，已返修"), told)] == ["copied"]


@pytest.mark.parametrize("text", ["赵青禾同志反映的问题属实", "已答复 Zhaoqing", "尾号5678的来电人"])
def test_contact_data_must_go(text: str) -> None:
    told = lead(contact="姓名：赵青禾 Zhaoqing，电话 5678")
    assert any(each.code == "contact" and each.is_sure for each in reasons(Draft("结果", text), told))


def test_sure_reasons_come_first_and_each_once() -> None:
    found = reasons(Draft("上坪村", "上坪村王建国，电话13912345678，13912345678"))
    assert [each.is_sure for each in found] == sorted((each.is_sure for each in found), reverse=True)
    assert len({(each.code, each.piece) for each in found}) == len(found)
