"""The flash reports of the demo county: a landslide from 初报 to 终报, the heating with its 续报, the water told, written and due again."""
# ruff: noqa: E501 (a script of acts: one line a step)

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from groundswell.demo.cases import desk_at
from groundswell.desk.accounts.models import Deputy, User
from groundswell.desk.bulletins.models import Series
from groundswell.desk.flash import clocks
from groundswell.desk.flash.house_rules import PHONE, WRITTEN
from groundswell.desk.flash.models import Report
from groundswell.desk.spine.actions import found, perform
from groundswell.desk.spine.ports import now
from groundswell.desk.stories.actions import LIVE
from groundswell.desk.stories.models import Story

TOTAL_BEFORE, NUMBER_BEFORE = 386, 41  # of flash reports on paper, before this program


@dataclass(frozen=True)
class Sent:
    """One report: drafted and sent at a time of the body ("11-23 14:24") by WHO, opened by leaders, handed on to others."""

    at: str
    who: str
    kind: str = ""
    advice: str = ""
    read: tuple[tuple[str, str], ...] = ()  # (time, leader)
    handed: tuple[tuple[str, str, str], ...] = ()  # (time, to whom, form)
    is_draft: bool = False  # begun, not sent


@dataclass(frozen=True)
class Told:
    """A story (the largest of UNIT whose title has one of WORDS) and how it was reported."""

    unit: str
    words: tuple[str, ...]
    title: str
    title_en: str
    since: str  # when it stood at its level
    calls: tuple[tuple[str, str, str, str], ...]  # (time, who, to whom, what)
    sent: tuple[Sent, ...] = field(default=())


SCRIPT: tuple[Told, ...] = (
    Told(
        "transport", ("塌方", "盘山路"), "柳林盘山路塌方交通中断", "Landslide blocks the Liulin hill road", "11-21 06:40",
        (("11-21 06:52", "hanmei", "liuming", "柳林盘山路K7段塌方，道路中断，暂无人员伤亡，交通局已到场。"),),
        (
            Sent("11-21 07:08", "hanmei", read=(("11-21 07:21", "liuming"),)),
            Sent("11-21 16:40", "linxiao", read=(("11-21 17:02", "liuming"),)),
            Sent("11-22 16:45", "limin", "final", "", (("11-22 17:30", "liuming"),)),
        ),
    ),
    Told(
        "housing", (), "城关镇幸福里小区停暖", "Xingfuli Estate in Chengguan without heating", "11-22 08:10",
        (("11-22 08:21", "linxiao", "zhoujianguo", "幸福里小区停暖，网上诉求集中，已请住建局核实并定恢复时间。"),),
        (
            Sent("11-22 08:34", "linxiao", read=(("11-22 08:46", "zhoujianguo"), ("11-22 09:30", "liuming"))),
            Sent("11-23 14:50", "linxiao", "", "请住建局逐栋公布恢复时间，对老人孩子家庭先行保障。", (("11-23 15:02", "songyuan"), ("11-23 15:07", "zhoujianguo"))),
        ),
    ),
    Told(
        "water", (), "清河镇多个小区自来水发黄", "Yellow tap water in several estates of Qinghe", "11-23 13:55",
        (
            ("11-23 14:03", "linxiao", "liuming", "清河镇多个小区自来水发黄，网上热度在升，水务公司称正在冲洗管网，请阅知。"),
            ("11-23 14:06", "linxiao", "songyuan", "清河镇自来水发黄，书面快报随后呈送。"),
        ),
        (
            Sent(
                "11-23 14:24", "linxiao", "", "请县水务局今晚公布检测安排和恢复供水时间。",
                (("11-23 14:31", "zhoujianguo"), ("11-23 14:40", "songyuan")), (("11-23 14:27", "市网信办值班群", "picture"), ("11-23 14:28", "县委值班室", "text")),
            ),
        ),
    ),
    Told(
        "education", ("停课",), "网传全县学校停课一周", "Rumour that all schools of the county close for a week", "11-23 15:58",
        (("11-23 16:01", "linxiao", "zhoujianguo", "网传全县学校停课一周，教育局正在核实，书面快报随后。"),),
        (Sent("11-23 16:04", "linxiao", is_draft=True),),
    ),
)  # fmt: skip


def load_flash() -> None:
    """All of it, done by the people themselves at their times. People, units and scored stories are there."""
    people = {user.username: user for user in User.objects.all()}
    Series.objects.filter(pk="flash").update(total_before=TOTAL_BEFORE, number_before=NUMBER_BEFORE, number_before_year=2026)
    Deputy.objects.create(leader=people["songyuan"], deputy=people["liuming"], since=date(2026, 9, 24))
    with desk_at("11-23 10:30"):
        perform(
            "user.set_away",
            people["linxiao"],
            people["songyuan"],
            {"since": date(2026, 11, 25), "until": date(2026, 11, 26), "stand_in": people["liuming"]},
        )
    for told in SCRIPT:
        story = story_of(told)
        if story is not None:
            _report(told, story, people)


def story_of(told: Told) -> Story | None:
    """The largest open story of the unit, or the one whose title has one of the words."""
    rows = Story.objects.filter(unit__code=told.unit, merged_into=None).order_by("level", "-item_count")
    if not told.words:
        return rows.exclude(state="closed").first()
    return next((row for row in rows if any(word in row.title for word in told.words)), None)


def _report(told: Told, story: Story, people: dict[str, User]) -> None:
    with desk_at(told.since):
        clocks.begin(story, PHONE, min(story.level, 3), now())
        clocks.begin(story, WRITTEN, min(story.level, 3), now())
    for at, who, to, text in told.calls:
        if story.state in LIVE:
            with desk_at(at):
                perform("story.telephone", people[who], story, {"to": f"u:{people[to].pk}", "text": text})
    for each in told.sent:
        _send(told, each, story, people)


def _send(told: Told, each: Sent, story: Story, people: dict[str, User]) -> None:
    user = people[each.who]
    with desk_at(each.at):
        report: Report = found("flash.draft", user, {"story": story, "kind": each.kind})
        words = {"title": told.title, "title_en": told.title_en}
        words |= {"advice": each.advice, "advice_en": ENGLISH.get(each.advice, "")} if each.advice else {}
        perform("flash.write", user, report, words)
        if each.is_draft:
            return
        perform("flash.send", user, report, {"reason": "事急，先报后核"})
    later = [*((at, leader, "") for at, leader in each.read), *each.handed]
    for at, name, form in sorted(later):
        with desk_at(at):
            if form:
                perform("flash.hand_on", user, report, {"name": name, "form": form})
            elif report.deliveries.filter(user=people[name], read_at=None).exists():
                perform("flash.open", people[name], report)


ENGLISH = {
    "请住建局逐栋公布恢复时间，对老人孩子家庭先行保障。": "The Housing Bureau should publish the time of recovery for each building, homes with children and old people first.",
    "请县水务局今晚公布检测安排和恢复供水时间。": "The Water Bureau should publish tonight when the water is tested and when supply returns.",
}
