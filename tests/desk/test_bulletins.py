"""An issue from its clock to its readers: states, rights, who reviews whom, numbers without gaps, the frozen paper, undo."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.utils.translation import override

from groundswell.desk.accounts.models import Role, User
from groundswell.desk.audit.chain import verify
from groundswell.desk.audit.models import Record
from groundswell.desk.bulletins import drafting, issues, mail, paper, phrases, queries
from groundswell.desk.bulletins.models import Issue, IssueItem, IssueState, KeyPeriod, Mark
from groundswell.desk.bulletins.queue import bulletins_waiting
from groundswell.desk.spine.actions import ACTIONS, Changed, NotAllowed, Refused, found, perform, undo
from groundswell.desk.spine.models import Entry, Notice, Sequence
from groundswell.desk.spine.ports import now
from groundswell.desk.stories.models import State
from groundswell.desk.stream.models import Item
from groundswell.reports.docx import brief_docx
from groundswell.reports.html import brief_html
from groundswell.reports.pdf import brief_pdf
from tests.conftest import Clock
from tests.desk.press import item, open_issue, picked, series, signed, source, story, water, written
from tests.reports.test_documents import docx_words, html_words, pdf_words, squeeze

Person = Callable[..., User]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


# ---- candidates


def why_codes(candidate: drafting.Candidate) -> set[str]:
    return {why.code for why in candidate.why}


def test_candidates_say_why_they_stand_there(desk: None) -> None:
    rumour = story(title="全县停课一周", level=3, credibility="low", above=1.6, state=State.RISING, rate=20)
    old = story(["旧事又提。", "旧事再提一次。"], title="滨河路坑洼", level=4, minutes=-60)
    praise = story(["夜间儿科方便多了，点赞。"] * 6, title="县医院夜间儿科开诊", level=4, tone=1, unit=water())
    alone = item("单独一条，路灯坏了。", level=3)
    issue = open_issue()
    found_ = {(each.story or each.item): each for each in drafting.candidates(issue)}
    assert why_codes(found_[rumour]) >= {"level", "above", "new", "unverified"}
    assert found_[rumour].section == "attention"
    assert found_[rumour].proposed
    assert found_[praise].section == "positive"
    assert found_[praise].kind == "positive"
    assert "unit" in why_codes(found_[praise])
    assert found_[old].section == "developing"
    assert found_[alone].story is None
    assert "alone" in why_codes(found_[alone])
    assert all(drafting.why_words(why) for each in found_.values() for why in each.why)


def test_what_somebody_marked_comes_first_with_who_wanted_it(person: Person) -> None:
    story(level=2)
    wanted = story(["小事一件。"], title="小区路灯不亮", level=4)
    perform("story.to_bulletin", person("duty", name="林晓"), wanted)
    first = drafting.candidates(open_issue())[0]
    assert first.story == wanted
    assert first.kind == "marked"
    assert first.proposed
    assert first.why[0].args["who"] == "林晓"


def test_a_mark_is_taken_back(person: Person) -> None:
    duty, wanted = person("duty"), story()
    entry = perform("story.to_bulletin", duty, wanted)
    with pytest.raises(Refused):
        perform("story.to_bulletin", duty, wanted)
    undo(duty, entry.batch)
    assert not Mark.objects.exists()


def test_what_was_printed_is_proposed_again_only_with_news(person: Person, clock: Clock) -> None:
    matter = story()
    issue = open_issue()
    picked(issue, None, matter)
    first = signed(person, issue)
    clock.forward(hours=20)
    later = open_issue()
    seen = {each.story: each for each in drafting.candidates(later)}
    assert matter not in seen or seen[matter].printed_note == "same"
    for n in range(4):
        item(f"第{n}条新情况，水还是黄的。", matter, at=now() - timedelta(minutes=20 - n))
    again = {each.story: each for each in drafting.candidates(later)}[matter]
    assert (again.printed_in, again.printed_note) == (first, "new")
    assert {"printed_new", "more"} <= why_codes(again)


def test_two_stories_of_one_matter_are_not_both_proposed(desk: None) -> None:
    places = [["jinxiu", 3], ["dongyuan", 2], ["heyuan", 2]]
    story(places=places, unit=water())
    story(["锦绣小区水黄，求解释。"] * 4, title="锦绣小区水黄", level=3, places=places, unit=water())
    found_ = drafting.candidates(open_issue())
    assert [each.proposed for each in found_] == [True, False]
    assert "near" in why_codes(found_[1])


def test_words_of_public_bodies_alone_are_not_proposed(desk: None) -> None:
    own = source("县政府网", channel="official", official=True, institutional=True)
    story(["县城管局开展路灯检修，检查点位20余处。"] * 5, title="县城管局检修路灯", level=4, tone=0, from_source=own)
    found_ = drafting.candidates(open_issue())
    assert not any(each.proposed for each in found_)
    assert "publicity" in why_codes(found_[0])


# ---- drafting


def test_a_draft_says_when_how_many_what_and_what_is_asked_and_cites_its_items(desk: None) -> None:
    own = source("县水务公司", channel="official", official=True, institutional=True)
    matter = story(unit=water())
    item("我公司正在冲洗管网，预计今日20时前恢复。", matter, from_source=own, tone=0)
    piece = drafting.draft(open_issue(), story=matter)
    assert "6条" in piece.text
    assert "负面占83%" in piece.text
    assert "14时6分" in piece.text
    assert "据县水务公司消息" in piece.text
    assert "该公司" in piece.text
    assert "11月23日20时前" in piece.text
    assert piece.advice.startswith("县水务局")
    assert "建议" not in piece.advice
    assert phrases.length(piece.text + piece.advice) <= series().length_limit
    used = {int(n) for n in re.findall(r"\[(\d+)\]", piece.text)}
    assert used
    assert used <= set(range(1, len(piece.citations) + 1))
    assert set(piece.cited.values_list("story", flat=True)) == {matter.pk}
    assert piece.figures["items"] == 6
    assert piece.drafted_by_machine


def test_a_draft_has_its_english_and_both_have_the_same_figures(desk: None) -> None:
    piece = drafting.draft(open_issue(), story=story(unit=water()))
    assert "5 items" in piece.text_en
    assert "100% negative" in piece.text_en
    assert piece.title_en.startswith("Water Bureau: ")
    assert "“" in piece.text_en  # the source's own words stay in their language, in quotation marks


def test_what_the_desk_learns_later_does_not_get_into_the_draft(desk: None, clock: Clock) -> None:
    matter = story()
    issue = open_issue()
    later = item("后来的话：水已恢复清澈。", matter, at=issue.window_to + timedelta(hours=1))
    clock.now = issue.window_to + timedelta(hours=2)
    piece = drafting.draft(issue, story=matter)
    assert piece.figures["items"] == 5
    assert later.pk not in piece.citations
    assert "恢复清澈" not in piece.text


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("业主陈某某说，锦绣小区自来水发黄三天了，没有人管。锦绣小区自来水发黄三天，住户都在买水。", "陈某某"),
        ("联系电话13800001234，锦绣小区自来水发黄三天了。锦绣小区自来水发黄，希望尽快处理。", "13800001234"),
        ("我住锦绣小区3栋1单元502室，自来水发黄三天。锦绣小区自来水发黄，物业没有通知。", "502室"),
    ],
)
def test_no_private_person_gets_into_a_draft(desk: None, text: str, never: str) -> None:
    piece = drafting.draft(open_issue(), story=story([text], title="锦绣小区自来水发黄", level=4))
    assert never not in piece.title + piece.text + piece.text_en


def test_an_unverified_matter_is_told_as_such(desk: None) -> None:
    piece = drafting.draft(
        open_issue(), story=story(["全县停课一周，家长群都在传。"] * 6, title="全县停课一周", level=3, credibility="low")
    )
    assert piece.title.startswith("网传")
    assert "尚未核实" in piece.text
    assert "核实" in piece.advice


# ---- an open issue


def test_picking_arranges_and_dropping_all_goes_back(person: Person) -> None:
    editor, issue = person("editor"), open_issue()
    assert issue.state == IssueState.PICKING
    piece = picked(issue, editor, story())[0]
    assert issue.state == IssueState.ARRANGING
    with pytest.raises(Refused, match="already"):
        perform("issue.pick", editor, issue, {"story": piece.story})
    perform("issue.drop", editor, issue, {"piece": piece})
    assert issue.state == IssueState.PICKING
    assert not issue.pieces.exists()


def test_pieces_move_within_and_across_sections_and_keep_whole_numbers(person: Person) -> None:
    editor, issue = person("editor"), open_issue()
    a, b, c = picked(issue, editor, story(title="甲"), story(title="乙"), story(["小。"] * 6, title="丙", level=4))

    def order() -> list[tuple[str, str, int]]:
        return [(one.story.title, one.section, one.position) for one in issues.ordered(issue) if one.story]

    assert order() == [("甲", "attention", 1), ("乙", "attention", 2), ("丙", "developing", 3)]
    entry = perform("issue.move", editor, issue, {"piece": b, "direction": "up"})
    assert [row[0] for row in order()] == ["乙", "甲", "丙"]
    undo(editor, entry.batch)
    assert [row[0] for row in order()] == ["甲", "乙", "丙"]
    perform("issue.move", editor, issue, {"piece": b, "direction": "down"})  # past the end of its section: first of the next
    assert order() == [("甲", "attention", 1), ("乙", "developing", 2), ("丙", "developing", 3)]
    perform("issue.move", editor, issue, {"piece": c, "section": "positive"})
    perform("issue.move", editor, issue, {"piece": c, "after": a})
    assert [row[:2] for row in order()] == [("甲", "attention"), ("丙", "attention"), ("乙", "developing")]
    with pytest.raises(Refused):
        perform("issue.move", editor, issue, {"piece": a, "direction": "up"})
    with pytest.raises(Refused):
        perform("issue.move", editor, issue, {"piece": a, "section": "nowhere"})


def test_dropping_is_undone_with_words_place_and_sources(person: Person) -> None:
    editor, issue = person("editor"), open_issue()
    first, second = picked(issue, editor, story(title="甲"), story(title="乙"))
    written(issue, editor, first, text="我写的话[1]。")
    entry = perform("issue.drop", editor, issue, {"piece": first})
    undo(editor, entry.batch)
    back = issues.ordered(issue)[0]
    assert (back.text, back.position, back.citations) == ("我写的话[1]。", 1, first.citations)
    assert set(back.cited.values_list("pk", flat=True)) == set(first.citations)
    assert second.pk != back.pk


def test_writing_guards_against_another_writer_and_is_undone(person: Person) -> None:
    editor, other, issue = person("editor"), person("editor"), open_issue()
    piece = picked(issue, editor, story())[0]
    seen = piece.version
    entry = perform(
        "issue.write", other, issue, {"piece": piece, "title": "新题", "text": "新文[1]。", "advice": "", "piece_version": seen}
    )
    with pytest.raises(Changed):
        perform("issue.write", editor, issue, {"piece": piece, "title": "旧题", "text": "", "advice": "", "piece_version": seen})
    piece.refresh_from_db()
    assert (piece.title, piece.drafted_by_machine, piece.written_by) == ("新题", False, other)
    undo(other, entry.batch)
    piece.refresh_from_db()
    assert piece.title != "新题"
    assert piece.drafted_by_machine
    assert piece.written_by is None


def test_hostile_words_are_cleaned_and_stay_words(person: Person) -> None:
    editor, issue = person("editor"), open_issue()
    piece = picked(issue, editor, story())[0]
    written(issue, editor, piece, title="题\n\x00目‮<b>", text="一\x00二\r\n\r\n三<script>alert(1)</script>", advice="=1+1")
    assert piece.title == "题 目<b>"
    assert piece.text == "一二\n三<script>alert(1)</script>"
    assert "<script>" not in brief_html(paper.brief_of(issue))


def test_a_piece_of_another_issue_is_refused(person: Person) -> None:
    editor, issue = person("editor"), open_issue()
    stray = picked(found("issue.open", editor, {"series": issue.series, "day": issue.day + timedelta(days=3)}), editor, story())[0]
    for name, values in (("issue.drop", {}), ("issue.write", {"title": "x"}), ("issue.move", {"direction": "up"}), ("issue.redraft", {})):
        if not issue.pieces.exists():
            picked(issue, editor, story(title="本期"))
        with pytest.raises(Refused):
            perform(name, editor, issue, {"piece": stray} | values)


def test_autodraft_is_labelled_and_undone_unless_somebody_wrote(person: Person) -> None:
    editor, issue = person("editor"), open_issue()
    for n in range(3):
        story(title=f"事件{n}", level=3)
    entry = perform("issue.autodraft", editor, issue)
    pieces = list(issue.pieces.all())
    assert len(pieces) == 3
    assert all(piece.drafted_by_machine and piece.citations for piece in pieces)
    undo(editor, entry.batch)
    assert not issue.pieces.exists()
    again = perform("issue.autodraft", editor, issue)
    written(issue, editor, issues.ordered(issue)[0], title="人写的")
    with pytest.raises(Changed):
        undo(editor, again.batch)
    assert issue.pieces.count() == 3


# ---- rights and reviewing

STEPS: dict[str, tuple[set[str], dict[str, Any]]] = {
    "issue.pick": ({"editor"}, {}),
    "issue.submit": ({"editor"}, {}),
    "issue.pass_check": ({"editor", "leader"}, {}),
    "issue.sign": ({"leader"}, {}),
    "issue.send": ({"editor"}, {}),
    "issue.correct": ({"editor"}, {"text": "x"}),
}


@pytest.mark.parametrize("role", [str(role) for role in Role])
@pytest.mark.parametrize("name", list(STEPS))
def test_each_role_may_what_the_contract_says(person: Person, role: str, name: str) -> None:
    user, issue = person(role), open_issue()
    allowed = role in STEPS[name][0]
    try:
        perform(name, user, issue, STEPS[name][1])
    except NotAllowed:
        assert not allowed
    except Refused:
        assert allowed, "refused for its state, not for the right"


def test_every_act_on_an_issue_has_a_permission_and_leaves_the_house_only_where_it_does(desk: None) -> None:
    acts = {each.name: each for each in ACTIONS.values() if each.subject == "issue"}
    assert {name for name, each in acts.items() if each.leaves_house} == {"issue.sign", "issue.send", "issue.resend"}
    assert all(each.permission.startswith(("bulletin.", "instruction.")) for each in acts.values())


def test_who_writes_never_reviews_and_never_signs(person: Person) -> None:
    editor, helper, checker = person("editor"), person("editor"), person("editor")
    chief = person("leader", "editor")
    issue = open_issue()
    first, second = picked(issue, editor, story(unit=water()), story(title="乙", unit=water()))
    written(issue, helper, second, advice="县水务局公布结果。")
    written(issue, chief, first, advice="县水务局公布结果。")
    perform("issue.submit", editor, issue, {"reason": "已知"})
    for writer in (editor, helper, chief):
        with pytest.raises(Refused, match="another person"):
            perform("issue.pass_check", writer, issue, {"reason": "x"})
    perform("issue.pass_check", checker, issue, {"reason": "已核"})
    with pytest.raises(Refused, match="another person"):
        perform("issue.sign", chief, issue)
    perform("issue.sign", person("leader"), issue)
    assert issue.state == IssueState.ISSUED


def test_a_return_goes_back_with_its_words_and_comments_must_be_settled(person: Person) -> None:
    editor, checker, issue = person("editor"), person("editor"), open_issue()
    piece = picked(issue, editor, story(unit=water()))[0]
    written(issue, editor, piece, advice="县水务局公布结果。")
    perform("issue.submit", editor, issue, {"reason": "已知"})
    perform("issue.comment", checker, issue, {"piece": piece, "text": "时间再核一下"})
    with pytest.raises(Refused, match="时间再核一下"):
        perform("issue.pass_check", checker, issue)
    perform("issue.return_", checker, issue, {"comment": "见批注"})
    assert (issue.state, issue.return_comment) == (IssueState.ARRANGING, "见批注")
    with pytest.raises(Refused):
        perform("issue.submit", editor, issue)
    perform("issue.settle", editor, issue, {"comment": issue.comments.get()})
    perform("issue.submit", editor, issue, {"reason": ""})
    perform("issue.pass_check", checker, issue)
    assert issue.return_comment == ""
    assert issue.checker == checker


def test_an_error_refuses_the_submission_unless_a_reason_overrules_it_and_the_chain_keeps_both(person: Person) -> None:
    editor, issue = person("editor"), open_issue()
    piece = picked(issue, editor, story(unit=water()))[0]
    written(issue, editor, piece, text="业主陈某某等反映自来水发黄[1]。", advice="县水务局处理。")
    with pytest.raises(Refused, match="陈某某"):
        perform("issue.submit", editor, issue)
    entry = perform("issue.submit", editor, issue, {"reason": "本人同意具名"})
    assert entry.data["overruled"] == ["private_name"]
    assert entry.note == "本人同意具名"
    assert Record.objects.get(act="issue.submit").payload["note"] == "本人同意具名"


def test_an_empty_issue_is_never_submitted(person: Person) -> None:
    issue = open_issue()
    with pytest.raises(Refused):
        perform("issue.submit", person("editor"), issue, {"reason": "急"})


# ---- numbers


def test_numbers_run_by_year_and_in_all_and_go_on_from_what_was_printed_before(person: Person, clock: Clock) -> None:
    series(total_before=1092, number_before=225, number_before_year=2026)
    assert queries.next_number(series(), 2026) == (226, 1093)
    first = signed(person)
    clock.now = datetime(2027, 1, 1, 2, 0, tzinfo=UTC)
    second = signed(person)
    clock.forward(days=1)
    third = signed(person)
    assert [(one.year, one.number, one.total) for one in (first, second, third)] == [(2026, 226, 1093), (2027, 1, 1094), (2027, 2, 1095)]


def test_the_issue_of_new_years_eve_signed_after_midnight_belongs_to_the_old_year(person: Person, clock: Clock) -> None:
    clock.now = datetime(2026, 12, 31, 8, 0, tzinfo=UTC)
    issue = open_issue()
    clock.now = datetime(2027, 1, 1, 0, 30, tzinfo=UTC)
    assert signed(person, issue).year == 2026


def test_a_failure_at_sign_off_gives_the_number_back(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    issue = open_issue()

    def broken(_issue: Issue) -> dict[str, Any]:
        raise RuntimeError("no paper")

    with monkeypatch.context() as patched:
        patched.setattr(paper, "freeze", broken)
        with pytest.raises(RuntimeError):
            signed(person, issue)
    issue.refresh_from_db()
    assert (issue.state, issue.number) == (IssueState.SIGNING, None)
    perform("issue.sign", person("leader"), issue)
    assert (issue.number, issue.total) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_many_signatures_at_once_leave_no_gap_and_no_double(clock: Clock) -> None:
    from groundswell.desk.accounts.models import Grant
    from groundswell.server.first_steps import lay_ground

    lay_ground()
    leader = User.objects.create_user("chief", None, name="县长")
    Grant.objects.create(user=leader, role="leader", since=now() - timedelta(days=1))
    matter = story()
    ready = []
    for n in range(8):
        issue = Issue.objects.create(
            series=series(), day=now().date(), year=2026, window_from=now() - timedelta(days=1), window_to=now(),
            due_at=now() + timedelta(minutes=n), state=IssueState.SIGNING,
        )  # fmt: skip
        IssueItem.objects.create(issue=issue, section="attention", position=1, story=matter, title=f"第{n}件", text="文。")
        ready.append(issue)
    faults: list[BaseException] = []

    def sign(issue: Issue) -> None:
        try:
            perform("issue.sign", User.objects.get(pk=leader.pk), issue)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=sign, args=(issue,)) for issue in [*ready, ready[0], ready[3]]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = Issue.objects.filter(number__isnull=False)
    assert sorted(rows.values_list("number", flat=True)) == list(range(1, 9))
    assert sorted(rows.values_list("total", flat=True)) == list(range(1, 9))
    assert len(faults) == 2
    assert all(isinstance(fault, Refused) for fault in faults)
    assert not verify()[1]
    connection.close()


def test_each_series_counts_for_itself(person: Person) -> None:
    daily = signed(person)
    flash = found("issue.open", person("editor"), {"series": type(daily.series).objects.get(pk="flash"), "day": daily.day})
    assert signed(person, flash).number == 1
    assert daily.number == 1
    assert set(Sequence.objects.filter(name__startswith="issue:").values_list("name", flat=True)) == {
        "issue:brief", "issue:brief:2026", "issue:flash", "issue:flash:2026",
    }  # fmt: skip


# ---- the frozen paper


def test_the_signed_paper_is_frozen_with_its_hash_on_the_chain(person: Person) -> None:
    issue = signed(person)
    issue.refresh_from_db()
    before = paper.brief_of(issue), paper.brief_of(issue, "en")
    assert paper.is_whole(issue)
    assert before[0].number == 1
    assert not before[0].draft
    assert Record.objects.get(act="issue.sign").payload["data"]["hash"] == issue.frozen_hash
    issue.pieces.update(title="改掉", text="改掉", text_en="changed")
    Item.objects.update(title="x", reads=0)
    series(name="别的报头")
    fresh = Issue.objects.get(pk=issue.pk)
    assert (paper.brief_of(fresh), paper.brief_of(fresh, "en")) == before
    fresh.frozen["papers"]["en"]["title"] = "Forged"
    assert not paper.is_whole(fresh)


def test_nothing_of_a_signed_issue_can_be_changed_or_taken_back(person: Person) -> None:
    issue = signed(person)
    editor, piece = person("editor"), issue.pieces.get()
    for name, values in (
        ("issue.write", {"piece": piece, "title": "x"}),
        ("issue.drop", {"piece": piece}),
        ("issue.pick", {"story": story(title="新")}),
        ("issue.return_", {"comment": "x"}),
        ("issue.submit", {}),
    ):
        with pytest.raises(Refused):
            perform(name, editor, issue, values)
    with pytest.raises(Refused):
        undo(issue.signer, Entry.objects.get(action="issue.sign").batch)


def test_word_pdf_and_html_say_the_same(person: Person) -> None:
    issue = signed(person)
    for language in ("zh-hans", "en"):
        brief = paper.brief_of(issue, language)
        word, page, print_ = docx_words(brief_docx(brief)), html_words(brief_html(brief)), pdf_words(brief_pdf(brief))
        assert len(word) > 150
        assert word == page
        assert print_.replace("-", "") == page.replace("-", "")
        assert squeeze(mail.plain(brief)) == page


def test_the_foot_names_who_wrote_reviewed_and_signed_and_the_item_ends_with_platform_time_and_reads(person: Person) -> None:
    issue = signed(person)
    words = docx_words(brief_docx(paper.brief_of(issue)))
    assert f"编辑：{issue.editor.name}" in words
    assert f"审核：{issue.checker.name}" in words
    assert f"签发：{issue.signer.name}" in words
    assert "第1期（总第1期）" in words
    assert "内部资料注意保存" in words
    assert "报：主要领导，分管领导" in words
    assert "共印12份" in words
    assert "（云岭论坛，11-23" in words
    assert "阅120评3" in words


def test_a_correction_is_a_piece_of_the_next_issue_and_stays_on_the_record(person: Person, clock: Clock) -> None:
    issue = signed(person)
    editor, piece = person("editor"), issue.pieces.get()
    clock.forward(hours=2)
    issues.keep_rhythm(issue.series, now())
    perform("issue.correct", editor, issue, {"piece": piece, "text": "“5条”应为“4条”。"})
    notice = IssueItem.objects.get(corrects=piece)
    assert notice.issue.due_at > issue.due_at
    assert notice.issue.state == IssueState.ARRANGING
    assert "1" in notice.title
    assert notice.title_en == "Correction to no. 1"
    assert "“5条”应为“4条”。" in notice.text
    assert notice.citations == piece.citations
    assert Entry.objects.get(action="issue.correct").data["issue"] == notice.issue_id
    issue.refresh_from_db()
    assert paper.is_whole(issue)


# ---- the queue


def test_the_queue_asks_the_right_person_at_each_step(person: Person, clock: Clock) -> None:
    editor, checker, leader, duty = person("editor"), person("editor"), person("leader"), person("duty")
    issue = open_issue()

    def asked(user: User) -> list[str]:
        return [entry.key.rsplit(":", 1)[1] for entry in bulletins_waiting(user, now())]

    assert (asked(editor), asked(leader), asked(duty)) == (["make"], [], [])
    piece = picked(issue, editor, story(unit=water()))[0]
    written(issue, editor, piece, advice="县水务局公布结果。")
    perform("issue.submit", editor, issue, {"reason": "已知"})
    assert (asked(editor), asked(checker), asked(leader)) == ([], ["check"], ["check"])
    perform("issue.pass_check", checker, issue, {"reason": "已核"})
    assert (asked(editor), asked(leader)) == ([], ["sign"])
    perform("issue.sign", leader, issue)
    assert asked(leader) == asked(editor) == []


def test_a_missed_issue_is_shown_can_still_be_signed_and_is_carried_over_at_last(person: Person, clock: Clock) -> None:
    editor, issue = person("editor"), open_issue()
    matter = story(unit=water())
    picked(issue, editor, matter)
    clock.now = issue.due_at + timedelta(minutes=5)
    issues.keep_rhythm(issue.series, now())
    issue.refresh_from_db()
    assert issue.missed_at == issue.due_at
    assert issue.state == IssueState.ARRANGING
    assert Notice.objects.filter(kind="brief_missed", closed_at=None).count() == 1
    assert queries.current_issue("brief", now()) == issue
    assert any("missed" in entry.why for entry in bulletins_waiting(editor, now()))
    clock.now = issue.due_at + timedelta(hours=4, minutes=1)
    issues.keep_rhythm(issue.series, now())
    issue.refresh_from_db()
    later = queries.current_issue("brief", now())
    assert later is not None
    assert (issue.state, issue.carried_into) == (IssueState.CARRIED, later)
    assert [piece.story for piece in later.pieces.all()] == [matter]
    assert later.window_from == issue.window_from
    assert issues.missed_clocks(later) == [issue.due_at]
    assert not Notice.objects.filter(kind="brief_missed", closed_at=None).exists()
    assert {entry.action for entry in Entry.objects.filter(subject_type="issue", subject_id=later.pk)} >= {"system.brief_took_over"}


def test_key_periods_ask_for_two_issues_a_day(desk: None, clock: Clock) -> None:
    KeyPeriod.objects.create(name="两会", since=datetime(2026, 11, 24, tzinfo=UTC).date(), until=datetime(2026, 11, 25, tzinfo=UTC).date())
    times = issues.rhythm_of(series())
    clocks = [at.strftime("%d %H:%M") for at in times.between(now(), now() + timedelta(days=3, hours=2))]
    assert clocks == ["23 17:00", "24 08:30", "24 17:00", "25 08:30", "25 17:00", "26 17:00"]


def test_no_two_sections_of_windows_overlap_when_a_key_period_is_set_late(desk: None, clock: Clock) -> None:
    brief = series()
    clock.now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # 17:30: the issue of the 24th at 17:00 is open
    issues.keep_rhythm(brief, now())
    KeyPeriod.objects.create(name="临时", since=datetime(2026, 11, 24, tzinfo=UTC).date(), until=datetime(2026, 11, 24, tzinfo=UTC).date())
    issues.keep_rhythm(brief, now())
    rows = list(Issue.objects.filter(series=brief).order_by("due_at"))
    assert [row.due_at.astimezone(issues.zone()).strftime("%d %H:%M") for row in rows] == ["24 08:30", "24 17:00"]
    assert rows[1].window_from == rows[0].window_to
