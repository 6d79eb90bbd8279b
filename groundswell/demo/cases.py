"""The cases of the demo county: a dated script of acts by the desk and the units, done one after another as people would do them."""
# ruff: noqa: E501 (a script of acts: one line a step)

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from groundswell.demo import county
from groundswell.demo.readings import desk_stands_at
from groundswell.desk.accounts.models import Unit, User
from groundswell.desk.cases import clocks
from groundswell.desk.cases.models import Case, Task
from groundswell.desk.spine.actions import found, perform
from groundswell.desk.stories.models import Story


@dataclass(frozen=True)
class Step:
    """WHO does WHAT at a time of the body ("11-20 09:10"), on the case or on its task number ON."""

    at: str
    who: str
    what: str  # the action's name without its subject and kind
    values: dict[str, Any] = field(default_factory=dict)
    on: int = 0  # 0: the case itself


@dataclass(frozen=True)
class Told:
    """A case and what is done to it; STORY is the unit whose largest open story it is about."""

    kind: str
    at: str
    title: str
    steps: tuple[Step, ...] = ()
    text: str = ""
    unit: str = ""
    sort: str = ""
    letter: str = ""
    date: date | None = None
    story: str = ""


def task(at: str, unit: str, title: str, within: int = 1, text: str = "", who: str = "linxiao") -> Step:
    return Step(at, who, "hand_out", {"unit": unit, "title": title, "within": within, "text": text})


def done(at: str, who: str, what: str, on: int = 0, **values: Any) -> Step:
    return Step(at, who, what, values, on)


