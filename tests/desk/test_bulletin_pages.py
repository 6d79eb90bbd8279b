"""Bulletins on screen: who may open what, files, hostile words, dispatch, the list, the palette."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from groundswell.desk.accounts.models import Role, User
from groundswell.desk.bulletins import rail
from groundswell.desk.bulletins.models import Dispatch, Issue, IssueItem, Recipient, Series
from groundswell.desk.spine.actions import found, perform
from groundswell.desk.spine.palette import find
from groundswell.desk.spine.ports import today
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item
from tests.desk.bulletin_steps import brought_to, client_of
from tests.desk.county import SCHOOL, lay, officer, scored, tell
from tests.desk.pressing import Page

Person = Callable[..., User]
HOSTILE = '<script>alert(1)</script>"onload="x'
HX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _county(desk: None) -> None:
    lay()


# ---------------------------------------------------------------- who may open what


PAGES = ("", "brief/", "brief/settings/", "{issue}", "{issue}edit/", "{issue}review/", "{issue}file.docx", "{issue}file.txt")
READS = {Role.DUTY, Role.EDITOR, Role.LEADER}


@pytest.mark.parametrize("role", [Role.DUTY, Role.EDITOR, Role.LEADER, Role.LEADS_KEEPER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_each_page_opens_for_those_who_may_read_bulletins(issue: Issue, person: Person, role: Role) -> None:
    client = client_of(person(role))
    for page in PAGES:
        url = "/desk/bulletins/" + page.replace("{issue}", issue.address.removeprefix("/desk/bulletins/"))
        may = role in READS or (
            role == Role.ADMINISTRATOR and page.endswith("settings/")
        )  # clocks and recipients are the administrator's too
        assert client.get(url).status_code == (200 if may else 403), (role, url)


def test_a_unit_officer_has_no_bulletins(issue: Issue, person: Person) -> None:
    client = client_of(officer(person))
    assert client.get("/desk/bulletins/").status_code == client.get(issue.address).status_code == 403


@pytest.mark.parametrize(("state", "ways"), [("checking", ("review/",)), ("signing", ("review/", "sign/")), ("issued", ("",))])
def test_each_step_has_its_page(issue: Issue, edits: User, reviews: User, signs: User, state: str, ways: tuple[str, ...]) -> None:
    issue = brought_to(state, issue, edits, reviews, signs)
    for user in (edits, reviews, signs):
        client = client_of(user)
        for way in ways:
            assert client.get(issue.address + way).status_code == 200, (user.name, way)
        assert client.get(f"{issue.address}edit/").url == issue.address  # nothing to edit any more


@pytest.mark.parametrize("path", ["brief/2026/9999/", "brief/2026/d9999/", "brief/2026/x/", "no/2026/1/", "brief/2025/1/", "no/"])
def test_what_is_not_there_is_not_found(edits: User, path: str) -> None:
    assert client_of(edits).get(f"/desk/bulletins/{path}").status_code == 404


@pytest.mark.parametrize("verb", ["pick", "drop", "move", "write", "redraft", "autodraft", "cite", "mask"])
def test_only_editors_change_an_issue(issue: Issue, piece: IssueItem, person: Person, verb: str) -> None:
    sent = {"piece": piece.pk, "move": f"{piece.pk} up", "story": piece.story.number, "title": "x"}  # type: ignore[union-attr]
    for role in (Role.DUTY, Role.LEADER):
        assert client_of(person(role)).post(f"{issue.address}edit/{verb}/", sent).status_code == 403, role
    assert IssueItem.objects.get(pk=piece.pk).version == piece.version


def test_a_verb_that_is_none_of_the_editors_is_not_found(issue: Issue, edits: User) -> None:
    client = client_of(edits)
    assert [client.post(f"{issue.address}edit/{verb}/").status_code for verb in ("sign", "send", "submit", "nothing")] == [404] * 4


def test_duty_officers_read_along_and_mark_but_see_no_buttons_that_change(issue: Issue, person: Person) -> None:
    duty = person(Role.DUTY)
    page = Page(client_of(duty), f"{issue.address}edit/")
    assert page.status == 200
    assert not page.tree.xpath("//button[contains(@formaction, 'edit/')]")
    assert page.says("An editor arranges the issue")
    tell(SCHOOL, start=60)
    scored()
    school = Story.objects.exclude(pk=issue.pieces.get().story_id).get()
    page = Page(page.client, f"{issue.address}edit/?tab=more")
    if not page.tree.xpath(f"//li[@id='cand-story-{school.number}']"):
        page = Page(page.client, f"{issue.address}edit/")
    page.press(f"//li[@id='cand-story-{school.number}']//button")
    assert school.bulletin_mark.by == duty


# ---------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("kind", "content_type", "begins"),
    [
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
        ("pdf", "application/pdf", b"%PDF"),
        ("html", "text/html; charset=utf-8", b"<!doctype html>"),
        ("txt", "text/plain; charset=utf-8", "舆情日报".encode()),
    ],
)
def test_files_say_what_they_are(
    issue: Issue, edits: User, reviews: User, signs: User, kind: str, content_type: str, begins: bytes
) -> None:
    client = client_of(edits)
    signed = brought_to("issued", issue, edits, reviews, signs)
    answer = client.get(f"{signed.address}file.{kind}?paper=zh-hans")
    assert answer["Content-Type"] == content_type
    assert answer.content.startswith(begins)
    assert "2026-001." + kind in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in client.get(f"{signed.address}file.{kind}?keep=1")["Content-Disposition"]
    assert client.get(f"{signed.address}file.exe").status_code == 404


def test_a_drafts_file_says_that_it_is_one(issue: Issue, edits: User) -> None:
    answer = client_of(edits).get(f"{issue.address}file.txt?paper=zh-hans")
    assert "2026-11-23-draft.txt" in answer["Content-Disposition"]
    assert "草稿" in answer.content.decode()


def test_the_paper_on_screen_is_the_one_that_was_signed(issue: Issue, piece: IssueItem, edits: User, reviews: User, signs: User) -> None:
    signed = brought_to("issued", issue, edits, reviews, signs)
    client = client_of(edits)
    before = client.get(f"{signed.address}?paper=zh-hans").context["page"].sections
    IssueItem.objects.update(title="改过的标题")
    assert client.get(f"{signed.address}?paper=zh-hans").context["page"].sections == before
    Issue.objects.update(frozen_hash="0" * 64)
    assert "its hash differs" in client.get(signed.address).content.decode()


# ---------------------------------------------------------------- hostile words


def test_hostile_words_stay_words(issue: Issue, piece: IssueItem, edits: User, reviews: User, signs: User) -> None:
    perform("issue.write", edits, issue, {"piece": piece, **dict.fromkeys(("title", "text", "advice", "title_en", "text_en"), HOSTILE)})
    Item.objects.update(title=HOSTILE)
    Story.objects.update(title=HOSTILE)
    series = Series.objects.get(pk="brief")
    series.name, series.name_en, series.sections = "日报" + HOSTILE, "", [row | {"name": HOSTILE, "name_en": ""} for row in series.sections]
    series.save()
    client = client_of(edits)
    pages = ["/desk/bulletins/", "/desk/bulletins/brief/", "/desk/bulletins/brief/settings/", issue.address]
    pages += [
        f"{issue.address}edit/",
        f"{issue.address}edit/?edit={piece.pk}",
        f"{issue.address}edit/?paper=en",
        f"{issue.address}file.html",
    ]
    perform("issue.comment", reviews, issue, {"text": HOSTILE})
    for url in pages:
        assert HOSTILE not in client.get(url).content.decode(), url
    disposition = client.get(f"{issue.address}file.docx")["Content-Disposition"]
    assert "<" not in disposition
    assert "\n" not in disposition
    brought_to("signing", issue, edits, reviews, signs)
    for url in (f"{issue.address}review/", f"{issue.address}sign/"):
        assert HOSTILE not in client.get(url).content.decode(), url


def test_the_html_file_runs_nothing(issue: Issue, edits: User) -> None:
    policy = client_of(edits).get(f"{issue.address}file.html")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


# ---------------------------------------------------------------- after the signature


def test_the_dispatch_table_says_who_has_it_and_sends_the_failed_again(issue: Issue, edits: User, reviews: User, signs: User) -> None:
    signed = brought_to("issued", issue, edits, reviews, signs)
    states = {"县委办": ("sent", ""), "县政府办": ("failed", "refused"), "市委网信办": ("failed", "unreachable")}
    for name, (state, cause) in states.items():
        one = Recipient.objects.create(series_id="brief", name=name, email="x@example.org")
        Dispatch.objects.create(issue=signed, recipient=one, state=state, cause=cause, tries=2)
    page = Page(client_of(edits), signed.address)
    assert page.says("1 of 3 delivered")
    assert page.says("The address was refused")
    page.press("//section[@id='dispatch']//li[contains(., '县政府办')]//button")
    assert dict(Dispatch.objects.values_list("recipient__name", "state")) == {
        "县委办": "sent",
        "县政府办": "waiting",
        "市委网信办": "failed",
    }
    assert not Page(client_of(signs), signed.address).tree.xpath("//section[@id='dispatch']//button"), "a leader signs; the editor sends"


def test_a_correction_stands_on_the_signed_issue_and_in_a_later_one(
    issue: Issue, piece: IssueItem, edits: User, reviews: User, signs: User
) -> None:
    signed = brought_to("issued", issue, edits, reviews, signs)
    perform("issue.correct", edits, signed, {"piece": piece, "text": "共 5 条，不是 4 条。"})
    text = client_of(signs).get(signed.address).content.decode()
    assert "共 5 条，不是 4 条。" in text


# ---------------------------------------------------------------- the list


def test_tabs_count_what_they_show_and_words_and_numbers_find(issue: Issue, edits: User, reviews: User, signs: User) -> None:
    signed = brought_to("issued", issue, edits, reviews, signs)
    found("issue.open", edits, {"series": Series.objects.get(pk="summary"), "day": today()})
    client = client_of(edits)
    for tab in client.get("/desk/bulletins/").context["state_tabs"]:
        assert len(client.get("/desk/bulletins/", {"state": tab["code"]}).context["rows"]) == tab["count"], tab["code"]
    for words, hits in (("1", [signed]), ("7", []), (signed.pieces.get().title[:4], [signed]), ("没有这样的字", [])):
        assert list(client.get("/desk/bulletins/", {"q": words}).context["rows"]) == hits, words
    assert list(client.get("/desk/bulletins/brief/").context["rows"]) == [signed]
    assert not client.get("/desk/bulletins/", {"year": "1999"}).context["rows"]


def test_the_rail_counts_and_the_palette_finds(issue: Issue, edits: User, reviews: User, signs: User, person: Person) -> None:
    assert rail.pieces_of_the_next(edits).text == "1/12"  # type: ignore[union-attr]
    signed = brought_to("issued", issue, edits, reviews, signs)
    assert rail.pieces_of_the_next(edits) is None
    for words in ("1", "第1期", signed.pieces.get().title[:5]):
        assert signed.address in {hit.url for hit in find(edits, words)}, words
    assert "/desk/bulletins/brief/" in {hit.url for hit in find(edits, "yqrb")}, "by initials"
    assert not [hit for hit in find(officer(person), "yqrb") if "/bulletins/" in hit.url and "archive" not in hit.url]


def test_a_story_is_marked_from_its_list_and_says_where_it_stands(edits: User, signs: User, issue: Issue) -> None:
    story = issue.pieces.get().story
    client = client_of(edits)
    page = Page(client, "/desk/stories/?state=all").press(f"//form[contains(@action, '{story.number}/to-bulletin')]//button")  # type: ignore[union-attr]
    assert page.says("marked for the bulletin")
    text = client.get(f"/desk/stories/{story.number}/").content.decode()  # type: ignore[union-attr]
    assert issue.address in text
