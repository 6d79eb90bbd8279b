"""What the demo county says in public: sixty days of releases, two correction requests, spokespeople, rows of the ledgers."""
# ruff: noqa: E501 (a script of acts: one line a step)

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from groundswell.collect.client import content_hash
from groundswell.demo import county
from groundswell.demo.cases import desk_at
from groundswell.desk.accounts.models import Unit, User
from groundswell.desk.cases.models import Case
from groundswell.desk.releases.models import CorrectionRequest, Release
from groundswell.desk.sources.collecting import shared_archive
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.actions import found, perform
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item
from groundswell.engine.records import Fetched

WRITES, REVIEWS, SECOND, APPROVES = "linxiao", "limin", "wuhao", "zhoujianguo"


@dataclass(frozen=True)
class Text:
    """A text and how far it went: times of the body, "11-23 14:10", for written, reviewed, secrecy review, approved, published."""

    times: tuple[str, ...]
    said: dict[str, Any]


@dataclass(frozen=True)
class Told:
    """A release about UNIT's matter; STORY is the unit whose story it is, or a word of its title."""

    kind: str
    at: str
    clue: str
    unit: str = ""
    story: str = ""
    texts: tuple[Text, ...] = ()
    withdrawn: tuple[str, str] = ("", "")  # when, why
    case: str = ""


def text(times: str, title: str, words: str, signed: tuple[str, str], *, rests: tuple[tuple[str, str], ...] = (), **more: Any) -> Text:
    """One Text; TIMES are separated by commas, RESTS are its sources."""
    sources = [{"words": what, "address": address} for what, address in rests]
    said = {"title": title, "text": words, "sources": sources, "signed": signed[0], "signed_en": signed[1]} | more
    return Text(tuple(times.split(", ")), said)


WATER, HEALTH, EDUCATION, EMERGENCY = (
    ("云岭县水务局", "Yunling Water Bureau"),
    ("云岭县卫生健康局", "Yunling Health Bureau"),
    ("云岭县教育局", "Yunling Education Bureau"),
    ("云岭县应急管理局", "Yunling Emergency Bureau"),
)
OFFICE, HOUSING, AGRICULTURE = (
    ("云岭县人民政府办公室", "Yunling County Government Office"),
    ("云岭县住房和城乡建设局", "Yunling Housing Bureau"),
    ("云岭县农业农村局", "Yunling Agriculture Bureau"),
)

