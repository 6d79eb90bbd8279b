"""The instructions of the demo county: past ones answered and closed off, one under way on the heating case, one spoken, one passed on."""
# ruff: noqa: E501 (a script of acts: one line a step)

from __future__ import annotations

from dataclasses import dataclass

from groundswell.demo.cases import desk_at
from groundswell.desk.accounts.models import Unit, User
from groundswell.desk.bulletins.models import IssueItem, IssueState
from groundswell.desk.bulletins.sheets import printed
from groundswell.desk.cases.models import Case
from groundswell.desk.flash.models import Report
from groundswell.desk.instructions.models import Instruction, Way
from groundswell.desk.instructions.reading import Thing
from groundswell.desk.spine.actions import found, perform
from groundswell.desk.spine.ports import now
from groundswell.desk.stories.models import Story

OFFICE = "linxiao"


@dataclass(frozen=True)
class Told:
    """An instruction on a piece about UNIT in the last issue before AT, and how far it went; times are the body's, "11-20 09:10"."""

    at: str
    by: str
    unit: str
    word: str  # that the title of the piece holds
    text: str
    title: str  # of the task
    answer: str = ""
    feedback: str = ""
    within: int = 3
    handed: str = ""
    signed: str = ""
    answered: str = ""
    accepted: str = ""  # by the office
    reported: str = ""
    read: str = ""  # and accepted by the leader
    closed: str = ""


PAST = (
    Told(
        "10-13 08:40", "liuming", "housing", "电梯", "电梯反复停运要有说法。请住建局督促物业检修，本周内恢复，结果报我。", "督促检修电梯并公布结果",
        "更换曳引机变频器，16日恢复运行；物业公示检修记录，每月维保一次。", "县住建局督促物业更换部件，电梯已恢复，检修记录已公示，网上未再反映。",
        3, "10-13 09:10", "10-13 10:05", "10-16 16:30", "10-16 17:10", "10-19 08:50", "10-19 10:20", "10-19 10:40",
    ),
    Told(
        "10-27 17:40", "zhoujianguo", "approvals", "取号", "排队两小时说不过去。请审批局两日内拿出办法，公开答复群众。", "解决取号排队并公开答复",
        "增开两个综合窗口，推行网上预约取号，午间不断档。", "政务大厅增开窗口并开通预约取号，平均等候降到二十分钟，已公开答复。",
        2, "10-27 18:05", "10-28 08:30", "10-29 11:00", "10-29 11:30", "10-29 14:20", "10-29 15:00", "10-29 15:30",
    ),
    Told(
        "11-10 08:30", "songyuan", "environment", "污水", "举一反三，同类问题全县排查一遍，月内报结果。", "全县排查同类问题",
        "排查企业37家，立行立改5家，2家限期整改。", "县生态环境局排查37家，7家有问题，5家已整改，2家本月25日前完成。",
        7, "11-10 09:00", "11-10 09:40", "11-17 16:00", "11-17 17:00", "11-18 09:10", "11-18 11:00", "11-18 11:20",
    ),
    Told(
        "11-18 08:50", "liuming", "hr", "工资", "工资是大事。请人社局牵头，逐户核实，三日内反馈。", "逐户核实欠薪反映",
        "核实4起，金额26.3万元，已督促企业支付3起，1起进入仲裁。", "县人社局核实4起，3起已支付，1起进入仲裁，均已答复本人。",
        3, "11-18 09:20", "11-18 10:10", "11-20 16:40", "11-20 17:20", "11-23 10:10",
    ),
)  # fmt: skip


def load_instructions() -> None:
    """All of it. The desk's clock stands at ``county.NOW``; cases and issues are there."""
    people = {user.username: user for user in User.objects.all()}
    units = {unit.code: unit for unit in Unit.objects.all()}
    for told in PAST:
        _tell(told, people, units)
    _today(people, units)


def _tell(told: Told, people: dict[str, User], units: dict[str, Unit]) -> None:
    unit, office = units[told.unit], people[OFFICE]
    with desk_at(told.at):
        piece = _piece(unit, told.word)
        if piece is None:
            return
        said = {"on": Thing(issue=piece.issue, piece=piece), "text": told.text, "units": [unit], "within": told.within}
        row: Instruction = found("instruction.give", people[told.by], said)
    with desk_at(told.handed):
        perform("instruction.hand_out", office, row, {"title": told.title, "units": [unit], "within": told.within})
    officer, task = User.objects.filter(unit=unit).earliest("id"), row.tasks.get()
    for at, what, who, values in (
        (told.signed, "task.sign", officer, {}),
        (told.answered, "task.answer", officer, {"text": told.answer}),
        (told.accepted, "task.accept", office, {}),
    ):
        with desk_at(at):
            perform(what, who, task, values)
    for at, what, who, values in (
        (told.reported, "instruction.report", office, {"text": told.feedback}),
        (told.read, "instruction.accept", people[told.by], {}),
        (told.closed, "instruction.close", office, {}),
    ):
        if at:
            with desk_at(at):
                perform(what, who, row, values)


def _piece(unit: Unit, word: str) -> IssueItem | None:
    """The newest printed piece of UNIT with WORD in its title whose story has no case."""
    rows = IssueItem.objects.filter(issue__state=IssueState.ISSUED, issue__signed_at__lt=now(), story__isnull=False, story__cases=None)
    rows = rows.select_related("issue__series", "story__unit").order_by("-issue__signed_at", "position")
    shown = (
        piece
        for piece in rows.filter(story__unit=unit, title__contains=word)[:20]
        if piece.pk in {each.pk for each in printed(piece.issue)}
    )
    return next(shown, None)


def _today(people: dict[str, User], units: dict[str, Unit]) -> None:
    """The day of the visit: passed on, spoken and waiting to be confirmed; read, instructed on the heating case and handed out."""
    office, deputy, head = people[OFFICE], people["liuming"], people["songyuan"]
    water = Story.objects.filter(unit=units["water"], merged_into=None).exclude(state="closed").order_by("level", "-item_count").first()
    if water is not None:
        report = Report.objects.filter(story=water, state="sent").order_by("-sent_at").first()
        read = Thing(report=report) if report is not None else Thing(story=water)
        with desk_at("11-23 14:48"):
            perform(f"{'flash' if report else 'story'}.refer", head, read.record, {"to": deputy, "text": "请刘明同志阅处，注意学校用水。"})
        with desk_at("11-23 14:58"):
            text = "检测结果出来第一时间公布，学校先用桶装水。"
            said = {"by": deputy, "way": Way.SPOKEN, "text": text, "within": 1, "units": [units["water"], units["education"]]}
            found("instruction.record", office, said | {"on": read})
    heating = Case.objects.filter(kind="incident", unit=units["housing"], closed_at=None).order_by("-id").first()
    if heating is not None:
        with desk_at("11-23 15:05"):
            perform("case.seen", head, heating)
        with desk_at("11-23 15:12"):
            text = "老人孩子等不起。今晚八点前逐栋恢复，恢复一栋公布一栋，结果今晚报我。"
            said = {"on": Thing(case=heating), "text": text, "units": [units["housing"]], "within": 0}
            row = found("instruction.give", people["zhoujianguo"], said)
        with desk_at("11-23 15:24"):
            perform("instruction.hand_out", office, row, {"title": "逐栋恢复供暖并公布进度", "units": [units["housing"]], "within": 0})
