"""What the checks say of a piece: each with what is wrong, where, and its mend; and that the machine's own drafts pass them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from groundswell.desk.accounts.models import Oversight, Role, User
from groundswell.desk.bulletins import checks, drafting, issues, phrases
from groundswell.desk.bulletins.models import Issue, IssueItem
from groundswell.desk.spine.actions import perform, undo
from groundswell.desk.spine.ports import now
from groundswell.reports.numerals import numeral, rounded, value_of
from tests.conftest import Clock
from tests.desk.press import item, open_issue, picked, series, signed, source, story, water, written

Person = Callable[..., User]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


def found(issue: Issue) -> dict[str, checks.Check]:
    return {each.code: each for each in checks.check(issue) if each.severity != checks.OK}


@pytest.fixture
def issue(desk: None) -> Issue:
    return open_issue()


@pytest.fixture
def piece(issue: Issue) -> IssueItem:
    """A sound piece of level III on five items about yellow water."""
    return drafting.draft(issue, story=story(level=3, unit=water()))


def put(piece: IssueItem, **words: Any) -> None:
    IssueItem.objects.filter(pk=piece.pk).update(**words)


# ---- one row a way to be wrong: what is written, what is said, of which spot, how it is mended

WRONG: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("no source", {"citations": []}, "no_source", "", "write"),
    ("a citation that does not exist", {"text": "自来水发黄[7]。"}, "bad_citation", "[7]", "write"),
    ("a citation in the English text", {"text_en": "The water is yellow [9]."}, "bad_citation", "[9]", "write"),
    ("no sentence cites", {"text": "自来水发黄。"}, "not_cited", "", "write"),
    ("no text", {"text": ""}, "no_text", "", "write"),
    ("a section that the series has not", {"section": "sport"}, "no_section", "", "move"),
    ("a masked name", {"text": "业主陈某某反映自来水发黄[1]。"}, "private_name", "陈某某", "write"),
    ("a name after its role", {"text": "居民王建国称自来水发黄[1]。"}, "private_name", "王建国", "write"),
    ("a name in the title", {"title": "业主刘桂芳反映自来水发黄"}, "private_name", "刘桂芳", "write"),
    ("a name in the advice", {"advice": "请联系业主陈某某。"}, "private_name", "陈某某", "write"),
    ("a telephone number", {"text": "自来水发黄[1]，电话13912345678。"}, "private_data", "13912345678", "write"),
    ("an identity number", {"text": "自来水发黄[1]，11010519491231002X。"}, "private_data", "11010519491231002X", "write"),
    ("a household", {"text": "锦绣小区3栋2单元501室自来水发黄[1]。"}, "private_data", "3栋2单元501室", "write"),
    ("a count that differs", {"text": "共7条信息。自来水发黄[1]。"}, "figure_differs", "7条", "redraft"),
    ("a count of sources", {"text": "3个来源共5条信息。自来水发黄[1]。"}, "figure_differs", "3个来源", "redraft"),
    ("a share", {"text": "共5条信息，负面占58%。自来水发黄[1]。"}, "figure_differs", "负面占58%", "redraft"),
    ("a share in English", {"text_en": "5 items, 58% negative."}, "figure_differs", "58% negative", "redraft"),
    ("a number that the source has not", {"text": "6时40分起锦绣小区320户自来水发黄[1]。"}, "figure_differs", "320", "redraft"),
    (
        "a quotation that nobody said",
        {"text": "网民称：“自来水黄得像酱油，根本不能喝”[1]。"},
        "quote_differs",
        "自来水黄得像酱油，根本不能喝",
        "write",
    ),
    ("too long", {"text": "自来水发黄，" * 30 + "水[1]。"}, "too_long", "", "write"),
]


@pytest.mark.parametrize(("words", "code", "spot", "mend"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_piece_that_is_wrong(issue: Issue, piece: IssueItem, words: dict[str, Any], code: str, spot: str, mend: str) -> None:
    assert code not in found(issue)
    put(piece, **words)
    wrong = found(issue)
    assert code in wrong, wrong
    assert wrong[code].piece == piece
    assert wrong[code].mend == mend
    assert not spot or spot in wrong[code].args.values()
    assert checks.words(wrong[code])
    assert checks.mend_words(wrong[code])


RIGHT: list[tuple[str, dict[str, Any]]] = [
    ("the count as it is", {"text": "共5条信息，负面占100%。自来水发黄[1]。"}),
    ("a number of the source", {"text": "6时40分起自来水发黄[1]。"}),
    ("a quotation of the source", {"text": "网民称：“放了十分钟还是黄的”[1]。"}),
    ("days and hours in other words", {"text": "11月23日17时前自来水发黄[1]。"}),
    ("an institution and an office holder", {"text": "县水务局局长李明远称自来水发黄[1]。"}),
    ("a leader of the body by name", {"text": "副县长刘明要求查清自来水发黄[1]。"}),
    ("a number quoted from the source is not a count of ours", {"text": "网民称：“水黄得像茶，第3次了，发了9条”。自来水发黄[1]。"}),
]


@pytest.mark.parametrize("words", [row[1] for row in RIGHT], ids=[row[0] for row in RIGHT])
def test_a_piece_that_is_right(issue: Issue, piece: IssueItem, words: dict[str, Any], person: Person) -> None:
    leader = person("leader", name="刘明")
    Oversight.objects.create(leader=leader, unit=water(), since=now().date())
    ids = list(piece.story.items.order_by("pk").values_list("pk", flat=True)) if piece.story else []
    put(piece, citations=[ids[1] if "十分钟" in str(words) else ids[0]], text_en="", **words)
    assert not set(found(issue)) & {"figure_differs", "private_name", "private_data", "quote_differs", "bad_citation"}, found(issue)


def test_what_the_machine_drafts_passes_its_own_checks(desk: None) -> None:
    media = source("云岭融媒", channel="news", institutional=True, official=True)
    texts = [f"锦绣小区{n}号楼自来水发黄，放了{n + 10}分钟还是黄的，希望公布检测结果。" for n in range(1, 14)]
    matter = story(texts, level=2, unit=water())
    item("县水务局有关负责人表示，主管破损，预计今日20时前恢复。", matter, from_source=media, tone=0)
    story(["我家住三楼，水压小得洗不了澡，何时能修好？"], title="水压小", level=3)
    story(["全县停课一周，家长群都在传。"] * 5, title="全县停课一周", level=3, credibility="low")
    issue = open_issue()
    perform("issue.autodraft", None, issue)
    assert issue.pieces.count() == 3
    assert not [checks.words(each) for each in checks.check(issue) if each.severity == checks.ERROR]


# ---- against the archive


def test_a_count_differs_once_the_archive_knows_better_and_drafting_again_mends_it(issue: Issue, piece: IssueItem) -> None:
    """An item is judged not about us after the picking: the printed count is no longer true."""
    assert piece.story is not None
    assert "figure_differs" not in found(issue)
    piece.story.items.order_by("-pk").first().delete()
    assert found(issue)["figure_differs"].args == {"figure": "5条", "now": "4 / 4"}
    perform("issue.redraft", None, issue, {"piece": piece})
    assert "figure_differs" not in found(issue)
    piece.refresh_from_db()
    assert "4条" in piece.text


def test_a_story_that_was_merged_is_named_and_drafting_again_follows_it(issue: Issue, piece: IssueItem, person: Person) -> None:
    into = story(["锦绣小区自来水发黄，物业说不清。"] * 3, level=3, unit=water())
    assert piece.story is not None
    perform("story.merge", person("duty"), piece.story, {"into": into})
    assert found(issue)["merged"].args == {"number": into.number}
    perform("issue.redraft", None, issue, {"piece": piece})
    piece.refresh_from_db()
    assert (piece.story, piece.figures["items"]) == (into, 8)
    assert "merged" not in found(issue)


def test_what_came_after_the_picking_does_not_make_the_figure_wrong_but_old(issue: Issue, piece: IssueItem, clock: Clock) -> None:
    clock.now = issue.due_at - timedelta(minutes=1)
    for n in range(8):
        item(f"后来的第{n}条，水还黄。", piece.story, at=now())
    assert "figure_differs" not in found(issue)
    clock.forward(hours=3)
    assert found(issue)["stale_figures"].args == {"n": 8}


def test_a_source_that_was_judged_not_about_us_is_named(issue: Issue, piece: IssueItem) -> None:
    piece.cited.update(state="not_us")
    assert found(issue)["not_us"].args == {"n": 1}


def test_names_of_the_people_of_a_dispute_are_found_by_their_standing_often_in_the_source(issue: Issue) -> None:
    text = "林果雨打人。林果雨在场。请查林果雨。罗鸣也在，罗鸣动手，罗鸣先打。"
    piece = drafting.draft(issue, story=story([text], title="要求查处打人", level=4))
    assert "林果雨" not in piece.text + piece.text_en
    put(piece, text="要求对林果雨立案调查[1]。")
    assert found(issue)["private_name"].args == {"name": "林果雨"}


# ---- the issue as a whole


def test_an_empty_issue_and_empty_sections(issue: Issue) -> None:
    assert found(issue)["empty_issue"].severity == checks.ERROR
    drafting.draft(issue, story=story(level=3))
    empty = [each.args["section"] for each in checks.check(issue) if each.code == "empty_section"]
    assert empty == ["热点动态", "正面反响"]
    assert "Developing" in checks.words(found(issue)["empty_section"]) or "Good news" in checks.words(found(issue)["empty_section"])


def test_level_two_needs_advice_and_a_persons_eye(issue: Issue) -> None:
    piece = drafting.draft(issue, story=story(level=2))
    assert "machine_words" in found(issue)
    put(piece, advice="", drafted_by_machine=False)
    assert found(issue)["no_advice"].args == {"level": 2}
    put(piece, level=3)
    assert "no_advice" not in found(issue)


def test_a_rewritten_language_leaves_the_other_behind(issue: Issue, person: Person) -> None:
    """A paper that says two things: whoever rewrites one language is told of the other, until it is brought up to date."""
    editor = person(Role.EDITOR)
    piece = drafting.draft(issue, story=story())

    def write(**words: str) -> set[str]:
        act = perform("issue.write", editor, issue, {"piece": piece, **words})
        issue.refresh_from_db()
        said.append(act.batch)
        return set(found(issue)) & {"english_behind", "chinese_behind"}

    said: list[Any] = []
    assert not set(found(issue)) & {"english_behind", "chinese_behind"}
    assert write(title=piece.title, text_en=piece.text_en) == set()  # nothing new
    assert write(text=piece.text + "已派人到场。") == {"english_behind"}
    undo(editor, said[-1])
    assert "english_behind" not in found(issue)
    assert write(text=piece.text + "已派人到场。") == {"english_behind"}
    assert write(text_en=piece.text_en + " People are on site.") == set()
    assert write(text_en=piece.text_en + " A team is on site.") == {"chinese_behind"}
    assert write(text=piece.text + "一队人已到场。", title_en="Water") == set()
    assert write(title="停水") == {"english_behind"}
    perform("issue.redraft", editor, issue, {"piece": piece})
    assert not set(found(issue)) & {"english_behind", "chinese_behind"}


@pytest.mark.parametrize(
    ("title", "text", "wrong"),
    [
        ("全县停课一周", "教育局决定停课一周[1]。", True),
        ("网传“全县停课一周”", "家长群都在传[1]。", False),
        ("全县停课一周", "该信息尚未核实[1]。", False),
        ("停课传言", "经核实为不实信息[1]。", False),
    ],
)
def test_what_is_not_verified_must_say_so(issue: Issue, title: str, text: str, wrong: bool) -> None:
    piece = drafting.draft(issue, story=story(["全县停课一周"], title="全县停课一周", level=3, credibility="low"))
    put(piece, title=title, text=text, text_en="")
    assert ("unverified" in found(issue)) is wrong


def test_what_stood_in_an_earlier_issue_is_named_with_its_number(person: Person, clock: Clock) -> None:
    matter = story(unit=water())
    issue = open_issue()
    picked(issue, None, matter)
    signed(person, issue)
    clock.now = issue.due_at + timedelta(minutes=5)
    later = open_issue()
    piece = drafting.draft(later, story=matter)
    assert found(later)["duplicate"].args["number"] == 1
    assert found(later)["duplicate"].piece == piece
    for n in range(4):
        item(f"新情况{n}", matter, at=now() + timedelta(minutes=n))
    clock.forward(minutes=30)
    perform("issue.redraft", None, later, {"piece": piece})
    assert "duplicate" not in found(later)


def test_two_pieces_on_one_item_are_named(issue: Issue, piece: IssueItem) -> None:
    other = drafting.draft(issue, story=story(["另一件事。"], title="另一件", level=3))
    assert "twice_here" not in found(issue)
    put(other, citations=piece.citations)
    assert found(issue)["twice_here"].args == {"title": piece.title}


def test_open_comments_stop_the_issue_until_they_are_settled(issue: Issue, piece: IssueItem, person: Person) -> None:
    issues.settle(issue)
    issue.save()
    perform("issue.comment", person("editor"), issue, {"piece": piece, "text": "时间要核"})
    assert found(issue)["open_comment"].severity == checks.ERROR
    perform("issue.settle", person("editor"), issue, {"comment": issue.comments.get()})
    assert "open_comment" not in found(issue)


def test_what_is_in_order_is_said_once_each(issue: Issue, piece: IssueItem) -> None:
    fine = [each.code for each in checks.check(issue) if each.severity == checks.OK]
    assert fine == ["sources_ok", "names_ok", "figures_ok", "duplicates_ok", "lengths_ok"]


def test_every_code_has_its_words_and_its_mend() -> None:
    for code in checks.WORDS:
        args = dict.fromkeys(("n", "limit", "most", "name", "text", "figure", "now", "title", "number", "section", "comment", "level"), "1")
        assert "%(" not in checks.words(checks.Check(code, checks.WARN, None, args))


def test_correction_notices_need_no_source_of_their_own(person: Person) -> None:
    issue = signed(person)
    perform("issue.correct", person("editor"), issue, {"text": "日期应为23日。", "piece": None})
    notice = IssueItem.objects.get(corrects_issue=issue)
    assert "no_source" not in found(notice.issue)


# ---- numbers


@pytest.mark.parametrize(
    ("n", "chinese", "english"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (9999, "9999", "9,999"),
        (10_000, "1万", "10,000"),
        (31_234, "3.1万", "31,000"),
        (99_950, "10万", "100,000"),
        (308_118, "30.8万", "308,000"),
        (99_999_999, "1亿", "100 million"),
        (123_456_789, "1.2亿", "120 million"),
    ],
)
def test_numbers_are_written_by_one_rule(n: int, chinese: str, english: str) -> None:
    assert (numeral(n), numeral(n, "en")) == (chinese, english)


@given(st.integers(0, 10**11))
def test_both_languages_write_the_same_number(n: int) -> None:
    assert value_of(numeral(n)) == value_of(numeral(n, "en")) == rounded(n)
    assert abs(rounded(n) - n) <= max(0.05 * n, 0)


# ---- phrases


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("强烈要求有关部门公布检测结果", "要求有关部门公布检测结果"),
        ("请问什么时候能恢复供水？", "询问什么时候能恢复供水"),
        ("希望还我们一个安静的夜晚", "希望还其一个安静的夜晚"),
        ("希望领导你管管噪音扰民", "希望领导管管噪音扰民"),
        ("请假都请不出来", ""),
        ("希望尽快解决", ""),
        ("锦绣小区自来水发黄", ""),
    ],
)
def test_what_is_asked_is_told_in_the_trades_words(said: str, printed: str) -> None:
    assert phrases.asked(said) == printed


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("请求帮忙解决恒大国际广场退房的问题", "恒大国际广场退房问题"),
        ("幸福里停暖三天了，有人管吗", "幸福里停暖三天了"),
        ("湖畔家园自来水黄得像铁观音，有图", "湖畔家园自来水黄得像铁观音"),
        ("要求依法追究A3区林某果等人共同犯罪的刑事责任", "群众要求依法追究A3区有关人员共同犯罪的刑事责任"),
        ("2018年度出租车燃油补贴什么时候发", "群众询问2018年度出租车燃油补贴何时发"),
        ("清河多个小区自来水发黄 水务公司称正在冲洗管网", "清河多个小区自来水发黄 水务公司称正在冲洗管网"),
    ],
)
def test_headings_are_put_in_order(title: str, heading: str) -> None:
    assert phrases.headline(title) == heading


@given(st.text(max_size=300))
def test_no_text_of_a_netizen_breaks_the_phrases(text: str) -> None:
    for sentence in phrases.sentences(text):
        for span in phrases.spans(sentence, 60):
            phrases.asked(span)
    phrases.headline(text)
    phrases.length(text)


def test_the_limit_of_the_series_holds_for_every_draft(desk: None) -> None:
    brief = series(length_limit=80)
    issue = open_issue()
    for n in range(4):
        drafting.draft(
            issue,
            story=story(
                [f"第{n}处，" + "这里的路坑坑洼洼，下雨积水，" * 6 + "希望尽快修好。"] * (n + 1), title=f"路{n}坑洼", level=2, unit=water()
            ),
        )
    assert all(phrases.length(piece.text + piece.advice) <= brief.length_limit for piece in issue.pieces.all())


def test_writing_by_a_person_takes_the_label_of_the_machine_off(person: Person) -> None:
    editor, issue = person("editor"), open_issue()
    piece = picked(issue, editor, story())[0]
    assert written(issue, editor, piece, text="人写的[1]。").origin == "person"
