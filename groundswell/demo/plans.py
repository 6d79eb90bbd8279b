"""The plans of the demo county: the landslide's response from the night call to its review, heating under way, water asked for, a drill."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from groundswell.demo import county
from groundswell.demo.cases import desk_at
from groundswell.desk.accounts.models import Unit, User
from groundswell.desk.cases import reports
from groundswell.desk.cases.consultations import draft_minutes
from groundswell.desk.cases.models import Case, Consultation, Task
from groundswell.desk.plans import steps
from groundswell.desk.plans.matching import proposals
from groundswell.desk.plans.models import Plan, Response, ResponseStep
from groundswell.desk.plans.queries import figures_of
from groundswell.desk.spine.actions import found, perform
from groundswell.desk.spine.ports import now
from groundswell.desk.stories.models import Story


class Told:
    """A response told step by step: WHO does WHAT at a time of the body."""

    def __init__(self, people: dict[str, User], units: dict[str, Unit]) -> None:
        self.people, self.units = people, units
        self.response: Response
        self.case: Case

    def ask(self, at: str, who: str, plan: str, leader: str, grade: int, reason: str, **on: Any) -> None:
        story: Story | None = on.get("story") or (on["case"].story if on.get("case") else None)
        row = Plan.objects.get(code=plan)
        proposed = proposals(figures_of(story), [row.current.book]) if story else []
        values = {
            "plan": row,
            "grade": grade,
            "reason": reason,
            "leader": self.people[leader],
            "why": list(proposed[0].why) if proposed else [],
        }
        with desk_at(at):
            self.response = found("response.ask", self.people[who], values | on)

    def act(self, at: str, who: str, what: str, /, **values: Any) -> None:
        with desk_at(at):
            perform(f"response.{what}", self.people[who], self.response, values)
        if self.response.case is not None:
            self.case = self.response.case

    def step(self, code: str) -> ResponseStep:
        return self.response.steps.filter(code=code).latest("round")

    def done(self, at: str, who: str, code: str, note: str = "") -> None:
        with desk_at(at):
            perform("step.done", self.people[who], self.step(code), {"note": note})

    def hand(self, at: str, who: str, code: str, unit: str, text: str = "", within: int = 0) -> None:
        row = self.step(code)
        with desk_at(at):
            perform(
                "step.hand_out",
                self.people[who],
                row,
                {"unit": self.units[unit], "title": row.rules.zh if row.rules else code, "text": text, "within": within},
            )

    def on_case(self, at: str, who: str, what: str, /, **values: Any) -> None:
        with desk_at(at):
            if what == "report":
                values["text"] = reports.draft(self.case, now()) + "\n" + values["text"]
            perform(f"case.{what}", self.people[who], self.case, values)

    def tasks(self, at: str, who: str, what: str, *tasks: Task, **values: Any) -> None:
        with desk_at(at):
            for task in tasks:
                perform(f"task.{what}", self.people[who], task, values)
            steps.follow_tasks(now())

    def consult(
        self, at: str, who: str, title: str, when: datetime, people: tuple[str, ...], units: tuple[str, ...], agenda: str
    ) -> Consultation:
        called = {
            "title": title,
            "at": when,
            "place": "三楼会商室",
            "agenda": agenda,
            "people": [self.people[name] for name in people],
            "units": [self.units[code] for code in units],
        }
        self.on_case(at, who, "consult", **called)
        row: Consultation = self.case.consultations.latest("id")
        return row

    def in_room(self, at: str, who: str, row: Consultation, what: str, /, **values: Any) -> None:
        with desk_at(at):
            if what == "attend":
                values = {"present": list(row.people.all()), "present_units": list(row.units.all())}
            elif what == "minutes":
                values = {"text": draft_minutes(row)}
            perform(f"consultation.{what}", self.people[who], row, values)


def load_plans() -> None:
    """All of it, in order of time. The desk's clock stands at ``county.NOW``; cases and instructions are there."""
    people = {user.username: user for user in User.objects.all()}
    units = {unit.code: unit for unit in Unit.objects.all()}
    _drill(Told(people, units))
    slide = _story(units["transport"], "塌方") or _story(units["transport"], "盘山路")
    if slide is not None and not slide.cases.exists():
        _landslide(Told(people, units), slide)
    heating = Case.objects.filter(kind="incident", unit=units["housing"], closed_at=None).order_by("-id").first()
    if heating is not None:
        _heating(Told(people, units), heating)
    water = Story.objects.filter(unit=units["water"], merged_into=None).exclude(state="closed").order_by("level", "-item_count").first()
    if water is not None:
        told = Told(people, units)
        told.ask(
            "11-23 15:52",
            "linxiao",
            "utilities",
            "liuming",
            2,
            "清河镇多个小区自来水发黄，涉及中心小学，网上仍在上升，建议启动Ⅱ级响应。",
            story=water,
        )