RELEASES: tuple[Told, ...] = (
    Told("press", "10-09 09:00", "秋粮收购开秤，公布网点和电话", "agriculture", texts=(
        text("10-09 09:40, 10-09 10:20, 10-09 10:50, 10-09 14:30, 10-09 15:00", "全县秋粮收购网点公布", "今年全县设秋粮收购网点17个，10月12日起开秤，质价标准在各网点公示。\n售粮款当日结清，不打白条。", AGRICULTURE, rests=(("县粮食收购工作方案", ""),), contact="县农业农村局 0000-8213"),
    )),
    Told("fact_check", "10-30 07:40", "夜里巨响，网上传是爆炸", "emergency", "巨响", texts=(
        text("10-30 08:30, 10-30 08:45, 10-30 08:52, 10-30 09:00, 10-30 09:05", "“河西工业园夜里爆炸”不实", "10月29日22时14分，河西工业园一企业进行锅炉蒸汽吹管试验产生较大声响。\n现场核查未发生爆炸，无人员伤亡和财产损失。已责令企业今后试验提前公告并避开夜间。", EMERGENCY,
             rests=(("县应急局现场核查记录", ""), ("县应急局10月30日情况通报", "http://127.0.0.1:8700/")), claim="河西工业园昨晚发生爆炸。", verdict="false", summary="是企业蒸汽吹管试验的声响，没有爆炸，没有人员伤亡。",
             title_en="“Explosion in Hexi at night”: false", text_en="At 22:14 on 29 October a company in the Hexi industrial park blew out its boiler's steam pipes, which made a loud noise.\nAn inspection found no explosion, nobody hurt and nothing damaged. The company must announce such tests and keep them out of the night.", claim_en="There was an explosion in the Hexi industrial park last night.", summary_en="It was the noise of a steam test; there was no explosion and nobody was hurt."),
    )),
    Told("statement", "11-04 10:00", "流感升高，家长问要不要停课", "health", texts=(
        text("11-04 10:40, 11-04 11:10, 11-04 11:20, 11-04 14:00, 11-04 14:10", "全县学校流感情况说明", "近一周全县学校报告流感样病例较上周上升，均在校医指导下居家休息。\n各校每日晨检、通风，不需要全校停课。", HEALTH, rests=(("县疾控中心流感周报（第44周）", ""),), contact="县疾控中心 0000-8206"),
    ), withdrawn=("11-05 09:30", "所引周报的病例数统计有误，以11月5日县疾控中心更正后的周报为准")),
    Told("statement", "11-22 09:30", "幸福里停暖，居民等说法", "housing", "housing", texts=(
        text("11-22 10:10, 11-22 10:25, 11-22 10:32, 11-22 10:45, 11-22 10:52", "幸福里小区供暖抢修情况说明", "幸福里小区部分楼栋室温不足，热力公司正在查找二次网故障点并逐栋测温。\n社区已上门看望老人和孩子，需要电暖器的住户请联系社区。进展每四小时公布一次。", HOUSING, rests=(("热力公司抢修记录", ""),), contact="县住建局公用事业科 0000-8123"),
    )),
    Told("statement", "11-23 10:20", "清河镇水黄，群众问原因、问能不能喝", "water", "water", texts=(
        text("11-23 10:50, 11-23 11:02, 11-23 11:08, 11-23 11:16, 11-23 11:20", "清河镇部分小区自来水发黄情况说明", "凌晨主管抢修后冲洗管网，锦绣、东苑两个小区自来水发黄。\n请先使用临时供水点的水，恢复前不要饮用发黄的水。县疾控中心已取样，结果出来第一时间公布。", WATER,
             rests=(("县水务公司抢修记录", ""), ("县疾控中心取样单", "")), contact="县水务局 0000-8201", summary="抢修后冲洗管网所致，结果未出前请不要饮用发黄的水。",
             title_en="Yellow tap water in parts of Qinghe: what is known", summary_en="Caused by flushing after a repair; do not drink yellow water until the results are known.", text_en="After a main was repaired at night the network is being flushed; tap water in the Jinxiu and Dongyuan estates is yellow.\nPlease use the temporary water points and do not drink yellow water. The CDC has taken samples; results will be published at once."),
        text("11-23 12:40, 11-23 12:52, 11-23 12:58, 11-23 13:05, 11-23 13:09", "清河镇部分小区自来水发黄情况说明", "凌晨主管抢修后冲洗管网，锦绣、东苑、和苑三个小区自来水发黄，预计20时前后恢复。\n和苑东门、锦绣西门、东苑门口设有临时供水点，恢复前不要饮用发黄的水。县疾控中心已取样，结果出来第一时间公布。", WATER,
             rests=(("县水务公司抢修记录", ""), ("县疾控中心取样单", "")), contact="县水务局 0000-8201", summary="抢修后冲洗管网所致，预计20时前后恢复，结果未出前请不要饮用发黄的水。", why="涉及小区由两个更正为三个，补充预计恢复时间和供水点",
             title_en="Yellow tap water in parts of Qinghe: what is known", summary_en="Caused by flushing after a repair; normal by about 20:00. Do not drink yellow water until the results are known.", text_en="After a main was repaired at night the network is being flushed; tap water in the Jinxiu, Dongyuan and Heyuan estates is yellow. It is expected to be normal by about 20:00.\nThere are water points at the east gate of Heyuan, the west gate of Jinxiu and the gate of Dongyuan. The CDC has taken samples; results will be published at once."),
    )),
    Told("fact_check", "11-23 13:50", "网传有人喝水住院", "health", "water", texts=(
        text("11-23 14:40, 11-23 14:48, 11-23 14:53, 11-23 14:59, 11-23 15:03", "“清河镇有人喝水住院”不实", "县卫健局向县人民医院、清河镇卫生院和县疾控中心逐一核实：到11月23日14时30分，没有收治因饮水不适的病人。\n如有不适，请到就近医院就诊并告诉医生饮水情况。", HEALTH,
             rests=(("县人民医院门诊登记核查", ""), ("县疾控中心疾病监测系统核查", "")), claim="清河镇有人喝了黄水住院了。", verdict="false", summary="县医院和疾控中心到今天14时30分没有这样的病例。", contact="县卫健局 0000-8205",
             title_en="“People in hospital after drinking the water”: false", claim_en="People in Qinghe are in hospital after drinking the yellow water.", summary_en="The hospital and the CDC had no such case by 14:30 today.", text_en="The Health Bureau asked the County Hospital, the Qinghe clinic and the CDC one by one: by 14:30 on 23 November nobody had been admitted for drinking the water.\nIf you feel unwell, see a doctor and say what you drank."),
    )),
    Told("fact_check", "11-23 14:20", "家长群在传全县停课一周", "education", "education", texts=(
        text("11-23 14:52, 11-23 15:04, 11-23 15:09, 11-23 15:16, 11-23 15:20", "“全县学校停课一周”正在核实", "县教育局正在向各学校核实截图的来源，并出具书面说明。\n各学校没有收到停课通知，请以学校正式通知为准。", EDUCATION,
             rests=(("县教育局值班记录", ""),), claim="全县学校因天气和用水停课一周，从明天开始。", verdict="checking", summary="教育局正在出具书面说明，今天20时前更新。", contact="县教育局 0000-8203", next_update="11-23 20:00",
             title_en="“All schools closed for a week”: being checked", claim_en="All schools of the county are closed for a week from tomorrow.", summary_en="The Education Bureau is writing a statement; update by 20:00.", text_en="The Education Bureau is asking the schools where the picture comes from and is writing a statement.\nNo school has been told to close; please go by what your school tells you."),
    )),
    Told("reply", "11-23 15:05", "留言问异地医保备案，答复后放到网上", case="异地医保"),
    Told("statement", "11-23 15:10", "幸福里二次网阀门已换，公布恢复进展", "housing", "housing", texts=(
        text("11-23 15:26, 11-23 15:38, 11-23 15:47", "幸福里小区供暖恢复进展", "二次网破裂阀门已更换，正在逐栋注水升温，预计20时前全部恢复。\n恢复一栋公布一栋，室温不达标的住户请与热力公司联系。", HOUSING, rests=(("县住建局现场记录", ""),), contact="县住建局公用事业科 0000-8123"),
    )),
)  # fmt: skip

