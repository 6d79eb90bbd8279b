"""A drill from its beginning to its review: the desk asks at a screen, the leader decides on a phone, nothing leaves the house."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import faults
from tests.browser.house import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Visit = Callable[..., Page]
TITLE = "演练：东湖街道大面积停电"
OUTSIDE = "select (select count(*) from cases_case), (select count(*) from cases_task), (select coalesce(sum(last), 0) from spine_sequence)"


def act(page: Page, address: str, fill: Callable[[Page], None] | None = None) -> None:
    """The act at ADDRESS on its own page: the form, the button, and where it leads."""
    page.goto(address)
    if fill is not None:
        fill(page)
    with page.expect_navigation():
        page.locator("main form button.pri").click()
    expect(page.locator(".errors")).to_have_count(0)


def test_a_drill_with_the_leaders_approval_on_a_phone(visit: Visit, county: House) -> None:
    before = county.rows(OUTSIDE)
    desk = visit(county, "linxiao", width=1440, script=False)
    desk.goto("/desk/cases/")
    with desk.expect_navigation():
        desk.locator("nav.tabs a[href='/desk/plans/']").click()
    with desk.expect_navigation():
        desk.locator("a[href='/desk/plans/drill/']").click()
    desk.locator("input[name=title]").fill(TITLE)
    desk.locator("textarea[name=reason]").fill("季度演练")
    desk.locator("select[name=plan]").select_option("utilities")
    leader = desk.locator("select[name=leader] option", has_text="刘明").get_attribute("value")
    desk.locator("select[name=leader]").select_option(leader)
    with desk.expect_navigation():
        desk.locator("main form button.pri").click()
    path = re.sub(r"^https?://[^/]+", "", desk.url)
    expect(desk.locator(".drillband")).to_contain_text("演练")
    assert desk.request.get(f"{path}approve/").status == 403, "the desk asks, it does not decide"

    phone = visit(county, "liuming", width=390, script=False)
    phone.goto("/desk/")
    with phone.expect_navigation():
        phone.locator(f"a[href='{path}approve/']").first.click()
    assert not faults.reflow(phone, 390)
    with phone.expect_navigation():
        phone.locator("main form button.pri").click()
    expect(phone.locator("h1")).to_contain_text("响应中")
    expect(phone.locator(".drillband")).to_contain_text("演练")

    desk.goto(path)
    expect(desk.locator("#h-todo + .n")).not_to_have_text("0")
    hand_out = str(desk.locator("a[href*='/hand-out/']").first.get_attribute("href"))
    act(desk, hand_out, lambda page: page.locator("select[name=unit]").select_option(index=1))
    desk.goto(path)
    expect(desk.locator("main")).to_contain_text("演练：将交办")
    act(phone, f"{path}end/", lambda page: page.locator("textarea[name=conclusion]").fill("演练完成"))

    def learnt(page: Page) -> None:
        for name in ("good", "bad", "next"):
            page.locator(f"textarea[name={name}]").fill("口径统一，名单更新")

    act(desk, f"{path}review/", learnt)
    expect(desk.locator("h1")).to_contain_text("已复盘")
    assert county.rows(OUTSIDE) == before, "no case, no task, no number"