SCRIPT: tuple[Told, ...] = (
    Told(
        "message", "10-12 09:20", "老年卡在柳林镇能不能代办", sort="consult", unit="transport", text="母亲八十岁，腿脚不便，老年公交卡能不能由家人代办？",
        steps=(
            done("10-12 10:02", "linxiao", "accept"),
            task("10-12 10:05", "transport", "答复老年卡代办条件", 1),
            done("10-12 14:20", "zhangnan", "sign", 1),
            done("10-13 09:40", "zhangnan", "answer", 1, text="可由子女凭双方身份证和户口簿代办，镇便民服务中心每周三受理。"),
            done("10-13 10:10", "linxiao", "accept", 1),
            done("10-13 10:30", "linxiao", "submit", text="可以代办：请子女带双方身份证和户口簿，周三到柳林镇便民服务中心办理。"),
            done("10-13 15:00", "limin", "answer"),
            done("10-14 09:00", "linxiao", "close", outcome="已答复，留言人表示清楚"),
        ),
    ),
    Told(
        "request", "10-19 15:10", "申请公开2025年农村饮水工程验收报告", unit="water", text="申请公开白石镇、河西镇农村饮水安全巩固提升工程2025年度竣工验收报告。",
        steps=(
            done("10-20 09:00", "linxiao", "accept"),
            task("10-20 09:10", "water", "提供验收报告并标明不宜公开的部分", 7),
            done("10-20 11:00", "tangwei", "sign", 1),
            done("10-28 16:30", "tangwei", "answer", 1, text="报告两份，涉及第三方报价三处，建议遮盖。"),
            done("10-29 09:20", "linxiao", "accept", 1),
            done("10-29 10:00", "linxiao", "ask_third", reason="报价部分征求施工单位意见"),
            done("11-06 10:00", "linxiao", "third_answered", reason="施工单位同意公开总价"),
            done("11-06 11:00", "linxiao", "submit", text="予以部分公开：报告全文，单项报价遮盖，总价公开。"),
            done("11-09 09:30", "zhoujianguo", "answer"),
            done("11-10 09:00", "linxiao", "close", outcome="部分公开，已送达"),
        ),
    ),
    Told(
        "superior", "11-09 10:00", "核查河西镇石料厂夜间运输扰民", letter="澄网办函〔2026〕58号", date=date(2026, 11, 13), unit="transport",
        text="请核查网民反映的夜间运输扰民问题，11月13日前书面回复。",
        steps=(
            done("11-09 10:30", "linxiao", "accept"),
            task("11-09 10:40", "transport", "查夜间运输许可和路线", 3),
            done("11-09 11:10", "zhangnan", "sign", 1),
            done("11-11 17:00", "zhangnan", "answer", 1, text="许可时段至22时，四台车超时，已约谈企业并调整路线绕开村庄。"),
            done("11-12 08:40", "linxiao", "accept", 1),
            done("11-12 09:30", "linxiao", "submit", text="经核查，企业四台车辆超出许可时段，已约谈整改，运输路线调整为绕行村外便道。"),
            done("11-12 16:00", "liuming", "answer"),
            done("11-16 09:00", "linxiao", "close", outcome="上级已收，未再提出要求"),
        ),
    ),
    Told(
        "message", "11-11 20:30", "小区门口的坑一个月没人填", sort="complain", unit="cityadmin", text="文化苑东门路面塌了一个坑，晚上骑车摔过人，打过两次电话。",
        steps=(
            done("11-12 08:50", "linxiao", "accept"),
            task("11-12 08:55", "transport", "填补文化苑东门路面", 3),
            done("11-12 15:30", "zhangnan", "give_back", 1, reason="属小区红线内道路，由物业和住建管理"),
            done("11-12 16:10", "linxiao", "pass_on", 1, unit="housing"),
            done("11-12 17:00", "lijianhua", "sign", 1),
            done("11-17 10:00", "linxiao", "urge", 1),
            done("11-18 11:20", "lijianhua", "answer", 1, text="物业已于18日上午填补，照片附后。"),
            done("11-18 14:00", "linxiao", "accept", 1),
            done("11-18 14:20", "linxiao", "submit", text="路面已于11月18日填补，物业承诺每月巡查一次。"),
            done("11-18 16:40", "limin", "answer"),
        ),
    ),
    Told(
        "list", "11-16 11:00", "冬季保供碰头会议定事项", unit="housing", text="11月16日上午碰头会，三件事分头办，月底前报结果。",
        steps=(
            task("11-16 11:20", "housing", "公布各换热站值守电话", 3),
            task("11-16 11:22", "water", "管网抢修预案报备", 5),
            done("11-17 09:00", "lijianhua", "sign", 1),
            done("11-18 17:10", "lijianhua", "answer", 1, text="41个换热站值守电话已在各小区张贴，并发县融媒。"),
            done("11-19 09:00", "linxiao", "accept", 1),
            done("11-17 10:00", "tangwei", "sign", 2),
        ),
    ),
    Told(
        "incident", "11-22 08:40", "", story="housing",
        steps=(
            done("11-22 08:45", "linxiao", "accept"),
            done("11-22 08:50", "linxiao", "take_role", role="lead"),
            task("11-22 08:55", "housing", "查明停暖原因，说清何时恢复", 1, "请逐栋测温，当天公布恢复时间。"),
            task("11-22 09:00", "town-chengguan", "上门看望停暖楼栋的老人", 1),
            done("11-22 09:30", "lijianhua", "sign", 1),
            done("11-22 11:40", "linxiao", "spoke", text="热力公司正在抢修，今晚前逐栋测温，进展每四小时公布", address="http://127.0.0.1:8700/"),
            done("11-22 11:00", "shiyong", "sign", 2),
            done("11-22 19:00", "shiyong", "answer", 2, text="走访46户老人，送电暖器12台，2户临时接到亲属家。"),
            done("11-23 08:30", "linxiao", "accept", 2),
            done("11-23 09:10", "linxiao", "urge", 1),
            done("11-23 14:40", "lijianhua", "answer", 1, text="二次网阀门破裂，已更换，预计23日20时前全部恢复；测温记录附后。"),
        ),
    ),
    Told(
        "superior", "11-20 15:20", "报送第三季度网民诉求办理情况", letter="澄网办函〔2026〕63号", date=date(2026, 11, 27), text="请于11月27日前报送第三季度办理情况和典型事例。",
        steps=(done("11-20 16:00", "linxiao", "accept"), task("11-20 16:10", "hr", "提供欠薪诉求办理数据", 3), done("11-23 10:00", "yaoyi", "sign", 1)),
    ),
    Told(
        "message", "11-19 10:15", "清河桥北的路灯坏了三盏", sort="complain", unit="cityadmin", text="清河桥北头三盏路灯不亮，学生晚自习回家要走这段路。",
        steps=(
            done("11-19 10:40", "linxiao", "accept"),
            task("11-19 10:45", "cityadmin", "检修桥北路灯", 3),
            done("11-19 14:00", "maqiang", "sign", 1),
            done("11-23 15:20", "maqiang", "give_back", 1, reason="桥北段路灯由镇里建、镇里管，请转清河镇"),
        ),
    ),
    Told(
        "message", "11-20 18:05", "宠物医院半夜噪音", sort="complain", text="楼下宠物医院半夜狗叫，没法睡。",
        steps=(done("11-21 09:00", "linxiao", "accept"), done("11-21 09:20", "linxiao", "ask", reason="请补充小区和楼号")),
    ),
    Told("message", "11-23 11:30", "图书馆周日能不能延长到晚上九点", sort="suggest", unit="", text="孩子们周日晚上想自习，图书馆五点就关门了。"),
    Told("message", "11-23 14:50", "异地医保怎么备案", sort="consult", text="在省城打工，看病要先备案吗，在哪里办？"),
    Told("request", "11-23 09:40", "申请公开2026年校车安全检查结果", unit="education", text="申请公开2026年上半年全县校车安全检查结果。"),
)  # fmt: skip