SPEAKERS = (
    ("zhoujianguo", "", ("全县综合", "突发事件"), "2026-09-24", ""),
    ("tangwei", "water", ("供水", "水质", "停水"), "2026-09-24", ""),
    ("lijianhua", "housing", ("供暖", "物业"), "2026-10-15", ""),
    ("sunjing", "education", ("学校", "招生"), "2026-09-24", ""),
    ("maqiang", "cityadmin", ("市容", "夜市"), "2026-09-24", "2026-10-31"),
)
SPOKEN = (
    ("11-22 11:40", "lijianhua", "housing", "热力公司正在抢修，今晚前逐栋测温，进展每四小时公布。"),
    ("11-23 11:34", "tangwei", "water", "正在冲洗管网，请先用临时供水点的水；检测结果出来就公布。"),
    ("11-23 13:24", "tangwei", "water", "涉及锦绣、东苑、和苑，预计20时前后恢复，供水点位置见情况说明。"),
)
LIAISON = (
    ("09-29", "国庆期间值守联络", "云岭论坛", "call", "对方安排专人值守，异常帖文先通报情况"),
    ("10-13", "辟谣信息置顶渠道", "快览头条", "letter", "对方提供官方说明的投稿入口"),
    ("10-22", "论坛版主座谈", "清河论坛、东湖社区", "meeting", "约定回应帖标注官方身份"),
    ("11-03", "来源目录续签", "江岭新闻网", "visit", "订阅源继续开放"),
    ("11-12", "流感信息发布衔接", "云岭融媒", "meeting", "周报每周三发布"),
    ("11-20", "供暖季信息联络", "澄州民生频道", "call", "抢修进展先发通稿再采访"),
)
TRAINING = (
    ("09-28", "网络信息内容生态治理规定", "law", "县司法局", 2, ("linxiao", "hanmei", "wuhao", "limin"), 18, 24),
    ("10-16", "政府信息公开条例与保密审查", "law", "县保密办", 3, ("linxiao", "limin", "wuhao", "zhoujianguo"), 26, 32),
    ("10-29", "回应与更正的写法", "skill", "本办公室", 2, ("linxiao", "hanmei", "wuhao", "limin"), 0, 5),
    ("11-13", "夜间突发情况电话首报", "drill", "本办公室", 1, ("hanmei", "wuhao"), 9, 12),
    ("11-18", "个人信息保护法", "law", "县司法局", 2, ("linxiao", "limin", "hanmei"), 21, 28),
)
PRESS = (
    ("09-30", "云岭：一张表管住小区供暖", "江岭新闻网", "province", "news"), ("10-08", "清河两岸秋收忙", "澄州日报网", "city", "picture"),
    ("10-15", "云岭公开秋粮收购网点", "农家周刊", "trade", "news"), ("10-21", "老旧小区加装电梯的云岭办法", "澄州日报网", "city", "feature"),
    ("10-30", "一声巨响之后：九小时公布原因", "江岭都市报", "province", "news"), ("11-06", "夜市如何不扰民", "澄州晚报", "city", "feature"),
    ("11-14", "政务大厅延时服务", "澄州民生频道", "city", "video"), ("11-22", "云岭县医院儿童夜间门诊开诊", "江岭新闻网", "province", "news"),
)  # fmt: skip


