"""Briefs that the tests of this folder print: the county's issue, an English draft, and a hostile one."""

from __future__ import annotations

from datetime import date

from groundswell.reports.paper import Brief, BriefItem, Chart, Figure, Section, SourceLine

PICTURE = Chart(
    svg='<svg xmlns="http://www.w3.org/2000/svg" width="52" height="20" viewBox="0 0 52 20"><rect x="4" y="4" width="40" height="12" fill="#284FAB"/></svg>',
    caption="自来水话题走势",
    alt="十六时后升温",
)


def county(pictures: tuple[Chart, ...] = ()) -> Brief:
    water = BriefItem(
        title="清河镇多小区自来水发黄",
        level=2,
        text="11月23日6时40分起，三个小区居民反映自来水发黄，至16时共214条，负面占58%。[1]县水务公司称系冲洗所致。[2]\n群众主要追问“检测结果”。",
        advice="20时前公布检测安排。",
        figures=(Figure(label="条数", value="214"), Figure(label="负面占比", value="58%")),
        sources=(
            SourceLine(
                platform="清河论坛",
                at="2026-11-23T06:42:00+08:00",
                reads=3120,
                comments=42,
                reposts=7,
                url="https://forum.example.org/t/4821",
                n=1,
                title="又黄了",
            ),
            SourceLine(
                platform="云岭水务公众号", at="2026-11-23T14:30:00+08:00", reads=890, url="https://water.example.org/2026/1123", n=2
            ),
            SourceLine(platform="县长信箱", at="2026-11-23", n=3),
        ),
        charts=pictures,
    )
    heating = BriefItem(
        title="幸福里小区停暖三天",
        level=3,
        text="11月20日以来187条[1]，业主要求退费。[2024]号楼也停。",
        sources=(SourceLine(platform="云岭生活网", at="2026-11-22T19:05:00+08:00", comments=88, url="https://life.example.org/a/22", n=1),),
    )
    road = BriefItem(
        title="东湖路施工绕行信息不清",
        text="近三日42条。",
        sources=(SourceLine(platform="清河论坛", at="2026-11-23T06:42:00+08:00", reads=0, url="https://forum.example.org/t/4821", n=1),),
    )
    return Brief(
        title="重要舆情摘要", series="summary", number=226, total_number=1318, year=2026, body="云岭县", office="云岭县网络舆情办公室", date=date(2026, 11, 23),
        sections=(Section(title="需要关注", items=(water, heating)), Section(title="热点动态", items=(road,))),
        editor="李敏", checker="周建国", signer="王海", report_to=("县委、县政府主要领导", "分管领导"), send_to=("两办", "县委宣传部"), issue_to=("各乡镇",), copies=12, draft=False,
    )  # fmt: skip


def english_draft() -> Brief:
    item = BriefItem(
        title="Yellow tap water in Qinghe town", level=2, text="Since 06:40 residents report yellow water.[1] The company blames flushing.", advice="publish the test schedule.",
        sources=(SourceLine(platform="Qinghe Forum", at="2026-11-23T06:42:00+08:00", reads=3120, comments=1, url="https://forum.example.org/t/1", n=1),),
    )  # fmt: skip
    return Brief(
        title="Important Public Opinion Summary",
        office="Public Opinion Office",
        date=date(2026, 11, 23),
        sections=(Section(title="Needs attention", items=(item,)),),
        editor="Li Min",
        report_to=("leaders",),
        copies=3,
        language="en",
    )


HOSTILE = '</w:t><script>alert(1)</script>&#x0; ]]> #panic("x") $x$ *b* _i_ @ref \\u{0} `raw` {{ }} \x00\x0b\x1f\ufffe\ud800\u202e//comment 〔汉〕'


def hostile() -> Brief:
    line = SourceLine(platform=HOSTILE, at=HOSTILE, title=HOSTILE, url="javascript:alert(1)", n=1)
    bad = SourceLine(platform="甲", at="2026-99-99T99:99", url='https://example.org/"><img src=x onerror=alert(1)>', n=2)
    item = BriefItem(
        title=HOSTILE,
        text=HOSTILE + "\r\n\u2028[1][2]",
        advice=HOSTILE,
        sources=(line, bad),
        figures=(Figure(label=HOSTILE, value=HOSTILE),),
        level=1,
    )
    return Brief(
        title=HOSTILE, series=HOSTILE, office=HOSTILE, date=date(2026, 1, 6), classification=HOSTILE, sections=(Section(title=HOSTILE, items=(item,)),),
        editor=HOSTILE, checker=HOSTILE, signer=HOSTILE, report_to=(HOSTILE,), send_to=(HOSTILE,), issue_to=(HOSTILE,), copies=1,
    )  # fmt: skip