def _story(unit: Unit, word: str) -> Story | None:
    return Story.objects.filter(unit=unit, merged_into=None, title__contains=word).exclude(state="closed").order_by("-item_count").first()


def _at(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=county.ZONE)


def _drill(told: Told) -> None:
    """演练 of 22 October: a burst main, played through to the review."""
    scene = "14时，城关镇主管爆裂，文化苑、建设新村、馨园停水，一所小学无水。导调组每10分钟给一条网上消息。"
    told.ask(
        "10-22 14:00",
        "linxiao",
        "utilities",
        "zhoujianguo",
        3,
        "按季度演练计划，检验首报和首次回应时限。",
        drill=True,
        title="城区主管爆裂大面积停水",
        text=scene,
    )
    told.act("10-22 14:06", "zhoujianguo", "approve", grade=3, reason="同意，按实战计时")
    told.act("10-22 14:08", "linxiao", "take_role", role="word", user=told.people["limin"])
    told.done("10-22 14:15", "linxiao", "phone", "14:13 电话报告带班领导、主要领导（演练）")
    told.done("10-22 14:38", "linxiao", "first", "初报已成文")
    told.hand("10-22 14:41", "linxiao", "repair", "water")
    told.done("10-22 15:20", "linxiao", "word", "首次回应成稿用时 62 分钟")
    told.act("10-22 15:25", "linxiao", "ask_grade", grade=2, reason="导调：水质疑似超标")
    told.act("10-22 15:31", "zhoujianguo", "change_grade", grade=2, reason="同意调级")
    told.done("10-22 15:50", "linxiao", "rumour", "两条传言已按口径说明")
    told.act("10-22 16:20", "zhoujianguo", "end", conclusion="演练科目完成。")
    told.act(
        "10-23 09:40",
        "linxiao",
        "review",
        good="电话首报 13 分钟，初报 32 分钟，均在时限内。",
        bad="首次回应等单位口径等了 40 分钟；学校用水没有专人盯。",
        next="林晓 11 月 6 日前与各单位约定“先说在办、后说原因”的口径；预案Ⅲ级增列学校送水（已有步骤，明确责任人）。",
    )


