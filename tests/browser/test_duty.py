"""Duty in a browser: a swap asked and agreed; zero reports with one unit missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Visit = Callable[..., Page]


def press(page: Page, act: str) -> None:
    """The button or link of an act on the page of its record, and what it leads to."""
    with page.expect_navigation():
        page.locator(f"main form[action$='/{act}/'] button, main a[href*='/{act}/']").first.click()


def test_a_swap_of_duty_asked_and_agreed(visit: Visit, county: House) -> None:
    asks = visit(county, "wuhao")
    asks.goto("/desk/roster/swaps/")
    asks.goto(str(asks.locator("a[href$='/swap/']").last.get_attribute("href")))
    asks.locator("[name=other]").select_option(str(county.rows("select id from accounts_user where username = 'hanmei'")[0][0]))
    with asks.expect_navigation():
        asks.locator("main form button.pri").click()
    pk = county.rows("select max(id) from roster_swap")[0][0]
    other = visit(county, "hanmei", width=390)
    other.goto(f"/desk/roster/swaps/{pk}/")
    press(other, "agree")
    assert county.rows("select state from roster_swap where id = %s", (pk,)) == [("holds",)]


def test_zero_reports_with_one_unit_missing(visit: Visit, county: House) -> None:
    county.change(
        "insert into roster_zeroreport (unit_id, day, due_at, state, text, token_hash, version) select id, '2026-11-23', '2026-11-23T07:30:00Z',"
        " case when code in ('water', 'housing') then 'missing' else 'nothing' end, '', '', 0 from accounts_unit where is_active"
        " on conflict do nothing"
    )
    duty = visit(county, "linxiao")
    duty.goto("/desk/zero-reports/")
    pk = county.rows("select z.id from roster_zeroreport z join accounts_unit u on u.id = z.unit_id where u.code = 'water'")[0][0]
    with duty.expect_navigation():
        duty.locator(f"form[action='/desk/zero-reports/{pk}/link/'] button").click()
    unit = visit(county, "", width=390)
    unit.goto(duty.locator("#address").input_value())
    with unit.expect_navigation():
        unit.locator("button[name=nothing]").click()
    duty.goto("/desk/zero-reports/")
    assert county.rows("select count(*) from roster_zeroreport where state = 'missing'") == [(1,)]
    expect(duty.locator("main")).to_contain_text("县住建局")
    county.change("delete from roster_zeroreport")
