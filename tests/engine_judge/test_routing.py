"""Which unit an item concerns."""

from __future__ import annotations

import pytest

from groundswell.engine.knowledge import parse_knowledge
from groundswell.engine.pipeline import Judge, Models
from groundswell.engine.records import Item
from tests.engine_judge.county import NOW, said

FIRST = [
    ("水务局的电话没人接", "water", "an alias"),
    ("清河镇锦绣小区自来水发黄", "water", "a duty and a watch of the unit beat the town's own office"),
    ("云岭县换热站又坏了，屋里冷", "housing", "what belongs to the unit"),
    ("云岭县幼儿园停课通知", "education", "two duties"),
    ("清河镇政府门口路不平", "town-qinghe", "the town's office by name"),
]


@pytest.mark.parametrize(("text", "unit", "why"), FIRST, ids=[row[2] for row in FIRST])
def test_first_unit(text: str, unit: str, why: str) -> None:
    assert said(text, source="forum").concerns[0].unit == unit


def test_title_weighs_more_than_text() -> None:
    judged = said("云岭县城管局说路灯归别家管", title="水质发黄谁管", source="forum")
    plain = said("水质发黄谁管。云岭县城管局说路灯归别家管", source="forum")
    water = {c.unit: c.confidence for c in judged.concerns}["water"]
    assert water > {c.unit: c.confidence for c in plain.concerns}["water"]


def test_at_most_three_likeliest_first_with_reasons() -> None:
    concerns = said("水务局、住建局、教育局、城管局都说不归自己管，云岭县的路灯和供水", source="forum").concerns
    assert len(concerns) == 3
    assert [c.confidence for c in concerns] == sorted((c.confidence for c in concerns), reverse=True)
    assert all(c.why for c in concerns)


def test_nobody_is_named() -> None:
    assert said("云岭县今天天气不错", source="forum").concerns == ()


HOSPITAL = """
body: {name: 云岭县}
units:
  - {id: health, name: 县卫健局, aliases: [卫健局, 县医院], duties: [挂号]}
  - {id: traffic, name: 县交警大队, aliases: [交警], duties: [斑马线, 停车]}
places:
  - {id: hospital, name: 县医院, kind: hospital}
"""


@pytest.mark.parametrize(
    ("text", "unit"), [("县医院的斑马线看不清了", "traffic"), ("县医院的大夫真好", "health"), ("卫健局门口的斑马线看不清了", "health")]
)
def test_where_it_happens_is_less_than_whose_duty_it_is(text: str, unit: str) -> None:
    judged = Judge(parse_knowledge(HOSPITAL, "hospital"), Models.default()).judge(Item(key="0" * 32, text=text), NOW)
    assert judged.concerns[0].unit == unit
