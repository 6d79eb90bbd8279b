"""Leads of the demo county, about nobody who can be made out: one with its outcome public, one with the organ, one just handed in."""
# ruff: noqa: E501 (a script of acts: one line a step)

from __future__ import annotations

from datetime import date

from groundswell.demo import county
from groundswell.demo.cases import desk_at
from groundswell.demo.stories.village_road import COURSE
from groundswell.desk.accounts.models import User
from groundswell.desk.leads.contents import Draft
from groundswell.desk.leads.models import Lead, Organ
from groundswell.desk.spine.actions import found, perform
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item

KEEPER, LEADER, OFFICE = "qiaoyun", "songyuan", "linxiao"
# public halves whose secret halves were thrown away: the demo's packages open for nobody
ORGANS = (
    {"name": "县纪委监委信访室", "name_en": "Letters Office of the County Discipline Inspection and Supervision Organ", "competence": "公职人员履职中的违纪违法问题", "recipient": "age1nwfa7t4paa83y0nvqefck78zwgdry3ln7uf6ujq6yy5s20z2hcssl8vf7e", "key_checked": "9月28日当面核对"},
    {"name": "县市场监督管理局执法大队", "name_en": "Enforcement Brigade of the Market Supervision Bureau", "competence": "产品质量、价格、合同中的违法行为", "recipient": "age13fk7nyq78naqeqfw9ednvgs3tdy5arm3rdxa24m6259smngl9exqsyrd7d", "key_checked": "10月9日电话核对首尾各十位"},
)  # fmt: skip
OUTCOME = Draft(
    "一处新修道路质量问题的核查结果",
    "经承办机关核查，反映的质量问题部分属实：有关施工单位未按要求施工，监理把关不严。现已责令返工，扣减工程款，对相关责任人员给予处理，并对同类项目开展排查。",
    "Outcome: quality of a newly built road",
    "The organ in charge found the report true in part: the builder did not build as required and supervision was lax. It has ordered the work to be redone, cut the payment, dealt with those responsible and is looking through similar projects.",
)


def load_leads() -> None:
    """All of it. The desk's clock stands at ``county.NOW``; stories are there."""
    people = {user.username: user for user in User.objects.filter(username__in=(KEEPER, LEADER, OFFICE))}
    with desk_at("09-28 10:00"):
        organs = [found("organ.add", people[KEEPER], row) for row in ORGANS]
    _with_outcome(people, organs[0])
    _with_the_organ(people[KEEPER], organs[1])
    _handed_in(people[OFFICE])


def _stamp(step: str) -> str:
    """When the road's lead reached STEP, as the script of acts writes times."""
    return f"{dict(COURSE)[step].astimezone(county.ZONE):%m-%d %H:%M}"


def _with_outcome(people: dict[str, User], organ: Organ) -> None:
    """By letter, to the organ, answered; written by the keeper, passed by the leader named on it, public."""
    keeper, leader = people[KEEPER], people[LEADER]
    said = "来信人说，今年新修的一段道路刚用三个月就起皮、断板。来信人认为施工偷工减料，验收走了形式，请有关机关查一查。信中附有路面照片，未署名。"
    with desk_at(_stamp("registered")):
        lead: Lead = found("lead.register", keeper, {"way": "paper", "matter": "新修道路质量与验收", "text": said})
    steps = (
        (_stamp("screened"), "lead.screen", keeper, {"organ": organ, "text": "有具体事实，涉及验收人员履职，属于其管辖。"}),
        (_stamp("passed_on"), "lead.transfer", keeper, {"letter": "现移送线索一件，请依规办理并反馈。"}),
        (_stamp("received"), "lead.receipt", keeper, {"number": "收字第41号", "day": date(2026, 10, 16), "text": "已收到，正在研究。"}),
        (_stamp("answered"), "lead.feedback", keeper, {"result": "partly", "number": "复字第29号", "day": date(2026, 11, 5), "text": "经核查，部分路段厚度不足，监理未旁站。已责令返工并处理相关责任人员。"}),
        ("11-06 09:20", "lead.name_leader", keeper, {"leader": leader}),
        ("11-09 10:30", "lead.propose", keeper, {"draft": OUTCOME, "knowing": True}),
        ("11-10 09:15", "lead.pass_outcome", leader, {"knowing": True}),
        ("11-10 15:00", "lead.publish", keeper, {"sure": True}),
    )  # fmt: skip
    for at, what, who, values in steps:
        with desk_at(at):
            perform(what, who, lead, values)


def _with_the_organ(keeper: User, organ: Organ) -> None:
    """By telephone; the organ has given its receipt and works on it."""
    said = "来电人说，有经营者在安装燃气表具时强制搭售配件，不买就不给通气，收据上不写品名。"
    with desk_at("10-29 14:20"):
        lead: Lead = found(
            "lead.register",
            keeper,
            {"way": "telephone", "matter": "安装时强制搭售", "text": said, "contact": "来电人愿意接受承办机关回访，号码已告知承办机关"},
        )
    steps = (
        ("10-30 09:30", "lead.screen", keeper, {"organ": organ, "text": "属于价格和合同中的违法行为。"}),
        ("10-30 10:40", "lead.transfer", keeper, {"letter": "现移送线索一件，请依法处理并反馈。", "with_contact": True}),
        ("11-04 16:10", "lead.receipt", keeper, {"number": "市监收第118号", "day": date(2026, 11, 4), "text": ""}),
        ("11-18 09:00", "lead.note", keeper, {"text": "电话询问进度：正在核对收据，预计月底前反馈。"}),
    )  # fmt: skip
    for at, what, who, values in steps:
        with desk_at(at):
            perform(what, who, lead, values)


def _handed_in(office: User) -> None:
    """From the stream this afternoon: the keeper still has to screen it."""
    story = Story.objects.filter(title__contains="工资", merged_into=None).order_by("-item_count").first()
    item = Item.objects.filter(story=story).exclude(text="").order_by("published_at", "pk").first() if story else None
    if item is not None:
        with desk_at("11-23 14:32"):
            found("lead.hand_in", office, {"item": item, "text": "帖子提到有人截留款项，请甄别。"})
