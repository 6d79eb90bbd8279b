"""The brief's day: an editor picks, orders and writes with the keyboard, another person reviews, a leader signs on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.house import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Visit = Callable[..., Page]
CURRENT = "[data-row][aria-current=true]"
EDITOR, REVIEWER, LEADER = "limin", "zhoujianguo", "liuming"


def open_issue(county: House, page: Page, series: str) -> str:
    """The address of the issue of SERIES that is being made, opened where there is none; nothing is picked in it yet."""
    page.goto(f"/desk/bulletins/{series}/")
    opens = page.locator(f"form[action='/desk/bulletins/{series}/open/'] button")
    if opens.count():
        opens.click()
        page.wait_for_url("**/edit/")
    pk = int(county.rows("select max(id) from bulletins_issue where series_id = %s and state <> 'issued'", (series,))[0][0])
    county.change(
        "delete from bulletins_issueitem_cited where issueitem_id in (select id from bulletins_issueitem where issue_id = %s)", (pk,)
    )
    county.change("delete from bulletins_checkcomment where issue_id = %s", (pk,))
    county.change("delete from bulletins_issueitem where issue_id = %s", (pk,))
    county.change("update bulletins_issue set state = 'picking', editor_id = null, checker_id = null where id = %s", (pk,))
    year = county.rows("select year from bulletins_issue where id = %s", (pk,))[0][0]
    return f"/desk/bulletins/{series}/{year}/d{pk}/"


def state_of(county: House, address: str) -> str:
    pk = int(re.findall(r"/d(\d+)/", address)[0])
    return str(county.rows("select state from bulletins_issue where id = %s", (pk,))[0][0])


def picked(page: Page) -> Locator:
    return page.locator(".ord li[data-row]")


def titles(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(".ord li[data-row] a.t").all_inner_texts()]


def submit(page: Page, address: str) -> None:
    """Send it for review; where a check says no, with the reason."""
    with page.expect_navigation():
        page.locator("form[data-ctrl-enter] button.pri").click()
    reason = page.locator("main [name=reason]")
    if reason.count():
        reason.fill("核过原文 / read against the originals")
        page.locator("main form .btn.pri").click()
    page.wait_for_url(f"**{address}")


def review(visit: Visit, county: House, address: str, language: str, width: int) -> None:
    """Another person passes it."""
    page = visit(county, REVIEWER, language=language, width=width)
    page.goto(f"{address}review/")
    reason = page.locator("#pass-reason")
    if reason.count():
        reason.fill("核过原文 / read against the originals")
    page.locator("form[action$='/pass-check/'] button").first.click()
    page.wait_for_url(f"**{address}")
    assert state_of(county, address) == "signing"


def test_an_editor_makes_the_brief_with_the_keyboard_alone(visit: Visit, county: House) -> None:
    page = visit(county, EDITOR, width=1440)
    address = open_issue(county, page, "brief")
    page.goto(f"{address}edit/")

    # Space picks the current candidate, j goes on; the row stays current though the list is drawn anew
    first = page.locator(CURRENT)
    expect(first).to_have_id(re.compile("^cand-"))
    for n in (1, 2, 3):
        page.keyboard.press(" ")
        expect(picked(page)).to_have_count(n)
        page.keyboard.press("j")
    page.keyboard.press("k")
    undo = page.locator("#undo")
    before_drop = str(undo.get_attribute("action"))
    page.keyboard.press(" ")
    expect(picked(page)).to_have_count(2)
    expect(undo).not_to_have_attribute("action", before_drop)  # u takes back what the page says was done
    page.keyboard.press("u")
    expect(picked(page)).to_have_count(3)

    # l goes to the next column, Alt+arrows order, undo puts back
    page.keyboard.press("l")
    expect(page.locator(CURRENT)).to_have_id(re.compile("^piece-"))
    before = titles(page)
    moved = page.locator(CURRENT).get_attribute("id")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#toast")).not_to_be_empty()
    assert titles(page) != before or county.rows("select count(distinct section) from bulletins_issueitem")[0][0] > 1
    expect(page.locator(CURRENT)).to_have_id(str(moved))

    # e writes in the row: the count runs, the text saves itself, the paper follows, Ctrl+Enter closes
    page.keyboard.press("e")
    text = page.locator("#w-text")
    expect(text).to_be_focused()
    count = page.locator(".wfoot .len b")
    was = int(count.inner_text())
    page.keyboard.press("Control+End")
    page.keyboard.type("已向群众说明")
    assert int(count.inner_text()) == was + 6
    expect(page.locator("#paper")).to_contain_text("已向群众说明", timeout=30_000)
    expect(text).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(text).to_have_count(0)
    expect(page.locator(f"#{moved}")).to_contain_text("已向群众说明")

    # Escape leaves without a change
    page.keyboard.press("e")
    expect(page.locator("#w-text")).to_be_focused()
    page.keyboard.type("不要这句")
    page.keyboard.press("Escape")
    expect(page.locator("#w-text")).to_have_count(0)
    expect(page.locator(f"#{moved}")).not_to_contain_text("不要这句")

    submit(page, address)
    assert state_of(county, address) == "checking"
    review(visit, county, address, "zh-hans", 1440)
    page = visit(county, LEADER, width=1440)
    page.goto(f"{address}sign/")
    button = page.locator(".signbar .btn.pri")
    number = re.findall(r"\d+", button.inner_text())[0]
    button.click()
    page.wait_for_url(f"**/brief/2026/{number}/")
    expect(page.locator("main h1")).to_contain_text(number)


def test_on_a_phone_a_leader_reads_signs_and_copies(visit: Visit, county: House) -> None:
    page = visit(county, EDITOR, language="en", width=390)
    address = open_issue(county, page, "summary")
    page.goto(f"{address}edit/")
    page.locator(".cand li button[name=story]").first.click()
    expect(picked(page)).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing hangs out at the side"
    submit(page, address)
    review(visit, county, address, "en", 390)

    page = visit(county, LEADER, language="en", width=390)
    page.goto(address)
    page.get_by_role("link", name="Sign", exact=True).click()
    button = page.get_by_role("button", name=re.compile("Sign as no"))
    box = button.bounding_box()
    assert box
    assert box["height"] >= 44
    assert box["y"] + box["height"] <= 844, "within reach without scrolling"
    number = re.findall(r"\d+", button.inner_text())[0]
    button.click()
    page.wait_for_url(f"**/summary/2026/{number}/")
    text = page.locator("#phone-text")
    assert 0 < len(text.input_value()) <= 200
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#toast")).to_contain_text("Copied")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_two_writers_see_both_texts(visit: Visit, county: House) -> None:
    mine, theirs = visit(county, EDITOR), visit(county, REVIEWER)
    address = open_issue(county, mine, "flash")
    mine.goto(f"{address}edit/")
    mine.locator(".cand li button[name=story]").first.click()
    expect(picked(mine)).to_have_count(1)
    theirs.goto(f"{address}edit/")
    for page in (mine, theirs):
        page.locator(".ord a[data-key=e]").click()
        expect(page.locator("#w-text")).to_be_focused()
    theirs.locator("#w-text").fill("别人先写的话")
    theirs.keyboard.press("Control+Enter")
    expect(theirs.locator("#w-text")).to_have_count(0)
    mine.locator("#w-text").fill("我后写的话")
    mine.keyboard.press("Control+Enter")
    expect(mine.locator(".both")).to_contain_text("别人先写的话")
    expect(mine.locator("#w-text")).to_have_value("我后写的话")
    mine.locator(".writeform .btn.pri").click()
    expect(mine.locator("#w-text")).to_have_count(0)
    expect(picked(mine)).to_contain_text("我后写的话")