def _landslide(told: Told, story: Story) -> None:
    """柳林盘山路塌方: the call in the night, grade III, II while villages were cut off, open again, reviewed and closed."""
    told.ask("11-21 06:02", "wuhao", "weather", "liuming", 3, "盘山路K7塌方，双向中断，王家沟班车停运，有学生需绕行。", story=story)
    told.act("11-21 06:09", "liuming", "approve", grade=3, reason="同意，先保人员安全")
    told.on_case("11-21 06:10", "wuhao", "incident_accept")
    told.done("11-21 06:12", "wuhao", "phone", "06:11 已电话报告刘明、宋远")
    told.hand("11-21 06:15", "wuhao", "safe", "transport", "两端设卡，半小时内报绕行路线。")
    told.on_case("11-21 06:32", "wuhao", "spoke", text="盘山路K7双向中断，请绕行老路，注意落石", address="http://127.0.0.1:8700/")
    told.done("11-21 06:33", "wuhao", "word", "06:32 发布路况和绕行老路提示")
    told.done("11-21 06:36", "wuhao", "first", "初报已报送")
    closing = Task.objects.filter(case=told.case).latest("id")
    told.tasks("11-21 06:38", "zhangnan", "sign", closing)
    told.tasks("11-21 06:50", "zhangnan", "answer", closing, text="两端已设卡，老路可绕行，现场30余人、挖机3台。")
    told.tasks("11-21 06:58", "wuhao", "accept", closing)
    told.done("11-21 07:40", "wuhao", "legal", "县应急局未发布等级，照此登记")
    told.done("11-21 08:20", "linxiao", "update", "08:15 更新：半幅清理中，预计下午通")
    told.act("11-21 09:05", "linxiao", "ask_grade", grade=2, reason="王家沟、上坪两村不通，有透析病人需出山")
    told.act("11-21 09:12", "liuming", "change_grade", grade=2, reason="同意，人命关天")
    told.done("11-21 09:30", "linxiao", "casualties", "无人员伤亡，口径由现场指挥部统一")
    told.hand("11-21 09:32", "linxiao", "supply", "transport", "护送透析病人出山，学生接送改走老路。")
    row = told.consult(
        "11-21 09:40",
        "linxiao",
        "盘山路抢通与学生出行会商",
        _at(21, 10, 30),
        ("liuming", "linxiao", "limin"),
        ("transport", "emergency", "education"),
        "何时能半幅通行；周一上学怎么走；怎么对外说。",
    )
    told.in_room("11-21 10:34", "linxiao", row, "attend")
    told.in_room("11-21 10:40", "linxiao", row, "view", speaker="县交通局", text="17时前可半幅通行，夜间仍有落石风险，建议夜间封闭。")
    told.in_room("11-21 10:46", "linxiao", row, "view", speaker="县教育局", text="周一47名学生走老路，需校车提前40分钟。")
    told.in_room(
        "11-21 10:52", "linxiao", row, "decide", text="夜间封闭并派人值守，路况两小时一更新", unit=told.units["transport"], within=1
    )
    told.in_room("11-21 10:53", "linxiao", row, "decide", text="周一校车改线并逐户通知家长", unit=told.units["education"], within=1)
    told.in_room("11-21 11:10", "linxiao", row, "minutes")
    told.on_case("11-21 11:15", "linxiao", "report_every", hours=4)
    told.on_case("11-21 11:30", "linxiao", "report", text="下一步：17时前半幅通行，夜间封闭。")
    supply, night, bus = Task.objects.filter(case=told.case, state="task.sent").order_by("id")
    told.tasks("11-21 12:00", "zhangnan", "sign", supply, night)
    told.tasks("11-21 13:10", "sunjing", "sign", bus)
    told.tasks("11-21 15:05", "zhangnan", "answer", supply, text="透析病人已护送出山，两村物资药品送达，学生接送改走老路。")
    told.tasks("11-21 15:20", "linxiao", "accept", supply)
    told.tasks("11-21 17:20", "zhangnan", "answer", night, text="17时10分半幅通行，19时起夜间封闭，双岗值守。")
    told.tasks("11-21 17:40", "linxiao", "accept", night)
    told.done("11-21 17:45", "linxiao", "report", "续报一")
    told.on_case("11-21 17:50", "linxiao", "report", text="已半幅通行，夜间封闭；两村物资药品已送达。")
    told.act("11-21 18:00", "linxiao", "ask_grade", grade=4, reason="半幅通行，无滞留人员")
    told.act("11-21 18:20", "liuming", "change_grade", grade=4, reason="同意，夜间值守不松")
    told.done("11-22 09:30", "linxiao", "open", "09:12 全幅抢通，已发布")
    told.tasks("11-22 10:20", "sunjing", "answer", bus, text="校车改线已定，47户家长逐一电话通知。")
    told.tasks("11-22 10:25", "linxiao", "accept", bus)
    told.on_case(
        "11-22 10:30", "linxiao", "incident_submit", text="柳林盘山路22日9时12分全幅抢通，无人员伤亡；雨天请减速，落石路段派人值守。"
    )
    told.on_case("11-22 10:50", "limin", "incident_answer")
    told.done("11-22 11:00", "linxiao", "final", "终报已报送，隐患点6处列清单")
    told.act("11-22 11:05", "linxiao", "ask_end", reason="全幅通行26小时无落石，网上转为感谢")
    told.act("11-22 11:40", "liuming", "end", conclusion="同意终止。隐患点治理列入年度计划。")
    told.on_case("11-22 11:45", "linxiao", "report_every", hours=0)
    told.on_case(
        "11-23 09:20",
        "linxiao",
        "review",
        happened="连续降雨后K7段边坡失稳，百余方土石落下。21日5时40分发生，22日9时12分全幅抢通，无人员伤亡。",
        good="首报9分钟、首次发布30分钟；绕行路线先于原因公布，没有谣言。",
        bad="班车停运通知晚了一小时；村里两位透析病人没有台账。",
    )
    told.on_case(
        "11-23 09:30", "linxiao", "improve", kind="preventive", text="K6—K9段边坡加装防护网", unit=told.units["transport"], within=15
    )
    told.on_case(
        "11-23 09:31", "linxiao", "improve", kind="detecting", text="隐患点雨天两小时巡查并拍照", unit=told.units["transport"], within=7
    )
    told.on_case(
        "11-23 09:32", "linxiao", "improve", kind="corrective", text="建立需定期就医人员出行台账", unit=told.units["town-liulin"], within=7
    )
    told.on_case("11-23 09:40", "linxiao", "incident_close", outcome="22日全幅抢通，无人员伤亡，周一学生正常到校")