def load_releases() -> None:
    """All of it, done by the people themselves at their times. The desk's clock stands at ``county.NOW``; cases are there."""
    people = {user.username: user for user in User.objects.all()}
    units = {unit.code: unit for unit in Unit.objects.all()}
    _speakers(people, units)
    for told in RELEASES:
        _release(told, people, units)
    _spoken(people, units)
    _corrections(people)
    _ledgers(people)


def _moment(words: str) -> datetime:
    return datetime.strptime(f"{county.NOW.year}-{words}", "%Y-%m-%d %H:%M").replace(tzinfo=county.ZONE)


def _story(code: str, units: dict[str, Unit]) -> Story | None:
    """The gravest open story of the unit CODE, as cases and instructions find it; else the largest with that word in its title."""
    rows = Story.objects.filter(merged_into=None, item_count__gt=0)
    if code in units:
        return rows.filter(unit=units[code]).exclude(state="closed").order_by("level", "-item_count").first()
    return rows.filter(title__contains=code).order_by("-item_count").first() if code else None


def _release(told: Told, people: dict[str, User], units: dict[str, Unit]) -> Release:
    unit = units.get(told.unit)
    case = Case.objects.filter(kind="message", title__contains=told.case).first() if told.case else None
    with desk_at(told.at):
        values = {"kind": told.kind, "clue": told.clue, "unit": unit, "story": _story(told.story, units), "case": case}
        row: Release = found("release.clue", people[WRITES], values)
    for each in told.texts:
        _text(row, each, people)
    if told.withdrawn[0]:
        with desk_at(told.withdrawn[0]):
            perform("release.withdraw", people[APPROVES], row, {"reason": told.withdrawn[1]})
    return row


def _text(row: Release, each: Text, people: dict[str, User]) -> None:
    said = dict(each.said)
    if "next_update" in said:
        said["next_update"] = _moment(said["next_update"])
    with desk_at(each.times[0]):
        if row.public is not None:
            perform("release.correct", people[WRITES], row, {"reason": said["why"]})
        perform("release.write", people[WRITES], row, said)
        perform("release.submit", people[WRITES], row)
    acts: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("pass_review", REVIEWS, {}),
        ("secrecy", SECOND, {"ground": "clear"}),
        ("approve", APPROVES, {}),
    )
    for at, (what, who, values) in zip(each.times[1:4], acts, strict=False):
        with desk_at(at):
            perform(f"release.{what}", people[who], row, values)
    if len(each.times) == 5:
        with desk_at(each.times[4]):
            perform("release.read_on", people[WRITES], row)
            perform("release.publish_correction" if row.public is not None else "release.publish", people[WRITES], row)


def _speakers(people: dict[str, User], units: dict[str, Unit]) -> None:
    for name, unit, topics, since, until in SPEAKERS:
        values = {"user": people[name], "unit": units.get(unit), "topics": list(topics), "since": date.fromisoformat(since)}
        with desk_at(f"{since[5:]} 17:00"):
            row = found("spokesperson.name", people["songyuan"], values)
        if until:
            with desk_at(f"{until[5:]} 17:00"):
                perform("spokesperson.end", people["songyuan"], row, {"until": date.fromisoformat(until)})


def _spoken(people: dict[str, User], units: dict[str, Unit]) -> None:
    from groundswell.desk.releases.models import Spokesperson

    for n, (at, name, unit, words) in enumerate(SPOKEN):
        speaker = Spokesperson.objects.get(user=people[name])
        values = {
            "spokesperson": speaker,
            "text": words,
            "address": f"http://127.0.0.1:8700/releases/#{n + 1}",
            "at": _moment(at),
            "story": _story(unit, units),
        }
        with desk_at(at):
            found("spoken.record", people[WRITES], values)