def load_cases() -> None:
    """All of it. The desk's clock stands at ``county.NOW``; people, units and scored stories are there."""
    people = {user.username: user for user in User.objects.all()}
    units = {unit.code: unit for unit in Unit.objects.all()}
    for told in sorted(SCRIPT, key=lambda told: told.at):
        _tell(told, people, units)
    clocks.watch_clocks(county.NOW)


def _tell(told: Told, people: dict[str, User], units: dict[str, Unit]) -> None:
    duty = people["linxiao"]
    with desk_at(told.at):
        if told.story:
            story = (
                Story.objects.filter(unit=units[told.story], merged_into=None)
                .exclude(state="closed")
                .order_by("level", "-item_count")
                .first()
            )
            if story is None:
                return
            number = perform("story.open_case", duty, story).data["number"]
            case = Case.objects.get(number=number)
        else:
            case = found(
                "case.open",
                duty,
                {
                    "kind": told.kind,
                    "title": told.title,
                    "text": told.text,
                    "sort": told.sort,
                    "letter": told.letter,
                    "date": told.date,
                    "unit": units.get(told.unit),
                },
            )
    for step in sorted(told.steps, key=lambda step: step.at):
        with desk_at(step.at):
            _do(step, case, people[step.who], units)


def _do(step: Step, case: Case, user: User, units: dict[str, Unit]) -> None:
    values = step.values | ({"unit": units[step.values["unit"]]} if "unit" in step.values else {})
    if step.on:
        perform(f"task.{step.what}", user, Task.objects.filter(case=case).order_by("id")[step.on - 1], values)
    elif step.what in ("hand_out", "take_role", "note", "spoke"):
        perform(f"case.{step.what}", user, case, values)
    else:
        perform(f"case.{case.kind}_{step.what}", user, case, values)


def desk_at(text: str) -> AbstractContextManager[None]:
    """The desk's clock stands at TEXT of the demo's year ("11-20 09:10")."""
    return desk_stands_at(datetime.strptime(f"{county.NOW.year}-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=county.ZONE))