def _heating(told: Told, case: Case) -> None:
    """幸福里供暖: the response runs at grade III when the visitor comes; a consultation with its decisions, a report by interval."""
    told.case = case
    told.ask("11-23 15:26", "linxiao", "utilities", "liuming", 3, "停暖两天，多栋楼未恢复，领导已批示今晚八点前恢复。", case=case)
    told.act("11-23 15:30", "liuming", "approve", grade=3, reason="同意")
    told.act("11-23 15:31", "linxiao", "take_role", role="duty", user=told.people["linxiao"])
    told.done("11-23 15:33", "linxiao", "phone", "15:32 已电话报告宋远")
    row = told.consult(
        "11-23 15:34",
        "linxiao",
        "供暖恢复会商",
        _at(23, 15, 40),
        ("zhoujianguo", "linxiao"),
        ("housing", "town-chengguan"),
        "八点前能恢复几栋；恢复不了的怎么安置。",
    )
    told.in_room("11-23 15:41", "linxiao", row, "attend")
    told.in_room("11-23 15:44", "linxiao", row, "view", speaker="县住建局", text="9栋可在19时前恢复，3号、7号楼要到21时。")
    told.in_room("11-23 15:46", "linxiao", row, "view", speaker="城关镇政府", text="3号、7号楼有12位独居老人，可先送电暖器。")
    told.in_room("11-23 15:48", "linxiao", row, "decide", text="19时起每恢复一栋公布一栋", unit=told.units["housing"], within=0)
    told.in_room("11-23 15:49", "linxiao", row, "decide", text="给12位独居老人送电暖器", unit=told.units["town-chengguan"], within=0)
    told.in_room("11-23 15:53", "linxiao", row, "minutes")
    told.done("11-23 15:56", "linxiao", "first", "书面初报已报送")
    told.done("11-23 15:58", "linxiao", "word", "15:57 在原帖下回复，说明恢复时间和值守电话")
    told.on_case("11-23 15:59", "linxiao", "report_every", hours=4)
    told.on_case("11-23 16:01", "linxiao", "report", text="下一步：19时起逐栋公布，20时报结果。")
    told.consult(
        "11-23 16:03",
        "linxiao",
        "供暖恢复后复盘会商",
        _at(24, 9, 0),
        ("zhoujianguo", "linxiao", "limin"),
        ("housing",),
        "为什么停了两天；二次网阀门还有多少处要换。",
    )