def _corrections(people: dict[str, User]) -> None:
    """One put right three weeks ago, one sent today with the page out of the archive, one being written."""
    writes, leads = people[WRITES], people[APPROVES]
    row = _asked(
        people,
        "10-30 10:20",
        "jiangling-metro",
        "“云岭工业园爆炸”与事实不符",
        "昨晚云岭县河西工业园发生爆炸。",
        "是企业锅炉蒸汽吹管试验的声响，没有爆炸，没有人员伤亡。",
        "县应急局10月30日情况通报、现场核查记录。",
        "巨响",
    )
    _send(row, people, ("10-30 10:40", "10-30 10:50"))
    with desk_at("10-30 15:10"):
        perform("correction_request.answer", writes, row, {"text": "已在原报道页首更正并注明时间，感谢来函。"})
        perform("correction_request.close", writes, row, {"result": "corrected"})
    row = _asked(
        people,
        "11-23 14:20",
        "kuailan",
        "“清河镇数十人饮水住院”与事实不符",
        "云岭县清河镇数十人因饮用黄水住院。",
        "到11月23日14时30分，县人民医院、清河镇卫生院和县疾控中心没有收治因饮水不适的病人。",
        "县卫健局11月23日核查；公开页面见我县“核实与辟谣”。",
        "water",
    )
    _send(row, people, ("11-23 15:12", "11-23 15:18"))
    row = _asked(
        people,
        "11-23 15:50",
        "chengzhou-evening",
        "“县里隐瞒检测结果”与事实不符",
        "云岭县已经拿到检测结果，一直不公布。",
        "县疾控中心11月23日上午取样，结果尚未作出，作出后第一时间公布。",
        "县疾控中心取样单。",
        "water",
    )
    assert leads.pk != writes.pk
    with desk_at("11-23 15:55"):
        perform("correction_request.submit", writes, row)


def _asked(
    people: dict[str, User], at: str, source: str, headline: str, wrong: str, right: str, basis: str, word: str
) -> CorrectionRequest:
    publisher = Source.objects.get(slug=source)
    story = _story(word, {unit.code: unit for unit in Unit.objects.all()})
    item = Item.objects.filter(source=publisher, story=story, institutional=True).first() if story else None
    ours = (
        Release.objects.filter(kind="fact_check", story=story, public__isnull=False, opened_at__date=_moment(at).date()).first()
        if story
        else None
    )
    with desk_at(at):
        if item is not None and not item.archive:
            item.archive = shared_archive().write(_page(item, at))
            item.save(update_fields=["archive"])
        address = item.url if item is not None and item.url else publisher.address
        values = {
            "publisher": publisher,
            "item": item,
            "story": story,
            "address": address,
            "release": ours,
            "headline": headline,
            "wrong": wrong,
            "right": right,
            "basis": basis,
        }
        made: CorrectionRequest = found("correction_request.write", people[WRITES], values)
    return made


def _page(item: Item, at: str) -> Fetched:
    """The page as the county's web shows it: what the collector would have put into the archive."""
    body = f"<!doctype html><html lang=zh-Hans><meta charset=utf-8><title>{item.title}</title><h1>{item.title}</h1><p>{item.text}</p></html>".encode()
    return Fetched(
        url=item.url, final_url=item.url, status=200, headers=(("Content-Type", "text/html; charset=utf-8"),), body=body, fetched_at=_moment(at),
        content_type="text/html", content_hash=content_hash(body), source=item.source.slug, role="page",
    )  # fmt: skip


def _send(row: CorrectionRequest, people: dict[str, User], times: tuple[str, str]) -> None:
    with desk_at(times[0]):
        perform("correction_request.submit", people[WRITES], row)
        perform("correction_request.approve", people[APPROVES], row, {"ground": "clear"})
    with desk_at(times[1]):
        perform("correction_request.send", people[WRITES], row, {"way": "mail"})


def _ledgers(people: dict[str, User]) -> None:
    keeps = people[REVIEWS]

    def add(kind: str, day: str, title: str, values: dict[str, Any]) -> None:
        with desk_at(f"{day} 17:10"):
            found("ledger_row.add", keeps, {"kind": kind, "day": _moment(f"{day} 17:10").date(), "title": title, "values": values})

    for day, title, with_, way, result in LIAISON:
        add("liaison", day, title, {"with": with_, "way": way, "result": result})
    for day, title, sort, by, hours, staff, others, expected in TRAINING:
        add(
            "training",
            day,
            title,
            {"sort": sort, "by": by, "hours": hours, "staff": [people[name].pk for name in staff], "others": others, "expected": expected},
        )
    for n, (day, title, medium, level, form) in enumerate(PRESS, 1):
        add("press", day, title, {"medium": medium, "level": level, "form": form, "proof": f"http://127.0.0.1:8700/releases/#press-{n}"})
