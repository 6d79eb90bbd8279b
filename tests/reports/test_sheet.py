"""The words of the paper: numbers, citations, endings, and what a draft may not have."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from groundswell.reports.paper import Brief, BriefItem, Section, SourceLine
from groundswell.reports.sheet import compose, ending
from groundswell.reports.words import CHINESE, ENGLISH, section_numeral, words_of
from tests.reports.briefs import county, english_draft


def words_in(item) -> str:
    return "\n".join("".join(run.text for run in runs) for runs in item.paragraphs)


def test_masthead_lines():
    sheet = compose(county())
    assert (sheet.title, sheet.issue, sheet.date) == ("重要舆情摘要", "第226期（总第1318期）", "2026年11月23日")
    assert sheet.classification == "内部资料 注意保存"
    assert sheet.lists == ("报：县委、县政府主要领导，分管领导", "送：两办，县委宣传部", "发：各乡镇")
    assert sheet.people == ("编辑：李敏", "审核：周建国", "签发：王海")
    assert sheet.copies == "共印12份"


def test_items_are_numbered_through_all_sections():
    sheet = compose(county())
    assert [section.heading for section in sheet.sections] == ["一、需要关注", "二、热点动态"]
    assert [item.title for section in sheet.sections for item in section.items] == [
        "1. 清河镇多小区自来水发黄（Ⅱ级）",
        "2. 幸福里小区停暖三天（Ⅲ级）",
        "3. 东湖路施工绕行信息不清",
    ]


def test_citations_are_numbered_through_the_issue():
    """[1] of the second item is the fourth source; a repeated address keeps its number; [2024] is no source and stays as it was."""
    sheet = compose(county())
    water, heating = sheet.sections[0].items
    road = sheet.sections[1].items[0]
    assert "58%。[1]县水务公司" in words_in(water)
    assert words_in(water).endswith("（清河论坛，11-23 06:42，阅3120 评42 转7）[3]")
    assert "187条[4]，业主要求退费。[2024]号楼" in words_in(heating)
    assert [run.text for run in heating.paragraphs[0] if run.look == "cite"] == ["[4]"]
    assert words_in(road).endswith("阅0）[1]")
    assert [source.text for source in sheet.sources] == [
        "[1] 清河论坛《又黄了》，2026-11-23 06:42",
        "[2] 云岭水务公众号，2026-11-23 14:30",
        "[3] 县长信箱，2026-11-23",
        "[4] 云岭生活网，2026-11-22 19:05",
    ]


@pytest.mark.parametrize(
    ("line", "zh", "en"),
    [
        (
            SourceLine(platform="论坛", at="2026-11-03T09:05:00+08:00", reads=3120, comments=0, reposts=7),
            "（论坛，11-03 09:05，阅3120 评0 转7）",
            " (论坛, 3 Nov 09:05, 3,120 reads, 0 comments, 7 reposts)",
        ),
        (SourceLine(platform="论坛", at="2026-11-03"), "（论坛，11-03）", " (论坛, 3 Nov)"),  # only the day is known
        (SourceLine(platform="论坛"), "（论坛）", " (论坛)"),
        (SourceLine(platform="", at="昨天"), "（昨天）", " (昨天)"),  # unreadable stays as the source wrote it
        (SourceLine(platform=" "), "", ""),
        (SourceLine(platform="台", at=datetime(2026, 1, 6, 4, 9, tzinfo=UTC)), "（台，01-06 04:09）", " (台, 6 Jan 04:09)"),
        (SourceLine(platform="台", at="2026-99-99T99:99"), "（台，99-99 99:99）", " (台, 99  99:99)"),  # nonsense is printed, not raised
    ],
)
def test_ending(line, zh, en):
    assert ending(line, CHINESE) == zh
    assert ending(line, ENGLISH) == en


def test_a_draft_has_no_number():
    draft = compose(english_draft())
    assert draft.issue == "Draft, not numbered"
    assert draft.people == ("Editor: Li Min", "Checked: ", "Signed: ")
    with pytest.raises(ValueError, match="a draft has no number"):
        Brief(title="甲", date=date(2026, 1, 6), number=3)
    with pytest.raises(ValueError, match="give the number taken at sign-off"):
        Brief(title="甲", date=date(2026, 1, 6), draft=False)


def test_a_level_is_one_to_four():
    with pytest.raises(ValueError, match=r"BriefItem.level is 5 on “乙”"):
        Brief(title="甲", date=date(2026, 1, 6), sections=(Section(title="丙", items=(BriefItem(title="乙", text="", level=5),)),))


def test_an_issue_without_items_says_so():
    assert compose(Brief(title="甲", date=date(2026, 1, 6))).empty == "本期无内容。"
    assert compose(county()).empty == ""


def test_only_web_addresses_become_links():
    lines = tuple(
        SourceLine(platform=str(i), url=url)
        for i, url in enumerate(
            ("https://a.example/x y", "javascript:alert(1)", "http://", "file:///etc/passwd", "https://[bad", " https://b.example ")
        )
    )
    sheet = compose(
        Brief(title="甲", date=date(2026, 1, 6), sections=(Section(title="乙", items=(BriefItem(title="丙", text="丁", sources=lines),)),))
    )
    assert [source.url for source in sheet.sources] == ["https://a.example/x%20y", "", "", "", "", "https://b.example"]


def test_section_numerals():
    assert [section_numeral(n, CHINESE) for n in (1, 10, 11, 20, 32)] == ["一", "十", "十一", "二十", "三十二"]
    assert [section_numeral(n, ENGLISH) for n in (1, 4, 9, 14)] == ["I", "IV", "IX", "XIV"]


def test_both_languages_have_the_same_words():
    assert CHINESE.keys() == ENGLISH.keys()
    assert words_of("zh-CN") is CHINESE
    assert words_of("fr") is ENGLISH
    assert words_of({"lang": "zh-Hans", "now": "此刻 {time}"})["now"] == "此刻 {time}"
    assert words_of({"lang": "zh-Hans"})["median"] == CHINESE["median"]
