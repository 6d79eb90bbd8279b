"""Keepers, an organ with its key, and leads at every stage, for the tests of leads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pyrage
from django.test import Client

from groundswell.desk.accounts.models import User
from groundswell.desk.leads.contents import Draft
from groundswell.desk.leads.models import Lead, Organ
from groundswell.desk.spine.actions import found, perform

Person = Callable[..., User]
SECRET = "有人在上坪村道路工程里以次充好，水泥标号不够，验收走过场"
CONTACT = "赵青禾，电话 13912345678，云岭县长宁路18号"
DRAFT = Draft(title="一处道路工程的质量问题", text="经核查，有关工程存在偷工减料，已责令返工，并对相关责任人作出处理。")
IDENTITY = pyrage.x25519.Identity.generate()


def organ(keeper: User, name: str = "县纪委监委") -> Organ:
    made: Organ = found(
        "organ.add",
        keeper,
        {
            "name": name,
            "name_en": "Discipline Inspection and Supervision",
            "competence": "公职人员履职中的问题",
            "recipient": str(IDENTITY.to_public()),
            "key_checked": "10月12日电话核对",
        },
    )
    return made


def registered(keeper: User, **values: Any) -> Lead:
    said = {"way": "paper", "matter": "村道工程质量", "text": SECRET, "contact": CONTACT} | values
    made: Lead = found("lead.register", keeper, said)
    return made


def transferred(keeper: User, body: Organ, **values: Any) -> Lead:
    lead = registered(keeper)
    perform("lead.screen", keeper, lead, {"organ": body, "text": "属于其管辖"})
    perform("lead.transfer", keeper, lead, {"letter": "请依规办理。"} | values)
    return lead


def answered(keeper: User, body: Organ) -> Lead:
    lead = transferred(keeper, body)
    perform("lead.receipt", keeper, lead, {"number": "纪收〔2026〕12号", "day": date(2026, 11, 20)})
    perform("lead.feedback", keeper, lead, {"result": "confirmed", "number": "", "day": date(2026, 11, 23), "text": "反映属实，已处理。"})
    return lead


def published(keeper: User, other: User, body: Organ, draft: Draft = DRAFT) -> Lead:
    lead = answered(keeper, body)
    perform("lead.propose", keeper, lead, {"draft": draft, "knowing": True})
    perform("lead.pass_outcome", other, lead, {"knowing": True})
    perform("lead.publish", keeper, lead, {"sure": True})
    return lead


def signed_in(user: User) -> Client:
    """Through the door, as a person comes."""
    client = Client()
    answer = client.post("/desk/sign-in/", {"username": user.username, "password": "a long password 1"})
    assert answer.status_code == 302
    return client


def opened(client: Client, lead: Lead, why: str = "screen") -> str:
    """The page of LEAD after a reason was given."""
    client.post(f"{lead.get_absolute_url()}read/", {"why": why})
    return client.get(lead.get_absolute_url()).content.decode()
