"""The bulletin editor: from picking to the readers without script, two writers at once, sources, masking, what checks lead to."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from groundswell.desk.accounts.models import Role, User
from groundswell.desk.bulletins import checks, citing, editor
from groundswell.desk.bulletins.models import Issue, IssueItem, IssueState, Recipient
from groundswell.desk.spine.actions import perform
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item
from tests.desk.bulletin_steps import brought_to, client_of
from tests.desk.county import SCHOOL, lay, scored, tell, water_story
from tests.desk.pressing import Page

Person = Callable[..., User]
HOSTILE = '<script>alert(1)</script>"onload="x'
HX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _county(desk: None) -> None:
    lay()


# ---------------------------------------------------------------- the whole way, without script


def test_from_picking_to_the_readers_without_script(edits: User, reviews: User, signs: User) -> None:
    story = water_story()
    perform("story.to_bulletin", signs, story)
    Recipient.objects.create(series_id="brief", name="县委办", email="office@example.org")

    page = Page(client_of(edits), "/desk/bulletins/").press("//article[.//a='Daily Brief']//button[contains(., 'Open an issue')]")
    assert page.url.endswith("/edit/")
    page.press(f"//li[@id='cand-story-{story.number}']//button")
    assert Issue.objects.get().pieces.get().story == story
    page.client.get(page.url)
    page = Page(page.client, f"{page.url.split('#')[0]}?edit={IssueItem.objects.get().pk}")
    text = page.tree.get_element_by_id("w-text").text
    page.press("//form[contains(@class, 'writeform')]//button", text=text + "\n县水务局已回应。", advice="请县水务局今晚公布检测结果。")
    piece = IssueItem.objects.get()
    assert piece.text.endswith("县水务局已回应。")
    assert not piece.drafted_by_machine
    submit = page.press("//button[contains(., 'Send for review')]")
    if Issue.objects.get().state == IssueState.ARRANGING:  # a check says no: the form asks why
        submit.press("//main//button[contains(@class, 'pri')]", reason="the bureau's answer is known")
    assert Issue.objects.get().state == IssueState.CHECKING

    page = Page(client_of(reviews), f"{Issue.objects.get().address}review/")
    page.press(f"//li[@id='piece-{piece.pk}']//form//button[contains(., 'Write it down')]", text="Which tests?")
    page.press("//button[contains(., 'Return to the editor')]")
    assert Issue.objects.get().state == IssueState.ARRANGING

    page = Page(client_of(edits), f"{Issue.objects.get().address}edit/")
    assert page.says("Which tests?")
    page.press("//button[contains(., 'Settled')]")
    page.press("//button[contains(., 'Send for review')]")
    if Issue.objects.get().state == IssueState.ARRANGING:
        page.press("//main//button[contains(@class, 'pri')]", reason="the bureau's answer is known")

    page = Page(client_of(reviews), f"{Issue.objects.get().address}review/")
    page.press("//button[contains(., 'Pass: for signature')]", reason="read")
    assert Issue.objects.get().state == IssueState.SIGNING

    page = Page(client_of(signs), f"{Issue.objects.get().address}sign/")
    assert page.says("Issue 1")
    assert page.says("县委办")
    page.press("//button[contains(., 'Sign as no. 1')]")
    signed = Issue.objects.get()
    assert (signed.state, signed.number, signed.total) == (IssueState.ISSUED, 1, 1)
    assert (signed.editor, signed.checker, signed.signer) == (edits, reviews, signs)
    assert page.url == signed.address == "/desk/bulletins/brief/2026/1/"
    assert signed.frozen_hash in page.text
    assert page.says("unchanged since it was signed")


def test_who_writes_does_not_review_or_sign_and_the_page_says_so(issue: Issue, piece: IssueItem, person: Person, reviews: User) -> None:
    both = person(Role.EDITOR, Role.LEADER)
    perform("issue.write", both, issue, {"piece": piece, "text": "x"})
    perform("issue.submit", both, issue, {"reason": "test"})
    page = Page(client_of(both), f"{issue.address}review/")
    assert page.says("You wrote in this issue")
    assert not page.tree.xpath("//button[contains(., 'Pass')]")
    perform("issue.pass_check", reviews, issue, {"reason": "test"})
    page = Page(client_of(both), f"{issue.address}sign/")
    assert not page.tree.xpath("//button[contains(., 'Sign as')]")
    assert client_of(both).post(f"/desk/bulletins/by-id/{issue.pk}/sign/").status_code == 302
    assert Issue.objects.get().state == IssueState.SIGNING


def test_the_address_of_a_draft_leads_to_its_number(issue: Issue, edits: User, reviews: User, signs: User) -> None:
    draft = issue.address
    signed = brought_to("issued", issue, edits, reviews, signs)
    client = client_of(edits)
    assert client.get(draft).url == signed.address
    assert client.get(f"/desk/bulletins/by-id/{signed.pk}/").url == signed.address


# ---------------------------------------------------------------- the editor


def test_an_act_answers_a_browser_with_script_with_the_editor_and_the_way_back(issue: Issue, piece: IssueItem, edits: User) -> None:
    client = client_of(edits)
    answer = client.post(f"{issue.address}edit/drop/", {"piece": piece.pk}, **HX)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.startswith('<div id="editor">')
    assert not issue.pieces.exists()
    batch = re.search(r"/desk/undo/([0-9a-f-]+)/", text)
    assert batch
    client.post(f"/desk/undo/{batch[1]}/", {"next": f"{issue.address}edit/"})
    assert issue.pieces.get().title == piece.title


def test_pieces_are_moved_by_one_button_in_their_section_and_past_its_end(issue: Issue, edits: User) -> None:
    tell(SCHOOL, start=60)
    scored()
    perform("issue.pick", edits, issue, {"story": Story.objects.exclude(pk=issue.pieces.get().story_id).get(), "section": "attention"})
    first, second = issue.pieces.order_by("position")
    codes = [row["code"] for row in issue.series.sections]
    perform("issue.move", edits, issue, {"piece": second, "section": first.section})
    page = Page(client_of(edits), f"{issue.address}edit/")
    page.press(f"//li[@id='piece-{second.pk}']//button[@data-up]")
    assert list(issue.pieces.order_by("position")) == [second, first]
    page.press(f"//li[@id='piece-{first.pk}']//button[@data-down]")
    assert IssueItem.objects.get(pk=first.pk).section == codes[codes.index(first.section) + 1]
    page.press(f"//li[@id='piece-{first.pk}']//button[@value='{first.pk} {codes[2]}']")
    assert IssueItem.objects.get(pk=first.pk).section == codes[2]


def test_two_writers_both_texts_are_shown_and_neither_is_lost(issue: Issue, piece: IssueItem, edits: User, reviews: User) -> None:
    mine = {"piece": piece.pk, "piece_version": piece.version, "title": piece.title, "text": "我写的", "advice": ""}
    perform("issue.write", reviews, issue, {"piece": piece, "text": "别人写的"})
    client = client_of(edits)
    answer = client.post(f"{issue.address}edit/write/", mine)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Error: " in text
    assert "我写的" in text
    assert "别人写的" in text
    assert IssueItem.objects.get().text == "别人写的"
    version = re.search(rf'id="version-{piece.pk}" value="(\d+)"', text)
    assert version
    client.post(f"{issue.address}edit/write/", mine | {"piece_version": version[1]})
    assert IssueItem.objects.get().text == "我写的"


def test_what_was_written_when_the_issue_went_for_review_is_shown_to_be_copied(issue: Issue, piece: IssueItem, edits: User) -> None:
    perform("issue.submit", edits, issue, {"reason": "test"})
    answer = client_of(edits).post(
        f"{issue.address}edit/write/", {"piece": piece.pk, "title": piece.title, "text": "还没有存的话", "piece_version": piece.version}
    )
    assert answer.status_code == 409
    assert "还没有存的话" in answer.content.decode()


def test_saving_by_itself_answers_with_what_stands_beside_the_text(issue: Issue, piece: IssueItem, edits: User) -> None:
    client, url = client_of(edits), f"{issue.address}edit/write/"
    sent = {"piece": piece.pk, "piece_version": piece.version, "autosave": "1", "cites": "1"}
    words = {name: getattr(piece, name) for name in ("title", "text", "advice", "title_en", "text_en", "advice_en")}
    assert client.post(url, sent | words, **HX).status_code == 204  # nothing new
    answer = client.post(url, sent | words | {"text": "又写了一句。"}, **HX)
    text = answer.content.decode()
    assert answer.status_code == 200
    for part in (
        'id="saved" hx-swap-oob',
        'id="checks" hx-swap-oob',
        'id="paper" hx-swap-oob',
        f'id="version-{piece.pk}" value="{piece.version + 1}"',
    ):
        assert part in text
    assert "<textarea" not in text, "what is being written is not touched"
    assert IssueItem.objects.get().citations == piece.citations, "the sources are saved with the form, not by itself"
    again = client.post(url, sent | words | {"text": "旧页面"}, **HX)
    assert (again.status_code, again["HX-Retarget"]) == (409, "#editor")


def test_a_form_that_comes_back_says_what_is_wrong_and_keeps_the_text(issue: Issue, piece: IssueItem, edits: User) -> None:
    answer = client_of(edits).post(f"{issue.address}edit/write/", {"piece": piece.pk, "title": "", "text": "留着"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Error: " in text
    assert "留着" in text
    assert 'id="errors"' in text


def test_sources_are_chosen_and_the_numbers_of_the_text_follow(issue: Issue, piece: IssueItem, edits: User) -> None:
    items = list(Item.objects.filter(story=piece.story).order_by("pk"))
    issue_items = [item.pk for item in items[:3]]
    perform("issue.cite", edits, issue, {"piece": piece, "items": items[:3]})
    order = IssueItem.objects.get().citations
    assert set(order) == set(issue_items)
    perform("issue.write", edits, issue, {"piece": piece, "text": "一[1]。二[2]。三[3]。"})
    keep = [items[0], items[3]] if order[0] == items[0].pk else [Item.objects.get(pk=order[0]), items[3]]
    entry = perform("issue.cite", edits, issue, {"piece": piece, "items": [Item.objects.get(pk=order[2]), *keep[:1], keep[1]]})
    now = IssueItem.objects.get()
    assert now.citations == [order[0], order[2], items[3].pk]
    assert now.text == "一[1]。二。三[2]。[3]"
    client_of(edits).post(f"/desk/undo/{entry.batch}/")
    assert (IssueItem.objects.get().citations, IssueItem.objects.get().text) == (order, "一[1]。二[2]。三[3]。")


@pytest.mark.parametrize(
    ("text", "private", "became"),
    [
        ("业主陈建国要求退费", ["陈建国"], "业主陈某某要求退费"),
        ("业主王芳说", ["王芳"], "业主王某说"),
        ("电话13800000000，住3号楼2单元501室", ["13800000000", "3号楼2单元501室"], "电话***，住某处"),
        ("resident Wang Li said", ["Wang Li"], "resident *** said"),
        ("业主陈某某等要求退费", ["陈某某"], "业主等要求退费"),
        ("陈某某表示不满", ["陈某某"], "有群众表示不满"),
        ("没有什么", [], "没有什么"),
    ],
)
def test_private_words_are_masked(text: str, private: list[str], became: str) -> None:
    assert citing.masked({"text": text}, private) == {"text": became}


def test_one_press_masks_a_name_and_can_be_taken_back(issue: Issue, piece: IssueItem, edits: User) -> None:
    perform("issue.write", edits, issue, {"piece": piece, "text": "小区业主陈建国表示，水是黄的[1]。"})
    assert "private_name" in {each.code for each in checks.check(issue)}
    page = Page(client_of(edits), f"{issue.address}edit/?paper=zh-hans")
    assert "陈建国</mark>" in page.text, "the paper marks what is not resolved"
    page.press("//section[@id='checks']//button[contains(@formaction, '/mask/')]")
    assert "陈某某" in IssueItem.objects.get().text
    page.press("//form[@id='undo']//button")
    assert "陈建国" in IssueItem.objects.get().text


def test_checks_that_say_the_same_are_one_line_and_lead_to_their_pieces(issue: Issue, edits: User) -> None:
    tell(SCHOOL, start=60)
    scored()
    perform("issue.pick", edits, issue, {"story": Story.objects.exclude(pk=issue.pieces.get().story_id).get()})
    for each in issue.pieces.all():
        perform("issue.write", edits, issue, {"piece": each, "text": ""})
    lines = editor.findings(checks.check(issue), editor.rows_of(issue, checks.check(issue)))
    empty = next(line for line in lines if line.check.code == "no_text")
    assert [row.n for row in empty.rows] == [1, 2]
    page = Page(client_of(edits), f"{issue.address}edit/")
    for row in empty.rows:
        assert page.tree.xpath(f"//section[@id='checks']//a[@href='#piece-{row.piece.pk}']")


def test_figures_open_their_rows(issue: Issue, piece: IssueItem, edits: User) -> None:
    client = client_of(edits)
    page = Page(client, f"{issue.address}edit/")
    link = page.tree.xpath(f"//li[@id='piece-{piece.pk}']//a[contains(@href, '/items/')]")[0]
    assert "4 items" in link.text_content()
    assert client.get(link.get("href")).context["page"].paginator.count == 4
    cited = page.tree.xpath(f"//li[@id='piece-{piece.pk}']//details[@class='cites']")[0]
    assert f"rests on {len(piece.citations)} item" in cited.text_content()
    assert len(cited.xpath(".//li")) == len(piece.citations)
    assert all(client.get(a.get("href")).status_code == 200 for a in cited.xpath(".//a"))


def test_the_length_is_counted_as_the_check_counts_it(issue: Issue, piece: IssueItem, edits: User) -> None:
    perform("issue.write", edits, issue, {"piece": piece, "text": "一二三四五[1]。", "advice": "六七。"})
    assert "9 / 120 characters" in client_of(edits).get(f"{issue.address}edit/?paper=zh-hans").content.decode()
